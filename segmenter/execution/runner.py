"""One run: batches over a few connections, each one judged, journalled, written, read back and settled.

The order for every batch never changes: read what is there, commit the intent, look again, write once, read back,
commit the outcome. A killed process leaves an intent without an outcome, and `resume` decides by reading.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

from segmenter.errors import Busy, ConnectionFailed, OutcomeUnknown, SegmenterError, ServerError
from segmenter.execution.found import as_expected
from segmenter.execution.later import Explain, by_people
from segmenter.execution.meanwhile import PAUSE, WRITER, Meanwhile, Row, Since, changed, returned
from segmenter.execution.progress import Progress
from segmenter.execution.readback import ReadBack, Settled
from segmenter.execution.steps import Step, Terms, Verdict, calls, fields_of, judge, untouched, values_to_write
from segmenter.i18n import _
from segmenter.ledger import Ledger, Left, Outcome
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.planning.digest import canonical
from segmenter.planning.model import Change, Json

Connect = Callable[[], Server]
"""Logs in; called once, when all that can be known beforehand allows it."""


@dataclass
class Line:
    """What one thread reads and writes with; the server behind keeps a connection for each thread."""

    reader: OdooReader
    writer: OdooWriter


@dataclass
class Journal:
    """Numbers the batches of one run, commits them to the ledger, and keeps the score. Threads share it."""

    ledger: Ledger
    run: str
    total: int
    progress: Callable[[Progress], None] | None = None
    ended: dict[int, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    _seq: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def intend(self, what: Mapping[str, Json]) -> int:
        """Commit an intent; the number of the batch."""
        with self._lock:
            self._seq += 1
            seq = self._seq
        self.ledger.intend(self.run, seq, what)
        return seq

    def settle(self, seq: int, outcomes: Sequence[Outcome], left: Iterable[Left] = ()) -> None:
        """Commit the outcomes of a batch of records; each record counts once."""
        self.ledger.settle(self.run, seq, outcomes)
        with self._lock:
            for one in outcomes:
                # A record of which some fields were written and others left counts as what was left.
                if self.ended.get(one.record, "applied") == "applied":
                    self.ended[one.record] = one.outcome
            self.left.extend(left)
            if self.progress:
                self.progress(Progress(len(self.ended), self.total, "records"))

    @property
    def counts(self) -> Counter[str]:
        """Records by their outcome, so far."""
        return Counter(self.ended.values())


@dataclass(frozen=True)
class RecordRunner:
    """Takes steps from the plan's before to its after, or back. ``ours``: records that an earlier run of the family
    was writing when it broke off: found at their goal, they got there by our hand. ``explain``: whose what is left is.
    ``altered``: field -> record -> what the server made of a value of ours. ``look_every``: as in a `Pace`."""

    model: str
    terms: Terms
    journal: Journal
    ours: frozenset[int]
    by_field: bool
    explain: Explain = by_people
    altered: Mapping[str, Mapping[int, Json]] = field(default_factory=dict)
    look_every: float | None = PAUSE

    def run(self, batches: Iterable[Sequence[Step]], lines: Sequence[Line], stop: threading.Event) -> None:
        """All batches, one thread a line. Stops between batches when ``stop`` is set, at Ctrl-C or at an error,
        which is raised once every thread is at rest."""
        waiting, turn = iter(batches), threading.Lock()

        def work(line: Line) -> None:
            while not stop.is_set():
                with turn:
                    batch = next(waiting, None)
                if batch is None:
                    return
                try:
                    self.batch(batch, line)
                except BaseException:
                    stop.set()
                    raise

        with ThreadPoolExecutor(len(lines), thread_name_prefix="connection") as pool:
            futures = [pool.submit(work, line) for line in lines]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            except KeyboardInterrupt:
                # Batches in flight come to their end; none begins.
                stop.set()
            wait(futures)
        for future in futures:
            future.result()

    def batch(self, some: Sequence[Step], line: Line, *, again: bool = True) -> None:
        """Judge a batch and write what is ready; what was met instead is settled by name.

        ``again``: a write conflict may be tried once more.
        """
        since = Since.now(line.reader, self.model, [one.record for one in some])
        expected = {
            one.record: [(change.field, change.before) for change in one.changes]
            for one in some
            if not self._altered(one)
        }
        unchanged = as_expected(line.reader, self.model, expected, self.terms)
        verdicts = [untouched(step, self.terms) for step in some if step.record in unchanged]
        doubtful = [step for step in some if step.record not in unchanged]
        done: list[Outcome] = []
        left: list[Left] = []
        rows = self._read(line, doubtful)
        judged: list[Verdict] = []
        for step in doubtful:
            row = rows.get(step.record)
            if row is None:
                detail = _("it is gone, or hidden from the work user")
                done.append(Outcome(step.record, "", "missing", detail))
                left.append(Left(step.record, step.name, "", "missing", None, None, detail))
                continue
            judged.append(judge(self._from_altered(step, row, line), row, self.terms, by_field=self.by_field))
        for verdict, explained in self.explain(judged, self.terms):
            done += self._there(verdict)
            for one in (each.left for each in explained):
                done.append(Outcome(one.record, one.field, one.outcome, one.detail, one.found))
                left.append(one)
            if verdict.ready:
                verdicts.append(verdict)
        if done:
            what = {"kind": "records", "records": [], "values": {}}
            self.journal.settle(self.journal.intend(what), done, left)
        for values, group in self._alike(verdicts):
            self.write(values, group, line, since, again=again)

    def _altered(self, step: Step) -> dict[str, Json]:
        """What the server made of our values in an earlier run: field -> value."""
        known = ((change.field, self.altered.get(change.field, {})) for change in step.changes)
        return {name: values[step.record] for name, values in known if step.record in values}

    def _from_altered(self, step: Step, row: Row, line: Line) -> Step:
        """What is left to do, from what the server made of our value: it is tried again, as long as nobody wrote the
        record since. What is there came with it."""
        altered = self._altered(step)
        if not altered or row[WRITER] != line.reader.identity.uid:
            return step
        changes = (replace(one, before=altered.get(one.field, one.before)) for one in step.changes)
        return replace(step, changes=tuple(one for one in changes if one.pin or not self._at_goal(one, row)))

    def _at_goal(self, change: Change, row: Row) -> bool:
        return self.terms.same(change.field, self.terms.current(change.field, row[change.field]), change.after)

    def _there(self, verdict: Verdict) -> Iterator[Outcome]:
        """What needs no write, and whether it is so by our hand."""
        record, shared = verdict.step.record, [one.field for one in verdict.there if one.field in self.terms.shared]
        if verdict.arrived and (record in self.ours or not shared):
            yield Outcome(record, "", "applied" if record in self.ours else "already")
        elif record in self.ours and not verdict.ready and not verdict.held:
            # A write does all or nothing: a person changed the rest after ours.
            yield from (Outcome(record, one.field, "applied") for one in verdict.there)
        else:
            # It came with another record of the same contact.
            yield from (Outcome(record, name, "applied") for name in shared)
            if verdict.arrived:
                yield from (Outcome(record, one.field, "already") for one in verdict.there if one.field not in shared)

    def _read(self, line: Line, some: Sequence[Step]) -> dict[int, dict[str, Json]]:
        ids = [one.record for one in some]
        names = [*fields_of(some), WRITER]
        return {row["id"]: row for row in line.reader.read(self.model, ids, names)} if ids else {}

    def _alike(self, verdicts: Sequence[Verdict]) -> Iterator[tuple[dict[str, Any], list[Verdict]]]:
        """Verdicts that need the same call, so that one call does for all of them."""
        groups: dict[str, tuple[dict[str, Any], list[Verdict]]] = {}
        for verdict in verdicts:
            values = values_to_write(verdict, self.terms)
            groups.setdefault(canonical(values), (values, []))[1].append(verdict)
        yield from groups.values()

    def write(self, values: dict[str, Any], group: Sequence[Verdict], line: Line, since: Since, *, again: bool) -> None:
        """Intent, another look, call, read-back, outcome. A refused batch is halved until those that are refused stand
        alone. ``since``: when their values were compared."""
        ids = [verdict.step.record for verdict in group]
        seq = self.journal.intend({"kind": "records", "records": ids, "values": values})
        meanwhile = Meanwhile(line.reader, self.model, self.terms, since, {one.step.record: one for one in group})
        try:
            meanwhile.look()
            stale = bool(meanwhile.theirs)
            if not stale:
                with meanwhile.looking(self.look_every):
                    self._call(values, ids, line)
        except OutcomeUnknown as error:
            self.journal.settle(seq, [Outcome(one, "", "unknown", error.what) for one in ids])
            raise
        except ConnectionFailed as error:
            self.journal.settle(seq, [Outcome(one, "", "failed", error.what) for one in ids])
            raise
        except Busy as error:
            # The server rolled back, so nothing of this was written: trying once more is no blind repetition.
            self._settle_all(seq, group, "failed", error, quiet=again)
            if again:
                self.batch([verdict.step for verdict in group], line, again=False)
        except ServerError as error:
            self._settle_all(seq, group, "refused", error, quiet=len(group) > 1)
            middle = len(group) // 2
            for half in (group[:middle], group[middle:]) if middle else ():
                self.write(values, half, line, since, again=again)
        else:
            if stale:
                self.journal.settle(seq, [])
                self.batch([verdict.step for verdict in group], line, again=again)
            else:
                self._read_back(seq, group, line, meanwhile.theirs)

    def _call(self, values: Mapping[str, Any], ids: Sequence[int], line: Line) -> None:
        """One write, or two that belong together. What the second one meets says nothing of the first, which holds."""
        for position, part in enumerate(calls(values, self.terms, backwards=self.by_field)):
            try:
                line.writer.write(self.model, ids, part, archived=self._links_archived(part, line.reader))
            except SegmenterError as error:
                if position:
                    raise OutcomeUnknown(error.what, todo=error.todo) from error
                raise

    def _links_archived(self, values: Mapping[str, Any], reader: OdooReader) -> bool:
        """Whether links are written to records that somebody may have archived."""
        relations = {self.terms.fields[name].relation for name, value in values.items() if isinstance(value, list)}
        return any("active" in reader.fields(one) for one in relations if one)

    def _settle_all(
        self, seq: int, group: Sequence[Verdict], outcome: Any, error: SegmenterError, *, quiet: bool
    ) -> None:
        """The whole batch was not written. ``quiet``: it will be tried otherwise, so it does not count yet."""
        outcomes = [Outcome(one.step.record, "", outcome, error.what) for one in group]
        if quiet:
            self.journal.ledger.settle(self.journal.run, seq, outcomes)
            return
        left = [Left(one.step.record, one.step.name, "", outcome, None, None, error.what) for one in group]
        self.journal.settle(seq, outcomes, left)

    def _read_back(self, seq: int, group: Sequence[Verdict], line: Line, theirs: Mapping[int, Row]) -> None:
        """Compare what the server holds with what was written; ``theirs``: what people put there in between."""
        back = ReadBack.of(line.reader, self.model, group, self.terms, tuple(theirs))
        settled = Settled()
        for verdict in group:
            record = verdict.step.record
            if record in theirs and record in back.rows and back.ours(record):
                self._give_back(verdict, theirs[record], back.rows[record], line, settled)
            else:
                back.settle(verdict, settled)
        self.journal.settle(seq, settled.outcomes, settled.left)

    def _give_back(self, verdict: Verdict, theirs: Row, now: Row, line: Line, settled: Settled) -> None:
        """Our call ran over what a person wrote while it was under way: put that back, and leave the record to them.

        It has an intent of its own. A process that dies here leaves the batch unsettled, and a resume looks at it.
        """
        edited = changed(verdict, theirs, self.terms)
        step = returned(verdict, theirs, now, self.terms, only=edited if self.by_field else None)
        values = values_to_write(untouched(step, self.terms), self.terms)
        detail = _("while it was being written; their value was put back")
        if any(not change.pin for change in step.changes):
            seq = self.journal.intend({"kind": "records", "records": [step.record], "values": values})
            try:
                self._call(values, [step.record], line)
            except SegmenterError as error:
                detail = _("while it was being written, and written over: put their value back by hand")
                self.journal.settle(seq, [Outcome(step.record, "", "unknown", error.what)])
            else:
                self.journal.settle(seq, [])
        before = {change.field: change.before for change in verdict.step.changes}
        written = {change.field: change for change in verdict.step.changes}
        for name in edited:
            found = self.terms.current(name, theirs[name])
            settled.note(written[name], "conflict", before[name], found, detail)
        if self.by_field:
            rest = (change.field for change in verdict.ready if change.field not in edited)
            settled.outcomes += [Outcome(step.record, name, "applied") for name in rest]
