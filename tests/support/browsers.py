"""Chromium as Debian has it, for the reports: no network, no profile of anybody's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.live.servers import Server

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


FIRST_PAGE = 180_000
"""Milliseconds in which Odoo shows its first page: in a new database it makes the scripts first."""


def chromium() -> str:
    """Where it is. Raises `RuntimeError`: a test that needs a browser fails without one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise RuntimeError("there is no chromium: apt-get install chromium")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a new, empty profile."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


def signed_in(started: Browser, odoo: Server, database: str, *, patience: float, timezone: str | None = None) -> Page:
    """An empty page of somebody who has signed in to Odoo as its administrator; it waits ``patience`` ms for things.

    ``timezone``: where that person is.
    """
    page = started.new_page(timezone_id=timezone)
    page.set_default_timeout(patience)
    page.goto(f"{odoo.url}/web/login?db={database}")
    page.fill("input[name=login]", odoo.admin_login)
    page.fill("input[name=password]", odoo.admin_password)
    page.click("button[type=submit]:visible")
    page.wait_for_selector(".o_main_navbar", timeout=FIRST_PAGE)
    page.goto("about:blank")
    return page
