"""A condition as the spec says it: names are still names, dates still relative. `bind` gives it a CRM's meaning."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from segmenter.errors import Path

Scalar = str | int | float | bool | None
"""A YAML 1.2 value: dates are text (``2026-03-01``), ``None`` stands for empty."""

CURRENCY = "currency"
"""The operator of a leaf on an amount that takes those in one currency; a spec says it as ``in:`` beside a number."""

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

    ``currency``: what the spec says that the amount is in; a leaf beside this one, of the operator `CURRENCY`, holds
    the record to it.
    """

    field: str
    operator: str
    value: Scalar | tuple[Scalar, ...] | Span
    path: Path = dataclasses.field(default=(), compare=False)
    currency: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class RawDomain:
    """An Odoo domain as written, in prefix notation; leaves are tuples."""

    domain: tuple[object, ...]
    path: Path = dataclasses.field(default=(), compare=False)


Condition = All | Any | Not | Leaf | RawDomain
