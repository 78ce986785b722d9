"""Reads the visible sheets of an .xlsx from any program: the values that a person sees in the cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from segmenter.embedded.export.grid import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    Fault,
    Formula,
    Grid,
    Row,
    area,
    filled,
    position,
)
from segmenter.embedded.export.limits import Budget
from segmenter.embedded.export.origin import Percent
from segmenter.embedded.export.package import Damaged, Package, damage_told, related
from segmenter.errors import SegmenterError
from segmenter.i18n import _

_SHEETS = {"worksheet"}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Number formats that every spreadsheet knows by these numbers, and that show dates."""
_PERCENTS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""What a number format shows as it stands: ``0"%"`` is no percentage."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot carry."""


@dataclass
class _Book:
    """What all sheets share: the ``texts`` that cells refer to, and what each style shows."""

    texts: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    epoch: datetime = CALENDAR_WINDOWS_1900
    uncomputed: bool = False
    """Whoever wrote it computed nothing: the 0 of a formula only keeps the place of its result."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A sheet by its name, and the part that holds it."""

    name: str
    part: str


def from_workbook(file: str, data: bytes) -> Iterator[Grid]:
    """The visible sheets in their order, each read when it is asked for. Raises SegmenterError."""
    with damage_told(file):
        package = Package(file, data)
        main = next((part for kind, part in related(package, "").values() if kind == "officeDocument"), None)
        if main is None or main.endswith(".bin"):
            raise Damaged
        book, places, number = _opened(package, main)
    if not places:
        raise SegmenterError(
            _("{file} has no visible sheet").format(file=file), todo=_("show the sheet that holds the records")
        )
    budget = Budget(file)
    for place in places:
        with damage_told(file):
            yield _Sheet(package, book, budget).read(place, number - 1)


def _opened(package: Package, main: str) -> tuple[_Book, list[_Place], int]:
    """What all sheets share, the visible sheets with cells, and how many sheets there are."""
    book, sheets = _Book(), list[tuple[str, str, bool]]()

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "workbookPr" and attributes.get("date1904", "0") in ("1", "true", "on"):
            book.epoch = CALENDAR_MAC_1904
        elif element == "calcPr":
            book.uncomputed = attributes.get("fullCalcOnLoad", "0") in ("1", "true")
        elif element == "sheet":
            id_ = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == "id"), "")
            visible = attributes.get("state", "visible") == "visible"
            sheets.append((attributes.get("name", ""), id_, visible))

    package.read(main, start, lambda _element, _text: None)
    parts = related(package, main)
    for kind, part in parts.values():
        if kind == "sharedStrings" and package.has(part):
            book.texts = _texts(package, part)
        elif kind == "styles" and package.has(part):
            book.shown = _shown(package, part)
    places = [_Place(name, parts[id_][1]) for name, id_, visible in sheets if visible and parts[id_][0] in _SHEETS]
    return book, places, len(sheets)


def _texts(package: Package, part: str) -> list[str]:
    """The texts that cells refer to by number. Readings for Japanese (``rPh``) are no part of them."""
    texts: list[str] = []
    pieces: list[str] = []
    aside = 0

    def start(element: str, _attributes: Mapping[str, str]) -> None:
        nonlocal aside
        if element == "si":
            pieces.clear()
        aside += element == "rPh"

    def end(element: str, text: str) -> None:
        nonlocal aside
        if element == "t" and not aside:
            pieces.append(text)
        elif element == "si":
            texts.append(_unescaped("".join(pieces)))
        aside -= element == "rPh"

    package.read(part, start, end)
    return texts


