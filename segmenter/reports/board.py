"""All engagements in one table: where each stands, what it waits for and since when, and its dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.engagement import INCLUDED_MINUTES, Dates, Status
from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import Look
from segmenter.reports.engagement import STATES, waits
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Style, clean

KEY_SOON = timedelta(days=14)
"""How long before its end a key is pointed out: time enough to ask the client for another."""
REMINDERS = (30, 60)
"""Days after a request without an answer on which the client is reminded."""
USUAL = "/segmenter.ledger"
"""The name that a ledger has where nobody chose one: its folder says enough."""
_ORDER = ("closable", "on_hold", "waiting", "in_progress", "complete", "closed")


@dataclass(frozen=True, slots=True)
class Row:
    """One engagement. ``place``: its ledger, from the folder of the board. ``since``: the day from which it waits: that
    of the request, or of what happened last. ``look``: the last look for drift.
    """

    client: str
    place: str
    status: Status
    since: date | None
    look: Look | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A ledger that cannot be read, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Board:
    """``rows``: the most urgent first. ``unread``: what lies in the folder and is no ledger that can be read."""

    on: date
    rows: tuple[Row, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """A date of an engagement: which (a key of `NAMES`), and the day."""

    what: str
    day: date


NAMES = {
    "delivery": N_("delivery, at the latest"),
    "reminder_30": N_("reminder: 30 days without an answer"),
    "reminder_60": N_("reminder: 60 days without an answer"),
    "on_hold": N_("on hold from, without an answer"),
    "closable": N_("may be closed from"),
    "key": N_("the work user's key ends"),
    "credit": N_("the credit ends"),
}


def board(rows: Sequence[Row], unread: Sequence[Unread], on: date) -> Board:
    """The rows in the order in which they need somebody."""
    return Board(on, tuple(sorted(rows, key=_urgency)), tuple(sorted(unread, key=lambda one: one.place)))


def _urgency(row: Row) -> tuple[bool, int, date, str]:
    """Late first, then by state; of one state, what comes first."""
    days = [one.day for one in coming(row.status) if one.day >= row.status.on]
    return not row.status.overdue, _ORDER.index(row.status.state), min(days, default=date.max), row.client


def coming(found: Status) -> Iterator[Coming]:
    """The dates that somebody must keep in mind, those gone by too."""
    dates = found.dates
    if dates.delivery_due and not dates.delivered and not dates.closed:
        yield Coming("delivery", dates.delivery_due)
    if dates.requested and not dates.closed:
        for days in REMINDERS:
            yield Coming(f"reminder_{days}", dates.requested + timedelta(days=days))
        for what, day in (("on_hold", dates.on_hold_from), ("closable", dates.close_possible_from)):
            if day:
                yield Coming(what, day)
    if dates.key_ends and found.state != "closed":
        yield Coming("key", dates.key_ends)
    if dates.closed and dates.credit_until and found.left:
        yield Coming("credit", dates.credit_until)


def key_warning(found: Status) -> str:
    """``soon`` or ``over`` for a key that ends; "" otherwise."""
    ends = found.dates.key_ends
    if ends is None or found.state == "closed" or ends - found.on > KEY_SOON:
        return ""
    return "over" if ends < found.on else "soon"


def heads() -> list[str]:
    """The headings of the columns, as `cells` fills them."""
    return [
        *(_("Client"), _("State"), _("Waits for"), _("Since"), _("Hour used"), _("Delivery")),
        *(_("60 days"), _("90 days more"), _("Key ends"), _("Drift"), _("Ledger")),
    ]


def cells(row: Row, style: Style) -> list[tuple[str, str]]:
    """Each cell of a row, and how it is marked: ``bad``, ``warn``, ``good`` or ""."""
    found, dates = row.status, row.status.dates
    state, _colour = STATES[found.state]
    mark = {"closable": "bad", "on_hold": "warn", "waiting": "warn", "complete": "good"}.get(found.state, "")
    waited = (found.on - row.since).days if row.since and found.waits_for else None
    since = ngettext("{number} day", "{number} days", waited).format(number=waited) if waited is not None else ""
    key = key_warning(found)
    return [
        (clean(row.client) or "—", ""),
        (_(state), mark),
        (next(iter(waits(found)), ""), ""),
        (f"{_day(row.since, style)} ({since})" if since else "", ""),
        (f"{found.used + found.outside}/{INCLUDED_MINUTES} min", "bad" if found.outside else ""),
        _delivery(found, style),
        (_day(dates.on_hold_from, style), "warn" if _reached(dates.on_hold_from, found) else ""),
        (_day(dates.close_possible_from, style), "bad" if _reached(dates.close_possible_from, found) else ""),
        (_day(dates.key_ends, style), {"soon": "warn", "over": "bad"}.get(key, "")),
        _drift(row, style),
        (clean(row.place.removesuffix(USUAL)), ""),
    ]


def _delivery(found: Status, style: Style) -> tuple[str, str]:
    dates = found.dates
    if dates.delivered:
        return _("{day}, delivered").format(day=_day(dates.delivered, style)), "warn" if found.overdue else "good"
    if dates.delivery_due:
        return _day(dates.delivery_due, style), "bad" if found.overdue else ""
    return "", ""


def _drift(row: Row, style: Style) -> tuple[str, str]:
    if row.look is None:
        return "", ""
    told = _("{number} of {scope}, on {day}").format(
        number=style.number(row.look.records), scope=style.number(row.look.scope), day=style.moment(row.look.at[:10])
    )
    return told, "warn" if row.look.records else "good"


def _reached(day: date | None, found: Status) -> bool:
    return day is not None and found.on >= day


def _day(day: date | None, style: Style) -> str:
    return style.moment(day.isoformat()) if day else ""


def title(shown: Board, style: Style) -> str:
    """``Engagements on 1 December 2026``."""
    return _("Engagements on {day}").format(day=style.day(shown.on.isoformat()))


def terminal(shown: Board, style: Style) -> RenderableType:
    """The table, and what could not be read."""
    colours = {"bad": "bold red", "warn": "yellow", "good": "green", "": ""}
    filled = [cells(row, style) for row in shown.rows]
    parts: list[RenderableType] = []
    if filled:
        # A column in which nobody has anything would only make the others narrower.
        some = [at for at in range(len(heads())) if any(row[at][0] for row in filled)]
        made = table(*(heads()[at] for at in some))
        for row in filled:
            made.add_row(*(Text(row[at][0], colours[row[at][1]]) for at in some))
        parts.append(titled(title(shown, style), made))
    else:
        parts.append(Text(_("There is no engagement in this folder")))
    if shown.unread:
        parts += [Text(""), Text(_("Not read"), "bold")]
        parts += [Text(f"  {clean(one.place)}: {clean(one.why)}", "yellow") for one in shown.unread]
    return Group(*parts)


def document(shown: Board) -> dict[str, Any]:
    """``{"kind": "board", "on", "engagements": [{"client", "ledger", "state", "waits_for", "since", "used", "left",
    "outside", "overdue", "dates", "key", "coming": [{"what", "day"}], "drift": {"records", "scope", "at"} or null}],
    "unread": [{"ledger", "why"}]}``. Days as ``YYYY-MM-DD`` or null; ``key``: "", ``soon`` or ``over``.
    """
    return {
        "on": shown.on.isoformat(),
        "engagements": [_facts(row) for row in shown.rows],
        "unread": [{"ledger": one.place, "why": one.why} for one in shown.unread],
    }


def _facts(row: Row) -> dict[str, Any]:
    found, look = row.status, row.look
    return {
        "client": row.client,
        "ledger": row.place,
        "state": found.state,
        "waits_for": list(found.waits_for),
        "since": row.since.isoformat() if row.since and found.waits_for else None,
        "used": found.used,
        "left": found.left,
        "outside": found.outside,
        "overdue": found.overdue,
        "dates": {one.name: _iso(getattr(found.dates, one.name)) for one in fields(Dates)},
        "key": key_warning(found),
        "coming": [{"what": one.what, "day": one.day.isoformat()} for one in coming(found)],
        "drift": {"records": look.records, "scope": look.scope, "at": look.at} if look else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
