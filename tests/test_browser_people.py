"""The pages of the salespeople in a real Chromium: on a screen, on a phone, on paper, for a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from segmenter.cli.connection import open_crm
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.reports.people import page as pages
from segmenter.reports.people.build import people
from segmenter.spec import load
from segmenter.spec.starters import ready_spec
from tests.support import browsers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of the plan of the demo, in both languages."""
    folder = tmp_path_factory.mktemp("people")
    spec = load(ready_spec("demo"))
    crm = open_crm(spec, demo_server())
    made = {}
    with open_ledger(folder / "ledger.db") as ledger:
        plan = ledger.save_plan(*draft(spec, crm.reader, crm.catalog, crm.clock).to_save())
        for language in ("en", "es"):
            with speaking(language):
                made[language] = folder / f"{language}.html"
                made[language].write_text(pages.html(people(ledger, plan.id)), "utf-8")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.fixture
def shown(browser: Browser, files: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The pages in the language, and at the width, that the test asks for."""
    language, width = getattr(request, "param", ("en", 1280))
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(files[language].as_uri())
    yield page
    context.close()


ALL = [(language, width) for language in ("en", "es") for width in (1280, 390)]


@pytest.mark.parametrize("shown", ALL, indirect=True)
def test_axe_finds_no_violation(shown: Page) -> None:
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("shown", ALL, indirect=True)
def test_nothing_scrolls_sideways(shown: Page) -> None:
    width = shown.viewport_size["width"]  # type: ignore[index]
    for summary in shown.locator("summary").all():
        summary.click()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_the_index_leads_to_each_person(shown: Page) -> None:
    shown.get_by_role("link", name="Carmen Vidal").click()
    assert shown.evaluate("location.hash") == "#p2"
    assert shown.locator("#p2 h2").inner_text() == "Carmen Vidal"


def test_more_records_unfold(shown: Page) -> None:
    first = shown.locator("#p1 details").first
    row = first.locator("tbody tr").first
    assert not row.is_visible()
    first.locator("summary").click()
    assert row.is_visible()


@pytest.mark.parametrize("shown", [("en", 1280), ("es", 1280)], indirect=True)
def test_on_paper_there_is_a_page_each_after_the_index(shown: Page) -> None:
    people = shown.locator("section.person").count()
    assert people == 4
    assert len(re.findall(rb"/Type /Page\b", shown.pdf(format="A4"))) == 1 + people
