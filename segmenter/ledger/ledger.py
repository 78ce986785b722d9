"""The ledger: plans, runs, outcomes and their hash chain in one database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from segmenter.i18n import _
from segmenter.ledger import approvals, events, locks, logbook, plans, runs, verification
from segmenter.ledger.decoding import damaged
from segmenter.ledger.records import (
    Applied,
    Approval,
    Batch,
    ChainReport,
    Draft,
    Event,
    LogEntry,
    Outcome,
    PlanRow,
    Run,
    RunKind,
    RunStatus,
    Scribe,
    Who,
)
from segmenter.ledger.store import Store, open_store
from segmenter.planning.model import Change, Json, Plan

PATIENCE = 10.0
"""Seconds to wait for another program that is writing."""


def open_ledger(where: str | Path, *, create: bool = True, patience: float = PATIENCE) -> Ledger:
    """Open the ledger at ``where``: the path of a SQLite file, or a ``postgresql://`` URL.

    With ``create`` False it must be there already. Raises `LedgerError` for whatever stands against it.
    """
    return Ledger(open_store(where, create=create, patience=patience))


def read_ledger(where: str | Path, *, patience: float = PATIENCE) -> Ledger:
    """Open a ledger that is there, to read it: also one in a folder, or on a medium, where nothing can be written."""
    return Ledger(open_store(where, create=False, patience=patience, read=True))


class Ledger:
    """A context manager over one opened ledger; threads may share it. Every failure is a `LedgerError`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._proven: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self._store.close()

    @property
    def where(self) -> str:
        """Its file or URL, without a password."""
        return self._store.where

    # Plans

    def save_plan(self, draft: Draft) -> Plan:
        """Store the changes of ``draft`` as they stream, then its head; gives the plan with its id. All or nothing."""
        return plans.save(self._store, draft)

    def plan(self, plan_id: str) -> Plan:
        """The head of a plan."""
        with self._store.reading() as connection:
            return plans.load(connection, plan_id, self.where)

    def plans(self) -> list[PlanRow]:
        """All plans in short, oldest first."""
        with self._store.reading() as connection:
            return plans.listed(connection)

    def changes(self, plan_id: str, *, records: Sequence[int] | None = None) -> Iterator[Change]:
        """The changes of a plan (of ``records`` alone, if given) in order of record, streamed.

        All of them are proven to be what was saved before the first is given, once for each opened ledger.
        """
        number = self._plan_number(plan_id)
        if records is None and number not in self._proven:
            with self._store.reading() as connection:
                if not plans.as_saved(connection, number):
                    raise damaged(_("plan {plan}").format(plan=f"P{number}"))
            self._proven.add(number)
        return plans.read_changes(self._store.reading, number, records)

    def plan_digest(self, plan_id: str) -> str:
        """The digest of a plan, computed anew from its rows."""
        plan = self.plan(plan_id)
        return plans.fingerprint(self._store.reading, self._plan_number(plan_id), plan)[2]

    # Runs

    def start_run(self, kind: RunKind, plan_id: str, who: Who, root: str | None = None, note: str = "") -> Run:
        """Open a run. ``root``: any run of the family that it belongs to (resume, undo)."""
        with self._store.writing() as connection:
            return runs.start(connection, self.where, kind, plan_id, who, root, note)

    def record_override(self, run_id: str, limit: str, reason: str) -> None:
        """Keep that a limit was set aside for a run, and why."""
        with self._store.writing() as connection:
            runs.override(connection, self.where, run_id, limit, reason)

    def intend(self, run_id: str, seq: int, what: Mapping[str, Json]) -> None:
        """Commit what batch ``seq`` is about to do: ``kind`` ("config"/"records"), ``records``, ``values`` by field."""
        with self._store.writing() as connection:
            runs.intend(connection, run_id, seq, what)

    def settle(self, run_id: str, seq: int, outcomes: Sequence[Outcome]) -> None:
        """Commit what became of a batch. Settling it again, after reading back, supersedes the earlier word."""
        with self._store.writing() as connection:
            runs.settle(connection, run_id, seq, outcomes)

    def finish_run(self, run_id: str, status: RunStatus, summary: Mapping[str, Json]) -> None:
        """Close a run."""
        with self._store.writing() as connection:
            runs.finish(connection, self.where, run_id, status, summary)

    def run(self, run_id: str) -> Run:
        """One run."""
        with self._store.reading() as connection:
            return runs.one(connection, run_id, self.where)

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with self._store.reading() as connection:
            return runs.listed(connection)

    def unsettled(self, run_id: str) -> list[Batch]:
        """Batches that were intended and never settled, or whose last word is ``unknown`` for some record."""
        with self._store.reading() as connection:
            return runs.unsettled(connection, run_id)

    def outcomes(self, run_id: str) -> Iterator[Outcome]:
        """The last word on every record of a run, batch by batch."""
        with self._store.reading() as connection:
            number = runs.find(connection, run_id, self.where)
        return (one for __, words in runs.last_words(self._store.reading, number) for one in words)

    def applied(self, root: str) -> Applied:
        """What the family of ``root`` wrote and has not undone, records of the CRM alone."""
        with self._store.reading() as connection:
            return runs.applied(connection, self.where, root)

    def created(self, root: str) -> dict[int, int]:
        """Configuration that the family of ``root`` created and has not undone: ref -> the server's id."""
        with self._store.reading() as connection:
            return runs.config_ids(connection, self.where, root, ours=True)

    def config_ids(self, root: str) -> dict[int, int]:
        """What each ref of the plan stands for on the server by now, whoever created it: ref -> id."""
        with self._store.reading() as connection:
            return runs.config_ids(connection, self.where, root, ours=False)

    # The engagement: sign-offs and the log of the sessions

    def approve(self, plan_id: str, by: str, evidence: str, who: Scribe) -> Approval:
        """Record that ``by`` signed off this plan as it stands, and where that can be read.

        Raises `LedgerError` for a plan that was altered since it was saved, `LimitsExceeded` for one that can never
        be applied and for a person whom the spec does not name.
        """
        with self._store.writing() as connection:
            return approvals.approve(connection, self.where, plan_id, by, evidence, who)

    def approvals(self, plan_id: str | None = None) -> list[Approval]:
        """All approvals, or those of one plan, oldest first."""
        with self._store.reading() as connection:
            plan = plans.load(connection, plan_id, self.where).id if plan_id else None
            return [one for one in approvals.listed(connection) if plan in (None, one.plan)]

    def add_to_log(self, entry: LogEntry) -> LogEntry:
        """Keep one entry of an engagement's log; gives it with its id."""
        with self._store.writing() as connection:
            return logbook.add(connection, self.where, entry)

    def log(self) -> list[LogEntry]:
        """The whole log, every client's, in the order it was written."""
        with self._store.reading() as connection:
            return logbook.listed(connection)

    # Audit

    def history(self, model: str, record: int, *, database: str, url: str | None = None) -> list[Event]:
        """Everything ever done to one record of a database (at ``url``, should two share its name), oldest first."""
        with self._store.reading() as connection:
            return events.history(connection, model, record, database, url)

    def verify_chain(self, kept: str | None = None) -> ChainReport:
        """Recompute every hash. ``kept``: a head noted down earlier; without one, a cut-off end cannot be seen."""
        with self._store.reading() as connection:
            return verification.verify(connection, kept)

    def lock(self, server_key: str) -> AbstractContextManager[None]:
        """Hold off other applies to one database through this ledger; raises `LedgerError` naming who holds it."""
        return locks.hold(self._store, server_key)

    def _plan_number(self, plan_id: str) -> int:
        with self._store.reading() as connection:
            return plans.find(connection, plan_id, self.where)
