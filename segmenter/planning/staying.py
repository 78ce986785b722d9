"""The team and the stage of a lead, kept where Odoo would move them because something else is written.

Measured: Odoo recomputes the team of a new salesperson, and of a lead that becomes an opportunity, on 14 and 19. Where
the team or the type is written, a lead without a stage gets the first one of its team, on 14 and 19; on 19 a lead whose
stage is of other teams goes to its own team's first one, even if the team is written as it was. Odoo makes such a move
by itself, outside the context of the call: subscribers are mailed of it in silence too, and nothing takes it back.
Written along, team and stage stay as they are, so the same becomes of the lead on every version. A stage is not written
where nothing would move it: on 14 a won one renews the closing date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import STAGE_FOLLOWS_TEAM_SINCE
from segmenter.planning.model import Change, Json
from segmenter.planning.together import FOLLOWS

MOVING = frozenset({"user_id", "team_id", "type"})
"""Fields whose write moves the team or the stage."""

Teams = Mapping[int, frozenset[int]]
"""Stage -> the teams that alone have it; a stage of everybody is not there."""


@dataclass
class Staying:
    """Which leads Odoo would move. ``reads``: what is looked at, nothing if idle. ``ask``: searches, at most once."""

    reads: tuple[str, ...] = ()
    ask: Callable[[], Teams] = dict

    @classmethod
    def of(cls, model: str, written: Collection[str], reader: OdooReader) -> Staying:
        """``written``: the fields that a plan can write."""
        return cls(tuple(fields(model, written, reader)), partial(_teams, reader))

    @cached_property
    def teams(self) -> Teams:
        """None where the version leaves a stage alone."""
        return self.ask()

    def moves(self, stage: int | None, team: int | None) -> bool:
        """Whether Odoo would give another stage to a lead whose team is written."""
        return stage is None or (team is not None and team not in self.teams.get(stage, {team}))

    def team(self, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        """The pin of the team of a lead with these changes."""
        return self._pin("team_id", row, changes)

    def stage(self, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        """The pin of its stage, where Odoo would move it, or could once a person has moved the lead."""
        pins = self._pin("stage_id", row, changes)
        return pins if pins and (row["stage_id"] is None or self.teams) else []

    def moved(self, row: Mapping[str, Json], changes: Sequence[Change]) -> bool:
        """Whether these changes would move its stage, or the undo of them."""
        team = next((one for one in changes if one.field == "team_id"), None)
        teams = {team.before, team.after} if team else {None}
        return bool(self.stage(row, changes)) and any(self.moves(row["stage_id"], one) for one in teams)

    def _pin(self, name: str, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        written = {one.field: one for one in changes}
        reason = next((one for other, one in written.items() if other in FOLLOWS["crm.lead"][name]), None)
        if name not in self.reads or name in written or reason is None:
            return []
        return [Change(row["id"], reason.name, name, row[name], row[name], reason.segmentation, reason.segment)]


def _teams(reader: OdooReader) -> Teams:
    if reader.identity.major < STAGE_FOLLOWS_TEAM_SINCE:
        return {}
    if "team_ids" not in reader.fields("crm.stage"):
        return {}  # an export
    rows = reader.search_read("crm.stage", [("team_ids", "!=", False)], ["team_ids"], archived=True)
    return {row["id"]: frozenset(row["team_ids"]) for row in rows}


def fields(model: str, written: Collection[str], reader: OdooReader) -> dict[str, Field]:
    """What a plan that writes these fields can have to keep as it is: the stage and the team. Nothing for others."""
    if model != "crm.lead" or MOVING.isdisjoint(written):
        return {}
    known = reader.fields(model)  # an export need not have them
    return {name: known[name] for name in ("stage_id", "team_id") if name in known}
