"""Where an engagement stands on a day: what was used, what it waits for, and every date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.engagement import Status, standing, status
from segmenter.engagement.status import (
    INCLUDED_MINUTES,
    SESSION_MINUTES,
    SESSIONS,
    close_possible_from,
    credit_until,
    delivery_due,
    on_hold_from,
)
from segmenter.ledger import LogEntry
from tests.support.logs import entry, written


def on(day: str, *entries: LogEntry, **more: object) -> Status:
    return status(written(*entries), date.fromisoformat(day), **more)  # type: ignore[arg-type]


def waits(day: str, *entries: LogEntry, **more: object) -> tuple[str, ...]:
    return on(day, *entries, **more).waits_for


# The hour


def test_nothing_was_used_at_first() -> None:
    found = on("2026-11-24")
    assert (found.used, found.left, found.outside, found.state) == (0, 60, 0, "in_progress")


def test_two_sessions_of_half_an_hour_are_the_service() -> None:
    found = on("2026-12-10", entry("definition", "2026-11-24"), entry("review", "2026-12-01"))
    assert (found.used, found.left, found.outside) == (60, 0, 0)


@pytest.mark.parametrize(
    ("minutes", "uses"),
    [
        ((45, 15), [(45, 0), (15, 0)]),
        ((45, 30), [(45, 0), (15, 15)]),
        ((90,), [(60, 30)]),
        ((35, 10, 25), [(35, 0), (10, 0), (15, 10)]),
        ((20, 20, 20), [(20, 0), (20, 0), (20, 0)]),
        ((30, 30, 1), [(30, 0), (30, 0), (0, 1)]),
    ],
)
def test_what_goes_beyond_the_hour_is_outside_in_whichever_session_it_falls(
    minutes: tuple[int, ...], uses: list[tuple[int, int]]
) -> None:
    found = on("2026-12-31", *(entry("work", "2026-11-24", minutes=one) for one in minutes))
    assert [(one.included, one.outside) for one in found.sessions] == uses
    assert found.outside == sum(outside for _included, outside in uses)


@pytest.mark.parametrize(
    ("minutes", "beyond"),
    [((30, 30), [False, False]), ((31, 29), [True, False]), ((20, 20, 20), [False, False, True])],
)
def test_a_long_session_and_a_third_one_are_remarked_on_though_the_hour_had_room(
    minutes: tuple[int, ...], beyond: list[bool]
) -> None:
    found = on("2026-12-31", *(entry("work", "2026-11-24", minutes=one) for one in minutes))
    assert [one.beyond_plan for one in found.sessions] == beyond
    assert found.outside == 0


@given(st.lists(st.integers(1, 120), max_size=6))
def test_no_minute_is_lost_and_never_more_than_the_hour_is_included(minutes: list[int]) -> None:
    found = on("2026-12-31", *(entry("work", "2026-11-24", minutes=one) for one in minutes))
    assert found.used + found.outside == sum(minutes)
    assert found.used + found.left == 60
    assert found.left >= 0


def test_requests_and_answers_use_nothing() -> None:
    found = on("2026-12-31", entry("request", "2026-11-24"), entry("answer", "2026-11-25"))
    assert (found.used, found.sessions) == (0, ())


# What it waits for


def test_the_steps_in_their_order() -> None:
    log: list[LogEntry] = []
    seen = []
    for kind in ("definition", "information", "review", "delivery"):
        seen.append(waits("2026-12-31", *log))
        log.append(entry(kind, "2026-11-24"))
    assert seen == [
        ("definition", "information", "review", "delivery"),
        ("information", "review", "delivery"),
        ("review", "delivery"),
        ("delivery",),
    ]
    assert waits("2026-12-31", *log) == ()
    assert on("2026-12-31", *log).state == "complete"


def test_after_the_delivery_only_the_review_may_be_left() -> None:
    assert waits("2026-12-31", entry("delivery", "2026-11-24")) == ("review",)


def test_a_plan_without_its_approval_comes_before_the_delivery() -> None:
    log = [entry("definition", "2026-11-24"), entry("information", "2026-11-24")]
    assert waits("2026-12-01", *log, awaits="approval") == ("review", "approval", "delivery")
    assert waits("2026-12-01", *log, awaits="plan") == ("plan", "review", "delivery")


def test_an_open_request_comes_first() -> None:
    found = on("2026-11-30", entry("definition", "2026-11-24"), entry("request", "2026-11-25", activity="La lista"))
    assert found.waits_for[0] == "answer"
    assert found.state == "waiting"
    assert found.request is not None
    assert found.request.activity == "La lista"


@pytest.mark.parametrize("kind", ["answer", "information", "definition", "review", "work"])
def test_an_answer_the_information_and_a_session_end_the_wait(kind: str) -> None:
    log = [entry("request", "2026-11-25"), entry(kind, "2026-11-26")]
    assert on("2027-12-01", *log).request is None


@pytest.mark.parametrize("kind", ["out-of-scope", "delivery"])
def test_nothing_else_does(kind: str) -> None:
    log = [entry("request", "2026-11-25"), entry(kind, "2026-11-26")]
    assert on("2026-12-01", *log).request is not None


@pytest.mark.parametrize(("approved", "open_"), [("2026-11-24", True), ("2026-11-25", False), ("2026-12-24", True)])
def test_an_approval_after_the_request_is_an_answer(approved: str, open_: bool) -> None:
    found = on("2026-12-01", entry("request", "2026-11-25"), approved=[date.fromisoformat(approved)])
    assert (found.request is not None) is open_


def test_the_last_request_is_the_one_that_counts() -> None:
    log = [entry("request", "2026-01-10"), entry("request", "2026-03-01")]
    found = on("2026-03-20", *log)
    assert found.dates.requested == date(2026, 3, 1)
    assert found.state == "waiting"


def test_an_answer_to_an_earlier_request_does_not_end_a_later_one() -> None:
    log = [entry("request", "2026-01-10"), entry("answer", "2026-01-20"), entry("request", "2026-02-01")]
    assert on("2026-02-10", *log).request is not None


def test_entries_of_one_day_count_as_they_were_written() -> None:
    request, answer = entry("request", "2026-11-25"), entry("answer", "2026-11-25T09:00-03:00")
    assert on("2026-11-26", request, answer).request is None
    assert on("2026-11-26", answer, request).request is not None


def test_entries_count_by_their_day_not_by_when_they_were_written() -> None:
    log = [entry("answer", "2026-11-27"), entry("request", "2026-11-25")]
    assert on("2026-11-30", *log).request is None


def test_what_is_dated_later_has_not_happened() -> None:
    log = [entry("request", "2026-11-25"), entry("answer", "2026-12-24")]
    assert on("2026-12-01", *log).request is not None
    assert on("2026-12-24", *log).request is None


# The dates


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-11-24", "waiting"),
        ("2027-01-23", "waiting"),  # the 60th day
        ("2027-01-24", "on_hold"),  # more than 60
        ("2027-04-23", "on_hold"),  # its 89th day after the first
        ("2027-04-24", "closable"),
        ("2030-01-01", "closable"),
    ],
)
def test_the_states_of_a_request_without_an_answer(day: str, state: str) -> None:
    assert on(day, entry("request", "2026-11-24")).state == state


def test_the_dates_of_a_request_through_a_leap_february() -> None:
    dates = on("2028-01-10", entry("request", "2027-12-31")).dates
    assert dates.on_hold_from == date(2028, 3, 1)
    assert dates.close_possible_from == date(2028, 5, 30)
    assert dates.credit_until == date(2028, 11, 30)


def test_an_answer_ends_the_hold() -> None:
    log = [entry("request", "2026-11-24"), entry("answer", "2027-03-01")]
    found = on("2027-03-01", *log)
    assert (found.state, found.dates.on_hold_from) == ("in_progress", None)


def test_the_delivery_is_due_a_week_after_the_last_information() -> None:
    log = [entry("information", "2026-11-20"), entry("information", "2026-11-24")]
    found = on("2026-12-01", *log)
    assert (found.dates.delivery_due, found.overdue) == (date(2026, 12, 1), False)
    assert on("2026-12-02", *log).overdue


def test_a_delivery_in_time_is_never_late_and_a_late_one_stays_late() -> None:
    information = entry("information", "2026-11-24")
    assert not on("2027-06-01", information, entry("delivery", "2026-12-01")).overdue
    assert on("2027-06-01", information, entry("delivery", "2026-12-02")).overdue


def test_without_the_information_nothing_is_due() -> None:
    found = on("2027-06-01", entry("definition", "2026-11-24"))
    assert (found.dates.delivery_due, found.overdue) == (None, False)


@pytest.mark.parametrize(
    ("closed", "until"), [("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2028-02-29", "2028-08-29")]
)
def test_the_credit_after_the_close(closed: str, until: str) -> None:
    log = [entry("definition", "2026-01-05"), entry("request", "2026-01-10"), entry("close", closed)]
    last = date.fromisoformat(until)
    found = status(written(*log), last)
    assert (found.state, found.dates.credit_until, found.credit, found.waits_for) == ("closed", last, 30, ())
    assert status(written(*log), last + timedelta(days=1)).credit == 0


def test_nothing_is_asked_of_a_client_whose_engagement_was_closed() -> None:
    found = on("2026-02-02", entry("request", "2026-01-10"), entry("close", "2026-02-01"))
    assert (found.state, found.request, found.dates.requested, found.waits_for) == ("closed", None, None, ())


def test_a_client_who_comes_back_opens_it_again() -> None:
    log = [entry("definition", "2026-01-05"), entry("close", "2026-08-31"), entry("review", "2026-12-01")]
    found = on("2026-12-02", *log)
    assert (found.state, found.used, found.dates.closed) == ("in_progress", 60, None)


def test_there_is_no_credit_before_the_close() -> None:
    assert on("2026-12-02", entry("definition", "2026-11-24")).credit == 0


# Mending


def test_a_replaced_entry_counts_no_more() -> None:
    log = [entry("definition", "2026-11-24", minutes=300), entry("definition", "2026-11-24", replaces="L1")]
    found = on("2026-12-01", *log)
    assert (found.used, found.outside) == (30, 0)


def test_a_mended_entry_keeps_its_turn() -> None:
    log = written(
        entry("request", "2026-11-25"),
        entry("answer", "2026-11-25"),
        entry("request", "2026-11-25", replaces="L1"),
        entry("request", "2026-11-25", replaces="L3"),
    )
    assert [one.id for one in standing(log)] == ["L4", "L2"]
    assert status(log, date(2026, 11, 26)).request is None


def test_what_is_outside_the_scope_is_kept_as_such() -> None:
    found = on("2026-12-01", entry("out-of-scope", "2026-11-25", activity="Migrar el inventario"))
    assert [one.activity for one in found.out_of_scope] == ["Migrar el inventario"]
    assert found.request is None


DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_an_hour_is_included_in_two_sessions() -> None:
    assert (SESSIONS, SESSION_MINUTES, INCLUDED_MINUTES) == (2, 30, 60)


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
    assert delivery_due(day(complete)) == day(due)


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
    assert on_hold_from(day(request_)) == day(hold)


@pytest.mark.parametrize(
    ("hold", "close"), [("2027-01-24", "2027-04-24"), ("2027-12-01", "2028-02-29"), ("2026-12-01", "2027-03-01")]
)
def test_it_may_be_closed_after_90_days_on_hold(hold: str, close: str) -> None:
    assert close_possible_from(day(hold)) == day(close)


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
    assert credit_until(day(close)) == day(until)


@given(DAYS)
def test_each_date_follows_from_the_one_before(request_: date) -> None:
    hold = on_hold_from(request_)
    assert (hold - request_).days == 61
    assert (hold - timedelta(days=1) - request_).days == 60
    close = close_possible_from(hold)
    assert (close - hold).days == 90
    until = credit_until(close)
    assert (until.year * 12 + until.month) - (close.year * 12 + close.month) == 6
    assert until.day == close.day or (until + timedelta(days=1)).month != until.month
