"""A CRM in memory as it is measured: sets of records by domain, and what the records hold, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from xmlrpc.client import Fault

from segmenter.conditions import Clock, Field
from segmenter.conditions.dates import local_day
from segmenter.conditions.operators import MANY
from segmenter.embedded import EmbeddedServer
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.faults import translate
from segmenter.odoo.reader import OdooReader
from segmenter.record_set import RecordSet

T = TypeVar("T")
Domain = Sequence[Any]
Column = Mapping[int, Any]
"""Record -> what it holds, of the records that hold something: ids, keys, numbers, texts, a tuple of several.

A number that is 0 and a box that is not ticked count as held."""


@dataclass(frozen=True)
class Crm:
    """A CRM in memory, opened for reading in the client's language and time zone.

    Columns and names are asked once: open it again after something was written.
    """

    server: EmbeddedServer
    reader: OdooReader
    catalog: Catalog
    clock: Clock
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def kept(self, compute: Callable[[], T], *about: str) -> T:
        """The answer of ``compute``, asked once. ``about``: what tells it from all others."""
        if about not in self._kept:
            self._kept[about] = compute()
        found: T = self._kept[about]
        return found

    def take(self, model: str, domain: Domain) -> RecordSet:
        """The records of a domain, as a search finds them. Raises `SegmenterError` for what the CRM refuses."""
        try:
            return self.server.take(model, domain, zone=self.clock.zone, language=self.reader.language)
        except Fault as fault:
            raise translate(fault, model, "search") from fault

    def fields(self, model: str, path: str) -> tuple[Field, ...] | None:
        """The fields along a path (``country_id.code``); None where there is no such path."""
        found: list[Field] = []
        for step in path.split("."):
            known = self.catalog.field(model, step) if model else None
            if known is None:
                return None
            found.append(known)
            model = known.relation or ""
        return tuple(found)

    def column(self, fields: Sequence[Field]) -> Column:
        """What every record holds at the end of a path of fields, the first of which is the record's own.

        Behind a relation to many there is all that the records hold to which it leads.
        """
        return self.kept(lambda: self._column(fields), *_named(fields))

    def passing(self, fields: Sequence[Field]) -> Column:
        """The same, for who goes through all of it once: it is not kept, and takes no memory afterwards."""
        known: Column | None = self._kept.get(_named(fields))
        return self._column(fields) if known is None else known

    def _column(self, fields: Sequence[Field]) -> Column:
        first, *rest = fields
        return self._behind(first, rest) if rest else self._stored(first)

    def _behind(self, first: Field, rest: Sequence[Field]) -> Column:
        here, there = self.column((first,)), self.column(rest)
        if first.type not in MANY:
            return {record: there[to] for record, to in here.items() if to in there}
        found: dict[int, Any] = {}
        for record, others in here.items():
            told = [there[other] for other in others if other in there]
            flat = [one for held in told for one in (held if isinstance(held, tuple) else (held,))]
            if flat:
                found[record] = tuple(dict.fromkeys(flat))
        return found

    def _stored(self, of: Field) -> Column:
        tables, model, name = self.server.tables, of.model, of.name
        with tables.lock:
            rows = tables.rows[model]
            if name == "id":
                return {record: record for record in rows}
            if name == "display_name":
                return self.reader.names(model, sorted(rows))
            if of.type == "one2many":
                back = tables.models[model].fields[name].relation_field or ""
                return _inverse(self.column((self.reader.fields(of.relation or "")[back],)))
            if of.translated:
                tables.language = self.reader.language
                held = ((record, tables.cell(model, record, name)) for record in rows)
            else:
                held = ((record, row.get(name)) for record, row in rows.items())
            return {record: value for record, value in held if value or value == 0}

    def days(self, fields: Sequence[Field]) -> Column:
        """Record -> the client's day of a date or a moment."""
        column, zone = self.column(fields), self.clock.zone
        if fields[-1].type != "datetime":
            return column
        path = ".".join(step.name for step in fields)

        def told() -> Column:
            day = cache(lambda text: local_day(text, zone))
            return {record: day(text) for record, text in column.items() if isinstance(text, str)}

        return self.kept(told, "days", fields[0].model, path)

    def names(self, model: str, records: Iterable[int]) -> dict[int, str]:
        """What records are called, of those that the work user may read."""
        known: dict[int, str] = self.kept(dict, "names", model)
        if new := sorted({record for record in records if record not in known}):
            told = self.reader.names(model, new)
            known.update({record: told.get(record, "") for record in new})
        return known


def _named(fields: Sequence[Field]) -> tuple[str, ...]:
    """What a column is kept under."""
    return "column", fields[0].model, ".".join(step.name for step in fields)


def _inverse(column: Column) -> Column:
    found: dict[int, list[int]] = {}
    for record, to in column.items():
        found.setdefault(to, []).append(record)
    return {to: tuple(records) for to, records in found.items()}
