from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.profiling.round import NEAR, figures, natural


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (4_872_310, 5_000_000),
        (1_230_000, 1_200_000),
        (5_920_000, 6_000_000),
        (16_170_000, 16_000_000),
        (150, 150),
        (0, 0),
        (0.0347, 0.035),
        (98.6, 100),
        (7, 7),
    ],
)
def test_what_people_agree_on(number: float, shown: float) -> None:
    assert natural(number) == shown


def test_whole_numbers_are_written_whole() -> None:
    assert str(figures(380.8, 2)) == "380"
    assert str(natural(5920000.0)) == "6000000"


@given(st.floats(0.001, 1e12))
def test_it_stays_near(number: float) -> None:
    assert abs(natural(number) - number) <= max(NEAR, 0.051) * number
