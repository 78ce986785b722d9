"""What the ledger gives and takes, as frozen dataclasses. Times are UTC, ISO 8601 text. Ids are ``P1``, ``R1``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union

RunKind = Literal["apply", "resume", "undo"]
RunStatus = Literal["done", "conflicts", "partly", "interrupted"]
SessionKind = Literal["definition", "review", "work"]
LogKind = SessionKind | Literal["access", "information", "request", "answer", "delivery", "out-of-scope", "close"]
OutcomeKind = Literal["applied", "already", "conflict", "overwritten", "missing", "refused", "failed", "unknown"]

ENDED: tuple[RunStatus, ...] = ("done", "conflicts")
"""How runs end of which nothing is left to try."""
WRITTEN: tuple[OutcomeKind, ...] = ("applied", "already")
"""Outcomes of what is as the run wants it."""
TO_RETRY: tuple[OutcomeKind, ...] = ("failed", "refused", "unknown")
"""Outcomes that a resume tries again; the others are final."""


IMPORT = "import"
"""In place of a work user: people, who import a file themselves."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who ran it: the person's account on which machine, as which work user of Odoo (or `IMPORT`), with which tool."""

    os_user: str
    host: str
    work_user: str
    uid: int
    tool_version: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the list of plans. ``records`` and ``changes`` as the plan's tally counts them; ``importable`` as in
    a `PlanIdentity`."""

    id: str
    saved_at: str
    made_at: str
    model: str
    url: str
    database: str
    spec_name: str
    spec_digest: str
    source: str
    records: int
    changes: int
    digest: str
    importable: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """A limit that someone set aside, and why."""

    limit: str
    reason: str
    at: str


BY_ADMIN = "by-admin"
"""The note of an undo in which an administrator deleted what the work user may not delete."""


@dataclass(frozen=True, slots=True)
class Run:
    """One apply, resume or undo. ``root``: the first run of its family. ``status`` None: it never came to its end."""

    id: str
    kind: RunKind
    plan: str
    root: str
    who: Who
    note: str
    started_at: str
    finished_at: str | None = None
    status: RunStatus | None = None
    summary: Mapping[str, Json] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether people are to import it, and no export has told yet what came of it."""
        return self.status is None and self.who.work_user == IMPORT

    @property
    def by_admin(self) -> bool:
        """Whether an administrator deleted what an undo had left behind; it touched no record of the CRM."""
        return self.kind == "undo" and self.note == BY_ADMIN


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record of a batch, or of one field of it.

    ``record``: an id, or the negative ``ref`` of a configuration change. ``field`` "" stands for every field that the
    batch writes (in an undo: for the whole record). ``applied`` is ours, ``already`` was so before us, ``overwritten``
    is what an undo leaves to a later run of ours. ``found``: the
    value met instead of the expected one; for a configuration change that was created or already there, its id.
    """

    record: int
    field: str
    outcome: OutcomeKind
    detail: str = ""
    found: Json = None


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    """What became of a set of records, or of one field of them: as `Outcome`, which is one record of it."""

    records: RecordSet
    field: str
    outcome: OutcomeKind
    detail: str = ""
    found: Json = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch whose end is not known: never settled, or settled with some outcome ``unknown``.

    ``what`` is the intent: ``kind`` ("config" or "records"), ``records`` (ids or refs), ``values`` (field -> value).
    ``records``: the records in question, all of them when it was never settled; ``refs``: of a configuration change.
    """

    run: str
    seq: int
    at: str
    what: Mapping[str, Json]
    records: RecordSet = field(default_factory=RecordSet)
    refs: tuple[int, ...] = ()

    @property
    def unknown(self) -> tuple[int, ...]:
        """The records or refs in question, one by one."""
        return (*self.refs, *self.records)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a family of runs wrote and has not undone.

    ``by_field``: field -> ids; under "" those of which a batch said no more than the record. ``back``: field -> ids
    that an undo took back one field at a time. ``altered``: field -> id -> what the server held after our write,
    where that was something else than we wrote.
    """

    by_field: Mapping[str, RecordSet]
    back: Mapping[str, RecordSet]
    altered: Mapping[str, Mapping[int, Json]] = field(default_factory=dict)

    def has(self, record: int, field: str) -> bool:
        """Whether this field of this record stands as we wrote it."""
        whole = record in self.by_field.get("", ()) and record not in self.back.get(field, ())
        return whole or record in self.by_field.get(field, ())

    @property
    def records(self) -> RecordSet:
        """The records that may hold a field of ours."""
        return union((*self.by_field.values(), *(RecordSet(values) for values in self.altered.values())))

    def records_of(self, field: str) -> RecordSet:
        """The records of which this field stands as we wrote it."""
        none = RecordSet()
        whole = self.by_field.get("", none) - self.back.get(field, none)
        return whole | self.by_field.get(field, none)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done, or tried, on one field of one record. ``undone``: a later run took it back."""

    at: str
    plan: str
    run: str
    kind: RunKind
    field: str
    before: Json
    after: Json
    outcome: OutcomeKind
    detail: str
    found: Json
    who: Who
    segmentation: str
    segment: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something into the ledger without a connection to Odoo: account, machine, tool."""

    os_user: str
    host: str
    tool_version: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The sign-off of one plan's digest. ``by``: whom it came from; ``evidence``: where that can be read."""

    plan: str
    digest: str
    by: str
    evidence: str
    at: str
    who: Author


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of an engagement's log. ``id`` (``L1``) and ``saved_at`` are the ledger's.

    ``at``: when it was, on the client's clock (``timezone``): ``2026-11-24`` or ``2026-11-24T15:30-03:00``.
    ``client``: whose engagement, "" where the ledger knew no client yet. ``minutes``: of a joint session.
    ``until``: of an access that was given, the day on which its key ends: ``2027-02-22``, "" where nobody said.
    ``replaces``: the entry that this one stands for, "" for none.
    ``edits``: what a session on the meeting page changed in the spec: ``at`` (UTC), ``path``, ``names`` along it,
    ``before`` and ``after``.
    """

    kind: LogKind
    at: str
    activity: str
    result: str
    minutes: int | None
    client: str
    timezone: str
    who: Author
    replaces: str = ""
    id: str = ""
    saved_at: str = ""
    replaced_by: str = ""
    edits: tuple[Mapping[str, Json], ...] = ()
    until: str = ""

    @property
    def day(self) -> date:
        """The client's day on which it was."""
        return date.fromisoformat(self.at[:10])


@dataclass(frozen=True, slots=True)
class Look:
    """A look for drift: how many ``records`` of the ``scope`` were out of place. ``at`` is the ledger's."""

    client: str
    records: int
    scope: int
    who: Author
    at: str = ""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the ledger still says what was written. ``broken_at``: the first entry that does not hold, if known."""

    ok: bool
    entries: int
    head: str
    broken_at: int | None
    sentence: str
