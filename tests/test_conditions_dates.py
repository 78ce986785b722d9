from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock, Span
from segmenter.conditions.dates import local_day, moment, ranges, relative_range, start

SANTIAGO = ZoneInfo("America/Santiago")


@pytest.mark.parametrize("text", ["2026-2-1", "2026-02-30", "0001-01-01", "9999-12-31", "2026-01-01T", "soon", None, 5])
def test_what_is_no_moment(text: object) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-04-04", "2026-04-04 03:00:00"),
        ("2026-04-05", "2026-04-05 04:00:00"),  # the night before, clocks went back at midnight
        ("2026-09-05", "2026-09-05 04:00:00"),
        ("2026-09-06", "2026-09-06 04:00:00"),  # midnight itself was skipped: the day began at one
        ("2026-09-07", "2026-09-07 03:00:00"),
    ],
)
def test_days_begin_where_the_client_is(day: str, expected: str) -> None:
    at = moment(day)
    assert at is not None
    assert start(at, "datetime", SANTIAGO) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", ("2026-11-20 03:00:00", "2026-11-21 03:00:00")),
        ("2026-11-20 10:30", ("2026-11-20 13:30:00", "2026-11-20 13:31:00")),
        ("2026-11-20T10:30:15", ("2026-11-20 13:30:15", "2026-11-20 13:30:16")),
    ],
)
def test_a_moment_is_as_long_as_it_is_written(text: str, expected: tuple[str, str]) -> None:
    at = moment(text)
    assert at is not None
    assert ranges("=", [at], "datetime", SANTIAGO) == (expected,)
    assert ranges(">", [at], "datetime", SANTIAGO) == ((expected[1], None),)
    assert ranges("<=", [at], "datetime", SANTIAGO) == ((None, expected[1]),)


@pytest.mark.parametrize(
    ("operator", "span", "expected"),
    [
        ("within", Span(0, "days"), ("2026-03-30", "2026-03-31")),
        ("within", Span(1, "months"), ("2026-02-28", "2026-03-31")),
        ("older_than", Span(2, "weeks"), (None, "2026-03-16")),
        ("next", Span(1, "days"), ("2026-03-30", "2026-04-01")),
        ("next", Span(1, "years"), ("2026-03-30", "2027-03-31")),
    ],
)
def test_relative_ranges_are_whole_days_of_the_client(
    operator: str, span: Span, expected: tuple[str | None, str | None]
) -> None:
    late_evening = Clock(datetime(2026, 3, 31, 2, 59, 59, tzinfo=UTC), SANTIAGO)
    assert relative_range(operator, span, "date", late_evening) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", "2026-03-01"), ("2026-03-01 02:59:59", "2026-02-28"), ("2026-03-01 03:00:00", "2026-03-01")],
)
def test_the_clients_day_of_what_the_server_writes(text: str, day: str) -> None:
    assert local_day(text, SANTIAGO) == day


def test_a_month_ahead_of_the_31st_ends_with_that_month() -> None:
    clock = Clock(datetime(2026, 1, 31, 12, tzinfo=UTC), SANTIAGO)
    assert relative_range("next", Span(1, "months"), "date", clock) == ("2026-01-31", "2026-03-01")
