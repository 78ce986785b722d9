"""Connecting: the version, the login, and a sentence for each way in which it cannot be."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable
from xmlrpc.client import Fault

import pytest

from segmenter.address import parse_address
from segmenter.errors import AuthenticationFailed, ConnectionFailed, SegmenterError
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.session import OdooSession, connect
from segmenter.odoo.transport_faults import NotAnOdoo, refuse_head
from tests.support.http_servers import Handler, LocalServer, odoo, serving

KEY = "5up3r-s3cr3t-k3y"
NO_DATABASE = Fault(
    1,
    'Traceback (most recent call last):\n  File "x.py"\npsycopg2.OperationalError: connection failed: '
    'FATAL:  database "vivero" does not exist\n',
)


class Odoo:
    """What a server answers, changed by each test."""

    def __init__(self) -> None:
        self.version: object = {"server_version": "19.0-20260901", "server_serie": "19.0", "protocol_version": 1}
        self.login: object = 7
        self.answer: object = [{"id": 7, "lang": "es_CL", "tz": "America/Santiago"}]
        self.databases: object = Fault(3, "Access Denied")

    def __call__(self, method: str, params: tuple) -> object:
        return {"version": self.version, "login": self.login, "list": self.databases}.get(method, self.answer)


def connecting(configure: Callable[[Odoo], None], **options: object) -> tuple[SegmenterError, LocalServer]:
    server_says = Odoo()
    configure(server_says)
    with serving(odoo(server_says)) as server:
        with pytest.raises(SegmenterError) as caught:
            connect(server.url, "vivero", "ana@viveros.example", KEY, **options)
        assert KEY not in str(caught.value)
        return caught.value, server


def test_a_connection_knows_who_answers() -> None:
    with serving(odoo(Odoo())) as server:
        session = connect(server.url + "/web", "viveros", "ana@viveros.example", KEY)
        assert session.identity == ServerIdentity(server.url, "viveros", "19.0", "ana@viveros.example", 7)
        assert session.env.context == {"lang": "es_CL", "tz": "America/Santiago", "uid": 7}
        assert session.version == "19.0"
        assert len(server.bodies) == 3


def test_nothing_is_sent_before_connect() -> None:
    with serving(odoo(Odoo())) as server:
        session = OdooSession(server.url, "viveros", "ana", KEY)
        with pytest.raises(ConnectionFailed, match="There is no connection to Odoo yet"):
            _ = session.identity
        assert server.bodies == []


def test_a_wrong_key_a_second_factor_and_an_expired_key_look_alike() -> None:
    def configure(says: Odoo) -> None:
        says.login, says.answer = False, Fault(3, "Access Denied")

    error, server = connecting(configure)
    assert isinstance(error, AuthenticationFailed)
    assert error.what == "127.0.0.1 does not accept the login ana@viveros.example with this key or password"
    assert "two-factor authentication needs an API key" in error.todo
    assert len(server.bodies) == 3


def test_a_locked_out_address_is_told_from_a_wrong_key() -> None:
    def configure(says: Odoo) -> None:
        says.login = False
        says.answer = Fault(3, "Too many login failures, please wait a bit before trying again.")

    error, _server = connecting(configure)
    assert error.what == "127.0.0.1 has locked this address out after too many failed logins"


def test_a_wrong_database_with_the_names_that_are_near() -> None:
    def configure(says: Odoo) -> None:
        says.login, says.databases = NO_DATABASE, ["viveros", "other"]

    error, _server = connecting(configure)
    assert str(error) == "127.0.0.1 has no database “vivero”; did you mean viveros?"


@pytest.mark.parametrize("listed", [Fault(3, "Access Denied"), ["quite different"], False])
def test_a_wrong_database_where_none_is_listed(listed: object) -> None:
    def configure(says: Odoo) -> None:
        says.login, says.databases = NO_DATABASE, listed

    error, _server = connecting(configure)
    assert str(error).startswith("127.0.0.1 has no database “vivero”; check odoo.database")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (Fault(1, "no such method"), "speaks XML-RPC but is not an Odoo"),
        ("4.2", "speaks XML-RPC but is not an Odoo"),
        ({"wordpress": "6"}, "speaks XML-RPC but is not an Odoo"),
        ({"server_version": ["19.0"]}, "speaks XML-RPC but is not an Odoo"),
        ({"server_version": True}, "speaks XML-RPC but is not an Odoo"),
        ({"server_version": "9" * 5_000}, "speaks XML-RPC but is not an Odoo"),
        ({"server_version": "new and shiny"}, "speaks XML-RPC but is not an Odoo"),
        ({"server_version": "12.0"}, "Odoo 12.0 is too old: 14 is the first that works"),
    ],
)
def test_what_is_not_an_odoo_that_works(version: object, said: str) -> None:
    error, server = connecting(lambda says: setattr(says, "version", version))
    assert said in str(error)
    assert error.todo
    assert len(server.bodies) == 1


def test_garbage_is_not_an_odoo() -> None:
    with serving(lambda handler: handler.answer(b"garbage")) as server, pytest.raises(NotAnOdoo) as caught:
        connect(server.url, "crm", "ana", KEY)
    assert str(caught.value) == "The answer of 127.0.0.1 is not readable XML-RPC; check that the url is an Odoo's"


def test_another_fault_at_login_keeps_its_last_line() -> None:
    error, _server = connecting(
        lambda says: setattr(says, "login", Fault(1, "Traceback\n  x\nKeyError: 'res.users'\n"))
    )
    assert error.what == "Odoo failed at login of res.users: KeyError: 'res.users'"


@pytest.mark.parametrize("login", [True, 0, -7, "7", [7], {"uid": 7}, None, 7.0])
def test_a_login_that_is_no_user(login: object) -> None:
    error, _server = connecting(lambda says: setattr(says, "login", login))
    assert error.what == "The answer of 127.0.0.1 to login of res.users is not of the form that Odoo gives"
    assert error.todo


@pytest.mark.parametrize("own", [True, {}, [True], [{"id": 7}], [[7]], "es_CL"])
def test_a_user_that_is_none(own: object) -> None:
    error, _server = connecting(lambda says: setattr(says, "answer", own))
    assert error.what == "The answer of 127.0.0.1 to read of res.users is not of the form that Odoo gives"


def test_a_saas_version_is_understood() -> None:
    says = Odoo()
    says.version = {"server_version": "saas~19.2+e", "server_serie": "saas~19.2"}
    with serving(odoo(says)) as server:
        assert connect(server.url, "crm", "ana", KEY).identity.major == 19


def test_http_is_refused_before_a_connection_is_made() -> None:
    with pytest.raises(ConnectionFailed, match=r"http to viveros\.example would send the key unencrypted"):
        OdooSession("http://viveros.example", "crm", "ana", KEY)


def test_a_key_with_a_control_character_is_refused_and_not_shown() -> None:
    with pytest.raises(AuthenticationFailed) as caught:
        OdooSession("https://viveros.example", "crm", "ana", KEY + "\x00")
    assert KEY not in str(caught.value)


def test_the_key_is_not_shown_by_a_fault_that_repeats_it() -> None:
    says = Odoo()
    with serving(odoo(says)) as server:
        session = connect(server.url, "crm", "ana", KEY)
        says.answer = Fault(1, f"Traceback\nTypeError: dispatch('crm', 7, '{KEY}') missing 1 argument")
        with pytest.raises(Fault) as caught:
            session.execute_kw("crm.lead", "search", [[]], {})
    assert KEY not in str(caught.value)
    assert "dispatch('crm', 7, '***')" in caught.value.faultString


@pytest.mark.parametrize("dress", [KEY, base64.b64encode(KEY.encode()).decode(), "%0A".join(KEY)])
def test_the_key_is_not_shown_by_an_address_that_it_is_sent_on_to(dress: str) -> None:
    says = odoo(Odoo())

    def exchange(handler: Handler) -> None:
        if handler.path.endswith("object"):
            handler.answer(b"", status=302, Location=f"https://elsewhere.example/?k={dress}")
        else:
            says(handler)

    with serving(exchange) as server, pytest.raises(SegmenterError) as caught:
        connect(server.url, "crm", "ana", KEY).execute_kw("crm.lead", "write", [[1], {}], {})
    assert dress not in str(caught.value)
    assert "elsewhere.example/?k=***" in str(caught.value)


def test_a_session_shows_no_key() -> None:
    session = OdooSession("https://viveros.example", "crm", "ana", KEY)
    assert KEY not in repr(session)
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(session)


@pytest.mark.parametrize(("url", "told"), [("https://viveros.odoo.com", True), ("https://viveros.example", False)])
def test_a_refused_login_at_odoo_online_may_be_that_of_a_plan_without_an_api(url: str, told: bool) -> None:
    session = OdooSession(url, "viveros", "ana@viveros.example", KEY)
    session.call = lambda *_call: 0  # type: ignore[method-assign]
    assert ("Custom plan" in session._rejected().todo) is told
    with pytest.raises(NotAnOdoo) as caught:
        refuse_head(parse_address(url), 403, {})
    assert ("Custom plan" in caught.value.todo) is told
