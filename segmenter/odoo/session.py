"""Logs in to a real Odoo, with a plain sentence for each way in which that can fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xmlrpc.client import Fault

from odoorpc.error import RPCError

from segmenter.address import parse_address
from segmenter.conditions.near import did_you_mean
from segmenter.conditions.text import unsendable
from segmenter.errors import AuthenticationFailed, ConnectionFailed, SegmenterError
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.hosts import kind_of, pace_of, with_plan
from segmenter.odoo.json2_session import Json2Session
from segmenter.odoo.pacing import HostPace, Pacer
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import XML_RPC, NotAnOdoo, NothingThere, Unparsable
from segmenter.odoo.versions import OLDEST, has_xml_rpc
from segmenter.odoo.wire import XmlRpcODOO

Api = Literal["auto", "xmlrpc", "json2"]
VERSION = re.compile(r"(?:saas[~-])?\d{1,3}(?!\d)[\w.~+-]{,60}", re.ASCII)
"""``19.0``, ``saas~19.2``, ``14.0-20260101``."""
LOCKED = re.compile(r"too many login failures", re.IGNORECASE)


class OdooSession(XmlRpcODOO):
    """A `Server` over XML-RPC, as one work user. Nothing is sent before `connect`. ``options``: as `transport`'s."""

    def __init__(
        self,
        url: str,
        database: str,
        login: str,
        secret: str,
        **options: Any,
    ) -> None:
        super().__init__(transport(url, database, **options))
        if unsendable(secret):
            # Checked here: the error of a call would show the text that it cannot send.
            raise AuthenticationFailed(
                _("The API key holds a control character"), todo=_("copy it again, without what is around it")
            )
        self._wanted = (database, login, secret)
        self._identity: ServerIdentity | None = None

    @property
    def identity(self) -> ServerIdentity:
        """The server and the user. Raises `ConnectionFailed` before `connect`."""
        if self._identity is None:
            raise ConnectionFailed(_("There is no connection to Odoo yet"))
        return self._identity

    def connect(self, version: str = "") -> OdooSession:
        """Asks for the version, if not known, and logs in. Raises `ConnectionFailed` or `AuthenticationFailed`."""
        database, login, secret = self._wanted
        version = version or self.ask_version()
        self._connector.version = version
        try:
            self.login(database, login, secret)
        except RPCError as error:
            raise self._rejected() from error
        except Fault as fault:
            raise self._login_fault(fault) from fault
        self._identity = ServerIdentity(self._transport.address.url, database, version, login, self.env.uid)
        return self

    def call(self, service: str, method: str, args: Sequence[Any]) -> Any:
        """One XML-RPC call, as in `XmlRpcODOO`. The key is taken out of every error."""
        with faults.without(self._wanted[2]):
            return super().call(service, method, args)

    def ask_version(self) -> str:
        """The version of the server, which it tells without a login. Raises `ConnectionFailed`."""
        try:
            answer = self.call("common", "version", [])
            version = str(answer.get("server_serie") or answer["server_version"])
            if not VERSION.fullmatch(version):
                raise LookupError(version)
        except Unparsable as error:
            raise NotAnOdoo(error.what, todo=_("check that the url is an Odoo's")) from error
        except (Fault, AttributeError, LookupError, TypeError) as error:
            raise NotAnOdoo(
                _("{url} speaks {wire} but is not an Odoo").format(url=self._transport.address.url, wire=XML_RPC.name),
                todo=_("check the url"),
            ) from error
        if 0 < ServerIdentity("", "", version, "", 0).major < OLDEST:
            raise ConnectionFailed(
                _("Odoo {version} is too old: {oldest} is the first that works").format(version=version, oldest=OLDEST),
                todo=_("check the url; if it is the client's, that Odoo must be upgraded first"),
            )
        return version

    def _rejected(self) -> AuthenticationFailed:
        """The error after a refused login. One more call tells a locked address from a wrong key."""
        database, login, secret = self._wanted
        try:
            self.call("object", "execute_kw", [database, 1, secret, "res.users", "search", [[]], {}])
        except Fault as fault:
            if fault.faultCode == 3 and LOCKED.search(str(fault.faultString)):
                return AuthenticationFailed(
                    _("{host} has locked this address out after too many failed logins").format(host=self.host),
                    todo=_("wait a minute, then try again with the right key"),
                )
        return AuthenticationFailed(
            _("{host} does not accept the login {login} with this key or password").format(host=self.host, login=login),
            todo=with_plan(
                _(
                    "check login and key; an account with two-factor authentication needs an API key, a key may have "
                    "expired or be made for another use (MCP), and after several failures wait a minute"
                ),
                self._transport.address,
                database,
            ),
        )

    def _login_fault(self, fault: Fault) -> SegmenterError:
        database = self._wanted[0]
        if faults.missing_database(fault) is None:
            return faults.translate(fault, "res.users", "login")
        return ConnectionFailed(
            _("{host} has no database “{database}”").format(host=self.host, database=database),
            todo=did_you_mean(
                database,
                self._databases(),
                _("check odoo.database; on Odoo Online it is the name before .odoo.com"),
            ),
        )

    def _databases(self) -> list[str]:
        """The databases of the server, if it lists them; most do not."""
        try:
            return [str(name) for name in self.call("db", "list", [])]
        except (Fault, ConnectionFailed, TypeError):
            return []


