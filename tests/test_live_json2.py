"""The whole job over JSON-2 on a real Odoo 19: what goes by the wire alone. All else is the same over both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.checking.preflight import preflight
from segmenter.errors import AuthenticationFailed, ExitCode
from segmenter.ledger import open_ledger
from segmenter.odoo.json2 import ARGUMENTS
from segmenter.odoo.json2_session import Json2Session
from segmenter.odoo.server import Server
from segmenter.odoo.session import Api, connect
from segmenter.odoo.writer import OdooWriter
from segmenter.profiling import profile
from segmenter.resolving.resolve import resolve
from tests.support.engagement import LOGINS, Engagement, Live

pytest_plugins = ["tests.support.engagement_fixtures"]
pytestmark = pytest.mark.fact_of("19", "JSON-2 came with it")


@pytest.fixture
def over(live_crm: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engagement]:
    """An engagement in which the tool talks JSON-2; the administrator, who looks at what became of it, does not."""
    monkeypatch.setattr(live_crm, "connect", lambda kind="all": log_in(live_crm, "json2", kind))
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(live_crm, ledger)


def log_in(crm: Live, api: Api, kind: str = "all") -> Server:
    if api == "json2":
        crm.odoo.need_keys()
    return connect(*crm._address(kind), api=api)


def test_the_whole_job(over: Engagement) -> None:
    e = over
    e.make_leads(40)
    first = e.state()
    spec = e.spec(e.levels(stage_id={"to": "Calificado", "from": ["Nueva"]}), filters="shared")
    assert isinstance(e.connect("manager")(), Json2Session)
    reader, catalog, clock = e.look(spec, e.connect("manager")())
    resolve(spec, reader, catalog, clock)
    assert [one.text for one in preflight(spec, reader, catalog) if one.level == "error"] == []

    plan = e.plan(spec, "manager")
    assert e.state() == first, "planning wrote something"
    theirs, later = e.leads[9], e.leads[8]
    e.crm.write("crm.lead", [theirs], priority="2")
    report = e.apply(plan, "manager")
    assert (report.exit_code, report.counts) == (ExitCode.STALE, {"applied": 39, "conflict": 1})
    assert [(left.record, left.field) for left in report.left] == [(theirs, "priority")]
    assert {change.record for change in e.changes(spec, "manager")} == {theirs}

    e.crm.write("crm.lead", [later], priority="1")
    back = e.undo(report.run.id, "manager")
    assert [(left.record, left.field) for left in back.left] == [(later, "priority")]
    expected = first | {theirs: first[theirs] | {"priority": "2"}, later: first[later] | {"priority": "1"}}
    assert e.state() == expected

    figures = profile(reader, "crm.lead", clock, domain=[["referred", "=", e.mark]])
    assert figures.records == 40


CALLS: list[tuple[str, str, list[Any], dict[str, Any]]] = [
    ("crm.lead", "search", [[["type", "=", "opportunity"]], 1, 5, "id"], {}),
    ("crm.lead", "search_count", [[["type", "=", "opportunity"]], 7], {}),
    ("crm.lead", "search_read", [[["type", "=", "opportunity"]], ["name", "stage_id", "tag_ids"], 1, 5, "id"], {}),
    ("crm.lead", "read", [[1, 2], ["name", "stage_id", "create_date", "expected_revenue"], None], {}),
    ("crm.lead", "read_group", [[], ["n:count(id)"], ["stage_id"], 0, 3, "n desc, stage_id", False], {}),
    (
        *("crm.lead", "formatted_read_group"),
        [
            [],
            ["stage_id", "create_date:month"],
            ["__count", "expected_revenue:sum"],
            [],
            0,
            4,
            "__count desc, stage_id",
        ],
        {"context": {"lang": "es_CL", "tz": "America/Santiago"}},
    ),
    ("crm.lead", "fields_get", [["name", "stage_id", "priority"], ["type", "string", "selection"]], {}),
    ("crm.stage", "check_access_rights", ["create", False], {}),
    ("crm.stage", "has_access", [[], "create"], {}),
    ("res.users", "context_get", [], {}),
    ("crm.lead", "write", [[99_999_999], {"priority": "1"}], {"context": {"lang": "es_CL"}}),
    ("crm.lead", "unlink", [[99_999_999]], {"context": {"lang": "es_CL"}}),
    ("crm.stage", "create", [{"name": "x"}], {"context": {"lang": "es_CL"}}),
]


def test_both_wires_answer_alike_to_every_argument(live_crm: Live) -> None:
    """Positional arguments mean the same over both, so their names are the right ones."""
    answers: list[list[object]] = []
    sessions = [log_in(live_crm, api) for api in ("xmlrpc", "json2")]
    groups = [("res.users", "has_group", [[session.identity.uid], "base.group_user"], {}) for session in sessions]
    for session, own in zip(sessions, groups, strict=True):
        answers.append([answer(session, *call) for call in [*CALLS, own]])
    assert answers[0] == answers[1]
    assert {method for _model, method, _args, _options in [*CALLS, *groups]} == set(ARGUMENTS)


def answer(session: Server, model: str, method: str, args: list[Any], options: dict[str, Any]) -> object:
    try:
        return session.execute_kw(model, method, args, options)
    except Fault as fault:
        return fault.faultCode, str(fault.faultString).strip().splitlines()[-1]


def test_a_key_for_another_use_is_refused_over_both(live_crm: Live) -> None:
    """Odoo 19 makes keys for MCP, and they are of a scope of their own."""
    user = live_crm.people[LOGINS["all"]]
    live_crm.odoo.give_keys({user: "mcp-only-key"}, live_crm.database, scope="mcp")
    for api in ("xmlrpc", "json2"):
        with pytest.raises(AuthenticationFailed) as caught:
            connect(live_crm.odoo.url, live_crm.database, LOGINS["all"], "mcp-only-key", api=api)
        assert "MCP" in caught.value.todo


def test_a_control_character_and_line_ends_come_as_over_xml_rpc(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Uno\r\ndos\ttres 🌱", "type": "lead"})
    texts = [
        next(iter(session.execute_kw("crm.lead", "read", [[lead], ["name"]], {})))["name"]
        for session in (log_in(live_crm, "xmlrpc"), log_in(live_crm, "json2"))
    ]
    assert texts[0] == texts[1]
    OdooWriter(log_in(live_crm, "json2")).write("crm.lead", [lead], {"name": "Ñandú 🌱"})
    assert [row["name"] for row in live_crm.find("crm.lead", [["id", "=", lead]], ["name"])] == ["Ñandú 🌱"]
