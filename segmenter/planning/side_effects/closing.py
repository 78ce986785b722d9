"""The closing date of a lead, which Odoo sets and empties by itself.

Measured on 14 and 19. It is set when a lead is archived, won, or gets a probability of 100, and emptied by any other
probability. On 14 moving on leaves it; since then a move to a stage that is not won empties it, and a 0 does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from segmenter.odoo.versions import CLOSING_DATE_LEAVES_SINCE
from segmenter.planning.model import Change
from segmenter.planning.won import CERTAIN

WRITTEN = frozenset({"stage_id", "active", "probability"})
"""The fields whose write decides on it."""

Date = Literal["", "now", "run", "undo"]
"""None, the one there is now, that of the run, that of its undo."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one write holds of them. ``chance``: a probability, None where none is written; ``stage``: the stage that
    the lead moves to, 0 for no stage, None where it stays."""

    chance: float | None
    archives: bool
    stage: int | None

    def date(self, date: Date, at: Date, won: Collection[int], *, from_won: bool, major: int) -> Date:
        """The date after this write, which is made at the moment ``at``; ``date``: the one before."""
        wins, newer = self.stage in won, major >= CLOSING_DATE_LEAVES_SINCE
        if wins and from_won and newer:
            return date
        if wins or self.archives or (self.chance or 0) >= CERTAIN:
            return at
        if self.chance is None:
            return "" if newer and self.stage is not None else date
        return "" if self.chance or not newer else date


@dataclass(frozen=True, slots=True)
class Case:
    """What becomes of it is the same for all leads of a case. ``closed``: it has a date now."""

    closed: bool
    run: Written
    undo: Written


@dataclass(frozen=True, slots=True)
class Closed:
    """Numbers of leads: that get the date of the run, that lose theirs, and that an undo does not leave as they are
    now."""

    dated: int = 0
    emptied: int = 0
    astray: int = 0


NOT_CLOSED = Closed()


def case(closed: bool, real: Mapping[str, Change]) -> Case | None:
    """The case of a lead with these changes (field -> change, no pins); None where nothing decides on its date."""
    if WRITTEN.isdisjoint(real):
        return None
    stage, active, chance = real.get("stage_id"), real.get("active"), real.get("probability")
    return Case(
        closed,
        Written(
            chance.after if chance else None,
            active is not None and not active.after,
            (stage.after or 0) if stage else None,
        ),
        Written(
            chance.before if chance else None,
            active is not None and not active.before,
            (stage.before or 0) if stage else None,
        ),
    )


def closed(cases: Counter[Case], won: Collection[int], major: int) -> Closed:
    """``won``: the won ones among the stages of these cases."""
    dated = emptied = astray = 0
    for one, number in cases.items():
        now: Date = "now" if one.closed else ""
        run = one.run.date(now, "run", won, from_won=one.undo.stage in won, major=major)
        undo = one.undo.date(run, "undo", won, from_won=one.run.stage in won, major=major)
        dated += number * (run == "run")
        emptied += number * (one.closed and not run)
        astray += number * (undo != now)
    return Closed(dated, emptied, astray)
