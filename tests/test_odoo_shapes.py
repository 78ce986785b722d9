"""Answers of another shape than the method has: told where they come in, for every method that is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from segmenter.conditions.vocabulary import Field
from segmenter.errors import OutcomeUnknown
from segmenter.odoo.calls import READING
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.shapes import SHAPES, Misshapen, asked_of, require_types
from segmenter.odoo.writer import OdooWriter
from tests.support.fakes import Scripted

FIELDS = {
    "id": {"type": "integer", "string": "ID", "store": True},
    "name": {"type": "char", "string": "Name", "store": True},
    "stage_id": {"type": "many2one", "string": "Stage", "relation": "crm.stage", "store": True},
    "amount": {"type": "float", "string": "Amount", "store": True},
    "create_date": {"type": "datetime", "string": "Created", "store": True},
}
ROW = {"id": 7, "name": "Hotel Sol", "stage_id": 3, "amount": 1.5, "create_date": "2026-03-01 10:00:00"}
NAMES = [name for name in FIELDS if name != "id"]
GROUP = {"stage_id": [3, "New"], "__count": 2, "amount:sum": 3.0}
MONTH = {"create_date:month": ["2026-03-01 03:00:00", "March 2026"], "__count": 2}

Ask = Callable[[OdooReader, OdooWriter], Any]
KINDS = [True, 7, -1, "text", 1.5, None, [], ["text"], [True], [[1]], [7, 7.5], {}, {"a": 1}, [{}], [{"id": "7"}]]
"""Every type that an answer can be of."""

CALLS: dict[str, tuple[Ask, list[Any], list[Any]]] = {
    # method: the call, answers of its shape, and others that it has not beside `KINDS`
    "search": (
        lambda reader, _writer: reader.search("crm.lead", [("id", "in", [7, 8])], limit=2),
        [[], [7], [8, 7]],
        [[0], [9], [7, 8, 7], [2**40]],
    ),
    "search_count": (lambda reader, _writer: reader.count("crm.lead", []), [0, 7], []),
    "search_read": (
        lambda reader, _writer: reader.search_read("crm.lead", [], NAMES, limit=2),
        [[], [ROW], [{**ROW, "stage_id": [3, "New"]}], [{**ROW, "name": False, "stage_id": False, "amount": None}]],
        [[ROW] * 3, [{**ROW, "stage_id": [3]}], [{**ROW, "stage_id": ["New", 3]}], [{**ROW, "name": True}]],
    ),
    "read": (
        lambda reader, _writer: list(reader.read("crm.lead", [7, 8], NAMES)),
        [[], [ROW, {**ROW, "id": 8}], [{**ROW, "id": 8}, {**ROW, "stage_id": False, "create_date": False}]],
        [
            [ROW, {**ROW, "id": 9}],
            [ROW, ROW, {**ROW, "id": 8}],
            [{"id": 7}],
            *([{**ROW, "id": 8}, {**ROW, name: bad}] for name in NAMES for bad in (True, [1], {"a": 1})),
            [{**ROW, "name": 1}],
            [{**ROW, "stage_id": "x"}],
            [{**ROW, "amount": "x"}],
            [{**ROW, "create_date": "x"}],
            [{**ROW, "create_date": 1}],
            [{**ROW, "create_date": "2026-13-01 10:00:00"}],
            [{**ROW, "create_date": "20260301T101010"}],
            [{**ROW, "id": True}],
        ],
    ),
    "fields_get": (
        lambda reader, _writer: reader.fields("crm.lead").keys(),
        [FIELDS, {}, {"kind": {"type": "selection", "selection": [["a", "A"]]}}],
        [
            {"name": {}},
            {"name": {"type": 1}},
            {"name": {"type": "char", "string": ["Name"]}},
            {"name": {"type": "char", "string": True}},
            {"name": {"type": "many2one", "relation": 3}},
            {"name": {"type": "char", "size": "long"}},
            {"name": {"type": "char", "related": [1]}},
            {"name": {"type": "selection", "selection": [["a"]]}},
            {"name": {"type": "selection", "selection": ["ab", 1]}},
        ],
    ),
    "check_access_rights": (lambda reader, _writer: reader.may("crm.lead", "read"), [True, False], []),
    "has_access": (lambda reader, _writer: reader._call("crm.lead", "has_access", [[], "read"], {}), [True, False], []),
    "has_group": (lambda reader, _writer: reader.has_group("base.group_user"), [True, False], []),
    "formatted_read_group": (
        lambda reader, _writer: reader.groups("crm.lead", [], ["stage_id"], ["amount"]),
        [[], [GROUP], [{**GROUP, "stage_id": False, "amount:sum": False}]],
        [
            [{**GROUP, "__count": "2"}],
            [{**GROUP, "__count": True}],
            [{**GROUP, "amount:sum": "3"}],
            [{**GROUP, "stage_id": ["x", "New"]}],
            [{"__count": 2}],
        ],
    ),
    "read_group": (
        lambda reader, _writer: reader._call("crm.lead", "read_group", [[], ["n:count(id)"], ["stage_id"]], {}),
        [[], [{"stage_id": [3, "New"], "n": 2, "__count": 2}]],
        [[{"stage_id": [3, "New"], "__count": 2}], [{"stage_id": [3, "New"], "n": 2}]],
    ),
    "write": (lambda _reader, writer: writer.write("crm.lead", [7], {"name": "x"}), [True, False], []),
    "unlink": (lambda _reader, writer: writer.unlink("crm.tag", [7]), [True, False], []),
    "create": (lambda _reader, writer: writer.create("crm.tag", {"name": "x"}), [7], [0, [7], [7, 8]]),
}
WRITES = ("write", "unlink", "create")


def test_every_method_that_is_called_has_its_shape() -> None:
    assert set(CALLS) == set(SHAPES) == READING | set(WRITES)


def sides(server: Server) -> tuple[OdooReader, OdooWriter]:
    return OdooReader(server, sleep=lambda _seconds: None), OdooWriter(server)


def answering(method: str, answer: Any) -> Scripted:
    fields = [] if method in ("fields_get", "search", *WRITES) or method.startswith(("has", "check")) else [FIELDS]
    if method in ("read_group", "search_count", "has_access"):
        fields = []
    return Scripted([*fields, answer])


@pytest.mark.parametrize(
    ("method", "answer"), [(method, answer) for method, (_ask, good, _bad) in CALLS.items() for answer in good]
)
def test_an_answer_of_the_right_shape_comes_in(method: str, answer: Any) -> None:
    CALLS[method][0](*sides(answering(method, answer)))


def wrong(method: str) -> list[Any]:
    """What a method never answers."""
    _ask, good, bad = CALLS[method]
    right = [(type(answer), answer) for answer in good]
    return [answer for answer in (*KINDS, *bad) if (type(answer), answer) not in right]


@pytest.mark.parametrize(("method", "answer"), [(method, answer) for method in CALLS for answer in wrong(method)])
def test_an_answer_of_another_shape_is_told_where_it_comes_in(method: str, answer: Any) -> None:
    with pytest.raises(OutcomeUnknown if method in WRITES else Misshapen) as caught:
        CALLS[method][0](*sides(answering(method, answer)))
    assert "is not of the form that Odoo gives" in caught.value.what
    assert caught.value.todo


@pytest.mark.parametrize("month", [["x", "March"], ["2026-03-01 03:00:00"], [1, 2, 3], "March 2026", {"a": 1}, 7])
def test_a_month_that_is_none(month: Any) -> None:
    reader, _writer = sides(Scripted([FIELDS, [{"create_date:month": month, "__count": 2}]]))
    with pytest.raises(Misshapen):
        reader.groups("crm.lead", [], ["create_date:month"])


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("many2many", [[], [3, 4], False, None], [True, 3, "x", ["x"], [True], [0], {}]),
        ("one2many", [[5]], [[-5], [[5]]]),
        ("boolean", [True, False, None], [1, "x", []]),
        ("integer", [0, -3, False], [True, 1.5, "3", [3]]),
        ("monetary", [0.0, 3, False], [True, "3"]),
        ("selection", ["a", False], [True, 3, ["a"]]),
        ("date", ["2026-03-01", False], [True, "2026-02-30", "20260301", "1/3/2026", 3]),
        ("json", [{"a": [1]}, "x", True], []),
    ],
)
def test_the_values_of_each_type(type_: str, good: list[Any], bad: list[Any]) -> None:
    field, server = Field("crm.lead", "it", type_, "It"), Scripted()
    require_types(server, [{"it": value} for value in good], [field])
    for value in bad:
        with pytest.raises(Misshapen, match=r"to read\(it\) of crm\.lead is not"):
            require_types(server, [{"it": value} for value in [*good, value]], [field])


A = ("a", "=", 1)


@pytest.mark.parametrize(
    ("domain", "ids"),
    [
        ([], None),
        ([("name", "=", "x")], None),
        ([("id", "in", [1, 2])], {1, 2}),
        ([("name", "=", "x"), ("id", "in", [1, 2])], {1, 2}),
        ([("id", "in", [1, 2]), ["id", "in", [2, 3]]], {2}),
        (["&", ("id", "in", [1]), ("name", "=", "x")], {1}),
        (["|", ("id", "in", [1]), ("name", "=", "x")], None),
        (["|", ("id", "in", [1]), ("id", "in", [2])], {1, 2}),
        (
            ["|", "&", ("id", "in", [1]), ("a", "=", 1), "&", ("id", "in", [2]), "|", ("a", "=", 2), ("b", "=", 3)],
            {1, 2},
        ),
        (["!", ("id", "in", [1])], None),
        (["!", "&", ("id", "in", [1]), ("a", "=", 1), ("id", "in", [2])], {2}),
        ([("id", "not in", [1])], None),
    ],
)
def test_the_ids_that_a_domain_asks_for(domain: list[Any], ids: set[int] | None) -> None:
    assert asked_of(domain) == ids
