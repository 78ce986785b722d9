"""The agreement in a real Chromium: on one or two sheets of A4, on a phone, for a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from segmenter.cli.connection import open_crm
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.reports import acta_page
from segmenter.reports.acta import acta
from segmenter.reports.acta_content import figures
from segmenter.resolving.remembered import references
from segmenter.spec import load
from segmenter.spec.starters import ready_spec
from tests.support import browsers

pytestmark = pytest.mark.browser

PHONE, DESK = 390, 1280


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agreement of the demo, with its numbers."""
    spec = load(ready_spec("demo"))
    crm = open_crm(spec, demo_server())
    drafted = draft(spec, crm.reader, crm.catalog, crm.clock)
    known = figures(drafted.plan, references(spec, drafted.resolved, crm.catalog))
    written = tmp_path_factory.mktemp("acta") / "acta.html"
    with speaking("es"):
        agreed = acta(spec, drafted.resolved, known, at="2026-11-30T18:00:00+00:00", consultant="Ana Soto")
        written.write_text(acta_page.html(agreed), "utf-8")
    return written


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser: Browser, file: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.goto(file.as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert noise == []
    page.close()


def test_on_a_phone_a_cell_of_a_card_is_as_wide_as_its_card(browser: Browser, file: Path) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    page.goto(file.as_uri())
    cells = page.eval_on_selector_all(
        ".agreed tbody th, .agreed td:not(:empty)",
        "all => all.map(one => one.offsetWidth / one.parentElement.offsetWidth)",
    )
    assert cells
    assert min(cells) > 0.95
    page.close()


def test_it_prints_on_two_sheets_of_a4(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    width, height = (float(number) for number in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    page.close()
