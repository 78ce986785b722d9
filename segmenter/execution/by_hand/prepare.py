"""What is to be imported by hand: the run begins here, and its intents are in the ledger before anybody has the files.

What people import is no call of ours: a run stays open until an export says what came of it (`settle`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from segmenter.behaviours.together import follows
from segmenter.errors import StalePlan, UsageError
from segmenter.execution.by_hand.ending import finish, gone, server_key
from segmenter.execution.by_hand.rows import Rows, new_records
from segmenter.execution.by_hand.seen import Seen, no_external_ids, rules_of, seen_in
from segmenter.execution.cells import Cell, Pending, cells_of
from segmenter.execution.checks import check_approved, check_limits
from segmenter.execution.family import InFlight, applies, family, last_outcomes, to_apply, to_undo
from segmenter.execution.judging import Verdict, judge
from segmenter.execution.rules import Rules
from segmenter.execution.run import named
from segmenter.i18n import _, all_of
from segmenter.ledger import ENDED, WRITTEN, Import, Ledger, Left, NewRecords, Outcome, OutcomeSet, Run, Sheet, Who
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange
from segmenter.plans.digest import canonical
from segmenter.plans.plan import Plan
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet, union
from segmenter.resolving.names import CREATED

BESIDE_RECORDS = frozenset({"ir.filters"})
"""What a plan creates around its records, and the records do not need."""


def prepare_plan(
    plan_id: str,
    ledger: Ledger,
    who: Who,
    now: OdooReader | None = None,
    *,
    overrides: Mapping[str, str] | None = None,
) -> Import:
    """The import that a plan is, or what an earlier one left. ``now``: an export of today, by which records are left
    out that somebody changed since; without it, all are believed to be as the plan saw them.

    Raises `LimitsExceeded`, `StalePlan` and `UsageError` as an apply does.
    """
    plan = ledger.plan(plan_id)
    check_importable(plan)
    runs = [run for run in ledger.runs() if run.plan == plan.id]
    last = runs[-1] if runs else None
    known = {one.limit: one.reason for run in runs for one in run.overrides}
    check_limits(plan, {**known, **(overrides or {})})
    check_approved(plan, ledger)
    if last is not None and (last.kind == "undo" or last.status in ENDED):
        raise StalePlan(
            _("{plan} was already applied, by run {run}").format(plan=plan.id, run=runs[0].id),
            todo=_("make a new plan, which will hold what is left"),
        )
    with ledger.lock(server_key(plan)):
        roster, changes = _roster(ledger, plan), ledger.change_sets(plan.id)
        records = union(change.records for change in changes)
        seen = seen_in(now, plan, roster.external, records) if now else None
        rules = seen.rules if seen else rules_of(plan, {})
        settled = last_outcomes(ledger, applies(ledger, last.root)) if last else {}
        created = {ref for ref, outcome in settled.items() if ref < 0 and outcome in WRITTEN}
        there = created | (seen.new if seen else set())
        cells = cells_of(to_apply(changes, rules, settled))
        work = _work(cells, plan, roster, seen, rules, there, by_field=False)
        run = last
        if run is None or run.status is not None:
            run = ledger.start_run("resume" if last else "apply", plan.id, who, root=last.root if last else None)
        for limit, reason in (overrides or {}).items():
            ledger.record_override(run.id, limit, reason)
        return _begun(ledger, run, work, new=run is not last)


def prepare_undo(run_id: str, ledger: Ledger, who: Who, now: OdooReader) -> Import:
    """The import that gives back what the family of ``run_id`` wrote and ``now`` still holds.

    Raises `UsageError` where there is nothing to undo yet, or no more.
    """
    root = ledger.run(run_id).root
    plan, runs = ledger.plan(ledger.run(root).plan), family(ledger, root)
    check_importable(plan)
    last = runs[-1]
    if last.kind == "undo" and last.status in ENDED:
        raise UsageError(
            _("{root} was already undone, by run {run}").format(root=root, run=last.id),
            todo=_("see it: segmenter show {run}").format(run=last.id),
        )
    if last.kind != "undo" and last.status is None:
        raise UsageError(
            _("Nobody knows yet what became of {run}").format(run=last.id),
            todo=_("export the records again, and say what the export tells: segmenter verify SPEC --from EXPORT"),
        )
    with ledger.lock(server_key(plan)):
        roster, changes = _roster(ledger, plan), ledger.change_sets(plan.id)
        seen = seen_in(now, plan, roster.external, union(change.records for change in changes))
        pending = to_undo(changes, seen.rules, ledger.applied(root), InFlight.ever(ledger, applies(ledger, root)))
        work = _work(cells_of(pending), plan, roster, seen, seen.rules, seen.new, by_field=True)
        run = last
        if run.status is not None:
            run = ledger.start_run("undo", plan.id, who, root=root)
        return _begun(ledger, run, work, new=run is not last)


def check_importable(plan: Plan) -> None:
    """Raises where a plan cannot be applied by an import."""
    if plan.identity.source == "server":
        raise UsageError(
            _("{plan} was made on a server, and is written there").format(plan=plan.id),
            todo=_("apply it: segmenter apply {plan}").format(plan=plan.id),
        )
    if not plan.identity.importable:
        raise no_external_ids(str(plan.identity.server["database"]))
    if made := [change.name for change in plan.config if change.model not in (*CREATED, *BESIDE_RECORDS)]:
        raise UsageError(
            _("{plan} creates {names}, which an import of the records cannot").format(plan=plan.id, names=all_of(made)),
            todo=_("have it made in Odoo, export again with it and plan again"),
        )

    known = plan.names.field_types
    if not follows(plan.identity.model).get("team_id", frozenset()).isdisjoint(known) and "team_id" not in known:
        raise UsageError(
            _("{plan} gives records to people, and Odoo chooses their team anew with it").format(plan=plan.id),
            todo=_("export again with the sales team (team_id) too, and plan again: it is imported as it is"),
        )


def _roster(ledger: Ledger, plan: Plan) -> Roster:
    roster = ledger.roster(plan.id)
    assert roster is not None  # a plan that is importable was saved with one
    return roster


@dataclass(frozen=True)
class _Work:
    """What is to be imported of a plan, and what became of the rest of it."""

    plan: Plan
    cells: Sequence[Cell]
    left: Sequence[Outcome]
    sheets: Sequence[Sheet]
    back: Sequence[Sheet]
    new: Sequence[NewRecords]
    names: Mapping[str, str]

    @property
    def created(self) -> list[ConfigChange]:
        """What comes first, as the plan has it."""
        new = {(one.model, name) for one in self.new for name in one.names}
        return [change for change in self.plan.config if (change.model, change.name) in new]


def _work(
    cells: Iterable[Cell],
    plan: Plan,
    roster: Roster,
    seen: Seen | None,
    rules: Rules,
    there: Container[int],
    *,
    by_field: bool,
) -> _Work:
    met, lists = (seen.names, seen.lists) if seen else ({}, roster.lists)
    ready, left = _judged(cells, seen, rules, by_field=by_field)
    rows = Rows(plan, roster, {**plan.names.value_names, **met}, lists)
    forth, back = (rows.sheets(ready, back=way) for way in (False, True))
    return _Work(plan, ready, left, forth, back, new_records(ready, plan, there), met)


def _begun(ledger: Ledger, run: Run, work: _Work, *, new: bool) -> Import:
    """The import of a run that is new, or open. One of nothing ends at once."""
    if new:
        _begin(ledger, run, work)
    else:
        _leave(ledger, run, work)
    if not work.cells:
        run = finish(ledger, run, work.names)
    left = [
        Left(one.record, "", one.field, one.outcome, None, one.found, one.detail)
        for one in work.left
        if one.outcome not in WRITTEN
    ]
    told = tuple(named(left, work.plan, ledger))
    return Import(work.plan, ledger.run(run.id), work.sheets, work.back, work.new, told)


def _judged(
    cells: Iterable[Cell], seen: Seen | None, rules: Rules, *, by_field: bool
) -> tuple[list[Cell], list[Outcome]]:
    """What of these cells is to be imported, and what became of the rest."""
    if seen is None:
        return list(cells), []
    kept: dict[str, Cell] = {}
    left: list[Outcome] = []
    for cell in cells:
        for record in cell.records:
            if record not in seen.rows:
                left.append(Outcome(record, "", "missing", gone()))
                continue
            verdict = judge(cell.of(RecordSet([record])), seen.rows[record], rules, by_field=by_field)
            left += _outcomes(verdict, record)
            if verdict.ready:
                row = seen.rows[record]
                along = (Pending(one.field, row[one.field], row[one.field]) for one in cell.changes if one.pin)
                changes = (*verdict.ready, *along)
                key = canonical([[one.field, one.before, one.after] for one in changes])
                known = kept.setdefault(key, Cell(RecordSet(), changes))
                kept[key] = replace(known, records=known.records | RecordSet([record]))
    return list(kept.values()), left


def _outcomes(verdict: Verdict, record: int) -> Iterable[Outcome]:
    """What became of the fields of a record that are not to be imported."""
    if verdict.arrived and not verdict.held:
        yield Outcome(record, "", "already")
        return
    yield from (Outcome(record, change.field, "already") for change in verdict.there)
    for change, found in (*verdict.differing, *verdict.held):
        yield Outcome(record, change.field, "conflict", "", found)


def _begin(ledger: Ledger, run: Run, work: _Work) -> None:
    """Commit what is about to be imported, a batch a cell; and what is not."""
    numbers = count(1)
    for change in work.created:
        ledger.intend(run.id, next(numbers), {"kind": "config", "records": [change.ref], "values": dict(change.after)})
    for cell in work.cells:
        values = {change.field: change.after for change in cell.changes if not change.pin}
        what = {"kind": "records", "records": cell.records.to_array().tolist(), "values": values}
        ledger.intend(run.id, next(numbers), what)
    if work.left:
        last = next(numbers)
        ledger.intend(run.id, last, {"kind": "records", "records": [], "values": {}})
        ledger.settle(run.id, last, work.left)


def _leave(ledger: Ledger, run: Run, work: _Work) -> None:
    """Settle records that an open run was to import and that are left out now. The rest of their batches stays open.

    What holds the planned value by now came there by that import.
    """
    waiting = union(cell.records for cell in work.cells)
    left = [replace(one, outcome="applied") if one.outcome == "already" else one for one in work.left]
    for batch in ledger.unsettled(run.id):
        if mine := [outcome for outcome in left if outcome.record in batch.records]:
            ledger.settle(run.id, batch.seq, [*mine, OutcomeSet(batch.records & waiting, "", "unknown")])
