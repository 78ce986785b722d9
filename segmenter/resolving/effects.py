"""What a segment does to a record, names already ids: what to write, and whether there is anything to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Literal

from segmenter.conditions import Bound, BoundLeaf, BoundNot, Field, properties
from segmenter.plans.changes import Json

TEAM = "team_id"
"""The field of a lead that tells its team, whose properties it has."""


def is_empty(field: Field) -> Bound:
    """The field holds nothing."""
    return BoundLeaf((field,), "empty", (True,))


def _is(field: Field, *ids: int) -> Bound:
    return BoundLeaf((field,), "in", ids)


@dataclass(frozen=True)
class SetTo:
    """The field holds ``value``, which is the condition ``holds``; None of a field that the plan creates."""

    field: Field
    value: Json
    holds: Bound | None

    def in_place(self) -> Bound | None:
        """Records that need nothing; None when there can be none yet (the value is still to be created)."""
        return self.holds

    def after(self, before: Json) -> Json:  # noqa: ARG002 - every effect is asked the same way
        """The value to write over ``before``."""
        return self.value


@dataclass(frozen=True)
class MoveTo:
    """The stage becomes ``to``, only from one of ``come_from`` (any other stage when empty)."""

    field: Field
    to: int
    come_from: tuple[int, ...] = ()

    def in_place(self) -> Bound | None:
        if self.come_from:
            return BoundNot(_is(self.field, *self.come_from))
        return None if is_new(self.to) else _is(self.field, self.to)

    def after(self, before: Json) -> Json:
        return self.to if not self.come_from or before in self.come_from else before


@dataclass(frozen=True)
class Give:
    """One of ``people`` gets the record; which of them is decided later, in `planning.loads`."""

    field: Field
    people: tuple[int, ...]
    by: Literal["round_robin", "least_loaded"]
    only_if_empty: bool
    cap: int | None

    def wants(self, before: Json) -> bool:
        """Whether a record held by ``before`` is to be given to somebody."""
        return before is None if self.only_if_empty else before not in self.people


@dataclass(frozen=True)
class Hold:
    """A many-valued field holds all of ``add`` and none of ``remove``; anything else in it is not ours."""

    field: Field
    add: frozenset[int]
    remove: frozenset[int]

    def after(self, before: Json) -> list[int]:
        return sorted((set(before) - self.remove) | self.add)


@dataclass(frozen=True)
class ConvertLead:
    """A lead becomes an opportunity; archived and won ones are left, as Odoo itself does. See `conversion`.

    ``marks``: the fields, as far as the CRM has them, that tell those (``active``, ``probability``).
    """

    field: Field
    customer: Literal["none", "link", "create"]
    marks: tuple[Field, ...]

    def wants(self, row: Mapping[str, Json]) -> bool:
        """Whether a record, with at least the type and the marks among its values, is converted."""
        in_use = bool(row.get("active", True)) or all(mark.name != "active" for mark in self.marks)
        return row[self.field.name] == "lead" and in_use and row.get("probability", 0) < 100

    def of_archived_too(self) -> ConvertLead:
        """The same for leads that the plan itself takes out of the archive: a second plan would convert them."""
        return replace(self, marks=tuple(mark for mark in self.marks if mark.name != "active"))


@dataclass(frozen=True)
class SetProperty:
    """A property of leads holds a value, beside the other properties of each. ``field``: the one that holds them all.

    ``entries``: team -> the entry to write (`conditions.properties.packed`). ``owned``: of tags, what the spec gives
    and takes. A lead of another team is left: nothing could be written there. ``team``: the field that tells it.
    """

    field: Field
    team: Field
    label: str
    entries: Mapping[int, Sequence[Json]] = dataclass_field(hash=False)
    owned: frozenset[str] = frozenset()

    def after_in(self, before: Json, row: Mapping[str, Json]) -> Json:
        """What the properties become. ``row``: holds the team."""
        wanted = self.entries.get(row[self.team.name] or 0)
        if wanted is None:
            return before
        name, value, label, words = wanted
        held = {one[0]: one for one in properties.entries(before)}
        if isinstance(value, list):
            others = [key for key in (held[name][1] if name in held else ()) if key not in self.owned]
            value = [*others, *value]
        after = properties.packed((held | {name: [name, value, label, words]}).values())
        return before if properties.same(before, after) else after


Effect = SetTo | MoveTo | Give | Hold | ConvertLead | SetProperty


def is_new(record: int) -> bool:
    """A negative id stands for a record that the plan itself creates (see `plans.plan`)."""
    return record < 0
