"""What apply, resume and undo have in common: one run over a plan's changes, forwards or backwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from segmenter.behaviours.together import is_sure
from segmenter.errors import BrokeOff, LedgerError, LedgerFull, SegmenterError, StalePlan
from segmenter.execution.batches import BatchWriter, Connection
from segmenter.execution.cells import Cell, PendingSets, cells_of, portions, written
from segmenter.execution.comparer import Comparer
from segmenter.execution.configuration import Configurator
from segmenter.execution.family import InFlight, family
from segmenter.execution.handed_on import HandedOn, in_turns
from segmenter.execution.journal import Journal, Progress
from segmenter.execution.later import Explain, by_people
from segmenter.execution.meanwhile import PAUSE, Moments
from segmenter.execution.rules import Rules
from segmenter.execution.silence import why_silent
from segmenter.i18n import _, together
from segmenter.ledger import TO_RETRY, WRITTEN, Ledger, Left, Outcome, Run, RunReport
from segmenter.ledger.records import RunStatus
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.plans.changes import Change, ChangeSet, ConfigChange, Json, changes_by_record
from segmenter.plans.digest import canonical
from segmenter.plans.plan import Plan
from segmenter.portfolio.names import names_met
from segmenter.record_set import RecordSet, union

CONNECTIONS = 2
"""Measured: one leaves the server idle while the client thinks; more than two gain nothing on a small server."""
BATCH_SIZE = 2000
"""Records in one call. Measured: from 1,000 to 5,000 cost much the same; see benchmarks/README.md."""
NOTED_AT_ONCE = 200
"""The same where changes are noted in the chatter: that costs much the same whatever the batch (measured), and takes
so long that people would meet a larger one."""

FEW = 50
"""Records in a call that shares a batch with others."""
CALLS_AT_ONCE = 50
"""Calls of such a batch: about a second. Measured on 19, 1,000 leads in as many calls: see benchmarks/README.md."""

Connect = Callable[[], Server]
"""Logs in; called once, when all that can be known beforehand allows it."""


@dataclass(frozen=True)
class Pace:
    """How a run goes: over how many connections, how much at once, whom it tells, and what stops it.

    ``look_every``: seconds between two looks at what people change while a batch is being written, for a batch of few
    records (`meanwhile`); None: no looks.
    """

    connections: int = CONNECTIONS
    batch_size: int = BATCH_SIZE
    progress: Callable[[Progress], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    look_every: float | None = PAUSE


def batches_of(pending: PendingSets, size: int = BATCH_SIZE, *, noted: bool) -> list[list[list[Cell]]]:
    """The calls of each batch, and the cells that each call serves; at most ``size`` records in a batch.

    ``noted``: changes are noted in the chatter.
    """
    groups: dict[str, list[Cell]] = {}
    for cell in cells_of(pending):
        key = canonical([[change.field, *written(change)] for change in cell.changes if is_sure(change)])
        groups.setdefault(key, []).append(cell)
    most = min(size, NOTED_AT_ONCE) if noted else size
    return list(_packed((call for cells in groups.values() for call in portions(cells, most)), most))


def _packed(calls: Iterable[list[Cell]], most: int) -> Iterator[list[list[Cell]]]:
    """Calls for few records, several in a batch: they are compared and read back together."""
    batch, room = list[list[Cell]](), most
    for call in calls:
        records = sum(len(cell.records) for cell in call)
        if records > FEW:
            yield [call]
            continue
        if records > room or len(batch) == CALLS_AT_ONCE:
            yield batch
            batch, room = [], most
        batch.append(call)
        room -= records
    if batch:
        yield batch


class Execution:
    """One run being carried out. Built under the ledger's lock; `reporting` ends it, unless the ledger is broken."""

    def __init__(self, ledger: Ledger, plan: Plan, run: Run, server: Server, pace: Pace, *, backwards: bool) -> None:
        self.ledger, self.plan, self.run, self.pace, self.backwards = ledger, plan, run, pace, backwards
        self._server = server
        self.silenced = ""
        self.connection = self._connection()
        self.in_flight = InFlight.of(ledger, [one for one in family(ledger, run.root) if one.id != run.id])
        self.refs = dict(ledger.config_ids(run.root))
        self.configurator = Configurator(self.connection.reader, self.connection.writer, self.refs)
        self.journal = Journal(ledger, run.id, 0, pace.progress)
        self.config_done: list[ConfigChange] = []
        self.config_left: list[Left] = []
        self.kept: list[ConfigChange] = []
        self.names: dict[str, str] = {}
        self._started = time.monotonic()

    def _connection(self) -> Connection:
        language, timezone = self.plan.identity.language, self.plan.identity.timezone
        tracking = "silent" if self.silenced else self.plan.rules.tracking
        return Connection(
            OdooReader(self._server, language=language, timezone=timezone),
            OdooWriter(self._server, language=language, timezone=timezone, tracking=tracking),
        )

    @cached_property
    def rules(self) -> Rules:
        """What values mean, once the configuration is there. Raises `StalePlan` where an apply misses a field."""
        fields = self.connection.reader.fields(self.plan.identity.model)
        if not self.backwards and (gone := sorted(set(self.plan.names.field_types) - set(fields))):
            raise StalePlan(
                _("Odoo has no field {names} any more").format(names=", ".join(gone)),
                todo=_("undo what this run wrote, and make a new plan"),
            )
        return Rules.of(self.plan, self.connection.reader, self.refs)

    def configure(self, change: ConfigChange, act: Callable[..., Outcome]) -> None:
        """One configuration change, journalled like a batch; ``act`` says when it is about to write."""
        seqs: list[int] = []
        outcome = act(change, intend=lambda what: seqs.append(self.journal.intend_config(what)))
        if not seqs:
            seqs.append(self.journal.intend_config({"kind": "config", "records": [change.ref], "values": {}}))
        self.ledger.settle(self.run.id, seqs[0], [outcome])
        if outcome.outcome in WRITTEN:
            self.config_done.append(change)
        else:
            left = Left(change.ref, change.name, "", outcome.outcome, None, None, outcome.detail)
            self.config_left.append(left)

    def write(self, pending: PendingSets, explain: Explain = by_people) -> None:
        """Bring the records to where they are to be, in batches of identical values.

        ``explain``: says whose it is where something else is found.
        """
        records = union(some for some, _change in pending)
        if not records:
            return
        if self.run.kind != "apply":  # which has asked before it began
            self._fall_silent(pending)
        turns = [self._batches(turn) for turn in (in_turns(pending) if self.backwards else [pending])]
        self.journal.total = len(records)
        comparer = Comparer(
            self.plan.identity.model,
            replace(self.rules, handed_on=self._handed_on()) if self.backwards else self.rules,
            self.journal,
            self.in_flight.records,
            by_field=self.backwards,
            explain=explain,
            altered=self.ledger.applied(self.run.root).altered if self.run.kind == "resume" else {},
        )
        moments = Moments(comparer.model, records)
        writer = BatchWriter(comparer, moments, self.pace.stop, noted=self._noted, look_every=self.pace.look_every)
        more = min(self.pace.connections, max(map(len, turns))) - 1
        connections = [self.connection, *(self._connection() for _more in range(more))]
        for batches in turns:
            writer.write_all(batches, connections[: max(len(batches), 1)])
        met = ((one.field, value) for one in self.journal.left for value in (one.expected, one.found))
        self.names = names_met(met, self.plan, self.rules.fields, self.connection.reader)

    def _handed_on(self) -> HandedOn:
        """Of the whole plan: an undo that broke off has handed on as well."""
        changes = (one for one in self.ledger.change_sets(self.plan.id) if one.field in self.rules.fields)
        return HandedOn.of([(one.records, self.rules.pending(one, backwards=True)) for one in changes])

    @property
    def _noted(self) -> bool:
        """Whether changes are noted in the chatter."""
        return self.plan.rules.tracking == "keep" and not self.silenced

    def _fall_silent(self, pending: PendingSets) -> None:
        """Write in silence where the trace would mail somebody whom nobody chose to mail."""

        def changes() -> Iterator[Change]:
            sets = [ChangeSet(some, one.field, one.before, one.after, "", "") for some, one in pending]
            return changes_by_record(sets, {})

        self.silenced = why_silent(self.plan, changes, self.connection.reader)
        if self.silenced:
            self.connection = self._connection()

    def _batches(self, pending: PendingSets) -> list[list[Cell]]:
        calls = batches_of(pending, self.pace.batch_size, noted=self._noted)
        return [[cell for call in batch for cell in call] for batch in calls]

    @contextmanager
    def reporting(self) -> Iterator[Callable[[], RunReport]]:
        """Ends the run with what came of the work inside, which the function given tells afterwards.

        An error of the server or the wire is told in the report; one of the ledger is raised as `BrokeOff`, since there
        is nowhere left to write it.
        """
        error, reports = "", list[RunReport]()
        try:
            try:
                yield reports.pop
            except LedgerError:
                raise
            except SegmenterError as failure:
                error = (
                    together("{what}; {todo}", what=failure.what, todo=failure.todo) if failure.todo else failure.what
                )
            except KeyboardInterrupt:
                self.pace.stop.set()
            reports.append(self._finish(error))
        except LedgerError as failure:
            raise _broke_off(self.run.id, failure, self.ledger.where) from failure

    def _finish(self, error: str) -> RunReport:
        counts = self.journal.counts
        left = (*self.config_left, *named(self.journal.left, self.plan, self.ledger))
        status: RunStatus = "done"
        if error or any(one.outcome in TO_RETRY for one in left):
            status = "partly"
        elif self.pace.stop.is_set():
            status = "interrupted"
        elif left:
            status = "conflicts"
        summary: dict[str, Json] = {
            "counts": dict(counts),
            "config": [one.ref for one in self.config_done],
            "kept": [one.ref for one in self.kept],
            "error": error,
            "names": self.names,
            "silenced": self.silenced,
        }
        self.ledger.finish_run(self.run.id, status, summary)
        seconds = time.monotonic() - self._started
        return RunReport(
            self.ledger.run(self.run.id), counts, left, tuple(self.config_done), seconds, tuple(self.kept), error
        )


def _broke_off(run: str, failure: LedgerError, where: str) -> BrokeOff:
    """What came before is journalled, and a batch without its outcome is read by the resume."""
    if isinstance(failure, LedgerFull):
        return BrokeOff(
            _("{run} broke off: there is no space left to write the ledger {where}").format(run=run, where=where),
            todo=_("free some space on its disk and in the temporary folder, and go on: segmenter resume {run}").format(
                run=run
            ),
        )
    return BrokeOff(
        _("{run} broke off: {why}").format(run=run, why=failure.what),
        todo=_("when the ledger works again, go on: segmenter resume {run}").format(run=run),
    )


def named(left: Iterable[Left], plan: Plan, ledger: Ledger) -> list[Left]:
    """What is left, with the names of the records, in order of record."""
    left = sorted(left, key=lambda one: one.record)
    records = RecordSet(one.record for one in left if one.record >= 0)
    names = ledger.names(plan.id, records) if records else {}
    return [replace(one, name=names.get(one.record, one.name)) for one in left]
