"""What people write in Spanish, in words or in other signs: the form that specs have for it."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import parse
from segmenter.conditions.meant import COMMON_LABELS, meant_of_list, meant_operator
from segmenter.conditions.operators import SHAPES
from segmenter.embedded.schema import load
from segmenter.errors import Problem
from tests.support.conditions_crm import complaints


@pytest.mark.parametrize(
    ("written", "operator"),
    [
        ("mayor o igual", ">="),
        ("Mayor o igual que", ">="),
        ("mayor o igual a", ">="),
        ("mayor_o_igual", ">="),
        (">= ", ">="),
        ("≥", ">="),
        ("=>", ">="),
        ("al menos", ">="),
        ("más de", ">"),
        ("menor que", "<"),
        ("como máximo", "<="),
        ("igual a", "="),
        ("distinto de", "not"),
        ("entre", "between"),
        ("contiene", "contains"),
        ("no contiene", "not_contains"),
        ("empieza con", "starts_with"),
        ("termina con", "ends_with"),
        ("vacío", "empty"),
        ("en los últimos", "within"),
        ("hace más de", "older_than"),
        ("en los próximos", "next"),
        ("tiene todas", "has_all"),
        ("xyzzy", ""),
    ],
)
def test_operators_in_words(written: str, operator: str) -> None:
    assert meant_operator(written) == operator
    problems: list[Problem] = []
    parse({"city": {written: 1}}, (), problems)
    assert problems[0].what == f"Unknown operator {written}"
    assert operator == "" or problems[0].todo == f"did you mean {operator}?"


def test_an_operator_means_itself() -> None:
    assert {operator: meant_operator(operator) for operator in SHAPES} == {operator: operator for operator in SHAPES}


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ({"todos": [{"city": "Lima"}]}, "all"),
        ({"cualquiera": [{"city": "Lima"}]}, "any"),
        ({"no": {"city": "Lima"}}, "not"),
        ({"dominio": [["city", "=", "Lima"]]}, "domain"),
    ],
)
def test_joins_in_words(data: Any, meant: str) -> None:
    problems: list[Problem] = []
    assert parse(data, (), problems) is None
    assert [str(problem) for problem in problems] == [f"Unknown key {next(iter(data))}; did you mean {meant}?"]


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ({"cuenta": True, ">=": 3}, {"cuenta": "count"}),
        ({"suma": "amount_total", "donde": {"state": "sale"}, "de": "both", ">=": 3},
         {"suma": "sum", "donde": "where", "de": "of"}),
        ({"Promedio": "amount_total", "<": 3}, {"Promedio": "avg"}),
        ({"mínimo": "amount_total", ">": 3}, {"mínimo": "min"}),
        ({"máximo": "amount_total", "menor que": 3}, {"máximo": "max"}),
        ({"última": "date_order", "within": "3 days"}, {"última": "last"}),
        ({"primera": "date_order", "hace más de": "3 días"}, {"primera": "first"}),
        ({"alguna": True}, {"alguna": "any"}),
        ({"ninguna": "sí"}, {"ninguna": "none"}),
        ({"count": True, "donde": {"state": "sale"}, ">=": 3}, {"donde": "where"}),
        # Comparisons, of no list.
        ({"mínimo": 5}, {}),
        ({"mayor": "ayer"}, {}),
        ({"menor": "hoy", "mayor": "ayer"}, {}),
        ({"tiene": ["Hotel"]}, {}),
        ({"de": "x"}, {}),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_list_in_words(data: dict[str, Any], meant: dict[str, str]) -> None:
    assert meant_of_list(data) == meant
    problems: list[Problem] = []
    parsed = parse({"sale_order_ids": data}, (), problems)
    told = {(problem.path[-1], problem.todo) for problem in problems}
    assert parsed is None
    assert {(key, f"did you mean {word}?") for key, word in meant.items()} <= told


def test_what_stands_inside_of_a_list_is_told_along_with_it() -> None:
    problems: list[Problem] = []
    inside = {"donde": {"amount_total": "mucho", "cuando": {"mayor": 3}}, "de": "empresa"}
    parse({"sale_order_ids": {"suma": "amount_total", **inside, "al menos": 3}}, (), problems)
    assert {problem.path: problem.todo for problem in problems} == {
        ("sale_order_ids", "suma"): "did you mean sum?",
        ("sale_order_ids", "donde"): "did you mean where?",
        ("sale_order_ids", "de"): "did you mean company?",
        ("sale_order_ids", "donde", "cuando", "mayor"): "did you mean >?",
        ("sale_order_ids", "al menos"): "did you mean >=?",
    }


def test_a_list_of_which_nothing_is_asked() -> None:
    problems: list[Problem] = []
    parse({"sale_order_ids": {"where": {"state": "sale"}, ">=": 3}}, (), problems)
    assert [str(problem) for problem in problems] == [
        "Unknown operator where; "
        "say what is asked of these records: count, any, none, sum, avg, min, max, last or first"
    ]


def test_a_field_may_be_called_as_a_join_is() -> None:
    problems: list[Problem] = []
    assert parse({"todos": ["Lima"], "no": {">=": 3}}, (), problems)
    assert problems == []


@pytest.mark.parametrize(
    ("data", "todo"),
    [
        ({"expected_revenue": ">= 3.000.000"}, 'did you mean {">=": 3000000}?'),
        ({"expected_revenue": "mayor o igual a 3.000.000"}, 'did you mean {">=": 3000000}?'),
        ({"expected_revenue": "más de $500.000"}, 'did you mean {">": 500000}?'),
        ({"date_deadline": "< 2026-03-01"}, 'did you mean {"<": 2026-03-01}?'),
        ({"date_conversion": "hace más de 90 días"}, "did you mean {older_than: 90 days}?"),
        ({"date_conversion": "en los últimos 3 meses"}, "did you mean {within: 3 months}?"),
        ({"date_deadline": "31/12/2026"}, "did you mean 2026-12-31?"),
        ({"date_deadline": {">=": "03-04-2026"}}, "did you mean 2026-04-03 or 2026-03-04?"),
        ({"date_deadline": {"<": "1 de marzo de 2026"}}, "did you mean 2026-03-01?"),
        ({"date_deadline": "31/02/2026"}, "write YYYY-MM-DD, or YYYY-MM-DD HH:MM in the client's time"),
        ({"date_conversion": "mañana"}, "write YYYY-MM-DD, or YYYY-MM-DD HH:MM in the client's time"),
        ({"expected_revenue": "mucho"}, "write a number"),
        ({"active": "sí"}, "did you mean true?"),
        ({"active": "tal vez"}, "write true or false"),
    ],
)
def test_values_in_words(data: Any, todo: str) -> None:
    assert [problem.todo for problem in complaints(data)] == [todo]


def test_common_labels_are_of_fields_that_odoo_has() -> None:
    fields = set(load()["crm.lead"].fields) | set(load()["res.partner"].fields)
    assert set(COMMON_LABELS) - fields == {"mobile"}, "mobile is of the versions before 19"
