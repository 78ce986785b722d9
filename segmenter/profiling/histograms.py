"""Where the bars of a histogram begin and end: at round amounts, at the first of a month, quarter or year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10

from segmenter.profiling.model import Bin

WIDE = 20
"""Amounts that differ by so much are shown by 1, 2, 5, 10, 20...: equal steps would put nearly all in one bar."""
MOST_BOUNDS = 12
MOST_PERIODS = 16
STEPS = 8
PERIODS = (1, 3, 12, 60, 120)
"""Months of a bar of dates."""
FEW = 0.01
"""The share of dates at each end that does not decide how long a period is: a few are typed wrong."""


def amounts(least: float, low: float, high: float, greatest: float) -> list[float]:
    """The bounds between the bars of a number, at most `MOST_BOUNDS`. ``low``, ``high``: a tenth is below, above."""
    if least == greatest:
        return []
    if least <= 0 or high < WIDE * low:
        return _even(least, low, high, greatest)
    for digits in ((1, 2, 5), (1, 5), (1,)):
        bounds = round_amounts(least, greatest, digits)
        if sum(low < bound <= high for bound in bounds) <= MOST_BOUNDS - 2:
            break
    # What is beyond shares the first or the last bar.
    while len(bounds) > MOST_BOUNDS:
        bounds = bounds[1:] if bounds[0] <= low else bounds[:-1]
    return bounds


def round_amounts(least: float, greatest: float, digits: Sequence[float]) -> list[float]:
    """The digits and their tenfold, hundredfold... that are above ``least``, which is positive, and not above
    ``greatest``: 1, 2, 5, 10, 20..."""
    powers = range(floor(log10(least)), floor(log10(greatest)) + 1)
    found = (float(f"{digit}e{power}") for power in powers for digit in digits)
    return [bound for bound in found if least < bound <= greatest]


def _even(least: float, low: float, high: float, greatest: float) -> list[float]:
    """Multiples of a round step, from the lowest tenth to the highest and one step around."""
    width = (high - low or greatest - least) / STEPS
    power = floor(log10(width))
    step = next(float(f"{digit}e{power}") for digit in (1, 2, 5, 10) if float(f"{digit}e{power}") >= width)
    first, last = floor(low / step), ceil(high / step)
    bounds = (round(number * step, 9) for number in range(first, last + 1))
    return [bound for bound in bounds if least < bound <= greatest]


def between(bounds: Sequence[float], below: Sequence[int], number: int) -> tuple[Bin, ...]:
    """The bars between bounds, of ``number`` records. ``below``: how many lie below each bound."""
    ends = [None, *bounds, None]
    counts = [after - before for before, after in zip([0, *below], [*below, number], strict=True)]
    return tuple(Bin(start, end, count) for (start, end), count in zip(pairwise(ends), counts, strict=True))


def days(months: Sequence[tuple[str, int]]) -> tuple[Bin, ...]:
    """The bars of a date, from (first day of a month, records) in their order. Periods without records have one too."""
    numbered = [(12 * int(day[:4]) + int(day[5:7]) - 1, count) for day, count in months]
    if not numbered:
        return ()
    few = FEW * sum(count for _month, count in numbered)
    first, last = _beyond(numbered, few), _beyond(numbered[::-1], few)
    length = next((months for months in PERIODS if last // months - first // months < MOST_PERIODS), PERIODS[-1])
    first, last = max(first // length, last // length - MOST_PERIODS + 1), last // length
    counts = dict.fromkeys(range(first - 1, last + 2), 0)
    for month, count in numbered:
        counts[min(max(month // length, first - 1), last + 1)] += count
    return tuple(_periods(counts, length))


def _beyond(numbered: Sequence[tuple[int, int]], few: float) -> int:
    """The first month of those in their order, after ``few`` records."""
    passed = 0
    for month, count in numbered:
        passed += count
        if passed > few:
            return month
    return numbered[-1][0]


def _periods(counts: dict[int, int], length: int) -> Iterator[Bin]:
    """The periods in their order; the first and the last stand for all before and after, if there are any."""
    first, last = min(counts), max(counts)
    for period, count in counts.items():
        start, end = (_first_day(number * length) for number in (period, period + 1))
        if first < period < last:
            yield Bin(start, end, count)
        elif count:
            yield Bin(None, end, count) if period == first else Bin(start, None, count)


def _first_day(month: int) -> str:
    return date(month // 12, month % 12 + 1, 1).isoformat()
