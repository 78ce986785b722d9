"""Finds the table in a workbook or CSV file that Odoo exported: headings, rows, and the address of each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900

from segmenter.conditions.phrases import number
from segmenter.embedded.export.csv import from_csv
from segmenter.embedded.export.grid import Grid, Row
from segmenter.embedded.export.limits import MOST_CELLS, MOST_COLUMNS, content, too_much
from segmenter.embedded.export.strays import refuse_strays
from segmenter.embedded.export.workbook import from_workbook
from segmenter.errors import SegmenterError
from segmenter.i18n import NN_, _, ngettext

Recognised = Callable[[Sequence[str]], int]
"""A function that counts how many headings are fields."""

_ABOVE = 20
"""The number of filled rows in which headings are looked for; a title and a filter may stand above them."""
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TABLES, _TEXTS = (".xlsx", ".xlsm"), (".csv", ".txt", ".tsv")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A heading row and the rows below it, as wide as the headings. ``numbers``: each row's number in the file.

    ``odoo``, ``epoch``: as the `Grid` has them.
    """

    file: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()
    odoo: bool = False
    epoch: datetime = CALENDAR_WINDOWS_1900

    def address(self, row: int, column: int) -> str:
        """``prospectos.xlsx:B7`` of the cell in the ``row``-th row (from 0) and the ``column``-th column (from 0)."""
        return f"{self.file}:{get_column_letter(column + 1)}{self.numbers[row]}"


def read_sheet(path: Path, recognised: Recognised) -> Sheet:
    """The table of a file: the first visible sheet with headings that are fields, from its headings on.

    Raises SegmenterError, with the place: other kinds of file, no rows, more than the limits, and whatever stands among
    the records and is none (`strays`). What is left out, or read though it is hidden, is in ``notes``.
    """
    file, data = path.name, content(path)
    if data.startswith(_WORKBOOK):
        _refuse_other_zips(file, data)
        grids: Iterable[Grid] = from_workbook(file, data)
    elif data.startswith(_OLD_WORKBOOK) or path.suffix.lower() not in _TEXTS:
        raise _unreadable(path, data)
    else:
        grids = [from_csv(file, data, recognised)]
    grid, above = _table(file, grids, recognised)
    return _sheet(file, grid, above)


def _unreadable(path: Path, data: bytes) -> SegmenterError:
    """The error for a file that is neither a zip archive nor a text."""
    again = _("export again from Odoo's list view as .xlsx or .csv")
    if data.startswith(_OLD_WORKBOOK) and _ENCRYPTED in data:
        return SegmenterError(
            _("{file} is protected by a password").format(file=path.name), todo=_("save it without a password")
        )
    if data.startswith(_OLD_WORKBOOK):
        return SegmenterError(
            _("{file} is a workbook of an older kind").format(file=path.name),
            todo=_("open it in a spreadsheet and save it as .xlsx, or export again from Odoo"),
        )
    if path.suffix.lower() in _TABLES:
        return SegmenterError(_("{file} is not a workbook that can be opened").format(file=path.name), todo=again)
    return SegmenterError(_("{file} is neither a workbook nor a CSV file").format(file=path.name), todo=again)


def _refuse_other_zips(file: str, data: bytes) -> None:
    """Raises for other workbooks that are zip archives too: LibreOffice's, and Excel's binary ones."""
    if data[30:38] == b"mimetype" or b"xl/workbook.bin" in data:
        raise SegmenterError(
            _("{file} is a workbook of another kind").format(file=file),
            todo=_("open it in a spreadsheet and save it as .xlsx, or export again from Odoo"),
        )


def _table(file: str, grids: Iterable[Grid], recognised: Recognised) -> tuple[Grid, int]:
    """The sheet with the records, and how many of its rows stand above the headings.

    That is the first with two headings that are fields, as a list of choices has one alone; else the first with one;
    where none has any, the first that is not empty.
    """
    fallback: Grid | None = None
    choices: tuple[Grid, int] | None = None
    for grid in grids:
        if not any(row.cells for row in grid.rows):
            continue
        fallback = fallback or grid
        if (found := _headings(grid, recognised)) is not None:
            known, above = found
            if known > 1:
                return grid, above
            choices = choices or (grid, above)
    if choices is not None:
        return choices
    if fallback is None:
        raise SegmenterError(_("{file} is empty").format(file=file), todo=_("export again with the records selected"))
    return fallback, next(at for at, row in enumerate(fallback.rows) if row.cells)


def _headings(grid: Grid, recognised: Recognised) -> tuple[int, int] | None:
    """How many headings are known, and which row holds them: the first, or one further down of which more is known."""
    best: tuple[int, int] | None = None
    looked = 0
    for at, row in enumerate(grid.rows):
        if not row.cells:
            continue
        texts = [str(cell) for cell in row.cells.values()][:MOST_COLUMNS]
        known = recognised(texts)
        # Further down, one word may be a heading's by chance: a record can be of the type that a heading is called by.
        enough = known >= (1 if looked == 0 else min(2, len(texts)))
        if enough and all(isinstance(cell, str) for cell in row.cells.values()) and known > (best[0] if best else 0):
            best = (known, at)
        looked += 1
        if looked == _ABOVE:
            break
    return best


def _sheet(file: str, grid: Grid, above: int) -> Sheet:
    """The table as a `Sheet`, once nothing stands in it that is no record."""
    top = grid.rows[above]
    width = max(top.cells) + 1
    if width > MOST_COLUMNS:
        raise too_much(file, _("{number} columns").format(number=number(MOST_COLUMNS)))
    headings = tuple(" ".join(str(top.cells.get(at, "")).split()) for at in range(width))
    below = grid.rows[above + 1 :]
    repeated = {row.number for row in below if row.cells and _same(row, headings)}
    records = [row for row in below if row.cells and row.number not in repeated]
    if len(records) * width > MOST_CELLS:
        raise too_much(file, _("{number} cells").format(number=number(MOST_CELLS)))
    rows = tuple(tuple(row.cells.get(at) for at in range(width)) for row in records)
    notes = tuple(_notes(file, grid, above, repeated, [row.number for row in records], headings))
    sheet = Sheet(file, headings, rows, tuple(row.number for row in records), notes, grid.odoo, grid.epoch)
    refuse_strays(sheet, grid, below, top)
    return sheet


def _same(row: Row, headings: Sequence[str]) -> bool:
    """Whether a row repeats the headings, as when one list was pasted below another."""
    return all(" ".join(str(row.cells.get(at, "")).split()) == heading for at, heading in enumerate(headings))


def _notes(
    file: str, grid: Grid, above: int, repeated: set[int], numbers: Sequence[int], headings: Sequence[str]
) -> Iterator[str]:
    """Notes on rows that are left out, and on hidden ones that are read."""
    if grid.others:
        yield _("{file} has {number} sheets; {sheet} is read, the first visible one with records").format(
            file=file, number=grid.others + 1, sheet=grid.name
        )
    top = grid.rows[above]
    if any(row.cells for row in grid.rows[:above]):
        yield _("Row {row} holds the headings; what stands above it is left out").format(row=top.number)
    if repeated:
        yield _("Row {row} repeats the headings and is left out").format(row=", ".join(map(str, sorted(repeated))))
    if hidden := sum(number in grid.hidden_rows for number in numbers):
        read = NN_("{number} row that a filter hides is read too", "{number} rows that a filter hides are read too")
        yield ngettext(*read, hidden).format(number=hidden)
    for at, heading in enumerate(headings):
        if heading and at in grid.hidden_columns:
            yield _("The hidden column {column} is read too").format(column=heading)
