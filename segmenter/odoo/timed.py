"""HTTP connections that keep to the time of one call as a whole, and know whether its request has begun to leave.

urllib3 and the standard library give each wait of its own a limit: a server that sends a byte a second, headers without
end or one ``100 Continue`` after another never reaches it. Here every wait of a call shares what is left of its time.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, HTTPResponse
from threading import Thread
from typing import Any

from urllib3 import exceptions as http_errors
from urllib3.connection import HTTPConnection, HTTPSConnection

PIECE = 1 << 16
CONNECT_SECONDS = 10.0
LONGEST_HEAD = 1 << 18
"""Bytes of status lines and headers, those of every ``100 Continue`` among them."""


class TooMuch(HTTPException):
    """More bytes than an answer may have."""


@dataclass
class Call:
    """One request and its answer. ``ends``: when its time is up, on the clock of `time.monotonic`.

    ``sent``: whether a byte of the request may have left this machine. ``most``: bytes of an answer as they come.
    """

    ends: float
    most: int
    sent: bool = False
    response: HTTPResponse | None = None

    def left(self) -> float:
        """Seconds that are left. Raises `TimeoutError` when there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


_CALL: ContextVar[Call] = ContextVar("call")


@contextmanager
def call(seconds: float, most: int) -> Iterator[Call]:
    """What connections do in this block, in this thread, belongs to one call."""
    this = Call(time.monotonic() + seconds, most)
    token = _CALL.set(this)
    try:
        yield this
    except BaseException:
        if this.response is not None:
            this.response.close()  # some errors leave it open
        raise
    finally:
        _CALL.reset(token)


class _Incoming(io.RawIOBase):
    """The bytes of one answer, as long as the call has time and the answer may be."""

    def __init__(self, raw: Any, connected: socket.socket, this: Call) -> None:
        self._raw, self._socket, self._call = raw, connected, this
        self.head = True
        self._taken = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """The next bytes. Raises `TimeoutError`, or when there are too many."""
        self._socket.settimeout(self._call.left())
        count: int | None = self._raw.readinto(buffer)
        self._taken += count or 0
        if self.head and self._taken > LONGEST_HEAD:
            raise BadStatusLine("")
        if self._taken > self._call.most + LONGEST_HEAD:
            raise TooMuch
        return count

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        this = _CALL.get()
        this.response = self
        self._incoming = _Incoming(self.fp.detach(), sock, this)
        self.fp = io.BufferedReader(self._incoming)

    def begin(self) -> None:
        """Read status and headers."""
        super().begin()
        self._incoming.head = False


class _Timed(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        this = _CALL.get()
        try:
            return _opened(self._dns_host, self.port, this)
        except (socket.gaierror, UnicodeError) as error:
            raise http_errors.NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        except TimeoutError as error:
            raise http_errors.ConnectTimeoutError(self, str(error)) from error
        except OSError as error:
            raise http_errors.NewConnectionError(self, str(error)) from error

    def send(self, data: Any) -> None:
        """A part of the request, within the time of the call."""
        this = _CALL.get()
        if self.sock is None:
            self.connect()
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(this.left())
            this.sent = True
            rest = rest[self.sock.send(rest[:PIECE]) :]


class PlainConnection(_Timed):
    """Over http."""


class TlsConnection(_Timed, HTTPSConnection):
    """Over https."""


def _opened(host: str, port: int, this: Call) -> socket.socket:
    """A connection to the first of a name's addresses that takes one."""
    refused: OSError = OSError()
    for family, kind, protocol, _name, address in _addresses(host, port, this):
        candidate = socket.socket(family, kind, protocol)
        try:
            candidate.settimeout(min(CONNECT_SECONDS, this.left()))
            candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            candidate.connect(address)
            candidate.settimeout(this.left())  # for the handshake of TLS
        except OSError as error:
            candidate.close()
            refused = error
        else:
            return candidate
    raise refused


def _addresses(host: str, port: int, this: Call) -> list[Any]:
    """What a name stands for, asked in a thread: nobody can tell the system's resolver how long it may take."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(this.left())
