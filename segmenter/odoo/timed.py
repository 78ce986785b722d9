"""HTTP connections with a time limit for a whole call, which know whether any part of the request was sent.

urllib3 and the standard library give each wait of its own a limit: a server that sends a byte a second, headers without
end or one ``100 Continue`` after another never reaches it. Here every wait of a call shares what is left of its time.
"""

from __future__ import annotations

import io
import re
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
EXPECT_SECONDS = 1.0
"""How long a server may keep silent that was asked whether it takes a request, before that is sent all the same."""
GO_ON = re.compile(rb"HTTP/1\.[01] 100")
STATUS = len(b"HTTP/1.1 100")
LONGEST_HEAD = 1 << 18
"""The most bytes of status lines and headers, including every ``100 Continue``."""


class TooMuch(HTTPException):
    """The answer has more bytes than allowed."""


@dataclass
class Call:
    """One request and its answer. ``ends``: when its time is up, on the clock of `time.monotonic`.

    ``most``: bytes of an answer as they come. ``asks``: the server is asked whether it takes the request, before its
    body is sent. ``sent``: whether a byte of the request may have left this machine; of its body, if it ``asks``.
    ``early``: bytes of the answer that came before the body was sent, and are yet to be read.
    """

    ends: float
    most: int
    asks: bool = False
    head_sent: bool = False
    sent: bool = False
    early: bytes = b""
    response: HTTPResponse | None = None

    def left(self) -> float:
        """The seconds left. Raises `TimeoutError` if there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


_CALL: ContextVar[Call] = ContextVar("call")


@contextmanager
def call(seconds: float, most: int, *, asks: bool = False) -> Iterator[Call]:
    """Makes everything that connections do in this block and thread part of one call.

    ``asks``: the request has ``Expect: 100-continue``, and its body stays here if the server refuses it.
    """
    this = Call(time.monotonic() + seconds, most, asks)
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
    """The bytes of one answer, within the call's time and size."""

    def __init__(self, raw: Any, connected: socket.socket, this: Call) -> None:
        self._raw, self._socket, self._call = raw, connected, this
        self.head = True
        self._taken = 0

    def readable(self) -> bool:
        """Always readable."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Reads the next bytes. Raises `TimeoutError`, `BadStatusLine` or `TooMuch`."""
        self._socket.settimeout(self._call.left())
        if early := self._call.early[: len(buffer)]:
            buffer[: len(early)] = early
            self._call.early = self._call.early[len(early) :]
        count: int | None = len(early) or self._raw.readinto(buffer)
        self._taken += count or 0
        if self.head and self._taken > LONGEST_HEAD:
            raise BadStatusLine("")
        if self._taken > self._call.most + LONGEST_HEAD:
            raise TooMuch
        return count

    def close(self) -> None:
        """Closes the stream."""
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
        """Reads status and headers."""
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
        """Sends a part of the request within the call's time."""
        this = _CALL.get()
        if self.sock is None:
            self.connect()
        is_head, this.head_sent = not this.head_sent, True
        if this.asks and not is_head and not this.sent:
            self._wait_to_go_on(this)
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(this.left())
            this.sent = this.sent or not (this.asks and is_head)
            rest = rest[self.sock.send(rest[:PIECE]) :]

    def _wait_to_go_on(self, this: Call) -> None:
        """Returns if the server says ``100 Continue``, or nothing. Raises `BrokenPipeError` if it answers already: then
        urllib3 goes on to read that."""
        try:
            while len(this.early) < STATUS:
                self.sock.settimeout(min(EXPECT_SECONDS, this.left()))
                if not (piece := self.sock.recv(PIECE)):
                    raise BrokenPipeError
                this.early += piece
        except TimeoutError:
            this.left()
        if this.early and not GO_ON.match(this.early):
            raise BrokenPipeError


class PlainConnection(_Timed):
    """A connection over http."""


class TlsConnection(_Timed, HTTPSConnection):
    """A connection over https."""


def _opened(host: str, port: int, this: Call) -> socket.socket:
    """Connects to the first address of a host that accepts."""
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
    """The addresses of a host, asked in a thread, because the system's resolver has no time limit."""
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(this.left())
