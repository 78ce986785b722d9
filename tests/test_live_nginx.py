"""Through a real nginx, as clients have it in front of Odoo 19: where it is, what it lets through, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import ConnectionFailed, ExitCode, OutcomeUnknown
from segmenter.ledger import open_ledger
from segmenter.odoo.pacing import HostPace
from segmenter.odoo.session import Api, connect
from segmenter.odoo.transport_faults import TransportFailed
from segmenter.odoo.writer import OdooWriter
from tests.support.engagement import Crm, Engagement, Live
from tests.support.locks import held
from tests.support.nginx import GZIP, MB, Proxy, nginx

pytest_plugins = ["tests.support.engagement_fixtures"]
pytestmark = pytest.mark.live("19")
WIRES: list[Api] = ["xmlrpc", "json2"]


@pytest.fixture(scope="module")
def crm(live_crms: Callable[[str], Crm]) -> Live:
    here = live_crms("19")
    assert isinstance(here, Live)
    return here


@pytest.fixture
def behind(crm: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """An engagement that goes through an nginx with these settings, and the nginx."""

    @contextmanager
    def through(api: Api = "auto", timeout: float = 60, **settings: Any) -> Iterator[tuple[Engagement, Proxy]]:
        with nginx(crm.odoo.url, tmp_path, **settings) as proxy, open_ledger(tmp_path / "ledger.db") as ledger:

            def log_in(kind: str = "all") -> Any:
                _url, *rest = crm._address(kind)
                return connect(proxy.url, *rest, api=api, timeout=timeout, verify=proxy.authority or True)

            monkeypatch.setattr(crm, "connect", log_in)
            yield Engagement(crm, ledger), proxy

    return through


def does_its_job(e: Engagement) -> None:
    """Plan, apply, nothing left to change, undo."""
    e.make_leads(40)
    first = e.state()
    spec = e.spec(e.levels(stage_id={"to": "Calificado", "from": ["Nueva"]}))
    report = e.apply(e.plan(spec))
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 40})
    assert e.changes(spec) == []
    assert e.undo(report.run.id).counts == {"applied": 40}
    assert e.state() == first


@pytest.mark.parametrize("api", WIRES)
def test_below_a_path_over_tls_with_buffers_keep_alive_gzip_and_nginx_own_body_limit(
    behind: Callable[..., Any], api: Api
) -> None:
    own = f"{GZIP} client_max_body_size 1m; keepalive_timeout 60;"
    buffered = 'proxy_buffering on; proxy_request_buffering on; proxy_http_version 1.1; proxy_set_header Connection "";'
    with behind(api, prefix="/odoo", tls=True, server=own, location=buffered) as (e, proxy):
        does_its_job(e)
        calls = proxy.calls()
    assert {status for _connection, path, status, _encoding in calls if path.startswith("/odoo/")} == {200}
    assert "gzip" in {encoding for *_rest, encoding in calls}
    used = {connection for connection, *_rest in calls}
    assert len(used) < len(calls) / 4, "connections are used again"


@pytest.mark.parametrize("api", WIRES)
def test_ipv6_without_buffers_and_over_http_1_0(behind: Callable[..., Any], api: Api) -> None:
    unbuffered = "proxy_buffering off; proxy_request_buffering off; proxy_http_version 1.0;"
    with behind(api, ip="::1", location=unbuffered) as (e, proxy):
        does_its_job(e)
        paths = {path for _connection, path, _status, _encoding in proxy.calls()}
    assert {path.split("/")[1] for path in paths} == ({"web", "json"} if api == "json2" else {"xmlrpc"})


def test_json_2_is_chosen_where_the_proxy_has_no_xml_rpc(behind: Callable[..., Any]) -> None:
    with behind(server="location /xmlrpc { return 404; }") as (e, _proxy):
        spec = e.spec(e.levels())
        assert e.plan(spec).counts.scope_count == 0


@pytest.mark.parametrize("api", WIRES)
def test_a_body_past_64_mb_is_one_sentence(crm: Live, tmp_path: Path, api: Api) -> None:
    """The tool makes none of a hundredth of that: `tests/test_execution_batches.py`."""
    (lead,) = crm.create("crm.lead", {"name": "Uno", "type": "lead"})
    _url, *rest = crm._address("all")
    with nginx(crm.odoo.url, tmp_path, server="client_max_body_size 64m;") as proxy:
        text = {"name": "x" * (64 * MB)}
        with pytest.raises(OutcomeUnknown, match="the request is too large"):
            OdooWriter(connect(proxy.url, *rest, api=api)).write("crm.lead", [lead], text)
        paced = OdooWriter(connect(proxy.url, *rest, api=api, pace=HostPace(connections=1)))
        with pytest.raises(TransportFailed, match="the request is too large") as caught:
            paced.write("crm.lead", [lead], text)
        assert not caught.value.sent, "it was asked first"
        assert "let larger requests through its proxy" in caught.value.todo
    assert [row["name"] for row in crm.find("crm.lead", [["id", "=", lead]], ["name"])] == ["Uno"]


@pytest.mark.parametrize("api", WIRES)
def test_too_many_requests_are_sent_again_where_that_is_safe(crm: Live, tmp_path: Path, api: Api) -> None:
    (lead,) = crm.create("crm.lead", {"name": "Uno", "type": "lead"})
    _url, *rest = crm._address("all")
    # Nobody waits in nginx: whoever comes too early is refused, and told to come back.
    limit = "limit_req zone=once burst=5 nodelay; limit_req_status 429; add_header Retry-After 1 always;"
    waits: list[float] = []
    with nginx(crm.odoo.url, tmp_path, location=limit) as proxy:
        session = connect(proxy.url, *rest, api=api, pace=HostPace(connections=1))
        writer = OdooWriter(session, sleep=waits.append)
        for turn in range(6):
            writer.write("crm.lead", [lead], {"priority": str(turn % 3)})
        statuses = [status for _connection, _path, status, _encoding in proxy.calls()]
    assert 429 in statuses
    assert statuses.count(429) == len(waits)
    assert min(waits) >= 1
    assert [row["priority"] for row in crm.find("crm.lead", [["id", "=", lead]], ["priority"])] == ["2"]


def test_a_time_limit_while_the_work_goes_on(
    behind: Callable[..., Any], crm: Live, request: pytest.FixtureRequest
) -> None:
    """nginx gives up, Odoo does not: the outcome is unknown, and a resume finds what became of it."""
    seconds = request.config.getoption("--proxy-seconds")
    with behind(timeout=seconds + 60, location=f"proxy_read_timeout {seconds}s;") as (e, proxy):
        e.make_leads(8)
        spec = e.spec(e.levels())
        plan = e.plan(spec)
        with held(crm, f"SELECT id FROM crm_lead WHERE id = {e.leads[0]} FOR UPDATE"):
            report = e.apply(plan, look_every=None, connections=1, batch_size=2)
        assert report.exit_code == ExitCode.PARTLY
        assert report.counts["unknown"] >= 1
        assert 504 in {status for _connection, _path, status, _encoding in proxy.calls()}
        again = e.resume(report.run.id)
        assert (again.exit_code, again.left) == (ExitCode.DONE, ())
        assert e.changes(spec) == []


def test_a_proxy_without_odoo_behind_it_is_one_sentence(tmp_path: Path) -> None:
    with nginx("http://127.0.0.1:9", tmp_path) as proxy, pytest.raises(ConnectionFailed, match="bad gateway"):
        connect(proxy.url, "crm", "ana", "key")
