"""Counting by the server, the same on the embedded CRM and on real Odoos, in the new way and in the old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.conditions import WITH_ARCHIVED
from segmenter.embedded import EmbeddedServer
from segmenter.errors import ServerError
from segmenter.odoo import groups
from segmenter.odoo.groups import CannotGroup, Group
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from tests.support.backends import Backend
from tests.support.fakes import Recording

SANTIAGO = "America/Santiago"


class Older:
    """A server without ``formatted_read_group``; ``many``: one that can group by many-valued fields."""

    def __init__(self, server: Server, *, many: bool = False) -> None:
        self.server, self.many = server, many

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if method == "formatted_read_group":
            raise Fault(1, f"AttributeError: type object '{model}' has no attribute '{method}'\n")
        if method == "read_group" and not self.many and {"tag_ids", "category_id"} & set(args[2]):
            raise Fault(1, "AssertionError: Fields in 'groupby' must be regular database-persisted fields\n")
        rows = self.server.execute_kw(model, method, args, kwargs)
        if method == "read_group" and isinstance(self.server, EmbeddedServer):
            # 14 says the limits of a month in the domain alone.
            rows = [{key: value for key, value in row.items() if key != "__range"} for row in rows]
        return rows


@pytest.fixture(params=["its own way", "the older way"])
def calls(request: pytest.FixtureRequest, backend: Backend) -> Recording:
    server = backend.servers["all"]
    if not hasattr(server, "identity"):
        server.identity = ServerIdentity(server.url, "x", "19.0", "x", server.uid)
    return Recording(Older(server) if request.param == "the older way" else server)


@pytest.fixture
def reader(calls: Recording) -> OdooReader:
    return OdooReader(calls, timezone=SANTIAGO)


@pytest.fixture
def mine(backend: Backend) -> list[Any]:
    """The domain of leads of this test alone: three in Chile, two without a country."""
    name = backend.unique()
    (chile,) = backend.call("res.country", "search", [["code", "=", "CL"]])
    new, won = backend.stages["New"], backend.stages["Won"]
    rows: list[dict[str, Any]] = [
        {"stage_id": new, "country_id": chile, "expected_revenue": 100.5, "priority": "1", "city": "Lima"},
        {"stage_id": new, "country_id": chile, "expected_revenue": 200, "priority": "1", "city": "Lima"},
        {"stage_id": won, "country_id": chile, "expected_revenue": 0, "priority": "2", "city": ""},
        {"stage_id": new, "expected_revenue": 50, "priority": "0", "city": False},
        {"stage_id": won, "priority": "0", "city": "Arica", "user_id": False, "date_deadline": "2026-03-31"},
    ]
    for row in rows:
        backend.call("crm.lead", "create", {"name": name, "type": "opportunity", **row})
    return [["name", "=", name]]


def test_by_stage_with_sums(backend: Backend, reader: OdooReader, mine: list[Any]) -> None:
    found = reader.groups("crm.lead", mine, ["stage_id"], ["expected_revenue"])
    new, won = backend.stages["New"], backend.stages["Won"]
    assert found == [
        Group((new,), ("New",), 3, {"expected_revenue": 350.5}),
        Group((won,), ("Won",), 2, {"expected_revenue": 0.0}),
    ]


def test_by_two_fields_one_of_them_empty(backend: Backend, reader: OdooReader, mine: list[Any]) -> None:
    new, won = backend.stages["New"], backend.stages["Won"]
    found = reader.groups("crm.lead", mine, ["country_id", "stage_id"])
    assert {(group.labels, group.keys[1]): group.count for group in found} == {
        (("Chile", "New"), new): 2,
        (("Chile", "Won"), won): 1,
        (("", "New"), new): 1,
        (("", "Won"), won): 1,
    }
    assert {group.keys[0] for group in found if group.labels[0] == ""} == {None}


def test_the_label_of_a_selection_and_the_words_of_a_boolean(reader: OdooReader, mine: list[Any]) -> None:
    counted = {group.keys + group.labels: group.count for group in reader.groups("crm.lead", mine, ["priority"])}
    assert counted == {("0", "Low"): 2, ("1", "Medium"): 2, ("2", "High"): 1}
    assert reader.groups("crm.lead", mine, ["active"]) == [Group((True,), ("yes",), 5, {})]


def test_an_empty_text_is_one_group_with_none_at_all(reader: OdooReader, mine: list[Any]) -> None:
    found = reader.groups("crm.lead", mine, ["city"])
    assert {group.keys[0]: (group.labels[0], group.count) for group in found} == {
        "Lima": ("Lima", 2),
        "Arica": ("Arica", 1),
        None: ("", 2),
    }


def test_an_empty_number_is_one_group_with_nought(reader: OdooReader, mine: list[Any]) -> None:
    found = reader.groups("crm.lead", mine, ["expected_revenue"])
    assert {group.keys[0]: group.count for group in found} == {0.0: 2, 50.0: 1, 100.5: 1, 200.0: 1}


def test_the_most_frequent_first_page_by_page(reader: OdooReader, mine: list[Any]) -> None:
    filled = [*mine, ["city", "!=", False], ["city", "!=", ""]]
    assert [g.keys for g in reader.groups("crm.lead", filled, ["city"], most=1)] == [("Lima",)]
    assert [g.keys for g in reader.groups("crm.lead", filled, ["city"], most=1, skip=1)] == [("Arica",)]
    assert reader.groups("crm.lead", filled, ["city"], most=1, skip=2) == []
    new, _won = [g.keys for g in reader.groups("crm.lead", mine, ["stage_id", "type"], most=5)]
    assert new[1] == "opportunity"


def test_by_month_in_the_zone_of_the_reader(
    backend: Backend, reader: OdooReader, calls: Recording, mine: list[Any]
) -> None:
    ids = backend.call("crm.lead", "search", mine, order="id")
    # Midnight of 1 March in Santiago is 03:00 UTC in summer time.
    for lead, closed in zip(ids, ["2026-03-01 02:59:59", "2026-03-01 03:00:00", "2026-04-01 02:59:59"], strict=False):
        backend.call("crm.lead", "write", [lead], {"date_closed": closed})
    won_by_itself = [["date_closed", "<", "2026-06-01 00:00:00"]]
    found = reader.groups("crm.lead", [*mine, *won_by_itself], ["date_closed:month"])
    assert [(group.keys, group.labels, group.count) for group in found] == [
        (("2026-02-01",), ("February 2026",), 1),
        (("2026-03-01",), ("March 2026",), 2),
    ]
    utc = OdooReader(calls, timezone="UTC").groups("crm.lead", [*mine, *won_by_itself], ["date_closed:month"])
    assert [(group.keys, group.count) for group in utc] == [(("2026-03-01",), 2), (("2026-04-01",), 1)]


def test_the_month_of_a_date_and_of_none(reader: OdooReader, mine: list[Any]) -> None:
    # A domain on the same field, whose own leaf must not be taken for the month's.
    dated = [*mine, "|", ["date_deadline", "=", False], ["date_deadline", ">=", "2026-03-15"]]
    found = reader.groups("crm.lead", dated, ["date_deadline:month", "stage_id"])
    assert {(group.keys[0], group.labels[0]): group.count for group in found if group.labels[1] == "Won"} == {
        ("2026-03-01", "March 2026"): 1,
        (None, ""): 1,
    }


def test_by_tag_a_record_counts_once_for_each(backend: Backend, reader: OdooReader, mine: list[Any]) -> None:
    ids = backend.call("crm.lead", "search", mine, order="id")
    red, blue = backend.new("crm.tag"), backend.new("crm.tag")
    backend.call("crm.lead", "write", ids[:3], {"tag_ids": [[6, 0, [red]]]})
    backend.call("crm.lead", "write", ids[2:4], {"tag_ids": [[4, blue]]})
    found = reader.groups("crm.lead", mine, ["tag_ids"], ["expected_revenue"])
    assert {group.keys[0]: (group.count, group.sums["expected_revenue"]) for group in found} == {
        red: (3, 300.5),
        blue: (2, 50.0),
        None: (1, 0.0),
    }
    crossed = reader.groups("crm.lead", mine, ["stage_id", "tag_ids"])
    assert {(group.labels[0], group.keys[1]): group.count for group in crossed} == {
        ("New", red): 2,
        ("Won", red): 1,
        ("New", blue): 1,
        ("Won", blue): 1,
        ("Won", None): 1,
    }
    assert [group.keys for group in reader.groups("crm.lead", mine, ["tag_ids"], most=1)] == [(red,)]


def test_archived_records_count_when_asked_for(backend: Backend, reader: OdooReader, mine: list[Any]) -> None:
    (first, *_rest) = backend.call("crm.lead", "search", mine, order="id")
    backend.call("crm.lead", "write", [first], {"active": False})
    assert sum(group.count for group in reader.groups("crm.lead", mine, ["stage_id"])) == 4
    assert sum(group.count for group in reader.groups("crm.lead", [*WITH_ARCHIVED, *mine], ["stage_id"])) == 5


def test_different_values(reader: OdooReader, mine: list[Any]) -> None:
    assert reader.distinct("crm.lead", [*mine, ["city", "!=", False], ["city", "!=", ""]], "city") == 2


def test_nothing_to_count(reader: OdooReader) -> None:
    assert reader.groups("crm.lead", [["id", "=", 0]], ["stage_id"], ["expected_revenue"]) == []


def test_what_cannot_be_counted_by_is_said_before_asking(reader: OdooReader, calls: Recording) -> None:
    reader.fields("crm.lead")
    asked = len(calls.calls)
    for by, sums in ((["display_name"], []), (["nope"], []), (["stage_id"], ["city"])):
        with pytest.raises(CannotGroup):
            reader.groups("crm.lead", [], by, sums)
    for wrong in (["create_date"], ["city:month"], [], ["city", "city"]):
        with pytest.raises(ValueError, match="group"):
            reader.groups("crm.lead", [], wrong)
    assert len(calls.calls) == asked


def test_the_way_is_found_out_once(reader: OdooReader, calls: Recording, mine: list[Any]) -> None:
    for _time in range(2):
        reader.groups("crm.lead", mine, ["stage_id"])
    asked = [name.partition("crm.lead.")[2] for name in calls.methods if "read_group" in name]
    assert asked in (["formatted_read_group"] * 2, ["formatted_read_group", "read_group", "read_group"])


def test_too_many_values_to_ask_one_by_one(monkeypatch: pytest.MonkeyPatch, backend: Backend, mine: list[Any]) -> None:
    monkeypatch.setattr(groups, "MOST_VALUES", 1)
    backend.new("crm.tag")
    backend.new("crm.tag")
    server = backend.servers["all"]
    reader = OdooReader(Older(server))
    with pytest.raises(CannotGroup, match="more than 1 values"):
        reader.groups("crm.lead", mine, ["tag_ids"])


def test_a_fault_of_a_server_that_has_answered_is_a_fault(backend: Backend) -> None:
    class Failing(Older):
        def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
            if method == "formatted_read_group" and kwargs["groupby"] == ["city"]:
                raise Fault(1, "canceling statement due to statement timeout\n")
            if method == "formatted_read_group":
                return []
            return self.server.execute_kw(model, method, args, kwargs)

    reader = OdooReader(Failing(backend.servers["all"]))
    assert reader.groups("crm.lead", [["id", "=", 0]], ["stage_id"]) == []
    with pytest.raises(ServerError, match="timeout"):
        reader.groups("crm.lead", [["id", "=", 0]], ["city"])
