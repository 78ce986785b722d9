"""The roster of a plan in the ledger: sets of records as blobs, and what is told record by record some thousand at a
time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from sqlalchemy import Connection, Select, select

from segmenter.ledger import blobs
from segmenter.ledger.schema import holdings, readings
from segmenter.plans.changes import Json
from segmenter.plans.digest import canonical
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet

REVENUE, MOVED, EXTERNAL, LISTS = "revenue", "moved", "external", "lists"

SetRow = tuple[int, str, bytes]
"""Position, what the records hold (`schema.holdings`), the records."""
ValueRow = tuple[str, int, int, bytes]
"""What the values are, first record, last record, values."""


def set_rows(roster: Roster) -> list[SetRow]:
    """The sets as rows, in their order."""
    kept = [
        (canonical([field, value, roster.labels.get(f"{field}:{value}", "")]), blobs.set_to_blob(records))
        for field, sets in roster.held.items()
        for value, records in sets.items()
    ]
    return [(at, held, records) for at, (held, records) in enumerate(kept)]


def value_rows(roster: Roster) -> Iterator[ValueRow]:
    """What is told record by record, as rows. What is nothing, or no number, is left out."""
    revenue = {record: amount for record, amount in roster.revenue.items() if amount and isfinite(amount)}
    kept: Mapping[str, Mapping[int, Json]] = {
        REVENUE: revenue,
        MOVED: roster.moved,
        EXTERNAL: roster.external,
        LISTS: roster.lists,
        **roster.told,
    }
    for what in sorted(kept):  # in the order in which `rows_of_values` has them
        for first, last, blob in blobs.values_to_blobs(sorted(kept[what].items())):
            yield what, first, last, blob


def rows_of_sets(number: int) -> Select[Any]:
    """The sets of a plan, as `set_rows` gave them."""
    return select(*holdings.columns[1:]).where(holdings.c.plan == number).order_by(holdings.c.position)


def rows_of_values(number: int) -> Select[Any]:
    """The values of a plan, as `value_rows` gave them."""
    columns = readings.c
    query = select(*readings.columns[1:]).where(columns.plan == number)
    return query.order_by(columns.what, columns.first)


def roster_of(connection: Connection, number: int) -> Roster | None:
    """What was kept with a plan; None where it is of an older version, or was made without."""
    rows, told = (connection.execute(query(number)).all() for query in (rows_of_sets, rows_of_values))
    if not rows and not told:
        return None
    held: dict[str, dict[Json, RecordSet]] = {}
    labels: dict[str, str] = {}
    for row in rows:
        field, value, label = json.loads(row.held)
        held.setdefault(field, {})[value] = blobs.set_from_blob(row.records)
        if label:
            labels[f"{field}:{value}"] = label
    values: dict[str, dict[int, Any]] = {}
    for row in told:
        values.setdefault(row.what, {}).update(blobs.values_from_blob(row.read))
    revenue, moved, external, lists = (values.pop(what, {}) for what in (REVENUE, MOVED, EXTERNAL, LISTS))
    return Roster(held, labels, revenue, moved, values, external, lists)
