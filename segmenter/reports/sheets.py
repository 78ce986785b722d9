"""Workbooks in which nothing that a CRM's text says is ever a formula or a link.

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
from typing import Self

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from segmenter.reports.csvs import neutral
from segmenter.reports.sheet_looks import WIDTHS, Bars, Kind, Looks
from segmenter.reports.text import clean, shortened

MOST_ROWS = 1_048_575
"""Rows of a sheet under its head: Excel has 1,048,576."""
A4 = 9
ROW = 20
"""Pixels of a row."""
LINE, LETTERS = 20, 120
"""Points of a line over the head, and its letters."""
PAGE = 70
"""Rows that can be read on one page."""
MOST_LINKS = 60_000
"""Links of a sheet: Excel refuses a file with more than 65,530."""
MOST_LETTERS = 32_767
HEAD_LETTERS = 240
"""Of a head: those of a table may have 255, and some go for a number."""
NAME_LENGTH = 31


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells are (``share``: 0.25 for 25 %), its width in letters (0: by the kind).

    A ``figure`` shows decimals where it has some. Days, and whole numbers, may stand in any column.
    """

    title: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Toned:
    """A text on a colour, ``#rrggbb``."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address; without one, the text."""

    text: str
    address: str


Cell = str | int | float | date | datetime | Toned | Link | None


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
        self._looks = Looks(self._book)

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

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        table: bool = False,
        streamed: bool = False,
        above: Sequence[str] = (),
        frozen: int = 0,
        printed: int = 0,
    ) -> Sheet:
        """A new sheet: its head is frozen and has filters. ``name`` is made fit for Excel, and its own.

        ``table``: it is a table of Excel. ``streamed``: its rows go to the disk as they come; such a sheet may have
        neither a table nor charts. ``above``: lines over the head. ``frozen``: columns that stay in sight; ``printed``:
        the first so many go to paper, 0 for all.
        """
        title = self._fit(name)
        worksheet = self._book.add_worksheet(title)
        worksheet.constant_memory = streamed
        made = Sheet(self._looks, worksheet, title, columns, table=table, above=above, frozen=frozen, printed=printed)
        self._sheets.append(made)
        return made

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
        looks: Looks,
        sheet: Worksheet,
        name: str,
        columns: Sequence[Column],
        *,
        table: bool,
        above: Sequence[str],
        frozen: int,
        printed: int,
    ) -> None:
        self._looks, self._sheet, self._name, self._columns = looks, sheet, name, columns
        self._table, self._printed, self._top, self._charts = table, printed, len(above) + bool(above), 0
        self.rows = 0
        for row, line in enumerate(above):
            sheet.merge_range(
                row, 0, row, (printed or len(columns)) - 1, _fit(line), looks.note if row else looks.title
            )
            sheet.set_row(row, LINE * (1 + len(line) // LETTERS))
        for position, column in enumerate(columns):
            sheet.set_column(position, position, column.width or WIDTHS[column.kind])
        sheet.set_row(self._top, 34)
        self._titles = _unlike([" ".join(clean(column.title).split()) for column in columns])
        for position, title in enumerate(self._titles):
            sheet.write_string(self._top, position, title, looks.head)
        sheet.freeze_panes(self._top + 1, frozen)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.center_horizontally()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self._top)
        sheet.set_footer("&L&8&A&R&8&P / &N")

    def add(self, cells: Sequence[Cell], *, link: str = "") -> bool:
        """Write the next row; False when the sheet is full. ``link``: an address that the first cell leads to."""
        if self.rows + self._top == MOST_ROWS:
            return False
        self.rows += 1
        for position, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            if link and not position:
                self._write_link(position, str(cell), link)
            else:
                self._write(position, cell, column.kind)
        return True

    def chart(self, bars: Bars, *, column: int, row: int, width: int) -> int:
        """Put a chart under the rows, ``row`` rows further down, from ``column`` on; how many rows it takes."""
        chart = self._looks.chart(bars, *(self._reference(column, bars) for column in (bars.names, bars.values)))
        height = 70 + 26 * (bars.last - bars.first + 1)
        chart.set_size({"width": width, "height": height})
        self._sheet.insert_chart(self._top + self.rows + row, column, chart, {"object_position": 2})
        rows = height // ROW + 2
        self._charts = max(self._charts, row + rows)
        return rows

    def _reference(self, column: int, bars: Bars) -> list[str | int]:
        """A stretch of a column, as charts name it."""
        return [self._name, self._top + bars.first, column, self._top + bars.last, column]

    def finish(self) -> None:
        """The filters, the table and the paper, once it is known how far down they go."""
        last = (self._top + max(self.rows, 1), len(self._columns) - 1)
        if self._table:
            heads = [{"header": title, "header_format": self._looks.head} for title in self._titles]
            options = {"columns": heads, "style": "Table Style Light 15", "banded_rows": False}
            self._sheet.add_table(self._top, 0, *last, options)
        else:
            self._sheet.autofilter(self._top, 0, *last)
        if self._printed:
            # Charts are not cut in two where the sheet can go on one page.
            self._sheet.fit_to_pages(1, int(bool(self._charts) and last[0] + self._charts <= PAGE))
            self._sheet.print_area(0, 0, last[0] + self._charts, self._printed - 1)

    def _write_link(self, position: int, cell: str, address: str) -> None:
        text = _fit(cell)
        if address and self.rows <= MOST_LINKS:
            form = self._looks.link[neutral(text) != text]
            self._sheet.write_url(self._top + self.rows, position, address, form, string=text)
        else:
            self._write(position, cell, "text")

    def _write(self, position: int, cell: Cell, kind: Kind) -> None:
        body, row = self._looks.body, self._top + self.rows
        formats = body[kind]
        if cell is None or cell == "" or (isinstance(cell, float) and not math.isfinite(cell)):
            self._sheet.write_blank(row, position, None, formats[False])
        elif isinstance(cell, Toned):
            text = _fit(cell.text)
            self._sheet.write_string(row, position, text, self._looks.toned(cell.tone, quoted=neutral(text) != text))
        elif isinstance(cell, Link):
            self._write_link(position, cell.text, cell.address)
        elif isinstance(cell, str):
            text = _fit(cell)
            self._sheet.write_string(row, position, text, formats[neutral(text) != text])
        elif isinstance(cell, date):
            moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
            self._sheet.write_datetime(row, position, moment.replace(tzinfo=None), body["date"][False])
        else:
            looks = {"text": "beside texts", "long": "beside texts", "figure": "number" if cell == int(cell) else kind}
            self._sheet.write_number(row, position, cell, body[looks.get(kind, kind)][False])


def _unlike(titles: Sequence[str]) -> list[str]:
    """Heads that differ, as those of a table must."""
    found: list[str] = []
    for title in (shortened(title, HEAD_LETTERS) for title in titles):
        name, number = title or "-", 2
        while name.casefold() in {other.casefold() for other in found}:
            name, number = f"{title} ({number})", number + 1
        found.append(name)
    return found


def _fit(text: str) -> str:
    """Safe to show, and no longer than Excel allows."""
    return shortened(clean(text), MOST_LETTERS)
