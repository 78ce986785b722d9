"""The engagement that a ledger holds: its client, plans, runs and log, on the client's calendar."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from segmenter import __version__
from segmenter.cli.connection import account
from segmenter.conditions.dates import moment
from segmenter.engagement import Status, Wait, status
from segmenter.errors import UsageError
from segmenter.i18n import _
from segmenter.ledger import Approval, Author, Ledger, LogEntry, PlanRow, Run
from segmenter.planning.approval import beyond_approval
from segmenter.reports.text import Style
from segmenter.spec import load
from segmenter.spec.model import Client


@dataclass(frozen=True)
class Engagement:
    """One client's part of a ledger. ``client.name`` is "" while the ledger knows of none."""

    client: Client
    plans: Sequence[PlanRow]
    runs: Sequence[Run]
    log: Sequence[LogEntry]
    approvals: Sequence[Approval]

    @property
    def zone(self) -> ZoneInfo:
        """The client's time zone."""
        return ZoneInfo(self.client.timezone)

    @property
    def style(self) -> Style:
        """How the client writes days and numbers."""
        return Style(self.client.language, self.client.timezone)

    def today(self) -> date:
        """The day it is where the client is."""
        return datetime.now(self.zone).date()

    def status(self, ledger: Ledger, on: date | None = None) -> Status:
        """Where the engagement stands on a day, or today."""
        approved = [datetime.fromisoformat(approval.at).astimezone(self.zone).date() for approval in self.approvals]
        return status(self.log, on or self.today(), approved=approved, awaits=self._awaits(ledger))

    def _awaits(self, ledger: Ledger) -> Wait | None:
        """What the last plan waits for: an approval, or another plan where this one can never be applied.

        None for a plan that was applied or approved, and for that of an export that no import can go by.
        """
        done = {run.plan for run in self.runs} | {approval.plan for approval in self.approvals}
        if not self.plans or self.plans[-1].id in done:
            return None
        if self.plans[-1].source == "export" and not self.plans[-1].importable:
            return None
        last = ledger.plan(self.plans[-1].id)
        if beyond_approval(last):
            return "plan"
        return "approval" if last.rules.require_approval else None


def engagement(ledger: Ledger, spec_file: str | None) -> Engagement:
    """The engagement of a spec's client; without a spec, the only one that the ledger holds.

    Raises `UsageError` where the ledger holds several.
    """
    plans, log = ledger.plans(), ledger.log()
    client = load(spec_file).client if spec_file else _only_client(ledger, plans, log)
    return _of(client, ledger, plans, log)


def engagements(ledger: Ledger) -> list[Engagement]:
    """Those of every client that the ledger knows, by name."""
    plans, log = ledger.plans(), ledger.log()
    return [_of(_client(name, ledger, plans, log), ledger, plans, log) for name in _names(plans, log)]


def _of(client: Client, ledger: Ledger, plans: Sequence[PlanRow], log: Sequence[LogEntry]) -> Engagement:
    own = [plan for plan in plans if plan.spec_name == client.name]
    ids = {plan.id for plan in own}
    return Engagement(
        client,
        own,
        [run for run in ledger.runs() if run.plan in ids],
        [entry for entry in log if entry.client in ("", client.name)],
        [approval for approval in ledger.approvals() if approval.plan in ids],
    )


def _only_client(ledger: Ledger, plans: Sequence[PlanRow], log: Sequence[LogEntry]) -> Client:
    """The only client of a ledger, as in its last plan or log entry. Raises `UsageError` where there are several."""
    names = _names(plans, log)
    if len(names) > 1:
        raise UsageError(
            _("The ledger holds several clients: {names}").format(names=", ".join(names)),
            todo=_("name the spec of the one that is meant"),
        )
    return _client(names[0] if names else "", ledger, plans, log)


def _names(plans: Sequence[PlanRow], log: Sequence[LogEntry]) -> list[str]:
    """The clients of a ledger; one without a name where the log has entries of nobody's alone."""
    found = {plan.spec_name for plan in plans} | {entry.client for entry in log if entry.client}
    return sorted(found) or [""] * bool(log)


def _client(name: str, ledger: Ledger, plans: Sequence[PlanRow], log: Sequence[LogEntry]) -> Client:
    """A client of a ledger, as in its last plan or log entry."""
    own = [plan for plan in plans if plan.spec_name == name]
    if own:
        last = ledger.plan(own[-1].id)
        return Client(
            last.identity.spec_name,
            last.rules.approver or None,
            last.identity.client_language or last.identity.language,
            last.identity.timezone,
        )
    entries = [entry for entry in log if entry.client in ("", name)]
    return Client(name, timezone=entries[-1].timezone if entries else Client("").timezone)


def style_of(ledger: Ledger, plan: str | None) -> Style:
    """How the client of a plan writes times and numbers; without a plan, how this machine does."""
    if plan is None:
        return Style()
    shown = ledger.plan(plan)
    return Style(shown.identity.language, shown.identity.timezone)


def author() -> Author:
    """The person and machine that write, for the ledger."""
    return Author(account(), socket.gethostname(), __version__)


def time_of(text: str | None, zone: ZoneInfo) -> str:
    """A day or time on the client's clock, as the log keeps it: ``2026-11-24``, ``2026-11-24 15:30``; None is now.

    Raises `UsageError` for any other text, and for the future.
    """
    now = datetime.now(UTC).astimezone(zone)
    if text is None:
        return now.isoformat(timespec="minutes")
    given = moment(text)
    if given is None:
        raise UsageError(
            _("{text} is neither a day nor a time").format(text=text),
            todo=_("write it as 2026-11-24 or 2026-11-24 15:30, on the client's clock"),
        )
    when = given.local.replace(tzinfo=zone)
    if when > now:
        raise UsageError(
            _("{text} has not come yet where the client is ({zone})").format(text=text, zone=zone),
            todo=_("log what has happened; to look ahead: segmenter status --on DATE"),
        )
    return when.date().isoformat() if given.is_day else when.isoformat(timespec="minutes")


def day_of(text: str | None) -> date | None:
    """The day in ``2026-11-24``; None for none. Raises `UsageError` for any other text."""
    if text is None:
        return None
    given = moment(text)
    if given is None or not given.is_day:
        raise UsageError(_("{text} is not a day").format(text=text), todo=_("write it as 2026-11-24"))
    return given.local.date()
