"""What apply, resume and undo have in common: one run over a plan's changes, forwards or backwards."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from segmenter.errors import BrokeOff, LedgerError, LedgerFull, SegmenterError, StalePlan
from segmenter.execution.configuration import Configurator
from segmenter.execution.later import Explain, by_people
from segmenter.execution.meanwhile import PAUSE
from segmenter.execution.progress import Progress
from segmenter.execution.runner import Journal, Line, RecordRunner
from segmenter.execution.silence import why_silent
from segmenter.execution.steps import Step, Terms, steps
from segmenter.i18n import _
from segmenter.ledger import TO_RETRY, WRITTEN, Applied, Ledger, Left, Outcome, Run, RunReport
from segmenter.ledger.records import RunStatus
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.planning.model import Change, ConfigChange, Json, Plan
from segmenter.planning.together import is_sure
from segmenter.planning.value_names import names_met

CONNECTIONS = 2
"""Measured: one leaves the server idle while the client thinks; more than two gain nothing on a small server."""
BATCH_SIZE = 2000
"""Records in one call. Measured: from 1,000 to 5,000 cost much the same; see benchmarks/README.md."""
NOTED_AT_ONCE = 200
"""The same where changes are noted in the chatter: that costs much the same whatever the batch (measured), and takes
so long that people would meet a larger one."""


@dataclass(frozen=True)
class Pace:
    """How a run goes: over how many connections, how much at once, whom it tells, and what stops it.

    ``look_every``: seconds between two looks at what people change while a batch is being written; None: no looks.
    """

    connections: int = CONNECTIONS
    batch_size: int = BATCH_SIZE
    progress: Callable[[Progress], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    look_every: float | None = PAUSE


@dataclass(frozen=True)
class InFlight:
    """What earlier runs of a family may have written without anybody knowing. ``decided``: records of which a later
    run said what it found."""

    records: frozenset[int]
    refs: frozenset[int]
    decided: frozenset[int] = frozenset()

    @classmethod
    def of(cls, ledger: Ledger, runs: Sequence[Run]) -> InFlight:
        """What they were about to do, and no later one of them ever said how it ended."""
        records: set[int] = set()
        refs: set[int] = set()
        for run in runs:
            if records or refs:
                decided = {one.record for one in ledger.outcomes(run.id) if not _doubtful(one)}
                records -= decided
                refs -= decided
            for batch in ledger.unsettled(run.id):
                (refs if batch.what["kind"] == "config" else records).update(batch.unknown)
            records |= {one.record for one in ledger.outcomes(run.id) if _doubtful(one) and one.record >= 0}
        return cls(frozenset(records), frozenset(refs))

    @classmethod
    def ever(cls, ledger: Ledger, runs: Sequence[Run]) -> InFlight:
        """The same, and every record that any of them may have written, whatever a later one said of it: an undo looks
        at them all."""
        last = cls.of(ledger, runs)
        each = (cls.of(ledger, [run]).records for run in runs)
        return replace(last, decided=frozenset().union(*each) - last.records)


def _doubtful(outcome: Outcome) -> bool:
    """Whether a record may have been written all the same. Ledgers of earlier versions hold `failed` for answers that
    prove nothing: a status of something in between, say."""
    return outcome.outcome == "unknown" or (outcome.outcome == "failed" and not outcome.field)


def family(ledger: Ledger, root: str) -> list[Run]:
    """An apply with its resumes and undos, oldest first."""
    return [run for run in ledger.runs() if run.root == root]


def check_server(plan: Plan, server: Server) -> None:
    """The plan must be of this database: ids mean nothing in another. Raises `StalePlan`."""
    if plan.source == "export":
        raise StalePlan(
            _("{plan} was made from an export and cannot be applied").format(plan=plan.id),
            todo=_("plan against the server: segmenter plan SPEC"),
        )
    here = server.identity
    if (plan.server["url"].rstrip("/"), plan.server["database"]) != (here.url.rstrip("/"), here.database):
        raise StalePlan(
            _("{plan} is of the database {theirs} at {their_url}, not of {ours} at {our_url}").format(
                plan=plan.id,
                theirs=plan.server["database"],
                their_url=plan.server["url"],
                ours=here.database,
                our_url=here.url,
            ),
            todo=_("make a plan against this database"),
        )


class Execution:
    """One run being carried out. Built under the ledger's lock; `finish` ends it in every case but a broken ledger."""

    def __init__(self, ledger: Ledger, plan: Plan, run: Run, server: Server, pace: Pace, *, backwards: bool) -> None:
        self.ledger, self.plan, self.run, self.pace, self.backwards = ledger, plan, run, pace, backwards
        self._server = server
        self.silenced = ""
        self.line = self._line()
        self.in_flight = InFlight.of(ledger, [one for one in family(ledger, run.root) if one.id != run.id])
        self.refs = dict(ledger.config_ids(run.root))
        self.configurator = Configurator(self.line.reader, self.line.writer, self.refs)
        self.journal = Journal(ledger, run.id, 0, pace.progress)
        self.config_done: list[ConfigChange] = []
        self.config_left: list[Left] = []
        self.kept: list[ConfigChange] = []
        self.names: dict[str, str] = {}
        self._started = time.monotonic()

    def _line(self) -> Line:
        language, timezone = self.plan.language, self.plan.timezone
        tracking = "silent" if self.silenced else self.plan.tracking
        return Line(
            OdooReader(self._server, language=language, timezone=timezone),
            OdooWriter(self._server, language=language, timezone=timezone, tracking=tracking),
        )

    def config(self, change: ConfigChange, act: Callable[..., Outcome]) -> None:
        """One configuration change, journalled like a batch; ``act`` says when it is about to write."""
        seqs: list[int] = []
        outcome = act(change, intend=lambda what: seqs.append(self.journal.intend(what)))
        if not seqs:
            seqs.append(self.journal.intend({"kind": "config", "records": [change.ref], "values": {}}))
        self.ledger.settle(self.run.id, seqs[0], [outcome])
        if outcome.outcome in WRITTEN:
            self.config_done.append(change)
        else:
            left = Left(change.ref, change.name, "", outcome.outcome, None, None, outcome.detail)
            self.config_left.append(left)

    def records(self, keep: Callable[[Step], Step | None], explain: Explain = by_people) -> None:
        """All records that ``keep`` keeps (of a step, perhaps only some changes), in batches of identical values.

        ``explain``: says whose it is where something else is found.
        """
        fields = self.line.reader.fields(self.plan.model)
        if not self.backwards and (gone := sorted(set(self.plan.field_types) - set(fields))):
            raise StalePlan(
                _("Odoo has no field {names} any more").format(names=", ".join(gone)),
                todo=_("undo what this run wrote, and make a new plan"),
            )
        terms = Terms.of(self.plan, self.line.reader, self.refs)
        if self.run.kind != "apply":  # which has asked before it began
            self._listen(keep, terms)
        groups = self._groups(keep, terms)
        self.journal.total = sum(len(ids) for ids in groups)
        runner = RecordRunner(
            self.plan.model,
            terms,
            self.journal,
            self.in_flight.records,
            by_field=self.backwards,
            altered=self.ledger.applied(self.run.root).altered if self.run.kind == "resume" else {},
            look_every=self.pace.look_every,
            explain=explain,
        )
        spare = min(self.pace.connections, len(groups)) - 1
        lines = [self.line, *(self._line() for _spare in range(spare))]
        runner.run(self._batches(groups, keep, terms), lines, self.pace.stop)
        met = ((one.field, value) for one in self.journal.left for value in (one.expected, one.found))
        self.names = names_met(met, self.plan, fields, self.line.reader)

    def _listen(self, keep: Callable[[Step], Step | None], terms: Terms) -> None:
        """Write in silence where the trace would mail somebody whom nobody chose to mail."""

        def changes() -> Iterator[Change]:
            return (change for step in self._steps(terms, keep, None) for change in step.changes)

        self.silenced = why_silent(self.plan, changes, self.line.reader)
        if self.silenced:
            self.line = self._line()

    def _steps(self, terms: Terms, keep: Callable[[Step], Step | None], ids: Sequence[int] | None) -> Iterator[Step]:
        changes = self.ledger.changes(self.plan.id, records=ids)
        for step in steps(changes, terms, backwards=self.backwards):
            if (kept := keep(step)) is not None:
                yield kept

    def _groups(self, keep: Callable[[Step], Step | None], terms: Terms) -> list[array[int]]:
        """Ids of the records that one call can serve, at most a batch each. 8 bytes a record, not the changes."""
        groups: dict[tuple[Json, ...], array[int]] = {}
        for step in self._steps(terms, keep, None):
            key = tuple(
                (change.field, *_written(change.before, change.after)) for change in step.changes if is_sure(change)
            )
            groups.setdefault(key, array("q")).append(step.record)
        noted = self.plan.tracking == "keep" and not self.silenced
        size = min(self.pace.batch_size, NOTED_AT_ONCE) if noted else self.pace.batch_size
        return [ids[start : start + size] for ids in groups.values() for start in range(0, len(ids), size)]

    def _batches(
        self, groups: Sequence[array[int]], keep: Callable[[Step], Step | None], terms: Terms
    ) -> Iterator[list[Step]]:
        for ids in groups:
            yield list(self._steps(terms, keep, ids))

    def guarded(self, work: Callable[[], None]) -> RunReport:
        """Do the work, and end the run with what came of it. An error of the server or the wire is told in the
        report; one of the ledger is raised as `BrokeOff`, since there is nowhere left to write it."""
        error = ""
        try:
            try:
                work()
            except LedgerError:
                raise
            except SegmenterError as failure:
                error = str(failure)
            except KeyboardInterrupt:
                self.pace.stop.set()
            return self._finish(error)
        except LedgerError as failure:
            raise _broke_off(self.run.id, failure, self.ledger.where) from failure

    def _finish(self, error: str) -> RunReport:
        counts = self.journal.counts
        left = (*self.config_left, *sorted(self.journal.left, key=lambda one: one.record))
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


