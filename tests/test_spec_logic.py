"""What can be proven of conditions: held against a plain evaluation, and against the cases worth proving."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import All, Any, Condition, Leaf, Not, parse
from segmenter.errors import Problem
from segmenter.spec.document import read
from segmenter.spec.logic import implies, never


def condition(text: str) -> Condition:
    problems: list[Problem] = []
    found = parse(read(text, "x").data, (), problems)
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{a: x}", "{a: x}"),
        ("{a: x, b: y}", "{a: x}"),
        ("{a: x, b: y}", "{b: y, a: x}"),
        ("{a: x, all: [{b: y}, {c: z}]}", "{c: z, b: y}"),
        ("{a: x}", "{a: [x, y]}"),
        ("{a: x}", "{any: [{a: x}, {b: y}]}"),
        ("{any: [{a: x}, {a: y}]}", "{a: [x, y, z]}"),
        ("{a: x, any: [{b: 1}, {b: 2}]}", "{any: [{b: [1, 2]}, {c: 3}]}"),
        ("{a: {'>=': 10}}", "{a: {'>': 9}}"),
        ("{a: {'>': 10}}", "{a: {'>=': 10}}"),
        ("{a: {between: [2, 3]}}", "{a: {between: [1, 3]}}"),
        ("{a: 5}", "{a: {'<=': 5}}"),
        ("{a: [1, 2]}", "{a: {between: [1, 2]}}"),
        ("{a: {'>=': 1, '<': 3}}", "{a: {between: [0, 3]}}"),
        ("{a: {'>=': '2026-03-01'}}", "{a: {'>': '2026-02-28'}}"),
        ("{a: '2026-03-01'}", "{a: {between: ['2026-03-01', '2026-03-31']}}"),
        ("{a: {within: 30 days}}", "{a: {within: 90 days}}"),
        ("{a: {older_than: 2 years}}", "{a: {older_than: 1 year}}"),
        ("{a: {not: [x, y]}}", "{a: {not: x}}"),
        ("{tag_ids: {has_all: [x, y]}}", "{tag_ids: {has_all: [x]}}"),
        ("{tag_ids: {has_any: [x]}}", "{tag_ids: {has_any: [x, y]}}"),
        ("{country_id: {under: x}}", "{country_id: {under: [x, y]}}"),
        ("{country_id: x}", "{country_id: {under: x}}"),
        ("{not: {a: [x, y]}}", "{not: {a: x}}"),
        ("{domain: [[a, '=', 1]]}", "{domain: [[a, '=', 1]]}"),
        ("{line_ids.price: {'>=': 10}}", "{line_ids.price: {'>=': 5}}"),
    ],
)
def test_what_is_implied(first: str, second: str) -> None:
    assert implies(condition(first), condition(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{a: x}", "{a: y}"),
        ("{a: x}", "{a: x, b: y}"),
        ("{a: x}", "{b: x}"),
        ("{a: [x, y]}", "{a: x}"),
        ("{any: [{a: x}, {b: y}]}", "{a: x}"),
        ("{a: {'>=': 10}}", "{a: {'>': 10}}"),
        ("{a: {between: [1, 4]}}", "{a: {between: [1, 3]}}"),
        ("{a: {'>=': 5}}", "{a: {'>=': '2026-01-01'}}"),
        ("{a: {within: 3 months}}", "{a: {within: 90 days}}"),
        ("{a: {within: 30 days}}", "{a: {next: 90 days}}"),
        ("{a: {not: x}}", "{a: {not: [x, y]}}"),
        ("{a: {not: x}}", "{a: x}"),
        ("{a: true}", "{a: [1]}"),
        ("{tag_ids: {has_all: [x]}}", "{tag_ids: {has_all: [x, y]}}"),
        ("{country_id: {under: x}}", "{country_id: x}"),
        ("{line_ids.price: {'>=': 1, '<': 3}}", "{line_ids.qty: {between: [0, 3]}}"),
        ("{domain: [[a, '=', 1]]}", "{a: 1}"),
    ],
)
def test_what_is_not_implied(first: str, second: str) -> None:
    assert not implies(condition(first), condition(second))


@pytest.mark.parametrize(
    "text",
    [
        "{a: {'>=': 10, '<': 5}}",
        "{a: {'>': 5, '<=': 5}}",
        "{a: {'<': 5}, all: [{a: [7, 8]}]}",
        "{a: {'>': '2026-03-01', '<': '2026-03-01'}}",
        "{country_id.phone_code: {'>': 9, '<': 5}}",
        "{a: x, not: {a: x}}",
        "{a: x, all: [{a: {not: [x, y]}}]}",
        "{a: {empty: true}, all: [{a: {empty: false}}]}",
        "{tag_ids: {has_any: [x]}, all: [{tag_ids: {has_none: [x, y]}}]}",
        "{a: {contains: x, not_contains: x}}",
        "{any: [{a: {'>': 1, '<': 1}}, {b: 1, not: {b: 1}}]}",
        "{c: 1, any: [{a: {'>': 1, '<': 1}}]}",
    ],
)
def test_what_never_holds(text: str) -> None:
    assert never(condition(text))


@pytest.mark.parametrize(
    "text",
    [
        "{a: {'>=': 5, '<=': 5}}",
        "{a: x, all: [{a: y}]}",
        "{tag_ids: 1, all: [{tag_ids: 2}]}",
        "{category_id: 1, all: [{category_id: 2}]}",
        "{x_tags: 1, all: [{x_tags: 2}]}",
        "{line_ids.price: {'>=': 10, '<': 5}}",
        "{category_id.id: {'>=': 10, '<': 5}}",
        "{a: {'>': '2026-03-01', '<': '2026-03-03'}}",
        "{a: {'>=': 5, '<': '2026-03-03'}}",
        "{any: [{a: {'>': 1, '<': 1}}, {b: 1}]}",
        "{a: {not: x}}",
        "{domain: [['a', '=', 1], ['a', '=', 2]]}",
    ],
)
def test_what_may_hold(text: str) -> None:
    assert not never(condition(text))


def test_deep_nesting_takes_no_time() -> None:
    deep: Condition = Leaf("a", "=", 1)
    other: Condition = Leaf("b", "=", 1)
    for _level in range(40):
        deep = All((Any((deep, Leaf("c", "=", 2))), Leaf("d", "=", 3)))
        other = All((Any((other, Leaf("c", "=", 2))), Leaf("d", "=", 3)))
    assert not implies(deep, other)
    assert not never(deep)


VALUES = (-1, 0, 1, 2, 3)
NUMBERS = st.sampled_from(VALUES)
LEAVES = (
    st.builds(Leaf, st.sampled_from("ab"), st.sampled_from(["=", "not", ">", ">=", "<", "<="]), NUMBERS)
    | st.builds(
        Leaf, st.sampled_from("ab"), st.sampled_from(["in", "not_in"]), st.lists(NUMBERS, min_size=1).map(tuple)
    )
    | st.builds(Leaf, st.sampled_from("ab"), st.just("between"), st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple))
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)


def holds(one: Condition, record: dict[str, float]) -> bool:
    if isinstance(one, All):
        return all(holds(part, record) for part in one.parts)
    if isinstance(one, Any):
        return any(holds(part, record) for part in one.parts)
    if isinstance(one, Not):
        return not holds(one.part, record)
    assert isinstance(one, Leaf)
    found, value = record[one.field], one.value
    values = value if isinstance(value, tuple) else (value,)
    match one.operator:
        case "=" | "in":
            return found in values
        case "not" | "not_in":
            return found not in values
        case "between":
            return bool(values[0] <= found <= values[1])  # type: ignore[operator]
        case ">":
            return found > value  # type: ignore[operator]
        case ">=":
            return found >= value  # type: ignore[operator]
        case "<":
            return found < value  # type: ignore[operator]
        case _:
            return found <= value  # type: ignore[operator]


RECORDS = [{"a": a, "b": b} for a, b in product((-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5), repeat=2)]


@given(CONDITIONS, CONDITIONS)
def test_a_proof_is_never_wrong(first: Condition, second: Condition) -> None:
    if implies(first, second):
        assert all(holds(second, record) for record in RECORDS if holds(first, record))
    if never(first):
        assert not any(holds(first, record) for record in RECORDS)


@given(CONDITIONS, CONDITIONS)
def test_what_a_condition_is_made_of(first: Condition, second: Condition) -> None:
    assert implies(first, first)
    assert implies(All((first, second)), first)
    assert implies(first, Any((second, first)))
    assert never(All((first, Not(first))))
