"""The dates of all engagements as an iCalendar file (RFC 5545), for the calendar that the consultant looks at anyway.

Whole days alone, so neither hours nor time zones are needed. Text is escaped (3.3.11), and lines are folded at 75
octets without cutting a letter in two (3.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from segmenter import __version__
from segmenter.i18n import _
from segmenter.reports.board import NAMES, Board, Coming, Row, coming
from segmenter.reports.engagement import waits
from segmenter.reports.text import clean

OCTETS = 75


def ics(shown: Board, now: datetime) -> str:
    """The whole file. An event keeps its identity from one export to the next, so that a calendar moves it."""
    return "".join(f"{folded}\r\n" for line in _lines(shown, now) for folded in _folded(line))


def _lines(shown: Board, now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//segmenter//board {__version__}//EN"
    yield "CALSCALE:GREGORIAN"
    for row in shown.rows:
        for one in coming(row.status):
            yield from _event(row, one, now)
    yield "END:VCALENDAR"


def _event(row: Row, one: Coming, now: datetime) -> Iterator[str]:
    client = clean(row.client) or _("Segmentation of prospects")
    # The day is no part of it: a date that moves is the same event.
    identity = sha256("\0".join([row.place, row.client, one.what]).encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{identity}@segmenter"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{client}: {_(NAMES[one.what])}')}"
    if row.status.request and one.what not in ("delivery", "key", "credit"):
        asked = _("Asked for: {activity}").format(activity=clean(row.status.request.activity))
        yield f"DESCRIPTION:{_escaped(asked)}"
    elif waiting := next(iter(waits(row.status)), ""):
        yield f"DESCRIPTION:{_escaped(_('It waits for: {what}').format(what=waiting))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most `OCTETS`; those after the first begin with a blank, which counts."""
    piece, room = "", OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", OCTETS - 1
        piece += letter
        room -= size
    yield piece
