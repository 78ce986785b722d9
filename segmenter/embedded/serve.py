"""The embedded CRM over XML-RPC: ``/xmlrpc/2/common`` and ``/xmlrpc/2/object``, for any client that speaks to Odoo."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from socketserver import ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import Any
from xmlrpc.client import Fault
from xmlrpc.server import MultiPathXMLRPCServer, SimpleXMLRPCDispatcher, SimpleXMLRPCRequestHandler

from segmenter.embedded.faults import APPLICATION, DENIED
from segmenter.embedded.server import VERSION, EmbeddedServer
from segmenter.errors import UsageError
from segmenter.i18n import _, why

_CONTROL = dict.fromkeys(set(range(32)) - {9, 10, 13})
"""Characters that XML cannot hold; Odoo 19 drops them from its answers."""


class Service:
    """An XML-RPC server on loopback for an `EmbeddedServer`. All its users have the same ``password``.

    It listens from the start. `run` answers until Ctrl-C; as a context manager it answers from a thread.
    """

    def __init__(self, server: EmbeddedServer, host: str, port: int, password: str) -> None:
        self.password = password
        self._http = _Http((host, port), _Paths, logRequests=False, allow_none=False)
        for path, service in (("common", _Common(server, password)), ("object", _Object(server, password))):
            dispatcher = SimpleXMLRPCDispatcher(allow_none=False, encoding="utf-8")
            dispatcher.register_instance(service)
            self._http.add_dispatcher(f"/xmlrpc/2/{path}", dispatcher)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The url for clients."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def run(self) -> None:
        """Answers until Ctrl-C."""
        try:
            self._http.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            self._http.server_close()

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def serve(server: EmbeddedServer, host: str = "127.0.0.1", port: int = 0, *, password: str | None = None) -> Service:
    """Serves ``server`` on ``host``:``port`` (0: any free port). Without ``password``, a random one is made.

    Raises UsageError for an address that other machines can reach, and for a port in use.
    """
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(_("{host} is not an address of this machine alone").format(host=host), todo=_("use 127.0.0.1"))
    try:
        return Service(server, address, port, password or secrets.token_urlsafe(9))
    except OSError as error:
        raise UsageError(
            _("Port {port} cannot be used: {reason}").format(port=port, reason=why(error)),
            todo=_("choose another one, or 0 for any that is free"),
        ) from error


class _Http(ThreadingMixIn, MultiPathXMLRPCServer):
    daemon_threads = True


class _Paths(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xmlrpc/2/common", "/xmlrpc/2/object")

    def log_message(self, *_parts: object) -> None:
        """Logs nothing: the terminal belongs to the command."""


class _Common:
    """The service ``common``: version and login."""

    def __init__(self, server: EmbeddedServer, password: str) -> None:
        self._server, self._password = server, password

    def version(self) -> dict[str, Any]:
        info = [int(VERSION.split(".")[0]), 0, 0, "final", 0, ""]
        return {"server_version": VERSION, "server_version_info": info, "server_serie": VERSION, "protocol_version": 1}

    def authenticate(self, database: str, login: str, password: str, _agent: Any = None) -> int | bool:
        """The user's id; False for a wrong login or password."""
        _check_database(self._server, database)
        user = self._server.user(login)
        return user if user is not None and _same(password, self._password) else False

    def login(self, database: str, login: str, password: str) -> int | bool:
        """The older name of `authenticate`."""
        return self.authenticate(database, login, password)


class _Object:
    """The service ``object``: methods of models. Every call brings its user and password."""

    def __init__(self, server: EmbeddedServer, password: str) -> None:
        self._server, self._password = server, password

    def execute_kw(
        self,
        database: str,
        uid: int,
        password: str,
        model: str,
        method: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Runs one method in one transaction."""
        _check_database(self._server, database)
        if not _same(password, self._password) or not self._server.has_user(uid):
            raise Fault(DENIED, "Access Denied")
        return _sendable(self._server.as_user(uid).execute_kw(model, method, args, kwargs or {}))

    def execute(self, database: str, uid: int, password: str, model: str, method: str, *args: Any) -> Any:
        """The older form of `execute_kw`, with positional arguments only."""
        return self.execute_kw(database, uid, password, model, method, args)


def _same(given: object, password: str) -> bool:
    return hmac.compare_digest(str(given).encode(), password.encode())


def _check_database(server: EmbeddedServer, database: str) -> None:
    if database != server.identity.database:
        raise Fault(
            APPLICATION,
            "Traceback (most recent call last):\npsycopg2.OperationalError: connection to server failed: "
            f'FATAL:  database "{database}" does not exist\n',
        )


def _sendable(answer: Any) -> Any:
    """The answer without characters that XML cannot hold."""
    if isinstance(answer, str):
        return answer.translate(_CONTROL)
    if isinstance(answer, list):
        return [_sendable(part) for part in answer]
    if isinstance(answer, dict):
        return {key: _sendable(part) for key, part in answer.items()}
    return answer
