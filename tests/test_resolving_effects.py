"""What a segment does to a record: which records are in place, and what is written over what."""

from __future__ import annotations

import pytest

from segmenter.conditions import BoundLeaf, Field, domain
from segmenter.resolving.effects import Give, Hold, MoveTo, SetTo, is_empty, out_of_place

STAGE = Field("crm.lead", "stage_id", "many2one", "Stage", "crm.stage")
USER = Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users")
TAGS = Field("crm.lead", "tag_ids", "many2many", "Tags", "crm.tag")
PRIORITY = Field("crm.lead", "priority", "selection", "Priority", selection=(("0", "Low"), ("3", "High")))
HIGH = SetTo(PRIORITY, "3", BoundLeaf((PRIORITY,), "=", ("3",)))


def test_a_value_is_written_over_any_other() -> None:
    assert HIGH.after("0") == "3"
    assert out_of_place([HIGH]) is not None
    assert domain(out_of_place([HIGH])) == [["priority", "not in", ["3"]]]


@pytest.mark.parametrize(("come_from", "before", "after"), [((), 1, 5), ((), None, 5), ((1, 2), 2, 5), ((1, 2), 3, 3)])
def test_a_stage_moves_only_from_where_it_may(come_from: tuple[int, ...], before: int | None, after: int) -> None:
    assert MoveTo(STAGE, 5, come_from).after(before) == after


def test_a_move_asks_for_those_that_may_move() -> None:
    assert domain(out_of_place([MoveTo(STAGE, 5, (1, 2))])) == [["stage_id", "in", [1, 2]]]
    assert domain(out_of_place([MoveTo(STAGE, 5)])) == [["stage_id", "not in", [5]]]
    # A stage that is still to be made: those that may move are known, and with no origin it is everybody.
    assert domain(out_of_place([MoveTo(STAGE, -1, (1,))])) == [["stage_id", "in", [1]]]
    assert out_of_place([MoveTo(STAGE, -1)]) is None


def test_tags_are_held_and_let_go_and_others_stay() -> None:
    hold = Hold(TAGS, frozenset({7}), frozenset({8}))
    assert hold.after([8, 20]) == [7, 20]
    assert hold.after([7]) == [7]


def test_a_tag_still_to_be_made_is_held_by_nobody() -> None:
    assert out_of_place([Hold(TAGS, frozenset({-1}), frozenset({8}))]) is None
    # Nobody can hold what is to be let go of and is not there yet.
    assert domain(out_of_place([Hold(TAGS, frozenset({7}), frozenset({-1}))])) == [["tag_ids", "not in", [7]]]


@pytest.mark.parametrize(
    ("only_if_empty", "holder", "wants"),
    [(True, None, True), (True, 9, False), (False, None, True), (False, 9, True), (False, 2, False)],
)
def test_who_is_given_to_somebody(only_if_empty: bool, holder: int | None, wants: bool) -> None:
    assert Give(USER, (2, 3), "round_robin", only_if_empty, None).wants(holder) is wants


def test_gifts_ask_for_those_that_nobody_or_somebody_else_holds() -> None:
    assert domain(out_of_place([Give(USER, (2, 3), "round_robin", True, None)])) == [["user_id", "=", False]]
    assert domain(out_of_place([Give(USER, (2, 3), "round_robin", False, None)])) == [["user_id", "not in", [2, 3]]]


def test_a_record_is_out_of_place_when_any_effect_has_something_to_do() -> None:
    wrong = out_of_place([HIGH, MoveTo(STAGE, 5, (1,))])
    assert domain(wrong) == ["|", ["priority", "not in", ["3"]], ["stage_id", "in", [1]]]
    assert out_of_place([HIGH, MoveTo(STAGE, -1)]) is None


def test_emptying_a_field() -> None:
    empty = SetTo(USER, None, is_empty(USER))
    assert (empty.after(4), domain(out_of_place([empty]))) == (None, [["user_id", "!=", False]])
