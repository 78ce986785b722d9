"""What a spec comes to on a CRM in memory, at once: who is where, what it is worth, who moves with an edit."""

from segmenter.measuring.crm import Crm
from segmenter.measuring.figures import (
    Figures,
    Move,
    Overlapping,
    SegmentationFigures,
    SegmentFigures,
    moves,
)
from segmenter.measuring.measure import Measurer, measure

__all__ = [
    "Crm",
    "Figures",
    "Measurer",
    "Move",
    "Overlapping",
    "SegmentFigures",
    "SegmentationFigures",
    "measure",
    "moves",
]
