"""Who is out of place now: a plan that was made to look, not to be applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from segmenter.i18n import _, ngettext
from segmenter.planning.model import Plan
from segmenter.reports import plan as plans
from segmenter.reports.configuration import model_name
from segmenter.reports.plan import Gathered
from segmenter.reports.plan_files import change_row
from segmenter.reports.values import Values


def drifted(plan: Plan) -> bool:
    """Whether applying the spec now would change something."""
    return bool(plan.tally.records or plan.config)


def terminal(plan: Plan, gathered: Gathered) -> RenderableType:
    """The head, and what is out of place."""
    return Group(*_lines(plan, gathered, Values(plan)))


def _lines(plan: Plan, gathered: Gathered, say: Values) -> Iterator[RenderableType]:
    yield plans.heading(plan, say)
    yield Text("")
    if not drifted(plan):
        yield Text(_("No drift: every record is in its place."), "bold green")
        return
    yield Text(
        ngettext(
            "Drift: {number} record is out of place", "Drift: {number} records are out of place", plan.tally.records
        ).format(number=say.style.number(plan.tally.records)),
        "bold yellow",
    )
    if plan.config:
        names = ", ".join(f"{model_name(one.model)} {one.name}" for one in plan.config)
        yield Text(_("Configuration that is missing or differs: {names}").format(names=names), "yellow")
    if (sample := plans.sample(gathered, say)) is not None:
        yield sample


def document(plan: Plan, gathered: Gathered) -> dict[str, Any]:
    """``{"kind": "drift", "drift", "records", "by_field", "config", "tally", "segments", "changes"}``.

    ``changes``: those that were gathered, as in a plan's JSON.
    """
    say = Values(plan)
    return {
        "drift": drifted(plan),
        "model": plan.model,
        "scope_count": plan.scope_count,
        "records": plan.tally.records,
        "by_field": gathered.by_field,
        "config": plan.config,
        "tally": plan.tally,
        "segments": plan.segments,
        "changes": [change_row(change, say) for change in gathered.sample],
    }
