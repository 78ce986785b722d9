"""Everything ever done to one record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import _, reworded
from segmenter.ledger import WRITTEN, Approval, Event
from segmenter.ledger.records import IMPORT
from segmenter.plans.plan import Plan
from segmenter.reports import approvals
from segmenter.reports.runs import kind_name, outcome_name, worker
from segmenter.reports.tables import table, titled
from segmenter.reports.text import Style, clean
from segmenter.reports.values import Values, because


def terminal(
    title: str, events: Sequence[Event], signed: Sequence[Approval], plan_of: Callable[[str], Plan], style: Style
) -> RenderableType:
    """One line per event, oldest first, then who approved their plans; ``plan_of`` knows the names of values."""
    if not events:
        return Text(_("The ledger knows of nothing that was done to {record}").format(record=title))
    made = table(_("When"), _("Run"), _("Field"), _("Change"), _("Because of"), _("Result"), _("Who"))
    known: dict[str, Values] = {}
    for event in events:
        say = known.get(event.plan) or known.setdefault(event.plan, Values(plan_of(event.plan)))
        change = f"{say.value(event.field, event.before)} → {say.value(event.field, event.after)}"
        waits = event.who.work_user == IMPORT and event.outcome == "unknown" and not event.detail
        named = _("waits for an export after the import") if waits else outcome_name(event.outcome)
        result = named + (f", {_('undone since')}" if event.undone else "")
        made.add_row(
            style.moment(event.at),
            f"{event.run} ({kind_name(event.kind)})",
            say.field(event.field),
            change,
            because(event.segmentation, event.segment),
            Text(result, "" if event.outcome in WRITTEN else "yellow"),
            clean(f"{worker(event.who)} / {event.who.os_user}"),
        )
    return Group(titled(title, made), *approvals.listed(signed, style))


def document(model: str, record: int, events: Sequence[Event], signed: Sequence[Approval]) -> dict[str, Any]:
    """``{"kind": "history", "model", "record", "events": [as `ledger.Event`], "approvals": [as `ledger.Approval`]}``.

    Oldest first; the approvals are those of the events' plans.
    """
    told = [replace(event, detail=reworded(event.detail)) for event in events]
    return {"model": model, "record": record, "events": told, "approvals": signed}
