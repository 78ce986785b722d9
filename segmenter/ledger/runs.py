"""Runs in the ledger: started, journalled batch by batch, finished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from sqlalchemy import Connection, func, select

from segmenter.errors import LedgerError
from segmenter.i18n import _, kept, ngettext
from segmenter.ledger import outcomes
from segmenter.ledger.chain import append
from segmenter.ledger.decoding import damaged, facts_of
from segmenter.ledger.plans import load, number_of
from segmenter.ledger.records import Batch, Outcome, OutcomeSet, Override, Run, RunKind, RunStatus, Who
from segmenter.ledger.schema import entries
from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union

_RUN = ("run-started", "override", "run-finished")


def start(
    connection: Connection, where: str, kind: RunKind, plan_id: str, who: Who, root: str | None, note: str
) -> Run:
    """Open a run; without ``root`` it is the first of its family."""
    plan = load(connection, plan_id, where).id
    first = one(connection, root, where).root if root else None
    new = (connection.scalar(select(func.max(entries.c.run))) or 0) + 1
    run = Run(f"R{new}", kind, plan, first or f"R{new}", who, note, "")
    body = {"run": run.id, "kind": kind, "plan": plan, "root": run.root, "who": asdict(who), "note": note}
    __, at = append(connection, "run-started", body, run=new)
    return replace(run, started_at=at)


def listed(connection: Connection, only: int | None = None) -> list[Run]:
    """All runs in the order they began, or the one asked for."""
    query = select(entries).where(entries.c.kind.in_(_RUN))
    if only is not None:
        query = query.where(entries.c.run == only)
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
    asked = number_of(run_id, "R")
    found = listed(connection, asked) if asked else []
    if not found:
        last = connection.scalar(select(func.max(entries.c.run))) or 0
        ids = ", ".join(f"R{n}" for n in range(last, max(0, last - 5), -1))
        if number_of(run_id, "P"):
            what = _("{id} is a plan, not a run").format(id=run_id)
        else:
            what = _("There is no run {id} in the ledger {where}").format(id=run_id, where=where)
        latest = ngettext("the latest is {ids}", "the latest are {ids}", last)
        raise LedgerError(what, todo=latest.format(ids=ids) if ids else _("apply a plan first: segmenter apply PLAN"))
    return found[0]


def find(connection: Connection, run_id: str, where: str) -> int:
    """The number of a run that is there."""
    return number(one(connection, run_id, where).id)


def override(connection: Connection, where: str, run_id: str, limit: str, reason: str) -> None:
    """Keep that a limit was set aside, and why."""
    append(connection, "override", {"limit": limit, "reason": reason}, run=find(connection, run_id, where))


def intend(connection: Connection, run_id: str, seq: int, what: Mapping[str, Json]) -> None:
    """Journal what a batch is about to do."""
    run = number(run_id)
    if _intended(connection, run, seq):
        raise ValueError(f"batch {seq} of run {run_id} was intended before")
    if isinstance(what.get("records"), RecordSet):
        what = {**what, "records": list(what["records"])}
    append(connection, "intent", what, run=run, batch=seq)


def settle(connection: Connection, run_id: str, seq: int, words: Iterable[Outcome | OutcomeSet]) -> None:
    """Journal what became of a batch; of a record settled again (after reading back) the later word counts."""
    run = number(run_id)
    if not _intended(connection, run, seq):
        raise ValueError(f"batch {seq} of run {run_id} was never intended")
    rows = outcomes.rows_of(outcomes.gathered(words))
    entry, __ = append(connection, "outcome", outcomes.proof_of(rows), run=run, batch=seq)
    outcomes.write(connection, entry, rows)


def finish(connection: Connection, where: str, run_id: str, status: RunStatus, summary: Mapping[str, Json]) -> None:
    """Close a run."""
    told = {key: kept(value) if isinstance(value, str) else value for key, value in summary.items()}
    body = {"status": status, "summary": told}
    append(connection, "run-finished", body, run=find(connection, run_id, where))


def unsettled(connection: Connection, run_id: str) -> list[Batch]:
    """Batches whose end is not known, in order of their number."""
    run = number(run_id)
    settled = dict(outcomes.last_words(connection, run))
    query = select(entries).where(entries.c.kind == "intent", entries.c.run == run).order_by(entries.c.batch)
    found = []
    for row in connection.execute(query):
        what = facts_of(row)
        if row.batch not in settled:
            in_question = what.get("records", ())
            records = RecordSet([record for record in in_question if record > 0])
            refs = tuple(record for record in in_question if record < 0)
        else:
            words = settled[row.batch]
            records = union(outcome.records for outcome in words.sets if outcome.outcome == "unknown")
            refs = tuple(outcome.record for outcome in words.config if outcome.outcome == "unknown")
        if records or refs or row.batch not in settled:
            found.append(Batch(f"R{run}", row.batch, row.at, what, records, refs))
    return found


def family(connection: Connection, where: str, root: str) -> dict[int, RunKind]:
    """The runs of a family, in the order they began: number -> kind."""
    top = one(connection, root, where).root
    return {number(run.id): run.kind for run in listed(connection) if run.root == top}


def _intended(connection: Connection, run: int, seq: int) -> bool:
    query = select(entries.c.seq).where(entries.c.kind == "intent", entries.c.run == run, entries.c.batch == seq)
    return connection.scalar(query) is not None


def number(run_id: str) -> int:
    """``R12`` -> 12."""
    found = number_of(run_id, "R")
    if found is None:
        raise ValueError(f"no run id: {run_id!r}")
    return found
