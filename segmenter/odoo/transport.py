"""One HTTP POST to a server: pooled connections, verified TLS, a time limit, a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import urllib3
from urllib3 import exceptions as http_errors

from segmenter.errors import ConnectionFailed
from segmenter.i18n import _
from segmenter.odoo.address import Address
from segmenter.odoo.transport_faults import TransportFailed, failure, refuse_status

CHUNK = 1 << 16
CONNECT_SECONDS = 10.0


class Transport:
    """Posts XML to one server and feeds the answer to a parser in pieces. Thread-safe.

    ``timeout``: seconds to wait for each piece of an answer. ``verify``: True for the system's authorities, or a
    path to a file of certificates. ``max_response_bytes`` counts decompressed bytes.
    """

    def __init__(self, address: Address, *, timeout: float, max_response_bytes: int, verify: bool | str = True) -> None:
        self.address, self.timeout, self.max_response_bytes = address, timeout, max_response_bytes
        context = None
        if address.scheme == "https":
            try:
                context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
            except (OSError, ssl.SSLError) as error:
                raise ConnectionFailed(
                    _("The certificate file {path} cannot be read").format(path=verify),
                    todo=_("give a file of certificates in PEM format"),
                ) from error
        self._pool = urllib3.PoolManager(
            maxsize=4,
            block=False,
            retries=False,
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, timeout), read=timeout),
            ssl_context=context,
        )

    def post(self, path: str, body: bytes, feed: Callable[[bytes], object]) -> None:
        """POST ``body``; ``feed`` gets the answer in pieces. Raises `TransportFailed`."""
        headers = {"Content-Type": "text/xml", "Accept-Encoding": "gzip", "User-Agent": "segmenter"}
        try:
            response = self._pool.request(
                "POST", self.address.url + path, body=body, headers=headers, preload_content=False, redirect=False
            )
        except http_errors.HTTPError as error:
            raise failure(self.address, error, timeout=self.timeout) from error
        drained = False
        try:
            refuse_status(self.address, response.status, response.headers)
            total = 0
            while chunk := response.read(CHUNK):
                total += len(chunk)
                if total > self.max_response_bytes:
                    raise TransportFailed(
                        _("The answer of {host} is larger than {limit} MB").format(
                            host=self.address.host, limit=self.max_response_bytes // 1_000_000
                        ),
                        todo=_("ask for less at once, or check that this is the right server"),
                    )
                feed(chunk)
            drained = True
        except http_errors.HTTPError as error:
            raise failure(self.address, error, timeout=self.timeout, answered=True) from error
        finally:
            # A connection whose answer was not read to its end cannot carry another request.
            if drained:
                response.release_conn()
            else:
                response.close()
