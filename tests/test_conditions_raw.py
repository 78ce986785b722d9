from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import check_fields, check_structure
from segmenter.errors import Problem
from tests.support.conditions_crm import FakeVocabulary


def test_a_good_domain_is_frozen() -> None:
    problems: list[Problem] = []
    domain = [
        "|",
        ["city", "in", ["A", None]],
        "!",
        ("tag_ids", "any", [["color", ">", 1]]),
        [1, "=", 1],
        ["id", "child_of", 3],
    ]
    assert check_structure(domain, (), problems) == (
        *(
            "|",
            ("city", "in", ("A", False)),
            "!",
            ("tag_ids", "any", (("color", ">", 1),)),
            (1, "=", 1),
            ("id", "child_of", 3),
        ),
    )
    assert check_structure([], (), problems) == ()
    assert not problems


@pytest.mark.parametrize(
    ("domain", "where", "sentence"),
    [
        ("city", (), "A domain is a list"),
        (["&", ["a", "=", 1]], (), "lacks a term after one of its &, | or !"),
        (["|", "&", ["a", "=", 1], ["a", "=", 1]], (), "lacks a term"),
        ([["a", "=", 1], "!"], (), "lacks a term"),
        ([["a", "="]], (0,), "['a', '='] is no term of a domain; write &, |, ! or [field, operator, value]"),
        (["or", ["a", "=", 1]], (0,), "'or' is no term of a domain"),
        ([["a b", "=", 1]], (0,), "'a b' is not a field name"),
        ([[True, "=", 1]], (0,), "True is not a field name"),
        ([["a", "notin", [1]]], (0,), "did you mean not in?"),
        ([["a", 5, [1]]], (0,), "Unknown operator 5 in a domain; the operators are !=, <"),
        ([["a", "in", 5]], (0, 2), "The value of in on a is not right"),
        ([["a", ">", None]], (0, 2), "The value of > on a is not right"),
        ([["a", "ilike", 5]], (0, 2), "The value of ilike on a is not right"),
        ([["a", "=", float("nan")]], (0, 2), "The value of = on a is not right"),
        ([["a", "=", {"b": 1}]], (0, 2), "The value of = on a is not right"),
        ([["a", "=", "x\x01"]], (0, 2), "The value of = on a is not right"),
        ([["a", "any", [["b", "~", 1]]]], (0, 2, 0), "Unknown operator '~'"),
    ],
)
def test_refuses_a_malformed_domain(domain: Any, where: tuple[int, ...], sentence: str) -> None:
    problems: list[Problem] = []
    assert check_structure(domain, ("domain",), problems) is None
    (found,) = problems
    assert found.path == ("domain", *where)
    assert sentence in str(found)


def fields_problems(domain: list[Any]) -> list[Problem]:
    problems: list[Problem] = []
    checked = check_structure(domain, (), problems)
    assert checked is not None
    assert check_fields(checked, "crm.lead", FakeVocabulary(), (), problems) is not bool(problems)
    return problems


def test_accepts_the_fields_of_the_model() -> None:
    dates = [["date_deadline", "<", "2026-01-01"], ["date_conversion", "in", ["2026-01-01 10:00:00", False]]]
    paths = [
        ["country_id.code", "=", "CL"],
        ["tag_ids", "any", [["color", "=", 1]]],
        ["active", "=", False],
        [0, "=", 1],
    ]
    assert fields_problems(["!", *dates, *paths]) == []


@pytest.mark.parametrize(
    ("leaf", "where", "sentence"),
    [
        (["cty", "=", 1], (1,), "No field cty on crm.lead; did you mean city?"),
        (["country_id.cod", "=", 1], (1,), "No field cod on res.country"),
        (["tag_ids", "any", [["colour", "=", 1]]], (1, 2, 0), "No field colour on crm.tag; did you mean color?"),
        (["city", "any", [["x", "=", 1]]], (1,), "city of crm.lead leads to no other record"),
        (["day_guess", "=", 1], (1,), "The server cannot search by day_guess"),
        (["date_deadline", "<", "today"], (1, 2), "today is not a date for date_deadline"),
        (["date_conversion", "=", "2026-01-01T10:00:00"], (1, 2), "write YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS in UTC"),
    ],
)
def test_refuses_fields_that_do_not_serve(leaf: list[Any], where: tuple[int, ...], sentence: str) -> None:
    (found,) = fields_problems(["!", leaf])
    assert found.path == where
    assert sentence in str(found)
