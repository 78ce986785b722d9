"""Counting by groups, as Odoo 19 does: ``formatted_read_group``, and ``read_group`` without its lazy levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from dateutil.relativedelta import relativedelta

from segmenter.conditions.operators import DATES, MANY, NUMBERS
from segmenter.embedded.index import Index, index
from segmenter.embedded.names import display_name, places
from segmenter.embedded.schema import ModelDef
from segmenter.embedded.tables import Tables
from segmenter.record_set import RecordSet

PERIODS = {"month": "MMMM yyyy", "year": "yyyy"}
"""The periods that segmenter asks for -> the pattern of their labels in Odoo."""
_OF_FILLED: Mapping[str, Callable[[Sequence[Any]], Any]] = {"count": len, "min": min, "max": max}
_ALIASED = re.compile(r"(\w+)(?::(\w+)(?:\((\w+)\))?)?")
Row = dict[str, Any]


@dataclass(frozen=True)
class _Key:
    """One field to count by: the values of a record, and how the server returns, filters and sorts them."""

    spec: str
    name: str
    of: Callable[[int], Sequence[Any]]
    wire: Callable[[Any], Any]
    leaf: Callable[[Any], list[Any]]
    place: Callable[[Any], Any]
    index: Index | None = None
    within: Callable[[Any], Mapping[str, str] | bool] | None = None

    def divide(self, records: RecordSet) -> Iterator[tuple[Any, RecordSet]]:
        """The records by value: from the index where that has fewer values than there are records."""
        if self.index is not None and len(self.index.values) < len(records):
            for at, value in enumerate(self.index.values):
                if held := self.index.records(at) & records:
                    yield value, held
            return
        found: dict[Any, list[int]] = {}
        for record in records:
            for value in self.of(record):
                found.setdefault(value, []).append(record)
        for value, ids in found.items():
            yield value, RecordSet(ids)


@dataclass(frozen=True)
class Grouped:
    """The records of a search, which are counted by groups. ``language``, ``zone``: the caller's."""

    tables: Tables
    model: str
    ids: RecordSet
    language: str
    zone: ZoneInfo

    @property
    def definition(self) -> ModelDef:
        return self.tables.models[self.model]

    def formatted(
        self, groupby: Sequence[str], aggregates: Sequence[str], offset: int, limit: int | None, order: str | None
    ) -> list[Row]:
        """The rows of ``formatted_read_group``."""
        keys = [self._key(spec) for spec in groupby]
        rows = []
        for values, ids in self._sorted(keys, order or ", ".join(groupby))[offset:][: limit or None]:
            row: Row = {key.spec: key.wire(value) for key, value in zip(keys, values, strict=True)}
            leaves = [key.leaf(value) for key, value in zip(keys, values, strict=True)]
            row["__extra_domain"] = _and(leaves) or [[1, "=", 1]]
            rows.append(row | {name: self._aggregate(name, ids) for name in aggregates})
        return rows

    def classic(
        self,
        fields: Sequence[str],
        groupby: Sequence[str],
        domain: Sequence[Any],
        offset: int,
        limit: int | None,
        order: str,
    ) -> list[Row]:
        """The rows of ``read_group``. ``fields``: ``expected_revenue``, ``name:sum`` or ``alias:sum(name)``."""
        keys = [self._key(spec) for spec in groupby]
        asked = {}
        for text in fields:
            found = _ALIASED.fullmatch(text)
            alias, function, name = found.groups() if found else (text, None, None)
            asked[alias] = f"{name or alias}:{function or 'sum'}"
        for alias, aggregate in asked.items():
            order = re.sub(rf"\b{alias}\b", aggregate, order)
        rows = []
        for values, ids in self._sorted(keys, order or ", ".join(groupby))[offset:][: limit or None]:
            row: Row = {"__count": len(ids)} | {alias: self._aggregate(name, ids) for alias, name in asked.items()}
            ranges: Row = {}
            leaves = []
            for key, value in zip(keys, values, strict=True):
                wire = key.wire(value)
                row[key.spec] = wire[1] if key.within and wire else wire
                leaves.append(key.leaf(value))
                if key.within:
                    ranges[key.spec] = key.within(value)
            row["__domain"] = _and([*leaves, *([list(domain)] if domain else [])])
            rows.append(row | ({"__range": ranges} if ranges else {}))
        return rows

    def _sorted(self, keys: Sequence[_Key], order: str) -> list[tuple[tuple[Any, ...], RecordSet]]:
        """The groups with their records, sorted; a single group if there is no field to count by."""
        result: list[tuple[tuple[Any, ...], RecordSet]] = [((), self.ids)] if self.ids or not keys else []
        for key in keys:
            result = [((*values, value), held) for values, ids in result for value, held in key.divide(ids)]
        result.sort(key=lambda group: group[1].min() if group[1] else 0)
        by_spec = {key.spec: at for at, key in enumerate(keys)}
        for term in reversed([part.strip() for part in order.split(",") if part.strip()]):
            spec, _space, direction = term.partition(" ")
            if spec in by_spec:
                at = by_spec[spec]
                result.sort(key=lambda group: keys[at].place(group[0][at]), reverse=direction.lower() == "desc")
            else:
                result.sort(key=lambda group: self._aggregate(spec, group[1]), reverse=direction.lower() == "desc")
        return result

    def _aggregate(self, spec: str, ids: RecordSet) -> Any:
        """An aggregate of one group's records; the sum of no records is False."""
        name, _colon, function = spec.partition(":")
        if spec == "__count":
            return len(ids)
        field = self.definition.fields.get(name)
        if field is None:
            raise ValueError(f"Invalid field {name!r} on model {self.model!r}")
        if name == "id" and function == "count":
            return len(ids)
        if function == "array_agg":
            return list(ids) if name == "id" else self.tables.cells(self.model, name, ids)
        values = self.tables.cells(self.model, name, ids)
        if function == "count_distinct":
            return len({value for value in values if value is not None})
        if function in _OF_FILLED:
            filled = [value for value in values if value is not None]
            return _OF_FILLED[function](filled) if filled else 0 if function == "count" else False
        if function != "sum" or field.type not in NUMBERS:
            raise ValueError(f"Aggregate method is mandatory or unknown for {spec!r}")
        return sum(values) if values else False

    def _key(self, spec: str) -> _Key:
        name, _colon, period = spec.partition(":")
        field = self.definition.fields.get(name)
        if field is None:
            raise ValueError(f"Invalid field {name!r} on model {self.model!r}")
        if field.type == "one2many" or not field.store:
            raise ValueError(f"Cannot convert {self.model}.{name} to SQL because it is not stored")
        if field.type in DATES:
            return self._period(spec, name, period)
        if period:
            raise ValueError(f"Granularity set on a no-datetime field or property: {spec!r}")
        many = field.type in MANY

        def of(record: int) -> Sequence[Any]:
            cell = self.tables.cell(self.model, record, name)
            return (cell or (None,)) if many else (cell,)

        if field.relation:
            relation = field.relation
            place = places(self.tables, relation)

            def pair(value: int | None) -> Any:
                return [value, display_name(self.tables, relation, value) or ""] if value else False

            def leaf(value: int | None) -> list[Any]:
                return [name, "not any", []] if many and value is None else [name, "=", value or False]

            by_value = index(self.tables, self.model, name)
            return _Key(spec, name, of, pair, leaf, lambda value: place.get(value, len(place)), by_value)

        def wire(value: Any) -> Any:
            return False if value is None else value

        return _Key(
            spec,
            name,
            of,
            wire,
            lambda value: [name, "=", wire(value)],
            lambda value: (value is None, "" if value is None else value),
            index(self.tables, self.model, name),
        )

    def _period(self, spec: str, name: str, period: str) -> _Key:
        if not period:
            raise ValueError(f"Granularity not set on a date(time) field: {name!r}")
        if period not in PERIODS:
            raise ValueError(f"Granularity specification isn't correct: {period!r}")
        dated = self.definition.fields[name].type == "date"

        def first(record: int) -> Sequence[date | None]:
            cell = self.tables.cell(self.model, record, name)
            if cell is None:
                return (None,)
            day = date.fromisoformat(cell[:10])
            if not dated:
                day = datetime.fromisoformat(cell).replace(tzinfo=UTC).astimezone(self.zone).date()
            return (day.replace(day=1) if period == "month" else day.replace(month=1, day=1),)

        def moment(day: date) -> str:
            if dated:
                return day.isoformat()
            local = datetime.combine(day, time(), self.zone)
            return local.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")

        def limits(value: date) -> tuple[str, str]:
            return moment(value), moment(value + relativedelta(**{f"{period}s": 1}))  # type: ignore[arg-type]

        def wire(value: date | None) -> Any:
            if value is None:
                return False
            return [moment(value), format_date(value, PERIODS[period], locale=self.language)]

        def leaf(value: date | None) -> list[Any]:
            if value is None:
                return [name, "=", False]
            begin, end = limits(value)
            return ["&", [name, ">=", begin], [name, "<", end]]

        def within(value: date | None) -> Mapping[str, str] | bool:
            return dict(zip(("from", "to"), limits(value), strict=True)) if value else False

        return _Key(spec, name, first, wire, leaf, lambda value: (value is None, value or date.min), within=within)


def _and(domains: Sequence[list[Any]]) -> list[Any]:
    """Joins leaves and domains with ``&`` in prefix notation."""
    parts = [list(_parts(domain)) for domain in domains]
    return ["&"] * (len(parts) - 1) + [item for part in parts for item in part] if parts else []


def _parts(domain: list[Any]) -> Iterator[Any]:
    """The items of a domain; of a single leaf, the leaf."""
    leaf = len(domain) == 3 and isinstance(domain[0], str) and domain[0] not in ("&", "|", "!")
    yield from [domain] if leaf else domain
