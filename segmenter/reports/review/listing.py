"""One row for each record of a plan, those to call first on top, and the values that are lost: out of the ledger."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.ledger import Ledger
from segmenter.planning.counting import overwrites
from segmenter.plans.changes import Change, ChangeSet, Json
from segmenter.plans.plan import Plan
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet, union
from segmenter.reports.review.content import Loss, Record, Segment, Segmentation
from segmenter.reports.review.standing import PERSON, STAGE, Standing, held_after, revenue_after
from segmenter.reports.values import Values, because, called, placed
from segmenter.spec import loads

PORTION = 4_000
"""Records of which everything is held at a time."""

Result = Callable[[Sequence[Change]], tuple[str, bool]]
"""What a run made of the changes of a record, and whether it left some of them."""


class Listing:
    """The records of a plan, or of a run whose family left behind ``state``; ``undo``: it tells of an undo.

    ``ranking``: the segmentation by which they are in order (`ranked_by`).
    """

    def __init__(
        self, ledger: Ledger, plan: Plan, say: Values, state: Standing | None, *, ranking: str, undo: bool
    ) -> None:
        self._ranking = ranking
        self._ledger, self._plan, self._state, self._undo = ledger, plan, state, undo
        self._sets = [change for change in ledger.change_sets(plan.id) if not change.pin]
        self._roster = ledger.roster(plan.id) or Roster({})
        self._say = Values(plan, {**self._roster.labels, **say.met})
        members = ledger.members(plan.id)
        changed = union(change.records for change in self._sets)
        if members is None:
            self._taken = [_taken(count.segmentation, count.segment, self._sets) for count in plan.counts.segments]
        else:
            self._taken = list(members.taken)
        self.scope = changed if undo or members is None else members.scope | changed
        held = self._roster.held
        self.known = frozenset(
            [
                *(["person"] if PERSON in held else []),
                *(["stage"] if STAGE in held else []),
                *(["amount"] if self._roster.revenue else []),
                *(what for what in ("city", "phone", "email") if what in self._roster.told),
            ]
        )

    def records(self, segmentations: Sequence[Segmentation], result: Result) -> Iterator[Record]:
        """Each record once, in its order. ``segmentations``: those of the plan; ``result``: see there."""
        told, revenue = self._roster.told, self._revenue
        places = self._places(segmentations)
        for ids in self._portions(self._order()):
            inside = RecordSet(ids)
            people, stages = self._names(PERSON, inside), self._names(STAGE, inside)
            changes = self._changes(inside)
            taken = [_spread(sets, inside) for sets in places]
            for record in ids:
                segments = tuple(tuple(found.get(record, ())) for found in taken)
                word, left = result(changes.get(record, ()))
                yield Record(
                    record=record,
                    name=called(self._named.get(record, "")),
                    person=people.get(record, ""),
                    stage=stages.get(record, ""),
                    amount=revenue.get(record, 0.0),
                    city=told.get("city", {}).get(record, ""),
                    phone=told.get("phone", {}).get(record, ""),
                    email=told.get("email", {}).get(record, ""),
                    segments=segments,
                    changes=tuple(self._change(change) for change in changes.get(record, ())),
                    because=tuple(
                        _why(part.name, segment)
                        for part, found in zip(segmentations, segments, strict=True)
                        for segment in found
                    ),
                    result=word,
                    left=left,
                )

    def losses(self) -> Iterator[Loss]:
        """What is replaced although somebody gave it, in the order of the records."""
        if self._undo:
            return
        kinds, say = self._plan.names.field_types, self._say
        losing = [
            (change, self._state.holding(change) if self._state else change.records)
            for change in self._sets
            if overwrites(change, kinds)
        ]
        records = union(records for _change, records in losing)
        for ids in self._portions(record for record in self._order() if record in records):
            inside = RecordSet(ids)
            people = self._names(PERSON, inside)
            found: dict[int, list[ChangeSet]] = _spread([(lost, held) for lost, held in losing], inside)
            for record in ids:
                for change in found.get(record, ()):
                    yield Loss(
                        record=record,
                        name=called(self._named.get(record, "")),
                        person=people.get(record, ""),
                        field=say.field(change.field),
                        lost=say.value(change.field, change.before),
                        instead=say.value(change.field, change.after),
                        because=because(change.segmentation, change.segment),
                    )

    @cached_property
    def _named(self) -> Mapping[int, str]:
        return self._ledger.names(self._plan.id)

    @cached_property
    def _revenue(self) -> Mapping[int, float]:
        return revenue_after(self._roster.revenue, self._sets, self._state)

    @cached_property
    def _held(self) -> Mapping[str, list[tuple[str, RecordSet]]]:
        """Field -> what people call its values, and who holds each."""
        return {
            name: [
                ("" if value is None else self._say.value(name, value), records)
                for value, records in held_after(held, self._sets, name, self._state).items()
            ]
            for name, held in self._roster.held.items()
        }

    def _names(self, field: str, inside: RecordSet) -> dict[int, str]:
        return {record: names[0] for record, names in _spread(self._held.get(field, ()), inside).items()}

    def _order(self) -> Iterator[int]:
        """Segment by segment of the segmentation that ranks; in each the largest amount first, and of the same amount
        what has stood in its stage longest. What no segment takes comes last."""
        rest = self.scope
        revenue, moved = self._revenue, self._roster.moved
        for count, taken in zip(self._plan.counts.segments, self._taken, strict=True):
            if count.segmentation == self._ranking:
                here, rest = taken & rest, rest - taken
                yield from sorted(here, key=lambda one: (-revenue.get(one, 0.0), moved.get(one) or "~", one))
        yield from sorted(rest, key=lambda one: (-revenue.get(one, 0.0), moved.get(one) or "~", one))

    def _portions(self, order: Iterable[int]) -> Iterator[array[int]]:
        portion = array("I")
        for record in order:
            portion.append(record)
            if len(portion) == PORTION:
                yield portion
                portion = array("I")
        if portion:
            yield portion

    def _places(self, segmentations: Sequence[Segmentation]) -> list[list[tuple[Segment, RecordSet]]]:
        """For each segmentation its segments with their records."""
        taken = iter(self._taken)
        return [[(segment, next(taken)) for segment in part.segments] for part in segmentations]

    def _changes(self, inside: RecordSet) -> dict[int, list[Change]]:
        found: dict[int, list[ChangeSet]] = _spread([(change, change.records) for change in self._sets], inside)
        return {
            record: [
                Change(record, "", one.field, one.before, one.after, one.segmentation, one.segment) for one in changes
            ]
            for record, changes in found.items()
        }

    def _change(self, change: Change) -> str:
        before, after = (change.after, change.before) if self._undo else (change.before, change.after)
        return self._words(change.field, _key(before), _key(after))

    @cached_property
    def _words(self) -> Callable[[str, Json, Json], str]:
        """What becomes of a field, in words; there are few of them, and many records to which they happen."""
        known: dict[Any, str] = {}

        def words(field: str, before: Json, after: Json) -> str:
            if (field, before, after) not in known:
                values = [list(value) if isinstance(value, tuple) else value for value in (before, after)]
                told = self._say.change(Change(0, "", field, values[0], values[1], "", ""))
                known[field, before, after] = f"{self._say.field(field)}: {told}"
            return known[field, before, after]

        return words


def ranked_by(plan: Plan) -> str:
    """The segmentation that says whom to call first: the first one that gives priority stars, else the first of all.

    "" where there is none.
    """
    try:
        segmentations = loads(plan.identity.spec_text, plan.identity.spec_file).segmentations
    except SegmenterError:  # of another version of the language
        segmentations = ()
    stars = (
        one.name
        for one in segmentations
        if any(action.field == "priority" for segment in one.segments for action in segment.actions)
    )
    known = list(dict.fromkeys(count.segmentation for count in plan.counts.segments))
    return next((name for name in stars if name in known), known[0] if known else "")


def _key(value: Json) -> Json:
    return tuple(value) if isinstance(value, list) else value


def _why(segmentation: str, segment: Segment) -> str:
    reason = segment.words or _("everything that no other segment takes")
    return f"{placed(segmentation, segment.name)} – {reason}"


def _spread(sets: Iterable[tuple[Any, RecordSet]], inside: RecordSet) -> dict[int, list[Any]]:
    """Record -> what goes with each of the sets that it is in."""
    found: dict[int, list[Any]] = defaultdict(list)
    for about, records in sets:
        for record in records & inside:
            found[record].append(about)
    return found


def _taken(segmentation: str, segment: str, sets: Iterable[ChangeSet]) -> RecordSet:
    """Those of a segment that change, where it was not kept which records are its own."""
    return union(
        change.records
        for change in sets
        if (segmentation, segment) in zip(change.segmentation.split(" + "), change.segment.split(" + "), strict=False)
    )
