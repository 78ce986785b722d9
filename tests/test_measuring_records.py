"""A page of records, and who is near a threshold."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.embedded import demo_server
from segmenter.measuring import Crm, SegmentationFigures, measure
from segmenter.measuring.near import near
from segmenter.measuring.records import listed
from segmenter.record_set import RecordSet
from segmenter.spec import loads
from tests.test_measuring_measure import AT, filled, opened, rows, text

LEADS = "crm.lead"
SHOWN = ["name", "stage_id", "priority", "expected_revenue", "tag_ids", "partner_id.country_id", "create_date"]


@pytest.fixture(scope="module")
def crm() -> Crm:
    return opened(demo_server(AT.date()))


@pytest.fixture(scope="module")
def everybody(crm: Crm) -> RecordSet:
    return crm.take(LEADS, [])


def test_cells_are_what_people_read(crm: Crm, everybody: RecordSet) -> None:
    (hotel,) = crm.reader.search(LEADS, [("name", "=", "Hotel Sol")])
    page = listed(crm, LEADS, RecordSet([hotel]), [*SHOWN, "no_such_field"])
    assert [(head.path, head.is_number) for head in page.columns] == [(p, p == "expected_revenue") for p in SHOWN]
    assert page.columns[1].label == "Etapa"
    (row,) = page.rows
    name, stage, priority, revenue, _tags, country, created = row.cells
    assert (row.record, name, stage, revenue, country) == (hotel, "Hotel Sol", "Nuevo", 9_000_000.0, "Chile")
    assert priority in ("Baja", "Medio", "Alta", "Muy alta")
    assert len(str(created)) == len("2026-11-30")


@pytest.mark.parametrize("field", SHOWN)
@pytest.mark.parametrize("descending", [False, True])
def test_a_list_is_sorted_as_it_reads_and_what_holds_nothing_comes_last(
    crm: Crm, everybody: RecordSet, field: str, descending: bool
) -> None:
    page = listed(crm, LEADS, everybody, [field], sort=field, descending=descending, most=10_000)
    cells = [row.cells[0] for row in page.rows]
    held = [cell for cell in cells if cell is not None]
    assert cells == held + [None] * (len(cells) - len(held))
    assert {row.record for row in page.rows} == set(everybody)
    if field in ("expected_revenue", "create_date"):
        assert held == sorted(held, reverse=descending)
    if field == "priority":
        assert list(dict.fromkeys(held)) == ["Baja", "Medio", "Alta", "Muy alta"][:: -1 if descending else 1]


def test_a_page_is_part_of_what_a_search_leaves(crm: Crm, everybody: RecordSet) -> None:
    every = listed(crm, LEADS, everybody, ["name", "city"], search="ñuÑOA", sort="name", most=10_000)
    assert 0 < every.total == len(every.rows) < len(everybody)
    assert all("ñuñoa" in " ".join(str(cell).casefold() for cell in row.cells) for row in every.rows)
    part = listed(crm, LEADS, everybody, ["name", "city"], search="nunoa", sort="name", start=2, most=3)
    assert (part.rows, part.total) == (every.rows[2:5], every.total)
    assert listed(crm, LEADS, everybody, ["name"], search="no such text").total == 0


def test_a_record_is_found_by_its_mail_though_that_is_not_shown(crm: Crm, everybody: RecordSet) -> None:
    record = next(iter(crm.column((crm.reader.fields(LEADS)["email_from"],))))
    mail = crm.column((crm.reader.fields(LEADS)["email_from"],))[record]
    assert record in [row.record for row in listed(crm, LEADS, everybody, ["city"], search=mail).rows]


def of(crm: Crm, *conditions: dict[str, Any]) -> SegmentationFigures:
    segments = [{"name": f"S{at}", "when": when} for at, when in enumerate(conditions)]
    content = {"scope": {"model": LEADS}, "segmentations": [{"name": "N", "segments": segments}]}
    return measure(loads(text(content), "spec.yaml"), crm).segmentations[0]


def least(revenue: float) -> dict[str, Any]:
    return {"expected_revenue": {">=": revenue}}


def test_near_are_those_that_would_change_their_segment_if_the_threshold_moved() -> None:
    crm = opened(filled([*rows(1000, 960, 940, 1030, 2000), *rows(970, city="Lima")]).connect())
    figures = of(crm, {"city": "Lima"}, least(1000))
    (close,) = near(figures, 1, crm)
    assert (close.field, close.threshold, close.joins) == ("expected_revenue", 1000.0, True)
    assert list(close.records.values()) == [(960.0, -40.0)]
    inside = [one for one in near(figures, 1, crm, leaving=True) if not one.joins]
    assert [list(one.records.values()) for one in inside] == [[(1000.0, 0.0), (1030.0, 30.0)]]
    assert near(figures, 0, crm) == []


def test_near_a_date_is_told_in_days() -> None:
    days = ("2026-12-07", "2026-12-08", "2026-12-12", "2026-12-15", "2026-11-29")
    crm = opened(filled([row for day in days for row in rows(1, date_deadline=day)]).connect())
    (close,) = near(of(crm, {"date_deadline": {"next": "1 weeks"}}), 0, crm)
    assert (close.threshold, list(close.records.values())) == ("2026-12-07", [("2026-12-08", 1), ("2026-12-12", 5)])
    (low, high) = near(of(crm, {"date_deadline": {"between": ["2026-12-08", "2026-12-12"]}}), 0, crm)
    assert (low.threshold, list(low.records.values())) == ("2026-12-08", [("2026-12-07", -1)])
    assert (high.threshold, list(high.records.values())) == ("2026-12-12", [("2026-12-15", 3)])


def test_near_a_moment_is_told_in_the_clients_days(crm: Crm) -> None:
    figures = of(crm, {"create_date": {"within": "90 days"}})
    (close,) = near(figures, 0, crm)
    assert close.threshold == "2026-09-01"
    assert {far for _day, far in close.records.values()} <= set(range(-7, 0))
    assert not figures.segments[0].records & RecordSet(close.records)


def test_what_would_move_and_stay_in_its_segment_is_not_near() -> None:
    crm = opened(filled(rows(1000, 980)).connect())
    assert near(of(crm, {"any": [least(1000), {"city": {"empty": True}}]}), 0, crm) == []
    assert near(of(crm, {"not": {"expected_revenue": {"<": 1000}}}), 0, crm)[0].records
