"""The stage of a lead, kept where Odoo would move it because its team or its type is written.

Measured: a lead without a stage gets the first one of its team, on 14 and 19. On 19 a lead whose stage is of other
teams goes to its own team's first one, even if the team is written as it was. Odoo makes such a move by itself, outside
the context of the call: subscribers are mailed of it in silence too, and nothing takes it back. Written along, the
stage stays as it is, so the same becomes of the lead on every version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import STAGE_FOLLOWS_TEAM_SINCE
from segmenter.planning.effects import Effect
from segmenter.planning.model import Change, Json

MOVING = frozenset({"team_id", "type"})
"""Fields whose write makes Odoo look at the stage again."""
WRITING = MOVING | {"user_id"}
"""Fields that are such, or are written together with one (`changes`)."""


@dataclass(frozen=True)
class Staying:
    """Which stages are of certain teams alone: stage -> those teams. ``reads``: what is looked at, nothing if idle."""

    reads: tuple[str, ...] = ()
    teams: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: str, effects: Iterable[Effect], reader: OdooReader) -> Staying:
        """One search, and none where neither team nor type is written or the version leaves the stage alone."""
        reads = tuple(fields(model, effects, reader))
        if "stage_id" not in reads or reader.identity.major < STAGE_FOLLOWS_TEAM_SINCE:
            return cls(reads)
        owners = reader.fields("crm.stage").get("team_ids")
        if owners is None:
            return cls(reads)
        rows = reader.search_read("crm.stage", [(owners.name, "!=", False)], [owners.name], archived=True)
        return cls(reads, {row["id"]: frozenset(row[owners.name]) for row in rows})

    def changes(self, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        """The pin of the stage, where a change of this lead, or the undo of it, would move it."""
        written = {one.field: one for one in changes}
        reason = next((one for name, one in written.items() if name in MOVING), None)
        if "stage_id" not in self.reads or reason is None or "stage_id" in written:
            return []
        stage, team = row["stage_id"], written.get("team_id")
        held = {team.before, team.after} if team else {row.get("team_id")}
        own = self.teams.get(stage)
        if stage is not None and (own is None or held <= own | {None}):
            return []
        return [Change(row["id"], reason.name, "stage_id", stage, stage, reason.segmentation, reason.segment)]


def fields(model: str, effects: Iterable[Effect], reader: OdooReader) -> dict[str, Field]:
    """What a plan of these effects can have to keep as it is: the stage and the team. Nothing for other plans."""
    if model != "crm.lead" or WRITING.isdisjoint(effect.field.name for effect in effects):
        return {}
    known = reader.fields(model)  # an export need not have them
    return {name: known[name] for name in ("stage_id", "team_id") if name in known}
