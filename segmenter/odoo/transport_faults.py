"""Errors of requests without a usable answer, with a plain sentence for each kind of failure."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead, RemoteDisconnected

from urllib3 import exceptions as http_errors

from segmenter.address import Address
from segmenter.errors import ConnectionFailed
from segmenter.i18n import N_, _
from segmenter.odoo.hosts import with_plan
from segmenter.odoo.timed import TooMuch

LONGEST_WAIT = 60.0
LONGEST_TEXT = 200
"""The most characters of a header that a message repeats."""
ENCODINGS = ("", "identity", "gzip")
"""The accepted encodings of an answer."""
PASSING = {
    429: N_("too many requests"),
    502: N_("bad gateway"),
    503: N_("service unavailable"),
    504: N_("gateway time-out"),
}
"""Statuses after which a later try may succeed."""

STILL_AT_WORK = N_("the server may still be at work on it: wait some minutes, then try again with a longer --timeout")


class TransportFailed(ConnectionFailed):
    """No usable answer. ``sent``: the server may have acted on the request; ``passing``: a later try may succeed.

    ``retry_after``: seconds that the server asks to wait, where it says so.
    """

    def __init__(
        self, what: str, *, todo: str = "", sent: bool = True, passing: bool = False, retry_after: float | None = None
    ) -> None:
        self.sent, self.passing, self.retry_after = sent, passing, retry_after
        super().__init__(what, todo=todo)


class TimedOut(TransportFailed):
    """No answer within the time of this machine, or of a proxy in between. What waited is at an end, and no more: Odoo
    goes on with a call that nobody waits for (measured on 14 and 19), and no other call could end it."""


class Unparsable(TransportFailed):
    """An answer that is not well-formed: garbage, cut short, or made to harm."""


class TooLarge(Unparsable):
    """An answer with more bytes or values than allowed."""


class NotAnOdoo(TransportFailed):
    """Something answers at this address, but not Odoo."""


class NothingThere(NotAnOdoo):
    """The address of a wire answers 404."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A protocol that Odoo speaks, and the path below which it does."""

    name: str
    path: str


XML_RPC, JSON_2 = Wire("XML-RPC", "/xmlrpc/2"), Wire("JSON-2", "/json/2")


def refuse_head(address: Address, status: int, headers: Mapping[str, str], wire: Wire = XML_RPC) -> None:
    """Raises `TransportFailed` if status or content type show that the answer is not one of this wire.

    Odoo may have seen the call all the same: something in between may answer after it has passed the call on.
    """
    host, url = address.host, address.url
    kind = headers.get("Content-Type", "")
    if 300 <= status < 400:
        raise NotAnOdoo(
            _("{url} redirects to {location}").format(url=url, location=headers.get("Location", "?")[:LONGEST_TEXT]),
            todo=_("write the address it redirects to, without a path, as the url"),
        )
    if status == 404:
        raise NothingThere(
            _("{url} has no Odoo: its address for {wire} answers 404").format(url=url, wire=wire.name),
            todo=_("check the url: only https:// and the server's name, as in the browser's address bar"),
        )
    if status in (401, 403):
        raise NotAnOdoo(
            _("{host} refuses access before Odoo is reached (HTTP {status})").format(host=host, status=status),
            todo=with_plan(
                _("ask whoever runs the server to let {path} through its proxy or firewall").format(path=wire.path),
                address,
            ),
        )
    if status == 413:
        raise TransportFailed(
            _("{host} says that the request is too large (HTTP 413)").format(host=host),
            todo=_("ask whoever runs the server to let larger requests through its proxy"),
        )
    if status in PASSING:
        raise (TimedOut if status == 504 else TransportFailed)(
            _("{host} cannot answer now (HTTP {status}, {reason})").format(
                host=host, status=status, reason=_(PASSING[status])
            ),
            todo=_("wait a little and try again"),
            passing=True,
            retry_after=retry_after(headers.get("Retry-After", "")),
        )
    if status != 200:
        raise TransportFailed(
            _("{host} answers HTTP {status} instead of {wire}").format(host=host, status=status, wire=wire.name),
            todo=_("check the url, or look into the server's log"),
        )
    if "html" in kind:
        raise NotAnOdoo(
            _("{url} answers with a web page, not with Odoo's {wire}").format(url=url, wire=wire.name),
            todo=_("check the url: only https:// and the server's name, as in the browser's address bar"),
        )
    if headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
        raise _packed(host)


