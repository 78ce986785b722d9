"""The properties of a lead, which are its team's: another team takes those away that it has not, and fills in its own
defaults; no team takes all (measured on 16 to 19). A team that is written as it is fills in its defaults too (on 19).

A plan that writes the team writes them along, as Odoo would leave them, so that it shows them and an undo gives them
back with the team. Where nothing changes they are a pin: a person may have filled some in since, and no default shall.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from segmenter.conditions import Field, properties
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Change, Json
from segmenter.planning.staying import MOVING

FIELD, DEFINITION = "lead_properties", "lead_properties_definition"

Teams = Mapping[int, list[properties.Described]]
"""Team -> the properties that it made up; those teams alone that have some."""


@dataclass
class TeamProperties:
    """What leads lose and get with another team. ``reads``: what is looked at, nothing if idle."""

    reads: tuple[str, ...] = ()
    ask: Callable[[], Teams] = dict

    @classmethod
    def of(cls, model: str, written: Collection[str], reader: OdooReader) -> TeamProperties:
        """``written``: the fields that a plan can write."""
        made = cls(tuple(fields(model, written, reader)), partial(_definitions, reader))
        return made if made.reads and made.teams else cls()

    @cached_property
    def teams(self) -> Teams:
        """Asked once."""
        return self.ask()

    def changes(self, row: Mapping[str, Json], changes: Sequence[Change]) -> list[Change]:
        """What becomes of the properties of a lead with these changes; a pin where they stay as they are."""
        team = next((one for one in changes if one.field == "team_id"), None)
        if team is None or FIELD not in self.reads or self.teams.keys().isdisjoint((team.before, team.after)):
            return []
        before = row[FIELD]
        after = before if team.pin else self._with_team(team.before, team.after, before)
        if properties.same(before, after):
            after = before
        return [Change(team.record, team.name, FIELD, before, after, team.segmentation, team.segment)]

    def _with_team(self, old: int | None, new: int | None, before: str | None) -> str | None:
        """The lead's own of those that the team has too, as far as it takes their values, and else its defaults."""
        here = {described["name"]: described for described in self.teams.get(old or 0, ())}
        there = self.teams.get(new or 0, ())
        defaults = {entry[0]: entry for entry in properties.entries(properties.from_wire(there, "default"))}
        own = {entry[0]: entry for entry in properties.entries(before)}
        kept = {
            described["name"]: properties.taken_over(own[name], here.get(name, described), described)
            for described in there
            if (name := described["name"]) in own
        }
        return properties.packed(entry for entry in (defaults | kept).values() if entry)


def lost(change: Change) -> list[str]:
    """What the properties are called that a lead has before and not after."""
    stays = properties.to_wire(change.after)
    return [label for name, _value, label, _words in properties.entries(change.before) if name not in stays]


def fields(model: str, written: Collection[str], reader: OdooReader) -> dict[str, Field]:
    """The field that a plan that writes these can write besides. Nothing before 16, in an export, and for others."""
    if model != "crm.lead" or MOVING.isdisjoint(written):
        return {}
    known = reader.fields(model)
    return {FIELD: known[FIELD]} if FIELD in known and DEFINITION in reader.fields("crm.team") else {}


def _definitions(reader: OdooReader) -> Teams:
    rows = reader.search_read("crm.team", [], [DEFINITION], archived=True)
    return {row["id"]: row[DEFINITION] for row in rows if row[DEFINITION]}
