"""The records of a model by what they hold in one field, kept until one of them changes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from segmenter.conditions.operators import DATES, NUMBERS, TEXTS
from segmenter.embedded.names import NAMED_BY, display_name
from segmenter.embedded.tables import Tables
from segmenter.record_set import RecordSet

_IN_ORDER = (*NUMBERS, *DATES, *TEXTS, "selection")


@dataclass(frozen=True, slots=True)
class Index:
    """The records by the value of one field, archived ones too; of a many2many, by each of the ids, None for none.

    ``values``: each once; from ``rising`` on they ascend, and can be compared with each other. ``ids``: the records of
    the first value, then those of the second..., by id; ``starts``: where those of each value begin, and the end.
    """

    values: Sequence[Any]
    ids: array[int]
    starts: Sequence[int]
    rising: int
    _sets: dict[int, RecordSet] = field(default_factory=dict)

    def between(self, first: int, last: int) -> RecordSet:
        """The records of the values from the position ``first`` to before ``last``."""
        return RecordSet(self.ids[self.starts[first] : self.starts[last]])

    def records(self, at: int) -> RecordSet:
        """The records of the value at one position; kept, for those who ask by few values."""
        if at not in self._sets:
            self._sets[at] = self.between(at, at + 1)
        return self._sets[at]

    def where(self, test: Callable[[Any], bool]) -> RecordSet:
        """The records of the values that pass a test."""
        found: array[int] = array("I")
        ids, starts = self.ids, self.starts
        for at, value in enumerate(self.values):
            if test(value):
                found += ids[starts[at] : starts[at + 1]]
        return RecordSet(found)


def index(tables: Tables, model: str, name: str) -> Index:
    """The index of a field that is no one2many. Raises TypeError for cells that no dictionary can have for keys."""
    models = (model, *NAMED_BY.get(model, ())) if name == "display_name" else (model,)
    return tables.kept(models, f"index of {name}", partial(_made, tables, model, name))


def everything(tables: Tables, model: str) -> RecordSet:
    """Every record, archived ones too."""
    return tables.kept((model,), "all", lambda: RecordSet(tables.rows[model]))


def active(tables: Tables, model: str) -> RecordSet:
    """The records that are not archived."""
    return tables.kept((model,), "active", lambda: RecordSet(tables.active(model, tables.rows[model])))


def _made(tables: Tables, model: str, name: str) -> Index:
    records = sorted(tables.rows[model])
    cells, kind = _cells(tables, model, name, records), tables.models[model].fields[name].type
    if kind in _IN_ORDER and (index := _in_order(records, cells, kind)):
        return index
    groups = _groups((record, one) for record, cell in zip(records, cells, strict=True) for one in _each(kind, cell))
    return _index(groups, len(groups))


def _each(kind: str, cell: Any) -> Iterable[Any]:
    return (cell or (None,)) if kind == "many2many" else (cell,)


def _cells(tables: Tables, model: str, name: str, records: Sequence[int]) -> Sequence[Any]:
    if name == "id":
        return records
    if name == "display_name":
        return [display_name(tables, model, record) for record in records]
    return tables.cells(model, name, records)


def _groups(held: Iterable[tuple[int, Any]]) -> dict[Any, list[int]]:
    groups: dict[Any, list[int]] = {}
    for record, value in held:
        if value in groups:
            groups[value].append(record)
        else:
            groups[value] = [record]
    return groups


def _index(groups: dict[Any, list[int]], rising: int) -> Index:
    ids, starts = array("I"), array("I", [0])
    for records in groups.values():
        ids.extend(records)
        starts.append(len(ids))
    return Index(list(groups), ids, starts, rising)


def _in_order(records: Sequence[int], cells: Sequence[Any], kind: str) -> Index | None:
    """The index in the order of the values, after those that have no place there; None if they cannot be compared.

    Sorted rather than grouped: of many different values, no list is made for each.
    """
    filled = [at for at, cell in enumerate(cells) if cell is not None and cell == cell]  # NaN is not equal to itself
    try:
        filled.sort(key=cells.__getitem__)
        if kind in DATES and len({len(cells[at]) for at in filled}) > 1:
            return None
    except TypeError:
        return None
    placeless = zip(records, cells, strict=True) if len(filled) < len(cells) else ()
    first = _index(_groups(pair for pair in placeless if pair[1] is None or pair[1] != pair[1]), 0)
    values, ids, starts = [*first.values], first.ids, array("I", first.starts[:-1])
    for at in filled:
        cell = cells[at]
        if len(values) == len(first.values) or cell != values[-1]:
            values.append(cell)
            starts.append(len(ids))
        ids.append(records[at])
    starts.append(len(ids))
    return Index(values, ids, starts, len(first.values))
