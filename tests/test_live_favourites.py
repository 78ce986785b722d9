"""Favourites as people use them: clicked in the web client of each version, in the time zone of the client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from segmenter.ledger import open_ledger
from tests.support import browsers
from tests.support.engagement import Engagement, Live
from tests.support.favourites import Favourites

pytest_plugins = ["tests.support.engagement_fixtures"]

ZONE = "America/Santiago"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.browser() as started:
        yield started


@pytest.fixture
def engagement(live_crm: Live, tmp_path: Path) -> Iterator[Engagement]:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(live_crm, ledger)


def signed_in(engagement: Engagement, browser: Browser) -> Page:
    crm = engagement.crm
    assert isinstance(crm, Live)
    return browsers.signed_in(browser, crm.odoo, crm.database, patience=60_000, timezone=ZONE)


def moment(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")


def day(days: int) -> str:
    return moment(days)[:10]


def divisions(e: Engagement) -> list[dict[str, Any]]:
    """By relative dates and a text with signs; by an amount, shown by who holds it; one that is stored nowhere."""
    return [
        {
            "name": "Urgencia",
            "store": {"tags": "exclusive"},
            "segments": [
                {"name": e.tag("Pronto"), "when": {"date_deadline": {"next": "2 weeks"}}},
                {
                    "name": e.tag("Visto"),
                    "when": {"date_conversion": {"within": "30 days"}, "priority": {"<": 3}},
                },
                {"name": e.tag("Frío"), "when": {"date_conversion": {"older_than": "1 month"}}},
                {"name": e.tag("Raro"), "when": {"city": 'O\'Higgins 50%\\"a"'}},
            ],
            "default": {"name": e.tag("Resto")},
        },
        {
            "name": "Tamaño",
            "store": {"tags": "exclusive"},
            "segments": [{"name": e.tag("Grande"), "filter": "holds", "when": {"expected_revenue": {">=": 5000}}}],
            "default": {"name": e.tag("Chico")},
        },
        {
            "name": "Prioridad",
            "segments": [{"name": "Urgente", "when": {"expected_revenue": {">=": 8000}}, "set": {"priority": 3}}],
        },
    ]


def leads(e: Engagement) -> None:
    rows: list[dict[str, Any]] = [
        {"date_deadline": day(3)},
        {"date_deadline": day(13), "date_conversion": moment(-2)},
        {"date_deadline": day(20), "date_conversion": moment(-2)},
        {"date_deadline": day(-2), "date_conversion": moment(-29)},
        {"date_conversion": moment(-32)},
        {"date_conversion": moment(-400), "city": "Lima"},
        {"city": 'O\'Higgins 50%\\"a"'},
        {"city": "O'Higgins"},
        {},
        {"stage_id": e.crm.stages["Ganado"]},
    ]
    for number, row in enumerate(rows):
        e.make_leads(1, expected_revenue=1000 * number, **row)


def test_each_shows_what_the_plan_says_and_live_ones_a_new_lead(engagement: Engagement, browser: Browser) -> None:
    e = engagement
    leads(e)
    scope = {"model": "crm.lead", "where": {"referred": e.mark}}
    protect = [{"stage_id": "Ganado"}]
    spec = e.spec(*divisions(e), scope=scope, protect=protect, filters={"share": "shared", "show": "live"})
    drafted = e.draft(spec, "manager")
    wanted = [set(records) for records in drafted.members.taken]
    assert all(wanted[:6])
    run = e.apply(e.plan(spec, "manager"), "manager").run
    page = signed_in(e, browser)
    favourites = Favourites(page, e.crm)
    favourites.open()
    named = [name for name in favourites.names() if e.mark in name or "Urgente" in name]
    assert [name.partition(" ")[0] for name in named] == ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "3.1"]
    assert [favourites.shown(name) for name in named] == wanted
    (new,) = e.make_leads(1, date_conversion=moment(-1), expected_revenue=9000)
    pages = {name: favourites.shown(name) for name in named}
    assert [name.partition(" ")[0] for name in named if new in pages[name]] == ["1.2", "3.1"]
    e.undo(run.id, "manager")
    favourites.open()
    assert not [name for name in favourites.names() if e.mark in name]
