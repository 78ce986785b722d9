"""What goes into the archive: planned activities, and leads that count as lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Tracking, number_of
from segmenter.notice import Notice

ACTIVITIES_STAY_SINCE = 19
"""Archiving a record leaves what is planned on it; before, it deletes that (measured on Odoo 15 to 18, 2026-11-30; on
14 and 19 by the live tests)."""


@dataclass(frozen=True)
class Archiving(Behaviour):
    """An archived lead counts as lost, and older versions delete planned activities."""

    MODELS: ClassVar = frozenset({LEADS, CONTACTS})

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        archived = number_of(cell for cell in cells if archives(cell))
        if archived and self.intent.of_leads:
            # What "lost" takes differs: archived alone on 14, without a chance as well on 19.
            yield Notice("archiving.counts_as_lost", {"number": archived})
        if archived and self.intent.version < ACTIVITIES_STAY_SINCE:
            yield Notice("archiving.deletes_activities", {"number": archived})


def archives(cell: Cell) -> bool:
    """Whether its records go into the archive."""
    active = cell.changed.get("active")
    return active is not None and not active.after


def restores(cell: Cell) -> bool:
    """Whether its records come out of the archive."""
    active = cell.changed.get("active")
    return active is not None and bool(active.after)
