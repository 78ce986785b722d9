"""What is handed over, and the board, in a real Chromium: for a screen reader, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from segmenter.cli.engagement import engagement
from segmenter.i18n import speaking
from segmenter.ledger import Look, open_ledger
from segmenter.ledger.records import Author
from segmenter.reports import board, board_page
from segmenter.reports.families import families
from segmenter.reports.state import page as state_page
from segmenter.reports.state.build import state
from segmenter.reports.text import Style
from segmenter.spec.model import Consultant
from tests.support import browsers
from tests.support.command_line import Desk, desk

__all__ = ["desk"]

pytestmark = pytest.mark.browser

PHONE, DESK = 390, 1280
WHO = Consultant("AsesórateYa", "Camila Soto", "c@x.example", "+56 9 5555")


@pytest.fixture
def pages(desk: Desk) -> dict[str, Path]:
    """The state of the demo after an apply, and a board of two engagements."""
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    desk.done("log", "add", "viveros.yaml", "--kind", "request", "--activity", "La lista", "--at", "2026-01-10")
    with open_ledger("segmenter.ledger") as ledger, speaking("es"):
        found = engagement(ledger, None)
        now = state(ledger, families(ledger, found.runs))
        assert now is not None
        rows = [
            board.Row("Viveros del Maipo", "v/segmenter.ledger", found.status(ledger, day), day, look)
            for day, look in (
                (date(2026, 3, 1), None),
                (date(2026, 12, 1), Look("x", 4, 420, Author("a", "b", "0"), "2026-11-30")),
            )
        ]
        shown = board.board(rows, [board.Unread("ajeno.ledger", "no es una bitácora")], date(2026, 12, 1))
        texts = {"state": state_page.html(now, WHO), "board": board_page.html(shown, Style("es_CL"))}
    for name, text in texts.items():
        (desk.folder / f"{name}.html").write_text(text, "utf-8")
    return {name: desk.folder / f"{name}.html" for name in texts}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ["state", "board"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.goto(pages[name].as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert noise == []
    page.close()


def test_the_board_prints_on_one_sheet_in_landscape(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["board"].as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    width, height = (float(number) for number in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])
    assert width > height
    page.close()


def test_a_name_leads_to_the_record_and_the_rest_unfolds(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto(pages["state"].as_uri())
    high = page.locator("section", has=page.get_by_role("heading", name=re.compile("Alto")))
    before = high.locator("tbody tr:visible").count()
    assert before == state_page.FIRST
    high.locator("summary").click()
    assert high.locator("tbody tr:visible").count() > before
    page.close()


def test_no_heading_of_the_state_is_broken_within_a_word(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto(pages["state"].as_uri())
    words = (
        page.locator("table.held")
        .first.locator("thead th.number")
        .evaluate_all(
            """all => all.flatMap(cell => [...cell.textContent.matchAll(/\\S+/g)].map(word => {
            const range = document.createRange();
            range.setStart(cell.firstChild, word.index);
            range.setEnd(cell.firstChild, word.index + word[0].length);
            return [word[0], range.getClientRects().length];
        }))"""
        )
    )
    assert "Oportunidades" in dict(words)
    assert {word for word, lines in words if lines != 1} == set()
    page.close()
