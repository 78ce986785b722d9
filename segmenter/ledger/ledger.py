"""The ledger: plans, runs, outcomes and their hash chain in one database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from segmenter.i18n import _
from segmenter.ledger import approvals, events, locks, logbook, looks, outcomes, plans, runs, verification
from segmenter.ledger.decoding import damaged
from segmenter.ledger.outcomes import Words
from segmenter.ledger.records import (
    Applied,
    Approval,
    Author,
    Batch,
    ChainReport,
    Event,
    LogEntry,
    Look,
    Outcome,
    OutcomeSet,
    PlanRow,
    Run,
    RunKind,
    RunStatus,
    Who,
)
from segmenter.ledger.store import Store, open_store
from segmenter.plans.changes import Change, ChangeSet, Json, changes_by_record
from segmenter.plans.plan import Members, Plan
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet, union, windows

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
        self._sets: dict[int, tuple[ChangeSet, ...]] = {}

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

    def save_plan(
        self,
        plan: Plan,
        changes: Sequence[ChangeSet],
        names: Iterable[tuple[int, str]],
        members: Members | None = None,
        roster: Roster | None = None,
    ) -> Plan:
        """Store a plan; gives it with its id and digest. All or nothing.

        ``names``: the record and its name, for every record of the changes at least, in order of record. They may come
        from a server while they are taken: the ledger is not locked until they have come to their end.
        """
        return plans.save(self._store, plan, changes, names, members, roster)

    def plan(self, plan_id: str) -> Plan:
        """The head of a plan."""
        with self._store.reading() as connection:
            return plans.load(connection, plan_id, self.where)

    def plans(self) -> list[PlanRow]:
        """All plans in short, oldest first."""
        with self._store.reading() as connection:
            return plans.listed(connection)

    def change_sets(self, plan_id: str) -> tuple[ChangeSet, ...]:
        """The changes of a plan, in the order in which they were saved.

        They are proven to be what was saved, once for each opened ledger.
        """
        number = self._plan_number(plan_id)
        if number not in self._sets:
            with self._store.reading() as connection:
                if not plans.as_saved(connection, number):
                    raise damaged(_("plan {plan}").format(plan=f"P{number}"))
                self._sets[number] = plans.sets_of(connection, number)
        return self._sets[number]

    def names(self, plan_id: str, records: RecordSet | None = None) -> dict[int, str]:
        """Record -> its name when the plan was made, of ``records`` alone if given."""
        self.change_sets(plan_id)  # which proves the names too
        with self._store.reading() as connection:
            return plans.names_of(connection, plans.find(connection, plan_id, self.where), records)

    def members(self, plan_id: str) -> Members | None:
        """The records of a plan and of each of its segments; None of a plan that an older version saved."""
        self.change_sets(plan_id)  # which proves these too
        with self._store.reading() as connection:
            return plans.members_of(connection, plans.find(connection, plan_id, self.where))

    def roster(self, plan_id: str) -> Roster | None:
        """What every record of the scope held when the plan was made; None where that was not kept."""
        self.change_sets(plan_id)  # which proves the roster too
        with self._store.reading() as connection:
            return plans.roster_of(connection, plans.find(connection, plan_id, self.where))

    def changes(self, plan_id: str, *, records: Iterable[int] | None = None) -> Iterator[Change]:
        """The changes of a plan (of ``records`` alone, if given) record by record, in order of record, streamed."""
        return self._single(plan_id, self.change_sets(plan_id), None if records is None else _set_of(records))

    def _single(self, plan_id: str, sets: Sequence[ChangeSet], records: RecordSet | None) -> Iterator[Change]:
        all_records = union(ended.records for ended in sets)
        for window in windows(all_records if records is None else all_records & records):
            yield from changes_by_record(sets, self.names(plan_id, window), window)

    def plan_digest(self, plan_id: str) -> str:
        """The digest of a plan, computed anew from its changes as they lie in the ledger."""
        plan = self.plan(plan_id)
        with self._store.reading() as connection:
            return plans.digest_now(connection, plans.find(connection, plan_id, self.where), plan)

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

    def settle(self, run_id: str, seq: int, outcomes: Iterable[Outcome | OutcomeSet]) -> None:
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

    def outcome_sets(self, run_id: str) -> Iterator[OutcomeSet]:
        """The last word on every record of a run, batch by batch."""
        return (outcome for words in self._last_words(run_id) for outcome in words.sets)

    def config_outcomes(self, run_id: str) -> Iterator[Outcome]:
        """The last word on every configuration change of a run; ``record`` is its ref."""
        return (outcome for words in self._last_words(run_id) for outcome in words.config)

    def outcomes(self, run_id: str) -> Iterator[Outcome]:
        """Both of these, one by one."""
        return (outcome for words in self._last_words(run_id) for outcome in words.single())

    def _last_words(self, run_id: str) -> list[Words]:
        with self._store.reading() as connection:
            run = runs.find(connection, run_id, self.where)
            return [words for _batch, words in outcomes.last_words(connection, run)]

    def applied(self, root: str) -> Applied:
        """What the family of ``root`` wrote and has not undone, records of the CRM alone."""
        with self._store.reading() as connection:
            return outcomes.applied(connection, runs.family(connection, self.where, root))

    def created(self, root: str) -> dict[int, int]:
        """Configuration that the family of ``root`` created and has not undone: ref -> the server's id."""
        with self._store.reading() as connection:
            return outcomes.config_ids(connection, runs.family(connection, self.where, root), ours=True)

    def config_ids(self, root: str) -> dict[int, int]:
        """What each ref of the plan stands for on the server by now, whoever created it: ref -> id."""
        with self._store.reading() as connection:
            return outcomes.config_ids(connection, runs.family(connection, self.where, root), ours=False)

    # The engagement: sign-offs and the log of the sessions

    def approve(self, plan_id: str, by: str, evidence: str, who: Author) -> Approval:
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
            return [approval for approval in approvals.listed(connection) if plan in (None, approval.plan)]

    def add_to_log(self, entry: LogEntry) -> LogEntry:
        """Keep one entry of an engagement's log; gives it with its id."""
        with self._store.writing() as connection:
            return logbook.add(connection, self.where, entry)

    def log(self) -> list[LogEntry]:
        """The whole log, every client's, in the order it was written."""
        with self._store.reading() as connection:
            return logbook.listed(connection)

    def note_look(self, look: Look) -> Look:
        """Keep what a look for drift found; gives it with its moment."""
        with self._store.writing() as connection:
            return looks.add(connection, look)

    def looks(self) -> list[Look]:
        """What the looks for drift found, oldest first."""
        with self._store.reading() as connection:
            return looks.listed(connection)

    # Audit

    def history(self, model: str, record: int, *, database: str, url: str | None = None) -> list[Event]:
        """Everything ever done to one record of a database (at ``url``, should two share its name), oldest first."""
        here = [
            saved.id
            for saved in self.plans()
            if saved.model == model and saved.database == database and url in (None, saved.url)
        ]
        planned = {plan: changes for plan in here if (changes := list(self.changes(plan, records=[record])))}
        with self._store.reading() as connection:
            return events.history(connection, planned, record)

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


def _set_of(records: Iterable[int]) -> RecordSet:
    """As a set; numbers that no record can have are left out."""
    return (
        records if isinstance(records, RecordSet) else RecordSet([record for record in records if 0 < record < 2**32])
    )
