from __future__ import annotations

from segmenter.ledger import Left, UndoPreview
from segmenter.notice import Notice
from segmenter.reports import undo
from tests.support.report_samples import PLAN, printed

PREVIEW = UndoPreview(
    PLAN, "R1", 1200, (Left(7, "Hotel Sol", "priority", "conflict", "3", "0", ""),), (Notice("undo.date_of_change"),)
)


def test_the_preview_counts_and_names() -> None:
    said = printed(undo.terminal(PREVIEW))
    assert "Undoing R1 gives 1,200 records their former values back" in said
    assert "Hotel Sol" in said
    assert "Muy alta" in said
    assert "This stays, or Odoo does it by itself:\n  • The date of the last change" in said


def test_the_document() -> None:
    found = undo.document(PREVIEW)
    assert (found["plan"], found["run"], found["restorable"]) == ("P1", "R1", 1200)
