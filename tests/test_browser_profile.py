"""The profile's page in a real Chromium: no request, no noise, a screen reader, a phone, paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from segmenter.conditions import Clock
from segmenter.embedded import demo_server
from segmenter.odoo.reader import OdooReader
from segmenter.profiling import FieldProfile, Value, profile
from segmenter.reports import profile_page
from tests.support import browsers

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reader = OdooReader(demo_server(), language="es_CL", timezone="America/Santiago")
    found = profile(reader, "crm.lead", Clock(datetime.now(UTC), ZoneInfo("America/Santiago")), domain=[])
    field = FieldProfile(
        "x_hostile", HOSTILE, "char", 2, (Value(HOSTILE, HOSTILE, 2), Value("b" * 300, "b" * 300, 1)), 2
    )
    made = tmp_path_factory.mktemp("profile") / "profile.html"
    made.write_text(profile_page.html(replace(found, fields=(*found.fields, field))), "utf-8")
    return made


@pytest.fixture
def tab(file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page at the width that the test asks for; it must neither ask for anything nor complain."""
    seen: list[str] = []
    with browsers.browser() as browser:
        page = _opened(browser, getattr(request, "param", 1280), file, seen)
        yield page
        assert seen == [file.as_uri()]


def _opened(browser: Browser, width: int, file: Path, seen: list[str]) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(10_000)
    page.on("console", lambda message: seen.append(message.text))
    page.on("request", lambda asked: seen.append(asked.url))
    page.goto(file.as_uri())
    return page


def test_a_crossing_opens_where_it_is_asked_for(tab: Page) -> None:
    table = tab.get_by_role("region", name="Ciudad by Etapa")
    assert not table.is_visible()
    tab.locator("summary", has_text="Ciudad by Etapa").click()
    assert table.is_visible()
    assert "Santiago" in table.inner_text()
    assert tab.get_by_text(HOSTILE).first.is_visible()


@pytest.mark.parametrize("tab", [1280, 390], indirect=True)
def test_axe_finds_no_violation_and_nothing_sticks_out(tab: Page) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_are_the_crossings_that_somebody_opened(tab: Page) -> None:
    tab.locator("summary", has_text="Ciudad by Etapa").click()
    tab.emulate_media(media="print")
    assert tab.get_by_role("region", name="Ciudad by Etapa").is_visible()
    assert not tab.get_by_text("by País").first.is_visible()


@pytest.mark.parametrize("tab", [1280, 390], indirect=True)
def test_all_bars_begin_at_one_x(tab: Page) -> None:
    begin = tab.eval_on_selector_all(
        "svg.bar rect", "bars => bars.map(bar => Math.round(bar.getBoundingClientRect().x))"
    )
    assert len(begin) > 40
    assert len(set(begin)) == 1


def test_what_odoo_calls_a_field_shows_under_the_mouse_alone(tab: Page) -> None:
    assert tab.get_by_title("stage_id", exact=True).first.inner_text() == "Etapa"
    assert "stage_id" not in tab.inner_text("body")
