"""Who is out of place now: a plan that was made to look, not to be applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import _, ngettext, some_of
from segmenter.model_names import model_name
from segmenter.plans.plan import Plan
from segmenter.reports import plan as plans
from segmenter.reports.nouns import noun
from segmenter.reports.plan import Gathered
from segmenter.reports.plan_files import change_row, segments
from segmenter.reports.values import Values

FEW = 20
"""Ids that are told one by one."""


def drifted(plan: Plan) -> bool:
    """Whether applying the spec now would change something."""
    return bool(plan.counts.tally.records or plan.config)


def terminal(plan: Plan, gathered: Gathered, unread: Sequence[int] = ()) -> RenderableType:
    """The head, and what is out of place. ``unread``: ids of records that could not be read."""
    return Group(*_lines(plan, gathered, unread, Values(plan)))


def _lines(plan: Plan, gathered: Gathered, unread: Sequence[int], say: Values) -> Iterator[RenderableType]:
    yield plans.heading(plan, say)
    yield Text("")
    if unread:
        named = some_of([str(record) for record in unread[:FEW]], len(unread))
        yield Text(
            ngettext(
                "{number} record could not be read, so nobody knows whether it is in its place: {names}",
                "{number} records could not be read, so nobody knows whether they are in their places: {names}",
                len(unread),
            ).format(number=say.style.number(len(unread)), names=named),
            "yellow",
        )
    if not drifted(plan):
        result = _("No drift in any other record.") if unread else _("No drift: every record is in its place.")
        yield Text(result, "bold green")
        return
    yield Text(
        ngettext(
            "Drift: {prospects} is out of place",
            "Drift: {prospects} are out of place",
            plan.counts.tally.records,
        ).format(prospects=noun(plan)(plan.counts.tally.records, say.style)),
        "bold yellow",
    )
    if plan.config:
        names = ", ".join(f"{model_name(change.model)} {change.name}" for change in plan.config)
        yield Text(_("Configuration that is missing or differs: {names}").format(names=names), "yellow")
    if (sample := plans.sample(gathered, say)) is not None:
        yield sample


def document(plan: Plan, gathered: Gathered, unread: Sequence[int] = ()) -> dict[str, Any]:
    """``{"kind": "drift", "drift", "model", "scope_count", "unread", "records", "by_field", "config", "tally",
    "segments", "changes"}``.

    ``unread``: ids of records that could not be read. ``changes``: those that were gathered, as in a plan's JSON.
    """
    say = Values(plan)
    return {
        "drift": drifted(plan),
        "model": plan.identity.model,
        "scope_count": plan.counts.scope_count,
        "unread": list(unread),
        "records": plan.counts.tally.records,
        "by_field": gathered.by_field,
        "config": plan.config,
        "tally": plan.counts.tally,
        "segments": segments(plan),
        "changes": [change_row(change, say) for change in gathered.sample],
    }
