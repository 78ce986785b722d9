"""Runs in the ledger: started, journalled batch by batch, finished, and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from itertools import groupby

from sqlalchemy import Connection, and_, func, or_, select

from segmenter.errors import LedgerError
from segmenter.i18n import _
from segmenter.ledger.chain import append, hash_of_outcomes
from segmenter.ledger.decoding import damaged, facts_of, outcome_of_row
from segmenter.ledger.plans import Opening, load, number_of
from segmenter.ledger.records import (
    WRITTEN,
    Applied,
    Batch,
    Outcome,
    OutcomeKind,
    Override,
    Run,
    RunKind,
    RunStatus,
    Who,
)
from segmenter.ledger.schema import entries, outcomes
from segmenter.ledger.store import insert_many
from segmenter.planning.digest import canonical
from segmenter.planning.model import Json

_RUN = ("run-started", "override", "run-finished")


def start(
    connection: Connection, where: str, kind: RunKind, plan_id: str, who: Who, root: str | None, note: str
) -> Run:
    """Open a run; without ``root`` it is the first of its family."""
    plan = load(connection, plan_id, where).id
    first = one(connection, root, where).root if root else None
    number = (connection.scalar(select(func.max(entries.c.run))) or 0) + 1
    run = Run(f"R{number}", kind, plan, first or f"R{number}", who, note, "")
    body = {"run": run.id, "kind": kind, "plan": plan, "root": run.root, "who": asdict(who), "note": note}
    __, at = append(connection, "run-started", body, run=number)
    return replace(run, started_at=at)


def listed(connection: Connection, number: int | None = None) -> list[Run]:
    """All runs in the order they began, or the one asked for."""
    query = select(entries).where(entries.c.kind.in_(_RUN))
    if number is not None:
        query = query.where(entries.c.run == number)
    runs: dict[int, Run] = {}
    for row in connection.execute(query.order_by(entries.c.seq)):
        at, kind, run, facts = row.at, row.kind, row.run, facts_of(row)
        if kind == "run-started":
            who = Who(**facts["who"])
            runs[run] = Run(facts["run"], facts["kind"], facts["plan"], facts["root"], who, facts["note"], at)
        elif run not in runs:
            raise damaged(_("entry {entry}").format(entry=row.seq))
        elif kind == "override":
            override = Override(facts["limit"], facts["reason"], at)
            runs[run] = replace(runs[run], overrides=(*runs[run].overrides, override))
        else:
            runs[run] = replace(runs[run], finished_at=at, status=facts["status"], summary=facts["summary"])
    return list(runs.values())


def one(connection: Connection, run_id: str, where: str) -> Run:
    """One run by its id."""
    number = number_of(run_id, "R")
    found = listed(connection, number) if number else []
    if not found:
        last = connection.scalar(select(func.max(entries.c.run))) or 0
        ids = ", ".join(f"R{n}" for n in range(last, max(0, last - 5), -1))
        raise LedgerError(
            _("There is no run {id} in the ledger {where}").format(id=run_id, where=where),
            todo=_("the latest are {ids}").format(ids=ids) if ids else _("apply a plan first: segmenter apply PLAN"),
        )
    return found[0]


def find(connection: Connection, run_id: str, where: str) -> int:
    """The number of a run that is there."""
    return _number(one(connection, run_id, where).id)


def override(connection: Connection, where: str, run_id: str, limit: str, reason: str) -> None:
    """Keep that a limit was set aside, and why."""
    append(connection, "override", {"limit": limit, "reason": reason}, run=find(connection, run_id, where))


def intend(connection: Connection, run_id: str, seq: int, what: Mapping[str, Json]) -> None:
    """Journal what a batch is about to do."""
    run = _number(run_id)
    if _intended(connection, run, seq):
        raise ValueError(f"batch {seq} of run {run_id} was intended before")
    append(connection, "intent", what, run=run, batch=seq)


def settle(connection: Connection, run_id: str, seq: int, rows: Sequence[Outcome]) -> None:
    """Journal what became of a batch; of a record settled again (after reading back) the later word counts."""
    run = _number(run_id)
    if not _intended(connection, run, seq):
        raise ValueError(f"batch {seq} of run {run_id} was never intended")
    body = {"rows": len(rows), "hash": hash_of_outcomes(rows)}
    entry, __ = append(connection, "outcome", body, run=run, batch=seq)
    if rows:
        insert_many(
            connection,
            outcomes,
            [(entry, o.record, o.field, o.outcome, o.detail, _text(o.found)) for o in rows],
        )


def finish(connection: Connection, where: str, run_id: str, status: RunStatus, summary: Mapping[str, Json]) -> None:
    """Close a run."""
    body = {"status": status, "summary": summary}
    append(connection, "run-finished", body, run=find(connection, run_id, where))


def unsettled(connection: Connection, run_id: str) -> list[Batch]:
    """Batches whose end is not known, in order of their number."""
    run = _number(run_id)
    settled = {
        batch: tuple(o.record for o in words if o.outcome == "unknown")
        for batch, words in last_words(lambda: nullcontext(connection), run)
    }
    found = []
    for row in connection.execute(
        select(entries).where(entries.c.kind == "intent", entries.c.run == run).order_by(entries.c.batch)
    ):
        what = facts_of(row)
        unknown = settled.get(row.batch, tuple(what.get("records", ())))
        if unknown or row.batch not in settled:
            found.append(Batch(f"R{run}", row.batch, row.at, what, unknown))
    return found


def last_words(opening: Opening, run: int) -> Iterator[tuple[int, list[Outcome]]]:
    """Each settled batch of a run, in order, with the last word on every record of it."""
    with opening() as connection:
        settlements = connection.execute(
            select(entries)
            .where(entries.c.kind == "outcome", entries.c.run == run)
            .order_by(entries.c.batch, entries.c.seq)
        ).fetchall()
    for row in settlements:
        facts_of(row)  # for its hash alone
    for batch, said in groupby(settlements, key=lambda row: int(row.batch)):
        words: dict[int, list[Outcome]] = {}
        with opening() as connection:
            for settlement in said:
                again: dict[int, list[Outcome]] = {}
                for outcome in outcomes_of(connection, settlement.seq):
                    again.setdefault(outcome.record, []).append(outcome)
                words |= again
        yield batch, [outcome for record in sorted(words) for outcome in words[record]]


def outcomes_of(connection: Connection, entry: int) -> list[Outcome]:
    """The outcomes that one entry stands for."""
    return [outcome_of_row(row) for row in connection.execute(select(outcomes).where(outcomes.c.entry == entry))]


def applied(connection: Connection, where: str, root: str) -> Applied:
    """What a family of runs wrote and has not undone; in an undo, ``already`` back is as good as written back."""
    family = _family(connection, where, root)
    fields = _fields_by_batch(connection, list(family))
    ours, back = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    altered = defaultdict[str, dict[int, Json]](dict)
    for run, batch, record, field, outcome, found in _written(connection, family):
        if record < 0:
            continue
        if outcome == "failed":
            if family[run] != "undo":
                altered[field][record] = found
        elif outcome == "conflict":
            # A person's by now: what the server once made of our value is no longer there.
            altered[field].pop(record, None)
        elif family[run] == "undo":
            for name in [field] if field else [*ours, *altered]:
                ours[name].discard(record)
                altered[name].pop(record, None)
            if field:
                back[field].add(record)
        elif outcome == "applied":
            for name in [field] if field else fields.get((run, batch)) or [""]:
                ours[name].add(record)
                altered[name].pop(record, None)
                for gone in [back[name]] if name else back.values():
                    gone.discard(record)
    return Applied(
        {name: ids for name, ids in ours.items() if ids},
        {name: ids for name, ids in back.items() if ids},
        {name: values for name, values in altered.items() if values},
    )


def config_ids(connection: Connection, where: str, root: str, *, ours: bool) -> dict[int, int]:
    """Ref -> server id of the configuration that a family made (``ours``), or made or met."""
    family = _family(connection, where, root)
    ids: dict[int, int] = {}
    for run, _batch, record, _field, outcome, found in _written(connection, family):
        if record >= 0 or outcome not in WRITTEN:
            continue
        if family[run] == "undo":
            ids.pop(record, None)
        elif isinstance(found, int) and (outcome == "applied" or not ours):
            ids[record] = found
    return ids


def _fields_by_batch(connection: Connection, runs: Sequence[int]) -> dict[tuple[int, int], list[str]]:
    """The fields that each batch was to write, by (run, batch)."""
    intents = connection.execute(select(entries).where(entries.c.kind == "intent", entries.c.run.in_(runs)))
    return {(row.run, row.batch): list(facts_of(row).get("values") or ()) for row in intents}


def _family(connection: Connection, where: str, root: str) -> dict[int, RunKind]:
    """The runs of a family, in the order they began: number -> kind."""
    top = one(connection, root, where).root
    return {_number(run.id): run.kind for run in listed(connection) if run.root == top}


def _written(
    connection: Connection, runs: Mapping[int, RunKind]
) -> Iterator[tuple[int, int, int, str, OutcomeKind, Json]]:
    """What was written or found written: run, batch, record, field, outcome, found; in the order it was settled.

    A field that failed was written as well, and the server made something else of it; one in conflict is a person's.
    """
    by_field = and_(outcomes.c.outcome.in_(("failed", "conflict")), outcomes.c.field != "")
    written = or_(outcomes.c.outcome.in_(WRITTEN), by_field)
    rows = connection.execute(
        select(*entries.columns, *outcomes.columns)
        .join(outcomes, outcomes.c.entry == entries.c.seq)
        .where(entries.c.kind == "outcome", entries.c.run.in_(list(runs)), written)
        .order_by(entries.c.seq)
    )
    proven = 0
    for row in rows:
        if row.seq != proven:
            facts_of(row)  # for its hash alone, once for all its outcomes
            proven = row.seq
        outcome = outcome_of_row(row)
        yield row.run, row.batch, outcome.record, outcome.field, outcome.outcome, outcome.found


def _text(value: Json) -> str:
    return "null" if value is None else canonical(value)


def _intended(connection: Connection, run: int, seq: int) -> bool:
    query = select(entries.c.seq).where(entries.c.kind == "intent", entries.c.run == run, entries.c.batch == seq)
    return connection.scalar(query) is not None


def _number(run_id: str) -> int:
    number = number_of(run_id, "R")
    if number is None:
        raise ValueError(f"no run id: {run_id!r}")
    return number
