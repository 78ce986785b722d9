"""What people change in the records of a batch while it is being checked and written.

Odoo has no write that refuses a stale record: a call that finds a record changed since we looked writes all the same,
and a write that collides with a person's is repeated by the server, over theirs. So a second thread keeps looking while
the call is under way. What a person committed can be seen until our own write is committed over it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from segmenter.errors import SegmenterError
from segmenter.execution.steps import Step, Terms, Verdict
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Json
from segmenter.planning.together import is_guard

PAUSE = 0.02
"""Seconds between two looks. Longer where a look itself takes long: the server is there for others too."""
FEW = 50
"""Records that may be read at each look."""
SPARSE = 10
"""How many ids there may be in a range for one that is meant."""
WRITER = "write_uid"
WRITTEN_AT = "write_date"

Row = Mapping[str, Json]


@dataclass(frozen=True)
class Since:
    """A moment, told by the server's own dates: who of some records was written by others from then on.

    ``date``: from which on a write by others is a new one. Dates are compared by the second. So of those that were
    written in the last second before, a few are named each time, and what they hold decides; of many (an import) only
    a later date tells.
    """

    among: tuple[tuple[str, str, Json], ...]
    date: str

    @classmethod
    def now(cls, reader: OdooReader, model: str, ids: Sequence[int]) -> Since:
        """From here on. Asked before the values are compared, so that nothing falls in between."""
        among = _among(ids)
        by_others = [*among, (WRITER, "!=", reader.identity.uid), (WRITTEN_AT, "!=", False)]
        order = f"{WRITTEN_AT} desc, id"
        last = reader.search_read(model, by_others, [WRITTEN_AT], archived=True, limit=1, order=order)
        if not last:
            return cls(among, "")
        here = cls(among, str(last[0][WRITTEN_AT]))
        if len(here.written(reader, model).intersection(ids)) <= FEW:
            return here
        return cls(among, str(datetime.fromisoformat(here.date) + timedelta(seconds=1)))

    def written(self, reader: OdooReader, model: str) -> set[int]:
        """The records that others wrote since, and a few that they may have; some others among them."""
        domain = [*self.among, (WRITER, "!=", reader.identity.uid)]
        if self.date:
            domain.append((WRITTEN_AT, ">=", self.date))
        return set(reader.search(model, domain, archived=True))


def _among(ids: Sequence[int]) -> tuple[tuple[str, str, Json], ...]:
    """These records, and few more: a range is said and read faster than thousands of ids, many times a second."""
    first, last = min(ids), max(ids)
    if last - first < SPARSE * len(ids):
        return (("id", ">=", first), ("id", "<=", last))
    return (("id", "in", list(ids)),)


@dataclass
class Meanwhile:
    """Looks at the records that one call writes. ``theirs``: record -> what it held after a person's change of a field
    that the call writes, or must not write over."""

    reader: OdooReader
    model: str
    terms: Terms
    since: Since
    verdicts: Mapping[int, Verdict]
    theirs: dict[int, Row] = field(default_factory=dict)

    def look(self) -> None:
        """Once."""
        written = self.since.written(self.reader, self.model) & self.verdicts.keys()
        asked = sorted(written | self.theirs.keys())
        names = sorted({one for id in asked for one in watched(self.verdicts[id])})
        for row in self.reader.read(self.model, asked, [*names, WRITER]) if asked else ():
            if row[WRITER] == self.reader.identity.uid:
                continue  # our call is over it by now: what was seen before stands
            if changed(self.verdicts[row["id"]], row, self.terms):
                self.theirs[row["id"]] = row
            else:
                self.theirs.pop(row["id"], None)

    @contextmanager
    def looking(self, pause: float | None) -> Iterator[None]:
        """Look again and again until the block ends. ``pause`` None: not at all."""
        if pause is None:
            yield
            return
        stop = threading.Event()
        thread = threading.Thread(target=self._until, args=(stop.wait, pause), daemon=True, name="looking")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _until(self, wait: Callable[[float], bool], pause: float) -> None:
        while True:
            began = time.monotonic()
            try:
                self.look()
            except SegmenterError:
                return  # the write itself will say what is wrong with the server
            if wait(max(pause, time.monotonic() - began)):
                return


def watched(verdict: Verdict) -> dict[str, tuple[Json, Json]]:
    """Field -> (what is expected in it, what the call makes of it): what is written, and what it must not run over."""
    guards = {change.field: (change.before, change.after) for change in verdict.step.changes if is_guard(change)}
    pins = {name: (value, value) for name, value in verdict.pins}
    return guards | pins | {change.field: (change.before, change.after) for change in verdict.ready}


def changed(verdict: Verdict, row: Row, terms: Terms) -> list[str]:
    """The fields in which somebody put a value of their own: neither what was expected nor what the call writes."""
    return [
        name
        for name, values in watched(verdict).items()
        if not any(terms.same(name, terms.current(name, row[name]), value) for value in values)
    ]


def returned(verdict: Verdict, theirs: Row, now: Row, terms: Terms, *, only: Sequence[str] | None) -> Step:
    """The step from what our call left to what a person had made of the record: whole, or ``only`` these fields.

    What holds something else again by now stays as it is.
    """
    edited, ready = changed(verdict, theirs, terms), {change.field: change for change in verdict.ready}
    changes = []
    for change in verdict.step.changes:
        name = change.field
        here = there = terms.current(name, now[name])
        ours = name in ready and terms.same(name, here, ready[name].after)
        if name in edited or (ours and only is None):
            there = terms.current(name, theirs[name])
        changes.append(replace(change, before=here, after=there))
    return Step(verdict.step.record, verdict.step.name, tuple(changes))
