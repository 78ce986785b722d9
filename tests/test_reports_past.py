from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from segmenter.ledger import Ledger, Left, Outcome, OutcomeKind, open_ledger
from segmenter.reports import past
from tests.support.report_samples import CHANGES, PLAN, WHO
from tests.support.sets import as_sets


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        opened.save_plan(replace(PLAN, id=""), *as_sets(CHANGES))
        yield opened


def _run(ledger: Ledger, *batches: list[Outcome], kind: str = "apply") -> str:
    run = ledger.start_run(kind, "P1", WHO)  # type: ignore[arg-type]
    for seq, outcomes in enumerate(batches, 1):
        ledger.intend(run.id, seq, {"kind": "records", "records": [one.record for one in outcomes], "values": {}})
        ledger.settle(run.id, seq, outcomes)
    return run.id


def test_the_ledger_tells_a_run_again(ledger: Ledger) -> None:
    run = _run(ledger, [Outcome(7, "", "applied"), Outcome(9, "expected_revenue", "conflict", "", 10)])
    found = past.from_ledger(ledger, run)
    assert found.counts == {"applied": 1, "conflict": 1}
    assert found.left == (Left(9, "=cmd()", "expected_revenue", "conflict", 1234567.5, 10, ""),)


def test_the_last_word_on_a_record_counts(ledger: Ledger) -> None:
    run = _run(
        ledger, [Outcome(7, "", "refused", "all of them"), Outcome(9, "", "refused")], [Outcome(7, "", "applied")]
    )
    found = past.from_ledger(ledger, run)
    assert found.counts == {"applied": 1, "refused": 1}
    assert [one.record for one in found.left] == [9]


def test_a_record_that_was_left_in_part_counts_as_left(ledger: Ledger) -> None:
    run = _run(ledger, [Outcome(7, "priority", "conflict", "", "1")], [Outcome(7, "tag_ids", "applied")])
    assert past.from_ledger(ledger, run).counts == {"conflict": 1}


@pytest.mark.parametrize(
    ("kind", "outcome", "expected"),
    [("apply", "conflict", "0"), ("apply", "failed", "3"), ("undo", "conflict", "3"), ("undo", "failed", "0")],
)
def test_what_was_expected_depends_on_the_direction(
    ledger: Ledger, kind: str, outcome: OutcomeKind, expected: str
) -> None:
    run = _run(ledger, [Outcome(7, "priority", outcome, "", "1")], kind=kind)
    assert past.from_ledger(ledger, run).left[0].expected == expected


def test_configuration_is_told_by_name(ledger: Ledger) -> None:
    run = _run(ledger, [Outcome(-1, "", "applied", "", 44)], [Outcome(-2, "", "refused", "no right")])
    found = past.from_ledger(ledger, run)
    assert [one.name for one in found.config] == ["Alto"]
    assert (found.left[0].name, found.left[0].detail) == ("Medio", "no right")
    assert found.counts == {}
