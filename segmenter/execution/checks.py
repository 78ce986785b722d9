"""What must hold before an apply begins: the limits, the approval, the right server, and a plan not applied before."""

from __future__ import annotations

from collections.abc import Mapping

from segmenter.errors import LedgerError, LimitsExceeded, StalePlan, UsageError
from segmenter.execution.family import family
from segmenter.i18n import _
from segmenter.ledger import ENDED, Ledger
from segmenter.odoo.server import Server
from segmenter.planning.approval import called, is_approver
from segmenter.planning.limits import NOT_OVERRIDABLE
from segmenter.plans.plan import Plan, PlanRefused


def check_limits(plan: Plan, overrides: Mapping[str, str]) -> None:
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
        raise PlanRefused(
            plan,
            standing,
            todo=_("mend that, then plan again")
            if final
            else _("change the spec and plan again, or override each with a reason: --override LIMIT --reason TEXT"),
        )


def check_approved(plan: Plan, ledger: Ledger) -> None:
    """Where the spec insists on it: the right person has signed off just this digest, and the plan still has it."""
    if not plan.rules.require_approval:
        return
    approvals = [one for one in ledger.approvals(plan.id) if is_approver(one.by, plan.rules.approver)]
    if not approvals:
        name = called(plan.rules.approver) or _("NAME")
        raise LimitsExceeded(
            _("{plan} must be approved by {approver} before it is applied").format(
                plan=plan.id, approver=plan.rules.approver
            )
            if plan.rules.approver
            else _("{plan} must be approved before it is applied").format(plan=plan.id),
            todo=_('record it: segmenter approve {plan} --by "{name}" --evidence TEXT').format(plan=plan.id, name=name),
        )
    if ledger.plan_digest(plan.id) not in {one.digest for one in approvals}:
        raise LedgerError(
            _("{plan} is not what was approved: somebody altered the ledger").format(plan=plan.id),
            todo=_("see where: segmenter runs --verify"),
        )


def check_server(plan: Plan, server: Server) -> None:
    """The plan must be of this database: ids mean nothing in another. Raises `StalePlan`."""
    if plan.identity.source == "export":
        raise StalePlan(
            _("{plan} was made from an export and cannot be applied").format(plan=plan.id),
            todo=_("plan against the server: segmenter plan SPEC"),
        )
    here, there = server.identity, plan.identity.server
    if (there["url"].rstrip("/"), there["database"]) != (here.url.rstrip("/"), here.database):
        raise StalePlan(
            _("{plan} is of the database {theirs} at {their_url}, not of {ours} at {our_url}").format(
                plan=plan.id,
                theirs=there["database"],
                their_url=there["url"],
                ours=here.database,
                our_url=here.url,
            ),
            todo=_("make a plan against this database"),
        )


def check_not_applied(plan: Plan, ledger: Ledger) -> None:
    """A plan is applied once. Raises `StalePlan`."""
    for earlier in ledger.runs():
        if earlier.plan == plan.id and earlier.kind != "undo":
            own = [run for run in family(ledger, earlier.root) if not run.by_admin]
            ended = own[-1].status in ENDED
            raise StalePlan(
                _("{plan} was already applied, by run {run}").format(plan=plan.id, run=earlier.id),
                todo=_("make a new plan, which will hold what is left")
                if ended
                else _("go on with it: segmenter resume {run}").format(run=earlier.id),
            )
