"""Values: raw to normalised and back, deltas, equality."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions.vocabulary import Field
from segmenter.odoo import values


def field(type_: str) -> Field:
    return Field("crm.lead", "x", type_, "Label")


@pytest.mark.parametrize(
    ("type_", "raw", "normal"),
    [
        ("many2one", [7, "Ana"], 7),
        ("many2one", 7, 7),
        ("many2one", False, None),
        ("char", "", None),
        ("char", False, None),
        ("char", "x", "x"),
        ("text", "a\nb", "a\nb"),
        ("date", False, None),
        ("datetime", "2026-03-01 10:00:00", "2026-03-01 10:00:00"),
        ("selection", False, None),
        ("selection", "0", "0"),
        ("integer", False, 0),
        ("float", 3, 3.0),
        ("monetary", False, 0.0),
        ("boolean", False, False),
        ("many2many", [5, 2], [2, 5]),
        ("one2many", False, []),
    ],
)
def test_from_wire(type_: str, raw: object, normal: object) -> None:
    got = values.from_wire(field(type_), raw)
    assert got == normal
    assert type(got) is type(normal)


@pytest.mark.parametrize(
    ("type_", "normal", "wire"),
    [
        ("many2one", None, False),
        ("many2one", 7, 7),
        ("char", None, False),
        ("char", "a\r\nb\rc", "a\nb\nc"),
        ("selection", "3", "3"),
        ("integer", 4.0, 4),
        ("monetary", 3_000_000_000, 3e9),
        ("boolean", None, False),
        ("date", "2026-03-01", "2026-03-01"),
    ],
)
def test_to_wire(type_: str, normal: object, wire: object) -> None:
    got = values.to_wire(field(type_), normal)
    assert got == wire
    assert type(got) is type(wire)


@pytest.mark.parametrize(
    ("type_", "value", "said"),
    [
        ("float", math.nan, "nan is not a number that Label can hold"),
        ("monetary", math.inf, "inf is not a number that Label can hold"),
        ("integer", 2**31, "2147483648 is too large for Label, which holds at most 2147483647"),
        ("integer", -(2**31), "-2147483648 is too large for Label"),
        ("integer", 1.5, "Label holds whole numbers, not 1.5"),
        ("float", "3", "'3' is not a number, as Label needs"),
        ("float", True, "True is not a number, as Label needs"),
        ("many2many", [1], "Label holds many values: only links are added or removed"),
    ],
)
def test_to_wire_refuses(type_: str, value: object, said: str) -> None:
    with pytest.raises(values.UnsendableValue) as caught:
        values.to_wire(field(type_), value)
    assert said in str(caught.value)


ids = st.sets(st.integers(1, 50))


@given(ids, ids, ids)
def test_a_delta_changes_what_it_names_and_nothing_else(before: set[int], after: set[int], others: set[int]) -> None:
    held = before | (others - after)
    for command, id_, _zero in values.delta(before, after):
        (held.discard if command == 3 else held.add)(id_)
    assert held == after | (others - after - before)


@pytest.mark.parametrize("type_", ["char", "integer", "float", "boolean", "many2one", "many2many", "selection"])
def test_an_empty_value_is_the_same_as_itself_in_any_spelling(type_: str) -> None:
    assert values.same(type_, None, values.from_wire(field(type_), False))


def test_floats_are_the_same_within_a_millionth() -> None:
    assert values.same("float", 5_000_000.0, 5_000_000.0000001)
    assert values.same("float", 0.1 + 0.2, 0.3)
    assert not values.same("float", 5_000_000.0, 5_000_010.0)
    assert not values.same("integer", 5_000_000, 5_000_001)
    assert not values.same("char", "a", "A")
    assert values.same("many2many", [2, 1], [1, 2])


@given(st.sampled_from(["char", "integer", "float", "many2one", "boolean"]), st.data())
def test_what_is_sent_is_what_is_read_back(type_: str, data: st.DataObject) -> None:
    kinds = {
        "char": st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=9).map(
            lambda text: text or None
        ),
        "integer": st.integers(-(2**31) + 1, 2**31 - 1),
        "float": st.floats(allow_nan=False, allow_infinity=False),
        "many2one": st.one_of(st.none(), st.integers(1, 2**31 - 1)),
        "boolean": st.booleans(),
    }
    value = data.draw(kinds[type_])
    assert values.from_wire(field(type_), values.to_wire(field(type_), value)) == value


@pytest.mark.parametrize("text", ["[('name', '=', uid)]", "[('name'"])
def test_the_text_of_a_favourite_that_is_no_plain_domain_stays_text(text: str) -> None:
    assert values.as_lists(text) == text