def transport(
    url: str,
    database: str,
    *,
    timeout: float = 120,
    max_response_bytes: int = 100_000_000,
    allow_http: bool = False,
    verify: bool | str = True,
    pace: HostPace | None = None,
    prefix: bool = False,
) -> Transport:
    """How a session reaches its server.

    ``timeout``: seconds that each call may take as a whole. ``verify``: True, or the path of a file of certificates.
    ``allow_http``: let the key travel unencrypted outside this machine. ``pace``: how fast the host may be asked, where
    it is not what its kind asks for (`odoo.hosts`). ``prefix``: as `parse_address` has it.
    """
    address = parse_address(url, allow_http=allow_http, prefix=prefix)
    pacer = Pacer(pace_of(kind_of(address, database), pace))
    return Transport(address, timeout=timeout, max_response_bytes=max_response_bytes, verify=verify, pacer=pacer)


def version_of(url: str, **options: Any) -> str:
    """The version of an Odoo (``19.0``), which it tells without a login; ``options`` as `transport`'s."""
    try:
        return OdooSession(url, "", "", "", **options).ask_version()
    except NothingThere:
        return Json2Session(transport(url, "", **options), "", "", "").ask_version()


def connect(url: str, database: str, login: str, secret: str, *, api: Api = "auto", **options: Any) -> Server:
    """A logged-in session; ``options`` as `transport`'s.

    ``auto``: XML-RPC as long as the server has it, then JSON-2. A path of the url that may be a page of Odoo's or the
    place where a proxy has it (``/odoo``) is tried as the latter where there is nothing at the server's root.

    Raises `ConnectionFailed` or `AuthenticationFailed`.
    """
    try:
        return _connect(url, database, login, secret, api, options)
    except NothingThere:
        if parse_address(url, allow_http=True).path == parse_address(url, allow_http=True, prefix=True).path:
            raise
    return _connect(url, database, login, secret, api, {**options, "prefix": True})


def _connect(url: str, database: str, login: str, secret: str, api: Api, options: Mapping[str, Any]) -> Server:
    if api != "json2":
        session = OdooSession(url, database, login, secret, **options)
        try:
            version = session.ask_version()
        except NothingThere:
            if api == "xmlrpc" or not _speaks_json2(url, database, options):
                raise
        else:
            if api == "xmlrpc" or has_xml_rpc(version):
                return session.connect(version)
    return Json2Session(transport(url, database, **options), database, login, secret).connect()


def _speaks_json2(url: str, database: str, options: Mapping[str, Any]) -> bool:
    try:
        Json2Session(transport(url, database, **options), database, "", "").ask_version()
    except ConnectionFailed:
        return False
    return True
