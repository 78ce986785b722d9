"""Records to reason about: a live one by id, name or e-mail, and one that an example of the client's describes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock, bind, domain, evaluate, parse
from segmenter.errors import Problem, SegmenterError
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.records import GivenRecord, LiveRecord, find_quoted, find_record, given_record
from tests.support.engagement import Embedded
from tests.support.fakes import Recording

CLOCK = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC), ZoneInfo("America/Santiago"))


@pytest.fixture
def crm() -> Embedded:
    return Embedded()


def reader_of(crm: Embedded) -> OdooReader:
    return OdooReader(crm.connect("all"), language="es_CL")


def given(crm: Embedded, values: dict[str, object]) -> GivenRecord:
    reader, problems = reader_of(crm), list[Problem]()
    record = given_record(values, ("given",), "crm.lead", reader, Catalog(reader), CLOCK, problems)
    assert problems == []
    return record


def holds(crm: Embedded, condition: dict[str, Any], record: Any) -> bool:
    """Whether a spec's condition holds of a record."""
    problems: list[Problem] = []
    parsed = parse(condition, (), problems)
    assert parsed is not None
    bound = bind(parsed, "crm.lead", Catalog(reader_of(crm)), CLOCK, problems)
    assert problems == []
    assert bound is not None
    return evaluate(domain(bound), record)


@pytest.mark.parametrize(
    ("values", "condition", "expected"),
    [
        ({"expected_revenue": 9000}, {"expected_revenue": {">": 5000}}, True),
        ({"source_id": "Referido"}, {"source_id": ["Referido", "Feria"]}, True),
        ({"source_id": "Feria"}, {"source_id": {"not": "Feria"}}, False),
        ({"source_id": "Feria"}, {"source_id": {"contains": "eri"}}, True),
        ({"country_id.code": "CL"}, {"country_id.code": ["CL", "PE"]}, True),
        ({"country_id.code": "CL"}, {"country_id": "Perú"}, False),
        ({"country_id.code": "CL"}, {"country_id": "Chile"}, True),
        ({"tag_ids": ["VIP", "Riego"]}, {"tag_ids": {"has_all": ["Riego"]}}, True),
        ({"tag_ids": ["VIP"]}, {"tag_ids": {"has_none": ["VIP"]}}, False),
        ({}, {"tag_ids": {"has_none": ["VIP"]}}, True),
        ({}, {"city": {"empty": True}}, True),
        ({"city": None}, {"city": "Lima"}, False),
        ({"description": "Pide riego"}, {"description": {"contains": "riego"}}, True),
        ({"priority": 3}, {"priority": {">=": 2}}, True),
        ({"date_deadline": "2026-11-20"}, {"date_deadline": {"older_than": "1 day"}}, True),
    ],
)
def test_what_is_given_is_what_conditions_see(
    crm: Embedded, values: dict[str, object], condition: dict[str, Any], expected: bool
) -> None:
    assert holds(crm, condition, given(crm, values)) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"partner_id.city": "Lima"}, True),
        ({"partner_id.city": {"not": "Lima"}}, False),
        ({"partner_id.city": {"not": "Arica"}}, True),
        ({"partner_id": {"empty": True}}, False),
        ({"partner_id.country_id.code": "PE"}, True),
        ({"partner_id.country_id.code": {"not": "PE"}}, False),
        ({"partner_id.city": "Lima", "partner_id.country_id.code": ["PE"]}, True),
    ],
)
def test_a_contact_given_by_what_it_is_like_need_not_exist(
    crm: Embedded, condition: dict[str, Any], expected: bool
) -> None:
    """Neither none nor several of it: the example is about any contact of that kind."""
    record = given(crm, {"partner_id.city": "Lima", "partner_id.country_id.code": "PE"})
    assert holds(crm, condition, record) is expected


def test_a_name_that_does_not_resolve_is_a_problem_at_its_place(crm: Embedded) -> None:
    reader, problems = reader_of(crm), list[Problem]()
    given_record({"source_id": "Refrido"}, ("examples", 0), "crm.lead", reader, Catalog(reader), CLOCK, problems)
    assert [(one.path, "Referido" in one.todo) for one in problems] == [(("examples", 0, "source_id"), True)]


def test_a_live_record_reads_a_field_once_when_it_is_asked_for(crm: Embedded) -> None:
    (lead,) = crm.create("crm.lead", {"name": "Hotel Sol", "city": "Lima", "source_id": False})
    seen = Recording(crm.connect("all"))
    record = LiveRecord(OdooReader(seen), "crm.lead", lead)
    assert [record.value("city"), record.value("city"), record.value("id")] == ["Lima", "Lima", lead]
    assert [args[1] for _model, method, args, _kw in seen.calls if method == "read"] == [["city"]]
    assert list(record.related("source_id")) == []


@pytest.mark.parametrize("wanted", ["id", "digits", "Hotel Sol", "sol@example.cl", "SOL@example.cl"])
def test_a_record_is_found_by_id_name_or_email(crm: Embedded, wanted: str) -> None:
    cells = {"name": "Hotel Sol", "email_from": "sol@example.cl", "active": False}
    (lead,) = crm.create("crm.lead", cells)
    asked: str | int = {"id": lead, "digits": str(lead)}.get(wanted, wanted)
    assert find_record(reader_of(crm), "crm.lead", asked) == lead


@pytest.mark.parametrize(
    ("wanted", "todo"),
    [
        ("Hotel Soll", "did you mean Hotel Sol?"),
        ("Hotl Sol", "did you mean Hotel Sol?"),
        ("hotel sol", "did you mean Hotel Sol?"),
        ("Hostal", "give its whole name, its e-mail or its id"),
        ("%", "give its whole name, its e-mail or its id"),
    ],
)
def test_a_name_that_is_nearly_right_is_answered_by_it(crm: Embedded, wanted: str, todo: str) -> None:
    crm.create("crm.lead", {"name": "Hotel Sol", "active": False}, {"name": "Restaurante Hotel del Lago"})
    with pytest.raises(SegmenterError) as error:
        find_record(reader_of(crm), "crm.lead", wanted)
    assert error.value.todo == todo


def test_none_or_several_are_refused(crm: Embedded) -> None:
    first, second = crm.create("crm.lead", {"name": "Hotel Sol"}, {"name": "Hotel Sol"})
    with pytest.raises(SegmenterError, match=f"several records: {first}, {second}"):
        find_record(reader_of(crm), "crm.lead", "Hotel Sol")
    (called,) = crm.create("crm.lead", {"name": "999"})
    with pytest.raises(SegmenterError, match=f"the id 999 on crm.lead .* the record called 999 has the id {called}"):
        find_record(reader_of(crm), "crm.lead", "999")
    assert find_quoted(reader_of(crm), "crm.lead", "999") == called
    assert find_quoted(reader_of(crm), "crm.lead", str(first)) == first
    with pytest.raises(SegmenterError, match="the id 999"):
        find_quoted(reader_of(crm), "crm.lead", 999)
    for nobody in ("Hotel", 999, "%", "s_l@example.cl"):
        with pytest.raises(SegmenterError, match="There is no record"):
            find_record(reader_of(crm), "crm.lead", nobody)
