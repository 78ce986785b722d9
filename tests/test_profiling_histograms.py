"""Every record is in one bar, the bars are few, and they begin where a person would begin them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.profiling import Bin
from segmenter.profiling.histograms import MOST_BOUNDS, MOST_PERIODS, amounts, between, days

NUMBERS = st.lists(st.floats(-1e9, 1e12, allow_nan=False).map(lambda value: round(value, 2)), min_size=2, max_size=60)


def points(values: list[float]) -> tuple[float, float, float, float]:
    held = sorted(values)
    return held[0], held[round(0.1 * (len(held) - 1))], held[round(0.9 * (len(held) - 1))], held[-1]


@given(NUMBERS)
def test_every_amount_is_in_one_bar_and_they_are_few(values: list[float]) -> None:
    bounds = amounts(*points(values))
    assert len(bounds) <= MOST_BOUNDS
    assert bounds == sorted(set(bounds))
    bins = between(bounds, [sum(value < bound for value in values) for bound in bounds], len(values))
    for one in bins:
        inside = [
            value
            for value in values
            if (one.start is None or value >= float(one.start)) and (one.end is None or value < float(one.end))
        ]
        assert len(inside) == one.count
    assert sum(one.count for one in bins) == len(values)


@pytest.mark.parametrize(
    ("spread", "bounds"),
    [
        ((0, 10, 80, 100), [10, 20, 30, 40, 50, 60, 70, 80]),
        ((150_000, 400_000, 24e6, 39e6), [2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7]),
        ((1, 2, 8, 10), [2, 3, 4, 5, 6, 7, 8]),
        ((5, 5, 5, 5), []),
        ((1, 1e4, 9e8, 1e12), [5e4, 1e5, 5e5, 1e6, 5e6, 1e7, 5e7, 1e8, 5e8, 1e9, 5e9, 1e10]),
    ],
)
def test_bounds_are_round(spread: tuple[float, ...], bounds: list[float]) -> None:
    assert amounts(*spread) == bounds


def test_a_few_months_a_few_years_many_years() -> None:
    assert days([("2026-01-01", 2), ("2026-03-01", 5)]) == (
        Bin("2026-01-01", "2026-02-01", 2),
        Bin("2026-02-01", "2026-03-01", 0),
        Bin("2026-03-01", "2026-04-01", 5),
    )
    quarters = days([("2024-02-01", 1), ("2025-11-01", 1)])
    assert (len(quarters), quarters[0]) == (8, Bin("2024-01-01", "2024-04-01", 1))
    years = days([("2015-02-01", 1), ("2025-11-01", 1)])
    assert (len(years), years[-1]) == (11, Bin("2025-01-01", "2026-01-01", 1))
    assert days([]) == ()


def test_a_date_that_is_typed_wrong_does_not_flatten_the_rest() -> None:
    held = days([("0206-03-01", 1), ("2025-12-01", 100), ("2026-02-01", 120), ("2062-01-01", 1)])
    assert [one.count for one in held] == [1, 100, 0, 120, 1]
    assert held[0] == Bin(None, "2025-12-01", 1)
    assert held[-1] == Bin("2026-03-01", None, 1)


@given(st.dictionaries(st.tuples(st.integers(1, 9000), st.integers(1, 12)), st.integers(1, 500), max_size=40))
def test_every_day_is_in_one_bar(months: dict[tuple[int, int], int]) -> None:
    bins = days([(f"{year:04}-{month:02}-01", count) for (year, month), count in sorted(months.items())])
    assert sum(one.count for one in bins) == sum(months.values())
    assert len(bins) <= MOST_PERIODS + 2
