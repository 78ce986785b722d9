"""The report in a real Chromium: sorting, filtering, search, links, paper, a phone, a screen reader, hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from segmenter.cli.connection import open_crm
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.ledger import open_ledger
from segmenter.reports.review import page as pages
from segmenter.reports.review.build import review
from segmenter.reports.review.table import ROWS_AT_ONCE
from segmenter.spec import load
from segmenter.spec.model import Consultant
from segmenter.spec.starters import TRADES, ready_spec
from tests.support import browsers
from tests.support import review_samples as samples

pytestmark = pytest.mark.browser

RECORDS = 5000
"""As many as the page holds."""


def money(thousands: float) -> str:
    """An amount as the English page writes it."""
    return f"CLP\N{NO-BREAK SPACE}{thousands * 1000:,.0f}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports of a plan, of a run and of its undo, as files."""
    folder = tmp_path_factory.mktemp("reports")
    with open_ledger(folder / "ledger.db") as ledger:
        plan = samples.save(ledger, RECORDS)
        made: dict[str, Path] = {}

        def write(name: str, id: str, language: str = "en") -> None:
            with speaking(language):
                made[name] = folder / f"{name}.html"
                made[name].write_text(pages.html(review(ledger, id)), "utf-8")

        write("plan", plan.id)
        write("es", plan.id, "es")
        run = samples.run(ledger, plan, conflicts=[11, 12])
        write("run", run)
        write("undo", samples.undo(ledger, plan, run))
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
    tab.page.goto(files[about.get("file", "plan")].as_uri() + about.get("at", "#list"))
    yield tab
    assert tab.noise == []
    assert [url for url in tab.requests if not url.startswith("file:")] == []
    assert len(tab.requests) == 1
    context.close()


def test_a_large_table_keeps_few_rows_in_the_page(opened: Opened) -> None:
    assert len(opened.rows()) == ROWS_AT_ONCE
    assert opened.state() == "Rows 1 to 25 of 5,000"
    opened.page.get_by_role("button", name="Next").click()
    assert opened.state() == "Rows 26 to 50 of 5,000"
    opened.page.get_by_role("button", name="Previous").click()
    assert opened.rows()[0][:2] == ["Jardín Ñandú 3", "Ana <Soto>"]


def test_it_sorts_by_any_column(opened: Opened) -> None:
    head = opened.page.locator("table.rows thead th")
    for at, name in enumerate(["Name", "Salesperson", "Stage", "Amount", "City", "Nivel", "What changes"]):
        button = head.nth(at).get_by_role("button", name=name)
        button.click()
        up = opened.column(at)
        assert head.nth(at).get_attribute("aria-sort") == "ascending"
        button.click()
        down = opened.column(at)
        assert head.nth(at).get_attribute("aria-sort") == "descending"
        if name == "Amount":
            assert (up[0], down[0]) == (money(RECORDS / 2), money(RECORDS))
        if name != "Stage":  # all are in the same
            assert up[0] != down[0]


def test_it_filters_by_every_column(opened: Opened) -> None:
    opened.tool("Salesperson").select_option(label="Ana <Soto>")
    assert set(opened.column(1)) == {"Ana <Soto>"}
    assert opened.state().endswith("of 2,500")
    opened.tool("Nivel").select_option(label="Alto")
    assert set(opened.column(5)) == {"Alto"}
    opened.tool("Amount, from").fill("4.990.000")
    assert opened.column(3) == [money(4_999), money(4_996), money(4_993), money(4_990)]
    opened.tool("Amount, from").fill("4.980.000")
    opened.tool("City").select_option(label="Viña del Mar")
    opened.tool("What changes").select_option(label="Etiquetas: +Alto; Prioridad: Baja → Muy alta")
    opened.tool("Name").fill("nandu 27")
    assert opened.column(0) == ["Jardín Ñandú 27"]
    opened.tool("Name").fill("nowhere")
    assert opened.rows() == []
    assert opened.state() == "No row matches these filters."
    opened.page.get_by_role("button", name="Clear filters").click()
    assert opened.state().endswith("of 5,000")


def test_it_searches_without_accents_and_for_several_words(opened: Opened) -> None:
    search = opened.page.get_by_label("Search in all columns")
    search.fill("jardin ÑANDU 2499 alto")
    assert [row[0] for row in opened.rows()] == ["Jardín Ñandú 2499"]
    search.fill("<script>")
    assert opened.rows()
    assert all("<script>" in name for name in opened.column(0))


def test_a_row_tells_why(opened: Opened) -> None:
    button = opened.page.locator("table.rows tbody tr").first.get_by_role("button", name="See why")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert opened.page.locator("tr.more").inner_text() == "Nivel: Alto – Ingreso > 5 & más"
    button.click()
    assert opened.page.locator("tr.more").count() == 0


def test_names_link_to_the_record_in_odoo(opened: Opened) -> None:
    link = opened.page.locator("table.rows").get_by_role("link", name="Jardín Ñandú 3", exact=True)
    assert link.get_attribute("href") == "https://v.example/odoo/crm.lead/3"
    assert link.get_attribute("rel") == "noopener noreferrer"
    for hostile in opened.page.locator("table.rows a").all():
        assert str(hostile.get_attribute("href")).startswith("https://v.example/odoo/crm.lead/")


def test_hostile_names_do_nothing(opened: Opened) -> None:
    opened.tool("Name").fill("owned")
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
    assert [name in opened.column(0) for name in (samples.name(11)[:10], samples.name(12))] == [False, True]
    assert len(opened.rows()) == 2
    assert opened.page.locator("table.rows tr.left").count() == 2


@pytest.mark.parametrize("opened", [{"file": "es"}], indirect=True)
def test_in_spanish_numbers_are_the_clients(opened: Opened) -> None:
    assert "5.000" in opened.state()
    assert opened.page.locator("html").get_attribute("lang") == "es-CL"


