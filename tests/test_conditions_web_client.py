"""Conditions as the text of a favourite, with relative dates that the web client works out."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, time
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from segmenter.conditions import Clock, domain
from segmenter.conditions.web_client import moving, text_of, unreadable
from tests.support.conditions_crm import SANTIAGO, bound

CLOCK = Clock(datetime(2026, 3, 31, 15, tzinfo=UTC), SANTIAGO)


class _Midnight(datetime):
    """What the client's ``to_utc`` does, where the browser's clock is the client's."""

    def to_utc(self) -> datetime:
        return self.replace(tzinfo=SANTIAGO).astimezone(UTC)


class _Library:
    datetime, time = _Midnight, time


def evaluated(text: str) -> Any:
    """The domain that a web client makes of a text today."""
    names = {
        "context_today": lambda: CLOCK.now.astimezone(SANTIAGO).date(),
        "relativedelta": relativedelta,
        "datetime": _Library,
    }
    return [list(item) if isinstance(item, tuple) else item for item in eval(text, dict(names))]


@pytest.mark.parametrize("field", ["write_date", "date_deadline"])
@pytest.mark.parametrize("operator", ["within", "older_than", "next"])
@pytest.mark.parametrize("span", ["1 day", "90 days", "2 weeks", "1 month", "18 months", "2 years"])
def test_relative_dates_are_those_of_the_plan_on_the_day_itself(field: str, operator: str, span: str) -> None:
    found = bound({field: {operator: span}}, clock=CLOCK)
    assert evaluated(text_of(domain(moving(found)))) == domain(found)


def test_a_relative_date_is_not_frozen() -> None:
    text = text_of(domain(moving(bound({"any": [{"write_date": {"within": "90 days"}}, {"name": "Sol"}]}))))
    assert "2026" not in text
    assert "context_today() + relativedelta(days=-90)" in text


@pytest.mark.parametrize("value", ["O'Higgins", 'dice "sí"', "50\\%_x", "línea\nnueva", "ñandú 😀", "fin\\"])
def test_a_text_is_read_back(value: str) -> None:
    assert ast.literal_eval(text_of([["name", "=", value]])) == [("name", "=", value)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(5e6, "5000000"), (2.5, "2.5"), (1e16, "10000000000000000"), (None, "False"), ([1], "[1]")],
)
def test_numbers_have_no_exponent_and_empty_is_false(value: Any, text: str) -> None:
    assert text_of(["!", ["f", "=", value]]) == f"['!', ('f', '=', {text})]"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"name": "a\u2028b"}, "Odoo's search bar cannot read a control character in a text"),
        ({"all": [{"not": {"expected_revenue": 1e-7}}]}, "Odoo's search bar cannot read the number 1e-07"),
        ({"domain": [["name", "=", "a\u2028b"]]}, "Odoo's search bar cannot read a control character in a text"),
    ],
)
def test_what_the_web_client_does_not_read_back_is_named(data: Any, what: str) -> None:
    ((_part, why),) = unreadable(bound(data))
    assert why.what == what


def test_what_it_reads_is_not() -> None:
    assert list(unreadable(bound({"name": "Sol\tde Oro", "expected_revenue": {"between": [0, 1e9]}}))) == []
