"""The records of a scope as this plan saw them: sets of ids by value, read once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from segmenter.conditions import Field
from segmenter.plans import Json
from segmenter.record_set import RecordSet, partition


@dataclass(frozen=True)
class Grouped:
    """A field with few values: value -> the records that hold it.

    Of a single value each record is in one of the sets, None for "empty" among them. Of a many-valued field there is
    a set for each of the values that matter, and a record may be in several or in none. ``labels``: value -> what the
    client's Odoo calls it, as far as it was told.
    """

    field: Field
    sets: Mapping[Json, RecordSet]
    labels: Mapping[Json, str] = dataclasses.field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether a record can hold several values."""
        return self.field.type in ("many2many", "one2many")


@dataclass(frozen=True)
class Listed:
    """A field with many values: record -> the value that it holds. A record that is not there could not be read."""

    field: Field
    values: Mapping[int, Hashable]


Column = Grouped | Listed
UNREAD = object()
"""In place of the value of a record that could not be read."""


Division = tuple[str, str]
"""A stage and a salesperson, as the client reads them; "" for none."""
DIVIDED_BY = ("stage_id", "user_id")
"""The fields of a `Division`: by them reports divide what a segment takes."""


def division(labels: Mapping[str, str]) -> Division:
    """``labels``: field -> what the client's Odoo calls its value."""
    stage, person = DIVIDED_BY
    return labels.get(stage, ""), labels.get(person, "")


@dataclass(frozen=True)
class Worth:
    """``amounts``: record -> amount, where the server can list them. Else ``sums``: (position of the segmentation, of
    the segment) -> what its records in each division are worth."""

    amounts: Mapping[int, float] = dataclasses.field(default_factory=dict)
    sums: Mapping[tuple[int, int], Mapping[Division, float]] = dataclasses.field(default_factory=dict)

    def of(self, segmentation: int, segment: int, division: Division, records: Iterable[int]) -> float:
        """What these records are worth: those of one segment in one division."""
        if self.sums:
            return self.sums.get((segmentation, segment), {}).get(division, 0.0)
        return sum(self.amounts.get(record, 0.0) for record in records) if self.amounts else 0.0


@dataclass(frozen=True)
class Portfolio:
    """What a plan stands on. Nothing is asked of a server after it.

    ``scope``: the records that may be touched, without the ``protected`` ones. ``matches``: for each segmentation, and
    each of its segments with a condition, the records of the scope that the server found. ``columns``: what the
    records of the scope hold, by field: of every record in the fields that the spec writes, and for reports.
    ``worth``: what the records of each segment are worth, where reports tell it.
    """

    model: str
    scope: RecordSet
    protected: RecordSet
    matches: tuple[tuple[RecordSet, ...], ...]
    columns: Mapping[str, Column]
    worth: Worth = Worth()


@dataclass(frozen=True)
class Alike:
    """Records that are in the same sets and hold the same. ``positions``: of the sets; ``row``: field -> value."""

    records: RecordSet
    positions: tuple[int, ...]
    row: dict[str, Json]


def alike(
    records: RecordSet,
    sets: Sequence[RecordSet],
    columns: Mapping[str, Column],
    splits: Sequence[Mapping[int, Hashable]] = (),
) -> Iterator[Alike]:
    """Divide records by the sets that they are in, by all that the columns tell of them, and by the ``splits``.

    A field that a record could not be read in is missing from its row.
    """
    every, place = list(sets), dict[int, tuple[str, Json]]()
    listed = {name: column for name, column in columns.items() if isinstance(column, Listed)}
    for name, column in columns.items():
        if isinstance(column, Grouped):
            for value, members in column.sets.items():
                place[len(every)] = (name, value)
                every.append(members)
    values: list[Callable[[int], Hashable]] = [partial(_value, column.values) for column in listed.values()]
    values += [split.get for split in splits]
    several = [name for name, column in columns.items() if isinstance(column, Grouped) and column.many]
    for (positions, known), cell in partition(records, every, values).items():
        row: dict[str, Json] = {name: [] for name in several}
        for position in positions:
            if position in place:
                name, value = place[position]
                if name in several:
                    row[name].append(value)
                else:
                    row[name] = value
        for name in several:
            row[name].sort()
        for name, value in zip(listed, known, strict=False):
            if value is not UNREAD:
                row[name] = value
        inside = tuple(position for position in positions if position < len(sets))
        yield Alike(cell, inside, row)


def _value(values: Mapping[int, Hashable], record: int) -> Hashable:
    return values.get(record, UNREAD)
