"""Who gets a record: in turn, by load, under a cap; what is won or archived weighs nothing."""

from __future__ import annotations

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.planning.loads import Loads
from segmenter.portfolio.totals import open_records
from segmenter.resolving.effects import Give
from tests.support.fakes import Scripted

USER = Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users")


def to(*people: int, by: Literal["round_robin", "least_loaded"] = "round_robin", cap: int | None = None) -> Give:
    return Give(USER, people, by, only_if_empty=True, cap=cap)


def test_in_turn() -> None:
    kept = Loads({})
    assert [kept.give(to(4, 2, 3), None) for _ in range(5)] == [4, 2, 3, 4, 2]


def test_each_group_of_people_has_its_own_turn() -> None:
    kept = Loads({})
    given = [kept.give(to(*people), None) for people in ((1, 2), (1, 3), (1, 2), (1, 3))]
    assert given == [1, 1, 2, 3]


def test_the_turn_passes_over_whoever_is_at_the_cap() -> None:
    kept = Loads({1: 0, 2: 2, 3: 1})
    assert [kept.give(to(1, 2, 3, cap=2), None) for _ in range(4)] == [1, 3, 1, None]
    assert (kept.unplaced, kept.now) == (1, {1: 2, 2: 2, 3: 2})


def test_whoever_has_fewest_and_at_a_tie_the_first_named() -> None:
    kept = Loads({5: 3, 6: 1, 7: 1})
    assert [kept.give(to(5, 7, 6, by="least_loaded"), None) for _ in range(5)] == [7, 6, 7, 6, 5]
    assert kept.before == {5: 3, 6: 1, 7: 1}


def test_a_holder_who_gives_up_a_record_has_one_less() -> None:
    kept = Loads({1: 4, 2: 0})
    assert kept.give(to(2), 1) == 2
    assert kept.now == {1: 3, 2: 1}


def test_what_is_won_weighs_nothing_and_knows_no_cap() -> None:
    kept = Loads({1: 2, 2: 2})
    assert kept.give(to(1, cap=2), 2, weighed=False, weighs=False) == 1
    assert kept.give(to(1, cap=2), 2, weighed=True, weighs=False) == 1
    assert kept.now == {1: 2, 2: 1}


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 20), st.integers(1, 8))
def test_nobody_ends_above_the_cap_who_was_not_there_before(loads: list[int], number: int, cap: int) -> None:
    before = dict(enumerate(loads, 1))
    kept = Loads(before)
    for _ in range(number):
        kept.give(to(*before, by="least_loaded", cap=cap), None)
    assert all(load <= max(cap, before[who]) for who, load in kept.now.items())
    assert sum(kept.now.values()) - sum(loads) + kept.unplaced == number
    room = sum(max(0, cap - load) for load in loads)
    assert kept.unplaced == max(0, number - room)


def test_open_records_are_counted_in_one_question() -> None:
    rows = [{"user_id": [7, "Ana"], "__count": 3, "__extra_domain": []}]
    about = {"type": "many2one", "string": "Salesperson", "relation": "res.users", "store": True}
    server = Scripted([{"user_id": about}, rows])

    assert open_records(OdooReader(server), "crm.lead", "user_id", [7, 8]) == {7: 3, 8: 0}
    ((_model, method, args, _keywords),) = [call for call in server.calls if call[1] != "fields_get"]
    assert method == "formatted_read_group"
    assert args[0][0] == ("user_id", "in", [7, 8])
    assert ("stage_id.is_won", "=", False) in args[0]
