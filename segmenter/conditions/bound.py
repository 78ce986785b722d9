"""A condition bound to one CRM: with its fields, ids for names, and ranges for dates."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segmenter.conditions.model import Scalar, Span
from segmenter.conditions.operators import COMPLEMENTS
from segmenter.conditions.vocabulary import Field
from segmenter.errors import Path

DateRange = tuple[str | None, str | None]
"""From the first moment (included) to the second (left out), as the server writes them (UTC); None: open."""


def is_negative(operator: str, values: Sequence[Scalar]) -> bool:
    """Whether a comparison says, as written, what is *not* so."""
    return operator in COMPLEMENTS or (operator == "empty" and list(values) == [False])


class _Node(ABC):
    """A part of a bound condition."""

    @abstractmethod
    def leaves(self) -> Iterator[BoundLeaf]:
        """The leaves in the order of the spec."""

    def related(self) -> Iterator[BoundRelated]:
        """The comparisons with what lists give, in the order of the spec, without those inside of others."""
        yield from ()


@dataclass(frozen=True)
class _Parts(_Node):
    """Several parts, joined."""

    parts: tuple[Bound, ...]
    path: Path = dataclasses.field(default=(), compare=False)

    def leaves(self) -> Iterator[BoundLeaf]:
        for part in self.parts:
            yield from part.leaves()

    def related(self) -> Iterator[BoundRelated]:
        for part in self.parts:
            yield from part.related()


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

    def related(self) -> Iterator[BoundRelated]:
        yield from self.part.related()


@dataclass(frozen=True)
class BoundLeaf(_Node):
    """One comparison.

    ``fields``: the path walked, the last one compared. ``operator``: as in the spec. ``values``: ids, selection keys,
    numbers, booleans, texts, dates as written; None for empty. ``shown``: the names of ids and keys, one per value.
    ``span``: the relative date. ``ranges``: what a comparison of dates matches.
    ``currency``: in which the amount is stated. ``amount``: of a leaf on a currency, the path to the amount.
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
        """Whether the leaf is negative as written: it says what is *not* so."""
        return is_negative(self.operator, self.values)

    def leaves(self) -> Iterator[BoundLeaf]:
        yield self


@dataclass(frozen=True)
class BoundRelated(_Node):
    """A comparison with what the records of a list give, with the answer of the CRM.

    ``fields``: the path to the list; ``function``: count, sum, avg, min, max, last or first. ``compared``: the
    comparison with the field that the function takes; of a count, with a field called ``count``. ``where``: which of
    the listed records count. ``whose``: of a contact, whose list; "" where that was not said. ``owners``: for whom it
    holds, as a leaf on those who have the list. ``held``: owner -> what its list gives.
    """

    fields: tuple[Field, ...]
    function: str
    compared: BoundLeaf
    where: Bound | None
    whose: str
    owners: BoundLeaf
    held: Mapping[int, Scalar] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    path: Path = dataclasses.field(default=(), compare=False)

    @property
    def name(self) -> str:
        """The path to the list as Odoo writes it: ``partner_id.sale_order_ids``."""
        return ".".join(step.name for step in self.fields)

    @property
    def nothing(self) -> Scalar:
        """What a list without records gives."""
        return 0 if self.function in ("count", "sum") else None

    def leaves(self) -> Iterator[BoundLeaf]:
        yield from ()

    def related(self) -> Iterator[BoundRelated]:
        yield self


@dataclass(frozen=True)
class BoundDomain(_Node):
    """A raw domain, structure and fields checked."""

    domain: tuple[object, ...]
    path: Path = dataclasses.field(default=(), compare=False)

    def leaves(self) -> Iterator[BoundLeaf]:
        yield from ()


Bound = BoundAll | BoundAny | BoundNot | BoundLeaf | BoundRelated | BoundDomain
