"""From the ledger to a `Review`: one pass over the changes of a plan, and the outcomes of its runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from segmenter.i18n import _, language
from segmenter.ledger import WRITTEN, Ledger, Run, RunReport
from segmenter.planning.model import Change, Plan, Portion, SegmentCount
from segmenter.reports import colours, past
from segmenter.reports.review import evolution, headline
from segmenter.reports.review.content import Holding, Meeting, Reach, Review, Row, Segment, Segmentation
from segmenter.reports.review.gains import Gains, Key
from segmenter.reports.review.standing import Standing, word
from segmenter.reports.runs import outcome_name
from segmenter.reports.values import Values, because, called

MOST_ROWS = 5_000
"""Rows that a page holds: with more it would neither open at once nor go through a mailbox."""


def review(ledger: Ledger, id: str, *, most: int = MOST_ROWS) -> Review:
    """The review of a plan (``P1``) or a run (``R1``), in the language spoken now. Raises `LedgerError`."""
    if id[:1].upper() == "R":
        told = past.from_ledger(ledger, id)
        return _Builder(ledger, ledger.plan(told.run.plan), told, most).build()
    return _Builder(ledger, ledger.plan(id), None, most).build()


def in_language(plan: Plan) -> Plan:
    """The plan with its sentences in the language spoken now, where it holds them (older plans do not)."""
    said = plan.said.get(language())
    if said is None:
        return plan
    return replace(
        plan,
        segments=tuple(replace(one, words=text) for one, text in zip(plan.segments, said.words, strict=True)),
        warnings=said.warnings,
        side_effects=said.side_effects,
        violations=tuple(
            replace(one, sentence=text) for one, text in zip(plan.violations, said.violations, strict=True)
        ),
        scope_words=said.scope,
        protect_words=said.protect,
    )


class _Builder:
    def __init__(self, ledger: Ledger, plan: Plan, told: RunReport | None, most: int) -> None:
        self.ledger, self.told, self.most = ledger, told, most
        self.plan = in_language(plan)
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
                self.own = {one.record for one in outcomes}
            else:
                self.earlier_state.take(outcomes, undo=run.kind == "undo")
        self.words = self.state.undone if self.undo else self.state.written
        self.say = Values(self.plan, self.names)

    def build(self) -> Review:
        plan, run = self.plan, self.run
        every = max(1, -(-plan.tally.changes // self.most))
        sample: list[Row] = []
        fields = Counter[str]()
        gains = Gains(plan.segments)
        reached = Counter[str]()
        named = {one.record for one in plan.examples} if run is not None else set()
        unwritten: set[int] = set()
        total = 0
        for record, some in groupby(self._changes(), key=lambda change: change.record):
            changes = list(some)
            for change in changes:
                fields[change.field] += 1
                gains.add(change, self.earlier_state.holds(change), self.state.holds(change))
                if total % every == 0 and len(sample) < self.most:
                    sample.append(self._row(change))
                total += 1
            if run is not None and (became := self._became(record, changes)):
                reached[became] += 1
                if record in named and became in ("left", "unreached"):
                    unwritten.add(record)
        reach, style = Reach(**reached), self.say.style
        of_plan = [one for one in self.ledger.runs() if one.plan == plan.id]
        return Review(
            plan=plan,
            run=run,
            past=self.told,
            reach=reach,
            headline=headline.of_run(run, reach, style) if run else headline.of_plan(plan, of_plan, style),
            figures=tuple(
                headline.figures_of_run(plan, run, reach, style) if run else headline.figures_of_plan(plan, style)
            ),
            segmentations=tuple(self._segmentations(gains)),
            fields={self.say.field(name): number for name, number in fields.most_common()},
            total=total,
            sample=tuple(sample),
            every=every,
            left=past.left(self.ledger, plan, run, self.words) if run else (),
            names=self.names,
            applied=bool(of_plan),
            undone=plan.id in evolution.undone(self.ledger, plan, run),
            examples=() if self.undo else plan.examples,
            unwritten=frozenset(unwritten),
            months=evolution.months(self.ledger, plan, run),
            earlier=evolution.earlier(self.ledger, plan, run),
            approvals=tuple(self.ledger.approvals(plan.id)),
            rows=lambda: (self._row(change) for change in self._changes()),
        )

    def _family(self) -> list[Run]:
        """The runs of the family until the one that is told, in their order."""
        if self.run is None:
            return []
        number = int(self.run.id[1:])
        return [one for one in self.ledger.runs() if one.root == self.run.root and int(one.id[1:]) <= number]

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
            name=called(change.name),
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
        last = word(self.words, change)
        if last is None:
            if any(one.outcome not in WRITTEN for one in self.words.get(change.record, {}).values()):
                return _("left, because another field of the record was"), True
            if self.undo and not self.earlier_state.holds(change):
                return _("nothing to give back"), False
            return _("not reached"), True
        if last.outcome in WRITTEN and change.record not in self.own:
            return _("given back by an earlier run") if self.undo else _("written by an earlier run"), False
        said = outcome_name(last.outcome)
        return (f"{said}: {last.detail}" if last.detail else said), last.outcome not in WRITTEN

    def _segmentations(self, gains: Gains) -> Iterator[Segmentation]:
        plan = self.plan
        portions: dict[Key, list[Portion]] = defaultdict(list)
        for portion in plan.portions:
            portions[portion.segmentation, portion.segment].append(portion)
        for name, counts in groupby(plan.segments, key=lambda count: count.segmentation):
            listed = list(counts)
            whole = {one.segment: one.taken == one.matched for one in listed}
            yield Segmentation(
                name=name,
                segments=tuple(self._segment(one, portions[name, one.segment], gains) for one in listed),
                meetings=tuple(
                    Meeting(one.first, one.second, one.records, whole.get(one.second, False), one.sample)
                    for one in plan.overlaps
                    if one.segmentation == name
                ),
                uncovered=plan.uncovered.get(name, 0),
                uncovered_sample=plan.uncovered_sample.get(name, ()),
            )

    def _segment(self, count: SegmentCount, portions: Sequence[Portion], gains: Gains) -> Segment:
        tone, colour = colours.tone(count.color)
        before, after = gains.around(count, run=self.run is not None)
        scope, held = self.plan.scope_count, count.taken if after is None else after
        revenue = not self.undo and any(one.revenue for one in self.plan.portions)
        return Segment(
            name=count.segment,
            tone=tone,
            colour=colour,
            description=count.description,
            words=count.words,
            is_default=count.is_default,
            taken=count.taken,
            share=held / scope if scope else 0.0,
            before=before,
            after=after,
            # What the client expects is about the plan: once it is taken back, nothing of that is met or not.
            expected="" if self.undo else count.expected,
            # And it was looked at for what the plan takes.
            met=count.met if held == count.taken and not self.undo else None,
            revenue=sum(one.revenue for one in portions) if portions and revenue else None,
            stages=_holdings((one.stage, one) for one in portions),
            people=_holdings((one.person, one) for one in portions),
        )


def _holdings(pairs: Iterator[tuple[str, Portion]]) -> tuple[Holding, ...]:
    found: dict[str, Holding] = {}
    for name, one in pairs:
        known = found.get(name, Holding(name, 0, 0.0))
        found[name] = Holding(name, known.records + one.records, known.revenue + one.revenue)
    return tuple(found.values())
