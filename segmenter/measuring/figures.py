"""The figures of a spec on a CRM, and what moves between two of them. Facts: sets, numbers and names, no sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segmenter.conditions import Bound, Facts
from segmenter.errors import Problem
from segmenter.plans import ExampleResult
from segmenter.plans.expected import Range
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True)
class SegmentFigures:
    """One segment, the default among them.

    ``bound``: its condition on this CRM, and ``condition`` the same as facts, for words; None of a default, and of a
    condition that does not resolve. ``matched``: the records that its condition takes; ``records``: those that are its
    own, which are all of ``matched`` where a record may be in several segments. ``today``: the records of the scope
    that hold already what its store gives them (a tag, a stage, a value); None without a store, and where what it gives
    does not exist yet. ``revenue``: what ``records`` are worth, as in `Figures`. ``met``: whether they are as many as
    is ``expected``; None where nothing is. ``sound``: False of a condition that does not resolve, which takes nobody.
    """

    name: str
    is_default: bool
    color: int | None
    description: str
    bound: Bound | None
    condition: Facts | None
    matched: RecordSet
    records: RecordSet
    today: RecordSet | None
    revenue: float | None
    expected: Range | None
    met: bool | None
    sound: bool


@dataclass(frozen=True)
class Overlapping:
    """Records that the conditions of two segments (names) take; the first one gets them."""

    first: str
    second: str
    records: RecordSet


@dataclass(frozen=True)
class SegmentationFigures:
    """One segmentation: its segments in order, the default last.

    ``many``: a record may be in several. ``uncovered``: records of the scope in none. ``overlaps``: see
    `overlaps.telling`.
    """

    name: str
    many: bool
    segments: tuple[SegmentFigures, ...]
    uncovered: RecordSet
    overlaps: tuple[Overlapping, ...]

    def segment(self, name: str) -> SegmentFigures | None:
        """The segment of that name."""
        return next((segment for segment in self.segments if segment.name == name), None)


@dataclass(frozen=True)
class Figures:
    """A whole spec on a CRM.

    ``scope``: the records that may be touched, without the ``protected`` ones; ``scope_condition`` and
    ``protect_condition``: which those are, None for all, and for none. ``sound``: False where the scope or what
    is protected does not resolve; then there are no records at all. ``examples``: those whose values resolve.
    ``problems``: everything that does not resolve, at its place in the file. ``revenue``: what the scope is worth, in
    ``currency`` (an ISO code, "" where it is not told); None where the CRM has no amounts, or has them in several
    currencies.
    """

    model: str
    sound: bool
    scope: RecordSet
    protected: RecordSet
    scope_condition: Facts | None
    protect_condition: Facts | None
    segmentations: tuple[SegmentationFigures, ...]
    examples: tuple[ExampleResult, ...]
    problems: tuple[Problem, ...]
    revenue: float | None
    currency: str
    scope_expected: Range | None
    scope_met: bool | None

    def segmentation(self, name: str) -> SegmentationFigures | None:
        """The segmentation of that name."""
        return next((found for found in self.segmentations if found.name == name), None)


@dataclass(frozen=True)
class Move:
    """Records that an edit takes from one segment to another; "" for none, be it in the scope or out of it.

    Where a record may be in several segments, it joins one (``origin`` is "") or leaves one (``target`` is "").
    """

    segmentation: str
    origin: str
    target: str
    records: RecordSet


def moves(before: Figures, after: Figures) -> tuple[Move, ...]:
    """Who is elsewhere than before, in the order of the segments.

    Segmentations and segments are matched by name. A segment that is gone and a new one with the very same condition
    are one segment that was renamed, and so are two defaults; renamed and edited at once, its records move.
    """
    found: list[Move] = []
    for now in after.segmentations:
        if (then := before.segmentation(now.name)) is not None:
            found += _joined_and_left(then, now) if now.many or then.many else _moved(then, now)
    return tuple(found)


def renamed(before: SegmentationFigures, after: SegmentationFigures) -> dict[str, str]:
    """The name of a segment before -> its name after, of those whose name changed and whose condition did not."""
    old = [segment for segment in before.segments if after.segment(segment.name) is None]
    new = [segment for segment in after.segments if before.segment(segment.name) is None]
    pairs: dict[str, str] = {}
    for segment in old:
        same = (one for one in new if one.name not in pairs.values() and _same_condition(segment, one))
        if (found := next(same, None)) is not None:
            pairs[segment.name] = found.name
    return pairs


def _same_condition(one: SegmentFigures, other: SegmentFigures) -> bool:
    if one.is_default or other.is_default:
        return one.is_default and other.is_default
    return one.condition is not None and one.condition == other.condition


def _places(figures: SegmentationFigures, names: Mapping[str, str]) -> list[tuple[str, RecordSet]]:
    """Segment -> its records; ``names``: what it is called elsewhere."""
    return [(names.get(segment.name, segment.name), segment.records) for segment in figures.segments]


def _moved(before: SegmentationFigures, after: SegmentationFigures) -> Iterator[Move]:
    then, now = _places(before, renamed(before, after)), _places(after, {})
    then, now = [*then, ("", _outside(now, then))], [*now, ("", _outside(then, now))]
    for origin, were in then:
        for target, are in now:
            if origin != target and (records := were & are):
                yield Move(after.name, origin, target, records)


def _outside(there: Sequence[tuple[str, RecordSet]], here: Sequence[tuple[str, RecordSet]]) -> RecordSet:
    """Records that are in some segment ``there`` and in none ``here``."""
    return union(records for _name, records in there) - union(records for _name, records in here)


def _joined_and_left(before: SegmentationFigures, after: SegmentationFigures) -> Iterator[Move]:
    then, now = dict(_places(before, renamed(before, after))), dict(_places(after, {}))
    for name in {**then, **now}:
        were, are = then.get(name, RecordSet()), now.get(name, RecordSet())
        if left := were - are:
            yield Move(after.name, name, "", left)
        if joined := are - were:
            yield Move(after.name, "", name, joined)
