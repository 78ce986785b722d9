"""What a server's records hold, read by columns: a question a field and not a row a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from segmenter.conditions import Field
from segmenter.conditions.operators import DATES
from segmenter.odoo.catalog import BIG
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.record_set import RecordSet, windows

AT_A_TIME = 200_000
"""Records of which one answer lists the values."""
TOGETHER = 3
"""Fields by which one question groups."""
FEW_LINKS = 60
"""Related records, up to which each is asked who holds it; of more, the records are read in rows."""
GROUPED = ("selection", "boolean", "many2one")
LISTED = ("char", "integer", "many2one", *DATES)
AMOUNTS = ("float", "monetary")
Task = Callable[[], None]


class Row(Mapping[str, Any]):
    """One record of a table that is kept by columns. Only what is filled has a cell."""

    __slots__ = ("_at", "_columns")

    def __init__(self, columns: Mapping[str, Sequence[Any]], at: int) -> None:
        self._columns, self._at = columns, at

    def get(self, name: str, default: Any = None) -> Any:
        column = self._columns.get(name)
        return default if column is None else column[self._at]

    def __getitem__(self, name: str) -> Any:
        return self._columns[name][self._at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class Table:
    """Records whose cells are being read, column by column. Equal values of a column are one object."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._place = {record: at for at, record in enumerate(ids)}
        self._columns: dict[str, list[Any]] = {}
        self._known: dict[str, dict[Any, Any]] = {}

    def fill(self, name: str, cells: Iterable[tuple[int, Any]]) -> None:
        """Fill in what some records hold; nothing of records that are not in the table."""
        place = self._place
        column = self._columns.setdefault(name, [None] * len(place))
        known = self._known.setdefault(name, {})
        for record, value in cells:
            if value and record in place:
                cell = tuple(value) if isinstance(value, list) else value
                column[place[record]] = known.setdefault(cell, cell)

    def link(self, name: str, records: Iterable[int], other: int) -> None:
        """Add a record to a many-valued field of these."""
        place = self._place
        column = self._columns.setdefault(name, [None] * len(place))
        known = self._known.setdefault(name, {})
        for record in records:
            if record in place:
                cell = (*(column[place[record]] or ()), other)
                column[place[record]] = known.setdefault(cell, cell)

    def rows(self) -> dict[int, Row]:
        """Record -> row."""
        return {record: Row(self._columns, at) for record, at in self._place.items()}


class Columns:
    """The questions for some fields of the records of a domain, archived ones included where it takes them.

    ``links``: a many-valued field -> the records that it may lead to.
    """

    def __init__(
        self, reader: OdooReader, model: str, domain: Sequence[Any], ids: RecordSet, links: Mapping[str, Sequence[int]]
    ) -> None:
        self._reader, self._model, self._domain, self._ids, self._links = reader, model, list(domain), ids, links
        self.table = Table(ids)

    def tasks(self, fields: Sequence[Field]) -> list[Task]:
        """What is to be asked."""
        grouped = [field for field in fields if field.type in GROUPED and field.relation not in BIG]
        amounts = AMOUNTS if self._reader.lists_amounts else ()
        listed = [
            field
            for field in fields
            if field not in grouped and field.type in (*LISTED, *amounts) and not field.translated
        ]
        asked = [field for field in fields if len(self._links.get(field.name, range(FEW_LINKS + 1))) <= FEW_LINKS]
        rest = [field for field in fields if field not in grouped and field not in listed and field not in asked]
        tasks: list[Task] = [
            partial(self._group, grouped[start : start + TOGETHER]) for start in range(0, len(grouped), TOGETHER)
        ]
        tasks += [partial(self._list, field.name) for field in listed]
        tasks += [partial(self._link, field.name, self._links[field.name]) for field in asked]
        return [*tasks, *([partial(self._read, rest)] if rest else [])]

    def _group(self, fields: Sequence[Field]) -> None:
        for group in self._reader.members(self._model, self._domain, [field.name for field in fields]):
            for field, key in zip(fields, group.keys, strict=True):
                self.table.fill(field.name, ((record, key) for record in group.ids))

    def _list(self, name: str) -> None:
        for window in windows(self._ids, AT_A_TIME):
            here = self._domain
            if len(window) < len(self._ids):
                here = [*here, ("id", ">=", window.min()), ("id", "<=", window.max())]
            self.table.fill(name, self._reader.values(self._model, here, name).items())

    def _link(self, name: str, others: Sequence[int]) -> None:
        for other in others:
            self.table.link(name, self._reader.search(self._model, [*self._domain, (name, "in", [other])]), other)

    def _read(self, fields: Sequence[Field]) -> None:
        names = [field.name for field in fields]
        for row in self._reader.read(self._model, list(self._ids), names):
            for name in names:
                self.table.fill(name, [(row["id"], row[name])])


def ask(tasks: Iterable[Task], done: Callable[[], None]) -> None:
    """Ask several questions, some at once. The first one alone: it settles how this server is asked."""
    waiting = list(tasks)
    for task in waiting[:1]:
        task()
        done()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _answer in pool.map(lambda task: task(), waiting[1:]):
            done()
