"""The cells of Odoo's list export, from a workbook or a CSV file, each knowing its address (``B7``)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.utils.exceptions import InvalidFileException

from segmenter.embedded.export_origin import Percent
from segmenter.errors import SegmenterError
from segmenter.i18n import _, why

_GROUP = re.compile(r"^\s*\S.* \(\d+\)\s*$")
_QUOTED = re.compile(r'"[^"]*"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""What a number format shows as it stands: ``0"%"`` is no percentage."""
_ESCAPED = ("'=", "'+", "'-")
"""How Odoo writes texts in CSV that a spreadsheet would take for a formula."""


class _Formula(str):
    """What a cell computes. A workbook says which cells do; a text in it may begin with = as well."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A heading row and the rows below it, as wide as the headings. ``numbers``: each row's number in the file.

    ``odoo``: a CSV file in which every cell is quoted, as Odoo writes it and no spreadsheet does. ``epoch``: the day
    that a workbook counts its dates from.
    """

    file: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()
    odoo: bool = False
    epoch: datetime = WINDOWS_EPOCH

    def address(self, row: int, column: int) -> str:
        """``prospectos.xlsx:B7`` of the cell in the ``row``-th row (from 0) and the ``column``-th column (from 0)."""
        return f"{self.file}:{get_column_letter(column + 1)}{self.numbers[row]}"


def read_sheet(path: Path) -> Sheet:
    """The first sheet of an .xlsx, or a .csv in any usual encoding. Raises SegmenterError, with the place.

    Refused: other kinds of file, no rows, formulas, merged cells, and grouped exports, which have totals among records.
    """
    notes: list[str] = []
    odoo, epoch = False, WINDOWS_EPOCH
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            book = _workbook(path)
            epoch, raw = book.epoch, list(_from_workbook(book, path, notes))
        elif path.suffix.lower() in (".csv", ".txt", ".tsv"):
            text = _decoded(path.read_bytes())
            odoo, raw = not _QUOTED.sub("", text).strip(",\r\n"), list(_from_csv(text))
        else:
            raise SegmenterError(
                _("{file} is neither a workbook nor a CSV file").format(file=path.name),
                todo=_("export again from Odoo's list view as .xlsx or .csv"),
            )
    except csv.Error as error:
        raise SegmenterError(
            _("{file} is no CSV file").format(file=path.name),
            todo=_("export again from Odoo's list view as .xlsx or .csv"),
        ) from error
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be read: {reason}").format(file=path.name, reason=why(error)),
            todo=_("name a file that Odoo exported, .xlsx or .csv"),
        ) from error
    filled = [(number, row) for number, row in enumerate(raw, 1) if any(cell not in (None, "") for cell in row)]
    if not filled:
        raise SegmenterError(
            _("{file} is empty").format(file=path.name), todo=_("export again with the records selected")
        )
    headings = tuple(str(cell).strip() if cell is not None else "" for cell in filled[0][1])
    width = max((index + 1 for index, heading in enumerate(headings) if heading), default=0)
    rows = tuple(tuple(row[:width]) + (None,) * (width - len(row)) for _number, row in filled[1:])
    sheet = Sheet(
        path.name, headings[:width], rows, tuple(number for number, _row in filled[1:]), tuple(notes), odoo, epoch
    )
    _refuse_formulas(sheet)
    _refuse_groups(sheet)
    return sheet


def _workbook(path: Path) -> Workbook:
    try:
        return load_workbook(path)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SegmenterError(
            _("{file} is not a workbook that can be opened").format(file=path.name),
            todo=_("export again from Odoo's list view as .xlsx or .csv"),
        ) from error


def _from_workbook(book: Workbook, path: Path, notes: list[str]) -> Iterator[tuple[Any, ...]]:
    sheet = book.worksheets[0] if book.worksheets else None
    if sheet is None:
        return
    if len(book.worksheets) > 1:
        notes.append(
            _("{file} has {number} sheets; the first one, {sheet}, is read").format(
                file=path.name, number=len(book.worksheets), sheet=sheet.title
            )
        )
    if merged := sorted(str(cells) for cells in sheet.merged_cells.ranges):
        raise SegmenterError(
            _("Cells {cells} are merged").format(cells=merged[0]),
            todo=_("export again from Odoo's list view, without grouping, and leave the file as it is"),
            place=f"{path.name}:{merged[0]}",
        )
    for row in sheet.iter_rows():
        yield tuple(_content(cell) for cell in row)


def _content(cell: Any) -> Any:
    """The value; a formula as its text, whatever openpyxl makes of it (an array formula is an object)."""
    if cell.data_type != "f":
        percent = cell.data_type == "n" and cell.value is not None and "%" in _LITERAL.sub("", cell.number_format)
        return Percent(cell.value) if percent else cell.value
    return _Formula(cell.value if isinstance(cell.value, str) else f"={getattr(cell.value, 'text', '')}…")


def _from_csv(text: str) -> Iterator[tuple[Any, ...]]:
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
        yield tuple(_written(cell) for cell in row)


def _written(cell: str) -> str | None:
    """A cell of a CSV file, where Odoo writes no text that begins with = unless it is escaped."""
    if cell.startswith(_ESCAPED):
        return cell[1:]
    return _Formula(cell) if cell.startswith("=") and len(cell) > 1 else cell or None


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 where the file says so, else what Windows in Spanish saves."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """What stands most often in the heading line, outside quotes."""
    line = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").splitlines()[0]) if text.strip() else ""
    return max(";\t|,", key=lambda mark: (line.count(mark), mark == ","))


def _refuse_formulas(sheet: Sheet) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, _Formula):
                raise SegmenterError(
                    _("The cell holds a formula, {formula}").format(formula=cell[:40]),
                    todo=_("replace it by its value, or export again from Odoo"),
                    place=sheet.address(row, column),
                )


def _refuse_groups(sheet: Sheet) -> None:
    """A group's heading is ``Nueva (19)`` in the first column and nothing but totals beside it."""
    if len(sheet.headings) < 2:
        return
    for row, cells in enumerate(sheet.rows):
        first, others = cells[0], [cell for cell in cells[1:] if cell not in (None, "")]
        if isinstance(first, str) and _GROUP.match(first) and not any(_is_text(cell) for cell in others):
            raise SegmenterError(
                _("{group} is the heading of a group, not a record").format(group=first.strip()),
                todo=_("export again from the list view without grouping"),
                place=sheet.address(row, 0),
            )


def _is_text(cell: Any) -> bool:
    return not isinstance(cell, int | float) or isinstance(cell, bool)
