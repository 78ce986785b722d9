"""The pictures of the meeting page: ``python -m tests.support.meeting_screens docs/images`` takes those of the README
and of the guide again; with ``--all``, every view in both languages, as on a shared screen and as on a telephone.

A real Chromium goes through a definition meeting and a review on the demo's CRM, as it was on one fixed day.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, ViewportSize

from segmenter.conditions import Clock
from segmenter.embedded import demo_server
from segmenter.i18n import speaking
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.web.guard import Guard
from segmenter.web.meeting import Meeting
from segmenter.web.routes import create_app
from segmenter.web.serving import Service
from segmenter.web.sources import Sources
from tests.support import browsers
from tests.support.meetings import AUTHOR, DEMO, ZONE

DAY = date(2026, 11, 2)
BEGAN = datetime(2026, 11, 5, 13, 0, tzinfo=UTC)
"""10:00 in Santiago, as the guide has it."""
SIZES: Mapping[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 720},
    "phone": {"width": 390, "height": 844},
}
KEPT = (("meeting", "en"), ("meeting", "es"), ("review", "es"))
"""What the repository keeps, on the wide screen."""


class Tab:
    """The page in a tab, and what people do there."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.wait_for_selector("#board .card")

    def quiet(self) -> None:
        """Wait until no request is under way."""
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.quiet()

    def put(self, selector: str, text: str) -> None:
        """Type into a field and leave it."""
        self.page.locator(selector).first.fill(text)
        self.page.locator(selector).first.press("Tab")
        self.quiet()


@contextmanager
def opened(browser: Browser, folder: Path, size: str, plan: str | None = None) -> Iterator[Tab]:
    """A meeting on the demo's CRM, twelve minutes old."""
    file = folder / DEMO.name
    if not file.exists():
        file.write_bytes(DEMO.read_bytes())
    server = demo_server(DAY)

    def crm() -> Crm:
        reader = OdooReader(server, language="es_CL", timezone=ZONE)
        return Crm(server, reader, Catalog(reader), Clock(BEGAN, ZoneInfo(ZONE)))

    sources = Sources(
        spec_file=file,
        ledger_place=str(folder / "segmenter.ledger"),
        read=lambda _told: crm(),
        live=crm,
        plan=plan,
        author=AUTHOR,
    )
    time = [BEGAN]
    meeting = Meeting(sources, now=lambda: time[0])
    guard = Guard()
    with Service(create_app(meeting, guard), guard) as service:
        page = browser.new_page(viewport=SIZES[size])
        tab = Tab(page, service.address)
        time[0] += timedelta(minutes=12)
        yield tab
        page.close(run_before_unload=False)


def definition(tab: Tab) -> Iterator[str]:
    """A definition meeting: the name of each view, while it is on the screen."""
    tab.click("#tab-examples")
    yield "start"
    tab.click("#s0-0-open")
    tab.put("#panel input.number", "4000000")
    yield "meeting"
    tab.click("#board .moves button")
    yield "moved"
    tab.click("#panel tbody th button")
    yield "record"
    tab.click("#s0-edit")
    yield "segmentation"
    for name in ("examples", "scope", "writes", "history", "text", "acta"):
        tab.click(f"#tab-{name}")
        if name == "writes":
            tab.page.wait_for_selector("#panel dl")
        yield name
    tab.click("#save")
    tab.page.get_by_role("button", name="registro").or_(tab.page.get_by_role("button", name="log")).click()
    tab.quiet()
    yield "closed"


def reviewing(tab: Tab) -> Iterator[str]:
    """A review: P1 is on the screen, a criterion is edited, and P2 is made and compared."""
    tab.click("#tab-plan")
    yield "plan"
    tab.click("#s0-0-open")
    tab.put("#panel input.number", "4000000")
    tab.click("#save")
    plan(tab)
    yield "review"


def plan(tab: Tab) -> None:
    """Make a plan of what is on the board."""
    tab.click("#tab-writes")
    tab.page.wait_for_selector("#plan")
    tab.click("#plan")


def take(folder: Path, language: str, size: str, wanted: Callable[[str], bool] = lambda _view: True) -> list[Path]:
    """Write a picture of each view that is ``wanted``, as PNG; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []

    def photograph(tab: Tab, view: str) -> None:
        if wanted(view):
            tab.page.mouse.move(0, 0)
            tab.page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
            made.append(folder / f"{view}-{language}{'' if size == 'wide' else '-' + size}.png")
            tab.page.screenshot(path=made[-1], full_page=size != "wide")

    with speaking(language), browsers.browser() as browser, tempfile.TemporaryDirectory() as place:
        with opened(browser, Path(place), size) as tab:
            for view in definition(tab):
                photograph(tab, view)
        (Path(place) / DEMO.name).unlink()
        with opened(browser, Path(place), size) as tab:
            plan(tab)
        with opened(browser, Path(place), size, "P1") as tab:
            for view in reviewing(tab):
                photograph(tab, view)
    return made


def main(arguments: Sequence[str]) -> None:
    """Takes the pictures that the repository keeps, or all."""
    folder = Path(arguments[0])
    if "--all" in arguments:
        for language in ("es", "en"):
            for size in SIZES:
                take(folder, language, size)
    else:
        for language in ("en", "es"):
            take(folder, language, "wide", lambda view, spoken=language: (view, spoken) in KEPT)  # type: ignore[misc]


if __name__ == "__main__":
    main(sys.argv[1:])
