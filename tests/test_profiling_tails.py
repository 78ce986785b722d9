"""Amounts in a wrong unit are found among realistic ones, and clean amounts raise no alarm."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Sequence

import pytest

from segmenter.profiling import Tail
from segmenter.profiling.tails import tail


class Asked:
    """Amounts, and how many questions were asked of them."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = sorted(values)
        self.questions = 0

    def below(self, bounds: Sequence[float]) -> list[int]:
        self.questions += len(bounds)
        return [bisect_left(self.values, bound) for bound in bounds]

    def at(self, places: Sequence[int]) -> list[float | None]:
        self.questions += len(places)
        return [self.values[place] for place in places]

    def tail(self) -> Tail | None:
        points = [self.values[round(share * (len(self.values) - 1))] for share in (0.0, 0.5, 0.9, 1.0)]
        return tail(points, len(self.values), self.below, self.at)


def pesos(dice: random.Random, number: int, spread: float = 1.0) -> list[float]:
    """Amounts around 3,000,000, rounded as people round."""
    return [max(20_000, round(math.exp(dice.gauss(math.log(3e6), spread)), -4)) for _ in range(number)]


@pytest.mark.parametrize("unit", [1_000, 1_000_000])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_amounts_typed_in_another_unit_are_found(unit: int, share: float) -> None:
    dice = random.Random(7)
    for _try in range(20):
        clean = pesos(dice, 800)
        wrong = int(share * len(clean))
        found = Asked([value / unit if place < wrong else value for place, value in enumerate(clean)]).tail()
        assert found is not None
        assert unit in found.units
        assert abs(found.records - wrong) <= 1 + wrong // 10


def test_of_two_other_units_both_are_told() -> None:
    clean = pesos(random.Random(5), 800)
    typed = [value / (1_000 if place < 30 else 1_000_000 if place < 38 else 1) for place, value in enumerate(clean)]
    found = Asked(typed).tail()
    assert found is not None
    assert (found.records, found.units) == (38, (1_000, 1_000_000))


@pytest.mark.parametrize("number", [30, 800, 5_000])
@pytest.mark.parametrize("spread", [0.5, 1.0, 1.4])
def test_clean_amounts_raise_no_alarm(number: int, spread: float) -> None:
    dice = random.Random(3)
    tries = 40 if number < 5_000 else 5
    found = [Asked(pesos(dice, number, spread)).tail() for _try in range(tries)]
    assert sum(one is not None for one in found) <= tries // 40


def test_prices_of_a_shop_are_no_slip() -> None:
    cheap_and_dear = [15_000.0] * 300 + [3_500_000.0] * 300
    assert Asked(cheap_and_dear).tail() is None
    assert Asked([100.0, 900.0, 5_000.0, 20_000.0, 80_000.0] * 20).tail() is None
    assert Asked([-500.0, *[3e6] * 50]).tail() is None


def test_an_amount_that_only_fills_the_field_is_pointed_out() -> None:
    found = Asked([1.0] * 12 + [8_000.0 + number for number in range(200)]).tail()
    assert found == Tail(12, 1.0, 1.0, 8_000.0, ())


def test_the_questions_are_few_however_low_the_least_is() -> None:
    asked = Asked([0.000001, *pesos(random.Random(1), 5_000)])
    assert asked.tail() is not None
    assert asked.questions <= 50
