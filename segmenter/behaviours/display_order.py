"""The order in which Odoo lists records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segmenter.behaviours.behaviour import Behaviour, Cell, Tracking, number_of
from segmenter.notice import Notice


@dataclass(frozen=True)
class DisplayOrder(Behaviour):
    """Leads are listed by priority first."""

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if number := number_of(cell for cell in cells if "priority" in cell.changed):
            yield Notice("display_order.changes", {"number": number})
