"""Amounts far below all others: perhaps typed in thousands or in millions, or only to fill the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segmenter.profiling.histograms import round_amounts
from segmenter.profiling.model import Tail

FAR = 50
"""A tail is so many times below the median at least."""
GAP = 2.5
"""Between the tail and the others lies an empty stretch: its end is so many times its beginning, or more."""
SINGLE = 5
"""Fewer amounts may be apart by chance: the stretch above them must be wider, the more so where amounts differ."""
WIDE_GAP = 4
FILLER_GAP = 100
"""How far apart amounts are that would not be among the others in any unit."""
DIGITS = (1, 1.5, 2.5, 4, 6.5)
STRAY = 0.1
"""Of the tail: so many amounts may be in that stretch."""
MOST = 1 / 3
"""Of all amounts. Where more of them are low, that is no slip."""
DEEPEST = 1e9
"""How far below the median is looked."""
INSIDE = (1, 5, 9)
"""Tenths of the tail: amounts by which its units are told. Those at its very ends may be anything."""
UNITS = (1_000, 1_000_000)


def tail(
    points: Sequence[float],
    number: int,
    below: Callable[[Sequence[float]], Sequence[int]],
    at: Callable[[Sequence[int]], Sequence[float | None]],
) -> Tail | None:
    """The tail of ``number`` amounts; None if there is none.

    ``points``: the least, the median, the one that 90 % are below, and the greatest. ``below``: how many lie below each
    of some amounts; ``at``: the amounts at places of their order. Each is asked once at most, with some forty of them.
    """
    least, median, high, greatest = points
    if least <= 0 or least * FAR > median:
        return None
    wide = max(WIDE_GAP, high / median)
    marks = round_amounts(max(least, median / DEEPEST), 2 * wide * median / FAR, DIGITS)
    found = _stretch(marks, below(marks), median / FAR, wide, MOST * number)
    if found is None:
        return None
    records, stray = found
    held = at([0, *(records * tenths // 10 for tenths in INSIDE), records - 1, records + stray])
    values = [value for value in held if value is not None]
    if len(values) < len(held):
        return None
    above = values[-1]
    units = tuple(unit for unit in UNITS if any(above <= value * unit <= greatest for value in values[1:-2]))
    if not units and above < FILLER_GAP * values[-2]:
        return None
    return Tail(records, values[0], values[-2], above, units)


def _stretch(
    marks: Sequence[float], counts: Sequence[int], last: float, wide: float, most: float
) -> tuple[int, int] | None:
    """How many amounts are below the emptiest stretch, and how many in it; None if no stretch is empty enough.

    ``counts``: how many are below each mark. ``last``: where a stretch may begin. ``wide``: how wide it must be above
    a few amounts. Of two, the upper one.
    """
    best: tuple[float, int, int] | None = None
    for at, (start, records) in enumerate(zip(marks, counts, strict=True)):
        gap = GAP if records >= SINGLE else wide
        end = next((upto for upto, mark in enumerate(marks) if mark >= gap * start * 0.999), None)
        if start > last or end is None or not 0 < records <= most:
            continue
        stray = counts[end] - counts[at]
        if stray <= STRAY * records and (best is None or stray / records <= best[0]):
            best = (stray / records, records, stray)
    return best and best[1:]
