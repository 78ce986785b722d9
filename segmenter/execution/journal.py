"""The journal of one run: its batches as the ledger keeps them, and how many records came to which end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from segmenter.execution.cells import Pending
from segmenter.ledger import Ledger, Left, Outcome, OutcomeKind, OutcomeSet
from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run tells while it goes. ``done`` of ``total`` records are settled. ``phase``: ``config``, ``records``."""

    done: int
    total: int
    phase: str


@dataclass
class Settlement:
    """What became of the records of a batch: of whole sets of them, of single records and fields, and what of it is
    told by name (names are filled in at the end of the run)."""

    whole: list[tuple[RecordSet, OutcomeKind, str]] = field(default_factory=list)
    single: list[Outcome] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def every(self, records: RecordSet, outcome: OutcomeKind, detail: str = "") -> Self:
        """The same became of these records, in every field."""
        if records:
            self.whole.append((records, outcome, detail))
        return self

    def leave(self, records: RecordSet, outcome: OutcomeKind, detail: str) -> None:
        """The same, and it is told of each of them."""
        self.every(records, outcome, detail)
        self.left += [Left(record, "", "", outcome, None, None, detail) for record in records]

    def settle_field(self, record: int, change: Pending, outcome: OutcomeKind) -> None:
        """One field of a record is as it was to be."""
        self.single.append(Outcome(record, change.field, outcome))

    def leave_field(self, left: Left) -> None:
        """One field of a record is not as it was to be."""
        self.single.append(Outcome(left.record, left.field, left.outcome, left.detail, left.found))
        self.left.append(left)

    @property
    def outcomes(self) -> list[Outcome | OutcomeSet]:
        """As the ledger takes them: what became of whole sets, then of single records."""
        return [*(OutcomeSet(records, "", outcome, why) for records, outcome, why in self.whole), *self.single]

    @property
    def sets(self) -> list[tuple[RecordSet, OutcomeKind]]:
        """Records by what became of them, in the order in which it was settled."""
        return [
            *((records, outcome) for records, outcome, _why in self.whole),
            *((RecordSet([one.record]), one.outcome) for one in self.single),
        ]


@dataclass
class Journal:
    """Numbers the batches of one run and commits them to the ledger. Threads share it."""

    ledger: Ledger
    run: str
    total: int = 0
    progress: Callable[[Progress], None] | None = None
    left: list[Left] = field(default_factory=list)
    _ended: dict[OutcomeKind, RecordSet] = field(default_factory=dict)
    _batches: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def intend(self, records: RecordSet, values: Mapping[str, Any]) -> int:
        """Commit that a batch is about to write; its number."""
        return self._intend({"kind": "records", "records": records.to_array().tolist(), "values": values})

    def intend_config(self, what: Mapping[str, Json]) -> int:
        """The same of a configuration change."""
        return self._intend(what)

    def _intend(self, what: Mapping[str, Json]) -> int:
        with self._lock:
            self._batches += 1
            batch = self._batches
        self.ledger.intend(self.run, batch, what)
        return batch

    def settle(self, batch: int, settled: Settlement) -> None:
        """Commit what became of a batch of records; each record counts once."""
        self.ledger.settle(self.run, batch, settled.outcomes)
        with self._lock:
            for records, outcome in settled.sets:
                self._count(records, outcome)
            self.left.extend(settled.left)
            if self.progress:
                self.progress(Progress(sum(self.counts.values()), self.total, "records"))

    def settle_for_now(self, batch: int, settled: Settlement) -> None:
        """Commit what became of a batch whose records are tried again: that does not count yet."""
        self.ledger.settle(self.run, batch, settled.outcomes)

    def _count(self, records: RecordSet, outcome: OutcomeKind) -> None:
        """A record of which some fields were written and others left counts as what was left."""
        left = union(held for kind, held in self._ended.items() if kind != "applied")
        if "applied" in self._ended and outcome != "applied":
            self._ended["applied"] = self._ended["applied"] - records
        self._ended[outcome] = self._ended.get(outcome, RecordSet()) | (records - left)

    @property
    def counts(self) -> Counter[str]:
        """Records by what became of them, so far."""
        return Counter({outcome: len(records) for outcome, records in self._ended.items() if records})
