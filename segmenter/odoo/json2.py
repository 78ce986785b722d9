"""JSON-2, Odoo's own wire from 19 on: ``POST /json/2/<model>/<method>`` with named arguments, and real statuses.

Its errors become the faults that the same errors are over XML-RPC, so nothing above a `Server` tells one wire from
the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xmlrpc.client import Fault

from segmenter.conditions.text import UNSENDABLE
from segmenter.i18n import _
from segmenter.odoo.answer import MOST_VALUES
from segmenter.odoo.transport_faults import JSON_2, TooLarge, Unparsable
from segmenter.odoo.values import UnsendableValue

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "search": ("domain", "offset", "limit", "order"),
    "search_count": ("domain", "limit"),
    "search_read": ("domain", "fields", "offset", "limit", "order"),
    "read": ("ids", "fields", "load"),
    "read_group": ("domain", "fields", "groupby", "offset", "limit", "orderby", "lazy"),
    "formatted_read_group": ("domain", "groupby", "aggregates", "having", "offset", "limit", "order"),
    "fields_get": ("allfields", "attributes"),
    "check_access_rights": ("operation", "raise_exception"),
    "has_access": ("ids", "operation"),
    "has_group": ("ids", "group_ext_id"),
    "context_get": (),
    "write": ("ids", "vals"),
    "create": ("vals_list",),
    "unlink": ("ids",),
}
"""Method -> what its positional arguments are called, in order: ``ids`` are the records (measured on 19). Any other
method takes records alone."""
ESCAPED = re.compile(rb"\\(?:u00[01][0-9a-fA-F]|[bfr])")
"""An escape in JSON of a control character."""
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""An escape of half a character; two make a whole one."""
DROPPED = dict.fromkeys({*range(32)} - {9, 10, 13})
NO_MODEL = re.compile(r"the model .* does not exist", re.DOTALL)


def named(method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by their names. Raises the `Fault` of a call with too many arguments."""
    names = ARGUMENTS.get(method, ("ids",))
    if len(args) > len(names):
        raise Fault(1, f"TypeError: {method}() takes {len(names)} positional arguments but {len(args)} were given")
    return {**dict(zip(names, args, strict=False)), **keywords}


def encode(method: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> bytes:
    """A call as JSON. Raises `UnsendableValue` for control characters, NaN and infinities, and what `named` raises."""
    arguments = named(method, args, keywords)
    for text in _texts(arguments):
        if UNSENDABLE.search(text):
            raise UnsendableValue(
                _("The text {text} holds a control character that cannot be sent to Odoo").format(text=ascii(text)),
                todo=_("remove that character; it often comes from copying out of another program"),
            )
    try:
        return json.dumps(arguments, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise UnsendableValue(_("{value} is not a number that can be sent to Odoo").format(value="NaN")) from error


def decode(host: str, status: int, body: bytes) -> Any:
    """The result of a call. Raises the `Fault` that it would be over XML-RPC, `Unparsable` or `TooLarge`."""
    value = _parsed(host, body)
    if status == 200:
        return value
    if not _is_error(value):
        raise Unparsable(
            _("{host} answers HTTP {status} instead of {wire}").format(host=host, status=status, wire=JSON_2.name),
            todo=_("check the url, or look into the server's log"),
        )
    raise fault_of(status, value["name"], value["message"])


def _is_error(value: Any) -> bool:
    """Whether this is an error as Odoo tells it. What something in between says is not: it proves nothing."""
    kinds = {"name": str, "message": str, "arguments": list, "context": dict}
    return isinstance(value, dict) and all(type(value.get(key)) is kind for key, kind in kinds.items())


def fault_of(status: int, name: str, message: str) -> Fault:
    """The fault for an error. ``name``: of the server's exception, with its module."""
    module, _dot, short = name.rpartition(".")
    if module.startswith("werkzeug"):
        if status == 401:
            return Fault(3, message)
        if status == 404 and NO_MODEL.fullmatch(message):
            return Fault(2, message)
        kinds = {404: "AttributeError", 422: "TypeError"}
        return Fault(1, f"{kinds.get(status, short)}: {message}")
    if short in ("AccessDenied", "SessionExpiredException"):
        return Fault(3, message)
    if status == 403:
        return Fault(4, message)
    if status != 500 or short == "RedirectWarning":
        return Fault(2, message)
    return Fault(1, f"{short}: {message}")


def _parsed(host: str, body: bytes) -> Any:
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_VALUES:
        raise TooLarge(
            _("The answer of {host} holds more than {most} values").format(host=host, most=MOST_VALUES),
            todo=_("ask for less at once, or check that this is the right server"),
        )
    try:
        value = json.loads(body)
        if HALF.search(body):
            json.dumps(value, ensure_ascii=False).encode()
        return _as_over_xml(value) if ESCAPED.search(body) else value
    except (ValueError, RecursionError) as error:
        raise Unparsable(
            _("The answer of {host} is not readable {wire}").format(host=host, wire=JSON_2.name),
            todo=_("try again; if it stays, look into the server's log"),
        ) from error


def _as_over_xml(value: Any) -> Any:
    """The same texts as over XML-RPC: Odoo drops control characters there, and XML ends lines in one way."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").translate(DROPPED)
    if isinstance(value, list):
        return [_as_over_xml(one) for one in value]
    if isinstance(value, dict):
        return {_as_over_xml(key): _as_over_xml(one) for key, one in value.items()}
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)
