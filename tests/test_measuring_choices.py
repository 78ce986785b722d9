"""What an editor offers: fields, values as a spec writes them, and how numbers and dates lie."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.embedded import demo_server
from segmenter.measuring import Crm, measure
from segmenter.measuring.choices import fields, histogram, values
from segmenter.record_set import RecordSet
from segmenter.spec import loads
from tests.test_measuring_measure import AT, opened, text

LEADS = "crm.lead"


@pytest.fixture(scope="module")
def crm() -> Crm:
    return opened(demo_server(AT.date()))


@pytest.fixture(scope="module")
def everybody(crm: Crm) -> RecordSet:
    return crm.take(LEADS, [])


def test_fields_are_those_of_a_profile_and_some_behind_with_how_many_records_are_filled(
    crm: Crm, everybody: RecordSet
) -> None:
    found = {choice.path: choice for choice in fields(crm, LEADS, everybody)}
    assert found["expected_revenue"].label == "Ingreso esperado"
    assert found["stage_id"].filled == len(everybody)
    assert found["country_id.code"].type == "char"
    assert found["expected_revenue"].filled == crm.reader.count(LEADS, [("expected_revenue", "!=", 0)])
    assert "write_uid" not in found
    assert [choice.filled for choice in fields(crm, LEADS, RecordSet())] == [0] * len(found)


def test_a_field_is_found_by_a_part_of_its_label_or_its_name(crm: Crm) -> None:
    assert "country_id" in [choice.path for choice in fields(crm, LEADS, search="PAIS")]
    assert [choice.path for choice in fields(crm, LEADS, search="source_id")] == ["source_id"]


@pytest.mark.parametrize(
    "field",
    ["source_id", "tag_ids", "priority", "city", "country_id.code", "user_id", "partner_id", "type", "create_date"],
)
def test_each_value_means_in_a_spec_the_records_that_were_counted(crm: Crm, everybody: RecordSet, field: str) -> None:
    found = values(crm, LEADS, everybody, field, most=4)
    assert [value.count for value in found] == sorted((value.count for value in found), reverse=True)
    for value in found:
        operator = "has_any" if field == "tag_ids" else "="
        written = {operator: [value.value] if field == "tag_ids" else value.value}
        segment = {"name": "A", "when": {field: written}}
        content = {"scope": {"model": LEADS}, "segmentations": [{"name": "S", "segments": [segment]}]}
        figures = measure(loads(text(content), "spec.yaml"), crm)
        assert (figures.problems, len(figures.segmentations[0].segments[0].records)) == ((), value.count)


def test_what_is_kept_of_some_records_is_not_told_of_others(crm: Crm, everybody: RecordSet) -> None:
    half = RecordSet(list(everybody)[::2])
    for scope in (everybody, half, everybody):
        told = values(crm, LEADS, scope, "source_id", most=100)
        assert sum(value.count for value in told) == crm.reader.count(
            LEADS, [("id", "in", list(scope)), ("source_id", "!=", False)]
        )
        drawn = histogram(crm, LEADS, scope, "expected_revenue")
        assert drawn is not None
        assert sum(bin.count for bin in drawn.bins) + drawn.empty == len(scope)


def test_values_are_searched_by_what_the_client_calls_them(crm: Crm, everybody: RecordSet) -> None:
    found = values(crm, LEADS, everybody, "priority", search="ALTA")
    assert {(value.value, value.label) for value in found} == {(2, "Alta"), (3, "Muy alta")}
    assert values(crm, LEADS, everybody, "no_such_field") == []
    assert values(crm, LEADS, RecordSet(), "priority") == []


def test_a_name_that_two_records_have_is_offered_as_an_id() -> None:
    server = demo_server(AT.date())
    tables = server.tables
    first, second = (tables.add("utm.source", name="Repetido") for _n in range(2))
    lead = next(iter(tables.rows[LEADS]))
    tables.put(LEADS, lead, {**tables.rows[LEADS][lead], "source_id": second})
    crm = opened(server)
    assert [value.value for value in values(crm, LEADS, RecordSet([lead]), "source_id")] == [second]
    assert first != second


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 999.0, 1e6, 1234567.0, 8e6, -40.0, 1e9]), max_size=30))
def test_every_number_is_in_one_bin(amounts: list[float]) -> None:
    crm, records = with_leads("expected_revenue", amounts)
    found = histogram(crm, LEADS, records, "expected_revenue", bins=10)
    held = [amount for amount in amounts if amount]
    if found is None:
        assert not held
        return
    assert (found.least, found.greatest, found.empty) == (min(held), max(held), len(amounts) - len(held))
    expected = [
        sum(float(bin.low) <= amount < float(bin.high) for amount in held)
        + (sum(amount == bin.high for amount in held) if bin is found.bins[-1] else 0)
        for bin in found.bins
    ]
    assert [bin.count for bin in found.bins] == expected
    assert sum(expected) == len(held)
    assert len(found.bins) <= 12
    assert all(one.high == other.low for one, other in pairwise(found.bins))


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=20))
def test_every_day_is_in_one_bin(days: list[date]) -> None:
    crm, records = with_leads("date_deadline", [day.isoformat() for day in days])
    found = histogram(crm, LEADS, records, "date_deadline", bins=10)
    assert found is not None
    counts = Counter(
        at for day in days for at, bin in enumerate(found.bins) if str(bin.low) <= day.isoformat() < str(bin.high)
    )
    assert [bin.count for bin in found.bins] == [counts[at] for at in range(len(found.bins))]
    assert sum(counts.values()) == len(days)
    assert (found.least, found.greatest) == (min(days).isoformat(), max(days).isoformat())


def with_leads(field: str, held: list[Any]) -> tuple[Crm, RecordSet]:
    server = demo_server(AT.date()) if not SERVER else SERVER[0]
    SERVER[:] = [server]
    tables = server.tables
    records = sorted(tables.rows[LEADS])[: len(held)]
    for record, value in zip(records, held, strict=True):
        tables.put(LEADS, record, {**tables.rows[LEADS][record], field: value})
    return opened(server), RecordSet(records)


SERVER: list[Any] = []


def test_moments_lie_by_the_clients_days() -> None:
    crm, records = with_leads("create_date", ["2026-03-01 02:30:00"])
    found = histogram(crm, LEADS, records, "create_date")
    assert found is not None
    assert (found.least, found.greatest) == ("2026-02-28", "2026-02-28")
    assert histogram(crm, LEADS, records, "city") is None
