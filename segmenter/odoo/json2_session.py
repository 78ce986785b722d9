"""A `Server` over JSON-2. It knows no login, only a key: whose it is, the server tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from xmlrpc.client import Fault

from segmenter.address import Address
from segmenter.errors import AuthenticationFailed, ConnectionFailed
from segmenter.i18n import _
from segmenter.odoo import faults
from segmenter.odoo.hosts import with_plan
from segmenter.odoo.json2 import decode, encode
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.shapes import Misshapen, are_rows, is_id
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import JSON_2, PASSING, NotAnOdoo, NothingThere, refuse_head
from segmenter.odoo.versions import JSON_2_SINCE

VERSION = re.compile(r"((?:saas[~-])?\d{1,3}(?!\d)(?:\.\d{1,3})?)[\w.~+-]{,60}", re.ASCII)
"""``19.0`` in ``19.0+e``; ``saas~19.2``."""


class Json2Session:
    """A `Server` over JSON-2. Nothing is sent before `connect`. Thread-safe after it."""

    def __init__(self, transport: Transport, database: str, login: str, key: str) -> None:
        self._transport = transport
        self._database, self._login, self._key = database, login, key
        self._identity: ServerIdentity | None = None

    @property
    def identity(self) -> ServerIdentity:
        """The server and the user. Raises `ConnectionFailed` before `connect`."""
        if self._identity is None:
            raise ConnectionFailed(_("There is no connection to Odoo yet"))
        return self._identity

    def connect(self) -> Json2Session:
        """Asks for the version and whose the key is. Raises `ConnectionFailed` or `AuthenticationFailed`."""
        version, host = self.ask_version(), self._transport.address.host
        if not (self._key.isascii() and self._key.isprintable()):
            raise AuthenticationFailed(
                _("The API key holds a character that no key has"), todo=_("copy it again, without what is around it")
            )
        try:
            uid, login = self._owner()
        except NothingThere as error:
            raise ConnectionFailed(
                _("{host} has no database “{database}”").format(host=host, database=self._database),
                todo=_("check odoo.database; on Odoo Online it is the name before .odoo.com"),
            ) from error
        except Fault as fault:
            if fault.faultCode != 3:
                raise faults.translate(fault, "res.users", "context_get") from fault
            raise AuthenticationFailed(
                _("{host} does not accept this API key").format(host=host),
                todo=with_plan(
                    _(
                        "it may have expired, be a password, be of another database, or be made for another use (MCP): "
                        "have a new one made"
                    ),
                    self._transport.address,
                    self._database,
                ),
            ) from fault
        if login != self._login:
            raise AuthenticationFailed(
                _("The API key is that of {owner}, not of {login}").format(owner=login, login=self._login),
                todo=_("check odoo.user, or take the key of the work user"),
            )
        self._identity = ServerIdentity(self._transport.address.url, self._database, version, login, uid)
        return self

    def ask_version(self) -> str:
        """The version of the server, which it tells without a login. Raises `ConnectionFailed`."""
        pieces: list[bytes] = []
        self._transport.get("/web/version", pieces.append, head=_refuse_json2)
        host = self._transport.address.host
        answer = decode(host, 200, b"".join(pieces))
        told = VERSION.fullmatch(str(answer.get("version"))) if isinstance(answer, dict) else None
        if told is None:
            raise NotAnOdoo(
                _("{url} speaks {wire} but is not an Odoo").format(url=self._transport.address.url, wire=JSON_2.name),
                todo=_("check the url"),
            )
        if ServerIdentity("", "", told[1], "", 0).major < JSON_2_SINCE:
            raise ConnectionFailed(
                _("Odoo {version} has no {wire}, which came with {since}").format(
                    version=told[1], wire=JSON_2.name, since=JSON_2_SINCE
                ),
                todo=_("leave odoo.api out of the spec"),
            )
        return told[1]

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Runs one method. Raises `Fault` or `TransportFailed`; never retries. The key is taken out of every error."""
        body = encode(method, args, kwargs)
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"bearer {self._key}",
            "X-Odoo-Database": quote(self._database),
        }
        pieces: list[bytes] = []
        statuses: list[int] = []

        def head(address: Address, status: int, about: Mapping[str, str]) -> None:
            _refuse_json2(address, status, about)
            statuses.append(status)

        path = f"{JSON_2.path}/{quote(model)}/{quote(method)}"
        with faults.without(self._key):
            self._transport.post(path, body, pieces.append, headers=headers, head=head)
            answer = decode(self._transport.address.host, statuses[-1], b"".join(pieces))
        return _as_one(answer) if method == "create" and args and isinstance(args[0], Mapping) else answer

    def _owner(self) -> tuple[int, str]:
        """The id and the login of the user whose key it is."""
        host = self._transport.address.host
        context = self.execute_kw("res.users", "context_get", [], {})
        if not isinstance(context, dict) or not is_id(context.get("uid")):
            raise Misshapen(host, "res.users", "context_get")
        uid: int = context["uid"]
        rows = self.execute_kw("res.users", "read", [[uid], ["login"]], {})
        if not (are_rows(rows, ["login"]) and len(rows) == 1 and isinstance(rows[0]["login"], str)):
            raise Misshapen(host, "res.users", "read")
        return uid, rows[0]["login"]


def _as_one(created: Any) -> Any:
    """The id of one record made of one set of values: over JSON-2 Odoo answers with a list, over XML-RPC without."""
    return created[0] if isinstance(created, list) and len(created) == 1 else created


def _refuse_json2(address: Address, status: int, headers: Mapping[str, str]) -> None:
    """Raises `TransportFailed` unless the answer is JSON, whatever its status: its body tells more."""
    is_json = headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"
    if is_json and not (300 <= status < 400 or status == 413 or status in PASSING):
        status = 200
    elif status == 200:
        headers = {**headers, "Content-Type": "text/html"}
    refuse_head(address, status, headers, JSON_2)
