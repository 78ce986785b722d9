"""Reads a column of dates or date-times as a whole: whether day or month comes first, and the moment in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import from_excel

from segmenter.embedded.export.dates import ORDERS, Moment, moment
from segmenter.embedded.export.origin import BadCell, Origin, either
from segmenter.i18n import _

Entry = Moment | datetime | None
"""A cell: a text, a date of a workbook, or nothing."""

_FIRST_SERIAL, _LAST_SERIAL = 61, 73_415
"""The days that a number in a workbook can mean: from March 1900, where all spreadsheets agree, to the end of 2100."""


def entries(cells: Sequence[Any], origin: Origin) -> tuple[Entry, ...]:
    """The possible readings of each cell. Raises BadCell for a cell that is no date."""
    return tuple(_entry(cell, row, origin) for row, cell in enumerate(cells))


def _entry(cell: Any, row: int, origin: Origin) -> Entry:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, datetime):
        return _rounded(cell)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        found = from_excel(cell, origin.epoch)
        if isinstance(found, datetime):
            return _rounded(found)
    if not isinstance(cell, str):
        raise BadCell(row, _("{value} is not a date").format(value=cell))
    try:
        return _usable(moment(cell, origin.language), origin)
    except ValueError as error:
        raise BadCell(row, str(error), _("write the date as in 2026-03-31")) from None


def _rounded(cell: datetime) -> datetime:
    """The time rounded to seconds: workbooks keep times as fractions of a day, which are not exact."""
    return (cell + timedelta(milliseconds=500) if cell.year < MAXYEAR else cell).replace(microsecond=0)


def _usable(text: Moment, origin: Origin) -> Moment:
    """Without ``05/03/26`` as a year, month and day, where the language does not write the year first."""
    if not text.ambiguous or origin.format.order == "ymd":
        return text
    return replace(text, readings={order: day for order, day in text.readings.items() if order != "ymd"})


def own_order(column: Sequence[Entry]) -> str:
    """The order of day, month and year that the column proves; empty if several or none are possible."""
    possible = [order for order in ORDERS if _fits(order, column)]
    return possible[0] if len(possible) == 1 else ""


def _fits(order: str, column: Sequence[Entry]) -> bool:
    return all(order in entry.readings for entry in column if isinstance(entry, Moment))


def decided(kind: str, column: Sequence[Entry], origin: Origin, usual: str) -> list[str | None]:
    """The dates as the store has them, date-times in UTC. ``kind``: date or datetime. ``usual``: the order of the
    language, empty when the rest of the file speaks against it. Raises BadCell for what remains two days."""
    _refuse_swapped(column)
    order = own_order(column) or (usual if _fits(usual, column) else "")
    return [
        None if entry is None else _stored(kind, entry, row, order, origin.zone) for row, entry in enumerate(column)
    ]


def _refuse_swapped(column: Sequence[Entry]) -> None:
    """A spreadsheet that puts the month first makes a date of 3 May from 05/03/2026, and leaves 13/03/2026 as a text.

    The other way round too. What tells is that no text could be swapped, and every date could.
    """
    texts = [entry.readings for entry in column if isinstance(entry, Moment) and len(set(entry.readings)) < len(ORDERS)]
    dates = [(row, entry) for row, entry in enumerate(column) if isinstance(entry, datetime)]
    if not texts or any({"dmy", "mdy"} <= set(text) for text in texts) or any(day.day > 12 for _row, day in dates):
        return
    for row, day in dates:
        if day.day != day.month:
            bad = _two_days(day.isoformat(" "), row, day.date(), day.date().replace(month=day.day, day=day.month))
            bad.todo = _("export again from Odoo as .xlsx, or make dates of all cells in that column")
            raise bad


def _stored(kind: str, entry: Moment | datetime, row: int, order: str, zone: ZoneInfo) -> str:
    try:
        if isinstance(entry, datetime):
            return entry.date().isoformat() if kind == "date" else _in_utc(entry, zone, row)
        local = datetime.combine(_day(entry, row, order), datetime.min.time()) + entry.clock
        if entry.zone is None:
            return local.date().isoformat() if kind == "date" else _in_utc(local, zone, row)
        moved = local.replace(tzinfo=entry.zone)
        if kind == "datetime":
            return moved.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")
        here = moved.astimezone(zone).date()
        if here != local.date():
            raise _two_days(entry.text, row, local.date(), here)
        return here.isoformat()
    except OverflowError:
        text = entry.text if isinstance(entry, Moment) else str(entry)
        raise BadCell(row, _("{value} is not a date").format(value=text)) from None


def _day(entry: Moment, row: int, order: str) -> date:
    if not entry.ambiguous:
        return next(iter(entry.readings.values()))
    if order in entry.readings:
        return entry.readings[order]
    first, second = sorted(set(entry.readings.values()))[:2]
    raise _two_days(entry.text, row, first, second)


def _two_days(text: str, row: int, first: date, second: date) -> BadCell:
    return BadCell(
        row, either(text, first.isoformat(), second.isoformat()), _("write the dates of that column as in 2026-03-31")
    )


def _in_utc(local: datetime, zone: ZoneInfo, row: int) -> str:
    """The moment of a clock in ``zone``; a day begins when its clocks do, which need not be at midnight."""
    moment_there = local.replace(tzinfo=zone).astimezone(UTC)
    if moment_there.astimezone(zone).replace(tzinfo=None) != local and local.time() != datetime.min.time():
        raise BadCell(
            row,
            _("There is no {value} in {zone}: the clocks go forward over it").format(value=local, zone=zone.key),
            _("write client.timezone as whoever exported has it in Odoo"),
        )
    return moment_there.replace(tzinfo=None).isoformat(" ", "seconds")


def doubled(column: Sequence[Entry], values: Sequence[str | None], zone: ZoneInfo) -> int:
    """The number of date-times in an hour that occurs twice, when clocks go back; the first one is assumed."""
    number = 0
    for entry, value in zip(column, values, strict=True):
        if value is not None and not (isinstance(entry, Moment) and entry.zone):
            local = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(zone)
            number += local.fold == 0 and local.replace(fold=1).utcoffset() != local.utcoffset()
    return number
