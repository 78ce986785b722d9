"""Reads a column of numbers as a whole: which decimal mark it uses, and which money it is in."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from segmenter.embedded.export.numbers import MARKS, Amount, amount
from segmenter.embedded.export.origin import BadCell, Origin, Percent, either, plain
from segmenter.embedded.schema import FieldDef
from segmenter.i18n import _

Entry = Amount | float | None
"""A cell: a text, a number of a workbook, or nothing."""

PERCENTAGES = {"probability", "automated_probability"}
"""Fields that hold percentages as 25 for 25 %."""
_ONE_ZERO = re.compile(r"^-?\d+\.0$")
_BOUNDS: Mapping[str, float] = {
    **dict.fromkeys(PERCENTAGES, 100.0),
    **{"partner_latitude": 90.0, "partner_longitude": 180.0},
}
"""The greatest number of a field: a reading beyond it is impossible."""


def entries(field: FieldDef, cells: Sequence[Any], origin: Origin) -> tuple[Entry, ...]:
    """The possible readings of each cell. Raises BadCell for a cell that is no number of this field."""
    return tuple(_entry(field, cell, row, origin) for row, cell in enumerate(cells))


def _entry(field: FieldDef, cell: Any, row: int, origin: Origin) -> Entry:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, Percent):
        return _percentage(field, float(round(cell * 100, 10)), f"{plain(round(cell * 100, 10))} %", row)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    if not isinstance(cell, str):
        raise BadCell(row, _("{value} is not a number").format(value=cell))
    try:
        read = amount(cell, lakhs=origin.format.lakhs)
    except ValueError as error:
        raise BadCell(row, str(error)) from None
    if read.percent:
        _percentage(field, 0.0, cell, row)
    bound = _BOUNDS.get(field.name, math.inf)
    within = {mark: number for mark, number in read.readings.items() if abs(number) <= bound}
    if not within:
        raise BadCell(row, _("{value} is more than {bound}").format(value=cell.strip(), bound=plain(bound)))
    return Amount(read.text, within, read.decimals, read.money)


def _percentage(field: FieldDef, value: float, text: str, row: int) -> float:
    """The value of a percentage, if the field is known to hold percentages."""
    if field.name not in PERCENTAGES:
        raise BadCell(
            row,
            _("{value} is a percentage, and {field} may hold it otherwise").format(
                value=text.strip(), field=field.name
            ),
            _("write the number as Odoo keeps it, without %"),
        )
    return value


def own_mark(column: Sequence[Entry]) -> str:
    """The decimal mark that the column proves; empty if both or neither are possible."""
    possible = _possible(column)
    return possible[0] if len(possible) == 1 else ""


def _possible(column: Sequence[Entry]) -> list[str]:
    """The decimal marks that are possible in all cells."""
    texts = [entry for entry in column if isinstance(entry, Amount)]
    return [mark for mark in MARKS if all(mark in text.readings for text in texts)]


def decided(field: FieldDef, column: Sequence[Entry], origin: Origin, usual: str) -> list[Any]:
    """The numbers. ``usual``: the decimal mark of the language, empty when the rest of the file speaks against it.

    Raises BadCell for the first cell that remains two numbers, that is in another money than the rest, or that is no
    whole number where the field holds those.
    """
    _refuse_mixed_money(column, origin)
    _refuse_lost_points(column)
    odoo = origin.odoo and all(_as_odoo_writes(entry) for entry in column)
    sure = own_mark(column) or ("." if odoo else "")
    usual = usual if usual in _possible(column) else ""
    habit = _habit(column, sure)
    found = [0.0 if entry is None else _number(entry, row, sure, usual, habit) for row, entry in enumerate(column)]
    if field.type != "integer":
        return found
    for row, number in enumerate(found):
        if not number.is_integer():
            raise BadCell(row, _("{value} is not a whole number").format(value=_shown(column[row])))
    return [int(number) for number in found]


def _as_odoo_writes(entry: Entry) -> bool:
    if not isinstance(entry, Amount):
        return True
    return bool(re.fullmatch(r"-?\d+", entry.text)) or entry.text == repr(entry.readings.get("."))


def _number(entry: Amount | float, row: int, sure: str, usual: str, habit: str) -> float:
    """``sure``: the mark that is proven. ``habit``: how the rest of the column writes decimals behind it."""
    if isinstance(entry, float):
        return entry
    if not entry.ambiguous:
        return next(iter(entry.readings.values()))
    thousands = next(mark for mark in MARKS if not entry.decimals[mark])
    meant = usual == thousands
    if sure:
        unpadded = habit == "as many as there are" and not entry.decimals[sure].endswith("0")
        meant = sure == thousands or habit == "three" or unpadded
    if meant:
        return entry.readings[sure or usual]
    raise BadCell(
        row,
        either(entry.text, *(plain(number) for number in sorted(entry.readings.values(), key=abs, reverse=True))),
        _("write the numbers of that column without separators of thousands"),
    )


def _habit(column: Sequence[Entry], mark: str) -> str:
    """Whether three decimals can be meant, where they might be thousands: by the cells where nothing else can be.

    Programs write as many decimals as there are, people the same number everywhere.
    """
    sure = (entry for entry in column if isinstance(entry, Amount) and set(entry.readings) == {mark})
    others = {decimals for entry in sure if (decimals := entry.decimals.get(mark))}
    if others and all(len(decimals) == 3 for decimals in others):
        return "three"
    padded = any(decimals.endswith("0") and decimals != "0" for decimals in others)
    return "another number" if padded else "as many as there are"


def _refuse_lost_points(column: Sequence[Entry]) -> None:
    """A spreadsheet with a decimal comma that opens Odoo's CSV leaves ``4482.0`` a text, and makes 25125 of 25.125."""
    if not any(isinstance(entry, Amount) and _ONE_ZERO.match(entry.text) for entry in column):
        return
    for row, entry in enumerate(column):
        if isinstance(entry, Amount) and entry.text.strip().lstrip("-").isdecimal():
            entry = next(iter(entry.readings.values()))
        if isinstance(entry, float) and abs(entry) < 1_000_000 and entry % 10 and entry.is_integer():
            raise BadCell(
                row,
                either(plain(entry), plain(entry), plain(entry / 1000)),
                _("export again as .xlsx, or write every number of that column alike, without .0"),
            )


