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


class Face:
    """An XML-RPC server on loopback that answers for an `EmbeddedServer`; every user of it has the same ``password``.

    It listens once it is made. `run` answers until interrupted; as a context manager it answers from a thread.
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
        """Where it answers, as a client wants it."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def run(self) -> None:
        """Answer until Ctrl-C."""
        try:
            self._http.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            self._http.server_close()

    def __enter__(self) -> Face:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def serve(server: EmbeddedServer, host: str = "127.0.0.1", port: int = 0, *, password: str | None = None) -> Face:
    """A `Face` for ``server``, listening on ``host``:``port`` (0: any free one). Without ``password``, one is invented.

    Raises UsageError for an address that other machines could reach, or that is taken.
    """
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(_("{host} is not an address of this machine alone").format(host=host), todo=_("use 127.0.0.1"))
    try:
        return Face(server, address, port, password or secrets.token_urlsafe(9))
    except OSError as error:
        raise UsageError(
            _("Port {port} cannot be used: {reason}").format(port=port, reason=why(error)),
            todo=_("choose another one, or 0 for any that is free"),
        ) from error


class _Http(ThreadingMixIn, MultiPathXMLRPCServer):
    daemon_threads = True


class _Paths(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xmlrpc/2/common", "/xmlrpc/2/object")

    def log_message(self, *_said: object) -> None:
        """Silent: whoever speaks no HTTP is told so, and the terminal is not ours."""


class _Common:
    """Who is there, and who may come in."""

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
        """The older name of the same."""
        return self.authenticate(database, login, password)


class _Object:
    """Methods of models; every call brings its user and password."""

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
        """Run one method in one transaction."""
        _check_database(self._server, database)
        if not _same(password, self._password) or not self._server.has_user(uid):
            raise Fault(DENIED, "Access Denied")
        return _speakable(self._server.as_user(uid).execute_kw(model, method, args, kwargs or {}))

    def execute(self, database: str, uid: int, password: str, model: str, method: str, *args: Any) -> Any:
        """The older form, with positional arguments alone."""
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


def _speakable(answer: Any) -> Any:
    """The answer with texts that XML can hold."""
    if isinstance(answer, str):
        return answer.translate(_CONTROL)
    if isinstance(answer, list):
        return [_speakable(part) for part in answer]
    if isinstance(answer, dict):
        return {key: _speakable(part) for key, part in answer.items()}
    return answer
