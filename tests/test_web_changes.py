"""What people do on the meeting page, as edits of the demo's spec, and where the panel goes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock
from segmenter.editing import SpecDocument, edit, open_document
from segmenter.embedded import demo_server
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import speaking
from segmenter.measuring import Crm
from segmenter.measuring.choices import fields
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.reports.text import Style
from segmenter.spec import loads_draft
from segmenter.web.changes import edit_of, followed
from segmenter.web.places import at
from segmenter.web.values import Offered

DEMO = Path(__file__).parent.parent / "criteria" / "demo.yaml"
ALTO = ("segmentations", 0, "segments", 0)
ANY = (*ALTO, "when", "any")
REVENUE = (*ALTO, "when", "expected_revenue")
WHEN = json.dumps([*ALTO, "when"])


@pytest.fixture(scope="module")
def offered() -> Offered:
    reader = OdooReader(demo_server(), language="es_CL", timezone="America/Santiago")
    crm = Crm(reader._server, reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo("America/Santiago")))  # type: ignore[arg-type]
    with speaking("es"):
        style = Style("es_CL", "America/Santiago")
    return Offered(crm, "crm.lead", fields(crm, "crm.lead"), style)


@pytest.fixture
def spec() -> SpecDocument:
    return open_document(DEMO.read_text("utf-8"), "demo.yaml")


def done(spec: SpecDocument, offered: Offered, action: str, **form: Any) -> SpecDocument:
    """The spec after an action. It must still be a spec that can be read."""
    asked = {name: str(value) for name, value in form.items()}
    after = edit(spec, edit_of({"action": action, **asked}, spec.data, offered))
    loads_draft(after.text, "demo.yaml")
    return after


def row(address: str, **more: Any) -> dict[str, Any]:
    return {"path": WHEN, "address": address, **more}


@pytest.mark.parametrize(
    ("action", "form", "path", "value"),
    [
        ("segmentation.name", {"s": 0, "value": " Potencial "}, ("segmentations", 0, "name"), "Potencial"),
        ("segmentation.description", {"s": 1, "value": "Dónde"}, ("segmentations", 1, "description"), "Dónde"),
        ("segmentation.store", {"s": 0, "value": "tags:many"}, ("segmentations", 0, "store"), {"tags": "many"}),
        ("segment.name", {"s": 0, "g": 1, "value": "Mediano"}, ("segmentations", 0, "segments", 1, "name"), "Mediano"),
        ("segment.name", {"s": 0, "g": "default", "value": "Otros"}, ("segmentations", 0, "default", "name"), "Otros"),
        ("segment.color", {"s": 0, "g": 0, "value": "rojo"}, (*ALTO, "color"), "rojo"),
        ("segment.expect", {"s": 0, "g": 0, "value": "5%..10%"}, (*ALTO, "expect"), "5%..10%"),
        ("row.value", row("0", value="4.000.000"), REVENUE, {">=": 4000000}),
        ("row.value", row("0", value="4000000.5", slider=1), REVENUE, {">=": 4000000.5}),
        ("row.operator", row("0", value=">"), REVENUE, {">": 5000000}),
        ("row.operator", row("0", value="between"), REVENUE, {"between": [5000000, 5000000]}),
        ("row.value", row("1.1", place="count", value="30"), (*ANY, 1), {"create_date": {"within": "30 days"}}),
        ("row.value", row("1.1", place="unit", value="weeks"), (*ANY, 1), {"create_date": {"within": "90 weeks"}}),
        ("value.add", row("1.0", value="Sitio web"), (*ANY, 0), {"source_id": ["Referido", "Feria", "Sitio web"]}),
        ("value.remove", row("1.0", value=0), (*ANY, 0), {"source_id": ["Feria"]}),
        ("scope.expect", {"value": "300..600"}, ("scope", "expect"), "300..600"),
    ],
)  # fmt: skip
def test_an_action_changes_one_place(
    spec: SpecDocument, offered: Offered, action: str, form: dict[str, Any], path: tuple[Any, ...], value: Any
) -> None:
    after = done(spec, offered, action, **form)
    assert at(after.data, path) == value
    before = [line for line in spec.text.splitlines() if line not in after.text.splitlines()]
    assert len(before) <= 1, "more than one line of the file changed"


def test_segments_are_added_copied_moved_and_removed(spec: SpecDocument, offered: Offered) -> None:
    def names(document: SpecDocument) -> list[str]:
        return [segment["name"] for segment in at(document.data, ("segmentations", 0, "segments"))]

    added = done(spec, offered, "segment.add", s=0, count=3)
    assert names(added)[:3] == ["Alto", "Medio", "Bajo"]
    assert len(names(added)) == 4
    copied = done(spec, offered, "segment.copy", s=0, g=0)
    assert names(copied) == ["Alto", "Alto 2", "Medio", "Bajo"]
    assert names(done(copied, offered, "segment.remove", s=0, g=1)) == ["Alto", "Medio", "Bajo"]
    assert names(done(spec, offered, "segment.move", s=0, g=2, to=0)) == ["Bajo", "Alto", "Medio"]
    assert names(done(spec, offered, "segment.move", s=0, g=2, to=99)) == ["Alto", "Medio", "Bajo"]


def test_a_new_segmentation_has_names_of_its_own(spec: SpecDocument, offered: Offered) -> None:
    after = done(done(spec, offered, "segmentation.add"), offered, "segmentation.add")
    all_names = [
        segment["name"]
        for segmentation in at(after.data, ("segmentations",))
        for segment in [*segmentation["segments"], segmentation.get("default") or {"name": object()}]
    ]
    assert len(all_names) == len(set(all_names))
    copied = done(spec, offered, "segmentation.copy", s=0)
    assert [item["name"] for item in at(copied.data, ("segmentations",))][:2] == [
        "Nivel de potencialidad",
        "Nivel de potencialidad 2",
    ]


def test_rows_and_blocks_come_and_go(spec: SpecDocument, offered: Offered) -> None:
    grown = done(spec, offered, "row.add", **row(""))
    assert len(at(grown.data, (*ALTO, "when"))) >= 2
    with_field = done(spec, offered, "row.field", **row("0", value="Ciudad"))
    assert "city" in at(with_field.data, (*ALTO, "when"))
    without = done(spec, offered, "part.remove", **row("1"))
    assert at(without.data, (*ALTO, "when")) == {"expected_revenue": {">=": 5000000}}
    either = done(spec, offered, "block.kind", **row("1", value="not"))
    assert "not" in at(either.data, (*ALTO, "when"))


def test_examples_come_from_records_and_go(spec: SpecDocument, offered: Offered) -> None:
    form = {"record": "27", "segmentation": "Zona", "value": "Zona: Lima"}
    after = done(spec, offered, "example.add", **form)
    assert at(after.data, ("examples", 4)) == {"record": 27, "expect": {"Zona": "Zona: Lima"}}
    again = done(after, offered, "example.add", **{**form, "value": "Zona: España"})
    assert at(again.data, ("examples", 4, "expect")) == {"Zona": "Zona: España"}
    assert len(at(done(again, offered, "example.remove", at=4).data, ("examples",))) == 4


@pytest.mark.parametrize(
    ("action", "form", "sentence"),
    [
        ("row.value", row("0", value="cuatro"), "cuatro"),
        ("row.field", row("0", value="Ingreso"), "Ingreso"),
        ("row.value", row("7", value="1"), "no such part"),
        ("segment.name", {"s": 9, "g": 0, "value": "X"}, "nothing at"),
        ("segment.yaml", {"s": 0, "g": 0, "value": "a: [1"}, "not closed"),
        ("fly", {}, "not there any more"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    spec: SpecDocument, offered: Offered, action: str, form: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SegmenterError, match=sentence) as refused:
        done(spec, offered, action, **form)
    assert refused.value.todo


def test_a_label_that_two_fields_share_is_told_apart(offered: Offered) -> None:
    for choice in offered.choices:
        assert offered.path_of(offered.label(choice.path)) == choice.path
    with pytest.raises(UsageError):
        offered.path_of("No hay tal campo")


@pytest.mark.parametrize(
    ("form", "panel", "after"),
    [
        ({"action": "segment.move", "s": "0", "g": "2", "to": "0"}, {"s": "0", "g": "2"}, {"s": "0", "g": "0"}),
        ({"action": "segment.move", "s": "0", "g": "2", "to": "0"}, {"s": "0", "g": "1"}, {"s": "0", "g": "2"}),
        ({"action": "segment.move", "s": "0", "g": "0", "to": "2"}, {"s": "0", "g": "1"}, {"s": "0", "g": "0"}),
        ({"action": "segment.move", "s": "0", "g": "0", "to": "1"}, {"s": "0", "g": "2"}, {"s": "0", "g": "2"}),
        ({"action": "segment.remove", "s": "0", "g": "0"}, {"s": "0", "g": "2"}, {"s": "0", "g": "1"}),
        ({"action": "segment.remove", "s": "0", "g": "2"}, {"s": "0", "g": "1"}, {"s": "0", "g": "1"}),
        ({"action": "segment.remove", "s": "0", "g": "1"}, {"s": "0", "g": "1"}, {}),
        ({"action": "segment.copy", "s": "0", "g": "1"}, {}, {"show": "segment", "s": "0", "g": "2"}),
        ({"action": "segment.move", "s": "1", "g": "0", "to": "1"}, {"s": "0", "g": "1"}, {"s": "0", "g": "1"}),
        ({"action": "segmentation.remove", "s": "0"}, {"s": "0", "g": "1"}, {}),
    ],
)
def test_the_panel_follows_what_it_shows(form: dict[str, str], panel: dict[str, str], after: dict[str, str]) -> None:
    assert followed(form, panel) == after
