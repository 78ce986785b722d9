"""How many records hold each segment, before and after: worked out from a plan's counts and its changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from segmenter.planning.model import Change, Json, SegmentCount

Key = tuple[str, str]
"""Segmentation and segment."""


class Gains:
    """Which segments gain and lose records by the changes: of all of them, and of those that hold after runs.

    The plan keeps what each segment takes, so what its store held before follows: taken, less what it gains, plus
    what it loses. That is exact where the store tells segments apart: by tags of its own, or by values of a field that
    no other segment of the segmentation sets.
    """

    def __init__(self, counts: Sequence[SegmentCount]) -> None:
        self._by_field: dict[str, list[tuple[Key, Json]]] = defaultdict(list)
        seen = Counter((one.segmentation, one.field, str(one.value)) for one in counts)
        for one in counts:
            if one.field and one.value is not None and seen[one.segmentation, one.field, str(one.value)] == 1:
                self._by_field[one.field].append(((one.segmentation, one.segment), one.value))
        self._known = {key for pairs in self._by_field.values() for key, _value in pairs}
        self._all, self._earlier, self._now = Counter[Key](), Counter[Key](), Counter[Key]()

    def add(self, change: Change, held_earlier: bool, holds: bool) -> None:
        """Take in one change, and whether it held before the run that is told and holds after it."""
        for key, value in self._by_field.get(change.field, ()):
            gain = _has(change.after, value) - _has(change.before, value)
            if gain:
                self._all[key] += gain
                self._earlier[key] += gain * held_earlier
                self._now[key] += gain * holds

    def around(self, count: SegmentCount, *, run: bool) -> tuple[int | None, int | None]:
        """Records that hold a segment: before and after the run, or now and once the plan is applied."""
        key = (count.segmentation, count.segment)
        if key not in self._known:
            return None, None
        at_first = count.taken - self._all[key]
        return (at_first + self._earlier[key], at_first + self._now[key]) if run else (at_first, count.taken)


def _has(held: Json, value: Json) -> int:
    return int(value in held if isinstance(held, list | tuple) else held == value)
