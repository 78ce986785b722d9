"""XML-RPC under odoorpc's API.

odoorpc speaks JSON-RPC through one method, `ODOO.json`. `XmlRpcODOO` replaces that method and nothing else, so that
``env``, ``execute_kw`` and ``login`` work as odoorpc documents them, over ``/xmlrpc/2``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from xml.parsers.expat import ExpatError
from xmlrpc.client import Fault, Marshaller, ResponseError, Unmarshaller

import odoorpc
from defusedxml.common import DefusedXmlException
from defusedxml.xmlrpc import DefusedExpatParser

from segmenter.conditions.text import UNSENDABLE
from segmenter.i18n import _
from segmenter.odoo.answer import MOST_VALUES, Answer
from segmenter.odoo.shapes import Misshapen, are_rows, is_id
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import XML_RPC, NotAnOdoo, TooLarge, TransportFailed, Unparsable
from segmenter.odoo.values import GREATEST_INT, UnsendableValue

Write = Callable[[str], object]
LONGEST_MARK = 1 << 16
"""The most bytes of one tag with its attributes, or of a comment."""


def unsendable_part(body: str) -> str | None:
    """The part of a call that holds a character which XML cannot carry; None if there is none."""
    character = UNSENDABLE.search(body)
    if character is None:
        return None
    begin, end = body.rfind(">", 0, character.start()) + 1, body.find("<", character.end())
    return body[max(begin, character.start() - 20) : min(end if end >= 0 else len(body), character.start() + 20)]


class _Marshaller(Marshaller):
    """Refuses values that would break the call or be stored as nonsense."""

    dispatch: dict[Any, Callable[..., None]] = dict(Marshaller.dispatch)  # noqa: RUF012

    def dump_whole(self, value: int, write: Write) -> None:
        if not -GREATEST_INT - 1 <= value <= GREATEST_INT:
            raise UnsendableValue(
                _("The whole number {value} is too large for XML-RPC").format(value=value),
                todo=_("whole numbers end at {most}").format(most=GREATEST_INT),
            )
        write(f"<value><int>{value}</int></value>")

    def dump_real(self, value: float, write: Write) -> None:
        if not math.isfinite(value):
            raise UnsendableValue(_("{value} is not a number that can be sent to Odoo").format(value=value))
        write(f"<value><double>{value!r}</double></value>")

    dispatch[int] = dump_whole
    dispatch[float] = dump_real


def encode(method: str, params: Sequence[Any]) -> bytes:
    """A call as XML. Raises `UnsendableValue` for control characters, NaN, infinities and integers past 2^31."""
    body = _Marshaller(allow_none=True).dumps(tuple(params))
    if text := unsendable_part(body):
        raise UnsendableValue(
            _("The text {text} holds a control character that cannot be sent to Odoo").format(text=ascii(text)),
            todo=_("remove that character; it often comes from copying out of another program"),
        )
    return f"<?xml version='1.0'?>\n<methodCall><methodName>{method}</methodName>{body}</methodCall>".encode()


class Decoder:
    """Decodes an answer that comes in pieces. `result` returns its value, or raises its `Fault` or `Unparsable`.

    Its memory is bounded: nothing nests deeper than `answer.DEEPEST`, there are at most `MOST_VALUES`, and
    no tag, name or comment may be longer than `LONGEST_MARK`. The transport bounds the length of texts.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._target = Answer()
        self._parser = cast(Any, DefusedExpatParser(cast(Unmarshaller, self._target), forbid_dtd=True))
        # One call for each text, not one for each line of it.
        self._parser._parser.buffer_text = True
        self._begin = b""
        self._fed = self._values = 0

    def feed(self, chunk: bytes) -> None:
        """Takes the next piece."""
        if not self._begin:
            self._begin = chunk[:200]
        self._attempt(lambda: self._feed(chunk))

    def _feed(self, chunk: bytes) -> None:
        if b"\0" in self._begin[:4]:
            raise ValueError("UTF-16, which Odoo never sends: its tags could not be counted")
        self._fed += len(chunk)
        self._values += chunk.count(b"<value")
        if self._values > MOST_VALUES:
            raise TooLarge(
                _("The answer of {host} holds more than {most} values").format(host=self._host, most=MOST_VALUES),
                todo=_("ask for less at once, or check that this is the right server"),
            )
        self._parser.feed(chunk)
        # The parser keeps back only an unfinished tag or comment; texts are passed on as they come.
        if self._fed - self._parser._parser.CurrentByteIndex > LONGEST_MARK:
            raise ValueError("a tag without an end")

    def result(self) -> Any:
        """The value, after the last piece."""

        def close() -> Any:
            self._parser.close()
            return self._target.value()

        return self._attempt(close)

    def _attempt(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except (Fault, TooLarge):
            raise
        except (DefusedXmlException, ExpatError, ResponseError, ValueError, TypeError, LookupError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> TransportFailed:
        if self._begin.lstrip().lower().startswith((b"<!doctype", b"<html")):
            return NotAnOdoo(
                _("{url} answers with a web page, not with Odoo's {wire}").format(url=self._host, wire=XML_RPC.name),
                todo=_("check the url: only https:// and the server's name, as in the browser's address bar"),
            )
        if isinstance(error, DefusedXmlException):
            return Unparsable(
                _("The answer of {host} holds XML entities, which Odoo never sends").format(host=self._host),
                todo=_("check that this is the right server and that nobody sits in between"),
            )
        return Unparsable(
            _("The answer of {host} is not readable {wire}").format(host=self._host, wire=XML_RPC.name),
            todo=_("try again; if it stays, look into the server's log"),
        )


class XmlRpcODOO(odoorpc.ODOO):  # type: ignore[misc]
    """`odoorpc.ODOO` over XML-RPC. Thread-safe after `login`. Opens no connection until the first call."""

    def __init__(self, transport: Transport, *, version: str = "19.0") -> None:
        self._transport = transport
        address = transport.address
        super().__init__(
            address.host,
            protocol="jsonrpc+ssl" if address.scheme == "https" else "jsonrpc",
            port=address.port,
            timeout=transport.timeout,
            version=version,  # with one given, odoorpc asks nobody
        )

    def json(self, url: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One call of ``params["service"]``. Raises `xmlrpc.client.Fault` or `TransportFailed`; never retries."""
        if url != "/jsonrpc":
            raise NotImplementedError(url)
        login, rest = params["args"][:3], params["args"][3:]
        if list(rest) == ["res.users", "context_get"]:
            return {"result": self._user_context(*login)}
        answer = self.call(params["service"], params["method"], params["args"])
        if params["method"] == "login" and answer is not False and not is_id(answer):
            raise Misshapen(self._transport.address.host, "res.users", "login")
        return {"result": answer}

    def _user_context(self, database: str, uid: int, secret: str) -> dict[str, Any]:
        """The user's language and zone, for odoorpc's login. Read from the user: the call for it fails on Odoo 14."""
        rows = self.call("object", "execute", [database, uid, secret, "res.users", "read", [uid], ["lang", "tz"]])
        if not are_rows(rows, ("lang", "tz")):
            raise Misshapen(self._transport.address.host, "res.users", "read")
        return {name: row[name] for row in rows for name in ("lang", "tz")}

    def call(self, service: str, method: str, args: Sequence[Any]) -> Any:
        """One XML-RPC call: ``common``, ``object`` or ``db``."""
        body = encode(method, args)
        decoder = Decoder(self._transport.address.host)
        self._transport.post(f"{XML_RPC.path}/{service}", body, decoder.feed)
        return decoder.result()

    def save(self, *_args: object, **_kwargs: object) -> None:
        """Refused: odoorpc would write the password into a file."""
        raise NotImplementedError
