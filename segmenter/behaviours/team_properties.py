"""The properties of a lead, which are its team's: another team takes those away that it has not, and fills in its own
defaults; no team takes all (measured on 16 to 19). A team that is written as it is fills in its defaults too (on 19).

A plan that writes the team writes them along, as Odoo would leave them, so that it shows them and an undo gives them
back with the team. Where nothing changes they are a pin: a person may have filled them in since, and no default shall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import LEADS, Behaviour, Cell, Intent, Reader, Tracking
from segmenter.behaviours.team_and_stage import MOVING
from segmenter.conditions import properties
from segmenter.notice import Notice
from segmenter.plans import ChangeSet

FIELD, DEFINITION = "lead_properties", "lead_properties_definition"

Teams = Mapping[int, Sequence[properties.Described]]
"""Team -> the properties that it defines; only teams that define any."""


@dataclass(frozen=True)
class TeamProperties(Behaviour):
    """What leads lose and get with another team."""

    teams: Teams = field(default_factory=dict)

    FOLLOWS: ClassVar = {LEADS: {FIELD: frozenset({"team_id"})}}
    # Another team takes the lead's properties away, which are its own.
    GOES_WITH: ClassVar = {LEADS: {"team_id": frozenset({FIELD}), FIELD: frozenset({"team_id"})}}

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        """Nothing is asked before 16, nor of an export."""
        if MOVING.isdisjoint(intent.written) or FIELD not in intent.fields:
            return cls(intent)
        if DEFINITION not in reader.fields("crm.team"):
            return cls(intent)
        rows = reader.search_read("crm.team", [], [DEFINITION], archived=True)
        return cls(intent, {row["id"]: row[DEFINITION] for row in rows if row[DEFINITION]})

    def watches(self) -> Collection[str]:
        return (FIELD,) if self.teams else ()

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        """What becomes of the properties; a pin where they stay as they are."""
        team = cell.written.get("team_id")
        if team is None or self.teams.keys().isdisjoint((team.before, team.after)):
            return
        before = cell.row[FIELD]
        after = before if team.pin else self._with_team(team.before, team.after, before)
        yield cell.change(team, FIELD, before, before if properties.same(before, after) else after)

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        number, names = 0, Counter[str]()
        for cell in cells:
            change = cell.changed.get(FIELD)
            if change and (gone := lost(change)):
                number += len(cell.records)
                for name in gone:
                    names[name] += len(cell.records)
        if number:
            called = tuple(name for name, _times in names.most_common())
            yield Notice("team_properties.lost", {"number": number}, {"properties": called})

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


def lost(change: ChangeSet) -> list[str]:
    """What the properties are called that a lead has before and not after."""
    stays = properties.to_wire(change.after)
    return [label for name, _value, label, _words in properties.entries(change.before) if name not in stays]
