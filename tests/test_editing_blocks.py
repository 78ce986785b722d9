"""A condition as rows and back: what is not touched comes out as it was written, and means what it meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmenter.conditions import All, Condition, Leaf, Not, RawDomain, parse
from segmenter.conditions import Any as AnyOf
from segmenter.editing.arranging import add_block, add_row, change_kind, move, part_at, remove, set_row, wrap
from segmenter.editing.blocks import KINDS, Block, Raw, Row, blocks, condition_data
from segmenter.errors import SegmenterError
from tests.support.conditions_random import conditions

REVENUE = Row("expected_revenue", ">=", 5_000_000)
SOURCE = Row("source_id", "in", ["Referido", "Feria"])
RECENT = Row("create_date", "within", "90 days")

WRITTEN: list[tuple[dict[str, Any], tuple[Any, ...]]] = [
    ({"city": "Lima"}, (Row("city", "=", "Lima"),)),
    ({"user_id": None}, (Row("user_id", "=", None),)),
    (
        {
            "expected_revenue": {">=": 5_000_000},
            "any": [{"source_id": ["Referido", "Feria"]}, {"create_date": {"within": "90 days"}}],
        },
        (REVENUE, Block("any", (SOURCE, RECENT))),
    ),
    ({"x": {">=": 1, "<": 5}}, (Row("x", ">=", 1), Row("x", "<", 5))),
    ({"x": {">=": 1, "<": 5, "in": "CLP"}}, (Row("x", ">=", 1, "CLP"), Row("x", "<", 5, "CLP"))),
    ({"x": {"between": [1, 5], "in": "CLP"}}, (Row("x", "between", [1, 5], "CLP"),)),
    ({"x": {"in": "CLP"}}, (Row("x", "in", "CLP"),)),
    ({"not": {"a": 1, "b": 2}}, (Block("not", (Row("a", "=", 1), Row("b", "=", 2))),)),
    ({"name": {"not": {"starts_with": "Hotel"}}}, (Block("not", (Row("name", "starts_with", "Hotel"),)),)),
    ({"name": {"not": "Hotel"}}, (Row("name", "not", "Hotel"),)),
    ({"all": [{"a": 1}, {"a": 2}], "b": 3}, (Row("a", "=", 1), Row("a", "=", 2), Row("b", "=", 3))),
    (
        {"any": [{"all": [{"a": {"empty": False}}, {"b": {">": 0}}]}, {"a": 1, "b": 2}]},
        (
            Block(
                "any",
                (
                    Block("all", (Row("a", "empty", False), Row("b", ">", 0))),
                    Block("all", (Row("a", "=", 1), Row("b", "=", 2))),
                ),
            ),
        ),
    ),
    (
        {"domain": [["name", "ilike", "hotel"]], "a": 1},
        (Raw({"domain": [["name", "ilike", "hotel"]]}), Row("a", "=", 1)),
    ),
    (
        {"Ciudad de origen": 1, "a": {"contans": 1}, "b": {}},
        (Raw({"Ciudad de origen": 1}), Raw({"a": {"contans": 1}}), Raw({"b": {}})),
    ),
    ({"any": "x", "all": 3, "not": [1]}, (Raw({"any": "x"}), Raw({"all": 3}), Raw({"not": [1]}))),
    ({"any": [1, {"a": 1}]}, (Block("any", (Raw(1), Row("a", "=", 1))),)),
]


def together(parts: list[Any]) -> object:
    """What all hold at once, each said once."""
    inner = [one for part in parts for one in (part[1] if part[0] == "all" else [part])]
    said = sorted({repr(one): one for one in inner}.items())
    return said[0][1] if len(said) == 1 else ("all", [one for _repr, one in said])


def flat(condition: Condition | None) -> object:
    """What a condition says, whatever the grouping and order of what must all hold."""
    if isinstance(condition, All):
        return together([flat(part) for part in condition.parts])
    if isinstance(condition, AnyOf):
        return ("any", [flat(part) for part in condition.parts])
    if isinstance(condition, Not):
        return ("not", flat(condition.part))
    if isinstance(condition, Leaf):
        return ("leaf", condition.field, condition.operator, condition.value, condition.currency)
    return ("domain", condition.domain) if isinstance(condition, RawDomain) else ("None",)


def parsed(data: Any) -> Condition | None:
    problems: list[Any] = []
    return parse(data, (), problems)


@pytest.mark.parametrize(("data", "parts"), WRITTEN, ids=[str(data)[:50] for data, _parts in WRITTEN])
def test_a_condition_as_rows_and_back_as_it_was(data: Any, parts: tuple[Any, ...]) -> None:
    assert blocks(data) == Block("all", parts)
    assert condition_data(blocks(data)) == data


@settings(max_examples=400)
@given(st.one_of(conditions(), conditions(negatable=False)))
def test_what_is_not_touched_means_what_it_meant(data: dict[str, Any]) -> None:
    assert condition_data(blocks(data)) == data
    assert parsed(condition_data(blocks(data))) == parsed(data)


def test_a_condition_that_is_none_is_kept() -> None:
    for data in (None, 5, "x", [{"a": 1}], {}):
        assert condition_data(blocks(data)) == data


ROWS = st.builds(
    Row,
    st.sampled_from(["a", "b.c"]),
    st.sampled_from(["=", ">=", "<", "contains", "not"]),
    st.sampled_from([1, 5, "x"]),
    st.sampled_from(["", "", "CLP", "USD"]),
).filter(lambda row: not row.currency or (row.value != "x" and row.operator != "contains"))
TREES = st.recursive(
    st.one_of(ROWS, st.just(Raw({"domain": [["name", "=", "x"]]}))),
    lambda inner: st.builds(
        Block, st.sampled_from(KINDS), st.lists(inner, min_size=1, max_size=3).map(tuple), st.just("")
    ),
    max_leaves=8,
)


def meaning(part: Any) -> object:
    """What a tree says, in the terms of `flat`."""
    if isinstance(part, Row):
        value = {part.operator: part.value, **({"in": part.currency} if part.currency else {})}
        return flat(parsed({part.field: value}))
    if isinstance(part, Raw):
        return flat(parsed(part.data))
    inner = [meaning(one) for one in part.parts]
    if part.kind == "any":
        return ("any", inner)
    both = together(inner)
    return ("not", both) if part.kind == "not" else both


@settings(max_examples=400)
@given(st.lists(TREES, min_size=1, max_size=4))
def test_what_is_put_together_means_what_the_rows_say(parts: list[Any]) -> None:
    tree = Block("all", tuple(parts))
    data = condition_data(tree)
    normal = blocks(data)
    if any("None" in repr(meaning(part)) for part in parts):
        return  # a row whose value does not fit its operator
    assert flat(parsed(data)) == meaning(tree)
    assert condition_data(normal) == data
    assert meaning(normal) == meaning(tree)


def test_new_rows_get_the_shortest_form() -> None:
    tree = blocks({"expected_revenue": {">=": 5}})
    tree = add_row(tree, (), Row("city", "in", ["Lima"]))
    assert condition_data(tree) == {"expected_revenue": {">=": 5}, "city": ["Lima"]}
    tree = add_row(tree, (), Row("expected_revenue", "<", 9))
    assert condition_data(tree) == {"expected_revenue": {">=": 5, "<": 9}, "city": ["Lima"]}
    tree = add_row(tree, (), Row("city", "not", "Cusco"))
    assert condition_data(add_row(tree, (), Row("city", "in", ["Ica"])))["all"] == [{"city": ["Ica"]}]  # type: ignore[index,call-overload]
    both = add_row(blocks({"name": {"contains": "a"}}), (), Row("name", "contains", "b"))
    assert condition_data(both) == {"all": [{"name": {"contains": "a"}}, {"name": {"contains": "b"}}]}


def test_amounts_in_two_currencies_stand_in_a_list() -> None:
    tree = add_row(blocks({"x": {">=": 5, "in": "CLP"}}), (), Row("x", "<", 9, "USD"))
    assert condition_data(tree) == {"all": [{"x": {">=": 5, "in": "CLP"}}, {"x": {"<": 9, "in": "USD"}}]}


def test_rows_are_set_added_wrapped_moved_and_removed() -> None:
    tree = blocks({"a": 1, "any": [{"b": 2}, {"c": 3}]})
    assert part_at(tree, (1, 0)) == Row("b", "=", 2)
    assert condition_data(set_row(tree, (1, 0), Row("b", ">", 9))) == {"a": 1, "any": [{"b": {">": 9}}, {"c": 3}]}
    assert condition_data(add_row(tree, (1,), Row("d", "=", 4)))["any"] == [{"b": 2}, {"c": 3}, {"d": 4}]  # type: ignore[index,call-overload]
    assert condition_data(add_block(tree, (), "not")) == {"a": 1, "any": [{"b": 2}, {"c": 3}], "not": {}}
    assert condition_data(remove(tree, (1, 0))) == {"a": 1, "any": [{"c": 3}]}
    assert condition_data(remove(remove(tree, (1, 0)), (1, 0))) == {"a": 1}
    assert condition_data(remove(tree, ())) == {}
    assert condition_data(wrap(tree, (0,), "not")) == {"not": {"a": 1}, "any": [{"b": 2}, {"c": 3}]}
    assert condition_data(wrap(tree, (1, 0), "all")) == {"a": 1, "any": [{"b": 2}, {"c": 3}]}
    assert condition_data(wrap(tree, (), "any")) == {"any": [{"a": 1, "any": [{"b": 2}, {"c": 3}]}]}
    assert condition_data(change_kind(tree, (1,), "all")) == {"a": 1, "b": 2, "c": 3}
    assert condition_data(change_kind(tree, (1,), "not")) == {"a": 1, "not": {"b": 2, "c": 3}}
    assert condition_data(change_kind(tree, (), "any")) == {"any": [{"a": 1}, {"any": [{"b": 2}, {"c": 3}]}]}
    assert condition_data(move(tree, (1, 0), (), 0)) == {"b": 2, "a": 1, "any": [{"c": 3}]}
    assert condition_data(move(tree, (0,), (1,), 1)) == {"any": [{"b": 2}, {"a": 1}, {"c": 3}]}
    assert condition_data(move(tree, (1, 1), (1,), 0)) == {"a": 1, "any": [{"c": 3}, {"b": 2}]}
    assert condition_data(move(tree, (1, 0), (1,), 2)) == {"a": 1, "any": [{"c": 3}, {"b": 2}]}


def test_a_part_of_a_list_stays_in_the_list() -> None:
    tree = blocks({"all": [{"a": 1}, {"b": 2}]})
    assert condition_data(set_row(tree, (0,), Row("a", "=", 9))) == {"all": [{"a": 9}, {"b": 2}]}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda tree: part_at(tree, (9,)),
        lambda tree: part_at(tree, (0, 0)),
        lambda tree: add_row(tree, (0,), REVENUE),
        lambda tree: change_kind(tree, (0,), "any"),
        lambda tree: move(tree, (1,), (1,), 0),
        lambda tree: move(tree, (0,), (1,), 9),
        lambda tree: move(tree, (), (1,), 0),
    ],
)
def test_an_address_of_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(SegmenterError, match="no such part") as caught:
        wrong(blocks({"a": 1, "any": [{"b": 2}]}))
    assert caught.value.todo
