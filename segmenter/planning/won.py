"""What a won stage does to a lead by itself, as changes: so that a plan shows it, and an undo takes it back.

Odoo 19 takes the lead out of the archive, Odoo 14 does not; both set the probability to 100 (measured). Written along
with the stage, the same becomes of it on every version. An automatic probability is left to Odoo: put back as it was,
it would count as one that somebody set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import WON_LEAVES_ARCHIVE_SINCE
from segmenter.planning.effects import Effect, MoveTo, SetTo, is_new
from segmenter.planning.model import Change, Json

TOUCHED = ("active", "probability")
CERTAIN = 100.0


class WonStages:
    """The won stages of a CRM: one search for a whole plan, and none for a plan that does not ask for them."""

    def __init__(self, reader: OdooReader) -> None:
        self._reader = reader

    @cached_property
    def all(self) -> frozenset[int]:
        """Their ids."""
        return frozenset(self._reader.search("crm.stage", [("is_won", "=", True)]))

    def revives(self, stage: int | None) -> bool:
        """Whether Odoo takes a lead out of the archive that goes to this stage, even if it is told not to."""
        return stage is not None and self._reader.identity.major >= WON_LEAVES_ARCHIVE_SINCE and stage in self.all


class Winning:
    """The won stages that a plan moves leads to or from. ``reads``: what must be known of a lead besides."""

    def __init__(self, model: str, effects: Collection[Effect], won: WonStages) -> None:
        moves = model == "crm.lead" and any(effect.field.name == "stage_id" for effect in effects)
        self._won = won.all if moves else frozenset[int]()
        wins = not self._won.isdisjoint(stages_of(model, effects))
        self.reads: tuple[str, ...] = (*TOUCHED, "automated_probability") if wins else ()

    def decides(self, changes: Iterable[Change]) -> bool:
        """Whether one of these changes, or the undo of it, moves a lead to a won stage."""
        return any(one.field == "stage_id" and not self._won.isdisjoint((one.before, one.after)) for one in changes)

    def changes(self, row: Mapping[str, Json], changes: Sequence[Change], said: Collection[str]) -> list[Change]:
        """What goes along with a lead's move to a won stage. ``said``: what the spec sets itself."""
        move = next((one for one in changes if one.field == "stage_id" and one.after in self._won), None)
        if move is None or move.pin:
            return []
        after: dict[str, Json] = {}
        likely, computed = row["probability"], row["automated_probability"]
        if not row["active"]:
            after["active"] = True
        # None: an export without that column.
        if None not in (likely, computed) and (not row["active"] or not is_automatic(row)):
            after["probability"] = CERTAIN
        return [
            Change(row["id"], move.name, name, row[name], value, move.segmentation, move.segment)
            for name, value in after.items()
            if name not in said and row[name] != value
        ]


def is_automatic(row: Mapping[str, Json]) -> bool:
    """Whether a lead has the probability that Odoo computes (compared as Odoo does, by two decimals)."""
    return bool(abs(row["probability"] - row["automated_probability"]) < 0.005)


def stages_of(model: str, effects: Iterable[Effect]) -> frozenset[int]:
    """The stages there are that these effects move leads to."""
    if model != "crm.lead":
        return frozenset()
    to = (
        effect.to if isinstance(effect, MoveTo) else effect.value
        for effect in effects
        if effect.field.name == "stage_id" and isinstance(effect, MoveTo | SetTo)
    )
    return frozenset(stage for stage in to if stage and not is_new(stage))


def fields(model: str, effects: Iterable[Effect], reader: OdooReader) -> dict[str, Field]:
    """The fields that a move to a won stage can change."""
    if not stages_of(model, effects):
        return {}
    return {name: field for name, field in reader.fields(model).items() if name in TOUCHED}
