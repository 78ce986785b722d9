"""The batches of one run over a few connections: each one compared, journalled, written, read back and settled.

The order never changes: compare what is there, then for each call commit the intent, look again and write once, then
read back and commit the outcomes. A killed process leaves intents without an outcome, and `resume` decides by reading.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from segmenter.behaviours.behaviour import CONTACTS
from segmenter.behaviours.company_of_lead import FIELD as COMPANY
from segmenter.behaviours.company_of_lead import TEAM
from segmenter.behaviours.contact_of_lead import LINK
from segmenter.errors import Busy, ConnectionFailed, OutcomeUnknown, SegmenterError, ServerError
from segmenter.execution.cells import Cell
from segmenter.execution.comparer import Comparer
from segmenter.execution.journal import Journal, Settlement
from segmenter.execution.judging import Row, Verdict, alike, as_planned, calls, values_to_write
from segmenter.execution.meanwhile import PAUSE, Meanwhile, Moments, changed, returned
from segmenter.execution.readback import read_back
from segmenter.execution.rules import Rules
from segmenter.i18n import _
from segmenter.ledger import Left, OutcomeKind
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.writer import OdooWriter
from segmenter.record_set import RecordSet, union, windows
from segmenter.resolving.shared_fields import ON_CONTACT


@dataclass
class Connection:
    """What one thread reads and writes with; the server behind keeps a connection for each thread."""

    reader: OdooReader
    writer: OdooWriter


@dataclass(frozen=True)
class Group:
    """Records that one call takes to their goal, with the values of that call."""

    values: Mapping[str, Any]
    verdicts: Sequence[Verdict]

    @cached_property
    def records(self) -> RecordSet:
        return union(verdict.records for verdict in self.verdicts)

    @property
    def cells(self) -> list[Cell]:
        return [verdict.cell for verdict in self.verdicts]

    def halves(self) -> list[Group]:
        """The group in two; nothing for a single record."""
        if len(self.records) == 1:
            return []
        return [
            Group(self.values, [verdict.of(half) for verdict in self.verdicts if verdict.records & half])
            for half in windows(self.records, -(-len(self.records) // 2))
        ]


@dataclass
class Window:
    """The groups of one batch: those that wait for their call, and those that were written, each with its number in the
    journal. ``stale``: changed by somebody meanwhile; ``collided``: rolled back by the server; both are compared anew.
    """

    waiting: deque[Group]
    written: list[tuple[int, Group]] = field(default_factory=list)
    stale: list[Cell] = field(default_factory=list)
    collided: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class BatchWriter:
    """Takes records from the plan's before to its after, or back.

    ``stop``: set to write no more. ``noted``: whether changes are noted in the chatter. ``look_every``: as in a `Pace`.
    """

    comparer: Comparer
    moments: Moments
    stop: threading.Event
    noted: bool = False
    look_every: float | None = PAUSE

    @property
    def model(self) -> str:
        return self.comparer.model

    @property
    def rules(self) -> Rules:
        return self.comparer.rules

    @property
    def journal(self) -> Journal:
        return self.comparer.journal

    def write_all(self, batches: Iterable[Sequence[Cell]], connections: Sequence[Connection]) -> None:
        """All batches, one thread a connection. Stops before the next call at Ctrl-C or at an error, which is raised
        once every thread is at rest."""
        waiting, turn = iter(batches), threading.Lock()

        def work(connection: Connection) -> None:
            while not self.stop.is_set():
                with turn:
                    batch = next(waiting, None)
                if batch is None:
                    return
                try:
                    self.write_batch(batch, connection)
                except BaseException:
                    self.stop.set()
                    raise

        with ThreadPoolExecutor(len(connections), thread_name_prefix="connection") as pool:
            futures = [pool.submit(work, connection) for connection in connections]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            except KeyboardInterrupt:
                # Calls in flight come to their end; none begins.
                self.stop.set()
            wait(futures)
        for future in futures:
            future.result()

    def write_batch(self, batch: Sequence[Cell], connection: Connection, *, again: bool = True) -> None:
        """Write the records that hold what is expected, and of the others what may be written; the rest is settled by
        name. ``again``: a write conflict may be tried once more."""
        since = self.moments.since(connection.reader)
        groups = [Group(*one) for one in alike(self.comparer.verdicts(batch, connection.reader), self.rules)]
        if not groups:
            return
        meanwhile = Meanwhile(
            connection.reader, self.model, self.rules, since, [v for one in groups for v in one.verdicts]
        )
        window = Window(deque(groups))
        try:
            self._write(window, connection, meanwhile, again=again)
        except SegmenterError as error:
            for seq, group in window.written:
                self.journal.settle(seq, Settlement().every(group.records, "unknown", error.what))
            raise
        self._read_back(window.written, connection, meanwhile.theirs)
        if window.stale:
            self.write_batch(window.stale, connection, again=again)
        if window.collided:
            self.write_batch(window.collided, connection, again=False)

    # Writing

    def _write(self, window: Window, connection: Connection, meanwhile: Meanwhile, *, again: bool) -> None:
        """For each group intent, another look, call. A refused group is halved until those that are refused stand
        alone."""
        with ExitStack() as looking:
            looked = False
            while window.waiting and not self.stop.is_set():
                group = window.waiting.popleft()
                seq = self.journal.intend(group.records, group.values)
                try:
                    if not looked or self.look_every is None:
                        meanwhile.look()
                    if not looked:
                        looking.enter_context(meanwhile.looking(self.look_every, noted=self.noted))
                        looked = True
                    if group.records & meanwhile.seen:
                        self.journal.settle(seq, Settlement())
                        window.stale += group.cells
                        continue
                    self._call(group.values, group.records, connection, by_odoo=self._by_odoo(group))
                except OutcomeUnknown as error:
                    self.journal.settle(seq, Settlement().every(group.records, "unknown", error.what))
                    raise
                except ConnectionFailed as error:
                    self.journal.settle(seq, Settlement().every(group.records, "failed", error.what))
                    raise
                except Busy as error:
                    # The server rolled back, so nothing of this was written: trying once more is no blind repetition.
                    self._settle_refused(seq, group.records, "failed", error, final=not again)
                    window.collided += group.cells if again else ()
                except ServerError as error:
                    self._settle_refused(seq, group.records, "refused", error, final=len(group.records) == 1)
                    window.waiting.extendleft(reversed(group.halves()))
                else:
                    window.written.append((seq, group))

    def _call(
        self, values: Mapping[str, Any], records: RecordSet, connection: Connection, by_odoo: Collection[str] = ()
    ) -> None:
        """One write, or two that belong together. What the second one meets says nothing of the first, which holds."""
        ids, ours = list(records), self._still_ours(values, connection.reader)
        parts = calls(values, self.rules, backwards=self.comparer.by_field, ours=ours, by_odoo=by_odoo)
        for position, part in enumerate(parts):
            try:
                connection.writer.write(self.model, ids, part, archived=self._links_archived(part, connection.reader))
            except SegmenterError as error:
                if position:
                    raise OutcomeUnknown(error.what, todo=error.todo) from error
                raise

    def _by_odoo(self, group: Group) -> Collection[str]:
        """The company, where a run takes leads to that of their new team: see `behaviours.company_of_lead`."""
        if self.comparer.by_field or TEAM not in group.values:
            return ()
        changed = {change.field for verdict in group.verdicts for change in verdict.ready}
        return changed & {COMPANY}

    def _still_ours(self, values: Mapping[str, Any], reader: OdooReader) -> list[str]:
        """E-mail and phone of an undo, where the contact that it gives back holds what the run wrote."""
        contact = values.get(LINK)
        names = [name for name in ON_CONTACT if name in values and (contact, name) in self.rules.handed_on.by_run]
        if not contact or not names:
            return []
        rows = reader.read(CONTACTS, [contact], [ON_CONTACT[name] for name in names])
        held = {name: row[ON_CONTACT[name]] for row in rows for name in names}
        return [name for name, value in held.items() if value and self.rules.came_by_run(contact, name, value)]

    def _links_archived(self, values: Mapping[str, Any], reader: OdooReader) -> bool:
        """Whether links are written to records that somebody may have archived."""
        relations = {self.rules.fields[name].relation for name, value in values.items() if isinstance(value, list)}
        return any("active" in reader.fields(one) for one in relations if one)

    def _settle_refused(
        self, seq: int, records: RecordSet, outcome: OutcomeKind, error: SegmenterError, *, final: bool
    ) -> None:
        """The whole batch was not written. Unless ``final`` it will be tried otherwise, so it does not count yet."""
        settled = Settlement()
        if final:
            settled.leave(records, outcome, error.what)
            self.journal.settle(seq, settled)
        else:
            self.journal.settle_for_now(seq, settled.every(records, outcome, error.what))

    # After the write

    def _read_back(
        self, written: Sequence[tuple[int, Group]], connection: Connection, theirs: Mapping[int, Row]
    ) -> None:
        """Compare what the server holds with what was written; ``theirs``: what people put there in between."""
        groups, people = [group.verdicts for _seq, group in written], RecordSet(theirs)
        backs = read_back(connection.reader, self.model, groups, self.rules, people)
        for (seq, group), back in zip(written, backs, strict=True):
            run_over = RecordSet(one for one in group.records & people if one in back.rows and back.ours(one))
            settled = Settlement()
            for verdict in group.verdicts:
                for record in verdict.records & run_over:
                    alone = verdict.of(RecordSet([record]))
                    self._give_back(alone, theirs[record], back.rows[record], connection, settled)
                if verdict.records - run_over:
                    back.settle(verdict.of(verdict.records - run_over), settled)
            self.journal.settle(seq, settled)

    def _give_back(self, verdict: Verdict, theirs: Row, now: Row, connection: Connection, settled: Settlement) -> None:
        """Our call ran over what a person wrote while it was under way: put that back, and leave the record to them.

        It has an intent of its own. A process that dies here leaves the batch unsettled, and a resume looks at it.
        """
        record, edited = verdict.record, changed(verdict, theirs, self.rules)
        cell = returned(verdict, theirs, now, self.rules, only=edited if self.comparer.by_field else None)
        values = values_to_write(as_planned(cell, self.rules), self.rules)
        detail = _("while it was being written; their value was put back")
        if any(not change.pin for change in cell.changes):
            seq = self.journal.intend(verdict.records, values)
            try:
                self._call(values, verdict.records, connection)
            except SegmenterError as error:
                detail = _("while it was being written, and written over: put their value back by hand")
                self.journal.settle(seq, Settlement().every(verdict.records, "unknown", error.what))
            else:
                self.journal.settle(seq, Settlement())
        written = {change.field: change for change in verdict.cell.changes}
        for name in edited:
            change = written[name]
            found = self.rules.current(name, theirs[name])
            settled.leave_field(Left(record, "", name, "conflict", change.before, found, detail))
        if self.comparer.by_field:
            for change in verdict.ready:
                if change.field not in edited:
                    settled.settle_field(record, change, "applied")
