"""Tiny HTTP servers on loopback that answer as told, to see what the client makes of it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xmlrpc.client import Fault, dumps, loads

Exchange = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request: ``body`` is read, ``server.exchange`` answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    body: bytes = b""

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(self.body)  # type: ignore[attr-defined]
        self.server.peers.add(self.client_address)  # type: ignore[attr-defined]
        self.server.exchange(self)  # type: ignore[attr-defined]

    def answer(self, body: bytes, *, status: int = 200, kind: str = "text/xml", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Silent."""


class LocalServer(ThreadingHTTPServer):
    """``bodies``: every request received; ``peers``: the connections they came on."""

    daemon_threads = True

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.exchange = exchange
        self.bodies: list[bytes] = []
        self.peers: set[tuple[str, int]] = set()
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many of these tests are about."""


@contextmanager
def serving(exchange: Exchange, tls: ssl.SSLContext | None = None) -> Iterator[LocalServer]:
    """A server that answers with ``exchange`` until the block ends."""
    server = LocalServer(exchange)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def xml(value: object) -> bytes:
    """An XML-RPC answer, or a fault."""
    return dumps(value if isinstance(value, Fault) else (value,), methodresponse=True, allow_none=True).encode()


def odoo(answers: Callable[[str, tuple], object]) -> Exchange:
    """Answers as Odoo's XML-RPC: ``answers(method, params)`` gives a value or a `Fault`."""

    def exchange(handler: Handler) -> None:
        params, method = loads(handler.body)
        handler.answer(xml(answers(str(method), params)))

    return exchange
