"""What Odoo 19 answers to raw domains, case by case as measured on a server."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import compiled, evaluate
from tests.support.conditions_crm import FIELDS, TABLES, FakeRecord, lead

PARTNER = {id: FakeRecord("res.partner", {"id": id, **row}, TABLES) for id, row in TABLES["res.partner"].items()}


def type_of(path: str) -> str | None:
    """The types of the invented CRM."""
    model, kind = "crm.lead", None
    for step in path.split("."):
        field = next(known for known in FIELDS[model] if known.name == step)
        model, kind = field.relation or "", field.type
    return kind


@pytest.mark.parametrize(
    ("values", "leaf", "expected"),
    [
        # texts: NULL and '' are one
        ({}, ["city", "=", False], True),
        ({"city": ""}, ["city", "=", False], True),
        ({}, ["city", "=", ""], True),
        ({"city": ""}, ["city", "!=", False], False),
        ({}, ["city", "<", "abc"], True),
        ({}, ["city", ">=", "abc"], False),
        ({}, ["city", "!=", "abc"], True),
        ({}, ["city", "not in", ["abc"]], True),
        ({}, ["city", "in", ["abc", False]], True),
        ({}, ["city", "not ilike", "abc"], True),
        ({}, ["city", "ilike", ""], True),
        ({}, ["city", "=ilike", False], True),
        ({"city": "Lima"}, ["city", "=ilike", False], False),
        # wildcards
        ({"city": "Lima"}, ["city", "like", "lima"], False),
        ({"city": "Lima"}, ["city", "ilike", "IM"], True),
        ({"city": "Lima"}, ["city", "=like", "L_ma"], True),
        ({"city": "Lima"}, ["city", "=ilike", "l%"], True),
        ({"city": "Lima"}, ["city", "=ilike", "lim"], False),
        ({"city": "Lima"}, ["city", "not =like", "L_ma"], False),
        ({"city": "Lima\nCallao"}, ["city", "=ilike", "lima%callao"], True),
        ({"city": "100%"}, ["city", "=like", r"100\%"], True),
        ({"city": "1000"}, ["city", "=like", r"100\%"], False),
        ({"city": "ÑUÑOA"}, ["city", "ilike", "ñuñ"], True),
        ({"city": "Bogotá"}, ["city", "ilike", "bogota"], False),
        # an empty number counts as zero
        ({}, ["expected_revenue", "=", 0], True),
        ({}, ["expected_revenue", ">=", 0], True),
        ({}, ["expected_revenue", "<", 1], True),
        ({}, ["expected_revenue", ">", 0], False),
        ({"expected_revenue": 0.0}, ["expected_revenue", "=", False], True),
        ({"expected_revenue": 0.0}, ["expected_revenue", "in", [0]], True),
        ({"color": 10}, ["color", "like", "1"], True),
        ({}, ["color", "=?", False], True),
        ({"color": 10}, ["color", "=?", 3], False),
        # dates: NULL never compares
        ({}, ["date_deadline", "<", "2026-01-01"], False),
        ({}, ["date_deadline", ">", "2026-01-01"], False),
        ({}, ["date_deadline", "!=", "2026-01-01"], True),
        ({}, ["date_deadline", "<=", False], False),
        ({"date_deadline": "2026-01-01"}, ["date_deadline", "<=", "2026-01-01 10:00:00"], True),
        ({"date_deadline": "2026-01-01"}, ["date_deadline", "<", "2026-01-01 10:00:00"], False),
        ({"date_deadline": "2026-01-01"}, ["date_deadline", "=", "2026-01-01 10:00:00"], True),
        # a bare day begins where the caller is
        ({"date_conversion": "2026-01-01 23:30:00"}, ["date_conversion", ">", "2026-01-01"], True),
        ({"date_conversion": "2026-01-01 22:30:00"}, ["date_conversion", ">", "2026-01-01"], False),
        ({"date_conversion": "2026-01-01 22:30:00"}, ["date_conversion", "<=", "2026-01-01"], True),
        ({"date_conversion": "2025-12-31 23:30:00"}, ["date_conversion", ">=", "2026-01-01"], True),
        ({"date_conversion": "2026-01-01 10:00:00"}, ["date_conversion", "=", "2026-01-01"], False),
        ({"date_conversion": "2026-01-01 10:00:00"}, ["date_conversion", "<", "2026-01-01 10:00:01"], True),
        # selections by key
        ({"priority": "1"}, ["priority", "in", [0, 1]], True),
        ({"priority": "1"}, ["priority", "=", "Medium"], False),
        ({"priority": "2"}, ["priority", ">", "1"], True),
        ({}, ["priority", "<", "1"], False),
        ({}, ["priority", "=", 0], False),
        ({}, ["priority", "!=", "1"], True),
        ({}, ["priority", ">=", False], False),
        # booleans
        ({"active": None}, ["active", "=", False], True),
        ({"active": True}, ["active", "!=", False], True),
        # many2one
        ({}, ["country_id", "!=", 46], True),
        ({}, ["country_id", "not in", [46]], True),
        ({"country_id": 46}, ["country_id", "in", [46, False]], True),
        ({"country_id": 46}, ["country_id", "ilike", "chi"], True),
        ({"country_id": 46}, ["country_id", "=", "Chile"], True),
        ({"country_id": 46}, ["country_id", "not in", ["Chile", 173]], False),
        ({}, ["country_id", "ilike", ""], False),
        ({}, ["country_id", "<", 5], False),
        ({}, ["country_id.code", "!=", "CL"], False),
        ({}, ["country_id.code", "=", False], False),
        ({"country_id": 46}, ["country_id.code", "=", "CL"], True),
        ({"country_id": 46}, ["country_id", "any", [["code", "=", "CL"]]], True),
        ({}, ["country_id", "not any", [["code", "=", "CL"]]], True),
        # many-valued
        ({"tag_ids": [1, 2]}, ["tag_ids", "=", 2], True),
        ({"tag_ids": [1, 2]}, ["tag_ids", "not in", [2]], False),
        ({}, ["tag_ids", "not in", [2]], True),
        ({}, ["tag_ids", "in", [1, False]], True),
        ({"tag_ids": [2]}, ["tag_ids", "in", [1, False]], False),
        ({"tag_ids": [2]}, ["tag_ids", "!=", []], True),
        ({"tag_ids": [1, 2]}, ["tag_ids.name", "!=", "a_b"], True),
        ({"tag_ids": [2]}, ["tag_ids.name", "!=", "a_b"], False),
        ({"tag_ids": [1, 3]}, ["tag_ids", "ilike", "ñan"], True),
        ({}, ["tag_ids", "ilike", ""], False),
        # sets and constants
        ({}, ["id", "in", []], False),
        ({}, ["id", "not in", []], True),
        ({}, ["id", "any", [["city", "=", False]]], True),
        ({}, [1, "=", 1], True),
        ({}, [0, "=", 1], False),
        # trees
        ({"partner_id": 2}, ["partner_id", "child_of", [1]], True),
        ({"partner_id": 1}, ["partner_id", "child_of", [2]], False),
        ({"partner_id": 2}, ["partner_id", "child_of", "hold"], True),
        ({"partner_id": 2}, ["partner_id", "child_of", False], False),
        ({"partner_id": 2}, ["partner_id.category_id", "child_of", 1], True),
    ],
)
def test_one_leaf(values: dict[str, Any], leaf: list[Any], expected: bool) -> None:
    record = lead(**values)
    brussels = ZoneInfo("Europe/Brussels")
    assert evaluate([leaf], record, brussels, type_of) is expected
    assert evaluate(["!", leaf], record, brussels, type_of) is not expected


def test_a_parent_is_in_its_own_tree() -> None:
    in_tree = compiled([["parent_id", "child_of", [1]]])
    assert [in_tree(partner) for partner in PARTNER.values()] == [True, True, True]


def test_trees_may_loop() -> None:
    tables = {"res.partner": {1: {"parent_id": 2}, 2: {"parent_id": 1}}}
    looping = FakeRecord("res.partner", {"id": 1, "parent_id": 2}, tables)
    assert evaluate([["id", "child_of", [2]]], looping) is True
    assert evaluate([["id", "child_of", [9]]], looping) is False


def test_parents_are_found_from_below() -> None:
    class Node:
        def __init__(self, id: int, *children: Node) -> None:
            self.id, self.children = id, children

        def value(self, field: str) -> object:
            return self.id

        def related(self, field: str, *, archived: bool = False) -> tuple[Node, ...]:
            return self.children if field == "child_ids" else ()

    assert evaluate([["id", "parent_of", [3]]], Node(1, Node(2, Node(3)))) is True
    assert evaluate([["id", "parent_of", [1]]], Node(3)) is False


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ([], True),
        ([["color", "=", 1], ["city", "=", "A"], ["active", "=", True]], True),
        ([["color", "=", 1], ["city", "=", "A"], ["active", "=", False]], False),
        (["|", ["color", "=", 2], "&", ["city", "=", "A"], ["active", "=", True]], True),
        (["|", ["color", "=", 2], ["city", "=", "B"], ["active", "=", True]], False),
        (["!", "|", ["color", "=", 2], ["city", "=", "B"], ["active", "=", True]], True),
    ],
)
def test_connectives(domain: list[Any], expected: bool) -> None:
    assert evaluate(domain, lead(color=1, city="A", active=True)) is expected


def test_without_types_the_operand_tells() -> None:
    assert evaluate([["date_deadline", "<", "2026-01-01"]], lead()) is False
    assert evaluate([["city", "<", "abc"]], lead()) is True
    assert evaluate([["expected_revenue", "<", 5]], lead()) is True


@pytest.mark.parametrize(
    "domain",
    [
        ["&", ["a", "=", 1]],
        ["!"],
        ["x"],
        [["a", "~", 1]],
        [["a", "="]],
        [[5, "=", 1]],
        [["a", "=like", 5]],
        [["", "=", 1]],
    ],
)
def test_what_is_no_domain(domain: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"domain|pattern"):
        compiled(domain)
