"""Refuses, with their place, things among the records of an export that are no records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from segmenter.embedded.export.grid import Grid, Row, filled
from segmenter.errors import SegmenterError
from segmenter.i18n import _

if TYPE_CHECKING:
    from segmenter.embedded.export.sheet import Sheet

_GROUP = re.compile(r"^\s*\S.* \((\d+)\)\s*$")
_TOTAL = re.compile(
    r"^\W*(sub-?total(es)?|(gran )?total(es)?( general| geral)?|grand totals?|totals?|totais|suma|soma|sums?|"
    r"promedio|média|media|average|mean)[\W\d]*$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^\W*\d+ (registros?|records?|filas?|rows?|oportunidades|prospectos|contactos|leads)\W*$", re.IGNORECASE
)
"""``3 registros``, alone in the last row."""


def refuse_strays(sheet: Sheet, grid: Grid, below: Sequence[Row], top: Row) -> None:
    """Raises SegmenterError, with the place, for the first thing that is no record."""
    _refuse_merged(sheet, grid, top)
    _refuse_ragged(sheet, below, top)
    _refuse_groups(sheet)
    _refuse_other_headings(sheet)
    _refuse_totals(sheet)
    _refuse_remarks(sheet)


def _refuse_ragged(sheet: Sheet, below: Sequence[Row], top: Row) -> None:
    """Refuses cells without a heading, rows longer than the headings, and cut lines."""
    named = {at for at, heading in enumerate(sheet.headings) if heading}
    for row in below:
        outside = min((at for at in row.cells if at not in named), default=None)
        if outside is None and row.wide > top.wide:
            outside = top.wide
        if outside is not None:
            place = f"{sheet.file}:{get_column_letter(outside + 1)}{row.number}"
            raise SegmenterError(
                _("Row {row} has a cell under no heading").format(row=row.number),
                todo=_("put its texts with a comma into quotation marks, or give the column a heading"),
                place=place,
            )
        lines = any(isinstance(cell, str) and "\n" in cell for cell in row.cells.values())
        if row.cells and 0 < row.wide < top.wide and (row.wide == 1 or lines):
            raise SegmenterError(
                _("Row {row} has {number} of {headings} cells: it is cut, or is no record").format(
                    row=row.number, number=row.wide, headings=top.wide
                ),
                todo=_("put texts of several lines into quotation marks, or delete the row"),
                place=f"{sheet.file}:A{row.number}",
            )


def _refuse_merged(sheet: Sheet, grid: Grid, top: Row) -> None:
    """Refuses merged cells in the table; a title above it may be merged."""
    for merged in sorted(grid.merged, key=lambda one: (one.rows, one.columns)):
        if merged.rows[1] >= top.number and merged.columns[0] < len(sheet.headings):
            raise SegmenterError(
                _("Cells {cells} are merged").format(cells=merged.name),
                todo=_("export again from Odoo's list view, without grouping, and leave the file as it is"),
                place=f"{sheet.file}:{merged.name}",
            )


def _refuse_groups(sheet: Sheet) -> None:
    """A group's heading is ``Nueva (19)`` in the first column and nothing but totals beside it.

    A record may be called so too, and have numbers alone. A grouped export begins with a group, which has no words
    where records have them; and a group is followed by as many rows as it counts.
    """
    if len(sheet.headings) < 2:
        return
    groups = [at for at, cells in enumerate(sheet.rows) if _is_group(cells)]
    worded = any(_is_text(cell) for cells in sheet.rows for cell in cells[1:])
    ends = [*groups[1:], len(sheet.rows)]
    for at, end in zip(groups, ends, strict=False):
        text = sheet.rows[at][0].strip()
        if (at == 0 and worded) or text.endswith(f"({end - at - 1})"):
            raise SegmenterError(
                _("{group} is the heading of a group, not a record").format(group=text),
                todo=_("export again from the list view without grouping"),
                place=sheet.address(at, 0),
            )


def _is_group(cells: Sequence[Any]) -> bool:
    first = cells[0]
    return isinstance(first, str) and bool(_GROUP.match(first)) and not any(map(_is_text, cells[1:]))


def _refuse_other_headings(sheet: Sheet) -> None:
    """Refuses a row whose cells are all headings, in other columns: a second list below the first."""
    known = {heading.casefold() for heading in sheet.headings if heading}
    for at, cells in enumerate(sheet.rows):
        texts = [" ".join(cell.split()).casefold() if isinstance(cell, str) else "" for cell in cells if filled(cell)]
        if len(texts) > 1 and known.issuperset(texts):
            raise SegmenterError(
                _("Row {row} holds headings, not a record").format(row=sheet.numbers[at]),
                todo=_("keep one list in the file, with one row of headings"),
                place=sheet.address(at, 0),
            )


def _refuse_totals(sheet: Sheet) -> None:
    """Refuses totals at the end or before an empty row: a word with numbers, or at the very end numbers alone."""
    texts = {at for cells in sheet.rows[:-1] for at, cell in enumerate(cells) if _is_text(cell)}
    for at, cells in enumerate(sheet.rows):
        last = at == len(sheet.rows) - 1
        ends = last or sheet.numbers[at + 1] > sheet.numbers[at] + 1
        words = [cell for cell in cells if _is_text(cell)]
        word = ends and len(words) == 1 and isinstance(words[0], str) and _TOTAL.match(words[0].strip())
        figures = {index for index, cell in enumerate(cells) if filled(cell)}
        sums = last and texts and not words and not texts & figures
        if word or sums:
            raise SegmenterError(
                _("Row {row} holds totals, not a record").format(row=sheet.numbers[at]),
                todo=_("delete the row, or export again from Odoo's list view"),
                place=sheet.address(at, min(figures)),
            )


def _refuse_remarks(sheet: Sheet) -> None:
    """Refuses a single text at the end: who printed the list and when, or how many records there are."""
    if len(sheet.rows) < 2 or len(sheet.headings) < 2:
        return
    cells = [(at, cell) for at, cell in enumerate(sheet.rows[-1]) if filled(cell)]
    if len(cells) != 1 or not _is_text(cells[0][1]):
        return
    if sheet.numbers[-1] > sheet.numbers[-2] + 1 or _COUNT.match(str(cells[0][1])):
        raise SegmenterError(
            _("Row {row} holds a remark, not a record").format(row=sheet.numbers[-1]),
            todo=_("delete the row, or export again from Odoo's list view"),
            place=sheet.address(len(sheet.rows) - 1, cells[0][0]),
        )


def _is_text(cell: Any) -> bool:
    """Whether a cell holds anything but a number, even a number written as text."""
    if not filled(cell) or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return False
    return not (isinstance(cell, str) and re.fullmatch(r"[\d\s.,'’+\-−$€%]+", cell))
