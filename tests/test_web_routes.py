"""The meeting page's addresses: what each shows, and that old tabs, odd names and bad requests do no harm."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.ledger import read_ledger
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.routes import create_app
from tests.support.meetings import DEMO, demo_meeting, read_now

WHEN = json.dumps(["segmentations", 0, "segments", 0, "when"])
ODD = "<script>alert(1)</script> \u202eabc \N{PILE OF POO} \"'"


class Page:
    """A browser without a browser: it keeps the revision of what it was shown last."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting, self.app = meeting, create_app(meeting, Guard())
        self.revision = ""

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """One request."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, address, **more)

        return asyncio.run(asked())

    def shown(self, text: str) -> str:
        found = re.search(r'name="revision" value="(\d+)"', text)
        self.revision = found[1] if found else self.revision
        return unescape(text)

    def get(self, where: str, /, **query: Any) -> str:
        answer = self.ask("GET", where, params=query)
        assert answer.status_code == 200, answer.text
        return self.shown(answer.text)

    def post(self, where: str, /, panel: str = "", **form: Any) -> str:
        answer = self.ask("POST", where, data={"revision": self.revision, "panel": panel, **form})
        assert answer.status_code == 200, answer.text
        return self.shown(answer.text)


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    with speaking("es"):
        yield


@pytest.fixture
def page(tmp_path: Path) -> Page:
    made = Page(read_now(demo_meeting(tmp_path)))
    made.get("/")
    return made


def count(text: str, card: str) -> int:
    """The number on a card."""
    found = re.search(rf'id="{card}".*?<p class="count"><b>([\d.]+)</b>', text, re.DOTALL)
    assert found, card
    return int(found[1].replace(".", ""))


def test_an_edit_shows_the_new_numbers_and_who_moves(page: Page) -> None:
    before = count(page.get("/"), "s0-0")
    text = page.post("/edit", action="row.value", path=WHEN, address="0", value="4.000.000")
    after = count(text, "s0-0")
    assert after > before
    assert f"+{after - before}" in text
    assert f"{after - before} de Medio a Alto" in text
    assert count(page.post("/undo"), "s0-0") == before
    assert count(page.post("/redo"), "s0-0") == after


def test_every_panel_is_shown(page: Page) -> None:
    panels = (
        {"show": "segment", "s": 0, "g": 0},
        {"show": "segment", "s": 0, "g": "default"},
        {"show": "segmentation", "s": 1},
        {"show": "scope"},
        {"show": "records", "of": "scope"},
        {"show": "records", "of": "protected"},
        {"show": "records", "of": "segment", "s": 0, "g": 0, "q": "hotel", "sort": "name", "down": 1},
        {"show": "records", "of": "rest", "s": 2},
        {"show": "examples"},
        {"show": "writes", "wait": 0},
        {"show": "history"},
        {"show": "text"},
        {"show": "acta"},
    )
    titles = []
    for query in panels:
        text = page.get("/panel", **query)
        found = re.search(r'<aside id="panel" aria-label="([^"]+)"', text)
        assert found, query
        titles.append(found[1])
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "query",
    [
        {"show": "segment", "s": 99, "g": 0},
        {"show": "segment", "s": "x", "g": 0},
        {"show": "record", "id": "x"},
        {"show": "record", "id": 999999},
        {"show": "records", "of": "move"},
        {"show": "fly"},
        {"show": "records", "of": "segment", "s": 0, "g": 0, "from": "x"},
        {},
    ],
)
def test_a_panel_that_is_not_there_shows_something_else(page: Page, query: dict[str, Any]) -> None:
    assert 'id="panel"' in page.get("/panel", **query)


@pytest.mark.parametrize(("minutes", "since"), [(0, "(recién)"), (1, "(hace 1 minuto)"), (25, "(hace 25 minutos)")])
def test_the_page_says_how_old_its_data_is(page: Page, minutes: int, since: str) -> None:
    data = page.meeting.data
    assert data is not None
    page.meeting.now = lambda: data.read_at + timedelta(minutes=minutes)
    assert since in page.get("/")


def test_the_segment_of_an_example_is_named_once(page: Page) -> None:
    said = page.get("/panel", show="examples")
    assert "Zona: Santiago" in said
    assert "Zona: Zona" not in said


def test_a_record_is_explained_and_becomes_an_example(page: Page) -> None:
    listed = page.get("/panel", show="records", of="segment", s=0, g=1)
    record = re.search(r'id="record-(\d+)"', listed)
    assert record
    shown = page.get("/panel", show="record", id=record[1])
    assert "Ingreso esperado" in shown
    text = page.post(
        "/edit", action="example.add", record=record[1], segmentation="Nivel de potencialidad", value="Alto"
    )
    assert "4/5" in text
    assert f"record: {record[1]}" in page.meeting.state.text


def test_an_old_tab_changes_nothing_and_is_shown_what_is_there(page: Page) -> None:
    old = Page(page.meeting)
    old.get("/")
    page.post("/edit", action="segment.name", s=0, g=0, value="Altísimo")
    text = old.post("/edit", action="segment.name", s=0, g=0, value="Bajísimo")
    assert "Altísimo" in text
    assert 'class="message warn"' in text
    assert "Bajísimo" not in page.meeting.state.text
    assert "Bajísimo" in old.post("/edit", action="segment.name", s=0, g=0, value="Bajísimo")


def test_what_cannot_be_done_is_said_and_changes_nothing(page: Page) -> None:
    text = page.meeting.state.text
    shown = page.post("/edit", action="row.value", path=WHEN, address="0", value="cuatro")
    assert 'class="message bad"' in shown
    assert "cuatro" in shown
    assert page.meeting.state.text == text


def test_a_preview_gives_the_board_alone(page: Page) -> None:
    before = count(page.get("/"), "s0-0")
    answer = page.ask(
        "POST", "/preview", data={"action": "row.value", "path": WHEN, "address": "0", "value": "1", "slider": "1"}
    )
    assert 'id="bar"' not in answer.text
    assert count(answer.text, "s0-0") > before
    assert count(page.get("/"), "s0-0") == before


def test_names_are_searched_among_the_values(page: Page) -> None:
    found = page.ask("GET", "/values", params={"field": "source_id", "q": "ref"}).json()
    assert found == ["Referido"]


def test_saving_and_closing_leave_the_file_and_the_log(page: Page, tmp_path: Path) -> None:
    page.post("/edit", action="row.value", path=WHEN, address="0", value="4.000.000")
    form = {"kind": "definition", "minutes": "28", "activity": "Criterios", "result": "Tres segmentaciones"}
    assert 'class="message bad"' in page.post("/close", **form)  # not saved yet
    assert "Guardado" in page.post("/save")
    assert 'class="message good"' in page.post("/close", **form)
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        (entry,) = ledger.log()
    assert (entry.kind, entry.minutes, entry.client) == ("definition", 28, "Viveros del Maipo")
    assert [(edit["action"], edit["before"], edit["after"]) for edit in entry.edits] == [("edit", 5000000, 4000000)]
    assert entry.edits[0]["names"] == ["Nivel de potencialidad", "Alto"]


def test_a_plan_of_the_saved_spec_is_kept(page: Page, tmp_path: Path) -> None:
    page.post("/edit", action="row.value", path=WHEN, address="0", value="4.000.000")
    assert 'class="message bad"' in page.post("/plan")
    page.post("/save")
    shown = count(page.get("/"), "s0-0")
    page.post("/plan")
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        plan = ledger.plan("P1")
    assert next(found.taken for found in plan.counts.segments if found.segment == "Alto") == shown


def test_names_from_the_crm_and_the_spec_cannot_run(tmp_path: Path) -> None:
    server = demo_server()
    for record in list(server.tables.rows["crm.lead"])[:40]:
        row = server.tables.rows["crm.lead"][record]
        server.tables.put("crm.lead", record, {**row, "name": ODD, "city": ODD})
    page = Page(read_now(demo_meeting(tmp_path, server=server)))
    page.get("/")
    page.post("/edit", action="segment.name", s=0, g=0, value=ODD)
    for query in (
        {"show": "records", "of": "scope"},
        {"show": "segment", "s": 0, "g": 0},
        {"show": "history"},
        {"show": "text"},
        {"show": "acta"},
    ):
        raw = page.ask("GET", "/panel", params=query).text
        assert "<script>alert" not in raw, query
        assert "\u202e" not in raw.replace(ODD, ""), query


def test_a_spec_that_is_no_yaml_opens_on_its_problems(tmp_path: Path) -> None:
    broken = tmp_path / "there" / "demo.yaml"
    broken.parent.mkdir()
    broken.write_text(DEMO.read_text("utf-8").replace("where: {type", "where: [type"), "utf-8")
    page = Page(read_now(demo_meeting(tmp_path, spec=broken)))
    text = page.get("/")
    assert "demo.yaml:" in text
    assert "<textarea" in text
    mended = page.post("/edit", action="text", value=DEMO.read_text("utf-8"))
    assert count(mended, "s0-0") > 0


def test_a_spec_of_forty_segments_is_shown(tmp_path: Path) -> None:
    lines = "".join(
        f'      - {{name: "{n} {"x" * 300}", when: {{expected_revenue: {{between: [{n}00000, {n}99999]}}}}}}\n'
        for n in range(1, 41)
    )
    big = tmp_path / "there" / "big.yaml"
    big.parent.mkdir()
    big.write_text(
        "version: 1\nclient: {name: Grande}\nscope: {model: crm.lead}\nsegmentations:\n  - name: Montos\n"
        f"    store: {{tags: exclusive}}\n    segments:\n{lines}",
        "utf-8",
    )
    page = Page(read_now(demo_meeting(tmp_path, spec=big)))
    assert page.get("/").count('<li class="card') == 41
