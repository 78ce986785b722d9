"""Undo: put back every field that still holds what we wrote, refuse the rest by name, then remove what was created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from segmenter.errors import UsageError
from segmenter.execution.cells import cells_of, portions
from segmenter.execution.checks import check_server
from segmenter.execution.comparer import rows_of
from segmenter.execution.configuration import Configurator
from segmenter.execution.expected import as_expected
from segmenter.execution.family import InFlight, applies, family, to_undo
from segmenter.execution.judging import judge
from segmenter.execution.later import LaterRuns, undo_first
from segmenter.execution.rules import Rules
from segmenter.execution.run import Connect, Execution, Pace, named
from segmenter.i18n import _
from segmenter.ledger import ENDED, Ledger, Left, Outcome, Run, RunReport, UndoPreview, Who
from segmenter.notice import Notice
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange
from segmenter.plans.plan import Plan
from segmenter.portfolio.names import names_met
from segmenter.record_set import RecordSet
from segmenter.resolving.rights import cannot_delete, undeletable

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
        applied, forwards = ledger.applied(root), InFlight.ever(ledger, applies(ledger, root))
        with execution.reporting() as report:
            execution.write(to_undo(ledger.change_sets(plan.id), execution.rules, applied, forwards), later.explain)
            if not execution.pace.stop.is_set():
                _take_configuration_back(execution, later, forwards)
        return report()


def _take_configuration_back(execution: Execution, later: LaterRuns, forwards: InFlight) -> None:
    """Remove what the plan created and put back what it altered, the last first."""
    configurator = execution.configurator
    ours = _config_of_ours(execution.ledger, execution.plan, execution.run.root, configurator, forwards)
    for change in reversed(execution.plan.config):
        if change.ref not in ours:
            continue
        id = ours[change.ref]
        if cannot_delete(change, execution.connection.reader):
            execution.kept.append(change)
        elif by := later.altered(change, id):
            execution.configure(change, partial(left_to, by, id=id))
        else:
            intended = change.ref in execution.in_flight.refs
            execution.configure(change, partial(configurator.undo, id=id, intended=intended))


def preview_undo(run_id: str, ledger: Ledger, connect: Connect) -> UndoPreview:
    """What `undo` would do now, without a write."""
    root = ledger.run(run_id).root
    plan, server = ledger.plan(ledger.run(root).plan), connect()
    check_server(plan, server)
    later = LaterRuns(ledger, plan, root)
    _check_left(ledger, root, later)
    reader = OdooReader(server, language=plan.identity.language, timezone=plan.identity.timezone)
    refs = dict(ledger.config_ids(root))
    rules = Rules.of(plan, reader, refs)
    applied, forwards = ledger.applied(root), InFlight.ever(ledger, applies(ledger, root))
    restorable, partly, left, over = 0, 0, list[Left](), Counter[str]()
    for page in portions(cells_of(to_undo(ledger.change_sets(plan.id), rules, applied, forwards)), PREVIEW_PAGE):
        expected = ((cell.records, [(change.field, change.before) for change in cell.changes]) for cell in page)
        unchanged = as_expected(reader, plan.identity.model, expected, rules)
        restorable += len(unchanged)
        doubtful = [cell.of(cell.records - unchanged) for cell in page]
        rows = rows_of(doubtful, plan.identity.model, reader)
        verdicts = []
        for cell in doubtful:
            for record in cell.records:
                if record in rows:
                    verdicts.append(judge(cell.of(RecordSet([record])), rows[record], rules, by_field=True))
                else:
                    detail = _("it is gone, or hidden from the work user")
                    left.append(Left(record, "", "", "missing", None, None, detail))
        for verdict, explained in later.explain(verdicts, rules):
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
    names = names_met(met, plan, rules.fields, reader)
    return UndoPreview(
        plan,
        root,
        restorable,
        tuple(named(left, plan, ledger)),
        tuple(_not_undoable(plan, reader)),
        names,
        runs=tuple(run.id for run in applies(ledger, root)),
        later={one.root: over[one.root] for one in later.families if one.root in over},
        partly=partly,
    )


def left_to(run: str, change: ConfigChange, *, id: int, **_how: object) -> Outcome:
    """What a later run altered stays as it is until that run is undone."""
    return Outcome(change.ref, "", "overwritten", undo_first(run), id)


def undo_of(ledger: Ledger, root: str) -> Run | None:
    """The last undo of a family, if nothing was resumed after it; what an administrator deleted then is none."""
    last = [run for run in family(ledger, root) if not run.by_admin][-1]
    return last if last.kind == "undo" else None


def undone_by(ledger: Ledger, run_id: str) -> Run | None:
    """The run that took all of the family of ``run_id`` back; None where something is left to undo, or waits for the
    undo of a later run."""
    last = undo_of(ledger, ledger.run(run_id).root)
    if last is None or last.status not in ENDED:
        return None
    return None if any(one.outcome == "overwritten" for one in ledger.outcomes(last.id)) else last


def _check_left(ledger: Ledger, root: str, later: LaterRuns) -> None:
    """Raises for a family of which nothing is left to undo: what was left to a later run waits for that one alone."""
    last = undo_of(ledger, root)
    if last is None or last.status not in ENDED:
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


def _not_undoable(plan: Plan, reader: OdooReader) -> Iterator[Notice]:
    """What Odoo keeps, or does by itself, whatever is put back."""
    yield Notice("undo.date_of_change")
    yield from plan.side_effects
    yield from undeletable(plan.config, reader)
