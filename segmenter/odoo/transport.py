"""One HTTP POST to a server: pooled connections, verified TLS, a time limit, a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import urllib3
from urllib3 import exceptions as http_errors

from segmenter.errors import ConnectionFailed
from segmenter.i18n import _
from segmenter.odoo import timed
from segmenter.odoo.address import Address
from segmenter.odoo.timed import PIECE, TooMuch, call
from segmenter.odoo.transport_faults import failure, refuse_head

BROKEN = (http_errors.HTTPError, HTTPException, OSError, ValueError, LookupError, ArithmeticError)
"""What the libraries below raise for connections that fail and for whatever breaks the rules of HTTP."""


class Transport:
    """Posts XML to one server and feeds the answer to a parser in pieces. Thread-safe.

    ``timeout``: seconds that a call may take, from the search for the server to the last byte of the answer.
    ``verify``: True for the system's authorities, or a path to a file of certificates. ``max_response_bytes``: of an
    answer as it comes, and decompressed.
    """

    def __init__(self, address: Address, *, timeout: float, max_response_bytes: int, verify: bool | str = True) -> None:
        self.address, self.timeout, self.max_response_bytes = address, timeout, max_response_bytes
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

    def post(self, path: str, body: bytes, feed: Callable[[bytes], object]) -> None:
        """POST ``body``; ``feed`` gets the answer in pieces. Raises `TransportFailed`."""
        headers = {"Content-Type": "text/xml", "Accept-Encoding": "gzip", "User-Agent": "segmenter"}
        options: dict[str, Any] = {"preload_content": False, "redirect": False, "retries": False}
        with call(self.timeout, self.max_response_bytes) as this:
            response = None
            try:
                response = self._pool.urlopen("POST", self.address.path + path, body=body, headers=headers, **options)
                refuse_head(self.address, response.status, response.headers)
                total = 0
                while piece := response.read(PIECE):
                    total += len(piece)
                    if total > self.max_response_bytes:
                        raise TooMuch
                    feed(piece)
                    this.left()
                response.release_conn()
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
