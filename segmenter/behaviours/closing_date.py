"""The closing date of a lead, which Odoo sets and empties by itself.

Measured on 14 and 19, and on Odoo 15 to 18, 2026-11-30. It is set when a lead is archived, won, or gets a probability
of 100, and emptied by any other probability; from 15 on not by a 0. Up to 15 moving on leaves it, and a won stage that
is written again renews it; since then a move to a stage that is not won empties it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

from segmenter.behaviours.behaviour import Behaviour, Cell, Reader, Tracking
from segmenter.behaviours.settings import CERTAIN, won_stages_for
from segmenter.notice import Notice
from segmenter.plans import ChangeSet

CLOSING_DATE_LEAVES_SINCE = 16
"""A closed lead that goes to a stage that is not won loses its closing date, and one that goes from a won stage to
another keeps it; before, the first keeps it, and the second gets a new one."""
ZERO_LEAVES_CLOSING_DATE_SINCE = 15
"""A probability of 0 leaves the closing date; before, it empties that."""

WRITTEN = frozenset({"stage_id", "active", "probability"})
"""The fields whose write decides on it."""

Date = Literal["", "now", "run", "undo"]
"""None, the one there is now, that of the run, that of its undo."""


@dataclass(frozen=True)
class ClosingDate(Behaviour):
    """``won``: the won stages that the changes have to do with; None before they were asked for."""

    won: frozenset[int] | None = None

    def watches(self) -> Collection[str]:
        return () if WRITTEN.isdisjoint(self.intent.written) else ("date_closed",)

    def watches_if_set(self) -> Collection[str]:
        return self.watches()

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        return replace(self, won=won_stages_for(cells, reader))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if self.won is None:
            return
        set_by_run = emptied = not_restored = 0
        for cell in cells:
            changed, number = cell.changed, len(cell.records)
            if WRITTEN.isdisjoint(changed):
                continue
            now: Date = "now" if cell.row.get("date_closed") else ""
            run, undo = self._dates(now, changed)
            set_by_run += number * (run == "run")
            emptied += number * bool(now and not run)
            not_restored += number * (undo != now)
        if set_by_run:
            yield Notice("closing_date.set", {"number": set_by_run})
        if emptied:
            yield Notice("closing_date.emptied", {"number": emptied})
        if not_restored:
            yield Notice("closing_date.not_restored", {"number": not_restored})

    def _dates(self, now: Date, changed: Mapping[str, ChangeSet]) -> tuple[Date, Date]:
        """The date after the run, and after its undo."""
        forwards, backwards = _Write.of(changed, undo=False), _Write.of(changed, undo=True)
        won, version = self.won or frozenset(), self.intent.version
        run = forwards.date(now, "run", won, from_won=backwards.stage in won, version=version)
        return run, backwards.date(run, "undo", won, from_won=forwards.stage in won, version=version)


@dataclass(frozen=True, slots=True)
class _Write:
    """What one write holds of the fields that decide. ``chance``: a probability, None where none is written;
    ``stage``: the stage that the lead moves to, 0 for no stage, None where it stays."""

    chance: float | None
    archives: bool
    stage: int | None

    @classmethod
    def of(cls, changed: Mapping[str, ChangeSet], *, undo: bool) -> _Write:
        to = {name: change.before if undo else change.after for name, change in changed.items()}
        stage = (to["stage_id"] or 0) if "stage_id" in to else None
        return cls(to.get("probability"), "active" in to and not to["active"], stage)

    def date(self, date: Date, at: Date, won: Collection[int], *, from_won: bool, version: int) -> Date:
        """The date after this write, which is made at the moment ``at``; ``date``: the one before."""
        wins, newer = self.stage in won, version >= CLOSING_DATE_LEAVES_SINCE
        if wins and from_won and newer:
            return date
        if wins or self.archives or (self.chance or 0) >= CERTAIN:
            return at
        if self.chance is None:
            return "" if newer and self.stage is not None else date
        return "" if self.chance or version < ZERO_LEAVES_CLOSING_DATE_SINCE else date
