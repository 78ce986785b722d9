"""Whose engagement a ledger holds, and what day it is there."""

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
from segmenter.ledger import Approval, Ledger, LogEntry, PlanRow, Run, Scribe
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
        """The client's."""
        return ZoneInfo(self.client.timezone)

    @property
    def style(self) -> Style:
        """How its days and numbers are written."""
        return Style(self.client.language, self.client.timezone)

    def today(self) -> date:
        """The client's day."""
        return datetime.now(self.zone).date()

    def status(self, ledger: Ledger, on: date | None = None) -> Status:
        """Where it stands, on a day or today."""
        approved = [datetime.fromisoformat(one.at).astimezone(self.zone).date() for one in self.approvals]
        return status(self.log, on or self.today(), approved=approved, awaits=self._awaits(ledger))

    def _awaits(self, ledger: Ledger) -> Wait | None:
        """What the last plan waits for: an approval that nobody gave, or, as it can never be applied, another plan.

        One that was applied or approved waits for nothing, nor does that of an export.
        """
        done = {run.plan for run in self.runs} | {one.plan for one in self.approvals}
        if not self.plans or self.plans[-1].id in done or self.plans[-1].source == "export":
            return None
        last = ledger.plan(self.plans[-1].id)
        if beyond_approval(last):
            return "plan"
        return "approval" if last.require_approval else None


def engagement(ledger: Ledger, spec_file: str | None) -> Engagement:
    """The engagement of a spec's client; without a spec, the only one that the ledger holds.

    Raises `UsageError` where the ledger holds several.
    """
    plans, log = ledger.plans(), ledger.log()
    client = load(spec_file).client if spec_file else _known(ledger, plans, log)
    own = [one for one in plans if one.spec_name == client.name]
    ids = {one.id for one in own}
    return Engagement(
        client,
        own,
        [run for run in ledger.runs() if run.plan in ids],
        [one for one in log if one.client in ("", client.name)],
        [one for one in ledger.approvals() if one.plan in ids],
    )


def _known(ledger: Ledger, plans: Sequence[PlanRow], log: Sequence[LogEntry]) -> Client:
    """The only client of a ledger, as its last plan or log entry says."""
    names = sorted({one.spec_name for one in plans} | {one.client for one in log if one.client})
    if len(names) > 1:
        raise UsageError(
            _("The ledger holds several clients: {names}").format(names=", ".join(names)),
            todo=_("name the spec of the one that is meant"),
        )
    if plans:
        last = ledger.plan(plans[-1].id)
        return Client(last.spec_name, last.approver or None, last.client_language or last.language, last.timezone)
    return Client(names[0] if names else "", timezone=log[-1].timezone if log else Client("").timezone)


def style_of(ledger: Ledger, plan: str | None) -> Style:
    """How the client of a plan writes times and numbers; without a plan, how this machine does."""
    if plan is None:
        return Style()
    found = ledger.plan(plan)
    return Style(found.language, found.timezone)


def scribe() -> Scribe:
    """Who writes, for the ledger."""
    return Scribe(account(), socket.gethostname(), __version__)


def at(text: str | None, zone: ZoneInfo) -> str:
    """``2026-11-24``, ``2026-11-24 15:30`` on the client's clock, or now, as the log keeps it.

    Raises `UsageError` for anything else, and for what has not come yet.
    """
    now = datetime.now(UTC).astimezone(zone)
    if text is None:
        return now.isoformat(timespec="minutes")
    said = moment(text)
    if said is None:
        raise UsageError(
            _("{text} is neither a day nor a time").format(text=text),
            todo=_("write it as 2026-11-24 or 2026-11-24 15:30, on the client's clock"),
        )
    when = said.local.replace(tzinfo=zone)
    if when > now:
        raise UsageError(
            _("{text} has not come yet where the client is ({zone})").format(text=text, zone=zone),
            todo=_("log what has happened; to look ahead: segmenter status --on DATE"),
        )
    return when.date().isoformat() if said.is_day else when.isoformat(timespec="minutes")


def day(text: str | None) -> date | None:
    """A day as ``2026-11-24``. Raises `UsageError` for anything else."""
    if text is None:
        return None
    said = moment(text)
    if said is None or not said.is_day:
        raise UsageError(_("{text} is not a day").format(text=text), todo=_("write it as 2026-11-24"))
    return said.local.date()
