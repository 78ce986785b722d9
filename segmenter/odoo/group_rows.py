"""Rows of ``formatted_read_group`` and ``read_group`` as groups: see `odoo.groups` for what differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from segmenter.conditions.dates import local_day
from segmenter.conditions.operators import DATES, MANY
from segmenter.conditions.vocabulary import Field
from segmenter.i18n import _
from segmenter.odoo.values import Json, Row, from_wire


@dataclass(frozen=True, slots=True)
class Group:
    """Records that share their values of some fields.

    ``keys``: one normalised value a field, as `odoo.values` has it: the id of a many2one or many2many, the key of a
    selection, the first day of a month as ``2026-03-01``; None where it is empty. ``labels``: the same as the client
    reads them, ``""`` where it is empty. ``sums``: by the name that was asked for.
    """

    keys: tuple[Json, ...]
    labels: tuple[str, ...]
    count: int
    sums: Mapping[str, float]


def merged(groups: Iterable[Group]) -> list[Group]:
    """Groups of equal keys as one, in the place of the first."""
    found: dict[tuple[Json, ...], Group] = {}
    for group in groups:
        known = found.get(group.keys)
        if known is not None:
            sums = {name: known.sums[name] + value for name, value in group.sums.items()}
            group = Group(known.keys, known.labels, known.count + group.count, sums)
        found[group.keys] = group
    return list(found.values())


def group_of(row: Row, by: Iterable[tuple[str, Field]], sums: Iterable[str], zone: ZoneInfo) -> Group:
    """A row of either method. ``by``: ``create_date:month`` and its field, as it was asked for; ``zone``: the reader's.

    The sum of a number ``name`` is looked for as ``sum name``.
    """
    named = [_named(row, spec, field, zone) for spec, field in by]
    added = {name: float(row[f"sum {name}"] or 0) for name in sums}
    return Group(tuple(key for key, _label in named), tuple(label for _key, label in named), row["__count"], added)


def _named(row: Row, spec: str, field: Field, zone: ZoneInfo) -> tuple[Json, str]:
    """The key and the label of one field of a row."""
    raw = row[spec]
    if field.type in DATES:
        return _period(row, spec, field, zone) if raw else (None, "")
    if field.type in MANY or field.type == "many2one":
        return (int(raw[0]), str(raw[1] or "")) if raw else (None, "")
    key = from_wire(field, raw)
    if key is None:
        return None, ""
    if field.type == "boolean":
        return key, _("yes") if key else _("no")
    return key, dict(field.selection).get(key, str(key)) if field.type == "selection" else str(key)


def _period(row: Row, spec: str, field: Field, zone: ZoneInfo) -> tuple[str, str]:
    """The first day of a period in the reader's zone, and what the server calls it."""
    raw = row[spec]
    if isinstance(raw, (list, tuple)):
        first, label = raw
    elif spec in row.get("__range", {}):
        first, label = row["__range"][spec]["from"], raw
    else:  # The groups' own leaves come before those of the domain that was asked for.
        starts = [leaf[2] for leaf in row["__domain"] if list(leaf[:2]) == [field.name, ">="]]
        first, label = starts[0], raw
    return local_day(str(first), zone), str(label)
