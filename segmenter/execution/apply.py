"""Apply a plan, or go on with a run that broke off: configuration first, then the records in batches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from segmenter.errors import LedgerError, LimitsExceeded, StalePlan, UsageError
from segmenter.execution.run import Execution, Pace, check_server, family
from segmenter.execution.runner import Connect
from segmenter.execution.silence import check_nobody_mailed
from segmenter.execution.steps import Step
from segmenter.execution.undo import undo
from segmenter.i18n import _
from segmenter.ledger import ENDED, TO_RETRY, WRITTEN, Ledger, Run, RunReport, Who
from segmenter.odoo.reader import OdooReader
from segmenter.planning import NOT_OVERRIDABLE
from segmenter.planning.approval import called, is_approver
from segmenter.planning.model import Plan

FINAL = (*WRITTEN, "conflict", "missing")
"""Outcomes that a resume does not try again."""


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
    _check_limits(plan, overrides or {})
    check_approved(plan, ledger)
    server = connect()
    with ledger.lock(server.identity.key):
        check_server(plan, server)
        _check_new(plan, ledger)
        reader = OdooReader(server, language=plan.language, timezone=plan.timezone)
        check_nobody_mailed(plan, lambda: ledger.changes(plan.id), reader)
        run = ledger.start_run("apply", plan.id, who, note=note)
        for limit, reason in (overrides or {}).items():
            ledger.record_override(run.id, limit, reason)
        return _forwards(Execution(ledger, plan, run, server, pace or Pace(), backwards=False))


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
    last = family(ledger, ledger.run(run_id).root)[-1]
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
        return _forwards(Execution(ledger, plan, run, server, pace or Pace(), backwards=False))


def _forwards(execution: Execution) -> RunReport:
    ledger, root = execution.ledger, execution.run.root
    settled = _settled(ledger, [run for run in family(ledger, root) if run.kind != "undo"])

    def kept(step: Step) -> Step | None:
        return None if settled.get(step.record) in FINAL else step

    def work() -> None:
        for change in execution.plan.config:
            if settled.get(change.ref) in FINAL:
                continue
            intended = change.ref in execution.in_flight.refs
            execution.config(change, partial(execution.configurator.do, intended=intended))
        # A plan whose tags or stages are not there cannot be applied to the records: nothing half done.
        if not execution.config_left:
            execution.records(kept)

    return execution.guarded(work)


def _settled(ledger: Ledger, runs: list[Run]) -> dict[int, str]:
    """The last word of these runs on each record (or ref): a record that was left in part counts as left."""
    words: dict[int, str] = {}
    for run in runs:
        here: dict[int, str] = {}
        for outcome in ledger.outcomes(run.id):
            if here.get(outcome.record) not in TO_RETRY or outcome.field == "":
                here[outcome.record] = outcome.outcome
        words |= here
    return words


def _check_new(plan: Plan, ledger: Ledger) -> None:
    for earlier in ledger.runs():
        if earlier.plan == plan.id and earlier.kind != "undo":
            ended = family(ledger, earlier.root)[-1].status in ENDED
            raise StalePlan(
                _("{plan} was already applied, by run {run}").format(plan=plan.id, run=earlier.id),
                todo=_("make a new plan, which will hold what is left")
                if ended
                else _("go on with it: segmenter resume {run}").format(run=earlier.id),
            )


def check_approved(plan: Plan, ledger: Ledger) -> None:
    """Where the spec insists on it: the right person has signed off just this digest, and the plan still has it."""
    if not plan.require_approval:
        return
    approvals = [one for one in ledger.approvals(plan.id) if is_approver(one.by, plan.approver)]
    if not approvals:
        name = called(plan.approver) or _("NAME")
        raise LimitsExceeded(
            _("{plan} must be approved by {approver} before it is applied").format(plan=plan.id, approver=plan.approver)
            if plan.approver
            else _("{plan} must be approved before it is applied").format(plan=plan.id),
            todo=_('record it: segmenter approve {plan} --by "{name}" --evidence TEXT').format(plan=plan.id, name=name),
        )
    if ledger.plan_digest(plan.id) not in {one.digest for one in approvals}:
        raise LedgerError(
            _("{plan} is not what was approved: somebody altered the ledger").format(plan=plan.id),
            todo=_("see where: segmenter runs --verify"),
        )


def _check_limits(plan: Plan, overrides: Mapping[str, str]) -> None:
    """Every violation that no override covers, in one error; rights and failing examples cannot be overridden."""
    broken = {violation.limit for violation in plan.violations}
    for limit, reason in overrides.items():
        if limit in NOT_OVERRIDABLE:
            raise UsageError(_("{limit} cannot be overridden").format(limit=limit), todo=_("mend it and plan again"))
        if limit not in broken:
            raise UsageError(
                _("{plan} does not break the limit {limit}").format(plan=plan.id, limit=limit),
                todo=_("leave that override out"),
            )
        if not reason.strip():
            raise UsageError(_("An override needs a reason"), todo=_("say it with --reason"))
    standing = [violation for violation in plan.violations if violation.limit not in overrides]
    if standing:
        final = any(violation.limit in NOT_OVERRIDABLE for violation in standing)
        raise LimitsExceeded(
            "; ".join(violation.sentence for violation in standing),
            todo=_("mend that, then plan again")
            if final
            else _("change the spec and plan again, or override each with a reason: --override LIMIT --reason TEXT"),
        )
