"""A run of long ago, told from the ledger alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from segmenter.ledger import Ledger, Outcome, Run
from segmenter.planning.model import Change, ConfigChange, Json
from segmenter.reports.runs import WRITTEN


@dataclass(frozen=True, slots=True)
class Left:
    """One record, or one field of it, that a run of the ledger did not write."""

    record: int
    name: str
    field: str
    outcome: str
    expected: Json
    found: Json
    detail: str


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run told from the ledger alone."""

    run: Run
    counts: Mapping[str, int]
    left: Sequence[Left]
    config: Sequence[ConfigChange]
    seconds: float
    kept: Sequence[ConfigChange]
    error: str


def from_ledger(ledger: Ledger, run_id: str) -> PastRun:
    """What the ledger holds of a run; one that never came to its end counts what was settled until then."""
    run = ledger.run(run_id)
    plan = ledger.plan(run.plan)
    words = _last_words(ledger.outcomes(run.id))
    config = {one.ref: one for one in plan.config}
    left = [one for outcomes in words.values() for one in outcomes if one.outcome not in WRITTEN]
    changes = {
        (change.record, change.field): change
        for change in ledger.changes(plan.id, records=sorted({one.record for one in left if one.record >= 0}))
    }
    names = {ref: one.name for ref, one in config.items()} | {
        record: change.name for (record, _field), change in changes.items()
    }
    counted = Counter(_worst(outcomes) for record, outcomes in words.items() if record >= 0)
    done = [config[record] for record, outcomes in words.items() if record in config and _worst(outcomes) in WRITTEN]
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
        for one in left
    )
    summary = run.summary
    return PastRun(
        run,
        summary.get("counts", counted),
        tuple(rows),
        tuple(done),
        _seconds(run),
        tuple(config[ref] for ref in summary.get("kept", ())),
        summary.get("error", ""),
    )


def _seconds(run: Run) -> float:
    if run.finished_at is None:
        return 0.0
    return (datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)).total_seconds()


def _last_words(outcomes: Iterable[Outcome]) -> dict[int, list[Outcome]]:
    """Record -> what became of it last. A record may be tried twice in a run, whole or field by field."""
    words: dict[int, dict[str, Outcome]] = {}
    for one in outcomes:
        fields = words.setdefault(one.record, {})
        if one.field:
            fields.pop("", None)
        else:
            fields.clear()
        fields[one.field] = one
    return {record: list(fields.values()) for record, fields in words.items()}


def _worst(outcomes: Sequence[Outcome]) -> str:
    """A record of which some fields were written and others left counts as what was left."""
    return next((one.outcome for one in outcomes if one.outcome not in WRITTEN), outcomes[0].outcome)


def _expected(run: Run, outcome: Outcome, change: Change | None) -> Json:
    """The value that the run wanted to meet: the plan's before, or its after when undoing or when reading back."""
    if change is None:
        return None
    return change.before if (run.kind == "undo") == (outcome.outcome == "failed") else change.after
