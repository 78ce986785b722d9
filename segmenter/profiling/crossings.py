"""Crosses fields with stage, salesperson, source, country and month of entry, by groups of two keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmenter.conditions import Domain, Field
from segmenter.conditions.operators import DATES
from segmenter.odoo.reader import OdooReader
from segmenter.profiling.model import Averages, Crossing, CrossingRow, FieldProfile, Json, Value

ROWS = 10
COLUMNS = 8
MONTHS = 12
MOST_VALUES = 100
"""Values of an axis that are fetched, the most frequent first."""
MOST_CELLS = 1000
"""The cells of one crossing; smaller ones are left out."""


@dataclass(frozen=True)
class Axis:
    """What fields are crossed with. ``columns``: the values shown, in order; ``averages``: by name of the number."""

    spec: str
    field: Field
    columns: tuple[Value, ...]
    averages: Mapping[str, Averages]


def axis(reader: OdooReader, domain: Domain, spec: str, field: Field, numbers: Sequence[str]) -> Axis | None:
    """One axis with the averages by it, from one call; None if it does not distinguish the records."""
    dated = field.type in DATES
    groups = reader.groups(field.model, domain, [spec], numbers, most=None if dated else MOST_VALUES)
    if dated:
        groups = groups[-MONTHS:]
    if len(groups) < 2:
        return None
    shown = [
        (Value(group.keys[0], str(group.keys[0] or "") if dated else group.labels[0], group.count), group.sums)
        for group in (groups if dated else groups[:COLUMNS])
    ]
    columns = tuple(value for value, _sums in shown)
    levels = {
        name: Averages(
            spec, field.label, tuple((value.label, value.count, sums[name] / value.count) for value, sums in shown)
        )
        for name in numbers
    }
    return Axis(spec, field, columns, levels)


def beside(name: str, across: Sequence[Axis]) -> Sequence[Axis]:
    """The axes that a field is crossed with. Two axes are crossed once: the first by the second."""
    place = next((at for at, axis in enumerate(across) if axis.field.name == name), -1)
    return across[place + 1 :]


def cross(reader: OdooReader, domain: Domain, one: FieldProfile, across: Axis, records: int) -> Crossing | None:
    """A field's most frequent values (of a date, its last years) by an axis; None if that shows nothing."""
    values = list(one.values[-ROWS:] if one.type in DATES else one.values[:ROWS])
    many = one.type == "many2many"
    if not values:
        return None
    if one.filled < records and not many:
        values.append(Value(None, "", records - one.filled))
    if len(values) < 2:
        return None
    spec = f"{one.name}:year" if one.type in DATES else one.name
    keys = [value.key for value in values if value.key is not None]
    within = domain
    if not many and one.type not in DATES and len(keys) < (one.different or 0):
        within = [*domain, "|", [one.name, "in", keys], [one.name, "=", False]]
    groups = reader.groups(
        across.field.model,
        within,
        [spec, across.spec],
        most=MOST_CELLS,
        only=[int(key or 0) for key in keys] if many else None,
    )
    cells: dict[tuple[Json, Json], int] = {group.keys: group.count for group in groups}
    rows = tuple(
        CrossingRow(value.label, tuple(cells.get((value.key, column.key), 0) for column in across.columns), value.count)
        for value in values
    )
    return Crossing(across.spec, across.field.label, tuple(column.label for column in across.columns), rows)
