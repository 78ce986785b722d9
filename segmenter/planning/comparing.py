"""Plan against plan: which records go where otherwise, because of which edited criterion, and what else differs.

Pure, and facts alone: nothing here asks a server or a ledger, and `reports.diff` words it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from segmenter.planning.edits import Criteria, Edit, criteria
from segmenter.planning.moves import Move, Side, moves
from segmenter.plans import (
    ConfigChange,
    ExampleResult,
    Json,
    Plan,
    SegmentCount,
    Violation,
)
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True)
class Pair:
    """One segment in both plans: None where a plan does not have it."""

    old: SegmentCount | None
    new: SegmentCount | None

    @property
    def differs(self) -> bool:
        """Whether it takes another number of records."""
        return self.old is None or self.new is None or self.old.taken != self.new.taken


@dataclass(frozen=True)
class Writes:
    """What both plans would write to one field: records that one of them alone writes, and those with another value."""

    field: str
    only_old: RecordSet
    only_new: RecordSet
    other: RecordSet


@dataclass(frozen=True)
class PlanDiff:
    """All that differs from ``old`` to ``new``.

    ``exact``: both plans keep who belongs where. Otherwise moves are known only of records that both plans change.
    ``moves``: most records first. ``pairs``: every segment. ``figures``: name of a count -> that of each plan, where
    they differ. ``workload``: person -> open records with each plan, None where the plan does not know the person.
    ``examples``: those that differ; ``violations`` and ``config``: those that only the old plan has, and only the new.
    """

    old: Plan
    new: Plan
    exact: bool
    edits: tuple[Edit, ...]
    moves: tuple[Move, ...]
    pairs: tuple[Pair, ...]
    writes: tuple[Writes, ...]
    figures: Mapping[str, tuple[int, int]]
    workload: Mapping[str, tuple[int | None, int | None]]
    examples: tuple[tuple[ExampleResult | None, ExampleResult | None], ...]
    violations: tuple[tuple[Violation, ...], tuple[Violation, ...]]
    config: tuple[tuple[ConfigChange, ...], tuple[ConfigChange, ...]]

    @property
    def moved(self) -> RecordSet:
        """The records of all moves."""
        return union(move.records for move in self.moves)

    @property
    def divides_otherwise(self) -> bool:
        """Whether a criterion was edited, or a record moves, or a segment takes another number."""
        return bool(self.edits or self.moves or any(pair.differs for pair in self.pairs))

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        rest = (self.writes, self.figures, self.workload, self.examples, *self.violations, *self.config)
        return not (self.divides_otherwise or any(rest))


def comparable(old: Plan, new: Plan) -> bool:
    """Whether two plans are about the same records: those of one model of one database."""
    where = [
        (plan.identity.server["url"], plan.identity.server["database"], plan.identity.model) for plan in (old, new)
    ]
    return where[0] == where[1]


def compare(old: Side, new: Side) -> PlanDiff:
    """What differs from one plan to the other. They must be `comparable`."""
    edited = criteria(old.plan, new.plan)
    return PlanDiff(
        old=old.plan,
        new=new.plan,
        exact=old.members is not None and new.members is not None,
        edits=edited.edits,
        moves=moves(old, new, edited),
        pairs=tuple(_pairs(old.plan, new.plan, edited)),
        writes=tuple(_writes(old, new)),
        figures=_figures(old.plan, new.plan),
        workload=_workload(old.plan, new.plan),
        examples=tuple(_examples(old.plan, new.plan)),
        violations=_violations(old.plan, new.plan),
        config=_config(old.plan, new.plan),
    )


def _pairs(old: Plan, new: Plan, edited: Criteria) -> Iterator[Pair]:
    """The segments of both plans, in the order of the newer one, and then what it does not have any more."""
    before = {(count.segmentation, count.segment): count for count in old.counts.segments}
    called = {(name, now): was for name, names in edited.renamed.items() for was, now in names.items()}
    for count in new.counts.segments:
        key = (count.segmentation, count.segment)
        yield Pair(before.pop((count.segmentation, called.get(key, count.segment)), None), count)
    yield from (Pair(count, None) for count in before.values())


def _writes(old: Side, new: Side) -> Iterator[Writes]:
    by_field = [_written(old, _created(new.plan)), _written(new, _created(old.plan))]
    for field in sorted({*by_field[0], *by_field[1]}):
        before, after = (values.get(field, {}) for values in by_field)
        records = union(before.values()), union(after.values())
        same = union(was & after[value] for value, was in before.items() if value in after)
        found = Writes(field, records[0] - records[1], records[1] - records[0], (records[0] & records[1]) - same)
        if found.only_old or found.only_new or found.other:
            yield found


def _written(side: Side, created: Mapping[int, str]) -> dict[str, dict[str, RecordSet]]:
    """Field -> what is written to it, as text -> the records. ``created``: what the other plan creates.

    A record that a plan creates has no id yet, and that which one plan creates, the other may find: both are told by
    their name.
    """
    own, others, names = _created(side.plan), set(created.values()), side.plan.names.value_names
    found: dict[str, dict[str, RecordSet]] = {}
    for change in side.changes:
        if change.pin:
            continue

        def named(value: Json, field: str = change.field) -> Json:
            if not isinstance(value, int) or isinstance(value, bool):
                return value
            name = own.get(value) or names.get(f"{field}:{value}")
            return name if value in own or name in others else value

        after = sorted(map(named, change.after), key=str) if isinstance(change.after, list) else named(change.after)
        values, text = found.setdefault(change.field, {}), canonical(after)
        values[text] = values[text] | change.records if text in values else change.records
    return found


def _created(plan: Plan) -> dict[int, str]:
    """Ref -> name of what a plan creates."""
    return {change.ref: change.name for change in plan.config if change.creates}


def _figures(old: Plan, new: Plan) -> dict[str, tuple[int, int]]:
    """``scope_count``, ``protected`` and the numbers of `Tally`, those that differ."""
    before, after = (
        {"scope_count": plan.counts.scope_count, "protected": plan.counts.protected, **asdict(plan.counts.tally)}
        for plan in (old, new)
    )
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def _workload(old: Plan, new: Plan) -> dict[str, tuple[int | None, int | None]]:
    before, after = ({who: held for who, (_now, held) in plan.counts.workload.items()} for plan in (old, new))
    people = [*after, *(who for who in before if who not in after)]
    return {who: (before.get(who), after.get(who)) for who in people if before.get(who) != after.get(who)}


def _examples(old: Plan, new: Plan) -> Iterator[tuple[ExampleResult | None, ExampleResult | None]]:
    before, after = _by_label(old.examples), _by_label(new.examples)
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was is None or now is None or (was.expected, was.got, was.reason) != (now.expected, now.got, now.reason):
            yield was, now


def _by_label(examples: Sequence[ExampleResult]) -> dict[tuple[str, int], ExampleResult]:
    """By what the client calls an example, and the how manieth of that name it is."""
    seen = Counter[str]()
    found = {}
    for example in examples:
        seen[example.label] += 1
        found[example.label, seen[example.label]] = example
    return found


def _violations(old: Plan, new: Plan) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    before, after = ({canonical(asdict(broken)): broken for broken in plan.violations} for plan in (old, new))
    return (
        tuple(broken for text, broken in before.items() if text not in after),
        tuple(broken for text, broken in after.items() if text not in before),
    )


def _config(old: Plan, new: Plan) -> tuple[tuple[ConfigChange, ...], tuple[ConfigChange, ...]]:
    before, after = ({_told(change, _created(plan)): change for change in plan.config} for plan in (old, new))
    return (
        tuple(change for text, change in before.items() if text not in after),
        tuple(change for text, change in after.items() if text not in before),
    )


def _told(change: ConfigChange, created: Mapping[int, str]) -> str:
    """A configuration change as text, whatever number its plan gave to what it creates."""

    def named(value: Json) -> Json:
        if isinstance(value, list | tuple):
            return [named(inner) for inner in value]
        return created.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value

    values = [{name: named(value) for name, value in side.items()} for side in (change.before, change.after)]
    return canonical([change.model, change.id, change.name, *values])
