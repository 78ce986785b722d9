"""A condition with a CRM's meaning: fields looked up, names turned into ids, dates into ranges."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from segmenter.conditions.model import Scalar, Span
from segmenter.conditions.operators import COMPLEMENTS
from segmenter.conditions.vocabulary import Field
from segmenter.errors import Path

DateRange = tuple[str | None, str | None]
"""From the first moment (included) to the second (left out), as the server writes them (UTC); None: open."""


class _Node(ABC):
    """What every part of a bound condition can do."""

    @abstractmethod
    def leaves(self) -> Iterator[BoundLeaf]:
        """The leaves in the order of the spec."""

    def bounds(self) -> dict[str, str]:
        """The relative dates as resolved: ``"create_date within 90 days"`` -> ``"2026-08-24 04:00:00 <= ..."``."""
        return {leaf.text: leaf.resolved for leaf in self.leaves() if leaf.span}


@dataclass(frozen=True)
class _Parts(_Node):
    """Parts that are joined."""

    parts: tuple[Bound, ...]
    path: Path = dataclasses.field(default=(), compare=False)

    def leaves(self) -> Iterator[BoundLeaf]:
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class BoundAll(_Parts):
    """Every part holds (with no parts: everything)."""


@dataclass(frozen=True)
class BoundAny(_Parts):
    """At least one part holds (with no parts: nothing)."""


@dataclass(frozen=True)
class BoundNot(_Node):
    """The exact complement of ``part``."""

    part: Bound
    path: Path = dataclasses.field(default=(), compare=False)

    def leaves(self) -> Iterator[BoundLeaf]:
        yield from self.part.leaves()


@dataclass(frozen=True)
class BoundLeaf(_Node):
    """One comparison.

    ``fields``: the path walked, the last one compared. ``operator``: as in the spec. ``values``: ids, selection keys,
    numbers, booleans, texts, dates as written; None for empty. ``shown``: the names of ids and keys, one per value.
    ``span``: the relative date. ``ranges``: what a comparison of dates matches.
    ``currency``: what an amount is said in. ``amount``: the path to the amount whose currency this leaf is about.
    """

    fields: tuple[Field, ...]
    operator: str
    values: tuple[Scalar, ...] = ()
    shown: tuple[str, ...] = ()
    span: Span | None = None
    ranges: tuple[DateRange, ...] = ()
    path: Path = dataclasses.field(default=(), compare=False)
    currency: str = ""
    amount: tuple[Field, ...] = ()

    @property
    def field(self) -> Field:
        """The field compared, at the end of the path."""
        return self.fields[-1]

    @property
    def name(self) -> str:
        """The path as Odoo writes it: ``country_id.code``."""
        return ".".join(step.name for step in self.fields)

    @property
    def negative(self) -> bool:
        """Whether it says, as written, what is *not* so."""
        return self.operator in COMPLEMENTS or (self.operator == "empty" and self.values == (False,))

    @property
    def text(self) -> str:
        """A relative date as the spec says it: ``create_date within 90 days``."""
        return f"{self.name} {self.operator} {self.span}"

    @property
    def resolved(self) -> str:
        """The ranges of dates it stands for: ``2026-08-24 04:00:00 <= create_date < 2026-11-23 03:00:00 (UTC)``."""
        zone = " (UTC)" if self.field.type == "datetime" else ""
        name = self.fields[-1].name
        return ", ".join(
            (f"{low} <= " if low else "") + name + (f" < {high}" if high else "") + zone for low, high in self.ranges
        )

    def leaves(self) -> Iterator[BoundLeaf]:
        yield self


@dataclass(frozen=True)
class BoundDomain(_Node):
    """A raw domain, structure and fields checked."""

    domain: tuple[object, ...]
    path: Path = dataclasses.field(default=(), compare=False)

    def leaves(self) -> Iterator[BoundLeaf]:
        yield from ()


Bound = BoundAll | BoundAny | BoundNot | BoundLeaf | BoundDomain
