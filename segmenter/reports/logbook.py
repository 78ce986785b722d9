"""The log of an engagement, as the consultant reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import Approval, LogEntry
from segmenter.reports import approvals, csvs
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Style, Writable, clean

KINDS: Mapping[str, str] = {
    "definition": N_("definition session"),
    "review": N_("review session"),
    "work": N_("joint work session"),
    "access": N_("access given"),
    "information": N_("information complete"),
    "request": N_("formal request"),
    "answer": N_("answer of the client"),
    "delivery": N_("delivery"),
    "out-of-scope": N_("request outside the scope"),
    "close": N_("administrative close"),
}
"""Kinds of log entries as people say them."""


def minutes(number: int) -> str:
    """``30 minutes``."""
    return ngettext("{number} minute", "{number} minutes", number).format(number=number)


def terminal(entries: Sequence[LogEntry], signed: Sequence[Approval], style: Style) -> RenderableType:
    """Every entry in the order it was written, replaced ones dimmed; then the approvals."""
    if not entries and not signed:
        return Text(_("The log is empty"))
    made = table("", _("When"), _("What"), _("Minutes"), _("Activity"), _("Result"), right=(3,))
    for entry in entries:
        result = _("(replaced by {id})").format(id=entry.replaced_by) if entry.replaced_by else entry.result
        row = (
            entry.id,
            style.moment(entry.at),
            _(KINDS[entry.kind]),
            str(entry.minutes or ""),
            clean(entry.activity),
            clean(result),
        )
        made.add_row(*(Text(cell, "dim" if entry.replaced_by else "") for cell in row))
    return Group(titled(_("Log"), made), *approvals.listed(signed, style))


def document(client: str, entries: Sequence[LogEntry], signed: Sequence[Approval]) -> dict[str, Any]:
    """``{"kind": "log", "client", "entries": [as `ledger.LogEntry`], "approvals": [as `ledger.Approval`]}``."""
    return {"client": client, "entries": list(entries), "approvals": list(signed)}


def entry_document(entry: LogEntry) -> dict[str, Any]:
    """``{"kind": "log-entry", "entry": as `ledger.LogEntry`}``."""
    return {"entry": entry}


def write_csv(entries: Sequence[LogEntry], out: Writable) -> None:
    """One line per entry; formulas neutralised. Times are on the client's clock, as spreadsheets understand them."""
    head = [_("Id"), _("When"), _("What"), _("Minutes"), _("Activity"), _("Result"), _("Replaced by"), _("Noted")]
    rows = (
        [
            *(entry.id, _plain(entry.at, entry.timezone), _(KINDS[entry.kind]), entry.minutes or ""),
            *(entry.activity, entry.result, entry.replaced_by, _plain(entry.saved_at, entry.timezone)),
        ]
        for entry in entries
    )
    csvs.write(out, head, rows)


def _plain(at: str, zone: str) -> str:
    """``2026-11-24 15:30``, or the day alone where nothing more is known."""
    if "T" not in at:
        return at
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
