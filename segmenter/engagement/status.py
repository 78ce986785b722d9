"""Where an engagement stands on one day: the log and the approvals in, a `Status` out. Knows no clock and no ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from segmenter.ledger import LogEntry

SESSIONS = 2
SESSION_MINUTES = 30
INCLUDED_MINUTES = SESSIONS * SESSION_MINUTES
"""One hour of joint work. The hour decides what is outside the service, whatever the number and the length of the
sessions: nobody who has minutes left is told that a session is outside."""

DELIVERY = timedelta(weeks=1)
"""From the day on which the information is complete to the delivery."""
ANSWER = timedelta(days=60)
"""How long a formal request may stay without an answer before the engagement is on hold (*En espera por cliente*)."""
HOLD = timedelta(days=90)
"""How long it is on hold before it may be closed."""
CREDIT = relativedelta(months=6)
"""How long the client has what was not used, from the close on."""


def delivery_due(complete: date) -> date:
    """The day of the delivery, the information being complete on ``complete``."""
    return complete + DELIVERY


def on_hold_from(request: date) -> date:
    """The first day on hold: the first with *more* than 60 days since the request."""
    return request + ANSWER + timedelta(days=1)


def close_possible_from(on_hold: date) -> date:
    """The first day on which an engagement on hold since ``on_hold`` may be closed: 90 days of it have passed."""
    return on_hold + HOLD


def credit_until(close: date) -> date:
    """The last day of the credit. A month that has no such day ends it on its own last one."""
    return close + CREDIT


SESSION_KINDS = ("definition", "review", "work")
"""Joint sessions: their minutes are what the service includes."""
ANSWERS = ("answer", "information", *SESSION_KINDS)
"""What ends the wait for the client: an answer, the information itself, or a session in which the client sat."""

State = Literal["in_progress", "waiting", "on_hold", "closable", "complete", "closed"]
Wait = Literal["answer", "definition", "information", "plan", "approval", "delivery", "review"]


@dataclass(frozen=True, slots=True)
class SessionUse:
    """One joint session: of its minutes, those that the service includes and those outside it.

    ``beyond_plan``: it is one more than the service plans, or longer, whether or not the hour had room for it.
    """

    entry: LogEntry
    included: int
    outside: int
    beyond_plan: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of the client's calendar, None where nothing sets them.

    While a request is open, ``on_hold_from``, ``close_possible_from`` and ``credit_until`` say what comes if it stays
    so; once closed, ``credit_until`` is that of the close. ``key_ends``: the key of the work user.
    """

    information: date | None = None
    delivery_due: date | None = None
    delivered: date | None = None
    requested: date | None = None
    on_hold_from: date | None = None
    close_possible_from: date | None = None
    closed: date | None = None
    credit_until: date | None = None
    key_ends: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """``used`` and ``left``: minutes of the hour that the service includes; ``outside``: minutes beyond it.

    ``request``: the formal request that has no answer, none once closed. ``waits_for``: what is still to come, the
    next first. ``overdue``: the delivery is late.
    """

    on: date
    state: State
    sessions: tuple[SessionUse, ...]
    used: int
    left: int
    outside: int
    waits_for: tuple[Wait, ...]
    dates: Dates
    overdue: bool
    request: LogEntry | None
    out_of_scope: tuple[LogEntry, ...]

    @property
    def credit(self) -> int:
        """Minutes that the client still has after the close; none once the credit ended."""
        until = self.dates.credit_until
        return self.left if self.state == "closed" and until is not None and self.on <= until else 0


def status(
    log: Iterable[LogEntry], today: date, *, approved: Sequence[date] = (), awaits: Wait | None = None
) -> Status:
    """Where it stands on ``today``; what is dated later has not happened yet.

    ``approved``: the client's days on which approvals were given. ``awaits``: what the last plan waits for: an
    ``approval``, or, where it can never be applied, another ``plan``.
    """
    entries = [entry for entry in standing(log) if entry.day <= today]
    sessions = tuple(_uses(entry for entry in entries if entry.kind in SESSION_KINDS))
    close = _close(entries)
    request = None if close else _open_request(entries, [day for day in approved if day <= today])
    information, delivery = _last(entries, "information"), _last(entries, "delivery")
    dates = replace(_dates(request, close, information, delivery), key_ends=key_ends(entries))
    waits_for = () if close else tuple(_waits_for(entries, request, awaits))
    used = sum(session.included for session in sessions)
    return Status(
        on=today,
        state=_state(today, dates, waits_for),
        sessions=sessions,
        used=used,
        left=INCLUDED_MINUTES - used,
        outside=sum(session.outside for session in sessions),
        waits_for=waits_for,
        dates=dates,
        overdue=_overdue(today, dates),
        request=request,
        out_of_scope=tuple(entry for entry in entries if entry.kind == "out-of-scope"),
    )


