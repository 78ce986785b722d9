"""From the ledger to a `Review`: one pass over the changes of a plan, and the outcomes of its runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from segmenter.i18n import _, reworded
from segmenter.ledger import WRITTEN, Ledger, Run, RunReport
from segmenter.plans.changes import Change
from segmenter.plans.plan import Plan, Portion, SegmentCount
from segmenter.reports import colours, diff, past
from segmenter.reports.nouns import noun
from segmenter.reports.review import evolution, headline
from segmenter.reports.review.content import Holding, Meeting, Reach, Review, Row, Segment, Segmentation
from segmenter.reports.review.listing import Listing, ranked_by
from segmenter.reports.review.standing import Gains, Key, Standing, word
from segmenter.reports.runs import outcome_name
from segmenter.reports.values import Values, because
from segmenter.reports.values import called as named

MOST_ROWS = 5_000
"""Rows that a page holds: with more it would neither open at once nor go through a mailbox."""


def review(ledger: Ledger, id: str, *, most: int = MOST_ROWS) -> Review:
    """The review of a plan (``P1``) or a run (``R1``), in the language spoken now. Raises `LedgerError`."""
    if id[:1].upper() == "R":
        told = past.from_ledger(ledger, id)
        return _Builder(ledger, ledger.plan(told.run.plan), told, most).build()
    return _Builder(ledger, ledger.plan(id), None, most).build()


class _Builder:
    def __init__(self, ledger: Ledger, plan: Plan, told: RunReport | None, most: int) -> None:
        self.ledger, self.told, self.most = ledger, told, most
        self.plan = plan
        self.run: Run | None = told.run if told else None
        self.undo = self.run is not None and self.run.kind == "undo"
        self.earlier_state, self.state = Standing(), Standing()
        self.names: dict[str, str] = {}
        self.own: set[int] = set()
        for run in self._family():
            self.names |= run.summary.get("names", {})
            outcomes = list(ledger.outcomes(run.id))
            self.state.take(outcomes, undo=run.kind == "undo")
            if told is not None and run.id == told.run.id:
                self.own = {outcome.record for outcome in outcomes}
            else:
                self.earlier_state.take(outcomes, undo=run.kind == "undo")
        self.words = self.state.undone if self.undo else self.state.written
        self.say = Values(self.plan, self.names)

    def build(self) -> Review:
        plan, run = self.plan, self.run
        fields = Counter[str]()
        gains = Gains(plan.counts.segments)
        reached = Counter[str]()
        examples = {example.record for example in plan.examples} if run is not None else set()
        unwritten: set[int] = set()
        total = handed = 0
        for record, of_record in groupby(self._changes(), key=lambda change: change.record):
            changes = list(of_record)
            for change in changes:
                fields[change.field] += 1
                handed += change.field == "user_id" and change.before is not None
                gains.add(change, self.earlier_state.holds(change), self.state.holds(change))
                total += 1
            if run is not None and (became := self._became(record, changes)):
                reached[became] += 1
                if record in examples and became in ("left", "unreached"):
                    unwritten.add(record)
        reach, style = Reach(**reached), self.say.style
        segmentations = tuple(self._segmentations(gains))
        ranking = ranked_by(plan)
        listing = Listing(self.ledger, plan, self.say, self.state if run else None, ranking=ranking, undo=self.undo)
        by_label = {self.say.field(name): number for name, number in fields.most_common()}
        called = noun(plan)
        first = headline.call_first(segmentations, ranking, plan.counts.currency, called, style)
        of_plan = [other for other in self.ledger.runs() if other.plan == plan.id]
        return Review(
            plan=plan,
            run=run,
            past=self.told,
            reach=reach,
            noun=called,
            ranking=ranking,
            call_first="" if self.undo else first,
            headline=headline.of_run(run, reach, called, style)
            if run
            else headline.of_plan(plan, of_plan, called, style),
            figures=tuple(
                headline.figures_of_run(plan, run, reach, style)
                if run
                else headline.figures_of_plan(plan, by_label, handed, called, style)
            ),
            segmentations=segmentations,
            total=total,
            handed=handed,
            most=self.most,
            left=past.left(self.ledger, plan, run, self.words) if run else (),
            names=self.names,
            applied=any(not other.waits for other in of_plan),
            undone=plan.id in evolution.undone(self.ledger, plan, run),
            examples=() if self.undo else plan.examples,
            unwritten=frozenset(unwritten),
            months=evolution.months(self.ledger, plan, run),
            earlier=evolution.earlier(self.ledger, plan, run),
            approvals=tuple(self.ledger.approvals(plan.id)),
            since=None if run else diff.since_earlier(self.ledger, plan),
            rows=lambda: (self._row(change) for change in self._changes()),
            listed=len(listing.scope),
            known=listing.known,
            records=lambda: listing.records(segmentations, self._result_of),
            losses=listing.losses,
        )

    def _family(self) -> list[Run]:
        """The runs of the family until the one that is told, in their order."""
        if self.run is None:
            return []
        number = int(self.run.id[1:])
        return [run for run in self.ledger.runs() if run.root == self.run.root and int(run.id[1:]) <= number]

    def _changes(self) -> Iterator[Change]:
        return (change for change in self.ledger.changes(self.plan.id) if not change.pin)

    def _became(self, record: int, changes: Sequence[Change]) -> str:
        """What the run made of a record, as `Reach` calls it; "" where it is none of the run's."""
        if fields := self.words.get(record):
            if past.worst(fields) not in WRITTEN:
                return "left"
            return "done" if record in self.own else "earlier"
        return "" if self.undo and not any(map(self.earlier_state.holds, changes)) else "unreached"

    def _row(self, change: Change) -> Row:
        result, left = self._result(change)
        before, after = change.before, change.after
        if self.undo:
            before, after = after, before
        say = self.say
        return Row(
            record=change.record,
            name=named(change.name),
            field=say.field(change.field),
            before=say.value(change.field, before),
            after=say.value(change.field, after),
            segmentation=change.segmentation,
            segment=change.segment,
            because=because(change.segmentation, change.segment),
            result=result,
            left=left,
        )

    def _result(self, change: Change) -> tuple[str, bool]:
        """What the run made of a change, and whether it left it."""
        if self.run is None:
            return "", False
        last = word(self.words, change.record, change.field)
        if last is None:
            if any(outcome.outcome not in WRITTEN for outcome in self.words.get(change.record, {}).values()):
                return _("left, because another field of the record was"), True
            if self.undo and not self.earlier_state.holds(change):
                return _("nothing to give back"), False
            return (_("waits for the import") if self.run.waits else _("not reached")), True
        if last.outcome in WRITTEN and change.record not in self.own:
            return _("given back by an earlier run") if self.undo else _("written by an earlier run"), False
        name = outcome_name(last.outcome)
        return (f"{name}: {reworded(last.detail)}" if last.detail else name), last.outcome not in WRITTEN

    def _result_of(self, changes: Sequence[Change]) -> tuple[str, bool]:
        """What the run made of the changes of one record: what was left, if any was, by its own reason."""
        told = sorted(
            (not left, word(self.words, change.record, change.field) is None, result)
            for change in changes
            for result, left in [self._result(change)]
        )
        return (told[0][2], not told[0][0]) if told else ("", False)

    def _segmentations(self, gains: Gains) -> Iterator[Segmentation]:
        plan = self.plan
        portions: dict[Key, list[Portion]] = defaultdict(list)
        for portion in plan.counts.portions:
            portions[portion.segmentation, portion.segment].append(portion)
        for name, counts in groupby(plan.counts.segments, key=lambda count: count.segmentation):
            listed = list(counts)
            whole = {count.segment: count.taken == count.matched for count in listed}
            taken = {count.segment: count.taken for count in listed}
            yield Segmentation(
                name=name,
                segments=tuple(self._segment(count, portions[name, count.segment], gains) for count in listed),
                meetings=tuple(
                    Meeting(
                        *(overlap.first, overlap.second, overlap.records),
                        shared=(shared := whole.get(overlap.second, False)),
                        sample=overlap.sample,
                        nested=not shared and overlap.records == taken.get(overlap.first),
                    )
                    for overlap in plan.counts.overlaps
                    if overlap.segmentation == name
                ),
                uncovered=plan.counts.uncovered.get(name, 0),
                uncovered_sample=plan.names.uncovered_sample.get(name, ()),
            )

    def _segment(self, count: SegmentCount, portions: Sequence[Portion], gains: Gains) -> Segment:
        tone, colour = colours.tone(count.color)
        before, after = gains.around(count, run=self.run is not None)
        scope, held = self.plan.counts.scope_count, count.taken if after is None else after
        revenue = not self.undo and any(portion.revenue for portion in self.plan.counts.portions)
        return Segment(
            name=count.segment,
            short=count.segment.removeprefix(f"{count.segmentation}:").strip() or count.segment,
            tone=tone,
            colour=colour,
            description=count.description,
            words=self.say.criteria(count.condition),
            is_default=count.is_default,
            taken=count.taken,
            share=held / scope if scope else 0.0,
            before=before,
            after=after,
            # What the client expects is about the plan: once it is taken back, nothing of that is met or not.
            expected=None if self.undo else count.expected,
            # And it was looked at for what the plan takes.
            met=count.met if held == count.taken and not self.undo else None,
            revenue=sum(portion.revenue for portion in portions) if portions and revenue else None,
            stages=_holdings((portion.stage, portion) for portion in portions),
            people=_holdings((portion.person, portion) for portion in portions),
        )


def _holdings(pairs: Iterator[tuple[str, Portion]]) -> tuple[Holding, ...]:
    found: dict[str, Holding] = {}
    for name, portion in pairs:
        known = found.get(name, Holding(name, 0, 0.0))
        found[name] = Holding(name, known.records + portion.records, known.revenue + portion.revenue)
    return tuple(found.values())