def still_ours(step: Step, applied: Applied, in_flight: InFlight) -> Step | None:
    """A step with the changes that our runs wrote; None without any. The others stay as they are found, as pins do."""
    if step.record in in_flight.records:
        return step
    if step.record in in_flight.decided:
        return _maybe_ours(step, applied)
    changes = tuple(change if change.pin else _as_left(change, applied) for change in step.changes)
    return replace(step, changes=changes) if any(not change.pin for change in changes) else None


def _maybe_ours(step: Step, applied: Applied) -> Step:
    """All of a step of which nobody knows what was written, quiet where no run said that it was."""
    known = {
        change.field: _as_left(change, applied)
        for change in step.changes
        if applied.has(step.record, change.field) or step.record in applied.altered.get(change.field, {})
    }
    unsure = frozenset(change.field for change in step.changes if not change.pin).difference(known)
    return replace(step, changes=tuple(known.get(one.field, one) for one in step.changes), quiet=unsure)


def _as_left(change: Change, applied: Applied) -> Change:
    """The change of an undo, from what the server made of our value where that is not what we wrote.

    Of tags a call says only which come and which go. Others beside them are somebody's, and stay.
    """
    if applied.has(change.record, change.field):
        return change
    altered = applied.altered.get(change.field, {})
    if change.record not in altered:
        return replace(change, before=change.after)
    found, after = altered[change.record], change.after
    if isinstance(found, list):
        after = sorted({*after, *found}.difference(change.before).union(after))
    return replace(change, before=found, after=after)


def _written(before: Json, after: Json) -> tuple[Json, ...]:
    """What a call would write: for tags what is added and what is taken away, for anything else the value."""
    if isinstance(after, list):
        return tuple(one for one in after if one not in before), tuple(one for one in before if one not in after)
    return (after,)
