from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import Bound, BoundLeaf
from segmenter.plans.expected import Period
from segmenter.resolving.asked import periods
from tests.support.conditions_crm import bound, complaints


def leaf(data: object, model: str = "crm.lead") -> BoundLeaf:
    found: Bound = bound(data, model)
    assert isinstance(found, BoundLeaf)
    return found


@pytest.mark.parametrize(
    ("data", "values", "shown"),
    [
        ({"country_id": ["Chile", "Peru", "Chile", None]}, (46, 173, None), ("Chile", "Peru", "")),
        ({"country_id": 46}, (46,), ("Chile (id 46)",)),
        ({"priority": [3, "very high", "Low"]}, ("3", "0"), ("Very High", "Low")),
        ({"city": 8320000}, ("8320000",), ("",)),
        ({"city": ""}, (None,), ("",)),
        ({"expected_revenue": {"not": None}}, (0,), ("",)),
        ({"expected_revenue": {"between": [5, 5]}}, (5.0, 5.0), ("", "")),
        ({"tag_ids": {"has_all": "Ñandú"}}, (3,), ("Ñandú",)),
        ({"active": True}, (True,), ("",)),
    ],
)
def test_values_become_the_servers(data: Any, values: tuple[object, ...], shown: tuple[str, ...]) -> None:
    found = leaf(data)
    assert (found.values, found.shown) == (values, shown)


def test_money_travels_as_a_double() -> None:
    assert isinstance(leaf({"expected_revenue": 3_000_000_000}).values[0], float)


def test_an_alias_stands_for_the_servers_own_field() -> None:
    assert leaf({"lost_reason": "Stock"}).name == "lost_reason_id"


def test_text_operators_on_a_relation_speak_of_its_name() -> None:
    assert leaf({"country_id": {"contains": "chi"}}).name == "country_id.name"


def test_relative_dates_are_resolved_by_the_clients_day() -> None:
    condition = bound(
        {"any": [{"date_conversion": {"within": "90 days"}}, {"not": {"date_deadline": {"next": "1 month"}}}]}
    )
    assert list(periods(condition)) == [
        Period("date_conversion", "within", 90, "days", "2026-08-23 04:00:00", "2026-11-22 03:00:00"),
        Period("date_deadline", "next", 1, "months", "2026-11-21", "2026-12-22"),
    ]


def test_absolute_dates_are_no_bounds() -> None:
    assert list(periods(bound({"date_conversion": "2026-01-01"}))) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"expected_revenu": 1}, "No field expected_revenu on crm.lead; did you mean expected_revenue?"),
        ({"al": [1]}, "No field al on crm.lead; did you mean all?"),
        ({"country_id.cod": "CL"}, "No field cod on res.country; did you mean code?"),
        ({"city.code": "CL"}, "city of crm.lead leads to no other record"),
        ({"day_guess": 1}, "The server cannot search by day_guess (Guess) of crm.lead"),
        ({"image": {"empty": True}}, "empty does not go with image, which is a binary; use another field"),
        ({"city": {">": 5}}, "> does not go with city, which is a char; use one of = not in"),
        ({"type": {">": 1}}, "> does not go with type"),
        ({"country_id": {"has_any": "Chile"}}, "has_any does not go with country_id"),
        ({"country_id": "Chle"}, "Nothing is called Chle in res.country (Country); did you mean Chile?"),
        ({"country_id": "X"}, "there are Chile, Peru"),
        ({"country_id": True}, "true or false is no value of country_id"),
        ({"country_id": -4}, "no record of res.country (Country) has the id -4"),
        (
            {"lost_reason_id": "Price"},
            "2 records of crm.lost.reason are called so; write the id of one of Price (1), Price (2)",
        ),
        ({"priority": "9"}, "9 is no value of priority (Priority); it has 0 (Low), 1 (Medium)"),
        ({"priority": "Hihg"}, "did you mean High?"),
        ({"priority": {">": 3}}, "No value of priority can be so; it has 0, 1, 2, 3"),
        ({"priority": {">": "2026-01-01"}}, "priority is compared with numbers"),
        (
            {"expected_revenue": "5000000"},
            "write the number without quotes, signs and thousands separators: 5000000",
        ),
        ({"expected_revenue": 10**400}, "The number for expected_revenue is too large"),
        ({"color": 2.5}, "color takes whole numbers below 2147483648"),
        ({"color": {">": 2**31}}, "color takes whole numbers below 2147483648"),
        ({"city": 1.5}, "1.5 is a number, and city is a text; put quotes around it"),
        ({"active": 1}, "active is yes or no"),
        ({"active": None}, "active is yes or no"),
        ({"date_deadline": "soon"}, "soon is not a date for date_deadline"),
        ({"date_deadline": "2026-01-01 10:00"}, "date_deadline is a day without a time"),
        ({"tag_ids": {"has_all": ["Ñandú", None]}}, "has_all needs names"),
        ({"tag_ids": {"not_contains": "x"}}, "What is not or empty through tag_ids, which holds many"),
        ({"not": {"tag_ids.name": "a_b"}}, "use has_none or empty on tag_ids itself"),
        ({"tag_ids.name": {"empty": False}}, "What is not or empty through tag_ids"),
        ({"tag_ids.name": ["a_b", None]}, "What is not or empty through tag_ids"),
        ({"tag_ids.create_date": "2026-01-01"}, "two bounds could be met by two different records"),
        ({"not": {"country_id": {"starts_with": "C"}}}, "not starts_with cannot be said alike on all versions"),
        ({"not": {"partner_id.category_id": {"under": "Hotels"}}}, "not under cannot be said alike"),
        ({"partner_id.same_id": {"under": "Holding"}}, "under cannot be used on partner_id.same_id"),
        ({"not": {"domain": [["city", "=", "x"]]}}, "A raw domain cannot be negated"),
        ({"domain": [["cty", "=", "x"]]}, "No field cty on crm.lead; did you mean city?"),
    ],
)
def test_refuses(data: Any, sentence: str) -> None:
    (found,) = complaints(data)
    assert sentence in str(found)


def test_two_negations_are_none() -> None:
    bound({"not": {"not": {"country_id": {"starts_with": "C"}}}})


def test_reports_every_problem_at_its_place() -> None:
    found = complaints({"country_id": ["Chile", "Chle"], "any": [{"cty": 1}, {"priority": {"not": 9}}]})
    assert [problem.path for problem in found] == [
        ("when", "country_id", 1),
        ("when", "any", 0, "cty"),
        ("when", "any", 1, "priority", "not"),
    ]
