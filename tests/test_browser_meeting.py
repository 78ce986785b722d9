"""The meeting page in a real Chromium: a whole definition meeting, a whole review, and what people do by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from segmenter.embedded import EmbeddedServer
from segmenter.i18n import speaking
from segmenter.ledger import read_ledger
from segmenter.spec import load
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.routes import create_app
from segmenter.web.serving import Service
from tests.support import browsers
from tests.support.meetings import demo_meeting

pytestmark = pytest.mark.browser

EMPTY = """\
# Lo que se acuerde hoy.
version: 1
client: {name: Viveros del Maipo, approver: Paula Rojas, language: es_CL}   # quién aprueba
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: verde
        when: {expected_revenue: {">=": 9000000}}
    default: {name: Sin evaluar}
"""

SMALL = """() => [...document.querySelectorAll('body *')].filter((element) =>
  [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) &&
  element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < 16
).map((element) => element.outerHTML.slice(0, 80))"""
"""Whatever is shown in letters of less than 16 pixels."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@dataclass
class Opened:
    """A meeting in a tab. ``noise``: what the console said, and answers that were errors."""

    page: Page
    meeting: Meeting
    address: str
    noise: list[str] = field(default_factory=list)

    def count(self, card: str) -> int:
        """The number on a card, once the page is quiet."""
        self.quiet()
        text = self.page.locator(f"#{card} .count b").inner_text()
        return int(text.replace(".", "").replace(",", ""))

    def quiet(self) -> None:
        """Wait until no request is under way."""
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")

    def click(self, selector: str) -> None:
        self.page.locator(selector).click()
        self.quiet()

    def put(self, selector: str, text: str) -> None:
        """Type into a field and leave it."""
        self.page.locator(selector).fill(text)
        self.page.locator(selector).press("Tab")
        self.quiet()

    def choose(self, selector: str, label: str) -> None:
        self.page.locator(selector).select_option(label=label)
        self.quiet()


Start = Callable[..., Opened]


@pytest.fixture
def start(browser: Browser, tmp_path: Path) -> Iterator[Start]:
    """Serves a meeting and opens it; at the end nothing may have complained."""
    services: list[Service] = []
    made: list[Opened] = []

    def begin(
        text: str = EMPTY,
        *,
        language: str = "es",
        width: int = 1280,
        height: int = 720,
        plan: str | None = None,
        server: EmbeddedServer | None = None,
    ) -> Opened:
        file = tmp_path / "texts" / "viveros.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        meeting = demo_meeting(tmp_path, spec=file, plan=plan, server=server)
        guard = Guard()
        service = Service(create_app(meeting, guard), guard)
        service.__enter__()
        services.append(service)
        page = browser.new_page(viewport={"width": width, "height": height})
        opened = Opened(page, meeting, service.address)
        page.on(
            "console",
            lambda message: opened.noise.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: opened.noise.append(str(error)))
        page.goto(service.address)
        page.wait_for_selector("#board .card")
        made.append(opened)
        return opened

    with speaking("es"):
        yield begin
    for opened in made:
        opened.page.close(run_before_unload=False)
        assert opened.noise == []
    for service in services:
        service.__exit__(None, None, None)


def test_a_whole_definition_meeting(start: Start, tmp_path: Path) -> None:
    seen = start()
    # A threshold is lowered, by typing.
    before = seen.count("s0-0")
    seen.click("#s0-0-open")
    seen.put("input.number", "4.000.000")
    assert seen.count("s0-0") > before
    expect(seen.page.locator("#board .moves").first).to_contain_text("Sin evaluar a Alto")
    # A second segment, a third one, in another order.
    seen.click("#s0-add")
    seen.put("#name", "Medio")
    seen.put("input[id$='-field']", "Ingreso esperado")
    seen.put("input.number", "1.000.000")
    assert seen.count("s0-1") > 0
    # A second segmentation, by a source.
    seen.click("#add-segmentation")
    seen.click("#s1-edit")
    seen.put("#name", "Canal")
    seen.click("#s1-0-open")
    seen.put("#name", "Recomendado")
    seen.put("input[id$='-field']", "Origen")
    seen.page.get_by_role("button", name="Agregar Referido").click()
    seen.quiet()
    assert seen.count("s1-0") > 0
    # A third one, of a date.
    seen.click("#add-segmentation")
    seen.click("#s2-edit")
    seen.put("#name", "Antigüedad")
    seen.click("#s2-0-open")
    seen.put("#name", "Reciente")
    seen.put(
        "input[id$='-field']",
        seen.page.locator(
            "#all-fields option[value^='Creado'], #all-fields option[value^='Fecha de creaci']"
        ).first.get_attribute("value")
        or "",
    )
    # An example: this one should be in Alto.
    seen.click("#s0-0-records")
    seen.page.locator("#panel tbody th button").first.click()
    seen.quiet()
    seen.choose("#belongs-0", "Alto")
    expect(seen.page.locator("#tab-examples")).to_contain_text("1/1")
    # Undo and redo by keyboard.
    revised = seen.meeting.state.text
    seen.page.locator("#board").press("Control+z")
    seen.quiet()
    assert seen.meeting.state.text != revised
    seen.page.locator("#board").press("Control+Shift+z")
    seen.quiet()
    assert seen.meeting.state.text == revised
    # The agreement, saving, the log.
    shown = {card: seen.count(card) for card in ("s0-0", "s0-1", "s1-0", "s2-0")}
    seen.page.locator("#board").press("Control+s")
    seen.quiet()
    expect(seen.page.locator("#save")).to_be_disabled()
    seen.click("#tab-acta")
    expect(seen.page.locator(".acta")).to_contain_text("Recomendado")
    seen.put("#minutes", "29")
    seen.page.get_by_role("button", name=re.compile("registro del servicio")).click()
    seen.quiet()
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        (entry,) = ledger.log()
    assert entry.minutes == 29
    assert len(entry.edits) > 10
    # What was saved is a spec as a person would write it, and its plan has the very counts of the page.
    spec = load(seen.meeting.file)
    assert [segmentation.name for segmentation in spec.segmentations] == ["Nivel", "Canal", "Antigüedad"]
    text = seen.meeting.file.read_text("utf-8")
    assert text.startswith("# Lo que se acuerde hoy.\n")
    assert "# quién aprueba" in text
    seen.click("#tab-writes")
    seen.page.wait_for_selector("#plan")
    seen.click("#plan")
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        plan = ledger.plan("P1")
    taken = {count.segment: count.taken for count in plan.counts.segments}
    assert [taken[name] for name in ("Alto", "Medio", "Recomendado", "Reciente")] == list(shown.values())


