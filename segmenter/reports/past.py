"""A run of long ago, told from the ledger alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from segmenter.i18n import reworded
from segmenter.ledger import WRITTEN, Ledger, Left, Outcome, Run, RunReport
from segmenter.ledger.records import IMPORT
from segmenter.plans.changes import Change, Json
from segmenter.plans.plan import Plan

Words = dict[int, dict[str, Outcome]]
"""Record -> field -> the last word on it; under "" the word on every field that was written."""


def note(words: Words, outcomes: Iterable[Outcome]) -> Words:
    """Take outcomes into ``words``, in their order: a record may be tried twice, whole or field by field."""
    for outcome in outcomes:
        fields = words.setdefault(outcome.record, {})
        if outcome.field:
            # Tried again field by field: the word on the whole no longer stands.
            fields.pop("", None)
        else:
            fields.clear()
        fields[outcome.field] = outcome
    return words


def counts(words: Words) -> Counter[str]:
    """Outcome -> records."""
    return Counter(worst(fields) for record, fields in words.items() if record >= 0)


def from_ledger(ledger: Ledger, run_id: str) -> RunReport:
    """What the ledger holds of a run; one that never came to its end counts what was settled until then."""
    run = ledger.run(run_id)
    plan = ledger.plan(run.plan)
    words = note({}, ledger.outcomes(run.id))
    config = {change.ref: change for change in plan.config}
    done = [config[record] for record, fields in words.items() if record in config and worst(fields) in WRITTEN]
    summary = run.summary
    return RunReport(
        run,
        summary.get("counts", counts(words)),
        left(ledger, plan, run, words),
        tuple(done),
        _seconds(run),
        tuple(config[ref] for ref in summary.get("kept", ())),
        reworded(summary.get("error", "")),
    )


def left(ledger: Ledger, plan: Plan, run: Run, words: Words) -> tuple[Left, ...]:
    """What was not written, in order of record; ``words``: of a run, or of it and those before it."""
    unwritten = [outcome for fields in words.values() for outcome in fields.values() if outcome.outcome not in WRITTEN]
    reached = {outcome.record for outcome in unwritten if outcome.record >= 0}
    changes = {(change.record, change.field): change for change in ledger.changes(plan.id, records=sorted(reached))}
    names = {created.ref: created.name for created in plan.config} | {
        record: change.name for (record, _field), change in changes.items()
    }
    rows = (
        Left(
            outcome.record,
            names.get(outcome.record, str(outcome.record)),
            outcome.field,
            outcome.outcome,
            _expected(run, outcome, changes.get((outcome.record, outcome.field))),
            outcome.found,
            outcome.detail,
        )
        for outcome in unwritten
    )
    return tuple(sorted(rows, key=lambda row: row.record))


def _seconds(run: Run) -> float:
    if run.finished_at is None:
        return 0.0
    return (datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)).total_seconds()


def worst(fields: Mapping[str, Outcome]) -> str:
    """The outcome that a record of several fields counts for: one that was left, if any was."""
    outcomes = [outcome.outcome for outcome in fields.values()]
    return next((outcome for outcome in outcomes if outcome not in WRITTEN), outcomes[0])


def _expected(run: Run, outcome: Outcome, change: Change | None) -> Json:
    """The value that the run wanted to meet: the plan's before, or its after when undoing or when reading back. What an
    export tells after an import (with a detail) was read back."""
    if change is None:
        return None
    read_back = outcome.outcome == "failed" or (run.who.work_user == IMPORT and bool(outcome.detail))
    return change.before if (run.kind == "undo") == read_back else change.after
