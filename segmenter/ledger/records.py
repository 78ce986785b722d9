"""What the ledger gives and takes, as frozen dataclasses. Times are UTC, ISO 8601 text. Ids are ``P1``, ``R1``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from segmenter.planning.model import Change, Json, Plan

RunKind = Literal["apply", "resume", "undo"]
RunStatus = Literal["done", "conflicts", "partly", "interrupted"]
SessionKind = Literal["definition", "review", "work"]
LogKind = SessionKind | Literal["information", "request", "answer", "delivery", "out-of-scope", "close"]
OutcomeKind = Literal["applied", "already", "conflict", "overwritten", "missing", "refused", "failed", "unknown"]

ENDED: tuple[RunStatus, ...] = ("done", "conflicts")
"""How runs end of which nothing is left to try."""
WRITTEN: tuple[OutcomeKind, ...] = ("applied", "already")
"""Outcomes of what is as the run wants it."""
TO_RETRY: tuple[OutcomeKind, ...] = ("failed", "refused", "unknown")
"""Outcomes that a resume tries again; the others are final."""


class Draft(Protocol):
    """A plan in the making: its changes as a stream in order of record, then, once read to the end, its head."""

    def __iter__(self) -> Iterator[Change]:
        """The changes, in ascending order of ``record``."""

    def plan(self) -> Plan:
        """The finished head with ``id == ""``; called after the iteration."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who ran it: the person's account on which machine, as which work user of Odoo, with which tool."""

    os_user: str
    host: str
    work_user: str
    uid: int
    tool_version: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the list of plans. ``records`` and ``changes`` as the plan's tally counts them."""

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


@dataclass(frozen=True, slots=True)
class Override:
    """A limit that someone set aside, and why."""

    limit: str
    reason: str
    at: str


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
class Batch:
    """A batch whose end is not known: never settled, or settled with some outcome ``unknown``.

    ``what`` is the intent: ``kind`` ("config" or "records"), ``records`` (ids or refs), ``values`` (field -> value).
    ``unknown``: the records in question, all of them when it was never settled.
    """

    run: str
    seq: int
    at: str
    what: Mapping[str, Json]
    unknown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a family of runs wrote and has not undone.

    ``by_field``: field -> ids; under "" those of which a batch said no more than the record. ``back``: field -> ids
    that an undo took back one field at a time. ``altered``: field -> id -> what the server held after our write,
    where that was something else than we wrote.
    """

    by_field: Mapping[str, AbstractSet[int]]
    back: Mapping[str, AbstractSet[int]]
    altered: Mapping[str, Mapping[int, Json]] = field(default_factory=dict)

    def has(self, record: int, field: str) -> bool:
        """Whether this field of this record stands as we wrote it."""
        whole = record in self.by_field.get("", ()) and record not in self.back.get(field, ())
        return whole or record in self.by_field.get(field, ())

    @property
    def records(self) -> set[int]:
        """Ids of the records that may hold a field of ours."""
        return set().union(*self.by_field.values(), *self.altered.values())


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
class Scribe:
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
    who: Scribe


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of an engagement's log. ``id`` (``L1``) and ``saved_at`` are the ledger's.

    ``at``: when it was, on the client's clock (``timezone``): ``2026-11-24`` or ``2026-11-24T15:30-03:00``.
    ``client``: whose engagement, "" where the ledger knew no client yet. ``minutes``: of a joint session.
    ``replaces``: the entry that this one stands for, "" for none.
    """

    kind: LogKind
    at: str
    activity: str
    result: str
    minutes: int | None
    client: str
    timezone: str
    who: Scribe
    replaces: str = ""
    id: str = ""
    saved_at: str = ""
    replaced_by: str = ""

    @property
    def day(self) -> date:
        """The client's day on which it was."""
        return date.fromisoformat(self.at[:10])


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the ledger still says what was written. ``broken_at``: the first entry that does not hold, if known."""

    ok: bool
    entries: int
    head: str
    broken_at: int | None
    sentence: str
