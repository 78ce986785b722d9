"""The report in a real Chromium: sorting, filtering, search, links, paper, a phone, a screen reader, hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.reports.review import page as pages
from segmenter.reports.review.build import review
from tests.support import browsers
from tests.support import review_samples as samples

pytestmark = pytest.mark.browser

RECORDS = 2500
"""Twice as many changes: what the issue of speed and size is measured with."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports of a plan, of a run and of its undo, as files."""
    folder = tmp_path_factory.mktemp("reports")
    with open_ledger(folder / "ledger.db") as ledger:
        plan = samples.save(ledger, RECORDS)
        run = samples.run(ledger, plan, conflicts=[11, 12])
        back = samples.undo(ledger, plan, run)
        made = {}
        for name, id, language in (
            *(("plan", plan.id, "en"), ("run", run, "en")),
            *(("undo", back, "en"), ("es", plan.id, "es")),
        ):
            with speaking(language):
                made[name] = folder / f"{name}.html"
                made[name].write_text(pages.html(review(ledger, id)), "utf-8")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@dataclass
class Opened:
    """A report in a tab, and everything that it did besides."""

    page: Page
    noise: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def rows(self) -> list[list[str]]:
        """The texts of the rows that are shown."""
        found: list[list[str]] = self.page.eval_on_selector_all(
            "table.rows tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return found

    def column(self, at: int) -> list[str]:
        return [row[at] for row in self.rows()]

    def state(self) -> str:
        return self.page.get_by_role("status").inner_text()

    def tool(self, label: str) -> Locator:
        return self.page.locator(".tools").get_by_label(label, exact=True)


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Opened]:
    """The report that the test asks for (a plan's), at the width it asks for."""
    about: dict[str, Any] = getattr(request, "param", {})
    context = browser.new_context(viewport={"width": about.get("width", 1280), "height": 900})
    context.set_default_timeout(10_000)
    tab = Opened(context.new_page())
    tab.page.on("console", lambda message: tab.noise.append(message.text))
    tab.page.on("pageerror", lambda error: tab.noise.append(str(error)))
    tab.page.on("request", lambda asked: tab.requests.append(asked.url))
    tab.page.goto(files[about.get("file", "plan")].as_uri())
    yield tab
    assert tab.noise == []
    assert [url for url in tab.requests if not url.startswith("file:")] == []
    assert len(tab.requests) == 1
    context.close()


def test_a_large_table_keeps_few_rows_in_the_page(opened: Opened) -> None:
    assert len(opened.rows()) == pages.ROWS_AT_ONCE
    assert opened.state() == "Rows 1 to 25 of 5,000"
    opened.page.get_by_role("button", name="Next").click()
    assert opened.state() == "Rows 26 to 50 of 5,000"
    opened.page.get_by_role("button", name="Previous").click()
    assert opened.rows()[0][:2] == ["Jardín Ñandú 1", "1"]


def test_it_sorts_by_any_column(opened: Opened) -> None:
    head = opened.page.locator("table.rows thead th")
    for at, name in enumerate(["Record", "Id", "Field", "Before", "After", "Because of"]):
        button = head.nth(at).get_by_role("button", name=name)
        button.click()
        up = opened.column(at)
        assert head.nth(at).get_attribute("aria-sort") == "ascending"
        button.click()
        down = opened.column(at)
        assert head.nth(at).get_attribute("aria-sort") == "descending"
        if name == "Id":
            assert [int(up[0]), int(down[0])] == [1, RECORDS]
            assert up == sorted(up, key=int)
        assert up[0] != down[0]


def test_it_filters_by_any_column(opened: Opened) -> None:
    opened.tool("Field").select_option(label="Prioridad")
    assert set(opened.column(2)) == {"Prioridad"}
    assert opened.state().endswith("of 2,500")
    opened.tool("After").select_option(label="Muy alta")
    assert set(opened.column(4)) == {"Muy alta"}
    opened.tool("Record").fill("nandu 12")
    assert all("Ñandú 12" in name for name in opened.column(0))
    opened.tool("Id").fill("1200")
    assert opened.column(1) == ["1200"]
    opened.tool("Because of").select_option(label="Nivel: Bajo")
    assert opened.rows() == []
    assert opened.state() == "No row matches these filters."
    opened.page.get_by_role("button", name="Clear filters").click()
    assert opened.state().endswith("of 5,000")


