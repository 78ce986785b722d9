from __future__ import annotations

from dataclasses import replace

from segmenter.ledger import ChainReport, PlanRow
from segmenter.reports import audit
from segmenter.reports.text import Style
from tests.support.report_samples import RUN, printed


def test_the_list_puts_runs_below_their_plan() -> None:
    at = "2026-11-22T10:00:00+00:00"
    row = PlanRow("P1", at, at, "crm.lead", "u", "viveros", "Viveros", "d", "server", 420, 600, "a")
    finished = replace(RUN, summary={"counts": {"applied": 1420}})
    never = replace(RUN, id="R2", kind="undo", status=None)
    lines = printed(audit.listed([row], [finished, never], [], Style("", "UTC"))).splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["P1", "R1", "R2"]
    assert "1,420" in lines[4]
    assert lines[5].endswith("never came to its end")


def test_a_run_that_was_undone_says_so_and_the_login_stands_under_who() -> None:
    at = "2026-11-22T10:00:00+00:00"
    row = PlanRow("P1", at, at, "crm.lead", "u", "viveros", "Viveros", "d", "server", 420, 600, "a")
    applied = replace(RUN, status="conflicts")
    undo = replace(RUN, id="R2", kind="undo")
    partly = printed(audit.listed([row], [applied, replace(undo, status="conflicts")], [], Style("", "UTC")))
    assert "done, conflicts left (undone in part by R2)" in partly
    head, _rule, _plan, first, second = printed(
        audit.listed([row], [applied, undo], [], Style("", "UTC"))
    ).splitlines()[1:]
    assert first.endswith("done, conflicts left (undone by R2)")
    assert second.endswith("done")
    assert head.index("Who") == first.index(RUN.who.work_user)


def test_the_chain() -> None:
    broken = ChainReport(False, 3, "abc", 4, "The ledger was altered at entry 4.")
    assert printed(audit.chain(broken)) == "✗ The ledger was altered at entry 4."
    assert audit.chain_document(broken)["broken_at"] == 4
