"""Where an engagement stands, as the consultant reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from segmenter.engagement import INCLUDED_MINUTES, SESSION_MINUTES, SESSIONS, Dates, SessionUse, Status
from segmenter.i18n import N_, _, ngettext
from segmenter.plans.changes import Json
from segmenter.reports.logbook import KINDS, minutes
from segmenter.reports.text import Style, clean

STATES = {
    "in_progress": (N_("in progress"), "bold"),
    "waiting": (N_("waiting for the client"), "bold yellow"),
    "on_hold": (N_("on hold, waiting for the client (En espera por cliente)"), "bold yellow"),
    "closable": (N_("on hold, and may be closed administratively"), "bold red"),
    "complete": (N_("complete"), "bold green"),
    "closed": (N_("closed"), "bold"),
}
_WAITS = {
    "answer": N_("the client's answer to the last formal request"),
    "definition": N_("the definition session"),
    "information": N_("the complete information"),
    "plan": N_("a plan that can be applied: the last one cannot"),
    "approval": N_("the client's approval of the plan"),
    "delivery": N_("the delivery"),
    "review": N_("the review session"),
}


def terminal(found: Status, client: str, style: Style, here: str = "") -> RenderableType:
    """State, hour, what is still to come, dates, and what was asked beyond the scope.

    ``here``: what a command must say to find this engagement.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_row(_("Client"), Text(clean(client) or "—", "bold"))
    grid.add_row(_("As of"), style.day(found.on.isoformat()))
    name, colour = STATES[found.state]
    grid.add_row(_("State"), Text(_(name), colour))
    grid.add_row(_("Included"), included())
    grid.add_row(_("Used"), _used(found))
    for sentence in filter(None, (beyond(session, style) for session in found.sessions)):
        grid.add_row("", Text(f"! {sentence}", "yellow"))
    if found.request:
        asked = f"{found.request.id}, {style.day(found.request.day.isoformat())}: {found.request.activity}"
        grid.add_row(_("Open request"), clean(asked))
    return Group(grid, *_to_come(found, here), *_dates(found, style), *_outside_scope(found, style))


def included() -> str:
    """What the service includes."""
    return _("1 hour of joint work: {sessions} sessions of {minutes} minutes").format(
        sessions=SESSIONS, minutes=SESSION_MINUTES
    )


def beyond(session: SessionUse, style: Style) -> str:
    """What of a session is more than the service includes, or than it plans, and why; "" where nothing is."""
    names = {"session": _(KINDS[session.entry.kind]), "day": _day(session.entry.day, style)}
    if session.outside:
        why = _("Outside the service: {minutes} of the {session} of {day}, because the hour was used up.")
        return why.format(minutes=minutes(session.outside), **names)
    if session.beyond_plan:
        return _(
            "The {session} of {day} goes beyond {sessions} sessions of {each} minutes, but the hour had room for it: "
            "it is included."
        ).format(sessions=SESSIONS, each=SESSION_MINUTES, **names)
    return ""


def early_close(before: Status, style: Style) -> str:
    """What the terms say against a close on the day of ``before``, which knows nothing of it; "" if nothing."""
    if before.state in ("closable", "complete", "closed"):
        return ""
    if before.dates.close_possible_from:
        return _("By the terms it may be closed from {day} on, if no answer comes until then.").format(
            day=_day(before.dates.close_possible_from, style)
        )
    return _("By the terms it may be closed only after a long wait for the client's answer, and no request is open.")


def outside(found: Status, style: Style) -> list[str]:
    """What is outside the service, a sentence for each session."""
    return [beyond(session, style) for session in found.sessions if session.outside]


def _used(found: Status) -> str:
    sessions = sum(1 for session in found.sessions if session.included)
    sentence = ngettext(
        "{used} of {whole} minutes, in {sessions} session",
        "{used} of {whole} minutes, in {sessions} sessions",
        sessions,
    )
    used = sentence.format(used=found.used, whole=INCLUDED_MINUTES, sessions=sessions)
    if not sessions:
        return _("nothing yet of its {whole} minutes").format(whole=INCLUDED_MINUTES)
    left = ngettext("{left} minute is left", "{left} minutes are left", found.left).format(left=found.left)
    return f"{used}; {left if found.left else _('none is left')}"


def waits(found: Status) -> list[str]:
    """What is still to come, as people say it, the next first."""
    return [_(_WAITS[wait]) for wait in found.waits_for]


