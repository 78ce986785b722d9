"""One run: batches over a few connections, each one judged, journalled, written, read back and settled.

The order for every batch never changes: read what is there, commit the intent, write once, read back, commit the
outcome. A killed process leaves an intent without an outcome, and `resume` decides by reading.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from segmenter.errors import Busy, ConnectionFailed, OutcomeUnknown, SegmenterError, ServerError
from segmenter.execution.found import as_expected, unlike_expected
from segmenter.execution.later import Explain, by_people
from segmenter.execution.progress import Progress
from segmenter.execution.steps import Step, Terms, Verdict, calls, fields_of, judge, untouched, values_to_write
from segmenter.i18n import _
from segmenter.ledger import Ledger, Left, Outcome
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.writer import OdooWriter
from segmenter.planning.digest import canonical
from segmenter.planning.model import Json

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
    """

    model: str
    terms: Terms
    journal: Journal
    ours: frozenset[int]
    by_field: bool
    explain: Explain = by_people

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
        expected = {one.record: [(change.field, change.before) for change in one.changes] for one in some}
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
            judged.append(judge(step, row, self.terms, by_field=self.by_field))
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
            self.write(values, group, line, again=again)

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
        return {row["id"]: row for row in line.reader.read(self.model, ids, fields_of(some))} if ids else {}

    def _alike(self, verdicts: Sequence[Verdict]) -> Iterator[tuple[dict[str, Any], list[Verdict]]]:
        """Verdicts that need the same call, so that one call does for all of them."""
        groups: dict[str, tuple[dict[str, Any], list[Verdict]]] = {}
        for verdict in verdicts:
            values = values_to_write(verdict, self.terms)
            groups.setdefault(canonical(values), (values, []))[1].append(verdict)
        yield from groups.values()

    def write(self, values: dict[str, Any], group: Sequence[Verdict], line: Line, *, again: bool) -> None:
        """Intent, call, read-back, outcome. A refused batch is halved until those that are refused stand alone."""
        ids = [verdict.step.record for verdict in group]
        seq = self.journal.intend({"kind": "records", "records": ids, "values": values})
        try:
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
                self.write(values, half, line, again=again)
        else:
            self._read_back(seq, group, line)

    def _call(self, values: Mapping[str, Any], ids: Sequence[int], line: Line) -> None:
        """One write, or two that belong together. What the second one meets says nothing of the first, which holds."""
        for position, part in enumerate(calls(values, self.terms)):
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

    def _read_back(self, seq: int, group: Sequence[Verdict], line: Line) -> None:
        """Compare what the server holds with what was written; only what differs is read."""
        expected = {one.step.record: [(change.field, change.after) for change in one.ready] for one in group}
        unlike = unlike_expected(line.reader, self.model, expected, self.terms)
        rows = self._read(line, [one.step for one in group if one.step.record in unlike])
        detail = _("the server holds something else after the write")
        outcomes: list[Outcome] = []
        left: list[Left] = []
        for verdict in group:
            step = verdict.step
            wrong = self._wrong(verdict, rows.get(step.record, {})) if step.record in unlike else {}
            if not wrong and not verdict.differing:
                outcomes.append(Outcome(step.record, "", "applied"))
                continue
            for change in verdict.ready:
                if change.field in wrong:
                    found = wrong[change.field]
                    left.append(Left(step.record, step.name, change.field, "failed", change.after, found, detail))
                    outcomes.append(Outcome(step.record, change.field, "failed", detail, found))
                else:
                    outcomes.append(Outcome(step.record, change.field, "applied"))
        self.journal.settle(seq, outcomes, left)

    def _wrong(self, verdict: Verdict, row: Mapping[str, Json]) -> dict[str, Json]:
        """Fields that do not hold what was written, and what they hold."""
        found = {}
        for change in verdict.ready:
            now = self.terms.current(change.field, row.get(change.field))
            if not self.terms.same(change.field, now, change.after):
                found[change.field] = now
        return found
