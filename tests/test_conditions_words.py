from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import BoundAll, BoundAny, BoundNot, words
from segmenter.conditions.words import number
from segmenter.i18n import use_language
from tests.support.conditions_crm import bound


def test_reads_as_a_consultant_would_say_it() -> None:
    condition = bound(
        {
            "expected_revenue": {">=": 5000000},
            "country_id": ["Chile", "Peru"],
            "any": [{"lost_reason_id": "Stock"}, {"date_conversion": {"within": "90 days"}}],
        }
    )
    assert words(condition) == (
        "Expected revenue is at least 5,000,000 and Country is Chile or Peru, "
        "and (Lost reason is Stock or Conversion date is within the last 90 days)"
    )


def test_money_is_written_as_the_company_counts_it() -> None:
    condition = bound({"expected_revenue": {"between": [0.5, 1000]}, "color": {">": 1000}})
    said = words(condition, lambda value: f"${value:,g}")
    assert said == "Expected revenue is between $0.5 and $1,000 and Color is more than 1,000"


@pytest.mark.parametrize(
    ("data", "positive", "negative"),
    [
        ({"city": "Lima"}, "City is “Lima”", "City is not “Lima”"),
        ({"city": {"not": "Lima"}}, "City is not “Lima”", "City is “Lima”"),
        ({"city": {"contains": "x"}}, "City contains “x”", "City does not contain “x”"),
        ({"city": {"empty": True}}, "City is empty", "City is not empty"),
        ({"city": ["A", "B", None]}, "City is “A”, “B” or empty", "City is neither “A”, “B” nor empty"),
        ({"color": {">": 1}}, "Color is more than 1", "Color is at most 1"),
        (
            {"expected_revenue": {"between": [0.5, 1000]}},
            "Expected revenue is between 0.5 and 1,000",
            "Expected revenue is not between 0.5 and 1,000",
        ),
        ({"active": True}, "Active is yes", "Active is not yes"),
        ({"priority": {">=": 2}}, "Priority is at least 2", "Priority is less than 2"),
        ({"priority": "3"}, "Priority is Very High", "Priority is not Very High"),
        ({"country_id.code": "CL"}, "Code of Country is “CL”", "Code of Country is not “CL”"),
        ({"country_id.name": "Chile"}, "Country is “Chile”", "Country is not “Chile”"),
        (
            {"tag_ids": {"has_all": ["a_b", "Ñandú"]}},
            "Tags include all of a_b and Ñandú",
            "Tags do not include all of a_b and Ñandú",
        ),
        ({"tag_ids": ["a_b", "Ñandú"]}, "Tags include a_b or Ñandú", "Tags include neither a_b nor Ñandú"),
        ({"tag_ids": {"has_none": "a_b"}}, "Tags do not include a_b", "Tags include a_b"),
        (
            {"date_deadline": {"<": "2026-03-01"}},
            "Expected closing is before March 1, 2026",
            "Expected closing is not before March 1, 2026",
        ),
        (
            {"date_conversion": {"older_than": "1 year"}},
            "Conversion date is more than 1 year ago",
            "Conversion date is not more than 1 year ago",
        ),
    ],
)
def test_each_leaf_and_its_complement(data: Any, positive: str, negative: str) -> None:
    assert words(bound(data)) == positive
    assert words(BoundNot(bound(data))) == negative


def test_groups_are_kept_apart() -> None:
    condition = bound(
        {"any": [{"active": True}, {"color": 1, "city": "A"}, {"not": {"color": 2, "city": "B"}}]},
    )
    assert words(condition) == ("Active is yes, or (Color is 1 and City is “A”) or not (Color is 2 and City is “B”)")


def test_raw_domains_are_shown_as_they_are() -> None:
    assert words(bound({"domain": [["city", "=", "A"]]})) == "the Odoo domain [('city', '=', 'A')] holds"


def test_conditions_without_parts() -> None:
    assert (words(BoundAll(())), words(BoundAny(()))) == ("always", "never")


def test_numbers_and_dates_follow_the_language() -> None:
    use_language("es")
    assert number(5_000_000) == "5.000.000"
    assert number(1234567.5) == "1.234.567,5"


@pytest.mark.parametrize(
    ("spoken", "written", "shown"),
    [
        ("en", "2026-03-01 16:30", "Mar 1, 2026 16:30"),
        ("en", "2026-03-01 00:05:09", "Mar 1, 2026 00:05:09"),
        ("es", "2026-03-01 04:05", "1 mar 2026 04:05"),
    ],
)
def test_moments_show_their_time_in_24_hours(spoken: str, written: str, shown: str) -> None:
    use_language(spoken)
    assert f" {shown} " in words(bound({"date_conversion": {">=": written}}))


@pytest.mark.parametrize(
    ("data", "sentence", "negative"),
    [
        (
            {"expected_revenue": {">=": 5000000}, "country_id": ["Chile", "Peru"]},
            "Expected revenue es al menos 5.000.000 y Country es Chile o Peru",
            "no se cumple que (Expected revenue es al menos 5.000.000 y Country es Chile o Peru)",
        ),
        (
            {"any": [{"city": "Lima"}, {"name": {"contains": "riego"}, "active": True}]},
            "City es «Lima», u (Opportunity contiene «riego» y Active es sí)",
            "no se cumple que (City es «Lima», u (Opportunity contiene «riego» y Active es sí))",
        ),
        ({"city": ["Ica", "Ovalle"]}, "City es «Ica» u «Ovalle»", "City no es «Ica» ni «Ovalle»"),
        (
            {"tag_ids": ["a_b", "Ñandú"]},
            "Tags incluyen a_b o Ñandú",
            "Tags no incluyen a_b ni Ñandú",
        ),
        (
            {"date_conversion": {"within": "1 month"}},
            "Conversion date cae en el último mes",
            "Conversion date no cae en el último mes",
        ),
        (
            {"date_deadline": {"next": "6 weeks"}},
            "Expected closing cae en las próximas 6 semanas",
            "Expected closing no cae en las próximas 6 semanas",
        ),
        (
            {"date_deadline": {"between": ["2026-01-01", "2026-03-31"]}},
            "Expected closing está entre el 1 de enero de 2026 y el 31 de marzo de 2026",
            "Expected closing no está entre el 1 de enero de 2026 y el 31 de marzo de 2026",
        ),
        (
            {"date_deadline": "2026-01-01"},
            "Expected closing es el 1 de enero de 2026",
            "Expected closing no es el 1 de enero de 2026",
        ),
    ],
)
def test_reads_in_spanish(data: Any, sentence: str, negative: str) -> None:
    use_language("es")
    assert (words(bound(data)), words(BoundNot(bound(data)))) == (sentence, negative)
