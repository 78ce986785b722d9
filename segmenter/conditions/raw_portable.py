"""Tells which leaves of raw domains Odoo 14 and 19 read alike: measured on both, for each operator and value.

The rest is refused. NULL is the usual reason: 14 tells it from ``""`` and 0, 19 does not. What is refused here can be
said in the language beside the domain, which writes it so that both versions agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from segmenter.conditions.dates import moment
from segmenter.conditions.operators import COMPARISONS, INTEGER_LIMIT, NUMBER_LIMIT, kind_of
from segmenter.conditions.vocabulary import Field
from segmenter.i18n import N_, _

_EQUAL, _SETS = ("=", "!=", "<>"), ("in", "not in")
_LIKE, _WHOLE_LIKE = ("like", "not like", "ilike", "not ilike"), ("=like", "=ilike")

Accepts = Callable[[Field, str, Any], bool]


def accepts(field: Field, operator: str, value: object) -> bool:
    """Whether a leaf on ``field``, the last of its path, means the same on all versions."""
    kind = "html" if field.type == "html" else kind_of(field) or ""
    if operator in _SETS:
        return isinstance(value, Sequence) and all(_ACCEPTS[kind](field, operator, item) for item in value)
    return _ACCEPTS[kind](field, operator, value)


def instead(field: Field) -> str:
    """What a raw domain may contain for such a field, as advice."""
    kind = "html" if field.type == "html" else kind_of(field) or ""
    allowed = _(_INSTEAD[kind])
    return _("{allowed}; for anything else use {field}: outside the domain").format(allowed=allowed, field=field.name)


def _text(field: Field, operator: str, value: Any) -> bool:
    if not isinstance(value, str) or not value or len(value) > (field.size or len(value)):
        return False
    if operator in (*_LIKE, *_WHOLE_LIKE):
        # What any text matches, an empty one does too, and NULL does not. And a last \\ escapes nothing.
        escapes = len(value) - len(value.rstrip("\\"))
        return bool(value.strip("%")) and not (operator in _WHOLE_LIKE and escapes % 2)
    if operator == "not in":
        return not field.translated
    return operator in (*_EQUAL, "in", ">", ">=")


def _markup(field: Field, operator: str, value: Any) -> bool:
    return operator in _LIKE and _text(field, operator, value)


def _number(field: Field, operator: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > NUMBER_LIMIT:
        return False
    if field.type == "integer" and (value != int(value) or abs(value) >= INTEGER_LIMIT):
        return False
    if field.name == "id":
        return operator in (*_EQUAL, *_SETS, *COMPARISONS, "child_of")
    # An empty number is 0 on some versions alone: what 0 does not meet says nothing of it.
    if operator in (*_EQUAL, *_SETS):
        return value != 0
    return {">": value >= 0, ">=": value > 0, "<": value <= 0, "<=": value < 0}.get(operator, False)


def _boolean(_field: Field, operator: str, value: Any) -> bool:
    return operator in _EQUAL and isinstance(value, bool)


def _selection(_field: Field, operator: str, value: Any) -> bool:
    if isinstance(value, str) and value:
        return operator in (*_EQUAL, *_SETS)
    return operator in _EQUAL and value is False


def _date(_field: Field, operator: str, value: Any) -> bool:
    if value is False:
        return operator in _EQUAL
    at = moment(value)
    return operator in (*_EQUAL, *_SETS, *COMPARISONS) and at is not None and at.is_day


def _datetime(_field: Field, operator: str, value: Any) -> bool:
    """14 compares parts of a second, which 19 leaves out: only these two edges fall between seconds."""
    if value is False:
        return operator in _EQUAL
    return operator in ("<", ">=") and moment(value) is not None and len(value) == 19 and "T" not in value


def _relation(_field: Field, operator: str, value: Any) -> bool:
    if value is False:
        return operator in _EQUAL
    if operator == "child_of":
        return bool(value) and all(map(_is_id, value if isinstance(value, Sequence) else (value,)))
    return operator in (*_EQUAL, *_SETS) and _is_id(value)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < INTEGER_LIMIT


def _many(field: Field, operator: str, value: Any) -> bool:
    return field.type == "many2many" and _relation(field, operator, value)


_ACCEPTS: dict[str, Accepts] = {
    "text": _text,
    "html": _markup,
    "number": _number,
    "boolean": _boolean,
    "selection": _selection,
    "date": _date,
    "datetime": _datetime,
    "many2one": _relation,
    "many": _many,
    "": lambda _field, _operator, _value: False,
}
_INSTEAD = {
    "text": N_("a text is compared with texts that are not empty, and not by < or <="),
    "html": N_("markup is compared by like and ilike, with a text that is not empty"),
    "number": N_("a number is compared with numbers, so that 0 does not meet it"),
    "boolean": N_("yes or no is compared by = and !=, with true or false"),
    "selection": N_("a selection is compared by = and !=, in and not in, with its keys as texts"),
    "date": N_("a date is compared with YYYY-MM-DD, or by = and != with false"),
    "datetime": N_("a moment is compared by < and >= with YYYY-MM-DD HH:MM:SS in UTC, or by = and != with false"),
    "many2one": N_("a record is compared by =, !=, in, not in and child_of, with ids"),
    "many": N_(
        "many records are compared by =, !=, in, not in and child_of, with ids; records that point here by a path"
    ),
    "": N_("this type of field is not for conditions"),
}
