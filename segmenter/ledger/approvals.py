"""Approvals in the ledger: who signed off which digest, and where that can be read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from segmenter.errors import LedgerError, LimitsExceeded, UsageError
from segmenter.i18n import _
from segmenter.ledger import plans
from segmenter.ledger.chain import append
from segmenter.ledger.decoding import facts_of
from segmenter.ledger.records import Approval, Author
from segmenter.ledger.schema import entries
from segmenter.planning.approval import beyond_approval, called, is_approver
from segmenter.plans.plan import PlanRefused

KIND = "approval"


def approve(connection: Connection, where: str, plan_id: str, by: str, evidence: str, who: Author) -> Approval:
    """Record the sign-off of a plan as it stands, which must be as it was saved; one that is there already, once."""
    if not by.strip() or not evidence.strip():
        raise UsageError(
            _("An approval needs who gave it, and where that can be read"),
            todo=_('say both: --by "NAME" --evidence "mail of 2026-11-24"'),
        )
    number = plans.find(connection, plan_id, where)
    if not plans.as_saved(connection, number):
        raise LedgerError(
            _("{plan} is not what was saved: somebody altered the ledger").format(plan=f"P{number}"),
            todo=_("see where: segmenter runs --verify"),
        )
    plan = plans.load(connection, plan_id, where)
    if barred := beyond_approval(plan):
        raise PlanRefused(plan, barred, todo=_("mend that and plan again: this plan can never be applied"))
    if not is_approver(by, plan.rules.approver):
        raise LimitsExceeded(
            _("{by} cannot approve {plan}: the spec names {approver}").format(
                by=by.strip(), plan=plan.id, approver=plan.rules.approver
            ),
            todo=_("give the name or e-mail of that person, or change client.approver in the spec and plan again"),
        )
    # Who is recognised is named as the spec does: capitals and the like are not another person.
    signer = called(plan.rules.approver) or by.strip()
    signed = {"plan": plan.id, "digest": plan.digest, "by": signer, "evidence": evidence.strip()}
    for approval in listed(connection):
        if {name: getattr(approval, name) for name in signed} == signed:
            return approval
    __, at = append(connection, KIND, {**signed, "who": asdict(who)})
    return Approval(**signed, at=at, who=who)


def listed(connection: Connection) -> list[Approval]:
    """All approvals, oldest first."""
    rows = connection.execute(select(entries).where(entries.c.kind == KIND).order_by(entries.c.seq))
    return [_read(row.at, facts_of(row)) for row in rows]


def _read(at: str, facts: dict[str, Any]) -> Approval:
    return Approval(facts["plan"], facts["digest"], facts["by"], facts["evidence"], at, Author(**facts["who"]))
