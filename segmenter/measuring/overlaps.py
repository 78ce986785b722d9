"""Overlaps that tell something: two conditions take a record, and the one is no looser form of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segmenter.conditions import Bound, BoundAll, BoundLeaf
from segmenter.conditions.operators import COMPARISONS
from segmenter.measuring.figures import Overlapping
from segmenter.planning.places import Places


def telling(placed: Places) -> tuple[Overlapping, ...]:
    """The overlaps of one segmentation that people should look at; none where a record may be in several segments.

    Left out is what the order of the segments is there for: the later segment asks for nothing that the earlier one
    does not ask for as well, except that its ranges of numbers or dates are wider, or begin where the earlier one's
    end. Decided by the conditions alone, part by part: each part of the later condition is a part of the earlier one,
    or a range on a field that the earlier one bounds too. After ``revenue >= 5 M`` in Chile, neither ``between 1 M
    and 5 M`` tells anything nor ``>= 1 M``; ``between 1 M and 9 M`` does, and so does ``source is Fair``.
    """
    if placed.segmentation.many:
        return ()
    segments = placed.segmentation.segments
    return tuple(
        Overlapping(segments[shared.first].name, segments[shared.second].name, shared.records)
        for shared in placed.overlaps
        if not is_looser(segments[shared.second].bound, segments[shared.first].bound)
    )


def is_looser(later: Bound | None, earlier: Bound | None) -> bool:
    """Whether each part of ``later`` is a part of ``earlier``, or a range that contains or adjoins one of it."""
    if later is None or earlier is None:
        return False
    asked = list(_parts(earlier))
    bounds = _ranges(asked)
    for part in _parts(later):
        own = _range(part)
        if part in asked:
            continue
        if own is None or not isinstance(part, BoundLeaf) or (known := bounds.get(part.name)) is None:
            return False
        if not (own.contains(known) or own.adjoins(known)):
            return False
    return True


@dataclass(frozen=True)
class _Range:
    """From ``low`` to ``high``; None: open. Whether the ends belong to it makes no difference here."""

    low: Any
    high: Any

    def contains(self, other: _Range) -> bool:
        below = self.low is None or (other.low is not None and self.low <= other.low)
        return below and (self.high is None or (other.high is not None and self.high >= other.high))

    def adjoins(self, other: _Range) -> bool:
        return (self.high is not None and self.high == other.low) or (self.low is not None and self.low == other.high)

    def within(self, other: _Range) -> _Range:
        """What is in both."""
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        return _Range(max(lows, default=None), min(highs, default=None))


def _parts(bound: Bound) -> Iterator[Bound]:
    """What a condition asks for, all at once."""
    if isinstance(bound, BoundAll):
        for part in bound.parts:
            yield from _parts(part)
    else:
        yield bound


def _ranges(parts: list[Bound]) -> dict[str, _Range]:
    """Field -> the range in which it must be, of those that have one."""
    found: dict[str, _Range] = {}
    for part in parts:
        if isinstance(part, BoundLeaf) and (own := _range(part)) is not None:
            found[part.name] = own.within(found[part.name]) if part.name in found else own
    return found


def _range(part: Bound) -> _Range | None:
    """The range that a comparison leaves to a number or a date; None of anything else."""
    if not isinstance(part, BoundLeaf) or part.negative:
        return None
    if part.operator in ("=", "in", "empty"):
        return None
    if part.ranges:
        return _Range(*part.ranges[0]) if len(part.ranges) == 1 else None
    if part.operator == "between":
        return _Range(*part.values)
    if part.operator in COMPARISONS:
        return _Range(part.values[0], None) if part.operator.startswith(">") else _Range(None, part.values[0])
    return None
