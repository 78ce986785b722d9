"""Filling a portfolio from a CRM: a server, the CRM in memory, or an export, through the same questions.

Values come by groups where a field has few of them, as one long list where it has many, and in rows only where a server
can do neither. How many questions there are depends on the spec, and neither on the records nor on how many segments
they are in at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any

from segmenter.conditions import Field
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import from_wire
from segmenter.portfolio.formula import records_of
from segmenter.portfolio.parts import Asked, sendable
from segmenter.portfolio.portfolio import Column, Grouped, Listed
from segmenter.record_set import RecordSet, union, windows

FEW = 2_000
"""Records that are read in rows, all in one call; of more, columns are asked for."""
LISTED = 200_000
"""Records of which one answer lists the values."""
TOGETHER = 3
"""Fields by which one question groups. Measured, 20,000 leads: three fields, in a hundred groups, cost little more than
one; five, in 2,200 groups, more than five questions."""
FEW_VALUES = frozenset({"many2one", "selection", "boolean"})
MANY_VALUES = frozenset({"many2one", "char", "integer", "float", "monetary"})
"""Types of fields that usually have few values, and those that are asked as a list; others are read in rows."""
AMOUNTS = frozenset({"float", "monetary"})
OF_MANY = frozenset({"res.partner"})
"""Models of which every record may point to another one."""

Domain = Sequence[Any]
Task = Callable[[], None]


@dataclass(frozen=True)
class Scope:
    """The records of a domain: those that may be touched, the protected ones, and those that each segment's condition
    takes, for each segmentation."""

    records: RecordSet
    protected: RecordSet
    matches: tuple[tuple[RecordSet, ...], ...]
    columns: Mapping[str, Column]


def read_scope(
    reader: OdooReader,
    model: str,
    scope: Domain,
    protect: Domain,
    segments: Sequence[Sequence[Domain]],
    fields: Iterable[Field],
    owned: Mapping[str, Collection[int]],
) -> Scope:
    """Read a scope: its records, whom each segment takes, and what the records hold in ``fields``.

    ``segments``: the domains of the segments with a condition, for each segmentation; ``owned``: of a many-valued
    field, the values that matter.
    """
    columns = _Columns(reader, model, scope, list(fields), owned)
    found: dict[Any, RecordSet] = {}
    protecting = Asked(scope, protect)
    asked = [[Asked(scope, domain) for domain in domains] for domains in segments]

    def search(key: Any, domain: Domain) -> None:
        found[key] = RecordSet(reader.search(model, domain))

    tasks: list[Task] = [*columns.tasks()]
    if not columns.tell_scope:
        tasks.insert(0, partial(search, "scope", list(scope)))
    questions = [
        *(protecting.questions if protect else ()),
        *(q for some in asked for one in some for q in one.questions),
    ]
    tasks += [partial(search, question, [*scope, *sendable(question)]) for question in dict.fromkeys(questions)]
    _ask(tasks)
    every = columns.scope() if columns.tell_scope else found["scope"]
    protected = records_of(protecting.formula(found), every) if protect else RecordSet()
    gone = columns.gone(every)
    reader.skip(model, gone, "gone")
    inside = every - protected - gone
    matches = tuple(tuple(records_of(one.formula(found), inside) for one in some) for some in asked)
    return Scope(inside, protected, matches, columns.of(inside))


def read_columns(
    reader: OdooReader,
    model: str,
    scope: Domain,
    records: RecordSet,
    fields: Sequence[Field],
    *,
    if_set: Collection[str] = (),
) -> dict[str, Column]:
    """What some records of the domain ``scope`` hold. ``if_set``: fields of which it only matters whether they hold
    anything."""
    if len(records) <= FEW:
        return read_rows(reader, model, records, fields)
    columns = _Columns(reader, model, scope, fields, {}, if_set)
    _ask(columns.tasks())
    return columns.of(records)


def _ask(tasks: Iterable[Task]) -> None:
    """Ask several questions, some at once. The first one alone: it settles how this server is asked."""
    waiting = list(tasks)
    for task in waiting[:1]:
        task()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _answer in pool.map(lambda task: task(), waiting[1:]):
            pass


class _Columns:
    """The questions for some fields of the records of a domain, and their answers as columns."""

    def __init__(
        self,
        reader: OdooReader,
        model: str,
        scope: Domain,
        fields: Sequence[Field],
        owned: Mapping[str, Collection[int]],
        if_set: Collection[str] = (),
    ) -> None:
        self._reader, self._model, self._scope, self._owned = reader, model, scope, owned
        self._fields = {field.name: field for field in fields}
        self._sets: dict[str, dict[Any, RecordSet]] = {}
        self._labels: dict[str, dict[Any, str]] = {}
        self._values: dict[str, dict[int, Any]] = {}
        self._if_set = [field for field in fields if field.name in if_set and field.stored]
        rest = [field for field in fields if field not in self._if_set]
        self._tags = [field for field in rest if field.type == "many2many"]
        plain = [field for field in rest if field.stored and not field.translated]
        self._grouped = [field for field in plain if field.type in FEW_VALUES and field.relation not in OF_MANY]
        self._listed = [
            field
            for field in plain
            if field.type in MANY_VALUES
            and field not in self._grouped
            and (field.type not in AMOUNTS or reader.lists_amounts)
        ]

    @property
    def tell_scope(self) -> bool:
        """Whether every record of the scope is in some answer."""
        return bool(self._grouped)

    def tasks(self) -> Iterator[Task]:
        for start in range(0, len(self._grouped), TOGETHER):
            yield partial(self._group, self._grouped[start : start + TOGETHER])
        for field in self._listed:
            yield partial(self._list, field)
        for field in self._if_set:
            yield partial(self._search, field.name, True, (field.name, "!=", False))
        for field in self._tags:
            yield from self._tag_tasks(field)

    def scope(self) -> RecordSet:
        """The records of the scope, where the answers tell."""
        return union(self._sets[self._grouped[0].name].values())

    def gone(self, records: RecordSet) -> RecordSet:
        """Those of the records that an answer does not tell of: they went between two questions."""
        return union(records - union(self._sets[field.name].values()) for field in self._grouped)

    def of(self, records: RecordSet) -> dict[str, Column]:
        """The columns of these records of the scope. Reads in rows what no other question told."""
        found: dict[str, Column] = {}
        for field in self._grouped:
            sets = {value: held & records for value, held in self._sets[field.name].items()}
            found[field.name] = Grouped(
                field, {value: held for value, held in sets.items() if held}, self._labels[field.name]
            )
        for field in self._if_set:
            held = self._sets.get(field.name, {}).get(True, RecordSet()) & records
            found[field.name] = Grouped(field, {True: held, None: records - held})
        for field in self._tags:
            sets = self._sets.get(field.name, {})
            tags = sorted(tag for tag in self._owned.get(field.name, ()) if tag > 0)
            found[field.name] = Grouped(field, {tag: sets.get(tag, RecordSet()) & records for tag in tags})
        for field in self._listed:
            found[field.name] = self._listing(field, records)
        left = [field for name, field in self._fields.items() if name not in found]
        return found | (read_rows(self._reader, self._model, records, left) if left else {})

    def _group(self, fields: Sequence[Field]) -> None:
        for field in fields:
            self._sets[field.name], self._labels[field.name] = {}, {}
        for group in self._reader.members(self._model, self._scope, [field.name for field in fields]):
            ids = RecordSet(group.ids)
            for field, key, label in zip(fields, group.keys, group.labels, strict=True):
                sets = self._sets[field.name]
                sets[key] = sets[key] | ids if key in sets else ids
                if label:
                    self._labels[field.name][key] = label

    def _list(self, field: Field) -> None:
        """In one answer, or in several of a bounded size where it is known how many records there are."""
        scope = self.scope() if self.tell_scope else RecordSet()
        if len(scope) <= LISTED:
            self._values[field.name] = self._reader.values(self._model, self._scope, field.name)
            return
        found = self._values[field.name] = {}
        for window in windows(scope, LISTED):
            here = [*self._scope, ("id", ">=", window.min()), ("id", "<=", window.max())]
            found.update(self._reader.values(self._model, here, field.name))

    def _listing(self, field: Field, records: RecordSet) -> Column:
        """With "nothing" for the records that the list leaves out; without what is no number or could not be read."""
        values, nothing = self._values[field.name], from_wire(field, False)
        unread = {record for model, record, _why in self._reader.unreadable if model == self._model}
        odd = {record for record, value in values.items() if isinstance(value, float) and not isfinite(value)}
        self._reader.skip(self._model, odd & set(records), "not_a_number")
        read = records - RecordSet(odd | unread)
        return Listed(field, {record: values.get(record, nothing) for record in read})

    def _tag_tasks(self, field: Field) -> Iterator[Task]:
        """Asked tag by tag where the server cannot group by them, and where tags may be archived: those have no group
        of their own."""
        tags = sorted(tag for tag in self._owned.get(field.name, ()) if tag > 0)
        if tags and self._reader.groups_many and "active" not in self._reader.fields(field.relation or ""):
            yield partial(self._group, [field])
            return
        for tag in tags:
            yield partial(self._search, field.name, tag, (field.name, "in", [tag]))

    def _search(self, name: str, value: Any, leaf: Any) -> None:
        ids = self._reader.search(self._model, [*self._scope, leaf])
        self._sets.setdefault(name, {})[value] = RecordSet(ids)


def read_rows(reader: OdooReader, model: str, records: RecordSet, fields: Sequence[Field]) -> dict[str, Column]:
    """Read row by row. Several values of a record are kept as a tuple, so that they can be compared."""
    values: dict[str, dict[int, Any]] = {field.name: {} for field in fields}
    for row in reader.read(model, list(records), [field.name for field in fields]) if records else ():
        for name, column in values.items():
            held = row[name]
            column[row["id"]] = tuple(held) if isinstance(held, list) else held
    return {field.name: Listed(field, values[field.name]) for field in fields}