def _to_come(found: Status, here: str) -> Iterator[RenderableType]:
    if found.waits_for:
        yield Text("")
        yield Text(_("It waits for"), "bold")
        for number, wait in enumerate(waits(found), 1):
            yield Text(f"  {number}. {wait}")
        if found.waits_for[0] == "information":
            hint = _("Note the day when it is: segmenter log add{here} --kind information --activity TEXT")
            yield Text(hint.format(here=here), "dim")


def _dates(found: Status, style: Style) -> Iterator[RenderableType]:
    rows = list(dates(found, style))
    if rows:
        made = Table.grid(padding=(0, 2))
        for what, day, remark in rows:
            made.add_row(f"  {what}", day, Text(remark, "yellow"))
        yield Text("")
        yield Text(_("Dates"), "bold")
        yield made


def dates(found: Status, style: Style) -> Iterator[tuple[str, str, str]]:
    """Each date that is known: what, the day, and a remark."""
    d, on = found.dates, found.on
    if d.key_ends:
        ended = _("expired") if on > d.key_ends else ""
        yield _("The work user's key ends"), _day(d.key_ends, style), ended
    if d.information:
        yield _("Information complete"), _day(d.information, style), ""
    if d.delivery_due:
        yield _("Delivery, at the latest"), _day(d.delivery_due, style), _("late") if found.overdue else ""
    if d.delivered:
        yield _("Delivered"), _day(d.delivered, style), ""
    if d.closed:
        yield _("Closed"), _day(d.closed, style), ""
        if d.credit_until and found.left:
            over = _("expired") if on > d.credit_until else ""
            what = _("Credit of the {minutes} not used, until").format(minutes=minutes(found.left))
            yield what, _day(d.credit_until, style), over
    elif d.requested and d.on_hold_from and d.close_possible_from and d.credit_until:
        yield _("Last formal request"), _day(d.requested, style), _since(d.requested, on)
        yield _("Without an answer, on hold from"), _day(d.on_hold_from, style), _now(d.on_hold_from, on)
        yield (
            _("Without an answer, may be closed from"),
            _day(d.close_possible_from, style),
            _now(d.close_possible_from, on),
        )
        if found.left:
            yield (
                _("If closed on that day, credit of the {minutes} not used until").format(minutes=minutes(found.left)),
                _day(d.credit_until, style),
                "",
            )


def _since(day: date, on: date) -> str:
    passed = (on - day).days
    if not passed:
        return _("today")
    return ngettext("{number} day ago", "{number} days ago", passed).format(number=passed)


def _now(day: date, on: date) -> str:
    return _("reached") if on >= day else ""


def _day(day: date, style: Style) -> str:
    return style.day(day.isoformat())


def _outside_scope(found: Status, style: Style) -> Iterator[RenderableType]:
    if found.out_of_scope:
        yield Text("")
        yield Text(_("Requests outside the scope"), "bold")
        for session in found.out_of_scope:
            yield Text(clean(f"  {session.id}, {style.day(session.day.isoformat())}: {session.activity}"))


def lines(found: Status, style: Style) -> Iterator[str]:
    """The service, what was used of it and its dates, as plain lines."""
    yield included() + "."
    yield f"{_('Used')}: {_used(found)}."
    yield from outside(found, style)
    yield from (f"{what}: {day}" for what, day, _remark in dates(found, style))
    if found.out_of_scope:
        yield _("Requests outside the scope") + ":"
        yield from (clean(f"- {_day(session.day, style)}: {session.activity}") for session in found.out_of_scope)


def document(found: Status, client: str) -> dict[str, Any]:
    """``{"kind": "status", "client", "on", "state", "included", "used", "left", "outside", "credit", "sessions",
    "waits_for", "request", "dates", "overdue", "out_of_scope"}``.

    Minutes; days as ``YYYY-MM-DD`` or null. ``state`` and ``waits_for``: the words of `engagement.status`. Entries as
    `ledger.LogEntry`.
    """
    return {
        "client": client,
        "on": found.on.isoformat(),
        "state": found.state,
        "included": {"sessions": SESSIONS, "minutes": INCLUDED_MINUTES},
        "used": found.used,
        "left": found.left,
        "outside": found.outside,
        "credit": found.credit,
        "sessions": list(found.sessions),
        "waits_for": list(found.waits_for),
        "request": found.request,
        "dates": {date.name: _iso(getattr(found.dates, date.name)) for date in fields(Dates)},
        "overdue": found.overdue,
        "out_of_scope": list(found.out_of_scope),
    }


def _iso(day: date | None) -> Json:
    return day.isoformat() if day else None
