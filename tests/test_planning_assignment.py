"""Who gets a record: in turn, by load, under a cap; what is won or archived weighs nothing."""

from __future__ import annotations

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.planning.assignment import Assignment, open_load
from segmenter.planning.effects import Give
from tests.support.fakes import Scripted

USER = Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users")


def to(*people: int, by: Literal["round_robin", "least_loaded"] = "round_robin", cap: int | None = None) -> Give:
    return Give(USER, people, by, only_if_empty=True, cap=cap)


def test_in_turn() -> None:
    assignment = Assignment({})
    assert [assignment.give(to(4, 2, 3), None) for _ in range(5)] == [4, 2, 3, 4, 2]


def test_each_group_of_people_has_its_own_turn() -> None:
    assignment = Assignment({})
    given = [assignment.give(to(*people), None) for people in ((1, 2), (1, 3), (1, 2), (1, 3))]
    assert given == [1, 1, 2, 3]


def test_the_turn_passes_over_whoever_is_at_the_cap() -> None:
    assignment = Assignment({1: 0, 2: 2, 3: 1})
    assert [assignment.give(to(1, 2, 3, cap=2), None) for _ in range(4)] == [1, 3, 1, None]
    assert (assignment.unplaced, assignment.load) == (1, {1: 2, 2: 2, 3: 2})


def test_whoever_has_fewest_and_at_a_tie_the_first_named() -> None:
    assignment = Assignment({5: 3, 6: 1, 7: 1})
    assert [assignment.give(to(5, 7, 6, by="least_loaded"), None) for _ in range(5)] == [7, 6, 7, 6, 5]
    assert assignment.before == {5: 3, 6: 1, 7: 1}


def test_a_holder_who_gives_up_a_record_has_one_less() -> None:
    assignment = Assignment({1: 4, 2: 0})
    assert assignment.give(to(2), 1) == 2
    assert assignment.load == {1: 3, 2: 1}


def test_what_is_won_weighs_nothing_and_knows_no_cap() -> None:
    assignment = Assignment({1: 2, 2: 2})
    assert assignment.give(to(1, cap=2), 2, weighed=False, weighs=False) == 1
    assert assignment.give(to(1, cap=2), 2, weighed=True, weighs=False) == 1
    assert assignment.load == {1: 2, 2: 1}


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 20), st.integers(1, 8))
def test_nobody_ends_above_the_cap_who_was_not_there_before(loads: list[int], number: int, cap: int) -> None:
    before = dict(enumerate(loads, 1))
    assignment = Assignment(before)
    for _ in range(number):
        assignment.give(to(*before, by="least_loaded", cap=cap), None)
    assert all(load <= max(cap, before[who]) for who, load in assignment.load.items())
    assert sum(assignment.load.values()) - sum(loads) + assignment.unplaced == number
    room = sum(max(0, cap - load) for load in loads)
    assert assignment.unplaced == max(0, number - room)


def test_strangers_are_named_and_have_no_load_to_tell() -> None:
    assignment = Assignment({7: 0}, {7: "ana@v.example"})
    assignment.give(to(7), None)
    assert assignment.workload(OdooReader(Scripted([]))) == {}
    (warning,) = assignment.warnings()
    assert "does not say who ana@v.example is" in warning


def test_open_records_are_counted_once_a_person() -> None:
    server = Scripted([3, 5])
    assert open_load(OdooReader(server), "crm.lead", "user_id", [7, 8]) == {7: 3, 8: 5}
    assert [(method, args[0][0]) for _model, method, args, _kw in server.calls] == [
        ("search_count", ("user_id", "=", 7)),
        ("search_count", ("user_id", "=", 8)),
    ]
    assert ("stage_id.is_won", "=", False) in server.calls[0][2][0]
