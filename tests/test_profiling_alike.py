from __future__ import annotations

import pytest

from segmenter.profiling.alike import alike, plain


@pytest.mark.parametrize("name", ["VIP", "vip ", "V.I.P.", "Vip", "v-i-p", "ＶＩＰ"])
def test_ways_to_write_one_name(name: str) -> None:
    assert plain(name) == "vip"


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("Nivel 1", "Nivel 2"), ("A", "Á1"), ("5 %", "5")])
def test_names_that_are_two(one: str, other: str) -> None:
    assert alike([one, other]) == ()


def test_groups_come_in_order_and_without_repetition() -> None:
    names = ["Jardinería", "VIP", "Riego", "vip ", "jardineria", "VIP", "★", "☆"]
    assert alike(names) == (("Jardinería", "jardineria"), ("VIP", "vip "))
