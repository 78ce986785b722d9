"""A condition as the spec has it, with names instead of ids and relative dates. `bind` resolves both for one CRM."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from segmenter.errors import Path

Scalar = str | int | float | bool | None
"""A YAML 1.2 value: dates are text (``2026-03-01``), ``None`` stands for empty."""

CURRENCY = "currency"
"""The operator of a leaf that takes amounts in one currency; a spec writes ``in:`` beside a number."""

PROPERTIES, PROPERTY = "lead_properties", "property"
"""The field that holds what teams have their leads tell besides, and what takes one of these values."""

UNITS = ("days", "weeks", "months", "years")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of calendar time, as ``90 days``; ``unit`` is one of `UNITS`."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]
    path: Path = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]
    path: Path = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True)
class Not:
    """The exact complement of ``part``."""

    part: Condition
    path: Path = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True)
class Leaf:
    """``field: {operator: value}``. ``field`` may be a dotted path; the value is a tuple for operators over lists,
    a `Span` for ``within``, ``older_than`` and ``next``.

    ``currency``: the currency in which the spec states the amount. Another leaf beside this one, with the operator
    `CURRENCY`, checks it.
    """

    field: str
    operator: str
    value: Scalar | tuple[Scalar, ...] | Span
    path: Path = dataclasses.field(default=(), compare=False)
    currency: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class Related:
    """``field: {function: of, where: condition, operator: value}``: a comparison with what the records of a list give.

    ``field`` leads to the list, perhaps by a dotted path. ``function``: one of `operators.FUNCTIONS`, where ``any`` and
    ``none`` are counts; ``of``: the field of the listed records that it takes, "" of a count. ``where``: which of them
    count. ``whose``: one of `operators.WHOSE`, "" where the spec does not say. ``operator``, ``value``: as of a leaf.

    A comparison with a property of leads is one too: ``field`` is `PROPERTIES`, ``function`` `PROPERTY`, ``of`` what
    the property is called.
    """

    field: str
    function: str
    of: str
    where: Condition | None
    whose: str
    operator: str
    value: Scalar | tuple[Scalar, ...] | Span
    path: Path = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True)
class RawDomain:
    """An Odoo domain as written, in prefix notation; leaves are tuples."""

    domain: tuple[object, ...]
    path: Path = dataclasses.field(default=(), compare=False)


Condition = All | Any | Not | Leaf | Related | RawDomain
