"""One spec through plan, apply, a second plan and undo; all that may change is held against what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segmenter.errors import ExitCode
from segmenter.odoo.server import Server
from segmenter.plans.changes import Change
from segmenter.plans.plan import Plan
from segmenter.spec.model import Spec
from tests.support.engagement import Engagement
from tests.support.undo_law.judging import Difference, Judge, differences
from tests.support.undo_law.portfolio import LOST_REASON, Portfolio, reason_field
from tests.support.words import sentences


@dataclass(frozen=True)
class Drawn:
    """What a spec says, and who works: the manager of Sales or the administrator."""

    content: Mapping[str, Any]
    made_by: str = "manager"
    undone_by: str = "manager"

    def spec(self, e: Engagement) -> Spec:
        top = {key: value for key, value in self.content.items() if key != "segmentations"}
        return e.spec(*_renamed(self.content["segmentations"], reason_field(e.crm)), **top)


def _renamed(part: Any, reason: str) -> Any:
    """The same with the name that this version has for `LOST_REASON`."""
    if isinstance(part, list | tuple):
        return [_renamed(one, reason) for one in part]
    if isinstance(part, dict):
        return {reason if key == LOST_REASON else key: _renamed(one, reason) for key, one in part.items()}
    return part


def hold(portfolio: Portfolio, drawn: Drawn) -> list[Change]:
    """The changes that were made, pins aside. Raises AssertionError with all that the plan did not say; from then on
    the same for every spec, as the portfolio is not what it was."""
    assert not portfolio.broken, portfolio.broken
    spec = drawn.spec(portfolio.e)
    try:
        return _hold(portfolio, drawn, spec)
    except Exception as error:
        portfolio.broken = str(error)
        raise


def _hold(portfolio: Portfolio, drawn: Drawn, spec: Spec) -> list[Change]:
    e = portfolio.e
    first = portfolio.rested()
    plan = e.plan(spec, "manager", _as(e, drawn.made_by))
    assert plan.violations == (), plan.violations
    report = e.apply(plan, "manager", _as(e, drawn.made_by), batch_size=20)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ()), (report.error, report.left)
    changes = [change for change in e.ledger.changes(plan.id) if not change.pin]
    judge = Judge(plan, {(plan.identity.model, change.record, change.field) for change in changes}, first)
    config = _configured(e, plan, report.run.id)
    found = differences(first, portfolio.state())
    _nothing(judge.unsaid_of_the_run({one: values for one, values in found.items() if one not in config}), plan, "run")
    again = _would_change(e, spec, drawn)
    assert again == [], again

    preview = e.preview_undo(report.run.id, "manager")
    restorable = len({change.record for change in changes})
    assert (preview.restorable, preview.left) == (restorable, ()), (preview.restorable, restorable, preview.left)
    back = e.undo(report.run.id, "manager", _as(e, drawn.undone_by), batch_size=20)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ()), (back.error, back.left)
    ids = e.ledger.config_ids(report.run.root)
    kept = {(one.model, ids[one.ref], "") for one in back.kept}
    assert not (kept and drawn.undone_by == "administrator"), kept
    last = portfolio.state()
    found = differences(first, last)
    _nothing(judge.unsaid_of_the_undo({one: values for one, values in found.items() if one not in kept}), plan, "undo")
    # The next spec finds what this one found.
    for model, record, _all in kept:
        e.crm.call(model, "unlink", [record])
        del last[model][record]
    portfolio.last = last
    return changes


def _as(e: Engagement, who: str) -> Callable[[Server], Server] | None:
    return (lambda _server: e.crm.admin) if who == "administrator" else None


def _would_change(e: Engagement, spec: Spec, drawn: Drawn) -> list[Any]:
    draft = e.draft(spec, "manager", _as(e, drawn.made_by))
    return [*draft, *draft.resolved.config]


def _configured(e: Engagement, plan: Plan, root: str) -> set[Difference]:
    """What the plan said that it would create and alter."""
    ids = e.ledger.config_ids(root)
    created = {(one.model, ids[one.ref], "") for one in plan.config if one.creates}
    altered = {(one.model, one.id or 0, name) for one in plan.config if not one.creates for name in one.after}
    return created | altered


def _nothing(unsaid: Iterable[str], plan: Plan, what: str) -> None:
    lines = list(unsaid)
    assert not lines, "\n".join(
        [f"unsaid of the {what}:", *lines[:12], f"({len(lines)})", "said:", *sentences(plan.side_effects)]
    )
