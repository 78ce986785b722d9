"""What the server holds after a write, and whose it is: ours, what the server made of ours, or a person's.

Odoo keeps who wrote a record last, and when. Who that is, decides: a value that is not what we wrote is a person's
unless the last hand on the record was ours. Not to be told apart: a person who works as the work user and writes in
the very second of our call, and an automation rule that acts under the work user's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.execution.found import unlike_expected
from segmenter.execution.meanwhile import WRITER, WRITTEN_AT, Row
from segmenter.execution.steps import Terms, Verdict, fields_of
from segmenter.i18n import _
from segmenter.ledger import Left, Outcome
from segmenter.ledger.records import OutcomeKind
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Change, Json


@dataclass
class Settled:
    """What became of the records of a batch, and what of it is told by name."""

    outcomes: list[Outcome] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def note(self, change: Change, outcome: OutcomeKind, expected: Json, found: Json, detail: str) -> None:
        """A field that is not as it was to be."""
        self.outcomes.append(Outcome(change.record, change.field, outcome, detail, found))
        self.left.append(Left(change.record, change.name, change.field, outcome, expected, found, detail))


@dataclass(frozen=True)
class ReadBack:
    """The records of a call after it, as far as they need a look. ``unlike``: those that do not hold what was written;
    ``at``: the server's date of our call."""

    uid: int
    terms: Terms
    unlike: frozenset[int]
    rows: Mapping[int, Row]
    at: str

    @classmethod
    def of(
        cls, reader: OdooReader, model: str, group: Sequence[Verdict], terms: Terms, more: Sequence[int] = ()
    ) -> ReadBack:
        """Compare all of them, and read those that differ; and ``more``."""
        expected = {one.step.record: [(change.field, change.after) for change in one.ready] for one in group}
        unlike = unlike_expected(reader, model, expected, terms)
        wanted = unlike.union(more)
        if wanted and (whole := next((one for one in expected if one not in wanted), None)):
            wanted.add(whole)  # it tells when we wrote
        names = [*fields_of([one.step for one in group]), WRITER, WRITTEN_AT]
        rows = {row["id"]: row for row in reader.read(model, sorted(wanted), names)} if wanted else {}
        ours = [str(row[WRITTEN_AT]) for row in rows.values() if row[WRITER] == reader.identity.uid]
        return cls(reader.identity.uid, terms, frozenset(unlike), rows, min(ours, default=""))

    def ours(self, record: int) -> bool:
        """Whether nobody wrote the record after us."""
        row = self.rows[record]
        return bool(row[WRITER] == self.uid and row[WRITTEN_AT] == self.at)

    def settle(self, verdict: Verdict, settled: Settled) -> None:
        """One record, field by field where it is not whole as we wrote it."""
        record = verdict.step.record
        if record in self.unlike and record not in self.rows:
            detail = _("it is gone, or hidden from the work user")
            settled.outcomes.append(Outcome(record, "", "unknown", detail))
            settled.left.append(Left(record, verdict.step.name, "", "unknown", None, None, detail))
            return
        wrong = dict(self._wrong(verdict)) if record in self.unlike else {}
        if not wrong and not verdict.differing:
            settled.outcomes.append(Outcome(record, "", "applied"))
            return
        for change in verdict.ready:
            if change.field not in wrong:
                settled.outcomes.append(Outcome(record, change.field, "applied"))
            elif self.ours(record):
                detail = _("the server holds something else after the write")
                settled.note(change, "failed", change.after, wrong[change.field], detail)
            else:
                detail = _("right after our write; the rest of the record is written")
                settled.note(change, "conflict", change.after, wrong[change.field], detail)

    def _wrong(self, verdict: Verdict) -> Iterator[tuple[str, Json]]:
        """Fields that do not hold what was written, and what they hold."""
        for change in verdict.ready:
            now = self.terms.current(change.field, self.rows[verdict.step.record][change.field])
            if not self.terms.same(change.field, now, change.after):
                yield change.field, now
