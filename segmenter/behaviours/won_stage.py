"""What a won stage does to a lead by itself, written along: so that a plan shows it, and an undo takes it back.

Odoo 19 takes the lead out of the archive, 14 to 18 do not; all set the probability to 100 (measured on Odoo 15 to 18,
2026-11-30; on 14 and 19 by the live tests). Written along with the stage, the same becomes of it on every version. An
automatic probability is left to Odoo: put back as it was, it would count as one that somebody set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import LEADS, Behaviour, Cell, Intent, Reader, Tracking, number_of
from segmenter.behaviours.settings import CERTAIN, OUTCOME, is_automatic, won_stages, won_stages_for
from segmenter.notice import Notice
from segmenter.plans import ChangeSet, Violation
from segmenter.resolving.effects import Effect, MoveTo, SetTo, is_new

WON_LEAVES_ARCHIVE_SINCE = 19
"""A lead that goes to a won stage comes out of the archive; before, it stays there."""


@dataclass(frozen=True)
class WonStage(Behaviour):
    """``won``: the won stages, where the plan moves leads. ``wins``: whether any lead becomes won. ``asked``: the
    won stages that the changes have to do with."""

    won: frozenset[int] = frozenset()
    wins: bool = False
    asked: frozenset[int] = frozenset()

    FOLLOWS: ClassVar = {LEADS: {"active": frozenset({"stage_id"})}}
    # A won stage takes a lead out of the archive; and a lead that somebody moved on is not archived again.
    GOES_WITH: ClassVar = {
        LEADS: {
            "stage_id": frozenset({"active"}),
            "probability": frozenset({"stage_id"}),
            "active": frozenset({"stage_id", "probability"}),
        }
    }
    GUARDS: ClassVar = frozenset({"active"})

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        if "stage_id" not in intent.written:
            return cls(intent)
        won = won_stages(reader)
        return cls(intent, won, not won.isdisjoint(stages_of(intent.effects)))

    def watches(self) -> Collection[str]:
        if self.wins:
            return ("stage_id", "active", "probability", "automated_probability")
        if "stage_id" in self.intent.written:
            return ("stage_id", "active")
        return ("stage_id",) if "probability" in self.intent.written else ()

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        move = cell.changed.get("stage_id")
        if move is None or move.after not in self.won:
            return
        row, own = cell.row, cell.own
        archived = not row.get("active", True)
        if archived and "active" not in own:
            yield cell.change(move, "active", False, True)
        likely, computed = row.get("probability"), row.get("automated_probability")
        if "probability" in own or likely == CERTAIN or None in (likely, computed):
            return  # None: an export without that column
        if archived or not is_automatic(row):
            yield cell.change(move, "probability", likely, CERTAIN)

    def guards(self, cell: Cell) -> Iterator[ChangeSet]:
        """Where a lead moves to a won stage, or an undo moves it there."""
        return super().guards(cell) if {moved_to(cell), moved_from(cell)} & self.won else iter(())

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        return replace(self, asked=won_stages_for(cells, reader))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if number := number_of(cell for cell in cells if moved_to(cell) in self.asked):
            yield Notice("won_stage.sets_probability", {"number": number})

    def refusals(self, cells: Sequence[Cell]) -> Iterator[Violation]:
        """Another probability than 100: a move to a won stage sets that whatever else is written, and what is won
        already is held to it where a lead has an `OUTCOME`."""
        held = OUTCOME in self.intent.fields
        if number := number_of(cell for cell in cells if self._contradicts(cell, held=held)):
            about = Notice("won_stage.keeps_probability", {"number": number, "version": self.intent.version})
            yield Violation("odoo", number, 0, about)

    def _contradicts(self, cell: Cell, *, held: bool) -> bool:
        changed = cell.changed
        move, chance = changed.get("stage_id"), changed.get("probability")
        if chance is None or chance.after == CERTAIN:
            return False
        return move.after in self.asked if move else held and cell.row.get("stage_id") in self.asked


def moved_to(cell: Cell) -> int:
    """The stage that the leads of a cell move to; 0 where they stay, or move to none."""
    move = cell.changed.get("stage_id")
    return (move.after or 0) if move else 0


def moved_from(cell: Cell) -> int:
    """The stage that they come from; 0 where they stay, or come from none."""
    move = cell.changed.get("stage_id")
    return (move.before or 0) if move else 0


def stages_of(effects: Iterable[Effect]) -> frozenset[int]:
    """The stages there are that these effects move leads to."""
    to = (
        effect.to if isinstance(effect, MoveTo) else effect.value
        for effect in effects
        if effect.field.name == "stage_id" and isinstance(effect, MoveTo | SetTo)
    )
    return frozenset(stage for stage in to if stage and not is_new(stage))
