"""Numbers that people agree on: 5.000.000, not 4.872.310."""

from __future__ import annotations

from math import floor, log10

NEAR = 0.06
"""How far one figure may be from the number before it takes two."""


def figures(number: float, significant: int) -> float:
    """``number`` with so many significant figures, an int where it is whole."""
    if not number:
        return 0
    digits = significant - 1 - floor(log10(abs(number)))
    rounded = round(number, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def natural(number: float) -> float:
    """With one significant figure where that is near enough, else with two."""
    one = figures(number, 1)
    return one if abs(one - number) <= NEAR * abs(number) else figures(number, 2)
