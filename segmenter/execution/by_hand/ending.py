"""The end of a run that people imported: its counts, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from segmenter.execution.family import family
from segmenter.i18n import _
from segmenter.ledger import TO_RETRY, WRITTEN, Ledger, OutcomeKind, Run
from segmenter.ledger.records import RunStatus
from segmenter.plans.plan import Plan


def server_key(plan: Plan) -> str:
    """What the lock of a plan goes by, as `ServerIdentity.key`."""
    return f"{plan.identity.server['url']}|{plan.identity.server['database']}"


def gone() -> str:
    """Of a record that an export does not hold."""
    return _("it is gone, or the export leaves it out")


def finish(ledger: Ledger, run: Run, names: Mapping[str, str]) -> Run:
    """Close a run of which every batch is settled. ``names``: of values that were met, as `Plan.value_names`."""
    ended: dict[int, OutcomeKind] = {}
    for outcome in ledger.outcomes(run.id):
        if ended.get(outcome.record, "applied") in WRITTEN:  # a record that was left in part counts as left
            ended[outcome.record] = outcome.outcome
    found = set(ended.values())
    status: RunStatus = "partly" if found & set(TO_RETRY) else "conflicts" if found - set(WRITTEN) else "done"
    summary = {"counts": dict(Counter(kind for record, kind in ended.items() if record > 0)), "names": dict(names)}
    ledger.finish_run(run.id, status, summary | {"kept": _kept(ledger, run)})
    return ledger.run(run.id)


def _kept(ledger: Ledger, run: Run) -> list[int]:
    """What its family created and an undo leaves in Odoo: an import deletes nothing."""
    if run.kind != "undo":
        return []
    before = (one.id for one in family(ledger, run.root) if one.kind != "undo")
    created = {made.record for id in before for made in ledger.config_outcomes(id) if made.outcome in WRITTEN}
    return sorted(created, reverse=True)
