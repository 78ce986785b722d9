"""Lets the server count records by their values, so that they need not be read.

``formatted_read_group`` where the server has it (19), ``read_group`` below: see `odoo.versions`. What differs between
them, as measured on 14 and 19:

- the month of a row is a pair ``[first moment in UTC, label]`` in the one; in the other a label, with its limits in
  ``__range`` (15 and later) or first in ``__domain`` (14);
- 14 cannot group by a many2many field: it is asked value by value;
- 14 gives an empty number a row of its own beside that of 0, and an empty text beside ``''``: rows of equal keys are
  added up here;
- both say the most frequent first only when asked for, by ``__count`` or by an aggregate of the id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions.dates import local_day
from segmenter.conditions.operators import DATES, MANY, NUMBERS
from segmenter.conditions.vocabulary import Field
from segmenter.errors import SegmenterError, ServerError, UnknownCall
from segmenter.i18n import _
from segmenter.odoo.values import Json, Row, from_wire
from segmenter.odoo.versions import Probe

GRANULARITIES = ("day", "week", "month", "quarter", "year")
MOST_VALUES = 200
"""The most values of a many2many field that are counted one by one, if the server cannot group by it."""
Ask = Callable[[str, str, Sequence[Any], Mapping[str, Any]], Any]
"""A reading call: model, method, positional and named arguments."""


class CannotGroup(SegmenterError):
    """The server cannot count by this field. Nothing was asked."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What to count by: ``by`` holds ``stage_id`` or ``create_date:month``; ``sums`` are names of numbers.

    ``only``: of a many-valued field, the values that count.
    """

    model: str
    by: tuple[tuple[str, Field], ...]
    sums: tuple[str, ...]
    only: tuple[int, ...] | None = None

    @property
    def specs(self) -> list[str]:
        """The keys as the server gets them."""
        return [spec for spec, _field in self.by]

    @property
    def many(self) -> Field | None:
        """The first many-valued field; None if there is none."""
        return next((field for _spec, field in self.by if field.type in MANY), None)


def grouping(
    fields: Mapping[str, Field],
    model: str,
    by: Sequence[str],
    sums: Sequence[str],
    only: Sequence[int] | None = None,
) -> Grouping:
    """Checks the fields before anything is asked. Raises `CannotGroup`."""
    if not by or len(set(by)) < len(by):
        raise ValueError(f"group by one field or more, each once: {by}")
    for name in sums:
        field = _known(fields, model, name)
        if field.type not in NUMBERS or not field.stored:
            raise CannotGroup(_("{field} cannot be added up by the server").format(field=field.label))
    asked = tuple((spec, _by(fields, model, spec)) for spec in by)
    return Grouping(model, asked, tuple(sums), None if only is None else tuple(only))


def _by(fields: Mapping[str, Field], model: str, spec: str) -> Field:
    name, _colon, granularity = spec.partition(":")
    field = _known(fields, model, name)
    dated = field.type in DATES
    if not field.stored or field.type in ("one2many", "binary", "properties", "properties_definition", "json"):
        raise CannotGroup(_("The server cannot count by {field}").format(field=field.label))
    if dated != bool(granularity) or (granularity and granularity not in GRANULARITIES):
        raise ValueError(f"a date, and nothing else, is grouped by {', '.join(GRANULARITIES)}: {spec}")
    return field


def _known(fields: Mapping[str, Field], model: str, name: str) -> Field:
    if name not in fields:
        raise CannotGroup(_("{model} has no field {field}").format(model=model, field=name))
    return fields[name]


class Counter:
    """Asks a server for groups, with the call that its version knows."""

    def __init__(self, timezone: str, probe: Probe) -> None:
        self._zone, self._probe = ZoneInfo(timezone), probe

    def groups(
        self, ask: Ask, domain: Sequence[Any], wanted: Grouping, *, most: int | None = None, skip: int = 0
    ) -> list[Group]:
        """The groups of a domain. ``most``: only so many, the most frequent, after ``skip`` of them.

        Raises `CannotGroup` for a many2many field of which an old server has too many values.
        """
        many = wanted.many
        if many is not None and wanted.only is not None:
            domain = [*domain, [many.name, "in", list(wanted.only)]]
        rows = self._probe.ask(
            "counting",
            partial(_ask_formatted, ask, domain, wanted, most, skip),
            partial(_ask_read_group, ask, domain, wanted, most, skip),
        )
        if rows is None:
            return self._each_value(ask, domain, wanted, most, skip)
        found = merged(group_of(row, wanted.by, wanted.sums, self._zone) for row in rows)
        if many is None or wanted.only is None:
            return found
        at = next(place for place, (_spec, field) in enumerate(wanted.by) if field is many)
        return [group for group in found if group.keys[at] in wanted.only]

    def distinct(self, ask: Ask, domain: Sequence[Any], field: Field) -> int:
        """The number of different values in a field; the domain must take at least one record."""
        aggregate = f"{field.name}:count_distinct"
        new = {"groupby": [], "aggregates": [aggregate]}
        # Without records the server would answer None, which XML-RPC cannot carry.
        old = [list(domain), [f"n:count_distinct({field.name})"], []]
        (row,) = self._probe.ask(
            "counting",
            partial(ask, field.model, "formatted_read_group", [list(domain)], new),
            partial(ask, field.model, "read_group", old, {"lazy": False}),
        )
        return int(row[aggregate] if aggregate in row else row["n"])

    def _each_value(
        self, ask: Ask, domain: Sequence[Any], wanted: Grouping, most: int | None, skip: int
    ) -> list[Group]:
        """Counts each value of a many-valued field by a call of its own, and the records without one."""
        at, many = next((place, field) for place, (_spec, field) in enumerate(wanted.by) if field is wanted.many)
        others = (*wanted.by[:at], *wanted.by[at + 1 :])
        # Without another field it groups by year and adds up below: there are no sums without groups.
        rest = Grouping(wanted.model, others or (_year(wanted.model),), wanted.sums)
        found: list[Group] = []
        for key, label in _values(ask, many, wanted.only):
            leaf = [many.name, "=", False] if key is None else [many.name, "in", [key]]
            for group in self.groups(ask, [*domain, leaf], rest):
                keys, labels = (group.keys, group.labels) if others else ((), ())
                keys, labels = (*keys[:at], key, *keys[at:]), (*labels[:at], label, *labels[at:])
                found.append(Group(keys, labels, group.count, group.sums))
        counted = merged(found)
        if most is None:
            return counted
        return sorted(counted, key=lambda group: -group.count)[skip : skip + most]


def _year(model: str) -> tuple[str, Field]:
    return "create_date:year", Field(model, "create_date", "datetime", "")


def _values(ask: Ask, many: Field, only: Sequence[int] | None) -> list[tuple[int | None, str]]:
    """(id, name) of every record that a many-valued field may hold, or of ``only`` these; (None, "") for no value."""
    options = {"fields": ["display_name"], "limit": MOST_VALUES + 1}
    rows = ask(many.relation or "", "search_read", [[] if only is None else [["id", "in", list(only)]]], options)
    if len(rows) > MOST_VALUES:
        raise CannotGroup(
            _("This Odoo cannot count by {field}, and there are more than {most} values to count one by one").format(
                field=many.label, most=MOST_VALUES
            )
        )
    found: list[tuple[int | None, str]] = [(int(row["id"]), str(row["display_name"] or "")) for row in rows]
    return [*found, (None, "")] if only is None else found


def _ask_formatted(ask: Ask, domain: Sequence[Any], wanted: Grouping, most: int | None, skip: int) -> list[Row]:
    sums = [f"{name}:sum" for name in wanted.sums]
    options: dict[str, Any] = {"groupby": wanted.specs, "aggregates": ["__count", *sums]}
    if most is not None:
        options |= {"order": ", ".join(["__count desc", *wanted.specs]), "limit": most, "offset": skip}
    rows: list[Row] = ask(wanted.model, "formatted_read_group", [list(domain)], options)
    return [{**row, **{f"sum {name}": row[f"{name}:sum"] for name in wanted.sums}} for row in rows]


def _ask_read_group(ask: Ask, domain: Sequence[Any], wanted: Grouping, most: int | None, skip: int) -> list[Row] | None:
    """The rows of ``read_group``; None if the server cannot group by a many-valued field."""
    # Every number is added up unless fields are named; an aggregate of the id is what 14 can sort by.
    fields = ["n:count(id)", *(f"s{at}:sum({name})" for at, name in enumerate(wanted.sums))]
    options: dict[str, Any] = {"lazy": False}
    if most is not None:
        options |= {"orderby": ", ".join(["n desc", *wanted.specs]), "limit": most, "offset": skip}
    try:
        rows: list[Row] = ask(wanted.model, "read_group", [list(domain), fields, wanted.specs], options)
    except ServerError as error:
        if wanted.many is None or error.fault_code != 1 or isinstance(error, UnknownCall):
            raise
        return None
    return [{**row, **{f"sum {name}": row[f"s{at}"] for at, name in enumerate(wanted.sums)}} for row in rows]


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
    """Adds up groups of equal keys, in the place of the first."""
    found: dict[tuple[Json, ...], Group] = {}
    for group in groups:
        known = found.get(group.keys)
        if known is not None:
            sums = {name: known.sums[name] + value for name, value in group.sums.items()}
            group = Group(known.keys, known.labels, known.count + group.count, sums)
        found[group.keys] = group
    return list(found.values())


def group_of(row: Row, by: Iterable[tuple[str, Field]], sums: Iterable[str], zone: ZoneInfo) -> Group:
    """The group in a row of either method. ``by``: keys such as ``create_date:month`` and their fields.

    The sum of the number ``name`` is in the row under ``sum name``. ``zone``: the reader's.
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
