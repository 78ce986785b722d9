"""What a won stage does to a lead by itself, as changes: so that a plan shows it, and an undo takes it back.

Odoo 19 takes the lead out of the archive, Odoo 14 does not; both set the probability to 100 (measured). Written along
with the stage, the same becomes of it on every version. An automatic probability is left to Odoo: put back as it was,
it would count as one that somebody set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import Effect, MoveTo, SetTo, is_new
from segmenter.planning.model import Change, Json

TOUCHED = ("active", "probability")
CERTAIN = 100.0


@dataclass(frozen=True)
class Winning:
    """The won stages among those that a plan moves leads to; none for other plans."""

    stages: frozenset[int]

    @classmethod
    def of(cls, model: str, effects: Iterable[Effect], reader: OdooReader) -> Winning:
        """One search, and none where no stage is moved to."""
        if not (moved := stages_of(model, effects)):
            return cls(frozenset())
        return cls(frozenset(reader.search("crm.stage", [("id", "in", sorted(moved)), ("is_won", "=", True)])))

    @property
    def reads(self) -> tuple[str, ...]:
        """What must be known of a lead besides what the spec writes."""
        return (*TOUCHED, "automated_probability") if self.stages else ()

    def changes(self, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        """What goes along with a lead's move to a won stage, unless the spec sets it itself."""
        move = next((one for one in changes if one.field == "stage_id" and one.after in self.stages), None)
        if move is None or move.pin:
            return []
        after: dict[str, Json] = {}
        likely, computed = row["probability"], row["automated_probability"]
        if not row["active"]:
            after["active"] = True
        # None: an export without that column.
        if None not in (likely, computed) and (not row["active"] or not is_automatic(row)):
            after["probability"] = CERTAIN
        written = {one.field for one in changes}
        return [
            Change(row["id"], move.name, name, row[name], value, move.segmentation, move.segment)
            for name, value in after.items()
            if name not in written and row[name] != value
        ]


def is_automatic(row: Mapping[str, Json]) -> bool:
    """Whether a lead has the probability that Odoo computes (compared as Odoo does, by two decimals)."""
    return bool(abs(row["probability"] - row["automated_probability"]) < 0.005)


def stages_of(model: str, effects: Iterable[Effect]) -> set[int]:
    """The stages there are that these effects move leads to."""
    if model != "crm.lead":
        return set()
    to = (
        effect.to if isinstance(effect, MoveTo) else effect.value
        for effect in effects
        if effect.field.name == "stage_id" and isinstance(effect, MoveTo | SetTo)
    )
    return {stage for stage in to if stage and not is_new(stage)}


def fields(model: str, effects: Iterable[Effect], reader: OdooReader) -> dict[str, Field]:
    """The fields that a move to a won stage can change."""
    if not stages_of(model, effects):
        return {}
    return {name: field for name, field in reader.fields(model).items() if name in TOUCHED}
