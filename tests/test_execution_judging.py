"""What is to become of a record: which of its changes are ready, there already, or forbidden by a person's edit."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.behaviours.together import Together
from segmenter.conditions import Field
from segmenter.execution.cells import Cell, Pending, cells_of, fields_of, portions
from segmenter.execution.family import InFlight, to_apply, to_undo
from segmenter.execution.judging import as_planned, judge, values_to_write
from segmenter.execution.later import by_people
from segmenter.execution.rules import Rules
from segmenter.ledger import Applied
from segmenter.plans.changes import ChangeSet
from segmenter.record_set import RecordSet

FIELDS = {
    "priority": Field("crm.lead", "priority", "selection", "Priority", selection=(("0", "Low"), ("3", "High"))),
    "tag_ids": Field("crm.lead", "tag_ids", "many2many", "Tags", "crm.tag"),
    "stage_id": Field("crm.lead", "stage_id", "many2one", "Stage", "crm.stage"),
    "user_id": Field("crm.lead", "user_id", "many2one", "Salesperson", "res.users"),
    "team_id": Field("crm.lead", "team_id", "many2one", "Team", "crm.team"),
    "probability": Field("crm.lead", "probability", "float", "Probability"),
    "partner_id": Field("crm.lead", "partner_id", "many2one", "Customer", "res.partner"),
    "phone": Field("crm.lead", "phone", "char", "Phone"),
    "active": Field("crm.lead", "active", "boolean", "Active"),
    "type": Field(
        "crm.lead", "type", "selection", "Type", selection=(("lead", "Lead"), ("opportunity", "Opportunity"))
    ),
}
RULES = Rules("crm.lead", FIELDS, {"tag_ids": frozenset({7, 8})}, {-1: 7, -2: 31}, Together("crm.lead"))


OF_TEAM_2 = Rules("crm.lead", FIELDS, {}, {}, Together("crm.lead", ask_teams=lambda: {31: frozenset({2})}))
"""The stage 31 is of the team 2 alone."""


def planned(records: list[int], field: str, before: Any, after: Any) -> ChangeSet:
    return ChangeSet(RecordSet(records), field, before, after, "Nivel", "Alto")


change = Pending


def cell(*changes: Pending) -> Cell:
    return Cell(RecordSet([1]), changes)


BOTH = cell(change("priority", "0", "3"), change("tag_ids", [8], [7]))


APPLIED = Applied({"tag_ids": RecordSet([1]), "stage_id": RecordSet([1]), "priority": RecordSet([1, 2, 3])}, {})


def test_cells_gather_the_changes_of_records_and_resolve_what_the_plan_created() -> None:
    sets = [
        planned([1], "tag_ids", [8], [-1]),
        planned([1, 2], "stage_id", 2, -2),
        planned([2, 3], "priority", "0", "3"),
    ]
    forwards = cells_of(to_apply(sets, RULES, {3: "applied"}))
    assert [list(one.records) for one in forwards] == [[1], [2]]
    assert [(one.before, one.after) for one in forwards[0].changes] == [(2, 31), ([8], [7])]
    backwards = cells_of(to_undo(sets, RULES, APPLIED, InFlight()))
    assert [list(one.records) for one in backwards] == [[1], [2], [3]]
    assert [(one.before, one.after) for one in backwards[0].changes] == [(31, 2), ([7], [8])]
    assert [(one.before, one.after) for one in backwards[1].changes] == [("3", "0"), (2, 2)], "the stage is not ours"
    assert fields_of(forwards) == ["priority", "stage_id", "tag_ids"]


def test_an_undo_starts_from_what_the_server_made_of_our_value_and_is_quiet_where_nobody_knows() -> None:
    sets = [planned([1, 2, 3], "priority", "0", "3")]
    applied = Applied({}, {}, {"priority": {1: "1"}})
    cells = cells_of(to_undo(sets, RULES, applied, InFlight(decided=RecordSet([2]))))
    assert [(list(one.records), *one.changes) for one in cells] == [
        ([1], Pending("priority", "1", "0")),
        ([2], Pending("priority", "3", "0", quiet=True)),
    ]


def test_batches_hold_whole_cells_as_far_as_there_is_room() -> None:
    cells = [Cell(RecordSet(range(1, 6)), ()), Cell(RecordSet([6, 7]), ()), Cell(RecordSet([8]), ())]
    batches = [[list(one.records) for one in batch] for batch in portions(cells, 3)]
    assert batches == [[[1, 2, 3]], [[4, 5], [6]], [[7], [8]]]


def test_a_record_that_is_as_the_plan_saw_it_is_ready() -> None:
    verdict = judge(BOTH, {"priority": "0", "tag_ids": [8, 99]}, RULES, by_field=False)
    assert (verdict.ready, verdict.differing, verdict.arrived) == (BOTH.changes, (), False)
    # Links and unlinks alone: the person's tag 99 is not even named.
    assert values_to_write(verdict, RULES) == {"priority": "3", "tag_ids": [[3, 8, 0], [4, 7, 0]]}


def test_a_record_that_is_there_already_is_not_written() -> None:
    verdict = judge(BOTH, {"priority": "3", "tag_ids": [7, 99]}, RULES, by_field=False)
    assert (verdict.ready, verdict.differing, verdict.arrived) == ((), (), True)
    assert values_to_write(verdict, RULES) == {}


@pytest.mark.parametrize(
    ("row", "differing"),
    [
        ({"priority": "1", "tag_ids": [8]}, [("priority", "1")]),
        ({"priority": "1", "tag_ids": [7]}, [("priority", "1")]),
        ({"priority": "1", "tag_ids": []}, [("priority", "1"), ("tag_ids", [])]),
        # Half of it there: a person did that, since a write does all or nothing.
        ({"priority": "3", "tag_ids": [8]}, [("priority", "3")]),
    ],
)
def test_one_edit_keeps_the_whole_record_from_an_apply(row: dict[str, Any], differing: list[Any]) -> None:
    verdict = judge(BOTH, row, RULES, by_field=False)
    assert (verdict.ready, verdict.arrived) == ((), False)
    assert [(one.field, found) for one, found in verdict.differing] == differing


def test_an_undo_goes_field_by_field() -> None:
    verdict = judge(BOTH, {"priority": "1", "tag_ids": [8]}, RULES, by_field=True)
    assert [one.field for one in verdict.ready] == ["tag_ids"]
    assert [(one.field, found) for one, found in verdict.differing] == [("priority", "1")]
    assert values_to_write(verdict, RULES) == {"tag_ids": [[3, 8, 0], [4, 7, 0]]}


def test_the_team_that_is_there_goes_with_a_new_salesperson() -> None:
    given = cell(change("user_id", None, 5), change("team_id", 2, 2))
    moved = judge(given, {"user_id": None, "team_id": 9}, RULES, by_field=False)
    assert values_to_write(moved, RULES) == {"user_id": 5, "team_id": 9}
    assert values_to_write(as_planned(given, RULES), RULES) == {"user_id": 5, "team_id": 2}
    # A pin alone is nothing to write.
    assert values_to_write(judge(given, {"user_id": 5, "team_id": 9}, RULES, by_field=False), RULES) == {}


def test_numbers_are_compared_as_numbers() -> None:
    moved = cell(change("probability", 10.0, 33.3333333))
    assert judge(moved, {"probability": 33.33333331}, RULES, by_field=False).arrived
    assert judge(moved, {"probability": 10}, RULES, by_field=False).ready == moved.changes


def test_a_field_that_is_gone_from_odoo_has_nothing_to_put_back() -> None:
    sets = [planned([1, 2], "x_gone", None, "a"), planned([1], "priority", "0", "3")]
    cells = cells_of(to_undo(sets, RULES, Applied({"": RecordSet([1, 2])}, {}), InFlight()))
    assert [[one.field for one in cell.changes] for cell in cells] == [["priority"]]


def test_a_phone_goes_back_only_together_with_the_contact_it_came_with() -> None:
    back = cell(change("partner_id", 5, None), change("phone", "222", "111"), change("priority", "3", "0"))
    ours = judge(back, {"partner_id": 5, "phone": "222", "priority": "3"}, RULES, by_field=True)
    assert [one.field for one in ours.ready] == ["partner_id", "phone", "priority"]
    theirs = judge(back, {"partner_id": 6, "phone": "222", "priority": "3"}, RULES, by_field=True)
    assert [one.field for one in theirs.ready] == ["priority"]
    assert [(one.field, now) for one, now in (*theirs.differing, *theirs.held)] == [("partner_id", 6), ("phone", "222")]
    ((_verdict, explained),) = by_people([theirs], RULES)
    assert [(one.left.detail, one.by) for one in explained] == [
        ("", ""),
        ("it goes back only together with what somebody changed", ""),
    ]


@pytest.mark.parametrize(
    ("found", "written"),
    [
        # Odoo would move a stage of another team, and give one to a lead without.
        (31, {"team_id": 5, "stage_id": 31}),
        (None, {"team_id": 5, "stage_id": False}),
        (30, {"team_id": 5}),
    ],
)
def test_a_stage_is_written_along_where_odoo_would_move_what_is_found(found: Any, written: dict[str, Any]) -> None:
    given = cell(change("team_id", 2, 5), change("stage_id", 30, 30))
    verdict = judge(given, {"team_id": 2, "stage_id": found}, OF_TEAM_2, by_field=False)
    assert values_to_write(verdict, OF_TEAM_2) == written


def test_what_a_person_changed_is_written_along_as_it_is_where_an_undo_would_move_it() -> None:
    back = cell(change("user_id", 5, 4), change("team_id", 2, 3), change("stage_id", 30, 29))
    theirs = judge(back, {"user_id": 5, "team_id": 9, "stage_id": 31}, OF_TEAM_2, by_field=True)
    assert [(one.field, now) for one, now in theirs.differing] == [("team_id", 9), ("stage_id", 31)]
    assert values_to_write(theirs, OF_TEAM_2) == {"user_id": 4, "team_id": 9, "stage_id": 31}
    # Nor is what a person put back moved away from there.
    there = judge(back, {"user_id": 5, "team_id": 3, "stage_id": 30}, OF_TEAM_2, by_field=True)
    assert values_to_write(there, OF_TEAM_2) == {"user_id": 4, "team_id": 3, "stage_id": 29}
    alone = judge(back, {"user_id": 6, "team_id": 9, "stage_id": 30}, OF_TEAM_2, by_field=True)
    assert values_to_write(alone, OF_TEAM_2) == {"stage_id": 29}


@pytest.mark.parametrize("by_field", [False, True])
def test_a_guard_is_never_written_and_keeps_what_goes_with_it(by_field: bool) -> None:
    ours = cell(change("phone", "111", "999"), change("partner_id", 5, 5))
    same = judge(ours, {"phone": "111", "partner_id": 5}, RULES, by_field=by_field)
    assert values_to_write(same, RULES) == values_to_write(as_planned(ours, RULES), RULES) == {"phone": "999"}
    other = judge(ours, {"phone": "111", "partner_id": 6}, RULES, by_field=by_field)
    assert [(one.field, now) for one, now in other.differing] == [("partner_id", 6)]
    assert [one.field for one, _now in other.held] == (["phone"] if by_field else [])
    assert values_to_write(other, RULES) == {}
    # Where there is nothing to write it tells nothing.
    assert judge(ours, {"phone": "999", "partner_id": 6}, RULES, by_field=by_field).arrived


def test_an_undo_keeps_a_lead_open_that_somebody_moved_on() -> None:
    back = cell(change("stage_id", 4, 1), change("active", True, False), change("probability", 100.0, 0.0))
    moved = judge(back, {"stage_id": 3, "active": True, "probability": 100.0}, RULES, by_field=True)
    assert ([one.field for one, _now in moved.held], moved.ready) == (["active", "probability"], ())
    returned = judge(back, {"stage_id": 1, "active": True, "probability": 20.0}, RULES, by_field=True)
    assert ([one.field for one, _now in returned.held], returned.ready) == (["active"], ())
    whole = judge(back, {"stage_id": 4, "active": True, "probability": 100.0}, RULES, by_field=True)
    assert whole.ready == back.changes


def test_a_contact_goes_back_only_if_it_overwrites_nothing_of_a_person() -> None:
    swap = cell(change("partner_id", 5, 4), change("phone", "999", "111"))
    kept = judge(swap, {"partner_id": 5, "phone": "555"}, RULES, by_field=True)
    assert ([one.field for one, _now in kept.differing], [one.field for one, _now in kept.held]) == (
        ["phone"],
        ["partner_id"],
    )
    none = judge(
        cell(change("partner_id", 5, None), swap.changes[1]), {"partner_id": 5, "phone": "555"}, RULES, by_field=True
    )
    assert values_to_write(none, RULES) == {"partner_id": False}
