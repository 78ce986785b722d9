"""What a segment does to a record: which records are in place, and what is written over what."""

from __future__ import annotations

import pytest

from segmenter.conditions import BoundLeaf, Field, domain
from segmenter.resolving.effects import Give, Hold, MoveTo, SetTo, is_empty

STAGE = Field("crm.lead", "stage_id", "many2one", "Stage", "crm.stage")
USER = Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users")
TAGS = Field("crm.lead", "tag_ids", "many2many", "Tags", "crm.tag")
PRIORITY = Field("crm.lead", "priority", "selection", "Priority", selection=(("0", "Low"), ("3", "High")))
HIGH = SetTo(PRIORITY, "3", BoundLeaf((PRIORITY,), "=", ("3",)))


def test_a_value_is_written_over_any_other() -> None:
    assert HIGH.after("0") == "3"
    assert HIGH.in_place() is HIGH.holds


@pytest.mark.parametrize(("come_from", "before", "after"), [((), 1, 5), ((), None, 5), ((1, 2), 2, 5), ((1, 2), 3, 3)])
def test_a_stage_moves_only_from_where_it_may(come_from: tuple[int, ...], before: int | None, after: int) -> None:
    assert MoveTo(STAGE, 5, come_from).after(before) == after


def test_who_has_moved_already() -> None:
    assert said(MoveTo(STAGE, 5)) == [["stage_id", "in", [5]]]
    assert said(MoveTo(STAGE, 5, (1, 2))) == [["stage_id", "not in", [1, 2]]]
    # Into a stage that is still to be made nobody has moved; those that may not move are in place.
    assert MoveTo(STAGE, -1).in_place() is None
    assert said(MoveTo(STAGE, -1, (1,))) == [["stage_id", "not in", [1]]]


def said(effect: MoveTo) -> list[object]:
    in_place = effect.in_place()
    assert in_place is not None
    return list(domain(in_place))


def test_tags_are_held_and_let_go_and_others_stay() -> None:
    hold = Hold(TAGS, frozenset({7}), frozenset({8}))
    assert hold.after([8, 20]) == [7, 20]
    assert hold.after([7]) == [7]


@pytest.mark.parametrize(
    ("only_if_empty", "holder", "wants"),
    [(True, None, True), (True, 9, False), (False, None, True), (False, 9, True), (False, 2, False)],
)
def test_who_is_given_to_somebody(only_if_empty: bool, holder: int | None, wants: bool) -> None:
    assert Give(USER, (2, 3), "round_robin", only_if_empty, None).wants(holder) is wants


def test_emptying_a_field() -> None:
    assert SetTo(USER, None, is_empty(USER)).after(4) is None