def standing(log: Iterable[LogEntry]) -> list[LogEntry]:
    """The entries that nothing replaced, by day, those of one day as they were written. ``log``: as it was written.

    An entry that replaces another takes its turn: to mend a word of yesterday's request does not put it after
    yesterday's answer.
    """
    places: dict[str, int] = {}
    kept = []
    for number, entry in enumerate(log):
        places[entry.id] = places.get(entry.replaces, number)
        if not entry.replaced_by:
            kept.append(entry)
    return sorted(kept, key=lambda entry: (entry.day, places[entry.id]))


def _uses(sessions: Iterable[LogEntry]) -> Iterable[SessionUse]:
    """The hour is used up in order, whatever the number and the length of the sessions."""
    left = INCLUDED_MINUTES
    for position, session in enumerate(sessions):
        minutes = session.minutes or 0
        included = min(minutes, left)
        left -= included
        beyond_plan = position >= SESSIONS or minutes > SESSION_MINUTES
        yield SessionUse(session, included, minutes - included, beyond_plan)


def _open_request(entries: Sequence[LogEntry], approved: Sequence[date]) -> LogEntry | None:
    """The last formal request, if nothing after it was an answer. An approval of the same day or later is one."""
    request = None
    for entry in entries:
        if entry.kind == "request":
            request = entry
        elif entry.kind in ANSWERS:
            request = None
    return None if request is not None and any(day >= request.day for day in approved) else request


def _close(entries: Sequence[LogEntry]) -> LogEntry | None:
    """The close, unless the client came back after it."""
    close = None
    for entry in entries:
        if entry.kind == "close":
            close = entry
        elif entry.kind in ANSWERS:
            close = None
    return close


def key_ends(log: Iterable[LogEntry]) -> date | None:
    """The day on which the work user's key ends, by the access that was given last; None where nobody said."""
    given = _last(standing(log), "access")
    return date.fromisoformat(given.until) if given and given.until else None


def _last(entries: Sequence[LogEntry], kind: str) -> LogEntry | None:
    return next((entry for entry in reversed(entries) if entry.kind == kind), None)


def _dates(
    request: LogEntry | None, close: LogEntry | None, information: LogEntry | None, delivery: LogEntry | None
) -> Dates:
    on_hold = on_hold_from(request.day) if request else None
    possible = close_possible_from(on_hold) if on_hold else None
    ended = close.day if close else possible
    return Dates(
        information=information.day if information else None,
        delivery_due=delivery_due(information.day) if information else None,
        delivered=delivery.day if delivery else None,
        requested=request.day if request else None,
        on_hold_from=on_hold,
        close_possible_from=possible,
        closed=close.day if close else None,
        credit_until=credit_until(ended) if ended else None,
    )


def _waits_for(entries: Sequence[LogEntry], request: LogEntry | None, awaits: Wait | None) -> Iterable[Wait]:
    """In the order of the service: a plan is looked at together, then approved, then delivered."""
    kinds = {entry.kind for entry in entries}
    if request:
        yield "answer"
    delivered = "delivery" in kinds
    if "definition" not in kinds and not delivered:
        yield "definition"
    if "information" not in kinds and not delivered:
        yield "information"
    if awaits == "plan":
        yield awaits
    if "review" not in kinds:
        yield "review"
    if awaits and awaits != "plan":
        yield awaits
    if not delivered:
        yield "delivery"


def _state(today: date, dates: Dates, waits_for: Sequence[Wait]) -> State:
    if dates.closed:
        return "closed"
    if dates.close_possible_from and today >= dates.close_possible_from:
        return "closable"
    if dates.on_hold_from and today >= dates.on_hold_from:
        return "on_hold"
    if dates.requested:
        return "waiting"
    return "in_progress" if waits_for else "complete"


def _overdue(today: date, dates: Dates) -> bool:
    """Late: past the day, or delivered after it. The information that came last sets the day."""
    if dates.delivery_due is None or dates.closed:
        return False
    return (dates.delivered or today) > dates.delivery_due
