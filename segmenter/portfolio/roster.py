"""What the records of a scope are called and hold, for the pages of the salespeople: read when a plan is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from segmenter.odoo.reader import OdooReader
from segmenter.plans import Json
from segmenter.plans.roster import Roster
from segmenter.portfolio.names import names_of_records, shown_by
from segmenter.portfolio.portfolio import DIVIDED_BY, Column, Grouped, Portfolio
from segmenter.record_set import RecordSet, by_value

READ = 20_000
"""Records that are read in rows for it. Of more, names alone are asked for, which a server can list."""
REVENUE, MOVED = "expected_revenue", "date_last_stage_update"
TOLD = {"city": ("city",), "phone": ("phone", "mobile"), "email": ("email_from", "email")}
"""What reports tell of a record besides -> the fields that may hold it: the first that is filled counts."""


def read_roster(
    reader: OdooReader, portfolio: Portfolio, scope: Sequence[Any], known: Mapping[int, str], changed: RecordSet
) -> tuple[Iterable[tuple[int, str]], Roster]:
    """(record, name) of every record of the scope, in order of id, and what these records hold.

    ``known``: names that were read already; ``changed``: records that get a name even where theirs cannot be read any
    more.
    """
    held = {name: _sets(portfolio.columns[name]) for name in DIVIDED_BY if name in portfolio.columns}
    labels = {
        f"{name}:{value}": label
        for name, column in portfolio.columns.items()
        if name in held and isinstance(column, Grouped)
        for value, label in column.labels.items()
    }
    worth, records = portfolio.worth, portfolio.scope
    revenue = {record: worth.amounts[record] for record in records if worth.amounts.get(record)}
    external = reader.rows.external_ids if reader.rows else {}
    lists = _lists(reader, portfolio.model, external) if external else {}
    if len(records) > READ:
        names = names_of_records(reader, portfolio.model, scope, records)
        return names, Roster(held, labels, revenue, external=external, lists=lists)
    fields = reader.fields(portfolio.model)
    told = shown_by(portfolio.model)
    # An export tells when nothing happened: what its file does not hold is now.
    dated = not reader.identity.exported and MOVED in fields
    texts = {what: [name for name in names if name in fields] for what, names in TOLD.items()}
    also = [name for names in texts.values() for name in names]
    asked = [told, *([REVENUE] if worth.sums else []), *([MOVED] if dated else []), *also]
    rows = {row["id"]: row for row in reader.read(portfolio.model, list(records), asked)} if records else {}
    if worth.sums:
        revenue = {record: row[REVENUE] for record, row in rows.items() if row[REVENUE]}
    moved = {record: str(row[MOVED]) for record, row in rows.items() if row[MOVED]} if dated else {}
    every = {**known, **{record: row[told] or "" for record, row in rows.items()}}
    # What breaks the answer may be a text besides the name.
    if nameless := [record for record in records if record not in every]:
        every |= {row["id"]: row[told] or "" for row in reader.read(portfolio.model, nameless, [told])}
    said = {what: found for what, names in texts.items() if (found := dict(_said(rows, names)))}
    return _in_order(every, records | changed), Roster(held, labels, revenue, moved, said, external, lists)


def _lists(reader: OdooReader, model: str, records: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    """Record -> many-valued field -> the names of all that it holds, of the records that hold any."""
    fields = {name: field for name, field in reader.fields(model).items() if field.type == "many2many"}
    rows = list(reader.read(model, sorted(records), list(fields))) if fields else []
    called = {
        name: reader.names(str(field.relation), sorted({one for row in rows for one in row[name]}))
        for name, field in fields.items()
    }
    held = {row["id"]: {name: [called[name][one] for one in row[name]] for name in fields if row[name]} for row in rows}
    return {record: names for record, names in held.items() if names}


def _said(rows: Mapping[int, Mapping[str, Json]], names: Sequence[str]) -> Iterator[tuple[int, str]]:
    for record, row in rows.items():
        if text := next((str(row[name]) for name in names if row[name]), ""):
            yield record, text


def _in_order(names: Mapping[int, str], records: RecordSet) -> Iterator[tuple[int, str]]:
    yield from ((record, names[record]) for record in records if record in names)


def _sets(column: Column) -> Mapping[Json, RecordSet]:
    return column.sets if isinstance(column, Grouped) else by_value(column.values)
