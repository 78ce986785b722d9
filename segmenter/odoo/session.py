"""A logged-in connection to a real Odoo, and a sentence for each way in which it cannot be made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xmlrpc.client import Fault

from odoorpc.error import RPCError

from segmenter.conditions.near import did_you_mean
from segmenter.conditions.text import unsendable
from segmenter.errors import AuthenticationFailed, ConnectionFailed, SegmenterError
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.address import parse_address
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import NotAnOdoo, Unparsable
from segmenter.odoo.versions import OLDEST
from segmenter.odoo.wire import XmlRpcODOO
from segmenter.redaction import masked

VERSION = re.compile(r"(?:saas[~-])?\d{1,3}(?!\d)[\w.~+-]{,60}", re.ASCII)
"""``19.0``, ``saas~19.2``, ``14.0-20260101``."""
LOCKED = re.compile(r"too many login failures", re.IGNORECASE)


class OdooSession(XmlRpcODOO):
    """A `Server` over XML-RPC, as one work user. Nothing is sent before `connect`.

    ``timeout``: seconds that each call may take as a whole. ``verify``: True, or the path of a file of certificates.
    ``allow_http``: let the key travel unencrypted outside this machine.
    """

    def __init__(
        self,
        url: str,
        database: str,
        login: str,
        secret: str,
        *,
        timeout: float = 120,
        max_response_bytes: int = 100_000_000,
        allow_http: bool = False,
        verify: bool | str = True,
    ) -> None:
        address = parse_address(url, allow_http=allow_http)
        super().__init__(Transport(address, timeout=timeout, max_response_bytes=max_response_bytes, verify=verify))
        if unsendable(secret):
            # Said here, where the key is not shown: a call would show the text it cannot send.
            raise AuthenticationFailed(
                _("The API key holds a control character"), todo=_("copy it again, without what is around it")
            )
        self._wanted = (database, login, secret)
        self._identity: ServerIdentity | None = None

    @property
    def identity(self) -> ServerIdentity:
        """Who answers. Raises `ConnectionFailed` before `connect`."""
        if self._identity is None:
            raise ConnectionFailed(_("There is no connection to Odoo yet"))
        return self._identity

    def connect(self) -> OdooSession:
        """Ask the version and log in. Raises `ConnectionFailed` or `AuthenticationFailed`."""
        database, login, secret = self._wanted
        version = self.ask_version()
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
        """One XML-RPC call, as in `XmlRpcODOO`; what is raised does not repeat the key, in whatever dress."""
        try:
            return super().call(service, method, args)
        except Fault as fault:
            raise Fault(fault.faultCode, masked(str(fault.faultString), self._wanted[2:])) from None
        except ConnectionFailed as error:
            error.what = masked(error.what, self._wanted[2:])  # it may repeat where the server redirects to
            raise

    def ask_version(self) -> str:
        """The version of whoever answers, asked without a login. Raises `ConnectionFailed`."""
        try:
            answer = self.call("common", "version", [])
            version = str(answer.get("server_serie") or answer["server_version"])
            if not VERSION.fullmatch(version):
                raise LookupError(version)
        except Unparsable as error:
            raise NotAnOdoo(error.what, todo=_("check that the url is an Odoo's")) from error
        except (Fault, AttributeError, LookupError, TypeError) as error:
            raise NotAnOdoo(
                _("{url} speaks XML-RPC but is not an Odoo").format(url=self._transport.address.url),
                todo=_("check the url"),
            ) from error
        if 0 < ServerIdentity("", "", version, "", 0).major < OLDEST:
            raise ConnectionFailed(
                _("Odoo {version} is too old: {oldest} is the first that works").format(version=version, oldest=OLDEST),
                todo=_("check the url; if it is the client's, that Odoo must be upgraded first"),
            )
        return version

    def _rejected(self) -> AuthenticationFailed:
        """The server says only yes or no at login; a call tells a locked address from a wrong key."""
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
            todo=_(
                "check login and key; an account with two-factor authentication needs an API key, a key may have "
                "expired, and after several failures wait a minute"
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
        """Databases of this server where it lists them; most do not."""
        try:
            return [str(name) for name in self.call("db", "list", [])]
        except (Fault, ConnectionFailed, TypeError):
            return []


def version_of(url: str, **options: Any) -> str:
    """The version of an Odoo (``19.0``), which it tells without a login; ``options`` as `OdooSession`'s."""
    return OdooSession(url, "", "", "", **options).ask_version()


def connect(url: str, database: str, login: str, secret: str, **options: Any) -> OdooSession:
    """A logged-in `OdooSession`; ``options`` as its own."""
    return OdooSession(url, database, login, secret, **options).connect()
