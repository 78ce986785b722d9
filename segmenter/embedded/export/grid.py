"""The filled cells of one sheet of a workbook or a CSV file, before headings and records are told apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900

_LETTERS = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})$")
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
"""Of a workbook."""


class Formula(str):
    """A formula whose result the file does not hold; a text that begins with = is another thing."""

    __slots__ = ()


class Fault(str):
    """An error value of a spreadsheet: ``#N/A``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it. ``number`` counts from 1; ``cells``: by column, from 0, filled ones alone.

    ``wide``: how many cells the file has there, empty ones included; 0 where a file does not say, as a workbook.
    """

    number: int
    cells: Mapping[int, Any]
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of merged cells; rows from 1, columns from 0, both ends included."""

    name: str
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. ``name`` is None in a file that has no others; ``others``: how many more there are.

    ``odoo``: a CSV file in which every cell is quoted, as Odoo writes it and no spreadsheet does. ``epoch``: the day
    that a workbook counts its dates from.
    """

    rows: tuple[Row, ...]
    name: str | None = None
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    others: int = 0
    odoo: bool = False
    epoch: datetime = CALENDAR_WINDOWS_1900


def filled(cell: Any) -> bool:
    """Whether a cell is filled; blanks alone do not count."""
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def position(reference: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of ``B7``; None for a text that names no cell."""
    found = _LETTERS.match(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column - 1) if 1 <= row <= LAST_ROW and column <= LAST_COLUMN else None


def area(reference: str) -> Area | None:
    """The rectangle of ``A2:B3``."""
    first, _colon, last = reference.partition(":")
    start, end = position(first), position(last or first)
    if start is None or end is None:
        return None
    return Area(reference, (start[0], end[0]), (start[1], end[1]))
