"""What an editor of criteria offers: fields that tell records apart, the values in use, how numbers and dates lie."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from segmenter.conditions import Field
from segmenter.conditions.near import unaccented
from segmenter.conditions.operators import DATES, MANY, NUMBERS, is_scale, kind_of
from segmenter.conditions.phrases import label
from segmenter.measuring.crm import Column, Crm
from segmenter.profiling.choose import worth
from segmenter.record_set import RecordSet

BEHIND = {
    "crm.lead": (
        *("country_id.code", "partner_id.country_id.code", "partner_id.category_id", "partner_id.industry_id"),
        *("partner_id.city", "user_id.login"),
    ),
    "res.partner": ("country_id.code", "parent_id.category_id", "parent_id.industry_id"),
}
"""Model -> what is worth asking of the records that its own lead to."""
T = TypeVar("T")
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
Value = str | int | float | bool
MOSTLY = 0.98
"""A histogram of numbers shows this share of the records at least; its last bin holds all above."""
LENGTHS = (1, 2, 7, 14, 28, 91, 182, 364)
"""Days that a bin of dates may hold."""


@dataclass(frozen=True)
class Choice:
    """A field that a criterion may ask. ``label``: as sentences call it; ``filled``: records that hold something."""

    path: str
    label: str
    type: str
    filled: int


@dataclass(frozen=True)
class ValueChoice:
    """A value in use: as a spec writes it, as the client calls it, and how many records hold it."""

    value: Value
    label: str
    count: int


@dataclass(frozen=True)
class Bin:
    """The records from ``low`` (included) to ``high`` (left out, but in the last bin): numbers, or days."""

    low: float | str
    high: float | str
    count: int


@dataclass(frozen=True)
class Histogram:
    """How the values of a field lie. Numbers, or the client's days as ``YYYY-MM-DD``.

    ``quantiles``: (share, value). ``step``: by which a threshold moves to stay a round number, in days of dates;
    ``round``: the thresholds that are rounder still. ``empty``: records that hold nothing, or 0; they are in no bin.
    """

    bins: tuple[Bin, ...]
    quantiles: tuple[tuple[float, float | str], ...]
    least: float | str
    greatest: float | str
    step: float
    round: tuple[float | str, ...]
    empty: int


def fields(crm: Crm, model: str, scope: RecordSet | None = None, *, search: str = "") -> list[Choice]:
    """The fields that a criterion may ask, in the order of a profile, those behind a relation after the others.

    ``scope``: the records that count; all of them unless given. ``search``: a part of a label or path, in any case
    and with or without accents.
    """
    own = [(field,) for field in worth(crm.reader.fields(model)) if kind_of(field)]
    behind = [steps for name in BEHIND.get(model, ()) if (steps := crm.fields(model, name)) is not None]
    wanted = unaccented(search.strip())
    found = []
    for steps in (*own, *behind):
        path, called = ".".join(step.name for step in steps), label_of(steps)
        if wanted in unaccented(called) or wanted in path:
            holding = filled(crm, steps)
            found.append(Choice(path, called, steps[-1].type, len(holding if scope is None else holding & scope)))
    return found


def label_of(steps: Sequence[Field]) -> str:
    """What a path is called in sentences."""
    return label({"field": ".".join(step.name for step in steps), "labels": [step.label for step in steps]})


def filled(crm: Crm, steps: Sequence[Field]) -> RecordSet:
    """The records that hold something at the end of a path; 0 and a box that is not ticked are nothing."""
    path = ".".join(step.name for step in steps)
    return crm.kept(
        lambda: RecordSet([record for record, held in crm.passing(steps).items() if held]),
        "filled",
        steps[0].model,
        path,
    )


def values(
    crm: Crm, model: str, scope: RecordSet, field: str, *, search: str = "", most: int = 10
) -> list[ValueChoice]:
    """The values of a field (a path) in some records, the most frequent first; of a field that is not there, none.

    ``search``: a part of what the client calls them, in any case and with or without accents.
    """
    steps = crm.fields(model, field)
    if steps is None:
        return []
    last, wanted = steps[-1], unaccented(search.strip())
    ranked = _kept(crm, scope, lambda: _ranked(crm, scope, steps), "ranked", model, field)
    looked = [key for key, _count in (ranked if wanted else ranked[:most])]
    called: Mapping[Any, str] = crm.names(last.relation, looked) if last.relation else dict(last.selection)
    found: list[ValueChoice] = []
    for key, count in ranked:
        if len(found) == most:
            break
        text = called.get(key) or (f"{key:.15g}" if isinstance(key, float) else str(key))
        if not wanted or wanted in unaccented(text):
            found.append(ValueChoice(_written(crm, last, key, text), text, count))
    return found


def _ranked(crm: Crm, scope: RecordSet, steps: Sequence[Field]) -> list[tuple[Any, int]]:
    """The values at the end of a path with the number of records that hold each, the most frequent first."""
    last, column = steps[-1], crm.days(steps) if steps[-1].type in DATES else crm.column(steps)
    records = scope & filled(crm, steps) if last.type != "boolean" else scope
    counts: Counter[Any] = Counter()
    if any(step.type in MANY for step in steps):
        for record in records:
            held = column.get(record, False)
            counts.update(held if isinstance(held, tuple) else (held,))
    else:
        counts.update(column.get(record, False) for record in records)
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))


def _kept(crm: Crm, scope: RecordSet, compute: Callable[[], T], *about: str) -> T:
    """What was computed for these very records, which an edit seldom changes."""
    known: list[tuple[RecordSet, T]] = crm.kept(list, *about)
    if not known or known[0][0] != scope:
        known[:] = [(scope, compute())]
    return known[0][1]


def _written(crm: Crm, field: Field, key: Any, called: str) -> Value:
    """A value as a spec writes it: a name where it stands for one record alone, else the id; the key of a selection."""
    if field.relation:
        found = crm.catalog.named(field.relation, called)
        return called if len({record.id for record in found}) == 1 else int(key)
    if (field.type == "selection" and is_scale(field)) or (isinstance(key, float) and key.is_integer()):
        return int(key)
    value: Value = key
    return value


def histogram(crm: Crm, model: str, scope: RecordSet, field: str, bins: int = 30) -> Histogram | None:
    """How the numbers or dates of a field (a path) lie in some records; None where there are none.

    ``bins``: how many there are at most. Their edges are round numbers; dates go by days or by weeks.
    """
    steps = crm.fields(model, field)
    if steps is None or kind_of(steps[-1]) not in ("number", *DATES):
        return None
    return _kept(crm, scope, lambda: _histogram(crm, scope, steps, bins), "histogram", model, field, str(bins))


def _histogram(crm: Crm, scope: RecordSet, steps: Sequence[Field], bins: int) -> Histogram | None:
    held = scope & filled(crm, steps)
    if steps[-1].type in NUMBERS:
        column = crm.column(steps)
        numbers = sorted(
            found for found in _each(column, held) if isinstance(found, int | float) and math.isfinite(found)
        )
        return _of_numbers(numbers, len(scope) - len(held), bins) if numbers else None
    days = sorted(date.fromisoformat(str(found)[:10]).toordinal() for found in _each(crm.days(steps), held))
    return _of_days(days, len(scope) - len(held), bins) if days else None


def _each(column: Column, records: RecordSet) -> Iterator[Any]:
    for record in records:
        held = column[record]
        yield from held if isinstance(held, tuple) else (held,)


def _quantile(values: Sequence[float], share: float) -> float:
    return values[round(share * (len(values) - 1))]


def _round_step(length: float) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of ten that is not less than a length."""
    power = 10.0 ** math.floor(math.log10(length)) if length > 0 else 1.0
    return next((n * power for n in (1, 2, 2.5, 5) if n * power >= length), 10 * power)


