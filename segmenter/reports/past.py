"""A run of long ago, told from the ledger alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from segmenter.ledger import WRITTEN, Ledger, Left, Outcome, Run, RunReport
from segmenter.planning.model import Change, Json, Plan

Words = dict[int, dict[str, Outcome]]
"""Record -> field -> the last word on it; under "" the word on every field that was written."""


def note(words: Words, outcomes: Iterable[Outcome]) -> Words:
    """Take outcomes into ``words``, in their order: a record may be tried twice, whole or field by field."""
    for one in outcomes:
        fields = words.setdefault(one.record, {})
        if one.field:
            # Tried again field by field: the word on the whole no longer stands.
            fields.pop("", None)
        else:
            fields.clear()
        fields[one.field] = one
    return words


def counts(words: Words) -> Counter[str]:
    """Outcome -> records."""
    return Counter(worst(fields) for record, fields in words.items() if record >= 0)


def from_ledger(ledger: Ledger, run_id: str) -> RunReport:
    """What the ledger holds of a run; one that never came to its end counts what was settled until then."""
    run = ledger.run(run_id)
    plan = ledger.plan(run.plan)
    words = note({}, ledger.outcomes(run.id))
    config = {one.ref: one for one in plan.config}
    done = [config[record] for record, fields in words.items() if record in config and worst(fields) in WRITTEN]
    summary = run.summary
    return RunReport(
        run,
        summary.get("counts", counts(words)),
        left(ledger, plan, run, words),
        tuple(done),
        _seconds(run),
        tuple(config[ref] for ref in summary.get("kept", ())),
        summary.get("error", ""),
    )


def left(ledger: Ledger, plan: Plan, run: Run, words: Words) -> tuple[Left, ...]:
    """What was not written, in order of record; ``words``: of a run, or of it and those before it."""
    some = [one for fields in words.values() for one in fields.values() if one.outcome not in WRITTEN]
    changes = {
        (change.record, change.field): change
        for change in ledger.changes(plan.id, records=sorted({one.record for one in some if one.record >= 0}))
    }
    names = {one.ref: one.name for one in plan.config} | {
        record: change.name for (record, _field), change in changes.items()
    }
    rows = (
        Left(
            one.record,
            names.get(one.record, str(one.record)),
            one.field,
            one.outcome,
            _expected(run, one, changes.get((one.record, one.field))),
            one.found,
            one.detail,
        )
        for one in some
    )
    return tuple(sorted(rows, key=lambda row: row.record))


def _seconds(run: Run) -> float:
    if run.finished_at is None:
        return 0.0
    return (datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)).total_seconds()


def worst(fields: Mapping[str, Outcome]) -> str:
    """The outcome that a record of several fields counts for: one that was left, if any was."""
    outcomes = [one.outcome for one in fields.values()]
    return next((one for one in outcomes if one not in WRITTEN), outcomes[0])


def _expected(run: Run, outcome: Outcome, change: Change | None) -> Json:
    """The value that the run wanted to meet: the plan's before, or its after when undoing or when reading back."""
    if change is None:
        return None
    return change.before if (run.kind == "undo") == (outcome.outcome == "failed") else change.after
