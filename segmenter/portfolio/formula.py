"""A condition as an algebra of record sets, so that it can be asked again of records that a plan has changed.

What a plan does not write stays as the server answered it. A comparison with a field that is written keeps the records
for which it holds, and is made again of the values that are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmenter.plans import ChangeSet, Json
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True)
class Fixed:
    """A part that no change touches: the records for which it holds."""

    records: RecordSet


@dataclass(frozen=True)
class Compared:
    """A comparison with a field that is written. ``records``: for which it holds; ``holds``: whether it does for a
    value that is written."""

    field: str
    records: RecordSet
    holds: Callable[[Json], bool]


@dataclass(frozen=True)
class Every:
    """All parts hold."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Without:
    """``part`` does not hold."""

    part: Formula


Formula = Fixed | Compared | Every | Either | Without


def records_of(formula: Formula, scope: RecordSet) -> RecordSet:
    """The records of the scope for which it holds."""
    match formula:
        case Fixed(records) | Compared(_, records):
            return records & scope
        case Every(parts):
            rest = scope
            for part in parts:
                rest = records_of(part, rest)
            return rest
        case Either(parts):
            return union(records_of(part, scope) for part in parts)
        case Without(part):
            return scope - records_of(part, scope)


def after(formula: Formula, changes: Mapping[str, Sequence[ChangeSet]]) -> Formula:
    """The same once these changes are made. ``changes``: by field."""
    match formula:
        case Fixed():
            return formula
        case Compared(field, records, holds):
            written = changes.get(field, ())
            rest = records - union(change.records for change in written)
            gained = union(change.records for change in written if holds(change.after))
            return replace(formula, records=rest | gained)
        case Every(parts):
            return Every(tuple(after(part, changes) for part in parts))
        case Either(parts):
            return Either(tuple(after(part, changes) for part in parts))
        case Without(part):
            return Without(after(part, changes))


def comparisons(formula: Formula) -> Iterator[Compared]:
    """Its comparisons with fields that are written, always in the same order."""
    match formula:
        case Compared():
            yield formula
        case Every(parts) | Either(parts):
            for part in parts:
                yield from comparisons(part)
        case Without(part):
            yield from comparisons(part)
        case Fixed():
            return


@dataclass(frozen=True)
class Truths:
    """The conditions of a spec that ask for what is written; a condition that is not here asks for nothing such.

    ``scope``, ``protect``: which records the spec may touch. ``segments``: (segmentation, segment), both by position,
    -> what its condition says.
    """

    scope: Formula | None
    protect: Formula | None
    segments: Mapping[tuple[int, int], Formula]

    def after(self, changes: Mapping[str, Sequence[ChangeSet]]) -> Truths:
        """The same once these changes are made."""
        return Truths(
            after(self.scope, changes) if self.scope else None,
            after(self.protect, changes) if self.protect else None,
            {key: after(formula, changes) for key, formula in self.segments.items()},
        )

    def comparisons(self) -> list[Compared]:
        """All comparisons with fields that are written."""
        formulas = [self.scope, self.protect, *self.segments.values()]
        return [comparison for formula in formulas if formula for comparison in comparisons(formula)]