def _shown(package: Package, part: str) -> list[str]:
    """What each style shows: a ``date``, a ``percent``, or nothing of the kind.

    Whatever else stands among the styles does not matter, nor whether they are broken.
    """
    formats: dict[int, str] = {}
    numbers: list[int] = []
    within: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        within.append(element)
        if element == "numFmt":
            formats[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif element == "xf" and "cellXfs" in within:
            numbers.append(_number(attributes.get("numFmtId")))

    def end(_element: str, _text: str) -> None:
        within.pop()

    try:
        package.read(part, start, end)
    except SegmenterError:
        raise
    except Exception:
        return []
    return [_kind(number, formats.get(number)) for number in numbers]


def _kind(number: int, code: str | None) -> str:
    if code is None:
        return "date" if number in _DATES else "percent" if number in _PERCENTS else ""
    return "date" if is_date_format(code) else "percent" if "%" in _LITERAL.sub("", code) else ""


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else -1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Sheet:
    """Reads one sheet from XML into a `Grid`."""

    def __init__(self, package: Package, book: _Book, budget: Budget) -> None:
        self.package, self.book, self.budget = package, book, budget
        self.rows: list[Row] = []
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._row, self._column, self._cells = 0, -1, dict[int, Any]()
        self._hidden, self._aside = False, 0
        self._kind, self._style = "n", -1
        self._value: str | None = None
        self._formula: str | None = None
        self._pieces: list[str] = []

    def read(self, place: _Place, others: int) -> Grid:
        """The filled cells. Raises for a row that appears twice or out of order: the file is damaged."""
        self.package.read(place.part, self._start, self._end)
        return Grid(
            tuple(self.rows),
            place.name,
            tuple(self.merged),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            others,
            epoch=self.book.epoch,
        )

    def _start(self, element: str, attributes: Mapping[str, str]) -> None:
        if element == "c":
            self._cell(attributes)
        elif element == "row":
            number = _number(attributes["r"]) if "r" in attributes else self._row + 1
            if not self._row < number <= LAST_ROW:
                raise Damaged("row")
            self._row, self._column, self._cells = number, -1, {}
            self._hidden = attributes.get("hidden", "0") in ("1", "true")
        elif element == "rPh":
            self._aside += 1
        elif element == "col" and attributes.get("hidden", "0") in ("1", "true"):
            first, last = _number(attributes.get("min")), _number(attributes.get("max"))
            self.hidden_columns.update(range(first - 1, min(last, LAST_COLUMN)))
        elif element == "mergeCell" and (merged := area(attributes.get("ref", ""))):
            self.merged.append(merged)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self._column += 1
        if "r" in attributes:
            place = position(attributes["r"])
            if place is None or place[0] != self._row:
                raise Damaged("cell")
            self._column = place[1]
        self._kind, self._style = attributes.get("t", "n"), _number(attributes.get("s"))
        self._value = self._formula = None
        self._pieces = []

    def _end(self, element: str, text: str) -> None:
        if element == "v":
            self._value = text
        elif element == "t" and not self._aside:
            self._pieces.append(text)
        elif element == "f":
            self._formula = text
        elif element == "rPh":
            self._aside -= 1
        elif element == "c":
            cell = self._content()
            if filled(cell):
                if self._column in self._cells:
                    raise Damaged("cell")
                self._cells[self._column] = cell
        elif element == "row" and self._cells:
            self.budget.row(len(self._cells))
            self.rows.append(Row(self._row, self._cells))
            if self._hidden:
                self.hidden_rows.add(self._row)

    def _content(self) -> Any:
        """The value that a cell shows; of a formula its result, if the file holds it."""
        computed = self._value is not None and (self._value or self._kind == "str")
        computed = computed and not (self.book.uncomputed and self._value == "0")
        if self._formula is not None and not computed:
            return Formula(f"={self._formula}")
        if self._kind == "inlineStr":
            return _unescaped("".join(self._pieces))
        if self._value is None or self._value == "":
            return None
        match self._kind:
            case "s":
                return self.book.texts[self._referred(self._value)]
            case "str":
                return _unescaped(self._value)
            case "b":
                return self._value.strip() in ("1", "true")
            case "e":
                return Fault(self._value)
            case "d":
                return self._value
        return self._figure(self._value.strip())

    def _referred(self, text: str) -> int:
        if (number := _number(text.strip())) < 0:
            raise Damaged("text")
        return number

    def _figure(self, text: str) -> Any:
        value: float = float(text)
        if not math.isfinite(value):
            raise Damaged("number")
        if text.lstrip("-").isdigit() and abs(value) < 2**53:
            value = int(text)
        shown = self.book.shown[self._style] if 0 <= self._style < len(self.book.shown) else ""
        if shown == "date":
            try:
                return from_excel(value, self.book.epoch)
            except (ValueError, OverflowError):
                return value
        return Percent(value) if shown == "percent" else value
