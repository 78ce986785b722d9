"""One HTTP POST to a server: pooled connections, verified TLS, a time limit, a bounded answer."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine, RemoteDisconnected
from typing import Final

import urllib3
from urllib3 import exceptions as http_errors

from segmenter.errors import ConnectionFailed
from segmenter.i18n import _
from segmenter.odoo.address import Address

CHUNK = 1 << 16
CONNECT_SECONDS = 10.0
LONGEST_WAIT = 60.0
PASSING: Final = {
    429: "too many requests",
    502: "bad gateway",
    503: "service unavailable",
    504: "gateway time-out",
}


class TransportFailed(ConnectionFailed):
    """No usable answer. ``sent``: the server may have acted on the request; ``passing``: a later try may succeed.

    ``retry_after``: seconds that the server asks to wait, where it says so.
    """

    def __init__(
        self, what: str, *, todo: str = "", sent: bool = True, passing: bool = False, retry_after: float | None = None
    ) -> None:
        self.sent, self.passing, self.retry_after = sent, passing, retry_after
        super().__init__(what, todo=todo)


class Unparsable(TransportFailed):
    """An answer that is not well-formed XML-RPC: garbage, cut short, or made to harm."""


class NotAnOdoo(TransportFailed):
    """Something answers at this address, but not Odoo's XML-RPC."""


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
            raise self._failed(error) from error
        drained = False
        try:
            self._refuse_status(response.status, response.headers)
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
            raise self._failed(error, answered=True) from error
        finally:
            # A connection whose answer was not read to its end cannot carry another request.
            if drained:
                response.release_conn()
            else:
                response.close()

    def close(self) -> None:
        """Close the pooled connections."""
        self._pool.clear()

    def _refuse_status(self, status: int, headers: Mapping[str, str]) -> None:
        host, url = self.address.host, self.address.url
        kind = headers.get("Content-Type", "")
        if 300 <= status < 400:
            raise NotAnOdoo(
                _("{url} redirects to {location}").format(url=url, location=headers.get("Location", "?")),
                todo=_("write the address it redirects to, without a path, as the url"),
                sent=False,
            )
        if status == 404:
            raise NotAnOdoo(
                _("{url} has no Odoo: its address for XML-RPC answers 404").format(url=url),
                todo=_("check the url: only https:// and the server's name, as in the browser's address bar"),
                sent=False,
            )
        if status in (401, 403):
            raise NotAnOdoo(
                _("{host} refuses access before Odoo is reached (HTTP {status})").format(host=host, status=status),
                todo=_("ask whoever runs the server to let /xmlrpc/2 through its proxy or firewall"),
                sent=False,
            )
        if status == 413:
            raise TransportFailed(
                _("{host} says that the request is too large (HTTP 413)").format(host=host),
                todo=_("use smaller batches"),
                sent=False,
            )
        if status in PASSING:
            raise TransportFailed(
                _("{host} cannot answer now (HTTP {status}, {reason})").format(
                    host=host, status=status, reason=PASSING[status]
                ),
                todo=_("wait a little and try again"),
                # A limiter turns the request away; what a gateway did with it, nobody knows.
                sent=status != 429,
                passing=True,
                retry_after=retry_after(headers.get("Retry-After", "")),
            )
        if status != 200:
            raise TransportFailed(
                _("{host} answers HTTP {status} instead of XML-RPC").format(host=host, status=status),
                todo=_("check the url, or look into the server's log"),
            )
        if "html" in kind:
            raise NotAnOdoo(
                _("{url} answers with a web page, not with Odoo's XML-RPC").format(url=url),
                todo=_("check the url: only https:// and the server's name, as in the browser's address bar"),
                sent=True,
            )

    def _failed(self, error: http_errors.HTTPError, *, answered: bool = False) -> TransportFailed:
        """The sentence for what went wrong below HTTP."""
        host = self.address.host
        cause = error.args[-1] if isinstance(error, http_errors.ProtocolError) and error.args else error
        if isinstance(error, http_errors.SSLError):
            return tls_failure(self.address, error, answered=answered)
        if isinstance(error, http_errors.NameResolutionError):
            return TransportFailed(
                _("There is no server called {host}").format(host=host),
                todo=_("check the spelling of the url and the network"),
                sent=False,
            )
        if isinstance(error, http_errors.ConnectTimeoutError) and not isinstance(error, http_errors.NewConnectionError):
            return TransportFailed(
                _("{host} does not respond on port {port}").format(host=host, port=self.address.port),
                todo=_("check the url and the network, or a firewall in between"),
                sent=False,
            )
        if isinstance(error, http_errors.NewConnectionError):
            return TransportFailed(
                _("{host} cannot be reached on port {port}").format(host=host, port=self.address.port),
                todo=_("check the url and that the server is running"),
                sent=False,
            )
        if isinstance(error, http_errors.ReadTimeoutError):
            return TransportFailed(
                _("{host} did not answer within {seconds} seconds").format(host=host, seconds=f"{self.timeout:g}"),
                todo=_("try again when the server is less busy, or allow more time with --timeout"),
            )
        if isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected):
            return NotAnOdoo(
                _("What listens on port {port} of {host} does not speak HTTP").format(
                    host=host, port=self.address.port
                ),
                todo=_("check the port in the url"),
            )
        if isinstance(error, http_errors.DecodeError):
            return Unparsable(
                _("The answer of {host} is damaged: it cannot be decompressed").format(host=host),
                todo=_("check for a proxy in between"),
            )
        return TransportFailed(
            _("{host} broke off in the middle of the answer").format(host=host)
            if answered
            else _("{host} closed the connection without an answer").format(host=host),
            todo=_("check that the server is still running, then try again"),
            passing=True,
        )


def tls_failure(address: Address, error: http_errors.SSLError, *, answered: bool = False) -> TransportFailed:
    """The sentence for a TLS connection that cannot be trusted or made."""
    host = address.host
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        sentences = {
            10: _("The certificate of {host} has expired"),
            9: _("The certificate of {host} is not valid yet"),
            18: _("The certificate of {host} is self-signed: nobody vouches for it"),
            19: _("The certificate of {host} is self-signed: nobody vouches for it"),
            62: _("The certificate of {host} is for another name"),
            64: _("The certificate of {host} is for another name"),
        }
        sentence = sentences.get(cause.verify_code, _("The certificate of {host} comes from an unknown authority"))
        return TransportFailed(
            sentence.format(host=host),
            todo=_("have the server's certificate put right, or give the file of its authority with --ca-file"),
            sent=False,
        )
    if getattr(cause, "reason", "") in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"):
        return TransportFailed(
            _("{host} does not speak TLS on port {port}").format(host=host, port=address.port),
            todo=_("check the port in the url"),
            sent=False,
        )
    return TransportFailed(
        _("The TLS connection to {host} failed").format(host=host),
        todo=_("check the url and the server's certificate"),
        sent=answered or not isinstance(cause, ssl.SSLError) or "HANDSHAKE" not in (cause.reason or ""),
    )


def retry_after(text: str, now: datetime | None = None) -> float | None:
    """Seconds asked for by a Retry-After header (seconds or a date), at most a minute; None when it says nothing."""
    try:
        seconds = float(text) if text.strip().isdigit() else _until(text, now or datetime.now(UTC))
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _until(text: str, now: datetime) -> float:
    moment = parsedate_to_datetime(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
