"""Sets of records, and their algebra: placing, counting and batching records is done with these.

A set is a Roaring bitmap of ids: a million ids in a row take 230 bytes, and the union of two such sets microseconds.
Ids are PostgreSQL's 32-bit integers, so none is too large for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pyroaring import BitMap

RecordSet = BitMap
"""Ids of records. Treated as a value: never changed once it is in a portfolio, a plan or the ledger."""

Key = TypeVar("Key", bound=Hashable)
WINDOW = 50_000
"""Ids of one step of `partition`: what is held of single records at a time."""


def union(sets: Iterable[RecordSet]) -> RecordSet:
    """The records that are in any of these sets."""
    whole = RecordSet()
    for members in sets:
        whole |= members
    return whole


def windows(records: RecordSet, size: int = WINDOW) -> Iterator[RecordSet]:
    """The set in portions of ``size`` records, lowest ids first."""
    ids = records.to_array()
    for start in range(0, len(ids), size):
        yield RecordSet(ids[start : start + size])


def partition(
    records: RecordSet, sets: Sequence[RecordSet], values: Sequence[Callable[[int], Hashable]] = ()
) -> dict[tuple[tuple[int, ...], tuple[Hashable, ...]], RecordSet]:
    """The records divided into those that are in the same sets and have the same values.

    ``values``: functions from a record to a value. Keys: the positions of the sets that the records are in, and their
    values, in the order of their first record.
    """
    cells: dict[tuple[tuple[int, ...], tuple[Hashable, ...]], RecordSet] = {}
    for window in windows(records):
        inside: dict[int, list[int]] = {}
        for position, members in enumerate(sets):
            for record in window & members:
                inside.setdefault(record, []).append(position)
        ids: dict[tuple[tuple[int, ...], tuple[Hashable, ...]], array[int]] = {}
        for record in window:
            key = (tuple(inside.get(record, ())), tuple([value_of(record) for value_of in values]))
            ids.setdefault(key, array("I")).append(record)
        for key, portion in ids.items():
            if key in cells:
                cells[key] |= RecordSet(portion)
            else:
                cells[key] = RecordSet(portion)
    return cells


def by_value(values: Mapping[int, Key]) -> dict[Key, RecordSet]:
    """Value -> the records that have it, from record -> value."""
    ids: dict[Key, array[int]] = {}
    for record, value in values.items():
        ids.setdefault(value, array("I")).append(record)
    return {value: RecordSet(records) for value, records in ids.items()}


def to_bytes(records: RecordSet) -> bytes:
    """The set as bytes, the same for equal sets: each id in 4 bytes, ascending, lowest byte first."""
    ids = records.to_array()
    return array("I", ids).tobytes()