@pytest.mark.parametrize("opened", [{"width": 360}, {"width": 360, "file": "run"}], indirect=True)
def test_a_phone_needs_no_sideways_scrolling(opened: Opened) -> None:
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.tool("Name").fill("no-space")
    assert opened.rows()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.page.locator("table.rows tbody td").first.bounding_box()["width"] <= 360  # type: ignore[index]


@pytest.mark.parametrize(
    "opened",
    [{}, {"at": ""}, {"width": 360}, {"file": "run"}, {"file": "undo"}, {"file": "es"}],
    indirect=True,
    ids=["plan", "folded", "phone", "run", "undo", "es"],
)
def test_axe_finds_no_violation(opened: Opened) -> None:
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()


def test_on_paper_there_are_rows_and_no_controls(opened: Opened) -> None:
    opened.tool("Nivel").select_option(label="Medio")
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = opened.rows()
    assert len(rows) == 40
    assert {row[5] for row in rows} == {"Medio"}
    for hidden in (".tools", ".state", "button.why"):
        assert not opened.page.locator(hidden).first.is_visible()
    assert opened.page.locator(".signature").first.is_visible()
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(opened.rows()) == ROWS_AT_ONCE
    assert opened.page.pdf(format="A4").startswith(b"%PDF")


FRONT = [{"at": ""}, {"file": "run", "at": ""}, {"file": "es", "at": ""}]


@pytest.mark.parametrize("opened", FRONT, indirect=True, ids=["plan", "run", "es"])
def test_the_first_screen_says_whom_to_call_and_what_to_decide(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 1280, "height": 720})
    assert opened.page.locator(".headline").is_visible()
    assert opened.page.locator(".first tbody tr").count() == 10
    assert opened.page.locator(".figure").count() == 4
    assert opened.page.locator(".decide li").count() >= 1
    box = opened.page.locator(".front").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 720


@pytest.mark.parametrize("opened", FRONT, indirect=True, ids=["plan", "run", "es"])
def test_the_first_sheet_of_paper_has_all_of_it_and_nothing_else(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 703, "height": 1016})  # A4 without its margins, in CSS pixels
    opened.page.emulate_media(media="print")
    box = opened.page.locator(".front").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 1016
    assert opened.page.locator(".front").evaluate("front => getComputedStyle(front).breakAfter") == "page"
    broken = opened.page.locator("tr, .decide, .picture, .signatures").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).breakInside !== 'avoid').length"
    )
    assert broken == 0


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_first_page_of_every_ready_spec_fits(browser: Browser, tmp_path: Path, language: str) -> None:
    who = Consultant("AsesórateYa", "Andrés Muñoz", "andres@asesorateya.example", "+56 9 1234 5678")
    bottoms: dict[str, list[float]] = {}
    page = browser.new_page()
    for name in ("demo", *TRADES):
        spec, file = load(ready_spec(name)), tmp_path / f"{name}.html"
        crm = open_crm(spec, demo_server())
        with open_ledger(tmp_path / f"{name}.db") as ledger, speaking(language):
            plan = ledger.save_plan(*draft(spec, crm.reader, crm.catalog, crm.clock).to_save())
            file.write_text(pages.html(review(ledger, plan.id), who), "utf-8")
        page.goto(file.as_uri())
        for media, width, height in (("screen", 1280, 720), ("print", 703, 1016)):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(media=media)  # type: ignore[arg-type]
            box = page.locator(".front").bounding_box()
            assert box is not None
            bottoms.setdefault(name, []).append(height - box["y"] - box["height"])
            if media == "screen":
                cut = page.locator(".first tbody th, .first tbody th span").evaluate_all(
                    "all => all.filter(one => one.scrollHeight > one.clientHeight + 1 && one.clientHeight"
                    " || one.scrollWidth > one.clientWidth && one.clientWidth).map(one => one.textContent)"
                )
                assert cut == []
    page.close()
    assert {name: room for name, room in bottoms.items() if min(room) < 0} == {}


@pytest.mark.parametrize("opened", [{"at": ""}], indirect=True)
def test_what_is_folded_opens_by_a_link_and_is_printed_or_cut(opened: Opened) -> None:
    lost = opened.page.locator("#losses table")
    assert not lost.is_visible()
    opened.page.locator(".decide a[href='#losses']").click()
    assert lost.is_visible()
    assert lost.locator("tbody tr").count() == 3
    listed = opened.page.locator("#technical .inside")
    assert not listed.is_visible()
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    assert listed.is_visible()
    assert not opened.page.locator("details.cut").first.is_visible()
    opened.page.emulate_media(media="screen")
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not listed.is_visible()


@pytest.mark.parametrize("opened", [{"width": 390, "at": ""}], indirect=True)
def test_on_a_phone_each_record_to_call_is_a_card(opened: Opened) -> None:
    name, person, *_others = opened.page.locator(".first tbody tr").first.locator("th, td").all()
    above, below = name.bounding_box(), person.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]


@pytest.mark.parametrize("opened", [{"at": ""}], indirect=True)
def test_the_keyboard_reaches_everything(opened: Opened) -> None:
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.className") == "skip"
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.id") == "content"
    opened.page.locator("#list summary").focus()
    opened.page.keyboard.press("Enter")
    opened.page.locator("table.rows thead button").first.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("table.rows thead th").first.get_attribute("aria-sort") == "ascending"


def test_without_scripts_it_can_still_be_read(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["plan"].as_uri())
    assert page.locator("table.rows tbody tr").count() == ROWS_AT_ONCE
    page.locator("#list summary").click()
    assert page.get_by_text("To sort, filter and see all of them").is_visible()
    context.close()
