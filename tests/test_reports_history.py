from __future__ import annotations

from segmenter.ledger import Event
from segmenter.plans.plan import Plan
from segmenter.reports import history
from segmenter.reports.text import Style
from tests.support.report_samples import PLAN, WHO, printed

AT = "2026-11-22T10:00:00+00:00"
EVENTS = [
    Event(AT, "P1", "R1", "apply", "priority", "0", "3", "applied", "", None, WHO, "Nivel", "Alto", True),
    Event(AT, "P1", "R2", "undo", "priority", "3", "0", "conflict", "", "1", WHO, "Nivel", "Alto"),
]


def test_each_event_says_what_became_of_it() -> None:
    asked: list[str] = []

    def plan_of(name: str) -> Plan:
        asked.append(name)
        return PLAN

    lines = printed(history.terminal("crm.lead 7", EVENTS, [], plan_of, Style("", "UTC"))).splitlines()
    assert lines[0] == "crm.lead 7"
    assert "R1 (apply)" in lines[3]
    assert "Baja → Muy alta" in lines[3]
    assert "written, undone since" in lines[3]
    assert "changed by somebody since" in lines[4]
    assert asked == ["P1"]


def test_the_document() -> None:
    assert history.document("crm.lead", 7, EVENTS, [])["events"] == EVENTS
