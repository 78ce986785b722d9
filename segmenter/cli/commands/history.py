"""``segmenter history``: everything ever done to one record."""

from __future__ import annotations

from collections.abc import Sequence

from segmenter.cli.command import argument, formats, ledger_option, make_command, option
from segmenter.cli.engagement import style_of
from segmenter.cli.output import show
from segmenter.cli.settings import settings
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.ledger import Event, Ledger, read_ledger
from segmenter.reports import history
from segmenter.reports.values import called


@make_command(
    "history",
    N_("Tell everything that this ledger knows was done to RECORD (its id in Odoo), oldest first."),
    [
        ("segmenter history 1742", N_("A lead")),
        ("segmenter history 88 --model res.partner", N_("A contact")),
    ],
)
@argument("record", type=int)
@option("--model", default="crm.lead", show_default=True, help=N_("What kind of record it is."))
@option("--database", help=N_("Which database, where the ledger holds several."))
@formats()
@ledger_option
def command(record: int, model: str, database: str | None) -> None:
    """Prints the events."""
    with read_ledger(settings().ledger_place()) as ledger:
        events = ledger.history(model, record, database=database or _database(ledger))
        plans = {event.plan for event in events}
        signed = [approval for approval in ledger.approvals() if approval.plan in plans]
        title = _title(ledger, model, record, events)
        style = style_of(ledger, events[-1].plan if events else None)
        show(
            "history",
            lambda: history.document(model, record, events, signed),
            lambda: history.terminal(title, events, signed, ledger.plan, style),
        )


def _title(ledger: Ledger, model: str, record: int, events: Sequence[Event]) -> str:
    """The record's name in the last plan, its model and its id."""
    known = ledger.changes(events[-1].plan, records=[record]) if events else iter(())
    name = next((change.name for change in known), "")
    which = _("{model}, id {id}").format(model=model, id=record)
    return f"{called(name)} ({which})" if events else which


def _database(ledger: Ledger) -> str:
    """The only database that runs wrote to. Raises `UsageError` where there are several."""
    applied = {run.plan for run in ledger.runs()}
    databases = sorted({plan.database for plan in ledger.plans() if plan.id in applied})
    if len(databases) > 1:
        raise UsageError(
            _("The ledger holds several databases: {names}").format(names=", ".join(databases)),
            todo=_("choose with --database"),
        )
    return databases[0] if databases else ""
