"""Each date rule of the service, at the ends of months and in leap years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.engagement import terms

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_an_hour_is_included_in_two_sessions() -> None:
    assert (terms.SESSIONS, terms.SESSION_MINUTES, terms.INCLUDED_MINUTES) == (2, 30, 60)


@pytest.mark.parametrize(
    ("complete", "due"),
    [
        ("2026-11-24", "2026-12-01"),
        ("2026-12-28", "2027-01-04"),
        ("2027-02-22", "2027-03-01"),
        ("2028-02-22", "2028-02-29"),
        ("2028-02-23", "2028-03-01"),
    ],
)
def test_the_delivery_is_a_week_after_the_information_is_complete(complete: str, due: str) -> None:
    assert terms.delivery_due(day(complete)) == day(due)


@pytest.mark.parametrize(
    ("request_", "hold"),
    [
        ("2026-01-01", "2026-03-03"),
        ("2026-11-24", "2027-01-24"),
        ("2027-12-31", "2028-03-01"),  # through 29 February
        ("2026-12-31", "2027-03-02"),
    ],
)
def test_it_is_on_hold_from_the_61st_day_after_the_request(request_: str, hold: str) -> None:
    assert terms.on_hold_from(day(request_)) == day(hold)


@pytest.mark.parametrize(
    ("hold", "close"), [("2027-01-24", "2027-04-24"), ("2027-12-01", "2028-02-29"), ("2026-12-01", "2027-03-01")]
)
def test_it_may_be_closed_after_90_days_on_hold(hold: str, close: str) -> None:
    assert terms.close_possible_from(day(hold)) == day(close)


@pytest.mark.parametrize(
    ("close", "until"),
    [
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2027-08-29", "2028-02-29"),
        ("2026-08-29", "2027-02-28"),
        ("2028-02-29", "2028-08-29"),
        ("2026-12-31", "2027-06-30"),
        ("2026-03-31", "2026-09-30"),
        ("2026-05-15", "2026-11-15"),
    ],
)
def test_the_credit_lasts_six_calendar_months(close: str, until: str) -> None:
    assert terms.credit_until(day(close)) == day(until)


@given(DAYS)
def test_each_date_follows_from_the_one_before(request_: date) -> None:
    hold = terms.on_hold_from(request_)
    assert (hold - request_).days == 61
    assert (hold - timedelta(days=1) - request_).days == 60
    close = terms.close_possible_from(hold)
    assert (close - hold).days == 90
    until = terms.credit_until(close)
    assert (until.year * 12 + until.month) - (close.year * 12 + close.month) == 6
    assert until.day == close.day or (until + timedelta(days=1)).month != until.month
