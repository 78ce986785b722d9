"""What the server's counting finds is what counting by hand finds, in few calls and short answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import Field
from segmenter.odoo.groups import Group
from segmenter.profiling.duplicates import PAGE, SHOWN, duplicate_addresses, duplicates, plain_address

FIELD = Field("crm.lead", "city", "char", "City")


class Counted:
    """A reader over a list of values, asked as `duplicates` asks a real one; ``calls`` and the longest answer."""

    def __init__(self, values: list[str]) -> None:
        self.counts = Counter(values)
        self.calls = self.longest = 0

    def groups(self, model: str, domain: Any, by: Any, *, most: int | None = None, skip: int = 0) -> list[Group]:
        ordered = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))
        found = [Group((value,), (value,), count, {}) for value, count in ordered[skip:][:most]]
        self.calls, self.longest = self.calls + 1, max(self.longest, len(found))
        return found

    def distinct(self, model: str, domain: Any, field: str) -> int:
        self.calls += 1
        return len(self.counts)

    def count(self, model: str, domain: Any) -> int:
        self.calls += 1
        return self.counts.total()


@given(st.lists(st.integers(0, 80).map(str), max_size=300))
def test_it_is_what_counting_by_hand_finds(values: list[str]) -> None:
    reader = Counted(values)
    found = duplicates(reader, FIELD, [])  # type: ignore[arg-type]
    repeated = {value: count for value, count in Counter(values).items() if count > 1}
    assert (found.values, found.records) == (len(repeated), sum(repeated.values()))
    assert [value.count for value in found.most] == sorted(repeated.values(), reverse=True)[:SHOWN]


def test_two_hundred_thousand_records_take_few_calls() -> None:
    reader = Counted([str(number % 70_000) for number in range(100_000)] + [f"x{number}" for number in range(100_000)])
    found = duplicates(reader, FIELD, [])  # type: ignore[arg-type]
    assert (found.values, found.records) == (30_000, 60_000)
    assert reader.calls <= 22
    assert reader.longest <= SHOWN + 1


WRITTEN = {
    "ana@sol.cl": "ana@sol.cl",
    "Ana@Sol.CL ": "ana@sol.cl",
    " ana@sol.cl": "ana@sol.cl",
    "Ana <ANA@sol.cl>": "ana@sol.cl",
    '"Soto, Ana" <ana@sol.cl>': "ana@sol.cl",
    "<ana@sol.cl>": "ana@sol.cl",
    "ana@sol": "ana@sol",
    "a@x.cl, b@x.cl": "",
    "a@x.cl; b@x.cl": "",
    "ana": "",
    "ana@": "",
    "": "",
    "  ": "",
}


@pytest.mark.parametrize(("text", "plain"), WRITTEN.items())
def test_an_address_as_odoo_keeps_it(text: str, plain: str) -> None:
    assert plain_address(text) == plain


@given(st.lists(st.sampled_from([*WRITTEN, *(f"{n}@x.cl" for n in range(30)), *(f"{n}@X.cl" for n in range(30))])))
def test_addresses_are_one_whatever_their_capitals(values: list[str]) -> None:
    found = duplicate_addresses(Counted(values), FIELD, [])  # type: ignore[arg-type]
    plain = Counter(plain_address(value) for value in values if plain_address(value))
    repeated = {value: count for value, count in plain.items() if count > 1}
    assert (found.values, found.records) == (len(repeated), sum(repeated.values()))
    assert [value.count for value in found.most] == sorted(repeated.values(), reverse=True)[:SHOWN]


def test_addresses_come_in_answers_of_a_page() -> None:
    reader = Counted([f"{n}@x.cl" for n in range(PAGE)] + [f"{n}@X.CL" for n in range(PAGE)])
    found = duplicate_addresses(reader, FIELD, [])  # type: ignore[arg-type]
    assert (found.values, found.records, reader.calls, reader.longest) == (PAGE, 2 * PAGE, 3, PAGE)
