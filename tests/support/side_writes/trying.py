"""Fields through plan, apply and undo: what moved besides, whether the plan said so, and whether it came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segmenter.errors import AccessDenied, ExitCode, SegmenterError, SpecError
from segmenter.plans.plan import Plan
from tests.support.engagement import Engagement
from tests.support.side_writes.families import WRITTEN
from tests.support.side_writes.values import fields_of, others
from tests.support.undo_law.judging import Difference, Judge, differences
from tests.support.undo_law.portfolio import Portfolio
from tests.support.words import against, sentences

SCORED = (" probability", " prorated_revenue")
REFUSED, LEFT = "refused: ", "left by name: "

Rows = Mapping[str, list[str]]
"""Field -> what moves with it."""


def tried(portfolio: Portfolio, ids: Mapping[str, int], model: str, values: Mapping[str, Any]) -> set[str]:
    """What moved besides these fields, as ``own NAME`` or ``MODEL NAME``; or sentences, why they are refused.

    Raises AssertionError with all that the plan did not say, or that did not come back although it said nothing.
    """
    e = portfolio.e
    first = portfolio.rested()
    written = [ids[name] for name in WRITTEN[model]]
    try:
        plan = _planned(e, model, written, values)
    except SpecError as error:
        return {f"{REFUSED}{problem.what}" for problem in error.problems}
    except AccessDenied as error:  # what a relation leads to may not be read, so that a plan could not name it
        return {f"{REFUSED}{error.what}"}
    if plan.violations:
        return {f"{REFUSED}{one}" for one in against(plan)}
    changes = [change for change in e.ledger.changes(plan.id) if not change.pin]
    if not changes:
        return set()
    report = e.apply(plan, "manager")
    kept = {one.detail for one in report.left}
    judge = Judge(plan, {(plan.identity.model, change.record, change.field) for change in changes}, first)
    found = differences(first, portfolio.state())
    unsaid = [f"unsaid of the run: {one}" for one in judge.unsaid_of_the_run(found)]
    back = e.undo(report.run.id, "manager")
    assert (back.exit_code, back.left) == (ExitCode.DONE, ()), (back.error, back.left)
    portfolio.last = portfolio.state()
    unsaid += [f"unsaid of the undo: {one}" for one in judge.unsaid_of_the_undo(differences(first, portfolio.last))]
    assert not unsaid, "\n".join([f"{model} {values!r}", *unsaid, "said:", *sentences(plan.side_effects)])
    # What a server does not take is told by the run, with its name, and an undo finds it as it was.
    return {f"{LEFT}{detail}" for detail in kept} or set(_moves(found, model, written, values))


def _planned(e: Engagement, model: str, written: list[int], values: Mapping[str, Any]) -> Plan:
    """Said to reach others only where the tool asks for that."""

    def plan(said: Mapping[str, Any]) -> Plan:
        segment = {"name": "Todos", "when": {"id": written}, "set": dict(said)}
        scope = {"model": model, "where": {"id": written}, "archived": True}
        return e.plan(e.spec({"name": "Campo", "segments": [segment]}, scope=scope, tracking="silent"), "manager")

    try:
        return plan(values)
    except SpecError as error:
        asked = {name for name in values for one in error.problems if f"{name}: {{value: ..., reaches" in one.todo}
        if not asked:
            raise
        more = {name: {"value": values[name], "reaches_other_records": True} for name in asked}
        return plan({**values, **more})


def _moves(found: Mapping[Difference, Any], model: str, written: list[int], values: Mapping[str, Any]) -> Iterator[str]:
    for other, record, name in found:
        own = other == model and record in written
        if not (own and name in values):
            yield f"own {name}" if own else f"{other} {name}"


def all_tried(portfolio: Portfolio, ids: Mapping[str, int], model: str, known: Rows) -> tuple[Rows, list[str]]:
    """What moves with each field that may be written, and what was not announced or did not come back."""
    crm, seen, wrong = portfolio.e.crm, dict[str, list[str]](), list[str]()
    values = {name: list(others(crm, name, about, ids)) for name, about in fields_of(crm, model).items()}
    quiet = {name for name in values if known.get(name) == []}
    if _quiet_together(portfolio, ids, model, {name: values[name] for name in quiet}):
        seen = {name: [] for name in quiet}
    for name in sorted(values.keys() - seen.keys()):
        moves: set[str] = set()
        for value in values[name]:
            try:
                moves |= tried(portfolio, ids, model, {name: value})
            except (AssertionError, SegmenterError) as error:
                wrong.append(f"{name} = {value!r}: {error}")
                portfolio.last = None
        seen[name] = sorted(moves)
    return seen, wrong


def _quiet_together(
    portfolio: Portfolio, ids: Mapping[str, int], model: str, values: Mapping[str, Sequence[Any]]
) -> bool:
    """Whether nothing moves with all of these at once: what the table says of each takes two plans, not a hundred."""
    try:
        for turn in range(max(map(len, values.values()), default=0)):
            some = {name: several[turn] for name, several in values.items() if turn < len(several)}
            if tried(portfolio, ids, model, some):
                return False
    except (AssertionError, SegmenterError):
        portfolio.last = None
        return False
    return True


def new_rows(seen: Rows, known: Rows) -> dict[str, list[str]]:
    """What the table lacks: fields, and moves of fields that it has. Of a refusal the words do not count, and whether
    the scoring moves a probability hangs on what else the database holds: that is judged, and not in the table."""
    return {
        name: sorted(lacking)
        for name, moves in seen.items()
        if (lacking := {_kind(one) for one in moves if not one.endswith(SCORED)} - set(map(_kind, known.get(name, []))))
        or name not in known
    }


def _kind(move: str) -> str:
    return next((kind for kind in (REFUSED, LEFT) if move.startswith(kind)), move)
