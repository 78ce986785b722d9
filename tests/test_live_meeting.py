"""The meeting page on a copy of a real server, in a real Chromium: what it shows is what the server plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from segmenter.conditions import Clock
from segmenter.embedded import copy_of
from segmenter.i18n import speaking
from segmenter.ledger import Author, read_ledger
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.routes import create_app
from segmenter.web.serving import Service
from segmenter.web.sources import Live, Sources
from tests.live.servers import start
from tests.support import browsers
from tests.support.versions import LIVE
from tests.support.wires import as_admin

ZONE = ZoneInfo("America/Santiago")
SPEC = """\
# What was agreed.
version: 1
client: {name: Reunión, approver: Paula Rojas, language: en_US, timezone: America/Santiago}
scope: {model: crm.lead}
protect:
  - name: {contains: Quote}
segmentations:
  - name: Size
    store: {tags: exclusive}
    segments:
      - name: Large
        when: {expected_revenue: {">=": 20000}}
        set: {priority: 3}
      - name: Small
        when: {any: [{expected_revenue: {"<": 5000}}, {country_id.code: [US]}]}
    default: {name: Not evaluated}
limits: {changes: off, overwrites: off, removed_tags: off, moved_stages: off}
tracking: silent
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.mark.parametrize("version", LIVE)
def test_a_meeting_on_a_real_server(version: str, browser: Browser, tmp_path: Path) -> None:
    odoo = start(version)
    server = as_admin(odoo, odoo.database)

    def live() -> Live:
        reader = OdooReader(server, language="en_US", timezone=ZONE.key)
        return Live(reader, Catalog(reader), Clock(datetime.now(UTC), ZONE))

    def read(told: object) -> Crm:
        copy = copy_of(live().reader, "crm.lead", archived=False, progress=told)  # type: ignore[arg-type]
        reader = OdooReader(copy, language="en_US", timezone=ZONE.key)
        return Crm(copy, reader, Catalog(reader), Clock(datetime.now(UTC), ZONE))

    file = tmp_path / "meeting.yaml"
    file.write_text(SPEC, "utf-8")
    ledger = str(tmp_path / "segmenter.ledger")
    meeting = Meeting(Sources(file, ledger, read, live, author=Author("consultant", "desk", "0")))
    guard = Guard()
    with speaking("en"), Service(create_app(meeting, guard), guard) as service:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(service.address)
        page.wait_for_selector("#board .card", timeout=60_000)
        assert meeting.data is not None
        assert meeting.data.differs == ()
        before = page.locator("#s0-0 .count b").inner_text()
        page.locator("#s0-0-open").click()
        page.locator("input.number").fill("10000")
        page.locator("input.number").press("Tab")
        expect(page.locator("#s0-0 .count b")).not_to_have_text(before)
        page.locator("#save").click()
        expect(page.locator("#save")).to_be_disabled()
        page.locator("#tab-writes").click()
        page.locator("#plan").click()
        expect(page.locator("#panel h2")).to_have_text(re.compile("P1"))
        page.close(run_before_unload=False)
    assert meeting.state.figures is not None
    shown = {segment.name: len(segment.records) for segment in meeting.state.figures.segmentations[0].segments}
    with read_ledger(ledger) as kept:
        plan = kept.plan("P1")
    assert {count.segment: count.taken for count in plan.counts.segments} == shown
    assert "10000" in file.read_text("utf-8")
    assert file.read_text("utf-8").startswith("# What was agreed.\n")
