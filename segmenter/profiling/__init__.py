"""What is in a CRM before anything is agreed: counted by the server, over a reader, in a number of calls that does
not grow with the records."""

from segmenter.conditions.likeness import alike
from segmenter.profiling.count import profile
from segmenter.profiling.draft import draft
from segmenter.profiling.model import (
    Averages,
    Bin,
    Crossing,
    CrossingRow,
    Duplicates,
    FieldProfile,
    Profile,
    Spread,
    Stale,
    Tag,
    Tail,
    Value,
)

__all__ = [
    "Averages",
    "Bin",
    "Crossing",
    "CrossingRow",
    "Duplicates",
    "FieldProfile",
    "Profile",
    "Spread",
    "Stale",
    "Tag",
    "Tail",
    "Value",
    "alike",
    "draft",
    "profile",
]
