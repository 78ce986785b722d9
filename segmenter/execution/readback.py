"""What the server holds after a write, and whose it is: ours, what the server made of ours, or a person's.

Odoo keeps who wrote a record last, and when. Who that is, decides: a value that is not what we wrote is a person's
unless the last hand on the record was ours. Not to be told apart: a person who works as the work user and writes in
the very second of our call, and an automation rule that acts under the work user's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segmenter.execution.cells import fields_of
from segmenter.execution.expected import unlike_expected
from segmenter.execution.journal import Settlement
from segmenter.execution.judging import Row, Verdict
from segmenter.execution.meanwhile import WRITER, WRITTEN_AT
from segmenter.execution.rules import Rules
from segmenter.i18n import _
from segmenter.ledger import Left
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True)
class ReadBack:
    """The records of a call after it, as far as they need a look. ``unlike``: those that do not hold what was written;
    ``rows``: what these hold; ``at``: the server's date of our call."""

    uid: int
    rules: Rules
    unlike: RecordSet
    rows: Mapping[int, Row]
    at: str

    def ours(self, record: int) -> bool:
        """Whether nobody wrote the record after us."""
        row = self.rows[record]
        return bool(row[WRITER] == self.uid and row[WRITTEN_AT] == self.at)

    def settle(self, verdict: Verdict, settled: Settlement) -> None:
        """Records that hold what was written are settled together, others field by field."""
        whole = RecordSet() if verdict.differing else verdict.records - self.unlike
        settled.every(whole, "applied")
        for record in verdict.records - whole:
            self._settle_single(record, verdict, settled)

    def _settle_single(self, record: int, verdict: Verdict, settled: Settlement) -> None:
        if record in self.unlike and record not in self.rows:
            settled.leave(RecordSet([record]), "unknown", _("it is gone, or hidden from the work user"))
            return
        wrong = dict(self._wrong(record, verdict)) if record in self.unlike else {}
        if not wrong and not verdict.differing:
            settled.every(RecordSet([record]), "applied")
            return
        for change in verdict.ready:
            if change.field not in wrong:
                settled.settle_field(record, change, "applied")
            elif self.ours(record):
                detail = _("the server holds something else after the write")
                settled.leave_field(Left(record, "", change.field, "failed", change.after, wrong[change.field], detail))
            else:
                detail = _("right after our write; the rest of the record is written")
                settled.leave_field(
                    Left(record, "", change.field, "conflict", change.after, wrong[change.field], detail)
                )

    def _wrong(self, record: int, verdict: Verdict) -> Iterator[tuple[str, Json]]:
        """Fields that do not hold what was written, and what they hold."""
        for change in verdict.ready:
            now = self.rules.current(change.field, self.rows[record][change.field])
            if not self.rules.same(change.field, now, change.after):
                yield change.field, now


def read_back(
    reader: OdooReader, model: str, groups: Sequence[Sequence[Verdict]], rules: Rules, more: RecordSet
) -> list[ReadBack]:
    """Compare all that was written, and read what differs; and ``more``. One answer for each group, which one call
    wrote."""
    verdicts = [verdict for group in groups for verdict in group]
    expected = [(one.records, [(change.field, change.after) for change in one.ready]) for one in verdicts]
    unlike = unlike_expected(reader, model, expected, rules)
    calls = [union(verdict.records for verdict in group) for group in groups]
    wanted = unlike | (more & union(calls))
    # Of each call one record that is as it is to be: it tells when we wrote.
    wanted = wanted | RecordSet(whole[0] for call in calls if call & wanted and (whole := call - wanted))
    names = [*fields_of(verdict.cell for verdict in verdicts), WRITER, WRITTEN_AT]
    rows = {row["id"]: row for row in reader.read(model, list(wanted), names)} if wanted else {}
    uid = reader.identity.uid

    def at(call: RecordSet) -> str:
        return min((str(row[WRITTEN_AT]) for id, row in rows.items() if id in call and row[WRITER] == uid), default="")

    return [ReadBack(uid, rules, unlike, rows, at(call)) for call in calls]
