"""What became of an import: two exports compared, one from before and one from after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from segmenter.execution.by_hand.ending import finish, gone, server_key
from segmenter.execution.by_hand.seen import Seen, seen_in
from segmenter.execution.cells import Cell, PendingSets, cells_of
from segmenter.execution.family import InFlight, applies, to_apply, to_undo
from segmenter.execution.judging import judge
from segmenter.execution.rules import Rules
from segmenter.i18n import _
from segmenter.ledger import Batch, Ledger, Outcome, Run
from segmenter.odoo.catalog import SEPARATOR
from segmenter.odoo.reader import OdooReader
from segmenter.plans.plan import Plan
from segmenter.record_set import RecordSet, union


def open_import(ledger: Ledger, client: str) -> Run | None:
    """The last run of a client that waits for an export to say what became of its import."""
    mine = {plan.id for plan in ledger.plans() if plan.spec_name == client and plan.source == "export"}
    runs = [run for run in ledger.runs() if run.plan in mine]
    return runs[-1] if runs and runs[-1].status is None else None


def settle_import(run: Run, ledger: Ledger, after: OdooReader) -> Run | None:
    """End a run with what the export of ``after`` tells of its records; None where nothing of it was imported yet.

    Raises `SegmenterError` for an export that cannot tell.
    """
    plan = ledger.plan(run.plan)
    roster = ledger.roster(plan.id)
    assert roster is not None  # a plan that is importable was saved with one
    batches = ledger.unsettled(run.id)
    seen = seen_in(after, plan, roster.external, union(batch.records for batch in batches))
    pending = _pending(ledger, plan, run, seen.rules)
    outcomes = {batch.seq: list(_outcomes(batch, pending, seen)) for batch in batches if not batch.refs}
    kinds = Counter(one.outcome for of_batch in outcomes.values() for one in of_batch)
    if not kinds["applied"] and (kinds["refused"] or kinds["unknown"]):
        return None
    outcomes |= {batch.seq: list(_created(batch, plan, seen)) for batch in batches if batch.refs}
    with ledger.lock(server_key(plan)):
        for seq, settled in outcomes.items():
            ledger.settle(run.id, seq, settled)
    found = {f"{one.field}:{one.found}" for settled in outcomes.values() for one in settled}
    return finish(ledger, run, {key: name for key, name in seen.names.items() if key in found})


def _pending(ledger: Ledger, plan: Plan, run: Run, rules: Rules) -> PendingSets:
    """What a run is about, in its direction."""
    changes = ledger.change_sets(plan.id)
    if run.kind != "undo":
        return to_apply(changes, rules, {})
    return to_undo(changes, rules, ledger.applied(run.root), InFlight.ever(ledger, applies(ledger, run.root)))


def _outcomes(batch: Batch, pending: PendingSets, seen: Seen) -> Iterable[Outcome]:
    """What became of the records of a batch. What still holds its former value was not imported."""
    about = set(batch.what["values"])
    here = [(records & batch.records, change) for records, change in pending if change.field in about]
    for cell in cells_of([(records, change) for records, change in here if records]):
        for record in cell.records:
            if record in seen.rows:
                yield from _of_record(cell.of(RecordSet([record])), record, seen)
            else:
                yield Outcome(record, "", "unknown", gone())


def _created(batch: Batch, plan: Plan, seen: Seen) -> Iterable[Outcome]:
    """What some record holds is there, and so is what it lies under."""
    called = {change.ref: change.name for change in plan.config}
    there = [called[ref] for ref in seen.new]
    for ref in batch.refs:
        below = f"{called[ref]}{SEPARATOR}"
        if any(name == called[ref] or name.startswith(below) for name in there):
            yield Outcome(ref, "", "applied")
        else:
            yield Outcome(ref, "", "refused", _not_imported())


def _of_record(cell: Cell, record: int, seen: Seen) -> Iterable[Outcome]:
    verdict = judge(cell, seen.rows[record], seen.rules, by_field=True)
    waiting = [*verdict.ready, *(change for change, _found in verdict.held)]
    if not waiting and not verdict.differing:
        yield Outcome(record, "", "applied")
    elif not verdict.there and not verdict.differing:
        yield Outcome(record, "", "refused", _not_imported())
    else:
        yield from (Outcome(record, change.field, "applied") for change in verdict.there)
        yield from (Outcome(record, change.field, "refused", _not_imported(), change.before) for change in waiting)
        changed = _("after the import")
        yield from (Outcome(record, change.field, "conflict", changed, found) for change, found in verdict.differing)


def _not_imported() -> str:
    return _("the export still holds the former value: it was not imported")
