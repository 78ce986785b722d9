"""The page of an import by hand in a real Chromium: on a screen, on a phone, for a screen reader.

Its clicks are made in the web clients of Odoo 14 and 19 by `tests/live/test_by_hand.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support import browsers
from tests.support.command_line import Desk
from tests.support.command_line import desk as desk
from tests.support.importing import Client

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.fixture(params=["en", "es"])
def file(request: pytest.FixtureRequest, desk: Desk) -> Path:
    client = Client(desk.server)
    client.export(desk.folder / "before.xlsx")
    desk.done("plan", "viveros.yaml", "--from", "before.xlsx")
    client.write(6, priority="1")
    client.export(desk.folder / "today.xlsx")
    words = ("by-hand", "P1", "--now", "today.xlsx", "--to", "files", "--lang", request.param)
    desk.done(*words, code=4)
    return next((desk.folder / "files").glob("*.html"))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_it_is_readable_everywhere_and_asks_the_network_for_nothing(browser: Browser, file: Path) -> None:
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked = list[str]()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(file.as_uri())
        assert fits(page)
        assert asked == [file.as_uri()]
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        assert page.locator("svg").count() == 4
        # What is drawn stays within its picture.
        assert page.evaluate(
            """[...document.querySelectorAll("svg")].every(svg => {
              const frame = svg.getBoundingClientRect();
              return [...svg.querySelectorAll("text")].every(text => {
                const box = text.getBoundingClientRect();
                return box.left >= frame.left && box.right <= frame.right;
              });
            })"""
        )
        page.close()
