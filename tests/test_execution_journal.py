"""What a run counts: each record once, by the worst that became of it."""

from __future__ import annotations

from pathlib import Path

from segmenter.execution.cells import Pending
from segmenter.execution.journal import Journal, Progress, Settlement
from segmenter.ledger import Left, open_ledger
from segmenter.record_set import RecordSet
from tests.support.ledgers import WHO, make_plan


def test_a_record_of_which_one_field_was_left_counts_as_left(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.save_plan(*make_plan())
        run = ledger.start_run("apply", "P1", WHO)
        journal = Journal(ledger, run.id, 3, seen.append)
        first = Settlement().every(RecordSet([1, 2]), "applied")
        journal.settle(journal.intend(RecordSet([1, 2]), {}), first)
        second = Settlement()
        second.settle_field(1, Pending("tag_ids", [], [7]), "applied")
        second.leave_field(Left(1, "", "priority", "failed", "3", "1", "why"))
        second.leave(RecordSet([3]), "missing", "gone")
        journal.settle(journal.intend(RecordSet([1, 3]), {}), second)
        third = Settlement().every(RecordSet([1]), "applied")
        journal.settle(journal.intend(RecordSet([1]), {}), third)
        assert journal.counts == {"applied": 1, "failed": 1, "missing": 1}
        assert [(one.done, one.total) for one in seen] == [(2, 3), (3, 3), (3, 3)]
        assert [(one.record, one.field) for one in journal.left] == [(1, "priority"), (3, "")]
        assert {(one.record, one.field, one.outcome) for one in ledger.outcomes(run.id)} >= {(2, "", "applied")}
