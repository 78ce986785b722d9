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


def checked(domain: list[Any], problems: list[Problem]) -> tuple[object, ...] | None:
    sound = check_structure(domain, (), problems)
    assert sound is not None
    return check_fields(sound, "crm.lead", FakeVocabulary(), (), problems)


@pytest.mark.parametrize(
    "leaf",
    [
        ["city", "=", "Lima"],
        ["city", "!=", "Lima"],
        ["city", "not in", ["Lima", "Arica"]],
        ["city", ">=", "L"],
        ["city", "ilike", "%im_"],
        ["city", "=like", "L%"],
        ["expected_revenue", ">", 0],
        ["expected_revenue", "<=", -0.5],
        ["color", "in", [1, 3]],
        ["id", "<", 1000],
        ["active", "=", False],
        ["priority", "in", ["0", "3"]],
        ["priority", "!=", False],
        ["date_deadline", "<=", "2026-01-01"],
        ["date_deadline", "=", False],
        ["date_conversion", ">=", "2026-01-01 10:00:00"],
        ["country_id.code", "=", "CL"],
        ["partner_id", "child_of", [1, 2]],
        ["partner_id", "not in", [1]],
        ["tag_ids", "in", [1, 2]],
        ["tag_ids.color", "=", 3],
        ["partner_id.category_id", "=", False],
        [0, "=", 1],
    ],
    ids=str,
)
def test_accepts_what_all_versions_read_alike(leaf: list[Any]) -> None:
    problems: list[Problem] = []
    name, operator, value = leaf
    frozen = tuple(value) if isinstance(value, list) else value
    asked = "partner_id.id" if leaf[:2] == ["partner_id", "child_of"] else name  # see `domain.tree_path`
    assert checked(["|", leaf, leaf], problems) == ("|", *[(asked, operator, frozen)] * 2), problems


def test_gives_fields_the_names_they_have_on_the_server() -> None:
    assert checked([["lost_reason", "=", 3]], []) == (("lost_reason_id", "=", 3),)


@pytest.mark.parametrize(
    ("leaf", "where", "sentence"),
    [
        (["cty", "=", 1], (1,), "No field cty on crm.lead; did you mean city?"),
        (["country_id.cod", "=", 1], (1,), "No field cod on res.country"),
        (["day_guess", "=", 1], (1,), "The server cannot search by day_guess"),
        (["image", "=", "x"], (1, 2), "this type of field is not for conditions"),
        (["tag_ids", "any", [["color", "=", 1]]], (1,), "Not every version of Odoo knows any in a domain; use a path"),
        (["city", "=?", "Lima"], (1,), "Not every version of Odoo knows =? in a domain"),
        (["partner_id", "parent_of", 1], (1,), "Not every version of Odoo knows parent_of in a domain"),
        (["city", "=", False], (1, 2), "= False on city differs between versions of Odoo; a text is compared"),
        (["city", "<", "L"], (1, 2), "texts that are not empty, and not by < or <=; for anything"),
        (["city", "ilike", "%"], (1, 2), "for anything else use city: outside the domain"),
        (["city", "=like", "L\\"], (1, 2), "differs between versions"),
        (["country_id.name", "not in", ["Chile"]], (1, 2), "differs between versions"),
        (["expected_revenue", "=", 0], (1, 2), "a number is compared with numbers, so that 0 does not meet it"),
        (["expected_revenue", "<", 1], (1, 2), "so that 0 does not meet it"),
        (["color", "in", [0, 1]], (1, 2), "so that 0 does not meet it"),
        (["color", "=", 1.5], (1, 2), "differs between versions"),
        (["color", "=", True], (1, 2), "differs between versions"),
        (["active", "in", [False]], (1, 2), "yes or no is compared by = and !="),
        (["priority", "=", 2], (1, 2), "with its keys as texts"),
        (["priority", "in", [0, False]], (1, 2), "with its keys as texts"),
        (["priority", "<", "2"], (1, 2), "with its keys as texts"),
        (["date_deadline", "<", "today"], (1, 2), "a date is compared with YYYY-MM-DD"),
        (["date_deadline", "<", "2026-01-01 10:00:00"], (1, 2), "a date is compared with YYYY-MM-DD"),
        (["date_conversion", ">=", "2026-01-01"], (1, 2), "by < and >= with YYYY-MM-DD HH:MM:SS in UTC"),
        (["date_conversion", ">", "2026-01-01 10:00:00"], (1, 2), "by < and >= with YYYY-MM-DD HH:MM:SS in UTC"),
        (["date_conversion", "<", "2026-01-01T10:00:00"], (1, 2), "by < and >= with YYYY-MM-DD HH:MM:SS in UTC"),
        (["country_id", "=", "Chile"], (1, 2), "with ids"),
        (["tag_ids", "in", [1, False]], (1, 2), "with ids"),
        (["tag_ids", "ilike", "vip"], (1, 2), "with ids"),
        (["country_id", "child_of", 1], (1,), "What country_id leads to is no tree"),
    ],
    ids=str,
)
def test_refuses_what_does_not_serve_or_differs(leaf: list[Any], where: tuple[int, ...], sentence: str) -> None:
    problems: list[Problem] = []
    assert checked(["&", leaf, ["active", "=", True]], problems) is None
    (found,) = problems
    assert found.path == where
    assert sentence in str(found)


def test_refuses_negation_by_a_sign_of_its_own() -> None:
    problems: list[Problem] = []
    assert checked(["!", ["city", "=", "Lima"]], problems) is None
    assert [str(problem) for problem in problems] == [
        "! is read differently by different versions of Odoo; "
        "negate each term: != for =, not in for in, not ilike for ilike"
    ]
