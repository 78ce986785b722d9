"""The runs of one apply, its resumes and its undos: what they did, and what that leaves for the next one to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from segmenter.execution.cells import Pending, PendingSets
from segmenter.execution.rules import Rules
from segmenter.ledger import TO_RETRY, WRITTEN, Applied, Ledger, Outcome, Run
from segmenter.plans.changes import ChangeSet, Json
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet, union

FINAL = (*WRITTEN, "conflict", "missing")
"""Outcomes that a resume does not try again."""


def family(ledger: Ledger, root: str) -> list[Run]:
    """An apply with its resumes and undos, oldest first."""
    return [run for run in ledger.runs() if run.root == root]


def applies(ledger: Ledger, root: str) -> list[Run]:
    """The same without the undos."""
    return [run for run in family(ledger, root) if run.kind != "undo"]


@dataclass(frozen=True)
class InFlight:
    """What earlier runs of a family may have written without anybody knowing. ``refs``: configuration changes;
    ``decided``: records of which a later run said what it found."""

    records: RecordSet = field(default_factory=RecordSet)
    refs: frozenset[int] = frozenset()
    decided: RecordSet = field(default_factory=RecordSet)

    @classmethod
    def of(cls, ledger: Ledger, runs: Sequence[Run]) -> InFlight:
        """What they were about to do, and no later one of them ever said how it ended."""
        records: set[int] = set()
        refs: set[int] = set()
        for run in runs:
            if records or refs:
                decided = {one.record for one in ledger.outcomes(run.id) if not _is_doubtful(one)}
                records -= decided
                refs -= decided
            for batch in ledger.unsettled(run.id):
                (refs if batch.what["kind"] == "config" else records).update(batch.unknown)
            records |= {one.record for one in ledger.outcomes(run.id) if _is_doubtful(one) and one.record >= 0}
        return cls(RecordSet(records), frozenset(refs))

    @classmethod
    def ever(cls, ledger: Ledger, runs: Sequence[Run]) -> InFlight:
        """The same, and every record that any of them may have written, whatever a later one said of it: an undo looks
        at them all."""
        last = cls.of(ledger, runs)
        return replace(last, decided=union(cls.of(ledger, [run]).records for run in runs) - last.records)


def _is_doubtful(outcome: Outcome) -> bool:
    """Whether a record may have been written all the same. Ledgers of earlier versions hold `failed` for answers that
    prove nothing: a status of something in between, say."""
    return outcome.outcome == "unknown" or (outcome.outcome == "failed" and not outcome.field)


def last_outcomes(ledger: Ledger, runs: Iterable[Run]) -> dict[int, str]:
    """The last word of these runs on each record (or ref): a record that was left in part counts as left."""
    words: dict[int, str] = {}
    for run in runs:
        here: dict[int, str] = {}
        for outcome in ledger.outcomes(run.id):
            if here.get(outcome.record) not in TO_RETRY or outcome.field == "":
                here[outcome.record] = outcome.outcome
        words |= here
    return words


def to_apply(changes: Iterable[ChangeSet], rules: Rules, settled: Mapping[int, str]) -> PendingSets:
    """What an apply has to do, or a resume: all that no earlier run has settled."""
    final = RecordSet(record for record, outcome in settled.items() if record >= 0 and outcome in FINAL)
    return [(change.records - final, rules.pending(change, backwards=False)) for change in changes]


def to_undo(changes: Iterable[ChangeSet], rules: Rules, applied: Applied, in_flight: InFlight) -> PendingSets:
    """What an undo has to do: turn back what our runs wrote, or may have written. The rest of the fields of these
    records stays as it is, as pins do.

    A field that was deleted from Odoo since has nothing to put back.
    """
    known = [change for change in changes if change.field in rules.fields]
    pending = [part for change in known for part in _turned_back(change, rules, applied, in_flight)]
    ours = union(records for records, change in pending if not change.pin)
    return [(records & ours, change) for records, change in pending if records & ours]


def _turned_back(
    change_set: ChangeSet, rules: Rules, applied: Applied, in_flight: InFlight
) -> Iterator[tuple[RecordSet, Pending]]:
    """One change of the plan, turned round, for the records where it is ours; a pin for the others."""
    change, records = rules.pending(change_set, backwards=True), change_set.records
    if change.pin:
        yield records, change
        return
    stands = records & (applied.records_of(change.field) | in_flight.records)
    yield stands, change
    records = records - stands
    for found, altered in _by_found(applied.altered.get(change.field, {}), records):
        yield altered, _from_altered(change, found)
        records = records - altered
    # Nobody knows whether these were written, and no run said that they were.
    unknown = records & in_flight.decided
    yield unknown, replace(change, quiet=True)
    yield records - unknown, replace(change, before=change.after)


def _by_found(altered: Mapping[int, Json], records: RecordSet) -> list[tuple[Json, RecordSet]]:
    """What the server made of our value -> the records where it did."""
    groups: dict[str, tuple[Json, list[int]]] = {}
    for record, found in altered.items():
        if record in records:
            groups.setdefault(canonical(found), (found, []))[1].append(record)
    return [(found, RecordSet(ids)) for found, ids in groups.values()]


def _from_altered(change: Pending, found: Json) -> Pending:
    """The change of an undo, from what the server made of our value.

    Of tags a call says only which come and which go. Others beside them are somebody's, and stay.
    """
    after = change.after
    if isinstance(found, list):
        after = sorted({*after, *found}.difference(change.before).union(after))
    return replace(change, before=found, after=after)
