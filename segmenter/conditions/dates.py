"""Turns the dates of a condition into ranges of the server's time: what "today" means where the client is.

A range is half-open, ``[low, high)``, in the server's text: ``YYYY-MM-DD`` for date fields,
``YYYY-MM-DD HH:MM:SS`` in UTC for datetime fields, None where it is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from segmenter.conditions.bound import DateRange
from segmenter.conditions.model import Span
from segmenter.conditions.vocabulary import Clock

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, minute or second of the client's clock; ``length`` tells which."""

    local: datetime
    length: timedelta

    @property
    def is_day(self) -> bool:
        """A day, without a time."""
        return self.length == _DAY


def moment(text: object) -> Moment | None:
    """``2026-03-01``, ``2026-03-01 12:30`` or ``2026-03-01 12:30:15``; None for other texts and impossible years."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = match.groups()
    length = _DAY if hour is None else timedelta(seconds=1) if second else timedelta(minutes=1)
    try:
        local = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return Moment(local, length) if 1000 <= local.year <= 9000 else None


def utc_text(at: datetime) -> str:
    """An aware moment as Odoo writes it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def local_day(text: str, zone: ZoneInfo) -> str:
    """The client's day of a date or of a moment in UTC, as the server writes them."""
    if len(text) == 10:
        return text
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC).astimezone(zone).date().isoformat()


def start(at: Moment, kind: str, zone: ZoneInfo) -> str:
    """When ``at`` begins, as a field of ``kind`` date or datetime has it.

    Where clocks skip midnight, a day begins at the hour to which they jump.
    """
    if kind == "date":
        return at.local.date().isoformat()
    return utc_text(at.local.replace(tzinfo=zone))


def end(at: Moment, kind: str, zone: ZoneInfo) -> str:
    """The first moment after ``at``."""
    if at.is_day or kind == "date":
        return start(Moment(at.local + _DAY, _DAY), kind, zone)
    return utc_text(at.local.replace(tzinfo=zone).astimezone(UTC) + at.length)


def ranges(operator: str, moments: Sequence[Moment], kind: str, zone: ZoneInfo) -> tuple[DateRange, ...]:
    """The ranges that a comparison with moments matches: one per moment for ``=`` and ``in``, else one in all."""
    first, last = moments[0], moments[-1]
    match operator:
        case ">":
            return ((end(first, kind, zone), None),)
        case ">=":
            return ((start(first, kind, zone), None),)
        case "<":
            return ((None, start(first, kind, zone)),)
        case "<=":
            return ((None, end(first, kind, zone)),)
        case "between":
            return ((start(first, kind, zone), end(last, kind, zone)),)
        case _:
            return tuple((start(at, kind, zone), end(at, kind, zone)) for at in moments)


def relative_range(operator: str, span: Span, kind: str, clock: Clock) -> DateRange:
    """The range that ``within``, ``older_than`` or ``next`` matches now: whole days of the client, months clamped."""
    today = datetime.combine(clock.now.astimezone(clock.zone).date(), time.min)
    length = relativedelta(**{span.unit: span.count})  # type: ignore[arg-type]

    def day(local: datetime) -> str:
        return start(Moment(local, _DAY), kind, clock.zone)

    if operator == "next":
        return day(today), day(today + length + _DAY)
    if operator == "older_than":
        return None, day(today - length)
    return day(today - length), day(today + _DAY)
