"""What a segment does to a record, names already ids. An effect tells which records are in place, and what to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from segmenter.conditions import Bound, BoundAll, BoundAny, BoundLeaf, BoundNot, Field
from segmenter.planning.model import Json


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
    """A person of ``people`` holds the record; whom is decided in `assignment`."""

    field: Field
    people: tuple[int, ...]
    by: Literal["round_robin", "least_loaded"]
    only_if_empty: bool
    cap: int | None

    def in_place(self) -> Bound | None:
        if self.only_if_empty:
            return BoundNot(is_empty(self.field))
        return _is(self.field, *self.people)

    def wants(self, before: Json) -> bool:
        """Whether a record held by ``before`` is to be given to somebody."""
        return before is None if self.only_if_empty else before not in self.people


@dataclass(frozen=True)
class Hold:
    """A many-valued field holds all of ``add`` and none of ``remove``; anything else in it is not ours."""

    field: Field
    add: frozenset[int]
    remove: frozenset[int]

    def in_place(self) -> Bound | None:
        if any(is_new(one) for one in self.add):
            return None
        parts: list[Bound] = []
        if self.add:
            parts.append(BoundLeaf((self.field,), "has_all", tuple(sorted(self.add))))
        if gone := tuple(sorted(one for one in self.remove if not is_new(one))):
            parts.append(BoundLeaf((self.field,), "has_none", gone))
        return BoundAll(tuple(parts))

    def after(self, before: Json) -> list[int]:
        return sorted((set(before) - self.remove) | self.add)

    def tag_by_tag(self) -> list[Hold]:
        """The same as one effect for each id."""
        return [
            *(Hold(self.field, frozenset([one]), frozenset()) for one in sorted(self.add)),
            *(Hold(self.field, frozenset(), frozenset([one])) for one in sorted(self.remove)),
        ]


@dataclass(frozen=True)
class ConvertLead:
    """A lead becomes an opportunity; archived and won ones are left, as Odoo itself does. See `conversion`.

    ``marks``: the fields, as far as the CRM has them, that tell those (``active``, ``probability``).
    """

    field: Field
    customer: Literal["none", "link", "create"]
    marks: tuple[Field, ...]

    def in_place(self) -> Bound | None:
        """Whatever is not an open lead needs nothing."""
        left: list[Bound] = [BoundLeaf((self.field,), "=", ("opportunity",))]
        for mark in self.marks:
            left.append(
                BoundLeaf((mark,), "=", (False,)) if mark.type == "boolean" else BoundLeaf((mark,), ">=", (100.0,))
            )
        return BoundAny(tuple(left))

    def wants(self, row: Mapping[str, Json]) -> bool:
        """Whether a record, with at least the type and the marks among its values, is converted."""
        in_use = bool(row.get("active", True)) or all(mark.name != "active" for mark in self.marks)
        return row[self.field.name] == "lead" and in_use and row.get("probability", 0) < 100

    def of_archived_too(self) -> ConvertLead:
        """The same for leads that the plan itself takes out of the archive: a second plan would convert them."""
        return replace(self, marks=tuple(mark for mark in self.marks if mark.name != "active"))


Effect = SetTo | MoveTo | Give | Hold | ConvertLead


def is_new(record: int) -> bool:
    """A negative id stands for a record that the plan itself creates (see `planning.model`)."""
    return record < 0


def out_of_place(effects: Sequence[Effect]) -> Bound | None:
    """The condition for records on which some effect has something to do; None: all of them."""
    parts = [effect.in_place() for effect in effects]
    if any(part is None for part in parts):
        return None
    return BoundNot(BoundAll(tuple(part for part in parts if part is not None)))
