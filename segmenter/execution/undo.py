"""Undo: put back every field that still holds what we wrote, refuse the rest by name, then remove what was created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from segmenter.errors import UsageError
from segmenter.execution.configuration import Configurator
from segmenter.execution.later import LaterRuns, undo_first
from segmenter.execution.run import (
    Execution,
    InFlight,
    Pace,
    check_server,
    family,
    still_ours,
)
from segmenter.execution.runner import Connect
from segmenter.execution.steps import Step, Terms, fields_of, judge, steps
from segmenter.i18n import _
from segmenter.ledger import ENDED, Ledger, Left, Outcome, Run, RunReport, UndoPreview, Who
from segmenter.odoo.reader import OdooReader
from segmenter.planning import cannot_delete, undeletable
from segmenter.planning.model import ConfigChange, Plan
from segmenter.planning.value_names import names_met

PREVIEW_PAGE = 2000


def undo(
    run_id: str,
    ledger: Ledger,
    connect: Connect,
    *,
    who: Who,
    note: str = "",
    pace: Pace | None = None,
) -> RunReport:
    """Take back what the family of ``run_id`` (an apply and its resumes) wrote. A run like any other.

    What a resume has not yet decided is decided here: a record found as we meant to leave it is put back.
    """
    root = ledger.run(run_id).root
    plan, server = ledger.plan(ledger.run(root).plan), connect()
    with ledger.lock(server.identity.key):
        check_server(plan, server)
        later = LaterRuns(ledger, plan, root)
        _check_left(ledger, root, later)
        run = ledger.start_run("undo", plan.id, who, root=root, note=note)
        execution = Execution(ledger, plan, run, server, pace or Pace(), backwards=True)
        applied, forwards = ledger.applied(root), InFlight.ever(ledger, _applies(ledger, root))

        def work() -> None:
            execution.records(lambda step: still_ours(step, applied, forwards), later.explain)
            if execution.pace.stop.is_set():
                return
            ours = _config_of_ours(ledger, plan, root, execution.configurator, forwards)
            for change in reversed(plan.config):
                if change.ref not in ours:
                    continue
                if cannot_delete(change, execution.line.reader):
                    execution.kept.append(change)
                elif by := later.altered(change, ours[change.ref]):
                    execution.config(change, partial(_left_to, by, id=ours[change.ref]))
                else:
                    execution.config(
                        change,
                        partial(
                            execution.configurator.undo,
                            id=ours[change.ref],
                            intended=change.ref in execution.in_flight.refs,
                        ),
                    )

        return execution.guarded(work)


def preview_undo(run_id: str, ledger: Ledger, connect: Connect) -> UndoPreview:
    """What `undo` would do now, without a write."""
    root = ledger.run(run_id).root
    plan, server = ledger.plan(ledger.run(root).plan), connect()
    check_server(plan, server)
    later = LaterRuns(ledger, plan, root)
    _check_left(ledger, root, later)
    reader = OdooReader(server, language=plan.language, timezone=plan.timezone)
    refs = dict(ledger.config_ids(root))
    terms = Terms.of(plan, reader, refs)
    applied, forwards = ledger.applied(root), InFlight.ever(ledger, _applies(ledger, root))
    restorable, partly, left, over = 0, 0, list[Left](), Counter[str]()
    for page in _pages(ledger, plan, terms, lambda step: still_ours(step, applied, forwards)):
        rows = {row["id"]: row for row in reader.read(plan.model, [one.record for one in page], fields_of(page))}
        judged = []
        for step in page:
            row = rows.get(step.record)
            if row is None:
                detail = _("it is gone, or hidden from the work user")
                left.append(Left(step.record, step.name, "", "missing", None, None, detail))
                continue
            judged.append(judge(step, row, terms, by_field=True))
        for verdict, explained in later.explain(judged, terms):
            restorable += bool(verdict.ready)
            partly += bool(verdict.ready and explained)
            left += [one.left for one in explained]
            over.update({one.by for one in explained if one.by})
    for change in plan.config:
        id = ledger.created(root).get(change.ref)
        if id is not None and (by := later.altered(change, id)):
            left.append(Left(change.ref, change.name, "", "overwritten", None, None, undo_first(by)))
            over[by] += 0
    met = ((one.field, value) for one in left for value in (one.expected, one.found))
    names = names_met(met, plan, terms.fields, reader)
    return UndoPreview(
        plan,
        root,
        restorable,
        tuple(sorted(left, key=lambda one: one.record)),
        tuple(_not_undoable(plan, reader)),
        names,
        runs=tuple(run.id for run in _applies(ledger, root)),
        later={one.root: over[one.root] for one in later.families if one.root in over},
        partly=partly,
    )


def _applies(ledger: Ledger, root: str) -> list[Run]:
    return [run for run in family(ledger, root) if run.kind != "undo"]


def _left_to(run: str, change: ConfigChange, *, id: int, **_how: object) -> Outcome:
    """What a later run altered stays as it is until that run is undone."""
    return Outcome(change.ref, "", "overwritten", undo_first(run), id)


def undone_by(ledger: Ledger, run_id: str) -> Run | None:
    """The run that took all of the family of ``run_id`` back; None where something is left to undo, or waits for the
    undo of a later run."""
    last = family(ledger, ledger.run(run_id).root)[-1]
    if last.kind != "undo" or last.status not in ENDED:
        return None
    return None if any(one.outcome == "overwritten" for one in ledger.outcomes(last.id)) else last


def _check_left(ledger: Ledger, root: str, later: LaterRuns) -> None:
    """Raises for a family of which nothing is left to undo: what was left to a later run waits for that one alone."""
    last = family(ledger, root)[-1]
    if last.kind != "undo" or last.status not in ENDED:
        return
    left = [one for one in ledger.outcomes(last.id) if one.outcome == "overwritten"]
    waits_for = [_holder(one, later) for one in left]
    if not all(waits_for):
        return
    todo = _("see it: segmenter show {run}").format(run=last.id)
    if waits_for:
        newest = next(one.root for one in later.families if one.root in waits_for)
        todo = _("it left what {run} wrote later; undo {run}, and then {root} again").format(run=newest, root=root)
    raise UsageError(_("{root} was already undone, by run {run}").format(root=root, run=last.id), todo=todo)


def _holder(left: Outcome, later: LaterRuns) -> str:
    """The newest run that something was left to and that still stands; "" where all were undone since."""
    if left.record >= 0:
        return later.holder(left.record, left.field)
    change = next(one for one in later.plan.config if one.ref == left.record)
    return later.altered(change, left.found) if isinstance(left.found, int) else ""


def _config_of_ours(
    ledger: Ledger, plan: Plan, root: str, configurator: Configurator, forwards: InFlight
) -> dict[int, int]:
    """Configuration changes to take back, ref -> id: those that we made, and those in flight that are there."""
    ours = dict(ledger.created(root))
    for change in plan.config:
        if change.ref in forwards.refs and change.ref not in ours:
            found = configurator.find(change)
            if found is not None:
                ours[change.ref] = found
    return ours


def _pages(ledger: Ledger, plan: Plan, terms: Terms, keep: Callable[[Step], Step | None]) -> Iterator[list[Step]]:
    page: list[Step] = []
    for step in steps(ledger.changes(plan.id), terms, backwards=True):
        if (kept := keep(step)) is not None:
            page.append(kept)
        if len(page) == PREVIEW_PAGE:
            yield page
            page = []
    if page:
        yield page


def _not_undoable(plan: Plan, reader: OdooReader) -> Iterator[str]:
    """What Odoo keeps, or does by itself, whatever is put back."""
    yield _("The date of the last change of each record, which every write moves")
    yield from plan.side_effects
    yield from undeletable(plan.config, reader)
