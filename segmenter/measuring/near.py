"""Records near a threshold: those that would be in another segment if it were a little higher or lower."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from segmenter.conditions import WITH_ARCHIVED, Bound, BoundAll, BoundAny, BoundLeaf, BoundNot, domain
from segmenter.conditions.dates import local_day
from segmenter.conditions.operators import COMPARISONS, DATES, kind_of
from segmenter.measuring.crm import Crm
from segmenter.measuring.figures import SegmentationFigures
from segmenter.record_set import RecordSet, union

_SINGLE = ("=", "in", "not", "not_in")
SHARE = 0.05
WITHIN = 7


@dataclass(frozen=True)
class Near:
    """The records near one end of a comparison.

    ``field``: the path compared; ``threshold``: that end, a number or the client's day. ``joins``: whether the records
    would come to the segment if it moved (they are just outside); else they would leave it. ``records``: record ->
    (what it holds, how far that is from the threshold: above or below, in days of dates), the nearest first.
    """

    field: str
    threshold: float | str
    joins: bool
    records: dict[int, tuple[float | str, float]]


def near(
    segmentation: SegmentationFigures,
    position: int,
    crm: Crm,
    *,
    share: float = SHARE,
    days: int = WITHIN,
    leaving: bool = False,
) -> list[Near]:
    """Who is near the thresholds of a segment, one by one: within a share of a number, or some days of a date.

    Each threshold is moved by so much, and the records are placed again: named are those that change their segment, be
    it that they come from none. ``leaving``: those of the segment that would leave it, too.
    """
    segment = segmentation.segments[position]
    if segment.bound is None:
        return []
    earlier = union(one.matched for one in segmentation.segments[:position]) if not segmentation.many else RecordSet()
    scope = union([segmentation.uncovered, *(one.records for one in segmentation.segments)])
    found: list[Near] = []
    for leaf in segment.bound.leaves():
        for end in _ends(leaf, share, days):
            for moved in end.moved:
                asked = domain(_with(segment.bound, leaf, moved))
                archived = "active" in crm.reader.fields(leaf.fields[0].model)
                taken = crm.take(leaf.fields[0].model, [*(WITH_ARCHIVED if archived else ()), *asked]) & scope
                taken = taken - earlier
                for joins, records in ((True, taken - segment.records), (False, segment.records - taken)):
                    if records and (joins or leaving):
                        found += _told(leaf, end, joins, records, crm)
    return found


@dataclass(frozen=True)
class _End:
    """One end of a comparison, of dates the last moment in it, and the comparison with that end a little lower and a
    little higher."""

    threshold: float | str
    moved: tuple[BoundLeaf, ...]


def _ends(leaf: BoundLeaf, share: float, days: int) -> Iterator[_End]:
    kind = kind_of(leaf.field)
    if kind == "number" and (leaf.operator in COMPARISONS or leaf.operator == "between"):
        for at, value in enumerate(leaf.values):
            assert isinstance(value, int | float)
            step = abs(value) * share
            if leaf.field.type == "integer":
                step = math.ceil(step)
            if step:
                yield _End(value, tuple(_at(leaf, at, value + by) for by in (-step, step)))
    elif kind in DATES and len(leaf.ranges) == 1 and leaf.operator not in _SINGLE:
        low, high = leaf.ranges[0]
        # One end of a relative date is today, which nobody moves.
        if low is not None and leaf.operator != "next":
            yield _End(low, tuple(replace(leaf, ranges=((_shifted(low, by), high),)) for by in (-days, days)))
        if high is not None and leaf.operator != "within":
            last = _shifted(high, -1) if len(high) == 10 else _shifted(high, 0, seconds=-1)
            yield _End(last, tuple(replace(leaf, ranges=((low, _shifted(high, by)),)) for by in (-days, days)))


def _at(leaf: BoundLeaf, position: int, value: float) -> BoundLeaf:
    values = list(leaf.values)
    values[position] = value
    return replace(leaf, values=tuple(values))


def _shifted(text: str, days: int, seconds: int = 0) -> str:
    if len(text) == 10:
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    return (datetime.fromisoformat(text) + timedelta(days=days, seconds=seconds)).isoformat(" ", "seconds")


def _with(bound: Bound, leaf: BoundLeaf, other: BoundLeaf) -> Bound:
    """The condition with another leaf in the place of one."""
    if bound is leaf:
        return other
    if isinstance(bound, BoundAll | BoundAny):
        return replace(bound, parts=tuple(_with(part, leaf, other) for part in bound.parts))
    return replace(bound, part=_with(bound.part, leaf, other)) if isinstance(bound, BoundNot) else bound


def _told(leaf: BoundLeaf, end: _End, joins: bool, records: RecordSet, crm: Crm) -> Iterator[Near]:
    dated = isinstance(end.threshold, str)
    column = crm.days(leaf.fields) if dated else crm.column(leaf.fields)
    threshold = local_day(end.threshold, crm.clock.zone) if isinstance(end.threshold, str) else end.threshold
    held: dict[int, tuple[Any, float]] = {}
    for record in records:
        values = column.get(record, 0)
        for value in values if isinstance(values, tuple) else (values,):
            if isinstance(value, str) == dated:
                held[record] = (value, _distance(value, threshold))
    nearest = dict(sorted(held.items(), key=lambda pair: (abs(pair[1][1]), pair[0])))
    if nearest:
        yield Near(leaf.name, threshold, joins, nearest)


def _distance(value: Any, threshold: float | str) -> float:
    if isinstance(threshold, str):
        return (date.fromisoformat(value[:10]) - date.fromisoformat(threshold)).days
    return float(value) - threshold
