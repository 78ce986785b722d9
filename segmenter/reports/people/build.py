"""From the ledger to the pages of the salespeople: who holds which record after a plan or a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segmenter.errors import LedgerError, UsageError
from segmenter.i18n import _
from segmenter.ledger import Ledger, Run
from segmenter.plans.changes import ChangeSet, Json
from segmenter.plans.plan import Members, Plan, SegmentCount
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet, union
from segmenter.reports import colours
from segmenter.reports.past import worst
from segmenter.reports.people.content import Card, Group, People, Person
from segmenter.reports.review.listing import ranked_by
from segmenter.reports.review.standing import PERSON, STAGE, Held, Standing, held_after, revenue_after
from segmenter.reports.runs import outcome_name
from segmenter.reports.values import Values, called, placed


def people(ledger: Ledger, id: str) -> People:
    """The pages of a plan (``P1``) or of what stands after a run (``R1``), in the language spoken now.

    Raises `LedgerError` for a plan with which the ledger did not keep what its records held, and `UsageError` for an
    undo, after which nobody has segments to go by.
    """
    run = ledger.run(id) if id[:1].upper() == "R" else None
    plan = ledger.plan(run.plan if run else id)
    if run and run.kind == "undo":
        raise UsageError(
            _("{run} took back what {root} wrote: there is nothing to hand out to salespeople").format(
                run=run.id, root=run.root
            ),
            todo=_("ask for the pages of the plan: segmenter report {plan} --people").format(plan=plan.id),
        )
    members, roster = ledger.members(plan.id), ledger.roster(plan.id)
    if members is None or roster is None:
        raise LedgerError(
            _("{plan} was saved without what each record held, so there are no pages for its salespeople").format(
                plan=plan.id
            ),
            todo=_("plan again (segmenter plan {spec}) and ask for the pages of the new plan").format(
                spec=plan.identity.spec_file
            ),
        )
    if PERSON not in roster.held:
        raise LedgerError(
            _("The records of {plan} have no salesperson").format(plan=plan.id),
            todo=_("ask for its report without --people"),
        )
    return _Builder(ledger, plan, run, members, roster).build()


@dataclass
class _Builder:
    ledger: Ledger
    plan: Plan
    run: Run | None
    members: Members
    roster: Roster
    left: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self._standing()
        met = self.run.summary.get("names", {}) if self.run else {}
        self.say = Values(self.plan, {**self.roster.labels, **met})

    @property
    def _met(self) -> Standing | None:
        return self.state if self.run else None

    def build(self) -> People:
        plan, roster, run = self.plan, self.roster, self.run
        sets = self.ledger.change_sets(plan.id)
        self._note_left(sets)
        self.restaged = self._written(sets, STAGE)
        before = {value: RecordSet(records) for value, records in roster.held[PERSON].items()}
        after = held_after(before, sets, PERSON, self._met)
        self.came = dict(self._came(before, after))
        self.stages = _by_record(held_after(roster.held.get(STAGE, {}), sets, STAGE, self._met), self._name_of(STAGE))
        self.revenue = revenue_after(roster.revenue, sets, self._met)
        self.names = self.ledger.names(plan.id)
        first, others = self._segments()
        self.others = self._words_of(others)
        found: dict[str, RecordSet] = {}
        for value, records in after.items():
            name = self._name_of(PERSON)(value)
            found[name] = found.get(name, RecordSet()) | records
        everybody = [Person(name, tuple(self._groups(first, records))) for name, records in found.items() if records]
        everybody.sort(key=lambda person: (not person.name, person.name.casefold()))
        there = {segment for person in everybody for segment in person.counts}
        return People(
            plan=plan,
            run=run,
            segmentation=first[0][0].segmentation if first else "",
            segments=tuple(name for name in (*(count.segment for count, _taken in first), "") if name in there),
            people=tuple(everybody),
            staged=bool(self.stages),
            dated=bool(roster.moved),
            valued=bool(self.revenue),
            pending=self._pending(),
        )

    def _pending(self) -> bool:
        """Whether nobody has applied the plan, or what is to be imported by hand waits."""
        if self.run is not None:
            return self.run.waits
        return all(run.waits for run in self.ledger.runs() if run.plan == self.plan.id)

    def _standing(self) -> Standing:
        """What holds of the plan after the run and those of its family before it."""
        state = Standing()
        if self.run is not None:
            number = int(self.run.id[1:])
            for run in self.ledger.runs():
                if run.root == self.run.root and int(run.id[1:]) <= number:
                    state.take(self.ledger.outcomes(run.id), undo=run.kind == "undo")
        return state

    def _note_left(self, sets: Iterable[ChangeSet]) -> None:
        """Why records of the plan are not as it wants them, after the run."""
        for change in sets if self.run else ():
            for record in () if change.pin else change.records - self.state.holding(change):
                met = self.state.written.get(record, {})
                self.left[record] = outcome_name(worst(met)) if met else _("not reached")

    def _written(self, sets: Iterable[ChangeSet], name: str) -> RecordSet:
        """The records of which this field is, or will be, as the plan wants it."""
        changes = [change for change in sets if change.field == name and not change.pin]
        return union(self.state.holding(change) if self.run else change.records for change in changes)

    def _came(self, before: Held, after: Held) -> Iterator[tuple[int, str]]:
        """Record -> the name of whom it is taken from; "" for nobody."""
        say = self._name_of(PERSON)
        for value, records in before.items():
            for record in records - after.get(value, RecordSet()):
                yield record, say(value)

    def _segments(self) -> tuple[list[tuple[SegmentCount, RecordSet]], list[tuple[SegmentCount, RecordSet]]]:
        """The segments of the segmentation that ranks (as in the review), and all others, each with its records."""
        every = list(zip(self.plan.counts.segments, self.members.taken, strict=True))
        name = ranked_by(self.plan)
        return [one for one in every if one[0].segmentation == name], [
            one for one in every if one[0].segmentation != name
        ]

    def _words_of(self, segments: Iterable[tuple[SegmentCount, RecordSet]]) -> Mapping[int, list[str]]:
        """Record -> its segments, in words."""
        found: dict[int, list[str]] = defaultdict(list)
        for count, taken in segments:
            for record in taken:
                found[record].append(placed(count.segmentation, count.segment))
        return found

    def _groups(self, segments: Iterable[tuple[SegmentCount, RecordSet]], records: RecordSet) -> Iterator[Group]:
        rest = records
        for count, taken in segments:
            tone, colour = colours.tone(count.color)
            reason = self.say.criteria(count.condition) or _("Everything that no other segment takes.")
            if here := taken & rest:
                yield Group(count.segment, tone, colour, count.description, reason, self._cards(here))
            rest = rest - taken
        if rest:
            yield Group("", colours.GREY, "", "", _("No segment takes them."), self._cards(rest))

    def _cards(self, records: RecordSet) -> tuple[Card, ...]:
        """The most expected revenue first; of those that are worth the same, what has stood in its stage longest."""
        cards = [
            Card(
                record=record,
                name=called(self.names.get(record, "")),
                stage=self.stages.get(record, ""),
                revenue=self.revenue.get(record, 0.0),
                # When it came to the stage that the plan gives it, the plan does not know.
                moved="" if record in self.restaged else self.roster.moved.get(record, ""),
                others=tuple(self.others.get(record, ())),
                came=self.came.get(record),
                left=self.left.get(record, ""),
            )
            for record in records
        ]
        return tuple(sorted(cards, key=lambda card: (-card.revenue, card.moved or "~", card.record)))

    def _name_of(self, name: str) -> Callable[[Json], str]:
        return lambda value: "" if value is None else self.say.value(name, value)


def _by_record(held: Held, say: Callable[[Json], str]) -> Mapping[int, str]:
    return {record: say(value) for value, records in held.items() for record in records}
