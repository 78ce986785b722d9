"""A plan looks at its own result: where its records would belong once it is applied, and what a second plan would do.

A spec may ask for what its segments write: a stage, a tag, a priority. Then a record that a plan changes can belong to
another segment afterwards, and a second plan changes it again. That may be meant, and it may go round for ever.

The conditions are asked again (`portfolio.formula`) of the values that the plan writes. What Odoo computes by itself,
as the probability of a lead after a move, cannot be known: such records are counted apart, they may move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from segmenter.behaviours.scoring import SCORING
from segmenter.notice import Notice
from segmenter.planning.cells import Affected, change_sets
from segmenter.planning.loads import Loads
from segmenter.planning.places import Places
from segmenter.planning.rounds import Round, State, acting_segmentations, states
from segmenter.plans import ChangeSet, Violation, full_name
from segmenter.portfolio import Portfolio
from segmenter.portfolio.formula import Formula, Truths, comparisons, records_of
from segmenter.record_set import RecordSet, partition, union

MOST_ROUNDS = 25
"""Plans that are thought through, one after the other. A record that still moves then is not followed further."""
SAMPLE = 5
"""Records that a notice names."""
COMPUTED: Mapping[str, Mapping[str, frozenset[str]]] = {
    "crm.lead": {
        "probability": SCORING,
        "date_closed": frozenset(("stage_id", "active", "probability")),
        "date_open": frozenset(("user_id",)),
    }
}
"""Model -> field that Odoo sets by itself -> the fields of which a change may make it do so."""


@dataclass(frozen=True)
class Moved:
    """Records that belong elsewhere once a plan is applied.

    ``origin`` and ``to``: segments, "" for none. ``because``: the segments whose writing moved them (full names).
    ``changes``: whether a second plan would change them.
    """

    segmentation: str
    origin: str
    to: str
    because: tuple[str, ...]
    records: RecordSet
    changes: bool


@dataclass(frozen=True)
class Settling:
    """What comes after a plan. ``again``: the records that a second plan would change; ``leaving``: those that it would
    not touch any more, as they leave the scope, each set with the segments because of which.

    ``for_ever``: sets of records that come back to where they were, each with the segments that chase each other.
    ``may_move``: field that Odoo computes -> records of which it may change, where a condition asks for it.
    """

    moved: tuple[Moved, ...] = ()
    leaving: tuple[Moved, ...] = ()
    again: RecordSet = field(default_factory=RecordSet)
    for_ever: tuple[tuple[tuple[str, ...], RecordSet], ...] = ()
    may_move: Mapping[str, RecordSet] = field(default_factory=dict)


def look_again(
    places: Sequence[Places],
    portfolio: Portfolio,
    affected: Sequence[Affected],
    truths: Truths,
    deciding: Iterable[str],
    loads: Loads,
    *,
    now: str,
    asked: Collection[str] = (),
) -> Settling:
    """What becomes of the records that a plan changes.

    ``affected``: as planned, with all that is written along and people given. ``deciding``: the fields that say whether
    a record is changed. ``now``: the moment of the plan, in UTC. ``asked``: all fields that conditions ask for.
    ``loads``: who holds how many records after the plan.
    """
    columns = {name: portfolio.columns[name] for name in deciding}
    first = Round(portfolio.scope, tuple(places), portfolio.matches, truths, columns, now, affected)
    may_move = _may_move(portfolio.model, first, asked)
    if not truths.comparisons():
        return Settling(may_move=may_move)
    then = Loads(loads.now, loads.won)
    second = first.next(then)
    moved, leaving, for_ever = _moved(first, second), _leaving(first, second), _cycles(second, then)
    return Settling(tuple(moved), tuple(leaving), second.in_play, tuple(for_ever), may_move)


def notices(settling: Settling, names: Mapping[int, str]) -> Iterator[Notice]:
    """What people should know of it. ``names``: what records are called."""
    for moved in settling.moved:
        yield _notice("settling.moves_on" if moved.changes else "settling.elsewhere", moved, names)
    for moved in settling.leaving:
        yield _notice("settling.leaves", moved, names)
    for name, records in settling.may_move.items():
        yield Notice("settling.may_move", {"number": len(records)}, {"field": name})


def refusals(settling: Settling) -> Iterator[Violation]:
    """What stands against the plan: segments that chase each other."""
    for segments, records in settling.for_ever:
        about = Notice("settling.for_ever", {"number": len(records)}, {"segments": segments})
        yield Violation("settling", len(records), 0, about)


def named_records(settling: Settling) -> RecordSet:
    """The records that its notices name."""
    return union(moved.records[:SAMPLE] for moved in (*settling.moved, *settling.leaving))


def _notice(code: str, moved: Moved, names: Mapping[int, str]) -> Notice:
    sample = tuple(names[record] for record in moved.records[:SAMPLE] if record in names)
    return Notice(
        code,
        {"number": len(moved.records)},
        {
            "segmentation": moved.segmentation,
            "from": moved.origin,
            "to": moved.to,
            "because": moved.because,
            "records": sample,
        },
    )


def _moved(first: Round, second: Round) -> Iterator[Moved]:
    """The records that belong elsewhere, segmentation by segmentation, and those that change where they are."""
    for number, (before, now) in enumerate(zip(first.places, second.places, strict=True)):
        name = before.segmentation.name
        again = union(affected.cell.records for affected in second.affected if name in acting_segmentations(affected))
        left = again
        for origin, to, records in _between(before, now, first.in_play & second.scope):
            for because, part in _divided(records, _reasons(first, second, number)):
                for changes, there in ((True, part & again), (False, part - again)):
                    if there:
                        yield Moved(name, origin, to, because, there, changes)
            left = left - records
        if left:
            for at, taken in enumerate(now.taken):
                if here := taken & left:
                    segment = now.segmentation.segments[at].name
                    yield Moved(name, segment, segment, (), here, True)


def _between(before: Places, now: Places, records: RecordSet) -> Iterator[tuple[str, str, RecordSet]]:
    """(from, to, records) of those of ``records`` that another segment takes; "" for none."""
    names = [segment.name for segment in before.segmentation.segments]
    lost = [(name, (taken & records) - here) for name, taken, here in zip(names, before.taken, now.taken, strict=True)]
    got = [(name, (here & records) - taken) for name, taken, here in zip(names, before.taken, now.taken, strict=True)]
    for origin, leaving in [*lost, ("", records - union(gone for _name, gone in lost))]:
        for to, coming in got:
            if both := leaving & coming:
                yield origin, to, both
    for origin, leaving in lost:
        if rest := leaving - union(coming for _name, coming in got):
            yield origin, "", rest


def _reasons(first: Round, second: Round, number: int) -> dict[str, RecordSet]:
    """Full name of a segment -> the records that its writing moves in the segmentation of this number."""
    found: dict[str, RecordSet] = {}
    for (segmentation, at), formula in first.truths.segments.items():
        if segmentation == number:
            now = second.truths.segments[segmentation, at]
            flipped = records_of(formula, first.scope) ^ records_of(now, first.scope)
            _because(first, now, flipped, found)
    return found


def _because(first: Round, formula: Formula, flipped: RecordSet, found: dict[str, RecordSet]) -> None:
    """Add to ``found`` whose writing made the formula come out otherwise for the ``flipped`` records."""
    asked = {comparison.field for comparison in comparisons(formula)}
    for name, sets in first.changes.items():
        for change in sets if name in asked else ():
            if moved := change.records & flipped:
                for reason in _full_names(change):
                    found[reason] = found.get(reason, RecordSet()) | moved


def _full_names(change: ChangeSet) -> list[str]:
    segmentations, segments = change.segmentation.split(" + "), change.segment.split(" + ")
    if len(segmentations) != len(segments):  # a name of the client's holds a plus itself
        return [full_name(change.segmentation, change.segment)]
    pairs = zip(segmentations, segments, strict=True)
    return [full_name(segmentation, segment) if segment else segmentation for segmentation, segment in pairs]


def _divided(records: RecordSet, reasons: Mapping[str, RecordSet]) -> Iterator[tuple[tuple[str, ...], RecordSet]]:
    """The records by the segments because of which they move."""
    names = list(reasons)
    for (positions, _values), part in partition(records, list(reasons.values())).items():
        yield tuple(names[at] for at in positions), part


def _leaving(first: Round, second: Round) -> Iterator[Moved]:
    """The records that leave the scope, or are protected from then on."""
    gone = first.in_play - second.scope
    reasons: dict[str, RecordSet] = {}
    for formula in (second.truths.scope, second.truths.protect):
        if formula is not None:
            _because(first, formula, gone, reasons)
    for because, records in _divided(gone, reasons):
        yield Moved("", "", "", because, records, False)


def _may_move(model: str, first: Round, asked: Collection[str]) -> dict[str, RecordSet]:
    """Field that a condition asks for and Odoo computes -> the records of which it may change."""
    changes, found = change_sets(first.affected), dict[str, RecordSet]()
    for name, triggers in COMPUTED.get(model, {}).items():
        if name in asked:
            moved = union(change.records for change in changes if change.field in triggers and not change.pin)
            # A pin is written too: Odoo computes nothing over it.
            if unknown := moved - union(change.records for change in changes if change.field == name):
                found[name] = unknown
    return found


def _cycles(second: Round, loads: Loads) -> Iterator[tuple[tuple[str, ...], RecordSet]]:
    """The records that come back to a state they had, by the segments that act on them on the way round.

    Of all records in one state, one is followed: what happens to it happens to the others.
    """
    alike_to = {records[0]: records for records in states(second, second.in_play).values()}
    left = RecordSet(alike_to)
    current = replace(
        second,
        affected=[affected.on(part, {}) for affected in second.affected if (part := affected.cell.records & left)],
    )
    rounds: list[Round] = []
    passed: list[dict[State, RecordSet]] = []
    while left and len(rounds) < MOST_ROUNDS:
        here = states(current, left)
        for at, before in enumerate(passed):
            if back := union(records & left & before.get(state, RecordSet()) for state, records in here.items()):
                for segments, followed in _divided(back, _acting_on(back, rounds[at:])):
                    yield segments, union(alike_to[record] for record in followed)
                left = left - back
        rounds.append(current)
        passed.append(here)
        current = current.next(loads)
        left = left & current.in_play


def _acting_on(records: RecordSet, rounds: Iterable[Round]) -> dict[str, RecordSet]:
    """Full name of a segment -> the records that it changes in these rounds."""
    found: dict[str, RecordSet] = {}
    for moved in (affected for one_round in rounds for affected in one_round.affected):
        for part in moved.acting:
            if part.segment and (here := moved.cell.records & records):
                name = full_name(part.segmentation, part.segment)
                found[name] = found.get(name, RecordSet()) | here
    return found
