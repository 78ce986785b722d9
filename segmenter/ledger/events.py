"""The history of one record: everything that any run did to it, or tried to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from segmenter.ledger import outcomes
from segmenter.ledger.decoding import facts_of
from segmenter.ledger.plans import number_of
from segmenter.ledger.records import WRITTEN, Event, Outcome, Run
from segmenter.ledger.runs import listed as listed_runs
from segmenter.ledger.schema import entries
from segmenter.plans.changes import Change

_Said = tuple[str, Run, list[str], Outcome]
"""When, by which run, the fields of the batch, what became of the record."""


def history(connection: Connection, planned: Mapping[str, Sequence[Change]], record: int) -> list[Event]:
    """All events of one record, oldest first. ``planned``: plan -> what it would change on the record."""
    runs = {number_of(run.id, "R") or 0: run for run in listed_runs(connection) if run.plan in planned}
    events: list[tuple[str, Event]] = []
    for at, run, fields, outcome in _said(connection, runs, record):
        changes = {change.field: change for change in planned[run.plan]}
        for name in [outcome.field] if outcome.field else [f for f in changes if f in fields] or list(changes):
            event = _event(at, run, outcome, changes.get(name) or Change(record, "", name, None, None, "", ""))
            if event.kind == "undo" and event.outcome in WRITTEN:
                events = [(root, _taken_back(e) if (root, e.field) == (run.root, name) else e) for root, e in events]
            events.append((run.root, event))
    return [event for __, event in events]


def _said(connection: Connection, runs: dict[int, Run], record: int) -> Iterator[_Said]:
    """The last word of each batch on the record; a batch that was never settled leaves it unknown."""
    journal = connection.execute(
        select(entries).where(entries.c.kind == "intent", entries.c.run.in_(list(runs))).order_by(entries.c.seq)
    )
    intents = {(row.run, row.batch): (row.seq, row.at, facts_of(row)) for row in journal}
    words: dict[tuple[int, int], tuple[int, str, list[Outcome]]] = {}
    for row, settled in outcomes.settlements(connection, runs):
        sets = [ended for ended in settled.sets if record in ended.records]
        if sets:
            ends = [Outcome(record, ended.field, ended.outcome, ended.detail, ended.found) for ended in sets]
            words[row.run, row.batch] = (row.seq, row.at, ends)
    for place, (seq, at, what) in intents.items():
        if place not in words and record in what.get("records", ()):
            words[place] = (seq, at, [Outcome(record, "", "unknown")])
    for place, (__, at, ends) in sorted(words.items(), key=lambda item: item[1][0]):
        for outcome in ends:
            yield at, runs[place[0]], list(intents[place][2].get("values") or ()), outcome


def _event(at: str, run: Run, outcome: Outcome, change: Change) -> Event:
    before, after = (change.after, change.before) if run.kind == "undo" else (change.before, change.after)
    return Event(
        at=at,
        plan=run.plan,
        run=run.id,
        kind=run.kind,
        field=change.field,
        before=before,
        after=after,
        outcome=outcome.outcome,
        detail=outcome.detail,
        found=outcome.found,
        who=run.who,
        segmentation=change.segmentation,
        segment=change.segment,
    )


def _taken_back(event: Event) -> Event:
    return replace(event, undone=True) if event.outcome == "applied" and event.kind != "undo" else event
