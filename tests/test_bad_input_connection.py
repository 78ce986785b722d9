"""Servers that cannot be reached or will not let us in: one sentence in each language, and nothing left behind."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from xmlrpc.client import Fault

import keyring
import pytest
import trustme
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from segmenter.cli import connection
from segmenter.ledger import open_ledger
from tests.support.bad_input import Office, connected, forward, says
from tests.support.bad_input import office as office
from tests.support.http_servers import Exchange, Handler, LocalServer, odoo, serving

__all__ = ["connected"]
VERSION = {"server_version": "19.0", "server_serie": "19.0"}

ADDRESS = "This is not the address of a server", "write it as https://name.example"
UNREACHABLE = "{host} cannot be reached on port {port}", "check the url and that the server is running"
NO_DATABASE = (
    "{host} has no database “{database}”",
    "check odoo.database; on Odoo Online it is the name before .odoo.com",
)
REJECTED = (
    "{host} does not accept the login {login} with this key or password",
    "check login and key; an account with two-factor authentication needs an API key, a key may have expired or "
    "be made for another use (MCP), and after several failures wait a minute",
)
NO_SUCH_KEY = (
    "{host} does not accept this API key",
    "it may have expired, be a password, be of another database, or be made for another use (MCP): have a new one made",
)
OWN_KEY = (
    "The API key is that of {owner}, not of {login}",
    "check odoo.user, or take the key of the work user",
)
LOCKED = (
    "{host} has locked this address out after too many failed logins",
    "wait a minute, then try again with the right key",
)
UNREADABLE = "The answer of {host} is not readable {wire}"


@pytest.mark.parametrize(
    "url",
    ["viveros", "ftp://viveros.example", "https://", "http://[::1", "https://vive ros.example", "https://x:99999"],
)
def test_a_wrong_url(office: Office, url: str) -> None:
    office.write(url=url)
    office.refuses("plan", "viveros.yaml", code=1, says=says(*ADDRESS, "viveros.yaml:3:8"))


def test_a_url_with_a_password_in_it(office: Office) -> None:
    office.write(url="https://work:hunter22@viveros.example")
    told = says(
        "An address holds a user and password",
        "delete it, change it in Odoo, and keep it in the keyring or in SEGMENTER_API_KEY",
        "viveros.yaml:3:8",
    )
    result = office.refuses("plan", "viveros.yaml", code=1, says=told)
    assert "hunter22" not in result.output


def test_http_outside_this_machine(office: Office) -> None:
    office.write(url="http://viveros.example")
    told = says(
        "http to {host} would send the key unencrypted",
        "use https, or --allow-http if you know that nobody can listen",
        host="viveros.example",
    )
    office.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize("words", [["plan"], ["check"], ["verify"], ["explain", "Hotel Sol"]])
def test_an_unreachable_host(office: Office, words: list[str]) -> None:
    office.write()
    told = says(*UNREACHABLE, host="127.0.0.1", port=1)
    office.refuses(words[0], "viveros.yaml", *words[1:], code=1, says=told)


def test_a_host_that_does_not_exist(office: Office) -> None:
    office.write(url="https://viveros.invalid")
    told = says(
        "There is no server called {host}", "check the spelling of the url and the network", host="viveros.invalid"
    )
    office.refuses("plan", "viveros.yaml", code=1, says=told)


def test_validate_goes_on_without_the_server_and_says_why(office: Office) -> None:
    office.write()
    why = says(*UNREACHABLE, host="127.0.0.1", port=1)
    first = office.done("validate", "viveros.yaml").stderr.splitlines()[0]
    assert first == str(says("Not checked against the server: {why}", why=why))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_that_nobody_vouches_for(office: Office, authority: trustme.CA) -> None:
    with serving(odoo(lambda *_call: VERSION), _tls(authority, "127.0.0.1")) as server:
        office.write(url=server.url)
        told = says(
            "The certificate of {host} comes from an unknown authority",
            "have the server's certificate put right, or give the file of its authority with --ca-file",
            host="127.0.0.1",
        )
        office.refuses("plan", "viveros.yaml", code=1, says=told)
        assert server.bodies == [], "the key was not sent"


def test_a_certificate_for_another_name(office: Office, authority: trustme.CA) -> None:
    authority.cert_pem.write_to_path(str(office.folder / "ca.pem"))
    with serving(odoo(lambda *_call: VERSION), _tls(authority, "other.example")) as server:
        office.write(url=server.url)
        told = says(
            "The certificate of {host} is for another name",
            "have the server's certificate put right, or give the file of its authority with --ca-file",
            host="127.0.0.1",
        )
        office.refuses("plan", "viveros.yaml", "--ca-file", "ca.pem", code=1, says=told)
        assert server.bodies == [], "the key was not sent"


def test_a_file_of_certificates_that_is_not_there(office: Office) -> None:
    office.write(url="https://viveros.invalid")
    told = says(
        "The certificate file {path} cannot be read", "give a file of certificates in PEM format", path="none.pem"
    )
    office.refuses("plan", "viveros.yaml", "--ca-file", "none.pem", code=1, says=told)


def test_a_port_that_speaks_no_tls(office: Office) -> None:
    with serving(odoo(lambda *_call: VERSION)) as server:
        port = server.server_address[1]
        office.write(url=f"https://127.0.0.1:{port}")
        told = says(
            "{host} does not speak TLS on port {port}", "check the port in the url", host="127.0.0.1", port=port
        )
        office.refuses("plan", "viveros.yaml", code=1, says=told)


def _web_page(handler: Handler) -> None:
    handler.answer(b"<!DOCTYPE html><html><body>Welcome</body></html>", kind="text/html")


def _nothing(handler: Handler) -> None:
    handler.answer(b"", status=404)


def _elsewhere(handler: Handler) -> None:
    handler.answer(b"", status=301, Location="https://www.viveros.example/")


def _garbage(handler: Handler) -> None:
    handler.answer(b"\x00\xff garbage")


def _cut_short(handler: Handler) -> None:
    handler.answer(b"<?xml version='1.0'?><methodResponse><params><par")


def _entities(handler: Handler) -> None:
    handler.answer(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse>&b;</methodResponse>")


NO_ODOO: dict[str, tuple[Exchange, str, str]] = {
    "a web page": (
        _web_page,
        "{url} answers with a web page, not with Odoo's {wire}",
        "check the url: only https:// and the server's name, as in the browser's address bar",
    ),
    "nothing there": (
        _nothing,
        "{url} has no Odoo: its address for {wire} answers 404",
        "check the url: only https:// and the server's name, as in the browser's address bar",
    ),
    "a redirection": (
        _elsewhere,
        "{url} redirects to {location}",
        "write the address it redirects to, without a path, as the url",
    ),
    "another program": (
        odoo(lambda *_call: Fault(-32601, "method not found")),
        "{url} speaks {wire} but is not an Odoo",
        "check the url",
    ),
    "garbage": (_garbage, UNREADABLE, "check that the url is an Odoo's"),
    "half an answer": (_cut_short, UNREADABLE, "check that the url is an Odoo's"),
    "entities": (
        _entities,
        "The answer of {host} holds XML entities, which Odoo never sends",
        "check that the url is an Odoo's",
    ),
}


@pytest.mark.parametrize("what", NO_ODOO)
def test_not_an_odoo(office: Office, what: str) -> None:
    exchange, sentence, todo = NO_ODOO[what]
    with serving(exchange) as server:
        office.write(url=server.url)
        told = says(
            sentence, todo, host="127.0.0.1", url=server.url, wire="XML-RPC", location="https://www.viveros.example/"
        )
        office.refuses("plan", "viveros.yaml", code=1, says=told)


def test_a_wrong_database(connected: Office) -> None:
    connected.write(database="viveritos")
    told = says(*NO_DATABASE, host="127.0.0.1", database="viveritos")
    connected.refuses("plan", "viveros.yaml", code=1, says=told)


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_a_wrong_password(connected: Office, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("SEGMENTER_API_KEY", "not-the-password-of-anybody")
    told = says(*REJECTED, host="127.0.0.1", login=connected.user)
    result = connected.refuses(command, "viveros.yaml", code=1, says=told)
    assert "not-the-password-of-anybody" not in result.output


def _closed(fault: Fault) -> Exchange:
    """An Odoo that lets nobody in; ``fault`` is what it answers to a call without a login."""
    return odoo(lambda method, _params: {"version": VERSION, "execute_kw": fault, "execute": fault}.get(method, False))


def test_a_locked_out_address(office: Office) -> None:
    with serving(_closed(Fault(3, "Too many login failures, please wait a bit before trying again."))) as server:
        office.write(url=server.url)
        office.refuses("plan", "viveros.yaml", code=1, says=says(*LOCKED, host="127.0.0.1"))


def test_a_two_factor_account_with_a_password(office: Office) -> None:
    """Odoo answers as to a wrong password, and what the work user needs to know is in what to do."""
    with serving(_closed(Fault(3, "Access Denied"))) as server:
        office.write(url=server.url)
        result = office.refuses(
            "plan", "viveros.yaml", code=1, says=says(*REJECTED, host="127.0.0.1", login=office.user)
        )
        assert "API" in result.stderr


class _BrokenKeyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError("the bus is gone")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture(params=[NoKeyring, _BrokenKeyring])
def without_keyring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SEGMENTER_API_KEY")
    before = keyring.get_keyring()
    keyring.set_keyring(request.param())
    yield
    keyring.set_keyring(before)


def test_no_key_anywhere(connected: Office, without_keyring: None) -> None:
    told = says(
        "There is no API key for {user} at {url}",
        "set SEGMENTER_API_KEY, or keep it with: keyring set segmenter {name}",
        user=connected.user,
        url=connected.url,
        name=f"{connected.user}@{connected.url}/viveros",
    )
    connected.refuses("plan", "viveros.yaml", code=2, says=told)


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_nobody_types_the_key(
    connected: Office, without_keyring: None, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def typed(*_question: object, **_options: object) -> str:
        raise end

    monkeypatch.setattr(connection, "somebody_there", lambda: True)
    monkeypatch.setattr(connection.getpass, "getpass", typed)
    told = says("Stopped. Nothing was left half done: what had begun is in the ledger.")
    # After ^C, which the terminal shows, the sentence begins a line of its own.
    connected.refuses("plan", "viveros.yaml", code=130, says=f"\n{told}" if end is KeyboardInterrupt else told)


def test_a_key_with_a_control_character(connected: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_API_KEY", "k\x07ey-of-somebody")
    told = says("The API key holds a control character", "copy it again, without what is around it")
    assert "ey-of-somebody" not in connected.refuses("plan", "viveros.yaml", code=1, says=told).output


def test_garbage_while_a_plan_is_made(connected: Office, tmp_path: Path) -> None:
    """A plan that cannot be finished is not in the ledger at all."""
    office = connected
    office.done("plan", "viveros.yaml")
    server: LocalServer

    def half_way(handler: Handler) -> None:
        if len(server.bodies) < 6:
            forward(handler, office.url)
        else:
            handler.answer(b"\x00 garbage")

    with serving(half_way) as server:
        office.write(url=server.url)
        told = says(UNREADABLE, "try again; if it stays, look into the server's log", host="127.0.0.1", wire="XML-RPC")
        office.refuses("plan", "viveros.yaml", code=1, says=told)
    with open_ledger(tmp_path / "segmenter.ledger") as ledger:
        assert [plan.id for plan in ledger.plans()] == ["P1"]
