"""The team and the stage of a lead, kept where Odoo would move them because something else is written.

Measured: Odoo recomputes the team of a new salesperson, and of a lead that becomes an opportunity, on 14 and 19. Where
the team or the type is written, a lead without a stage gets the first one of its team, on 14 and 19; on 19 a lead whose
stage is of other teams goes to its own team's first one, even if the team is written as it was. Odoo makes such a move
by itself, outside the context of the call: subscribers are mailed of it in silence too, and nothing takes it back.
Written along, team and stage stay as they are, so the same becomes of the lead on every version. A stage is not written
where nothing would move it: up to 15 a won one renews the closing date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import LEADS, Behaviour, Cell, Intent, Reader, Tracking, number_of
from segmenter.notice import Notice
from segmenter.plans import ChangeSet

STAGE_FOLLOWS_TEAM_SINCE = 19
"""A lead whose new team does not have its stage goes to that team's first one; before, it stays (measured on Odoo 15 to
18, 2026-11-30; on 14 and 19 by the live tests)."""

MOVING = frozenset({"user_id", "team_id", "type"})
"""Fields whose write moves the team or the stage."""

Teams = Mapping[int, frozenset[int]]
"""Stage -> the teams that alone have it; a stage of everybody is not there."""


@dataclass(frozen=True)
class TeamOfSalesperson(Behaviour):
    """A new salesperson brings another team."""

    FOLLOWS: ClassVar = {LEADS: {"team_id": frozenset({"user_id", "type"})}}

    def watches(self) -> Collection[str]:
        return _watched("team_id", self.intent)

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        yield from _pin("team_id", self.FOLLOWS[LEADS], cell, self.intent)

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        pinned = number_of(cell for cell in cells if (team := cell.written.get("team_id")) and team.pin)
        if pinned and any("user_id" in cell.changed for cell in cells):
            yield Notice("team_and_stage.team_stays", {"number": pinned})


@dataclass(frozen=True)
class StageOfTeam(Behaviour):
    """A team brings its stage. ``teams``: where the version leaves a stage alone, none."""

    teams: Teams = field(default_factory=dict)

    FOLLOWS: ClassVar = {LEADS: {"stage_id": frozenset({"user_id", "team_id", "type"})}}

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        return cls(intent, stages_of_teams(reader) if _watched("stage_id", intent) else {})

    def watches(self) -> Collection[str]:
        return _watched("stage_id", self.intent)

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        """Where Odoo would move the stage, or could once a person has moved the lead."""
        for pin in _pin("stage_id", self.FOLLOWS[LEADS], cell, self.intent):
            if pin.after is None or self.teams:
                yield pin

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if number := number_of(cell for cell in cells if self._would_move(cell)):
            yield Notice("team_and_stage.stage_stays", {"number": number})

    def _would_move(self, cell: Cell) -> bool:
        """Whether these changes would move the stage if it was not written, or the undo of them."""
        written = cell.written
        stage, team = written.get("stage_id"), written.get("team_id")
        if stage is None or not stage.pin:
            return False
        teams = {team.before, team.after} if team else {None}
        return any(stage_moves(stage.after, team_id, self.teams) for team_id in teams)


def stage_moves(stage: int | None, team: int | None, teams: Teams) -> bool:
    """Whether Odoo would give another stage to a lead whose team is written."""
    return stage is None or (team is not None and team not in teams.get(stage, {team}))


def stages_of_teams(reader: Reader) -> Teams:
    """Which stages are of certain teams alone; none where that moves nothing."""
    if reader.version < STAGE_FOLLOWS_TEAM_SINCE or "team_ids" not in reader.fields("crm.stage"):
        return {}  # an export does not tell
    rows = reader.search_read("crm.stage", [("team_ids", "!=", False)], ["team_ids"], archived=True)
    return {row["id"]: frozenset(row["team_ids"]) for row in rows}


def _watched(name: str, intent: Intent) -> tuple[str, ...]:
    return () if MOVING.isdisjoint(intent.written) else intent.known([name])


def _pin(name: str, follows: Mapping[str, frozenset[str]], cell: Cell, intent: Intent) -> Iterator[ChangeSet]:
    reason = next((change for change in cell.changes if change.field in follows[name]), None)
    if reason is not None and name not in cell.written and _watched(name, intent):
        yield cell.pin(reason, name)
