"""What holds of a plan after runs of its family: change by change, and how many records hold each segment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from segmenter.ledger import WRITTEN, Outcome
from segmenter.plans.changes import Change, ChangeSet, Json
from segmenter.plans.plan import SegmentCount
from segmenter.record_set import RecordSet
from segmenter.reports.past import Words, note

PERSON, STAGE, REVENUE = "user_id", "stage_id", "expected_revenue"

Key = tuple[str, str]
"""Segmentation and segment."""


class Standing:
    """Takes in the outcomes of a family, run by run in their order.

    ``written`` and ``undone``: the last outcomes of the runs in each direction.
    """

    def __init__(self) -> None:
        self.written: Words = {}
        self.undone: Words = {}

    def take(self, outcomes: Iterable[Outcome], *, undo: bool) -> None:
        """Fold one run in."""
        note(self.undone if undo else self.written, outcomes)

    def holds(self, change: Change) -> bool:
        """Whether the record has, as far as the ledger knows, what the change gives it."""
        return self._holds(change.record, change.field)

    def holding(self, change: ChangeSet) -> RecordSet:
        """Those of its records that have what the change gives them."""
        return RecordSet([record for record in change.records if self._holds(record, change.field)])

    def _holds(self, record: int, field: str) -> bool:
        return _done(self.written, record, field) and not _done(self.undone, record, field)


def word(words: Words, record: int, field: str) -> Outcome | None:
    """The last word on one field of a record; None when it was not reached."""
    fields = words.get(record, {})
    return fields.get(field) or fields.get("")


def _done(words: Words, record: int, field: str) -> bool:
    last = word(words, record, field)
    return last is not None and last.outcome in WRITTEN


Held = dict[Json, RecordSet]
"""Value -> the records that hold it."""


def held_after(held: Mapping[Json, RecordSet], sets: Iterable[ChangeSet], name: str, state: Standing | None) -> Held:
    """Who holds what in a field once the plan is applied (``state`` None), or after runs: what they did not write is as
    it was found. ``held``: when the plan was made."""
    after = defaultdict(RecordSet, {value: RecordSet(records) for value, records in held.items()})
    for change in sets:
        if change.field != name or change.pin:
            continue
        written = state.holding(change) if state else change.records
        after[change.before] -= written
        after[change.after] |= written
        if state is None:
            continue
        for record in change.records - written:
            last = word(state.written, record, name)
            if last is not None and last.field == name and last.outcome == "conflict" and last.found != change.before:
                after[change.before] -= RecordSet([record])
                after[last.found] |= RecordSet([record])
    return dict(after)


def revenue_after(
    revenue: Mapping[int, float], sets: Iterable[ChangeSet], state: Standing | None
) -> Mapping[int, float]:
    """Record -> expected revenue, as in `held_after`."""
    after = dict(revenue)
    for change in sets if after else ():
        if change.field == REVENUE and not change.pin:
            after |= dict.fromkeys(state.holding(change) if state else change.records, change.after or 0.0)
    return after


class Gains:
    """Which segments gain and lose records by the changes: of all of them, and of those that hold after runs.

    The plan keeps what each segment takes, so what its store held before follows: taken, less what it gains, plus
    what it loses. That is exact where the store tells segments apart: by tags of its own, or by values of a field that
    no other segment of the segmentation sets.
    """

    def __init__(self, counts: Sequence[SegmentCount]) -> None:
        self._by_field: dict[str, list[tuple[Key, Json]]] = defaultdict(list)
        seen = Counter((count.segmentation, count.field, str(count.value)) for count in counts)
        for count in counts:
            if count.field and count.value is not None and seen[count.segmentation, count.field, str(count.value)] == 1:
                self._by_field[count.field].append(((count.segmentation, count.segment), count.value))
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