def test_it_searches_without_accents_and_for_several_words(opened: Opened) -> None:
    search = opened.page.get_by_label("Search in all columns")
    search.fill("jardin ÑANDU 2499 prioridad")
    assert [row[:3] for row in opened.rows()] == [["Jardín Ñandú 2499", "2499", "Prioridad"]]
    search.fill("<script>")
    assert opened.rows()
    assert all("<script>" in name for name in opened.column(0))


def test_names_link_to_the_record_in_odoo(opened: Opened) -> None:
    link = opened.page.get_by_role("link", name="Jardín Ñandú 1", exact=True).first
    assert link.get_attribute("href") == "https://v.example/odoo/crm.lead/1"
    assert link.get_attribute("rel") == "noopener noreferrer"
    hostile = opened.page.locator("table.rows a").nth(20)
    assert str(hostile.get_attribute("href")).startswith("https://v.example/odoo/crm.lead/")


def test_hostile_names_do_nothing(opened: Opened) -> None:
    opened.tool("Record").fill("owned")
    assert set(opened.column(0)) == set(samples.HOSTILE[:2])
    assert opened.page.title() == "Viveros del Maipo – Segmentation plan P1"
    assert opened.page.locator("table.rows img, table.rows script, table.rows b").count() == 0
    stopped = opened.page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', event => done(event.violatedDirective));
            const script = document.createElement('script');
            script.textContent = "document.title = 'owned'";
            document.body.append(script);
            setTimeout(() => done('nothing'), 500);
        })"""
    )
    assert stopped.startswith("script-src")
    assert "owned" not in opened.page.title()
    opened.noise.clear()  # Chromium tells of what it stopped


@pytest.mark.parametrize("opened", [{"file": "run"}], indirect=True)
def test_a_run_can_be_asked_for_what_was_left(opened: Opened) -> None:
    opened.tool("Result").select_option(label="changed by somebody since")
    assert opened.column(1) == ["11", "12"]
    assert opened.page.locator("table.rows tr.left").count() == 2


@pytest.mark.parametrize("opened", [{"file": "es"}], indirect=True)
def test_in_spanish_numbers_are_the_clients(opened: Opened) -> None:
    assert "5.000" in opened.state()
    assert opened.page.locator("html").get_attribute("lang") == "es-CL"


@pytest.mark.parametrize("opened", [{"width": 360}, {"width": 360, "file": "run"}], indirect=True)
def test_a_phone_needs_no_sideways_scrolling(opened: Opened) -> None:
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.tool("Record").fill("no-space")
    assert opened.rows()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.page.locator("table.rows tbody td").first.bounding_box()["width"] <= 360  # type: ignore[index]


@pytest.mark.parametrize(
    "opened",
    [{}, {"width": 360}, {"file": "run"}, {"file": "undo"}, {"file": "es"}],
    indirect=True,
    ids=["plan", "phone", "run", "undo", "es"],
)
def test_axe_finds_no_violation(opened: Opened) -> None:
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()


def test_on_paper_there_are_rows_and_no_controls(opened: Opened) -> None:
    opened.tool("Field").select_option(label="Prioridad")
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = opened.rows()
    assert len(rows) == 200
    assert {row[2] for row in rows} == {"Prioridad"}
    for hidden in (".tools", ".state", "nav.contents"):
        assert not opened.page.locator(hidden).is_visible()
    assert opened.page.locator(".signature").first.is_visible()
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(opened.rows()) == pages.ROWS_AT_ONCE
    assert opened.page.pdf(format="A4").startswith(b"%PDF")


def test_the_keyboard_reaches_everything(opened: Opened) -> None:
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.className") == "skip"
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.id") == "content"
    opened.page.locator("table.rows thead button").first.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("table.rows thead th").first.get_attribute("aria-sort") == "ascending"


def test_without_scripts_it_can_still_be_read(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["plan"].as_uri())
    assert page.locator("table.rows tbody tr").count() == pages.ROWS_AT_ONCE
    assert page.get_by_text("To sort, filter and see all of them").is_visible()
    context.close()
