"""What people change in the records of a batch while it is being checked and written.

Odoo has no write that refuses a stale record: a call that finds a record changed since we looked writes all the same,
and a write that collides with a person's is repeated by the server, over theirs. So a second thread keeps looking while
the call is under way. What a person committed can be seen until our own write is committed over it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from segmenter.behaviours.chatter import tracked
from segmenter.behaviours.together import is_guard
from segmenter.errors import SegmenterError
from segmenter.execution.cells import Cell
from segmenter.execution.judging import Row, Verdict
from segmenter.execution.rules import Rules
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union

PAUSE = 0.02
"""Seconds between two looks. Longer where a look itself takes long: the server is there for others too."""
SLOW = {"crm.lead": frozenset({"tag_ids", "stage_id", "user_id"})}
"""Fields with which Odoo computes others anew."""
GOOD_FOR = 60.0
"""Seconds after which a moment is taken anew: what people wrote since then is read at each look."""
FEW = 50
"""Records that may be read at each look."""
SPARSE = 10
"""How many ids there may be in a range for one that is meant."""
WRITER = "write_uid"
WRITTEN_AT = "write_date"

Among = Sequence[tuple[str, str, Json]]
"""The part of a domain that names records."""


def pause_for(model: str, fields: Collection[str], records: int, *, version: int, noted: bool) -> float:
    """How long there may be no look at a batch, in seconds.

    What a person commits can be seen for as long as the server takes to write the batch once, since it begins anew
    after a collision. Measured on Odoo 14 and 19, that is at least 0.025 ms a record; 0.15 where others are computed
    anew, and 5 where the change is noted in the chatter.
    """
    if noted and not tracked(model, version).isdisjoint(fields):
        return records * 0.0005
    return records * (0.00001 if SLOW.get(model, frozenset()).isdisjoint(fields) else 0.00005)


@dataclass(frozen=True)
class Since:
    """A moment, told by the server's own dates: who of some records was written by others from then on.

    ``date``: from which on a write by others is a new one. Dates are compared by the second. So of those that were
    written in the last second before, a few are named each time, and what they hold decides; of many (an import) only
    a later date tells.
    """

    date: str

    @classmethod
    def now(cls, reader: OdooReader, model: str, records: RecordSet) -> Since:
        """From here on. Asked before the values are compared, so that nothing falls in between."""
        among = _range(records)
        by_others = [*among, (WRITER, "!=", reader.identity.uid), (WRITTEN_AT, "!=", False)]
        order = f"{WRITTEN_AT} desc, id"
        last = reader.search_read(model, by_others, [WRITTEN_AT], archived=True, limit=1, order=order)
        if not last:
            return cls("")
        here = cls(str(last[0][WRITTEN_AT]))
        if len(records & here.written(reader, model, among)) <= FEW:
            return here
        return cls(str(datetime.fromisoformat(here.date) + timedelta(seconds=1)))

    def written(self, reader: OdooReader, model: str, among: Among) -> RecordSet:
        """The records that others wrote since, and a few that they may have; some others among them."""
        domain = [*among, (WRITER, "!=", reader.identity.uid)]
        if self.date:
            domain.append((WRITTEN_AT, ">=", self.date))
        return RecordSet(reader.search(model, domain, archived=True))


class Moments:
    """Gives the moment from which on a write by others is a new one: the same for many batches, taken anew now and
    then. Threads share it."""

    def __init__(self, model: str, records: RecordSet, now: Callable[[], float] = time.monotonic) -> None:
        self._model, self._records, self._now = model, records, now
        self._since: Since | None = None
        self._taken = 0.0
        self._lock = threading.Lock()

    def since(self, reader: OdooReader) -> Since:
        """To be asked for before the values of a batch are compared."""
        with self._lock:
            at = self._now()
            if self._since is None or at - self._taken > GOOD_FOR:
                self._since, self._taken = Since.now(reader, self._model, self._records), at
            return self._since


def among(records: RecordSet) -> Among:
    """These records, and few more: a range is said and read faster than thousands of ids, many times a second."""
    if records.max() - records.min() < SPARSE * len(records):
        return _range(records)
    return (("id", "in", list(records)),)


def _range(records: RecordSet) -> Among:
    return (("id", ">=", records.min()), ("id", "<=", records.max()))


@dataclass
class Meanwhile:
    """Looks at the records of a batch while they are written.

    ``theirs``: record -> what it held after a person's change of a field that a call writes, or must not write over.
    """

    reader: OdooReader
    model: str
    rules: Rules
    since: Since
    verdicts: Sequence[Verdict]
    theirs: dict[int, Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._records = union(one.records for one in self.verdicts)
        self._among = among(self._records)

    @property
    def seen(self) -> RecordSet:
        """The records that people changed, as far as was looked."""
        return RecordSet(list(self.theirs))

    def look(self) -> None:
        """Once."""
        written = self._records & self.since.written(self.reader, self.model, self._among)
        asked = {record: self._verdict(record) for record in written | self.seen}
        names = sorted({name for verdict in asked.values() for name in watched(verdict)})
        for row in self.reader.read(self.model, list(asked), [*names, WRITER]) if asked else ():
            if row[WRITER] == self.reader.identity.uid:
                continue  # our call is over it by now: what was seen before stands
            if changed(asked[row["id"]], row, self.rules):
                self.theirs[row["id"]] = row
            else:
                self.theirs.pop(row["id"], None)

    def _verdict(self, record: int) -> Verdict:
        return next(one for one in self.verdicts if record in one.records)

    @contextmanager
    def looking(self, pause: float | None, *, noted: bool) -> Iterator[None]:
        """Look again and again until the block ends. ``pause``: seconds between two looks at least; None: no looks at
        all. ``noted``: whether the changes are noted in the chatter."""
        if pause is None:
            yield
            return
        stop = threading.Event()
        fields = {change.field for verdict in self.verdicts for change in verdict.ready}
        version = self.reader.identity.major
        first = pause_for(self.model, fields, len(self._records), version=version, noted=noted)
        arguments = (stop.wait, first, max(pause, first))
        thread = threading.Thread(target=self._until, args=arguments, daemon=True, name="looking")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _until(self, wait: Callable[[float], bool], first: float, pause: float) -> None:
        ended = wait(first)
        while not ended:
            began = time.monotonic()
            try:
                self.look()
            except SegmenterError:
                return  # the write itself will say what is wrong with the server
            ended = wait(max(pause, time.monotonic() - began))


def watched(verdict: Verdict) -> dict[str, tuple[Json, Json]]:
    """Field -> (what is expected in it, what the call makes of it): what is written, and what it must not run over."""
    guards = {change.field: (change.before, change.after) for change in verdict.cell.changes if is_guard(change)}
    pins = {name: (value, value) for name, value in verdict.pins}
    return guards | pins | {change.field: (change.before, change.after) for change in verdict.ready}


def changed(verdict: Verdict, row: Row, rules: Rules) -> list[str]:
    """The fields in which somebody put a value of their own: neither what was expected nor what the call writes."""
    return [
        name
        for name, values in watched(verdict).items()
        if not any(rules.same(name, rules.current(name, row[name]), value) for value in values)
    ]


def returned(verdict: Verdict, theirs: Row, now: Row, rules: Rules, *, only: Sequence[str] | None) -> Cell:
    """From what our call left of a record to what a person had made of it: whole, or ``only`` these fields.

    What holds something else again by now stays as it is.
    """
    edited, ready = changed(verdict, theirs, rules), {change.field: change for change in verdict.ready}
    changes = []
    for change in verdict.cell.changes:
        name = change.field
        here = there = rules.current(name, now[name])
        ours = name in ready and rules.same(name, here, ready[name].after)
        if name in edited or (ours and only is None):
            there = rules.current(name, theirs[name])
        changes.append(replace(change, before=here, after=there))
    return replace(verdict.cell, changes=tuple(changes))
