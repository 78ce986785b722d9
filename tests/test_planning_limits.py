"""What changes add up to, and which limits that breaks."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.behaviours.behaviour import Cell
from segmenter.i18n import speaking
from segmenter.planning.cells import Affected
from segmenter.planning.counting import is_nothing, tally
from segmenter.planning.limits import unmet, violations, within
from segmenter.plans.changes import ChangeSet
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import Tally, Violation
from segmenter.record_set import RecordSet
from segmenter.reports.notices import range_in_words, violation
from segmenter.spec.model import Limits
from tests.support.ledgers import make_head

TYPES = {"priority": "selection", "tag_ids": "many2many", "stage_id": "many2one", "user_id": "many2one"}


def told(broken: Violation) -> str:
    return violation(broken, make_head())


def change(field: str, before: Any, after: Any) -> ChangeSet:
    return ChangeSet(RecordSet([1]), field, before, after, "S", "s")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change("priority", "0", "3")], Tally(1, 1)),
        ([change("priority", "1", "3")], Tally(1, 1, overwrites=1)),
        ([change("tag_ids", [], [4])], Tally(1, 1)),
        ([change("tag_ids", [4], [5])], Tally(1, 1, removed_tags=1)),
        ([change("stage_id", 1, 2)], Tally(1, 1, moved_stages=1)),
        ([change("user_id", None, 2), change("team_id", 3, 3)], Tally(1, 1, assigned=1)),
        ([change("user_id", 4, 2), change("priority", "2", "3")], Tally(1, 2, overwrites=1, assigned=1)),
        ([change("type", "lead", "opportunity"), change("partner_id", None, 5)], Tally(1, 2, converted=1)),
        ([change("type", "lead", "opportunity"), change("partner_id", None, -5)], Tally(1, 2, 0, 0, 0, 0, 1, 1)),
    ],
    ids=[
        *("star", "star over star", "new tag", "tag for tag", "stage", "given, team kept", "both overwrite"),
        *("converted", "with a new contact"),
    ],
)
def test_what_a_record_counts_for(changes: list[ChangeSet], expected: Tally) -> None:
    assert tally([Affected(Cell(RecordSet([1]), {}, (), changes), (), ())], TYPES) == expected


def test_every_record_of_a_cell_counts() -> None:
    records = RecordSet([1, 5, 9])
    star = ChangeSet(records, "priority", "1", "3", "S", "s")
    assert tally([Affected(Cell(records, {}, (), [star]), (), ())], TYPES) == Tally(3, 3, overwrites=3)


@pytest.mark.parametrize(
    ("field_type", "value", "empty"),
    [
        ("char", None, True),
        ("float", 0.0, True),
        ("selection", "0", True),
        ("char", "0", False),
        ("boolean", False, True),
        ("boolean", True, False),
        ("many2one", 7, False),
    ],
)
def test_where_nobody_said_anything(field_type: str, value: Any, empty: bool) -> None:
    assert is_nothing(field_type, value) is empty


def test_every_broken_limit_is_told_and_one_met_exactly_is_not_broken() -> None:
    limits = Limits(Amount(5), Amount(10, percent=True), Amount(2), None, Amount(50, percent=True))
    totals = Tally(records=6, changes=9, overwrites=1, removed_tags=2, moved_stages=99)
    found = violations(limits, totals, 10)
    assert [(one.limit, one.found, one.allowed) for one in found] == [("changes", 6, 5), ("portfolio", 6, 5.0)]
    assert told(found[0]) == "6 records would change; the limit is 5"
    assert told(found[1]) == "6 records would change; the limit for the portfolio is 50\N{NO-BREAK SPACE}%, that is 5"


@pytest.mark.parametrize(
    ("expected", "number", "met"),
    [
        (Range(Amount(2), Amount(4)), 2, True),
        (Range(Amount(2), Amount(4)), 4, True),
        (Range(Amount(2), Amount(4)), 5, False),
        (Range(None, Amount(10, percent=True)), 3, False),
        (Range(Amount(10, percent=True), None), 2, True),
        (Range(Amount(15, percent=True), None), 2, False),
    ],
)
def test_ends_of_a_range_are_inside(expected: Range, number: int, met: bool) -> None:
    assert within(expected, number, 20) is met
    assert (unmet(expected, number, 20, "Nivel", "Alto") is None) is met


def test_what_the_client_expected_is_said_with_the_end_that_broke() -> None:
    found = unmet(Range(Amount(5, percent=True), Amount(25, percent=True)), 8, 20, "Nivel", "Alto")
    assert found is not None
    assert (found.limit, found.found, found.allowed) == ("expect", 8, 5.0)
    assert (
        told(found)
        == "Nivel: Alto has 8 records; the client expects from 5\N{NO-BREAK SPACE}% to 25\N{NO-BREAK SPACE}%"
    )


def test_numbers_are_written_as_people_here_do() -> None:
    found = unmet(Range(Amount(1200), Amount(4500)), 12345, 20000, "Zona", "Lima")
    assert found is not None
    assert told(found).endswith("has 12,345 records; the client expects from 1,200 to 4,500")
    with speaking("es"):
        (broken,) = violations(Limits(overwrites=Amount(2.5, percent=True)), Tally(overwrites=2000), 48000)
        sentence = told(broken)
    assert "2.000" in sentence
    assert "2,5\N{NO-BREAK SPACE}%" in sentence
    assert "1.200" in sentence


@pytest.mark.parametrize(
    ("range", "words"),
    [
        (Range(Amount(5, percent=True), Amount(25, percent=True)), "from 5 % to 25 %"),
        (Range(None, Amount(10.5, percent=True)), "10.5 % at most"),
        (Range(Amount(1500), None), "1,500 or more"),
        (Range(Amount(4), Amount(4)), "4"),
    ],
)
def test_ranges_in_words(range: Range, words: str) -> None:
    assert range_in_words(range).replace("\N{NO-BREAK SPACE}", " ") == words
