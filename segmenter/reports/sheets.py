"""Workbooks in constant memory, in which nothing that a CRM's text says is ever a formula or a link.

Every text is written as text, and one that looks like a formula is marked as Excel marks what was typed after an
apostrophe: it stays text when somebody edits the cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from segmenter.reports.csvs import neutral
from segmenter.reports.text import clean, shortened

Kind = Literal["text", "long", "id", "number", "figure", "money", "share", "date"]
Cell = str | int | float | date | datetime | None

MOST_ROWS = 1_048_575
"""Rows of a sheet under its head: Excel has 1,048,576."""
MOST_LINKS = 60_000
"""Links of a sheet: Excel refuses a file with more than 65,530."""
MOST_LETTERS = 32_767
NAME_LENGTH = 31
_NUMBERS = {"id": "0", "number": "#,##0", "figure": "#,##0.00", "money": "#,##0", "share": "0.0%", "date": 14}
"""Formats of Excel; its number 14 is a day as the reader's country writes it."""
_WIDTHS = {"text": 24, "long": 60, "id": 10, "number": 12, "figure": 16, "money": 16, "share": 10, "date": 12}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells are (``share``: 0.25 for 25 %), its width in letters (0: by the kind).

    A ``figure`` shows decimals where it has some. Days, and whole numbers, may stand in any column.
    """

    title: str
    kind: Kind = "text"
    width: int = 0


class Book:
    """A workbook being written: ``with Book(file, title) as book: sheet = book.sheet(...); sheet.add([...])``.

    Raises `OSError` when the file cannot be written.
    """

    def __init__(self, file: Path, title: str) -> None:
        file.open("wb").close()  # XlsxWriter finds out at the end alone, and then leaves its own files open
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = Workbook(str(file), options)
        self._book.set_properties({"title": clean(title)})
        self._sheets: list[Sheet] = []
        self._names: set[str] = {"history"}  # Excel keeps that one for itself
        self._head = self._format(bold=True, font_color="#FFFFFF", bg_color="#12343B", valign="vcenter", border=1)
        self._body: dict[str, dict[bool, Format]] = {
            kind: {
                quoted: self._format(
                    num_format=_NUMBERS.get(kind, "@" if quoted else "General"),
                    text_wrap=kind == "long",
                    quote_prefix=quoted,
                )
                for quoted in (False, True)
            }
            for kind in _WIDTHS
        }
        self._body["beside texts"] = {False: self._format(num_format="#,##0", align="left")}
        self._link = {
            quoted: self._format(font_color="#0B5563", underline=1, quote_prefix=quoted) for quoted in (False, True)
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sheet in self._sheets:
            sheet.finish()
        try:
            self._book.close()
        except FileCreateError as failed:
            reason = failed.args[0]
            raise reason if isinstance(reason, OSError) else OSError(str(reason)) from failed

    def sheet(self, name: str, columns: Sequence[Column]) -> Sheet:
        """A new sheet: its head is frozen and has filters. ``name`` is made fit for Excel, and its own."""
        made = Sheet(self._book.add_worksheet(self._fit(name)), columns, self._head, self._body, self._link)
        self._sheets.append(made)
        return made

    def _format(self, **about: object) -> Format:
        return self._book.add_format({"valign": "top", **about})

    def _fit(self, name: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip(" '") or "-"
        fit, number = plain[:NAME_LENGTH].rstrip(" '"), 2
        while fit.casefold() in self._names:
            end = f" ({number})"
            fit, number = plain[: NAME_LENGTH - len(end)].rstrip(" '") + end, number + 1
        self._names.add(fit.casefold())
        return fit


class Sheet:
    """One sheet, written row by row from the top."""

    def __init__(
        self,
        sheet: Worksheet,
        columns: Sequence[Column],
        head: Format,
        body: dict[str, dict[bool, Format]],
        link: dict[bool, Format],
    ) -> None:
        self._sheet, self._columns, self._body, self._link = sheet, columns, body, link
        self.rows = 0
        for position, column in enumerate(columns):
            sheet.set_column(position, position, column.width or _WIDTHS[column.kind])
        sheet.set_row(0, 22)
        for position, column in enumerate(columns):
            sheet.write_string(0, position, clean(column.title), head)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def add(self, cells: Sequence[Cell], *, link: str = "") -> bool:
        """Write the next row; False when the sheet is full. ``link``: an address that the first cell leads to."""
        if self.rows == MOST_ROWS:
            return False
        self.rows += 1
        for position, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            if link and not position and self.rows <= MOST_LINKS:
                text = _fit(str(cell))
                self._sheet.write_url(self.rows, position, link, self._link[neutral(text) != text], string=text)
            else:
                self._write(position, cell, column.kind)
        return True

    def finish(self) -> None:
        """The filters, once it is known how far down they go."""
        self._sheet.autofilter(0, 0, max(self.rows, 1), len(self._columns) - 1)

    def _write(self, position: int, cell: Cell, kind: Kind) -> None:
        formats = self._body[kind]
        if cell is None or cell == "" or (isinstance(cell, float) and not math.isfinite(cell)):
            self._sheet.write_blank(self.rows, position, None, formats[False])
        elif isinstance(cell, str):
            text = _fit(cell)
            self._sheet.write_string(self.rows, position, text, formats[neutral(text) != text])
        elif isinstance(cell, date):
            moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
            self._sheet.write_datetime(self.rows, position, moment.replace(tzinfo=None), self._body["date"][False])
        else:
            looks = {"text": "beside texts", "long": "beside texts", "figure": "number" if cell == int(cell) else kind}
            self._sheet.write_number(self.rows, position, cell, self._body[looks.get(kind, kind)][False])


def _fit(text: str) -> str:
    """Safe to show, and no longer than Excel allows."""
    return shortened(clean(text), MOST_LETTERS)
