"""A plan looks at its own result: who belongs elsewhere then, who leaves the scope, and who never comes to rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from segmenter.conditions import Field
from segmenter.notice import Notice
from segmenter.planning.cells import find_affected
from segmenter.planning.loads import Loads, assign
from segmenter.planning.places import place
from segmenter.planning.rounds import written_fields
from segmenter.planning.settling import Settling, look_again, notices, refusals
from segmenter.plans import Json
from segmenter.portfolio import Grouped, Portfolio
from segmenter.portfolio.formula import Compared, Either, Every, Fixed, Formula, Truths, Without, records_of
from segmenter.record_set import RecordSet, by_value
from segmenter.resolving.effects import Effect, Give, MoveTo, SetTo
from segmenter.resolving.resolved import ResolvedSegment, ResolvedSegmentation

STAGE = Field("crm.lead", "stage_id", "many2one", "Stage", "crm.stage")
PRIORITY = Field("crm.lead", "priority", "selection", "Priority")
USER = Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users")
NEW, QUALIFIED, PROPOSED = 1, 2, 3
NOW = "2026-11-23 12:00:00"


def column(field: Field, values: Mapping[int, Json]) -> Grouped:
    return Grouped(field, by_value(values))


def segment(name: str, *effects: Effect) -> ResolvedSegment:
    return ResolvedSegment(name, not name, None, (), None, "", None, None, effects, ())


def stage_is(stages: Mapping[int, int], *wanted: int) -> Compared:
    """The condition ``stage_id: [...]``, on records in these stages."""
    records = RecordSet(record for record, stage in stages.items() if stage in wanted)
    return Compared("stage_id", records, frozenset(wanted).__contains__)


def settle(
    stages: Mapping[int, int],
    segments: Sequence[tuple[ResolvedSegment, Formula]],
    *,
    scope: Formula | None = None,
    protect: Formula | None = None,
    asked: Sequence[str] = ("stage_id",),
    many: bool = False,
    holders: Mapping[int, int | None] | None = None,
) -> Settling:
    """What comes after a plan for leads in these stages, and in one segmentation, "S"."""
    every = RecordSet(stages)
    columns = {
        "stage_id": column(STAGE, stages),
        "priority": column(PRIORITY, dict.fromkeys(stages, "0")),
        "user_id": column(USER, holders or dict.fromkeys(stages)),
    }
    whole = ResolvedSegmentation("S", many, None, frozenset(), tuple(one for one, _formula in segments))
    matches = tuple(records_of(formula, every) for _segment, formula in segments)
    places = [place(whole, matches, every)]
    loads = Loads({})
    affected = list(assign(find_affected(places, every, columns), loads))
    conditions = {(0, at): one for at, (_segment, one) in enumerate(segments) if not isinstance(one, Fixed)}
    truths = Truths(scope, protect, conditions)
    portfolio = Portfolio("crm.lead", every, RecordSet(), (matches,), columns)
    return look_again(places, portfolio, affected, truths, list(columns), loads, now=NOW, asked=asked)


def moved(settling: Settling) -> list[tuple[str, str, list[int], bool]]:
    return [(one.origin, one.to, list(one.records), one.changes) for one in settling.moved]


def move(name: str, to: int) -> ResolvedSegment:
    return segment(name, MoveTo(STAGE, to))


def test_records_that_a_move_brings_to_another_segment_are_told_with_whose_writing_does_it() -> None:
    stages = {1: NEW, 2: QUALIFIED, 3: PROPOSED}
    funnel = [
        (move("Fresh", QUALIFIED), stage_is(stages, NEW)),
        (segment("Known", SetTo(PRIORITY, "2", None)), stage_is(stages, QUALIFIED)),
    ]

    settling = settle(stages, funnel)

    assert moved(settling) == [("Fresh", "Known", [1], True)]
    assert settling.moved[0].because == ("S: Fresh",)
    assert (list(settling.again), settling.for_ever) == ([1], ())
    (notice,) = notices(settling, {1: "Hotel Sol"})
    names = {"segmentation": "S", "from": "Fresh", "to": "Known", "because": ("S: Fresh",), "records": ("Hotel Sol",)}
    assert notice == Notice("settling.moves_on", {"number": 1}, names)


def test_a_record_that_belongs_elsewhere_and_is_left_as_it_is_is_told_apart() -> None:
    stages = {1: NEW, 2: PROPOSED}
    settling = settle(stages, [(move("Fresh", QUALIFIED), stage_is(stages, NEW))])

    assert moved(settling) == [("Fresh", "", [1], False)]
    assert not settling.again
    assert [notice.code for notice in notices(settling, {})] == ["settling.elsewhere"]


def test_what_no_condition_asks_for_moves_nobody() -> None:
    stages = {1: NEW}
    settling = settle(stages, [(segment("A", SetTo(PRIORITY, "2", None)), stage_is(stages, NEW))])

    assert settling == Settling()


def test_two_segments_that_chase_each_other_stand_against_the_plan() -> None:
    stages = {1: NEW, 2: QUALIFIED, 3: PROPOSED}
    chase = [(move("Up", QUALIFIED), stage_is(stages, NEW)), (move("Down", NEW), stage_is(stages, QUALIFIED))]

    settling = settle(stages, chase)

    assert settling.for_ever == ((("S: Down", "S: Up"), RecordSet([1, 2])),)
    (violation,) = refusals(settling)
    assert (violation.limit, violation.found, violation.allowed) == ("settling", 2, 0)
    assert violation.about == Notice("settling.for_ever", {"number": 2}, {"segments": ("S: Down", "S: Up")})


def test_records_that_come_to_a_circle_later_are_in_it_too() -> None:
    stages = {1: PROPOSED}
    chase = [
        (move("In", NEW), stage_is(stages, PROPOSED)),
        (move("Up", QUALIFIED), stage_is(stages, NEW)),
        (move("Down", NEW), stage_is(stages, QUALIFIED)),
    ]

    assert settle(stages, chase).for_ever == ((("S: Up", "S: Down"), RecordSet([1])),)


def test_a_chain_comes_to_rest() -> None:
    stages = {at: at for at in range(1, 9)}
    chain = [(move(f"To {at + 1}", at + 1), stage_is(stages, at)) for at in range(1, 8)]

    settling = settle(stages, chain)

    assert (list(settling.again), settling.for_ever) == ([1, 2, 3, 4, 5, 6], ())


def test_records_that_leave_the_scope_or_become_protected_are_changed_no_more() -> None:
    stages = {1: NEW, 2: QUALIFIED}
    chase = [(move("Up", QUALIFIED), stage_is(stages, NEW)), (move("Down", NEW), stage_is(stages, QUALIFIED))]

    for around in ({"scope": stage_is(stages, NEW, PROPOSED)}, {"protect": stage_is(stages, QUALIFIED)}):
        settling = settle({1: NEW}, [(chase[0][0], stage_is({1: NEW}, NEW)), chase[1]], **around)
        assert (moved(settling), list(settling.again)) == ([], [])
        assert [(one.because, list(one.records)) for one in settling.leaving] == [(("S: Up",), [1])]
        assert [notice.code for notice in notices(settling, {})] == ["settling.leaves"]


def test_of_a_many_store_each_segment_is_asked_by_itself() -> None:
    stages = {1: NEW, 2: QUALIFIED}
    both = [
        (move("Fresh", QUALIFIED), stage_is(stages, NEW)),
        (segment("All", SetTo(PRIORITY, "1", None)), Fixed(RecordSet([1, 2]))),
        (segment("Known"), stage_is(stages, QUALIFIED)),
    ]

    assert moved(settle(stages, both, many=True)) == [("Fresh", "Known", [1], False)]


def test_conditions_join_what_is_written_and_what_is_not() -> None:
    stages = {1: NEW, 2: NEW, 3: QUALIFIED}
    in_lima = Fixed(RecordSet([1, 3]))
    parts = [
        (move("Fresh", QUALIFIED), stage_is(stages, NEW)),
        (segment("Lima", SetTo(PRIORITY, "2", None)), Every((in_lima, Without(stage_is(stages, NEW))))),
        (segment("Rest", SetTo(PRIORITY, "1", None)), Either((in_lima, stage_is(stages, QUALIFIED)))),
    ]

    assert moved(settle(stages, parts)) == [("Fresh", "Lima", [1], True), ("Fresh", "Rest", [2], True)]


def test_people_who_are_given_records_are_seen_by_the_next_plan() -> None:
    stages = {1: NEW, 2: NEW}
    nobody = Compared("user_id", RecordSet([1]), lambda held: held is None)
    parts = [
        (segment("Nobody's", Give(USER, (7,), "round_robin", only_if_empty=True, cap=None)), nobody),
        (segment("Taken", SetTo(PRIORITY, "2", None)), Without(nobody)),
    ]

    settling = settle(stages, parts, asked=("user_id",), holders={1: None, 2: 7})
    assert moved(settling) == [("Nobody's", "Taken", [1], True)]


def test_what_odoo_computes_may_move_records_and_its_own_dates_do() -> None:
    stages = {1: NEW, 2: QUALIFIED}
    stale = Compared("write_date", RecordSet([1, 2]), lambda at: at < NOW)
    parts = [(move("Stale", QUALIFIED), stale)]

    settling = settle(stages, parts, asked=("write_date", "probability"))

    assert moved(settling) == [("Stale", "", [1], False)]
    assert settling.may_move == {"probability": RecordSet([1])}
    assert list(notices(settling, {}))[-1] == Notice("settling.may_move", {"number": 1}, {"field": "probability"})


def test_a_plan_that_changes_nothing_writes_no_date() -> None:
    assert written_fields([]) == set()