def failure(
    address: Address, error: Exception, *, timeout: float, most: int, sent: bool, answered: bool
) -> TransportFailed:
    """The error of a call without a usable answer.

    ``timeout``: seconds that it had. ``most``: bytes that its answer might have. ``sent``: a part of the request may
    have left this machine; ``answered``: a part of the answer came.
    """
    failed = _failure(address, error, timeout, most, answered)
    failed.sent = sent
    return failed


def _failure(address: Address, error: Exception, timeout: float, most: int, answered: bool) -> TransportFailed:
    host, port = address.host, address.port
    cause = error.args[-1] if isinstance(error, http_errors.ProtocolError) and error.args else error
    if isinstance(error, http_errors.SSLError):
        return _tls_failure(address, error)
    if isinstance(error, http_errors.NameResolutionError):
        return TransportFailed(
            _("There is no server called {host}").format(host=host),
            todo=_("check the spelling of the url and the network"),
        )
    if isinstance(error, http_errors.ConnectTimeoutError) and not isinstance(error, http_errors.NewConnectionError):
        return TransportFailed(
            _("{host} does not respond on port {port}").format(host=host, port=port),
            todo=_("check the url and the network, or a firewall in between"),
        )
    if isinstance(error, http_errors.NewConnectionError):
        return TransportFailed(
            _("{host} cannot be reached on port {port}").format(host=host, port=port),
            todo=_("check the url and that the server is running"),
        )
    if isinstance(error, http_errors.ReadTimeoutError) or isinstance(cause, TimeoutError):
        return TimedOut(
            _("{host} did not answer within {seconds} seconds").format(host=host, seconds=f"{timeout:g}"),
            todo=_(STILL_AT_WORK),
        )
    if isinstance(cause, TooMuch):
        return TooLarge(
            _("The answer of {host} is larger than {limit} MB").format(host=host, limit=most // 1_000_000),
            todo=_("ask for less at once, or check that this is the right server"),
        )
    if isinstance(error, http_errors.DecodeError):
        return _packed(host)
    if isinstance(cause, (IncompleteRead, RemoteDisconnected, OSError)):
        return TransportFailed(
            _("{host} broke off in the middle of the answer").format(host=host)
            if answered
            else _("{host} closed the connection without an answer").format(host=host),
            todo=_("check that the server is still running, then try again"),
            passing=True,
        )
    if answered:
        return Unparsable(
            _("The answer of {host} is damaged: it breaks the rules of HTTP").format(host=host),
            todo=_("check for a proxy in between"),
        )
    return NotAnOdoo(
        _("What listens on port {port} of {host} does not speak HTTP").format(host=host, port=port),
        todo=_("check the port in the url"),
    )


def _packed(host: str) -> Unparsable:
    return Unparsable(
        _("The answer of {host} is damaged: it cannot be decompressed").format(host=host),
        todo=_("check for a proxy in between"),
    )


def _tls_failure(address: Address, error: http_errors.SSLError) -> TransportFailed:
    """The error of a TLS connection that failed or cannot be trusted."""
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
        )
    if getattr(cause, "reason", "") in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"):
        return TransportFailed(
            _("{host} does not speak TLS on port {port}").format(host=host, port=address.port),
            todo=_("check the port in the url"),
        )
    return TransportFailed(
        _("The TLS connection to {host} failed").format(host=host),
        todo=_("check the url and the server's certificate"),
    )


def retry_after(text: str, now: datetime | None = None) -> float | None:
    """The seconds in a Retry-After header (seconds or a date), at most a minute; None if it has none."""
    try:
        seconds = float(text) if text.strip().isdigit() else _until(text, now or datetime.now(UTC))
    except (ValueError, TypeError, ArithmeticError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _until(text: str, now: datetime) -> float:
    moment = parsedate_to_datetime(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
