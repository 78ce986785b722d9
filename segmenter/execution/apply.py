"""Apply a plan, or go on with a run that broke off: configuration first, then the records in batches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from segmenter.errors import UsageError
from segmenter.execution.checks import check_approved, check_limits, check_not_applied, check_server
from segmenter.execution.family import FINAL, applies, family, last_outcomes, to_apply
from segmenter.execution.run import Connect, Execution, Pace
from segmenter.execution.silence import check_nobody_mailed
from segmenter.execution.undo import undo
from segmenter.i18n import _
from segmenter.ledger import ENDED, Ledger, RunReport, Who
from segmenter.odoo.reader import OdooReader


def apply(
    plan_id: str,
    ledger: Ledger,
    connect: Connect,
    *,
    who: Who,
    overrides: Mapping[str, str] | None = None,
    note: str = "",
    pace: Pace | None = None,
) -> RunReport:
    """Do what the plan shows. ``overrides``: limit -> reason; ``note``: a remark; the ledger keeps both.

    Raises `LimitsExceeded` for limits not overridden and a missing approval, `StalePlan` for a plan of another
    database, of an export, applied before, or that would mail somebody unsaid, `LedgerError` while another apply holds
    the ledger. Nothing is written then.
    """
    plan = ledger.plan(plan_id)
    check_limits(plan, overrides or {})
    check_approved(plan, ledger)
    server = connect()
    with ledger.lock(server.identity.key):
        check_server(plan, server)
        check_not_applied(plan, ledger)
        reader = OdooReader(server, language=plan.identity.language, timezone=plan.identity.timezone)
        check_nobody_mailed(plan, lambda: ledger.changes(plan.id), reader)
        run = ledger.start_run("apply", plan.id, who, note=note)
        for limit, reason in (overrides or {}).items():
            ledger.record_override(run.id, limit, reason)
        return _go_on(Execution(ledger, plan, run, server, pace or Pace(), backwards=False))


def resume(
    run_id: str,
    ledger: Ledger,
    connect: Connect,
    *,
    who: Who,
    note: str = "",
    pace: Pace | None = None,
) -> RunReport:
    """Go on with an apply or an undo that broke off. Reads back what was in flight, and never writes it twice."""
    last = [run for run in family(ledger, ledger.run(run_id).root) if not run.by_admin][-1]
    if last.status in ENDED:
        raise UsageError(
            _("{run} came to its end: there is nothing to resume").format(run=last.id),
            todo=_("see it: segmenter show {run}").format(run=last.id),
        )
    if last.kind == "undo":
        return undo(last.root, ledger, connect, who=who, note=note, pace=pace)
    plan, server = ledger.plan(last.plan), connect()
    with ledger.lock(server.identity.key):
        check_server(plan, server)
        run = ledger.start_run("resume", plan.id, who, root=last.root, note=note)
        return _go_on(Execution(ledger, plan, run, server, pace or Pace(), backwards=False))


def _go_on(execution: Execution) -> RunReport:
    """What the runs before have not settled: the configuration, then the records.

    A plan whose tags or stages are not there cannot be applied to the records: nothing half done.
    """
    ledger, plan = execution.ledger, execution.plan
    settled = last_outcomes(ledger, applies(ledger, execution.run.root))
    with execution.reporting() as report:
        for change in plan.config:
            if settled.get(change.ref) not in FINAL:
                intended = change.ref in execution.in_flight.refs
                execution.configure(change, partial(execution.configurator.do, intended=intended))
        if not execution.config_left:
            execution.write(to_apply(ledger.change_sets(plan.id), execution.rules, settled))
    return report()
