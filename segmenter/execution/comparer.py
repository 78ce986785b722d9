"""What the records of a batch hold before a call: those that are as expected, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from segmenter.execution.cells import Cell, Pending, fields_of
from segmenter.execution.expected import as_expected
from segmenter.execution.journal import Journal, Settlement
from segmenter.execution.judging import Row, Verdict, as_planned, judge
from segmenter.execution.later import Explain, by_people
from segmenter.execution.meanwhile import WRITER
from segmenter.execution.rules import Rules
from segmenter.i18n import _
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.record_set import RecordSet, union


@dataclass(frozen=True)
class Comparer:
    """Compares records with what a plan expects of them. ``in_flight``: records that an earlier run of the family was
    writing when it broke off: those that are at their goal got there by our hand.

    ``explain``: whose what is left is. ``altered``: field -> record -> what the server made of a value of ours.
    ``by_field``: as in `judge`.
    """

    model: str
    rules: Rules
    journal: Journal
    in_flight: RecordSet
    by_field: bool
    explain: Explain = by_people
    altered: Mapping[str, Mapping[int, Json]] = field(default_factory=dict)

    def verdicts(self, batch: Sequence[Cell], reader: OdooReader) -> list[Verdict]:
        """What is to be written of a batch. Records that hold something else than expected are judged one by one, and
        those that need no write are settled."""
        expected = (
            (cell.records - self._altered_records(cell), [(change.field, change.before) for change in cell.changes])
            for cell in batch
        )
        unchanged = as_expected(reader, self.model, expected, self.rules)
        verdicts = [as_planned(cell.of(unchanged), self.rules) for cell in batch if cell.records & unchanged]
        doubtful = [replace(cell, records=cell.records - unchanged) for cell in batch if cell.records - unchanged]
        return verdicts + self._look_at(doubtful, reader) if doubtful else verdicts

    def _look_at(self, cells: Sequence[Cell], reader: OdooReader) -> list[Verdict]:
        """Read single records and judge them; gives those of which something is to be written, and settles the
        others."""
        settled = Settlement()
        rows = rows_of(cells, self.model, reader)
        verdicts: list[Verdict] = []
        for cell in cells:
            settled.leave(cell.records - RecordSet(rows), "missing", _("it is gone, or hidden from the work user"))
            for record in cell.records & RecordSet(rows):
                here = self._from_altered(cell.of(RecordSet([record])), rows[record], reader)
                verdicts.append(judge(here, rows[record], self.rules, by_field=self.by_field))
        ready: list[Verdict] = []
        for verdict, explained in self.explain(verdicts, self.rules):
            self._settle_unwritten(verdict, settled)
            for one in explained:
                settled.leave_field(one.left)
            if verdict.ready:
                ready.append(verdict)
        if settled.outcomes:
            self.journal.settle(self.journal.intend(RecordSet(), {}), settled)
        return ready

    def _altered_records(self, cell: Cell) -> RecordSet:
        """Its records of which the server made something else of our values in an earlier run."""
        return union(RecordSet(self.altered.get(name, {})) for name in cell.fields) & cell.records

    def _from_altered(self, cell: Cell, row: Row, reader: OdooReader) -> Cell:
        """What is left to do, from what the server made of our value: it is tried again, as long as nobody wrote the
        record since. What is there came with it."""
        if not self._altered_records(cell) or row[WRITER] != reader.identity.uid:
            return cell
        record = row["id"]
        changes = (
            replace(change, before=self.altered.get(change.field, {}).get(record, change.before))
            for change in cell.changes
        )
        return replace(cell, changes=tuple(one for one in changes if one.pin or not self._at_goal(one, row)))

    def _at_goal(self, change: Pending, row: Row) -> bool:
        return self.rules.same(change.field, self.rules.current(change.field, row[change.field]), change.after)

    def _settle_unwritten(self, verdict: Verdict, settled: Settlement) -> None:
        """What needs no write, and whether it is so by our hand."""
        record, ours = verdict.record, verdict.record in self.in_flight
        shared = [change for change in verdict.there if change.field in self.rules.shared]
        if verdict.arrived and (ours or not shared):
            settled.every(verdict.records, "applied" if ours else "already")
        elif ours and not verdict.ready and not verdict.held:
            # A write does all or nothing: a person changed the rest after ours.
            for change in verdict.there:
                settled.settle_field(record, change, "applied")
        else:
            # It came with another record of the same contact.
            for change in shared:
                settled.settle_field(record, change, "applied")
            for change in verdict.there if verdict.arrived else ():
                if change not in shared:
                    settled.settle_field(record, change, "already")


def rows_of(cells: Sequence[Cell], model: str, reader: OdooReader) -> dict[int, Row]:
    """What the records of these cells hold, and who wrote them last; without those that are gone or hidden."""
    records = union(cell.records for cell in cells)
    names = [*fields_of(cells), WRITER]
    return {row["id"]: row for row in reader.read(model, list(records), names)} if records else {}