def _of_numbers(values: Sequence[float], empty: int, bins: int) -> Histogram:
    least, greatest = values[0], values[-1]
    top = _quantile(values, MOSTLY)
    top = greatest if greatest <= 2 * top else top
    step = _round_step((top - least) / max(bins - 2, 1) if top > least else max(abs(least), 1) / 10)
    first, last = math.floor(least / step), max(math.floor(top / step), math.floor(least / step))
    counts = Counter(min(math.floor(value / step), last) for value in values)
    edges = [round(number * step, 10) for number in range(first, last + 2)]
    edges[-1] = max(edges[-1], greatest)
    return Histogram(
        bins=tuple(Bin(low, high, counts[first + at]) for at, (low, high) in enumerate(pairwise(edges))),
        quantiles=tuple((share, _quantile(values, share)) for share in SHARES),
        least=least,
        greatest=greatest,
        step=_round_step(step / 5),
        round=tuple(edges[:-1]),
        empty=empty,
    )


def _of_days(values: Sequence[int], empty: int, bins: int) -> Histogram:
    least, greatest = values[0], values[-1]
    wanted = (greatest - least + 1) / max(bins - 1, 1)
    step = next((length for length in LENGTHS if length >= wanted), math.ceil(wanted / 364) * 364)
    # Weeks begin on Mondays: the first day of the calendar was one.
    first = (least - 1) // step if step % 7 == 0 else least // step
    start = first * step + (1 if step % 7 == 0 else 0)
    counts = Counter((value - start) // step for value in values)
    edges = list(range(start, greatest + step + 1, step))

    def day(ordinal: int) -> str:
        return date.fromordinal(ordinal).isoformat()

    begin = date.fromordinal(least).replace(day=1)
    months = (date(begin.year + n // 12, n % 12 + 1, 1) for n in range(begin.month, begin.month + 12 * 200))
    turns = [begin, *(month for month in _until(months, date.fromordinal(greatest)))]
    return Histogram(
        bins=tuple(Bin(day(low), day(high), counts[at]) for at, (low, high) in enumerate(pairwise(edges))),
        quantiles=tuple((share, day(int(_quantile(values, share)))) for share in SHARES),
        least=day(least),
        greatest=day(greatest),
        step=1,
        round=tuple(month.isoformat() for month in turns),
        empty=empty,
    )


def _until(days: Iterator[date], last: date) -> Iterator[date]:
    for found in days:
        if found > last:
            return
        yield found
