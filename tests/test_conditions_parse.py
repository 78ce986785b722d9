from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

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
        ({"a": {"empty": "maybe"}}, ("a", "empty"), "write true or false"),
        ({"a": {"within": "90 horas"}}, ("a", "within"), "as in 90 days, 2 weeks, 3 months or 1 year"),
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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("120 días", Span(120, "days")),
        ("1 día", Span(1, "days")),
        ("120 dias", Span(120, "days")),
        ("120 DÍAS", Span(120, "days")),
        ("2 semanas", Span(2, "weeks")),
        ("1 semana", Span(1, "weeks")),
        ("1 mes", Span(1, "months")),
        ("6 meses", Span(6, "months")),
        ("1 año", Span(1, "years")),
        ("3 años", Span(3, "years")),
        ("3 anos", Span(3, "years")),
        ("3 an\u0303os", Span(3, "years")),
        ("3 months", Span(3, "months")),
        ("1 year", Span(1, "years")),
        ("3 horas", None),
        ("3 hours", None),
        ("300 años", None),
        ("tres días", None),
    ],
)
@pytest.mark.parametrize("operator", ["within", "older_than", "next"])
def test_lengths_of_time_in_both_languages(operator: str, text: str, wanted: Span | None) -> None:
    problems: list[Problem] = []
    found = parse({"a": {operator: text}}, ("when",), problems)
    assert (found.value if isinstance(found, Leaf) else None) == wanted
    assert bool(problems) is (wanted is None)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("3.000.000", "3000000"),
        ("3,000,000", "3000000"),
        ("$ 3.000.000", "3000000"),
        ("3.000.000 CLP", "3000000"),
        ("USD 1,500.50", "1500.50"),
        ("1.234,5", "1234.5"),
        ("12,5", "12.5"),
        ("5000", "5000"),
        ("-1.000.000", "-1000000"),
        ("3 000 000", "3000000"),
    ],
)
def test_a_number_with_signs_is_shown_as_it_is_written(value: str, number: str) -> None:
    for data in ({"a": {">=": value}}, {"a": {"between": [value, "9.000.000"]}}):
        problems: list[Problem] = []
        assert parse(data, ("when",), problems) is None
        (problem,) = problems
        assert f"without quotes, signs and thousands separators: {number}" in problem.todo
    problems = []
    assert parse({"a": {">=": yaml.safe_load(number)}}, ("when",), problems)  # the hint holds
    assert problems == []


def test_a_word_beside_numbers_is_their_currency() -> None:
    problems: list[Problem] = []
    found = parse({"a": {">=": 5, "<": 9, "in": "clp"}}, ("when",), problems)
    assert isinstance(found, All)
    assert [(leaf.operator, leaf.value, leaf.currency) for leaf in found.parts if isinstance(leaf, Leaf)] == [
        (">=", 5, "CLP"),
        ("<", 9, "CLP"),
        ("currency", "CLP", "CLP"),
    ]
    for data in ({"a": {"in": "CHL"}}, {"a": {"in": "CHL", "not": "PER"}}, {"a": {"in": [1, 2], "not": 1}}):
        kept = parse(data, ("when",), problems)
        parts = kept.parts if isinstance(kept, All) else (kept,)
        assert next(leaf.operator for leaf in parts if isinstance(leaf, Leaf)) == "in"
    assert problems == []
