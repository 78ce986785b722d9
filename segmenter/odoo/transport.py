"""One HTTP request to a server: pooled connections, verified TLS, a time limit, a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

import urllib3
from urllib3 import exceptions as http_errors

from segmenter.address import Address
from segmenter.errors import ConnectionFailed
from segmenter.i18n import _
from segmenter.odoo import timed
from segmenter.odoo.pacing import HostPace, Pacer
from segmenter.odoo.timed import PIECE, TooMuch, call
from segmenter.odoo.transport_faults import TransportFailed, failure, refuse_head

XML = {"Content-Type": "text/xml"}
Head = Callable[[Address, int, Mapping[str, str]], None]
"""Looks at the status and the headers of an answer."""
DOES_NOT_SAY = 417
"""The status of a server that cannot be asked whether it takes a request."""
BROKEN = (http_errors.HTTPError, HTTPException, OSError, ValueError, LookupError, ArithmeticError)
"""What the libraries raise for failed connections and for answers that break the rules of HTTP."""


class Transport:
    """Sends requests to one server and passes each answer on in pieces. Thread-safe.

    ``timeout``: seconds that a call may take, from the search for the server to the last byte of the answer.
    ``verify``: True for the system's authorities, or a path to a file of certificates. ``max_response_bytes``: of an
    answer, both compressed and decompressed. ``pacer``: gives the calls their turns; waiting for one takes none of
    their time.
    """

    def __init__(
        self,
        address: Address,
        *,
        timeout: float,
        max_response_bytes: int,
        verify: bool | str = True,
        pacer: Pacer | None = None,
    ) -> None:
        self.address, self.timeout, self.max_response_bytes = address, timeout, max_response_bytes
        self.pacer = pacer or Pacer(HostPace())
        self._asks = self.pacer.pace.limited
        options = {}
        if address.scheme == "https":
            try:
                context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
            except (OSError, ssl.SSLError) as error:
                raise ConnectionFailed(
                    _("The certificate file {path} cannot be read").format(path=verify),
                    todo=_("give a file of certificates in PEM format"),
                ) from error
            options["ssl_context"] = context
        self._pool = urllib3.connection_from_url(address.url, maxsize=4, block=False, timeout=timeout, **options)
        self._pool.ConnectionCls = timed.TlsConnection if address.scheme == "https" else timed.PlainConnection

    def post(
        self,
        path: str,
        body: bytes,
        feed: Callable[[bytes], object],
        *,
        headers: Mapping[str, str] = XML,
        head: Head = refuse_head,
    ) -> None:
        """POST ``body``; ``feed`` gets the answer in pieces. Raises `TransportFailed`.

        ``head`` gets the status and headers of the answer, and raises `TransportFailed` where these tell enough.

        A host with a limit is asked whether it takes the request before the body is sent. So a refusal of its gateway
        proves that nothing was done.
        """
        if self._asks:
            asking = {**headers, "Expect": "100-continue"}
            if self._send("POST", path, body, feed, asking, head, asks=True):
                return
            self._asks = False
        self._send("POST", path, body, feed, headers, head)

    def get(self, path: str, feed: Callable[[bytes], object], *, head: Head) -> None:
        """GET; as `post`."""
        self._send("GET", path, None, feed, {}, head)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        feed: Callable[[bytes], object],
        headers: Mapping[str, str],
        head: Head,
        *,
        asks: bool = False,
    ) -> bool:
        """False if the server cannot be asked whether it takes a request; nothing was sent then."""
        headers = {**headers, "Accept-Encoding": "gzip", "User-Agent": "segmenter"}
        options: dict[str, Any] = {"preload_content": False, "redirect": False, "retries": False}
        with self.pacer.turn(), call(self.timeout, self.max_response_bytes, asks=asks) as this:
            response = None
            try:
                response = self._pool.urlopen(method, self.address.path + path, body=body, headers=headers, **options)
                if asks and response.status == DOES_NOT_SAY and not this.sent:
                    return False
                head(self.address, response.status, response.headers)
                if asks and not this.sent:
                    raise HTTPException("an answer to a call that was not sent")
                total = 0
                while piece := response.read(PIECE):
                    total += len(piece)
                    if total > self.max_response_bytes:
                        raise TooMuch
                    feed(piece)
                    this.left()
                response.release_conn()
                return True
            except TransportFailed as error:
                error.sent = this.sent or not asks
                self.pacer.hold(error.retry_after or 0.0)
                raise
            except BROKEN as error:
                raise failure(
                    self.address,
                    error,
                    timeout=self.timeout,
                    most=self.max_response_bytes,
                    sent=this.sent,
                    answered=response is not None,
                ) from error
            finally:
                # A connection whose answer was not read to its end cannot carry another request.
                if response is not None:
                    response.close()