def _refuse_mixed_money(column: Sequence[Entry], origin: Origin) -> None:
    """Bare numbers are in the money of the client's country, as far as it is known."""
    first: Amount | None = None
    bare = next((entry for entry in column if _bare(entry)), None)
    for row, entry in enumerate(column):
        if not isinstance(entry, Amount) or not entry.money:
            continue
        first = first or entry
        other: Entry = None
        if not entry.money & first.money:
            other = first
        elif bare is not None and origin.format.money and not entry.money & origin.format.money:
            other = bare
        if other is not None:
            raise BadCell(
                row,
                _("{value} names another currency than {other} in the same column").format(
                    value=entry.text.strip(), other=_shown(other)
                ),
                _("write all amounts of that column in one currency, without its name"),
            )


def _bare(entry: Entry) -> bool:
    """An amount without a name, and not nothing."""
    return not entry.money and any(entry.readings.values()) if isinstance(entry, Amount) else bool(entry)


def foreign(column: Sequence[Entry], origin: Origin) -> str:
    """An amount in a money that is not that of the client's country; empty when there is none."""
    for entry in column:
        if isinstance(entry, Amount) and entry.money and not entry.money & (origin.format.money or entry.money):
            return entry.text.strip()
    return ""


def _shown(entry: Entry) -> str:
    return entry.text.strip() if isinstance(entry, Amount) else plain(entry or 0.0)
