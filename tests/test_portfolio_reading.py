"""A portfolio holds what its records hold: the same as if each had been read by itself, on every CRM."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.odoo.reader import OdooReader
from segmenter.portfolio import Column, Grouped, alike, reading
from segmenter.portfolio.reading import read_columns, read_scope
from segmenter.record_set import RecordSet
from tests.support.engagement import Engagement
from tests.support.fakes import Recording

pytest_plugins = ["tests.support.engagement_fixtures"]

FIELDS = (
    *("stage_id", "user_id", "team_id", "priority", "active", "type", "source_id", "partner_id"),
    *("name", "city", "expected_revenue", "probability", "date_deadline", "color", "description"),
)


@pytest.fixture
def leads(engagement: Engagement) -> Engagement:
    """Leads that hold something in a field, and others that hold nothing in it."""
    e = engagement
    e.make_leads(24)
    tags = e.crm.create("crm.tag", {"name": e.tag("one")}, {"name": e.tag("two")}, {"name": e.tag("foreign")})
    for at, lead in enumerate(e.leads):
        held = [tags[n] for n in range(3) if at >> n & 1]
        values: dict[str, Any] = {"tag_ids": [[6, 0, held]], "city": f"City {at % 3}" if at % 4 else False}
        if at % 3 == 0:
            values |= {"date_deadline": "2026-12-24", "expected_revenue": 0, "user_id": False}
        if at % 5 == 0:
            values |= {"probability": 12.5 + at, "color": at, "description": f"<p>{at}</p>"}
        e.crm.write("crm.lead", [lead], **values)
    return e


def reader_of(e: Engagement) -> OdooReader:
    return OdooReader(e.crm.connect(), language="es_CL")


def held(columns: dict[str, Column], records: RecordSet) -> dict[int, dict[str, Any]]:
    return {record: same.row for same in alike(records, [], columns) for record in same.records}


def test_the_columns_of_a_scope_tell_what_each_record_holds(leads: Engagement) -> None:
    e, reader = leads, reader_of(leads)
    known = reader.fields("crm.lead")
    owned = {"tag_ids": e.crm.ids("crm.tag", [["name", "in", [e.tag("one"), e.tag("two")]]])}
    scope = [("id", "in", e.leads)]
    fields = [known[name] for name in (*FIELDS, "tag_ids")]

    found = read_scope(
        reader, "crm.lead", scope, [("city", "=", "City 1")], [[[("priority", "=", "0")]]], fields, owned
    )

    rows = {row["id"]: row for row in reader.read("crm.lead", e.leads, [*FIELDS, "tag_ids"])}
    assert list(found.protected) == [lead for lead in e.leads if rows[lead]["city"] == "City 1"]
    assert list(found.records) == [lead for lead in e.leads if rows[lead]["city"] != "City 1"]
    assert list(found.matches[0][0]) == [lead for lead in found.records if rows[lead]["priority"] == "0"]
    for lead, row in held(dict(found.columns), found.records).items():
        expected = rows[lead] | {"tag_ids": sorted(set(rows[lead]["tag_ids"]) & set(owned["tag_ids"]))}
        assert row == {name: expected[name] for name in row}
        assert set(row) == {*FIELDS, "tag_ids"}


@pytest.mark.parametrize("few", [0, 1000])
def test_columns_of_some_records_tell_the_same_however_they_are_asked(
    leads: Engagement, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW", few)
    e, reader = leads, reader_of(leads)
    known, some = reader.fields("crm.lead"), RecordSet(leads.leads[::2])
    names = [name for name in FIELDS if name != "date_deadline"]

    columns = read_columns(reader, "crm.lead", [("id", "in", e.leads)], some, [known[name] for name in names])

    rows = {row["id"]: row for row in reader.read("crm.lead", list(some), names)}
    assert held(columns, some) == {lead: {name: row[name] for name in names} for lead, row in rows.items()}


def test_of_a_field_it_can_be_asked_only_whether_it_holds_anything(
    leads: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW", 0)
    e, reader = leads, reader_of(leads)
    field = reader.fields("crm.lead")["date_deadline"]

    columns = read_columns(
        reader, "crm.lead", [("id", "in", e.leads)], RecordSet(e.leads), [field], if_set=["date_deadline"]
    )

    column = columns["date_deadline"]
    assert isinstance(column, Grouped)
    assert list(column.sets[True]) == e.leads[::3]


def test_a_scope_costs_a_question_for_three_fields_with_few_values_and_one_a_segment(leads: Engagement) -> None:
    seen = Recording(leads.crm.connect())
    reader = OdooReader(seen, language="es_CL")
    known = reader.fields("crm.lead")
    reader.members("crm.lead", [("id", "in", leads.leads)], ["active"])  # settles how this server is asked
    before = len(seen.methods)

    read_scope(
        reader,
        "crm.lead",
        [("id", "in", leads.leads)],
        [],
        [[[("priority", "=", "0")], [("priority", "=", "1")]]],
        [known[name] for name in ("stage_id", "user_id", "priority")],
        {},
    )

    assert len(seen.methods) - before == 1 + 2
