"""One cell of an export, as the value of a field: what Odoo writes, and what a spreadsheet in Spanish makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.embedded.schema import FieldDef
from segmenter.i18n import _

_TRUE = frozenset({"true", "verdadero", "sí", "si", "yes", "1", "x"})
_FALSE = frozenset({"false", "falso", "no", "0", ""})
_THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3})+(,\d+)?$")
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


def cell_value(field: FieldDef, cell: Any, *, spanish: bool, zone: ZoneInfo) -> Any:
    """The cell in the store's form. Raises ValueError with a sentence that says what is wrong.

    ``spanish``: ``1.234,5`` is a number above a thousand. ``zone``: the one that the export's date-times are in; Odoo
    writes them in that of the person who exports.
    """
    if cell is None or cell == "":
        return field.empty
    if field.type == "boolean":
        return _boolean(cell)
    if field.type in NUMBERS:
        number = _number(cell, spanish)
        return int(number) if field.type == "integer" else number
    if field.type == "selection":
        return _key(field, str(cell).strip())
    if field.type in DATES:
        return _moment(field.type, cell, zone)
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _boolean(cell: Any) -> bool:
    word = str(cell).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(_("{value} is neither yes nor no").format(value=cell))


def _number(cell: Any, spanish: bool) -> float:
    if isinstance(cell, int | float):
        return float(cell)
    text = re.sub(r"[^\d.,+-]", "", str(cell))
    if spanish and (_THOUSANDS.match(text) or _DECIMAL_COMMA.match(text)):
        text = text.replace(".", "").replace(",", ".")
    elif text.count(",") and text.rfind(",") < text.rfind("."):
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        raise ValueError(_("{value} is not a number").format(value=cell)) from None


def _key(field: FieldDef, text: str) -> str:
    for entry in field.selection:
        if text in entry:
            return entry[0]
    labels = ", ".join(label for _key, _english, label in field.selection)
    raise ValueError(_("{value} is none of: {choices}").format(value=text, choices=labels))


def _moment(kind: str, cell: Any, zone: ZoneInfo) -> str:
    moment = cell if isinstance(cell, datetime) else _parsed(cell)
    if kind == "date":
        return moment.date().isoformat()
    return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def _parsed(cell: Any) -> datetime:
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    try:
        if found := _DAY_FIRST.match(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second)
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ValueError(_("{value} is not a date").format(value=cell)) from None


def names_in(cell: Any) -> Sequence[str]:
    """The names in a cell of a many-valued field: ``Riego, VIP``."""
    return [name for part in str(cell or "").split(",") if (name := part.strip())]
