"""Which records hold what is expected: never one too many, and too few costs only a read."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.behaviours.together import Together
from segmenter.execution.expected import MOST_GROUPS, as_expected, unlike_expected
from segmenter.execution.rules import Rules
from segmenter.odoo.reader import OdooReader
from segmenter.record_set import RecordSet
from tests.support.engagement import Embedded
from tests.support.fakes import Recording

NAMES = ("priority", "tag_ids", "stage_id", "user_id", "function", "color", "date_deadline")
ROWS: list[dict[str, Any]] = [
    {},
    {"priority": "3", "tag_ids": [1, 2]},
    {"priority": "0", "tag_ids": [1], "function": "Gerencia"},
    {"priority": "0", "tag_ids": [2, 3], "function": "50%_a"},
    {"color": 4, "date_deadline": "2026-11-20", "active": False},
]


@pytest.fixture
def crm() -> Embedded:
    found = Embedded()
    for row in ROWS:
        values = {"name": "x", "user_id": False, **row}
        values["tag_ids"] = [[6, 0, row.get("tag_ids", [])]]
        found.create("crm.lead", values)
    return found


Values = dict[int, list[tuple[str, Any]]]


def each(expected: Values) -> list[tuple[RecordSet, list[tuple[str, Any]]]]:
    """A set of its own for each record."""
    return [(RecordSet([record]), values) for record, values in expected.items()]


def rules(crm: Embedded) -> Rules:
    fields = OdooReader(crm.connect("manager")).fields("crm.lead")
    return Rules(
        "crm.lead", {name: fields[name] for name in NAMES}, {"tag_ids": frozenset({1, 2})}, {}, Together("crm.lead")
    )


@pytest.mark.parametrize(
    ("field", "value", "records"),
    [
        ("priority", "0", [1, 3, 4, 5]),
        ("priority", "3", [2]),
        ("tag_ids", [1], [3]),
        ("tag_ids", [2], [4]),  # 3 is nobody's business
        ("tag_ids", [], [1, 5]),
        ("tag_ids", [1, 2], [2]),
        ("function", None, [1, 2, 5]),
        ("function", "Gerencia", [3]),
        ("function", "50%_a", [4]),
        ("color", 0, [1, 2, 3, 4]),
        ("date_deadline", "2026-11-20", [5]),
        ("user_id", None, [1, 2, 3, 4, 5]),
    ],
)
def test_searches_name_those_that_hold_it_archived_ones_too(
    crm: Embedded, field: str, value: Any, records: list[int]
) -> None:
    seen = Recording(crm.connect("manager"))
    expected = {record: [(field, value)] for record in (1, 2, 3, 4, 5, 99)}
    assert set(as_expected(OdooReader(seen), "crm.lead", each(expected), rules(crm))) == set(records)
    unlike = unlike_expected(OdooReader(seen), "crm.lead", each(expected), rules(crm))
    assert set(unlike) == {1, 2, 3, 4, 5} - set(records)
    assert seen.methods == ["crm.lead.search"] * 3


def test_each_record_is_held_to_its_own_values(crm: Embedded) -> None:
    expected = {
        1: [("priority", "0"), ("tag_ids", [])],
        2: [("priority", "3"), ("tag_ids", [1])],
        3: [("priority", "0"), ("tag_ids", [1])],
        4: [("priority", "3"), ("tag_ids", [2])],
    }
    assert set(as_expected(OdooReader(crm.connect("manager")), "crm.lead", each(expected), rules(crm))) == {1, 3}
    assert set(unlike_expected(OdooReader(crm.connect("manager")), "crm.lead", each(expected), rules(crm))) == {2, 4}


def test_a_record_that_is_hidden_is_not_named(crm: Embedded) -> None:
    crm.write("crm.lead", [1], user_id=crm.people["luis@viveros.example"])
    expected = {1: [("priority", "0")], 3: [("priority", "0")]}
    assert set(as_expected(OdooReader(crm.connect("own")), "crm.lead", each(expected), rules(crm))) == {3}


def test_what_cannot_be_asked_is_left_to_the_reader(crm: Embedded) -> None:
    seen = Recording(crm.connect("manager"))
    assert set(as_expected(OdooReader(seen), "crm.lead", each({3: [("function", "a\x00b")]}), rules(crm))) == set()
    many = {record: [("function", str(record))] for record in range(MOST_GROUPS + 1)}
    assert set(as_expected(OdooReader(seen), "crm.lead", each(many), rules(crm))) == set()
    assert set(unlike_expected(OdooReader(seen), "crm.lead", each(many), rules(crm))) == set(many)
    assert seen.calls == []


def test_many_groups_are_asked_in_as_many_questions_as_it_takes(crm: Embedded) -> None:
    """50 distinct expectations of seven fields: more than one question may ask."""
    number = MOST_GROUPS
    values = [{"name": str(n), "color": n, "function": f"f{n}", "priority": "1"} for n in range(number)]
    records = crm.create("crm.lead", *values)
    nothing = [("tag_ids", []), ("stage_id", None), ("date_deadline", None)]
    crm.write("crm.lead", records, stage_id=False)
    expected = {
        record: [("priority", "1"), ("color", n), ("function", f"f{n if n % 5 else -1}"), *nothing]
        for n, record in enumerate(records)
    }
    seen = Recording(crm.connect("manager"))
    wrong = set(records[::5])
    assert set(as_expected(OdooReader(seen), "crm.lead", each(expected), rules(crm))) == set(records) - wrong
    assert set(unlike_expected(OdooReader(seen), "crm.lead", each(expected), rules(crm))) == wrong
    assert len(seen.calls) > 2
