"""What moves between two figures, and which overlaps tell something."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from segmenter.measuring import Figures, measure, moves
from segmenter.spec import loads
from tests.support.engagement import Embedded
from tests.test_measuring_measure import filled, opened, rows, text

REVENUES = (9000, 5000, 2000, 1000, 0)


@pytest.fixture(scope="module")
def crm() -> Embedded:
    return filled([*rows(*REVENUES), *rows(9000, city="Lima")])


def figures(crm: Embedded, *segments: tuple[str, dict[str, Any] | None], store: str = "exclusive") -> Figures:
    """Of one segmentation; a segment without a condition is the default."""
    made: dict[str, Any] = {
        "name": "Nivel",
        "store": {"tags": store},
        "segments": [{"name": name, "when": when} for name, when in segments if when],
    }
    if not segments[-1][1]:
        made["default"] = {"name": segments[-1][0]}
    content = {"scope": {"model": "crm.lead"}, "segmentations": [made]}
    return measure(loads(text(content), "spec.yaml"), opened(crm.connect()))


def least(revenue: float) -> dict[str, Any]:
    return {"expected_revenue": {">=": revenue}}


def moved(before: Figures, after: Figures) -> list[tuple[str, str, int]]:
    return [(move.origin, move.target, len(move.records)) for move in moves(before, after)]


def test_a_threshold_moves_records_from_segment_to_segment(crm: Embedded) -> None:
    before = figures(crm, ("Alto", least(5000)), ("Medio", least(2000)), ("Bajo", None))
    after = figures(crm, ("Alto", least(9000)), ("Medio", least(1000)), ("Bajo", None))
    assert moved(before, after) == [("Alto", "Medio", 1), ("Bajo", "Medio", 1)]
    assert moved(before, before) == []


def test_records_come_from_no_segment_and_go_to_none(crm: Embedded) -> None:
    before, after = figures(crm, ("Alto", least(5000))), figures(crm, ("Alto", least(9000)))
    assert moved(before, after) == [("Alto", "", 1)]
    assert moved(after, before) == [("", "Alto", 1)]


def test_a_segment_with_another_name_is_the_same_where_its_condition_is(crm: Embedded) -> None:
    before = figures(crm, ("Alto", least(5000)), ("Bajo", None))
    assert moved(before, figures(crm, ("Grande", least(5000)), ("Resto", None))) == []
    assert moved(before, figures(crm, ("Grande", least(9000)), ("Bajo", None))) == [
        ("Alto", "Grande", 2),
        ("Alto", "Bajo", 1),
    ]


def test_where_records_may_be_in_several_segments_they_join_and_leave(crm: Embedded) -> None:
    before = figures(crm, ("Alto", least(5000)), ("Lima", {"city": "Lima"}), store="many")
    after = figures(crm, ("Alto", least(9000)), ("Algo", least(1)), store="many")
    assert moved(before, after) == [("Alto", "", 1), ("Lima", "", 1), ("", "Algo", 5)]


def test_a_segmentation_that_is_new_moves_nobody(crm: Embedded) -> None:
    one = figures(crm, ("Alto", least(5000)))
    content = yaml.safe_load(text({"scope": {"model": "crm.lead"}}))
    content["segmentations"] = [{"name": "Otra", "segments": [{"name": "A", "when": least(1)}]}]
    other = measure(loads(yaml.safe_dump(content), "spec.yaml"), opened(crm.connect()))
    assert moves(one, other) == ()


CHILE = {"city": "Lima"}


@pytest.mark.parametrize(
    ("later", "tells"),
    [
        (least(1000), False),
        ({"expected_revenue": {"between": [1000, 5000]}}, False),
        ({"expected_revenue": {"between": [1000, 9000]}}, True),
        ({**least(1000), **CHILE}, False),
        (CHILE, False),
        ({"city": {"contains": "im"}}, True),
        ({**least(1000), "priority": "0"}, True),
        ({"any": [least(1000), CHILE]}, True),
        ({"not": {"expected_revenue": {"<": 1000}}}, True),
    ],
)
def test_an_overlap_tells_nothing_where_the_later_segment_asks_for_less_of_the_same(
    crm: Embedded, later: dict[str, Any], tells: bool
) -> None:
    found = figures(crm, ("Alto", {**least(5000), **CHILE}), ("Medio", later)).segmentations[0]
    records = found.segments[0].matched & found.segments[1].matched
    expected = [("Alto", "Medio", records)] if tells and records else []
    assert [(one.first, one.second, one.records) for one in found.overlaps] == expected
    assert bool(records) or "between" in str(later)


@pytest.mark.parametrize(
    ("earlier", "later", "tells"),
    [
        ({"within": "30 days"}, {"within": "60 days"}, False),
        ({"within": "60 days"}, {"between": ["2026-11-15", "2026-12-15"]}, True),
        ({"next": "30 days"}, {">=": "2026-01-01"}, False),
    ],
)
def test_ranges_of_dates_are_compared_as_days(earlier: dict[str, str], later: dict[str, str], tells: bool) -> None:
    crm = filled(rows(1, 2, date_deadline="2026-11-30"))
    field = "date_deadline"
    found = figures(crm, ("A", {field: earlier}), ("B", {field: later})).segmentations[0]
    assert [len(one.records) for one in found.overlaps] == ([2] if tells else [])


def test_where_records_may_be_in_several_segments_no_overlap_tells_anything(crm: Embedded) -> None:
    found = figures(crm, ("Alto", least(5000)), ("Lima", CHILE), store="many").segmentations[0]
    assert found.overlaps == ()
    assert found.segments[0].matched & found.segments[1].matched
