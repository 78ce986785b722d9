from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from segmenter.conditions import All, Leaf, Not, RawDomain, Span, parse
from segmenter.conditions import Any as AnyOf
from segmenter.errors import Problem


def parsed(data: object) -> object:
    problems: list[Problem] = []
    condition = parse(data, ("when",), problems)
    assert not problems
    return condition


def problem(data: object) -> Problem:
    problems: list[Problem] = []
    assert parse(data, ("when",), problems) is None
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"city": "Lima"}, Leaf("city", "=", "Lima")),
        ({"city": None}, Leaf("city", "=", None)),
        ({"city": ["Lima", None]}, Leaf("city", "in", ("Lima", None))),
        ({"city": {"not": ["Lima"]}}, Leaf("city", "not_in", ("Lima",))),
        ({"city": {"=": ["Lima"]}}, Leaf("city", "in", ("Lima",))),
        ({"city": {"not": {"starts_with": "L"}}}, Not(Leaf("city", "starts_with", "L"))),
        ({"amount": {">": 1, "<": 5}}, All((Leaf("amount", ">", 1), Leaf("amount", "<", 5)))),
        ({"amount": {"between": [1, 5]}}, Leaf("amount", "between", (1, 5))),
        ({"on": {"between": ["2026-01-01", "2026-01-01"]}}, Leaf("on", "between", ("2026-01-01", "2026-01-01"))),
        ({"on": {"within": "1 month"}}, Leaf("on", "within", Span(1, "months"))),
        ({"tag_ids": {"has_all": "VIP"}}, Leaf("tag_ids", "has_all", "VIP")),
        ({"all": [{"a": 1}]}, Leaf("a", "=", 1)),
        ({"any": [{"a": 1}, {"b": 2}]}, AnyOf((Leaf("a", "=", 1), Leaf("b", "=", 2)))),
        ({"not": {"a": 1, "b": 2}}, Not(All((Leaf("a", "=", 1), Leaf("b", "=", 2))))),
        ({"domain": [["a", "=", None]]}, RawDomain((("a", "=", False),))),
    ],
)
def test_reads(data: Any, expected: object) -> None:
    assert parsed(data) == expected


def test_every_part_knows_its_place() -> None:
    condition = parsed({"any": [{"a": 1}, {"b": {">": 2}}]})
    assert isinstance(condition, AnyOf)
    assert condition.path == ("when", "any")
    assert [part.path for part in condition.parts] == [("when", "any", 0, "a"), ("when", "any", 1, "b", ">")]


@pytest.mark.parametrize(
    ("data", "where", "sentence"),
    [
        (["a"], (), "A condition is a mapping of fields to values; write field: value"),
        ({}, (), "The condition is empty"),
        ({"any": []}, ("any",), "any needs a list of at least one condition"),
        ({"all": {"a": 1}}, ("all",), "all needs a list of at least one condition"),
        ({"not": [{"a": 1}]}, ("not",), "A condition is a mapping"),
        ({">=": 5}, (">=",), "An operator stands where a field is expected; write field: {operator: value}"),
        ({"año": 5}, ("año",), "año is not a field name"),
        ({5: 5}, (5,), "5 is not a field name"),
        ({"a": {}}, ("a",), "a has no operator"),
        ({"a": {"contain": "x"}}, ("a", "contain"), "Unknown operator contain; did you mean contains or"),
        ({"a": {"!=": "x"}}, ("a", "!="), "Unknown operator !=; did you mean not?"),
        ({"a": {"xyzzy": "x"}}, ("a", "xyzzy"), "Unknown operator xyzzy; the operators are = in not"),
        ({"a": {"between": [5, 1]}}, ("a", "between"), "The range 5 to 1 is upside down; write the lower value first"),
        ({"a": {"between": ["2026-02-01", "2026-01-31"]}}, ("a", "between"), "upside down"),
        ({"a": {"between": [1, "2026-01-01"]}}, ("a", "between"), "write two numbers or two dates"),
        ({"a": {"between": [1, 2, 3]}}, ("a", "between"), "write two numbers or two dates"),
        ({"a": {"in": []}}, ("a", "in"), "list at least one value"),
        ({"a": []}, ("a",), "list at least one value"),
        ({"a": {">": [1]}}, ("a", ">"), "write one value, not a list"),
        ({"a": {">": "many"}}, ("a", ">"), "write a number, or a date as YYYY-MM-DD"),
        ({"a": {">": True}}, ("a", ">"), "write a number, or a date"),
        ({"a": {">": "2026-02-30"}}, ("a", ">"), "write a number, or a date"),
        ({"a": {"contains": ""}}, ("a", "contains"), "write a text that is not empty"),
        ({"a": {"contains": 5}}, ("a", "contains"), "write a text that is not empty"),
        ({"a": {"empty": "yes"}}, ("a", "empty"), "write true or false"),
        ({"a": {"within": "90 días"}}, ("a", "within"), "as in 90 days, 2 weeks, 3 months or 1 year"),
        ({"a": {"within": "999 years"}}, ("a", "within"), "up to 200 years"),
        ({"a": {"within": 90}}, ("a", "within"), "as in 90 days"),
        ({"a": float("nan")}, ("a",), "nan is not a number that can be compared"),
        ({"a": [1, float("inf")]}, ("a", 1), "inf is not a number that can be compared"),
        ({"a": [date(2026, 1, 1)]}, ("a", 0), "in of a takes plain values"),
        ({"a": "x\x00"}, ("a",), "holds a control character"),
        ({"domain": "a"}, ("domain",), "A domain is a list"),
    ],
)
def test_refuses(data: Any, where: tuple[str | int, ...], sentence: str) -> None:
    found = problem(data)
    assert found.path == ("when", *where)
    assert sentence in str(found)


def test_reports_every_problem_at_once() -> None:
    problems: list[Problem] = []
    parse({"a": {"contain": "x"}, "any": [{}, {"b": float("inf")}], "c": 1}, (), problems)
    assert [found.path for found in problems] == [("a", "contain"), ("any", 0), ("any", 1, "b")]
