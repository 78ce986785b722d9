"""The embedded CRM over XML-RPC, asked by the standard library's own client."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from segmenter.embedded import Service, demo_server, serve
from segmenter.embedded.demo import DATABASE
from segmenter.embedded.demo_setup import WORK_USER
from segmenter.errors import UsageError


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serve(demo_server(date(2026, 6, 15)), password="open sesame") as served:
        yield served


def _ask(service: Service, path: str, method: str, *args: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{service.url}/xmlrpc/2/{path}") as proxy:
        return getattr(proxy, method)(*args)


def _fault(service: Service, path: str, method: str, *args: Any) -> xmlrpc.client.Fault:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        _ask(service, path, method, *args)
    return caught.value


def _uid(service: Service) -> int:
    uid: int = _ask(service, "common", "authenticate", DATABASE, WORK_USER, "open sesame", {})
    return uid


def test_version(service: Service) -> None:
    assert _ask(service, "common", "version") == {
        "server_version": "19.0",
        "server_version_info": [19, 0, 0, "final", 0, ""],
        "server_serie": "19.0",
        "protocol_version": 1,
    }


@pytest.mark.parametrize("method", ["authenticate", "login"])
def test_who_may_come_in(service: Service, method: str) -> None:
    agent: list[Any] = [{}] if method == "authenticate" else []
    assert _ask(service, "common", method, DATABASE, WORK_USER, "open sesame", *agent) == _uid(service)
    assert _ask(service, "common", method, DATABASE, WORK_USER, "wrong", *agent) is False
    assert _ask(service, "common", method, DATABASE, "nobody", "open sesame", *agent) is False
    fault = _fault(service, "common", method, "elsewhere", WORK_USER, "open sesame", *agent)
    assert fault.faultCode == 1
    assert fault.faultString.strip().endswith('database "elsewhere" does not exist')


def test_calls(service: Service) -> None:
    me = (DATABASE, _uid(service), "open sesame")
    (found,) = _ask(
        service, "object", "execute_kw", *me, "crm.lead", "search", [[["name", "=", "Hotel Sol"]]], {"limit": 5}
    )
    assert _ask(service, "object", "execute", *me, "crm.lead", "read", [found], ["name"]) == [
        {"id": found, "name": "Hotel Sol"}
    ]
    assert _ask(service, "object", "execute_kw", *me, "crm.lead", "write", [[found], {"city": "Arica"}]) is True


def test_faults(service: Service) -> None:
    uid = _uid(service)
    me = (DATABASE, uid, "open sesame")
    for code, call in (
        (3, (DATABASE, uid, "wrong", "crm.lead", "search", [[]])),
        (3, (DATABASE, 9999, "open sesame", "crm.lead", "search", [[]])),
        (1, ("elsewhere", uid, "open sesame", "crm.lead", "search", [[]])),
        (1, (*me, "crm.lead", "search", [[["foo", "=", 1]]])),
        (2, (*me, "crm.foo", "search", [[]])),
        (4, (*me, "crm.stage", "create", [{"name": "x"}])),
    ):
        assert _fault(service, "object", "execute_kw", *call).faultCode == code, call


def test_only_what_is_meant_to_be_called(service: Service) -> None:
    for method in ("_server", "has_user", "system.listMethods"):
        assert _fault(service, "object", method).faultCode == 1


def test_control_characters_are_dropped_from_answers() -> None:
    server = demo_server(date(2026, 6, 15))
    lead = server.execute_kw("crm.lead", "create", [{"name": "a\x00b\x1fc\n"}], {})
    with serve(server, password="x") as service:
        me = (DATABASE, server.identity.uid, "x")
        assert _ask(service, "object", "execute_kw", *me, "crm.lead", "read", [[lead], ["name"]]) == [
            {"id": lead, "name": "abc\n"}
        ]


def test_every_face_invents_its_own_password() -> None:
    server = demo_server(date(2026, 6, 15))
    with serve(server) as one, serve(server) as other:
        assert one.password != other.password
        assert one.url != other.url


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "viveros.example", "::"])
def test_only_this_machine_may_ask(host: str) -> None:
    with pytest.raises(UsageError, match="not an address of this machine alone"):
        serve(demo_server(date(2026, 6, 15)), host)


def test_a_port_that_is_taken(service: Service) -> None:
    port = int(service.url.rsplit(":", 1)[1])
    with pytest.raises(UsageError, match=f"Port {port} cannot be used"):
        serve(demo_server(date(2026, 6, 15)), "localhost", port)