def test_a_whole_review_meeting(start: Start, tmp_path: Path) -> None:
    first = start()
    first.click("#tab-writes")
    first.page.wait_for_selector("#plan")
    first.click("#plan")
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        assert ledger.plan("P1")
    seen = start(plan="P1")
    seen.click("#tab-plan")
    # What if Alto began at 4 million? The answer comes at once, by name; the plan is not touched.
    seen.click("#s0-0-open")
    seen.put("input.number", "4.000.000")
    seen.page.locator("#board .moves button").first.click()
    seen.quiet()
    named = seen.page.locator("#panel tbody tr").count()
    assert named > 0
    seen.click("#save")
    seen.click("#tab-writes")
    seen.page.wait_for_selector("#plan")
    seen.click("#plan")
    # Plan against plan: as many move as the board said, because of the edited criterion.
    panel = seen.page.locator("#panel")
    expect(panel).to_contain_text("P1")
    expect(panel).to_contain_text(re.compile(rf"\b{named}\b"))
    # The report opens, and the approver signs the digest off.
    with seen.page.expect_popup() as popup:
        panel.get_by_role("link").first.click()
    expect(popup.value.locator("h1")).to_be_visible()
    popup.value.close()
    seen.page.locator("#evidence").fill("reunión de revisión")
    seen.page.get_by_role("button", name=re.compile("Aprobar")).click()
    seen.quiet()
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        (approval,) = ledger.approvals("P2")
        assert (approval.by, approval.digest) == ("Paula Rojas", ledger.plan("P2").digest)


def test_a_slider_moves_the_board_before_it_is_let_go(start: Start) -> None:
    seen = start()
    before = seen.count("s0-0")
    seen.click("#s0-0-open")
    slider = seen.page.locator("input[type=range]")
    slider.evaluate(
        "slider => { slider.value = slider.max / 10; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(seen.page.locator("#s0-0 .count b")).not_to_have_text(str(before))
    assert seen.meeting.state.text == EMPTY  # nothing is edited yet
    slider.evaluate("slider => slider.dispatchEvent(new Event('change', {bubbles: true}))")
    seen.quiet()
    assert seen.meeting.state.text != EMPTY
    slider = seen.page.locator("input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    seen.quiet()
    assert len(seen.meeting.history.entries if seen.meeting.history else ()) == 2


def test_cards_are_dragged_to_their_place(start: Start) -> None:
    seen = start()
    seen.click("#s0-add")
    seen.page.locator("#s0-1").drag_to(seen.page.locator("#s0-0"))
    seen.quiet()
    expect(seen.page.locator("#s0-1 h3")).to_contain_text("Alto")


def test_two_tabs_do_not_overwrite_each_other(start: Start, browser: Browser) -> None:
    seen = start()
    other = browser.new_page()
    other.goto(seen.address)
    other.wait_for_selector("#board .card")
    seen.click("#s0-0-open")
    seen.put("#name", "Altísimo")
    other.locator("#s0-0-copy").click()
    expect(other.locator(".message.warn")).to_be_visible()
    expect(other.locator("#s0-0 h3")).to_contain_text("Altísimo")
    assert "Alto 2" not in seen.meeting.state.text
    other.close(run_before_unload=False)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_axe_finds_nothing_and_nothing_is_cut_off(start: Start, language: str, width: int, height: int) -> None:
    with speaking(language):
        seen = start(language=language, width=width, height=height)
        for selector in (
            "#s0-0-open",
            "#s0-edit",
            "#tab-scope",
            "#s0-0-records",
            "#tab-history",
            "#tab-text",
            "#tab-acta",
            "#tab-examples",
        ):
            seen.click(selector)
            found = Axe().run(seen.page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], selector
            wide = seen.page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, selector


def test_letters_are_large_enough_for_a_shared_screen(start: Start) -> None:
    seen = start()
    seen.click("#s0-0-open")
    small = seen.page.evaluate(SMALL)
    assert small == []


def test_everything_is_reached_by_keyboard_alone(start: Start) -> None:
    seen = start()
    reached = set()
    for _press in range(80):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("() => document.activeElement.id"))
    assert {"save", "tab-text", "s0-0-open", "s0-0-records", "s0-add", "add-segmentation"} - reached <= {"save"}
    seen.page.locator("#s0-0-open").focus()
    seen.page.keyboard.press("Enter")
    seen.quiet()
    expect(seen.page.locator("#panel h2")).to_contain_text("Alto")
    assert seen.page.evaluate("() => document.activeElement.id") == "s0-0-open"
