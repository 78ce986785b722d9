"""The origin of a file, which tells how its cells are written; and the error for a cell that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import WINDOWS_EPOCH

from segmenter.embedded.export.formats import Format
from segmenter.i18n import _, language


@dataclass(frozen=True, slots=True)
class Origin:
    """``language``: the client's, ``format``: how that language writes. ``odoo``: the file is as Odoo writes CSV.

    ``zone``: the one that date-times are in; Odoo writes them in that of the person who exports. ``epoch``: the day
    that a workbook's dates are counted from.
    """

    language: str = ""
    format: Format = field(default_factory=Format)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    odoo: bool = False
    epoch: datetime = WINDOWS_EPOCH


class Percent(float):
    """A number that a workbook shows as a percentage: 0.25 is 25 %."""

    __slots__ = ()


class BadCell(Exception):
    """A cell that cannot be taken as it is: its column and row (both from 0), a sentence, and what to do."""

    def __init__(self, row: int, what: str, todo: str = "", column: int = 0) -> None:
        super().__init__(what)
        self.row, self.what, self.todo, self.column = row, what, todo, column


LONGEST = 100
"""A longer text is neither a number nor a date."""


def short(cell: object) -> str:
    """The cell for a sentence, cut if it is long."""
    text = str(cell).strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…"


def either(value: str, first: str, second: str) -> str:
    """The sentence about a cell that can be read in two ways."""
    return _("{value} can be read as {first} and as {second}").format(value=short(value), first=first, second=second)


def plain(number: float) -> str:
    """The number without separators of thousands, so that nobody takes it for another one."""
    text = format(number, ".15g")
    return text.replace(".", ",") if language() == "es" else text
