"""A CSV file as Odoo writes it, and as spreadsheets save it again: in any usual encoding, with any usual separator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from segmenter.conditions.phrases import number
from segmenter.embedded.export.grid import Fault, Formula, Grid, Row, filled
from segmenter.embedded.export.limits import MOST_COLUMNS, MOST_LETTERS, Budget
from segmenter.errors import SegmenterError
from segmenter.i18n import _

_ESCAPED = ("'=", "'+", "'-")
"""How Odoo writes texts in CSV that a spreadsheet would take for a formula."""
_SEPARATOR = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)
"""A first line that tells Excel the separator."""
MARKS = (",", ";", "\t", "|")
FIRST_LINES = 30
_QUOTED = re.compile(r'"[^"]*"')
_FAULT = re.compile(r"#(N/A|N/D|¡?REF!|VALUE!|¡?VALOR!|NAME\?|¿NOMBRE\?|NOME\?|¡?DIV/0!|¡?NUM!|¡?NULO!|NULL!)")
"""The error values that spreadsheets in Spanish, Portuguese and English write."""
_SPANISH = frozenset("áéíóúüñçãõâêôàÁÉÍÓÚÜÑÇÃÕÂÊÔÀ¿¡ºª°€")
_OLD = ("cp1252", "cp850", "mac_roman")
"""The older encodings of Spanish on Windows, MS-DOS and the Mac."""


def from_csv(file: str, data: bytes, recognised: Callable[[Sequence[str]], int]) -> Grid:
    """The rows of a CSV file. ``recognised`` tells how many of some headings are known; it decides the separator.

    Raises SegmenterError, with the row, where a quote stands open or a row is cut.
    """
    text = _decoded(file, data)
    if found := _SEPARATOR.match(text):
        text, mark = text[found.end() :], found[1]
    else:
        mark = _separator(text, recognised)
    quoted = not _QUOTED.sub("", text).strip(",\r\n")
    return Grid(tuple(_rows(file, text, mark, quoted)), odoo=quoted)


def _rows(file: str, text: str, mark: str, quoted: bool) -> Iterator[Row]:
    budget, at = Budget(file), 0
    csv.field_size_limit(MOST_LETTERS)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    while True:
        at += 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise _open_quote(file, at, str(error)) from error
        if not quoted and _swallowed(cells, mark):
            raise _open_quote(file, at, "")
        budget.row(len(cells))
        if cells:
            yield Row(at, {column: _written(cell) for column, cell in enumerate(cells) if filled(cell)}, len(cells))


def _swallowed(cells: Sequence[str], mark: str) -> bool:
    """Whether a cell swallowed the end of its row and the beginning of another, because of a misplaced quote.

    A last column may hold remarks of several lines, with a comma here and there.
    """
    for column, cell in enumerate(cells):
        if "\n" not in cell or (column == len(cells) - 1 and (mark == "," or column < 2)):
            continue
        first, *between, last = (line.count(mark) for line in cell.split("\n"))
        if first == len(cells) - 1 - column and last == column and set(between) <= {len(cells) - 1}:
            return True
    return False


def _open_quote(file: str, row: int, reason: str) -> SegmenterError:
    return SegmenterError(
        _broken(row, reason),
        todo=_("close the quotation mark there, or export again from Odoo's list view as .xlsx or .csv"),
        place=f"{file}:A{row}",
    )


def _broken(row: int, reason: str) -> str:
    """The error for a row that the csv module refuses."""
    if "field larger" in reason:
        what = _("In row {row} a cell holds more than {number} characters")
        return what.format(row=row, number=number(MOST_LETTERS))
    return _("In row {row} a quotation mark is opened and not closed, or stands where none may").format(row=row)


def _written(cell: str) -> str:
    """A cell of a CSV file, where Odoo writes no text that begins with = unless it is escaped."""
    if cell.startswith(_ESCAPED):
        return cell[1:]
    if _FAULT.fullmatch(cell.strip()):
        return Fault(cell.strip())
    return Formula(cell) if cell.startswith("=") and len(cell) > 1 else cell


def _decoded(file: str, data: bytes) -> str:
    """UTF-8, UTF-16 where the file says so or shows it, else what spreadsheets in Spanish save."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.count(0) * 3 > len(data):
        encodings = ("utf-16-le",) if b"\0" in data[1:200:2] else ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", *_old(data))
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SegmenterError(
        _("{file} is no text in an encoding that can be read").format(file=file),
        todo=_("save it as CSV in UTF-8, or export again from Odoo's list view as .xlsx or .csv"),
    )


def _old(data: bytes) -> list[str]:
    """The older encodings, first the one in which the text looks most like Spanish."""
    high = {byte for byte in data if byte > 127}

    def looks(encoding: str) -> float:
        letters = [bytes([byte]).decode(encoding, errors="replace") for byte in high]
        return sum(
            data.count(byte) * (1 if letter in _SPANISH else -1) for byte, letter in zip(high, letters, strict=True)
        )

    return sorted(_OLD, key=looks, reverse=True)


def _separator(text: str, recognised: Callable[[Sequence[str]], int]) -> str:
    """The one by which most headings are known; else what stands most often in the first line, outside quotes."""
    start = text[: MOST_LETTERS * 2].splitlines(keepends=True)[:FIRST_LINES]

    def known(mark: str) -> int:
        try:
            return max((recognised(row[:MOST_COLUMNS]) for row in csv.reader(start, delimiter=mark)), default=0)
        except csv.Error:
            return 0

    first = _QUOTED.sub("", next((line for line in start if line.strip()), ""))
    return max(MARKS, key=lambda mark: (known(mark), first.count(mark)))
