"""Translates values and fields between Odoo's form on the wire and ours.

Normalised: a many2one is an id or None; text, date, datetime and selection a str or None (an empty text is None); a
number is a number, 0 when empty; a boolean a bool; an x2many field a sorted list of ids; properties a text
(`conditions.properties`).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from segmenter.conditions import properties
from segmenter.conditions.operators import MANY, NUMBERS
from segmenter.conditions.vocabulary import Field
from segmenter.errors import SegmenterError
from segmenter.i18n import _

Json = Any
"""A normalised value: None, bool, int, float, str, or a list of ints."""
Row = dict[str, Any]
"""One record: field -> value."""

GREATEST_INT = 2**31 - 1
TOLERANCE = 1e-6


class UnsendableValue(SegmenterError):
    """A value that XML-RPC cannot carry or the field cannot hold. Nothing was sent."""


def _many2one(raw: Any) -> int | None:
    if isinstance(raw, (list, tuple)):
        raw = raw[0] if raw else None
    return int(raw) if raw else None


def _same_or_none(raw: Any) -> Any:
    return raw or None


CONVERTERS: Mapping[str, Callable[[Any], Json]] = {
    "many2one": _many2one,
    "many2one_reference": _many2one,
    "integer": lambda raw: raw or 0,
    "float": lambda raw: float(raw or 0),
    "monetary": lambda raw: float(raw or 0),
    "boolean": bool,
    "many2many": lambda raw: sorted(raw or ()),
    "one2many": lambda raw: sorted(raw or ()),
    properties.PROPERTIES: properties.from_wire,
}


def converter(field: Field) -> Callable[[Any], Json]:
    """The function that normalises raw values of the field, for loops over many records."""
    return CONVERTERS.get(field.type, _same_or_none)


def from_wire(field: Field, raw: Any) -> Json:
    """The normalised value of a raw one."""
    return converter(field)(raw)


def normalised(rows: list[Row], fields: Sequence[Field]) -> list[Row]:
    """Normalises rows of ``read`` in place, column by column, since this loop sees every value of every record."""
    for field in fields:
        name, convert = field.name, converter(field)
        for row in rows:
            row[name] = convert(row[name])
    return rows


def _number(field: Field, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnsendableValue(
            _("{value} is not a number, as {field} needs").format(value=repr(value), field=field.label)
        )
    if not math.isfinite(value):
        raise UnsendableValue(_("{value} is not a number that {field} can hold").format(value=value, field=field.label))
    if field.type != "integer":
        return float(value)
    if value != int(value):
        raise UnsendableValue(_("{field} holds whole numbers, not {value}").format(value=value, field=field.label))
    if abs(value) > GREATEST_INT:
        raise UnsendableValue(
            _("{value} is too large for {field}, which holds at most {most}").format(
                value=value, field=field.label, most=GREATEST_INT
            )
        )
    return int(value)


def to_wire(field: Field, value: Json) -> Any:
    """The value for a ``write``. Money is sent as a double; many-valued fields take `delta` instead.

    Raises `UnsendableValue` for NaN, infinities, integers of 2^31 and more, and many-valued fields.
    """
    if field.type in MANY:
        raise UnsendableValue(_("{field} holds many values: only links are added or removed").format(field=field.label))
    if field.type == "boolean":
        return bool(value)
    if field.type == properties.PROPERTIES:
        return properties.to_wire(value)
    if value is None:
        return False
    if field.type in NUMBERS:
        return _number(field, value)
    if field.type in ("many2one", "many2one_reference"):
        return int(value)
    # A server that parses XML makes one line break of these: what is sent must be what is read back.
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def delta(before: Iterable[int], after: Iterable[int]) -> list[list[int]]:
    """The commands that change a many2many field: links and unlinks, never the whole list."""
    held, wanted = set(before), set(after)
    return [[3, id_, 0] for id_ in sorted(held - wanted)] + [[4, id_, 0] for id_ in sorted(wanted - held)]


def same(field_type: str, a: Json, b: Json) -> bool:
    """Whether two normalised values of one field are equal: floats within one part in a million, lists as sets."""
    if field_type in ("float", "monetary"):
        return math.isclose(a or 0, b or 0, rel_tol=TOLERANCE, abs_tol=1e-9)
    if field_type == "integer":
        return (a or 0) == (b or 0)
    if field_type == "boolean":
        return bool(a) == bool(b)
    if field_type in MANY:
        return set(a or ()) == set(b or ())
    if field_type == properties.PROPERTIES:
        return properties.same(a, b)
    return (a or None) == (b or None)


def as_lists(value: Json) -> Json:
    """A domain as lists, for comparisons, also from the text of a favourite; other values as they are."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return value
    return [list(item) if isinstance(item, tuple) else item for item in value] if isinstance(value, list) else value


ATTRIBUTES = [
    *("string", "type", "relation", "selection", "searchable", "store", "readonly", "translate", "related", "size")
]
"""The attributes of a field that are asked for."""


def described(model: str, name: str, about: Mapping[str, Any]) -> Field:
    """The field that the server describes. ``about``: its `ATTRIBUTES`, as far as the server has them."""
    options = about.get("selection") or ()
    return Field(
        model=model,
        name=name,
        type=about["type"],
        label=about.get("string") or name,
        relation=about.get("relation") or None,
        selection=tuple((str(key), str(label)) for key, label in options) if isinstance(options, list) else (),
        searchable=bool(about.get("searchable", True)),
        stored=bool(about.get("store", True)),
        readonly=bool(about.get("readonly", False)),
        translated=bool(about.get("translate", False)),
        related=_steps(about.get("related")),
        size=about.get("size") or 0,
    )


def _steps(related: object) -> tuple[str, ...]:
    """The path of a related field: a list in Odoo 14, a text with dots in 19."""
    return tuple(related.split(".") if isinstance(related, str) else related if isinstance(related, list) else ())
