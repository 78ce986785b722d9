"""Where an engagement stands on one day: the log and the approvals in, a `Status` out. Knows no clock and no ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from segmenter.engagement import terms
from segmenter.ledger import LogEntry

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
    so; once closed, ``credit_until`` is that of the close.
    """

    information: date | None = None
    delivery_due: date | None = None
    delivered: date | None = None
    requested: date | None = None
    on_hold_from: date | None = None
    close_possible_from: date | None = None
    closed: date | None = None
    credit_until: date | None = None


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
    entries = [one for one in standing(log) if one.day <= today]
    sessions = tuple(_uses(one for one in entries if one.kind in SESSION_KINDS))
    close = _close(entries)
    request = None if close else _open_request(entries, [day for day in approved if day <= today])
    information, delivery = _last(entries, "information"), _last(entries, "delivery")
    dates = _dates(request, close, information, delivery)
    waits_for = () if close else tuple(_waits_for(entries, request, awaits))
    used = sum(one.included for one in sessions)
    return Status(
        on=today,
        state=_state(today, dates, waits_for),
        sessions=sessions,
        used=used,
        left=terms.INCLUDED_MINUTES - used,
        outside=sum(one.outside for one in sessions),
        waits_for=waits_for,
        dates=dates,
        overdue=_overdue(today, dates),
        request=request,
        out_of_scope=tuple(one for one in entries if one.kind == "out-of-scope"),
    )


def standing(log: Iterable[LogEntry]) -> list[LogEntry]:
    """The entries that nothing replaced, by day, those of one day as they were written. ``log``: as it was written.

    An entry that replaces another takes its turn: to mend a word of yesterday's request does not put it after
    yesterday's answer.
    """
    turns: dict[str, int] = {}
    kept = []
    for number, one in enumerate(log):
        turns[one.id] = turns.get(one.replaces, number)
        if not one.replaced_by:
            kept.append(one)
    return sorted(kept, key=lambda one: (one.day, turns[one.id]))


def _uses(sessions: Iterable[LogEntry]) -> Iterable[SessionUse]:
    """The hour is used up in order, whatever the number and the length of the sessions."""
    left = terms.INCLUDED_MINUTES
    for position, one in enumerate(sessions):
        minutes = one.minutes or 0
        included = min(minutes, left)
        left -= included
        beyond_plan = position >= terms.SESSIONS or minutes > terms.SESSION_MINUTES
        yield SessionUse(one, included, minutes - included, beyond_plan)


def _open_request(entries: Sequence[LogEntry], approved: Sequence[date]) -> LogEntry | None:
    """The last formal request, if nothing after it was an answer. An approval of the same day or later is one."""
    request = None
    for one in entries:
        if one.kind == "request":
            request = one
        elif one.kind in ANSWERS:
            request = None
    return None if request is not None and any(day >= request.day for day in approved) else request


def _close(entries: Sequence[LogEntry]) -> LogEntry | None:
    """The close, unless the client came back after it."""
    close = None
    for one in entries:
        if one.kind == "close":
            close = one
        elif one.kind in ANSWERS:
            close = None
    return close


def _last(entries: Sequence[LogEntry], kind: str) -> LogEntry | None:
    return next((one for one in reversed(entries) if one.kind == kind), None)


def _dates(
    request: LogEntry | None, close: LogEntry | None, information: LogEntry | None, delivery: LogEntry | None
) -> Dates:
    on_hold = terms.on_hold_from(request.day) if request else None
    possible = terms.close_possible_from(on_hold) if on_hold else None
    ended = close.day if close else possible
    return Dates(
        information=information.day if information else None,
        delivery_due=terms.delivery_due(information.day) if information else None,
        delivered=delivery.day if delivery else None,
        requested=request.day if request else None,
        on_hold_from=on_hold,
        close_possible_from=possible,
        closed=close.day if close else None,
        credit_until=terms.credit_until(ended) if ended else None,
    )


def _waits_for(entries: Sequence[LogEntry], request: LogEntry | None, awaits: Wait | None) -> Iterable[Wait]:
    kinds = {one.kind for one in entries}
    if request:
        yield "answer"
    if "definition" not in kinds:
        yield "definition"
    if "information" not in kinds:
        yield "information"
    if awaits:
        yield awaits
    if "delivery" not in kinds:
        yield "delivery"
    if "review" not in kinds:
        yield "review"


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
