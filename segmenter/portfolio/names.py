"""What people call the records and values of a plan, so that a report needs no server to show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from segmenter.conditions import Field
from segmenter.errors import SegmenterError
from segmenter.odoo.reader import OdooReader
from segmenter.plans import ChangeSet, ConfigChange, Json, Plan
from segmenter.portfolio import Column, Grouped
from segmenter.portfolio.reading import FEW
from segmenter.record_set import RecordSet, windows

AT_A_TIME = 50_000
"""Names that are held at a time."""


def shown_by(model: str) -> str:
    """The field by which a record is shown. A lead has its name, which the server tells faster than it computes a
    `display_name`."""
    return "name" if model == "crm.lead" else "display_name"


def names_of_records(
    reader: OdooReader,
    model: str,
    scope: Sequence[Any],
    records: RecordSet,
    *,
    known: Mapping[int, str] | None = None,
) -> Iterator[tuple[int, str]]:
    """(record, name) of these records of a scope, in order of id; read while taken, unless all are ``known``."""
    if known and all(record in known for record in records):
        yield from ((record, known[record]) for record in records)
        return
    if model != "crm.lead" or len(records) <= FEW:
        shown = shown_by(model)
        for row in reader.read(model, list(records), [shown]):
            yield row["id"], row[shown] or ""
        return
    for window in windows(records, AT_A_TIME):
        here = [*scope, ("id", ">=", window.min()), ("id", "<=", window.max())]
        names = reader.values(model, here, "name")
        yield from ((record, names.get(record, "") or "") for record in window)


def names_of_values(
    reader: OdooReader,
    changes: Iterable[ChangeSet],
    fields: Mapping[str, Field],
    config: Iterable[ConfigChange],
    known: Mapping[str, str],
) -> dict[str, str]:
    """``"field:id"`` or ``"field:key"`` -> name, of every value before and after. ``known``: names that were told
    already; ``config``: what the plan creates, known by negative ids."""
    values = [(change.field, value) for change in changes for value in (change.before, change.after)]
    return _named(values, fields, config, known, reader)


def names_met(
    values: Iterable[tuple[str, Json]], plan: Plan, fields: Mapping[str, Field], reader: OdooReader
) -> dict[str, str]:
    """Names of values that a run met and that its plan does not know; none where the server does not tell."""
    met = [(field, value) for field, value in values if field in fields]
    try:
        names = _named(met, fields, plan.config, plan.names.value_names, reader)
    except SegmenterError:
        return {}
    return {value: name for value, name in names.items() if value not in plan.names.value_names}


def labels(columns: Iterable[Column]) -> dict[str, str]:
    """``"field:id"`` -> what the client's Odoo calls that value, as far as the columns tell."""
    return {
        f"{column.field.name}:{value}": label
        for column in columns
        if isinstance(column, Grouped)
        for value, label in column.labels.items()
    }


def _named(
    values: Iterable[tuple[str, Json]],
    fields: Mapping[str, Field],
    config: Iterable[ConfigChange],
    known: Mapping[str, str],
    reader: OdooReader,
) -> dict[str, str]:
    """The names of (field, value) pairs. Each distinct value is asked for once."""
    created = {f"{change.model}:{change.ref}": change.name for change in config}
    distinct: dict[str, set[int | str]] = defaultdict(set)
    for name, value in values:
        distinct[name].update(value if isinstance(value, list) else () if value is None else (value,))
    found: dict[str, str] = {}
    for name, here in distinct.items():
        field, keys = fields[name], {value: f"{name}:{value}" for value in here}
        if field.relation:
            found |= {key: known[key] for key in keys.values() if key in known}
            asked = [value for value, key in keys.items() if key not in known and isinstance(value, int)]
            told = reader.names(field.relation, sorted(value for value in asked if value > 0))
            told |= {value: created[f"{field.relation}:{value}"] for value in asked if value < 0}
            found |= {f"{name}:{value}": text for value, text in told.items()}
        elif field.selection:
            labels = dict(field.selection)
            found |= {key: labels[str(value)] for value, key in keys.items() if str(value) in labels}
    return found
