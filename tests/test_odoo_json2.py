"""JSON-2: calls by the names of their arguments, and errors as the faults that they are over XML-RPC."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import (
    AccessDenied,
    AuthenticationFailed,
    Busy,
    ConnectionFailed,
    OutcomeUnknown,
    Refused,
    ServerError,
    UnknownCall,
)
from segmenter.odoo import faults, json2
from segmenter.odoo.answer import MOST_VALUES
from segmenter.odoo.json2_session import Json2Session
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import Api, OdooSession, connect, transport, version_of
from segmenter.odoo.transport_faults import NotAnOdoo, NothingThere, TooLarge, TransportFailed, Unparsable
from segmenter.odoo.values import UnsendableValue
from segmenter.odoo.versions import has_xml_rpc
from segmenter.odoo.writer import OdooWriter
from tests.support.http_servers import Exchange, Handler, LocalServer, serving, xml

KEY, LOGIN = "5up3r-s3cr3t-key", "work@viveros.example"
Answer = Callable[[str, str, Mapping[str, Any]], Any]
"""Of a call: model, method and named arguments -> the answer, or an `Error`."""


class Error(Exception):
    """An error as Odoo tells it: status, name of the exception with its module, message."""

    def __init__(self, status: int, name: str, message: str) -> None:
        self.status, self.body = status, {"name": name, "message": message, "arguments": [], "context": {}}


class Odoo(Handler):
    """A server that has JSON-2, and XML-RPC where ``server.xmlrpc`` says how it answers."""

    def do_GET(self) -> None:
        said = json.dumps({"version": self.server.version, "version_info": [19, 0]})  # type: ignore[attr-defined]
        below = getattr(self.server, "below", "")
        if self.server.version and self.path == f"{below}/web/version":  # type: ignore[attr-defined]
            self.answer(said.encode(), kind="application/json; charset=utf-8")
        else:
            self.answer(b"<html>", status=404, kind="text/html")


def speaking(answer: Answer) -> Exchange:
    """Answers as Odoo does over JSON-2."""

    def exchange(handler: Handler) -> None:
        _empty, wire, _two, *rest = handler.path.split("/")
        if wire != "json":
            handler.server.xmlrpc(handler)  # type: ignore[attr-defined]
            return
        model, method = rest
        handler.server.heads.append(dict(handler.headers))  # type: ignore[attr-defined]
        try:
            value = own(model, method) or answer(model, method, json.loads(handler.body))
            status = 200
        except Error as error:
            value, status = {**error.body, "debug": f"Traceback of {KEY}\n  in /home/odoo"}, error.status
        handler.answer(json.dumps(value).encode(), status=status, kind="application/json; charset=utf-8")

    return exchange


def own(model: str, method: str) -> Any:
    """What is asked at the login."""
    if (model, method) == ("res.users", "context_get"):
        return {"uid": 7, "lang": "es_CL", "tz": "America/Santiago"}
    return [{"id": 7, "login": LOGIN}] if (model, method) == ("res.users", "read") else None


@pytest.fixture(autouse=True)
def _speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.http_servers.Handler", Odoo)


def server_of(answer: Answer, *, version: str = "19.0", xmlrpc: Exchange | None = None) -> Any:
    class Serving:
        def __enter__(self) -> LocalServer:
            self.context = serving(speaking(answer))
            server = self.context.__enter__()
            server.version, server.heads = version, []  # type: ignore[attr-defined]
            server.xmlrpc = xmlrpc or nothing_there  # type: ignore[attr-defined]
            return server

        def __exit__(self, *error: Any) -> None:
            self.context.__exit__(*error)

    return Serving()


def nothing_there(handler: Handler) -> None:
    handler.answer(b"<html>", status=404, kind="text/html")


def log_in(url: str, api: Api = "json2", login: str = LOGIN, key: str = KEY) -> Any:
    return connect(url, "viveros", login, key, api=api, timeout=5)


def test_a_call_names_its_arguments_and_carries_key_and_database_in_its_head() -> None:
    with server_of(lambda _model, _method, arguments: sorted(arguments)) as server:
        session = log_in(server.url)
        server.bodies.clear(), server.heads.clear()
        assert session.execute_kw("crm.lead", "read", [[1, 2], ["name"]], {"context": {"lang": "es_CL"}}) == [
            "context",
            "fields",
            "ids",
        ]
        assert json.loads(server.bodies[0]) == {"ids": [1, 2], "fields": ["name"], "context": {"lang": "es_CL"}}
        (head,) = server.heads
        assert (head["Authorization"], head["X-Odoo-Database"]) == (f"bearer {KEY}", "viveros")
        assert session.identity.login == LOGIN
        assert (session.identity.uid, session.identity.version, session.identity.url) == (7, "19.0", server.url)


@pytest.mark.parametrize(("made", "told"), [({"name": "Alto"}, 5), ([{"name": "Alto"}], [5])])
def test_one_record_that_is_made_is_told_as_over_xml_rpc(made: Any, told: object) -> None:
    """Odoo answers with a list either way (measured on 19)."""
    with server_of(lambda _model, _method, _arguments: [5]) as server:
        assert log_in(server.url).execute_kw("crm.tag", "create", [made], {}) == told


def test_too_many_arguments_are_the_call_of_another_version() -> None:
    with pytest.raises(Fault) as caught:
        json2.encode("unlink", [[1], True], {})
    assert isinstance(faults.translate(caught.value, "crm.tag", "unlink"), UnknownCall)


@pytest.mark.parametrize("value", ["a\x07b", "\ud83c", "\x00", float("nan"), float("inf"), {"deep": ["\x1b"]}])
def test_what_cannot_be_sent_is_not_sent(value: object) -> None:
    with pytest.raises(UnsendableValue):
        json2.encode("write", [[1], {"name": value}], {})


def test_a_number_past_31_bits_travels() -> None:
    assert b"[4294967296]" in json2.encode("search", [[["id", "in", [2**32]]]], {})
    assert json2.decode("host", 200, b"[4294967296]") == [2**32]


@pytest.mark.parametrize(
    ("status", "name", "message", "kind"),
    [
        (403, "odoo.exceptions.AccessError", "You may not", AccessDenied),
        (403, "odoo.addons.base.models.x.OwnAccess", "You may not", AccessDenied),
        (403, "odoo.exceptions.AccessDenied", "no", AuthenticationFailed),
        (401, "werkzeug.exceptions.Unauthorized", "Invalid apikey", AuthenticationFailed),
        (422, "odoo.exceptions.ValidationError", "Not so", Refused),
        (422, "odoo.exceptions.UserError", "Not so", Refused),
        (404, "odoo.exceptions.MissingError", "It is gone", Refused),
        (409, "odoo.exceptions.LockError", "It is locked", Refused),
        (500, "odoo.exceptions.RedirectWarning", "Go there", Refused),
        (404, "werkzeug.exceptions.NotFound", "the model 'crm.nope' does not exist", Refused),
        (404, "werkzeug.exceptions.NotFound", "The method 'crm.lead.nope' does not exist", UnknownCall),
        (422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'domain'", UnknownCall),
        (422, "werkzeug.exceptions.UnprocessableEntity", "got an unexpected keyword argument 'nope'", UnknownCall),
        (500, "psycopg2.errors.SerializationFailure", "could not serialize access", Busy),
        (500, "builtins.ValueError", "Invalid field crm.lead.nope in condition", ServerError),
        (400, "werkzeug.exceptions.BadRequest", "could not parse the body as json", ServerError),
    ],
)
def test_an_error_is_what_it_is_over_xml_rpc(
    status: int, name: str, message: str, kind: type[Exception], tmp_path: Path
) -> None:
    def fails(*_call: Any) -> Any:
        raise Error(status, name, message)

    with server_of(fails) as server:
        session = log_in(server.url)
        with pytest.raises(kind) as caught:
            OdooReader(session, sleep=lambda _seconds: None).search("crm.lead", [])
        assert type(caught.value) is kind
        for hidden in ("Traceback", "/home/odoo", KEY):
            assert hidden not in str(caught.value)
            assert hidden not in repr(caught.value.__cause__)
        server.bodies.clear()
        with pytest.raises(kind):
            OdooWriter(session).write("crm.lead", [1], {"priority": "3"})
        assert len(server.bodies) == 1


def says(status: int, kind: str = "application/json", body: bytes = b"{}") -> Exchange:
    return lambda handler: handler.answer(body, status=status, kind=kind, Retry_After="0")


@pytest.mark.parametrize(
    "fails",
    [
        says(500),
        says(429),
        says(502, "text/html"),
        says(403, body=b'{"message": "blocked"}'),
        says(500, body=b'{"name": "Gateway", "message": "upstream"}'),
        says(413),
        says(302),
        says(200, body=b"[1, 2"),
        says(200, "text/html", b"<html>"),
        says(200, body=b'{"jsonrpc": "2.0"}'),
    ],
)
def test_what_something_in_between_says_proves_nothing_of_a_write(fails: Exchange) -> None:
    with server_of(lambda *_call: True) as server:
        session = log_in(server.url)
        server.exchange = fails
        server.bodies.clear()
        with pytest.raises(OutcomeUnknown):
            OdooWriter(session).write("crm.lead", [1], {"priority": "3"})
        assert len(server.bodies) == 1


def test_reads_are_repeated_as_over_xml_rpc() -> None:
    with server_of(lambda *_call: [5]) as server:
        session = log_in(server.url)
        healthy, failing = server.exchange, [says(503), says(429), says(502, "text/html")]
        server.exchange = lambda handler: (failing.pop(0) if failing else healthy)(handler)
        assert OdooReader(session, sleep=lambda _seconds: None).search("crm.lead", []) == [5]


@pytest.mark.parametrize(
    "body", [b"", b"[", b"\xff", b"[" * 100_000, b'"\\ud83c"', b'"a\x01"', b"9" * 5_000, b'{"a": 1} x']
)
def test_garbage_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unparsable, match="is not readable JSON-2"):
        json2.decode("host", 200, body)


def test_an_answer_of_too_many_values_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(TooLarge):
        json2.decode("host", 200, b"[" + b"[]," * MOST_VALUES + b"0]")


def test_texts_are_as_over_xml_rpc() -> None:
    body = json.dumps({"name": "a\x1bb\r\nc\rd\te \U0001f331", "plain": ["x\n"]}).encode()
    assert json2.decode("host", 200, body) == {"name": "ab\nc\nd\te \U0001f331", "plain": ["x\n"]}


# The login


def test_a_key_that_is_not_accepted() -> None:
    with server_of(lambda *_call: True) as server:
        server.exchange = says_no
        with pytest.raises(AuthenticationFailed) as caught:
            log_in(server.url)
    assert caught.value.what == "127.0.0.1 does not accept this API key"
    assert "MCP" in caught.value.todo


def says_no(handler: Handler) -> None:
    body = Error(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey").body
    handler.answer(json.dumps(body).encode(), status=401, kind="application/json")


def test_a_key_of_somebody_else() -> None:
    with server_of(lambda *_call: True) as server, pytest.raises(AuthenticationFailed) as caught:
        log_in(server.url, login="ana@viveros.example")
    assert caught.value.what == f"The API key is that of {LOGIN}, not of ana@viveros.example"


@pytest.mark.parametrize("key", ["clavé", "a\nb", "a\x00b"])
def test_a_key_that_no_head_can_carry_is_not_sent(key: str) -> None:
    with server_of(lambda *_call: True) as server:
        with pytest.raises(AuthenticationFailed, match="holds a character that no key has"):
            log_in(server.url, key=key)
        assert server.bodies == []


def test_a_database_that_is_not_there() -> None:
    with server_of(lambda *_call: True) as server:
        server.exchange = nothing_there
        with pytest.raises(ConnectionFailed) as caught:
            log_in(server.url)
    assert caught.value.what == "127.0.0.1 has no database “viveros”"


@pytest.mark.parametrize("version", ["17.0", "new and shiny", "9" * 500])
def test_a_version_that_has_no_json_2(version: str) -> None:
    with server_of(lambda *_call: True, version=version) as server, pytest.raises(ConnectionFailed):
        log_in(server.url)


@pytest.mark.parametrize(("told", "version"), [("19.0+e", "19.0"), ("saas~19.2+e", "saas~19.2"), ("20.0", "20.0")])
def test_the_version_is_told_as_over_xml_rpc(told: str, version: str) -> None:
    with server_of(lambda *_call: True, version=told) as server:
        assert log_in(server.url).identity.version == version
        assert version_of(server.url) == version


# Which wire


def old(handler: Handler) -> None:
    """XML-RPC as a server of some version speaks it."""
    is_version = b"<methodName>version<" in handler.body
    version: Any = {"server_version": handler.server.version}  # type: ignore[attr-defined]
    is_login = b"<methodName>login<" in handler.body
    handler.answer(xml(version if is_version else 7 if is_login else [{"id": 7, "lang": "es_CL", "tz": "UTC"}]))


@pytest.mark.parametrize(
    ("version", "xmlrpc", "api", "kind"),
    [
        ("19.0", old, "auto", OdooSession),
        ("19.0", old, "xmlrpc", OdooSession),
        ("19.0", old, "json2", Json2Session),
        ("19.0", None, "auto", Json2Session),
        ("22.0", old, "auto", Json2Session),
        ("22.0", old, "xmlrpc", OdooSession),
        ("saas~21.1", old, "auto", Json2Session),
        ("21.0", old, "auto", OdooSession),
        ("23.0", None, "auto", Json2Session),
    ],
)
def test_the_wire_is_chosen(version: str, xmlrpc: Exchange | None, api: Api, kind: type[object]) -> None:
    with server_of(lambda *_call: True, version=version, xmlrpc=xmlrpc) as server:
        assert type(log_in(server.url, api)) is kind


@pytest.mark.parametrize(("version", "api"), [("", "auto"), ("18.0", "auto"), ("19.0", "xmlrpc")])
def test_where_there_is_neither_the_error_is_that_of_xml_rpc(version: str, api: Api) -> None:
    with server_of(lambda *_call: True, version=version) as server, pytest.raises(NothingThere, match="for XML-RPC"):
        log_in(server.url, api)


@pytest.mark.parametrize("api", ["auto", "json2"])
def test_odoo_is_looked_for_below_a_path_that_could_be_its_own(api: Api) -> None:
    """``https://host/odoo`` is a page of Odoo's, or where a proxy has Odoo."""
    with server_of(lambda *_call: True, xmlrpc=old) as server:
        healthy = server.exchange

        def below(handler: Handler) -> None:
            if not handler.path.startswith("/odoo/"):
                return nothing_there(handler)
            handler.path = handler.path.removeprefix("/odoo")
            return healthy(handler)

        server.exchange, server.below = below, "/odoo"  # type: ignore[attr-defined]
        assert log_in(f"{server.url}/odoo/", api).identity.url == f"{server.url}/odoo"
        with pytest.raises(NothingThere):
            log_in(f"{server.url}/web", api)


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("14.0", True),
        ("19.0", True),
        ("saas~19.2", True),
        ("21.0", True),
        ("saas~21.1", False),
        ("saas-21.2", False),
        ("22.0", False),
    ],
)
def test_which_versions_have_xml_rpc(version: str, has: bool) -> None:
    assert has_xml_rpc(version) is has


def test_there_is_no_identity_before_the_login() -> None:
    session = Json2Session(transport("https://viveros.example", "v"), "v", LOGIN, KEY)
    with pytest.raises(ConnectionFailed, match="There is no connection to Odoo yet"):
        _ = session.identity


def test_the_key_is_in_no_error() -> None:
    def elsewhere(handler: Handler) -> None:
        handler.answer(b"", status=302, Location=f"https://other.example/?key={KEY}")

    with server_of(lambda *_call: True) as server:
        session = log_in(server.url)
        server.exchange = elsewhere
        with pytest.raises(NotAnOdoo) as caught:
            session.execute_kw("crm.lead", "search", [[]], {})
        assert KEY not in str(caught.value)
        assert isinstance(caught.value, TransportFailed)
