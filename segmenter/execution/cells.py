"""Records to which the same happens, and the batches of them that one call can serve.

The changes of a plan are sets of records. Records that are in the same sets make up a cell: the same fields go from the
same values to the same values. A run treats a cell as a whole, and looks at single records only where the CRM holds
something else than expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, partition, union


@dataclass(frozen=True, slots=True)
class Pending:
    """What is to become of one field, in the direction of the run: an undo goes from what was written to what was
    before. A pin (`plans.Change`) has the same value twice.

    ``quiet``: nothing is reported where the field holds something else: that was reported before, and nobody knows
    whether the field was ever written.
    """

    field: str
    before: Json
    after: Json
    quiet: bool = False

    @property
    def pin(self) -> bool:
        return bool(self.before == self.after)


PendingSets = Sequence[tuple[RecordSet, Pending]]
"""What is to become of which records; a record is in at most one set of each field."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Records with the same pending changes."""

    records: RecordSet
    changes: tuple[Pending, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that must be known of its records."""
        return frozenset(change.field for change in self.changes)

    def of(self, records: RecordSet) -> Cell:
        """The cell without all other records."""
        return replace(self, records=self.records & records)


def cells_of(pending: PendingSets) -> list[Cell]:
    """The cells that these sets make up, in order of their first record; the changes of each in order of field."""
    pending = sorted(pending, key=lambda one: one[1].field)
    sets = [records for records, _change in pending]
    parts = partition(union(sets), sets)
    return [Cell(records, tuple(pending[at][1] for at in positions)) for (positions, _values), records in parts.items()]


def written(change: Pending) -> tuple[Json, ...]:
    """What a call would write: of tags what is added and what is taken away, of anything else the value."""
    before, after = change.before, change.after
    if isinstance(after, list):
        return tuple(tag for tag in after if tag not in before), tuple(tag for tag in before if tag not in after)
    return (after,)


def fields_of(cells: Iterable[Cell]) -> list[str]:
    """Every field that these cells are about."""
    return sorted(frozenset[str]().union(*(cell.fields for cell in cells)))


def portions(cells: Iterable[Cell], size: int) -> Iterator[list[Cell]]:
    """The cells in batches of at most ``size`` records; a large cell is divided."""
    batch: list[Cell] = []
    room = size
    for cell in cells:
        ids, start = cell.records.to_array(), 0
        while start < len(ids):
            part = ids[start : start + room]
            batch.append(replace(cell, records=RecordSet(part)))
            start, room = start + len(part), room - len(part)
            if not room:
                yield batch
                batch, room = [], size
    if batch:
        yield batch
