"""Runs in the ledger: the journal of their batches, and what it adds up to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmenter.errors import LedgerError
from segmenter.ledger import Applied, Ledger, Outcome, OutcomeSet, Override
from segmenter.record_set import RecordSet
from tests.support.ledgers import WHO, make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]

VALUES = {"tag_ids": [[4, 5]], "priority": "3"}


def batch(ledger: Ledger, run: str, seq: int, outcomes: list[Outcome], values: object = VALUES) -> None:
    ledger.intend(run, seq, {"kind": "records", "records": [o.record for o in outcomes], "values": values})
    ledger.settle(run, seq, outcomes)


@pytest.fixture
def root(ledger: Ledger) -> str:
    """The first run of the first plan."""
    return ledger.start_run("apply", ledger.save_plan(*make_plan()).id, WHO).id


def test_a_run_is_told_from_start_to_end(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    before = datetime.now(UTC).isoformat(timespec="milliseconds")
    run = ledger.start_run("apply", "p1", WHO, note="agreed by mail")
    assert (run.id, run.plan, run.root, run.who, run.note) == ("R1", "P1", "R1", WHO, "agreed by mail")
    assert before <= run.started_at
    assert run.started_at.endswith("+00:00")
    assert (run.status, run.finished_at) == (None, None)
    ledger.record_override("R1", "overwrites", "the client asked for it")
    ledger.finish_run("R1", "conflicts", {"applied": 3, "conflict": 1})
    told = ledger.run("R1")
    assert (told.status, told.summary) == ("conflicts", {"applied": 3, "conflict": 1})
    assert told.finished_at is not None
    assert [replace(o, at="") for o in told.overrides] == [Override("overwrites", "the client asked for it", "")]
    assert ledger.runs() == [told]


def test_families_have_the_first_run_as_root(ledger: Ledger, root: str) -> None:
    resumed = ledger.start_run("resume", "P1", WHO, root)
    assert ledger.start_run("undo", "P1", WHO, resumed.id).root == root == "R1"
    assert ledger.start_run("apply", "P1", WHO).root == "R4"
    assert [run.kind for run in ledger.runs()] == ["apply", "resume", "undo", "apply"]


@pytest.mark.parametrize("wrong", ["R7", "P1", "", "R"])
def test_an_unknown_run_names_the_latest(ledger: Ledger, wrong: str) -> None:
    with pytest.raises(LedgerError, match="apply a plan first"):
        ledger.run(wrong)
    ledger.save_plan(*make_plan())
    for __ in range(6):
        ledger.start_run("apply", "P1", WHO)
    with pytest.raises(LedgerError, match=r"; the latest are R6, R5, R4, R3, R2$"):
        ledger.run(wrong)


def test_what_is_not_there_cannot_be_worked_on(ledger: Ledger, root: str) -> None:
    with pytest.raises(LedgerError, match="no plan P2"):
        ledger.start_run("apply", "P2", WHO)
    with pytest.raises(LedgerError, match="no run R2"):
        ledger.start_run("undo", "P1", WHO, "R2")
    with pytest.raises(LedgerError, match="no run R2"):
        ledger.finish_run("R2", "done", {})
    with pytest.raises(LedgerError, match="no run R2"):
        ledger.record_override("R2", "changes", "so")
    with pytest.raises(ValueError, match="batch 1 of run R1 was never intended"):
        ledger.settle(root, 1, [])
    ledger.intend(root, 1, {})
    with pytest.raises(ValueError, match="batch 1 of run R1 was intended before"):
        ledger.intend(root, 1, {})
    with pytest.raises(ValueError, match="no run id: 'X1'"):
        ledger.intend("X1", 1, {})
    assert ledger.verify_chain().entries == 3


def test_a_batch_is_unsettled_from_its_intent_until_every_outcome_is_known(ledger: Ledger, root: str) -> None:
    what = {"kind": "records", "records": [1, 2], "values": VALUES}
    ledger.intend(root, 1, what)
    (open_batch,) = ledger.unsettled(root)
    assert (open_batch.run, open_batch.seq, open_batch.what) == ("R1", 1, what)
    assert open_batch.unknown == (1, 2)

    ledger.settle(root, 1, [Outcome(1, "", "applied"), Outcome(2, "", "unknown", "time-out")])
    (open_batch,) = ledger.unsettled(root)
    assert open_batch.unknown == (2,)

    ledger.settle(root, 1, [Outcome(2, "", "conflict", found="x")])
    assert ledger.unsettled(root) == []
    assert list(ledger.outcomes(root)) == [Outcome(1, "", "applied"), Outcome(2, "", "conflict", found="x")]


def test_an_intent_without_records_is_unsettled_too(ledger: Ledger, root: str) -> None:
    ledger.intend(root, 3, {"kind": "config"})
    assert [b.seq for b in ledger.unsettled(root)] == [3]


def test_outcomes_come_back_with_what_was_found(ledger: Ledger, root: str) -> None:
    said = [Outcome(1, "priority", "conflict", "ñ", "2"), Outcome(1, "tag_ids", "failed", "", [1, 2])]
    batch(ledger, root, 2, said)
    batch(ledger, root, 1, [Outcome(9, "", "missing")])
    assert list(ledger.outcomes(root)) == [Outcome(9, "", "missing"), *said]


def test_applied_counts_our_writes_alone(ledger: Ledger, root: str) -> None:
    kinds = ["applied", "already", "conflict", "missing", "refused", "failed", "unknown"]
    batch(ledger, root, 1, [Outcome(n, "", kind) for n, kind in enumerate(kinds, start=1)])
    applied = ledger.applied(root)
    assert applied == Applied({"tag_ids": RecordSet([1]), "priority": RecordSet([1])}, {})
    assert set(applied.records) == {1}
    assert applied.has(1, "priority")
    assert not applied.has(1, "stage_id")
    assert not applied.has(2, "priority")


def test_a_field_may_be_applied_where_another_is_not(ledger: Ledger, root: str) -> None:
    batch(ledger, root, 1, [Outcome(1, "priority", "applied"), Outcome(1, "tag_ids", "conflict")])
    assert ledger.applied(root).has(1, "priority")
    assert not ledger.applied(root).has(1, "tag_ids")


def test_applied_follows_the_family_through_resume_and_undo(ledger: Ledger, root: str) -> None:
    batch(ledger, root, 1, [Outcome(1, "", "applied"), Outcome(2, "", "failed"), Outcome(3, "", "applied")])
    batch(ledger, root, 2, [Outcome(4, "", "applied")])
    resumed = ledger.start_run("resume", "P1", WHO, root).id
    batch(ledger, resumed, 1, [Outcome(2, "", "applied")])
    stranger = ledger.start_run("apply", "P1", WHO).id
    batch(ledger, stranger, 1, [Outcome(7, "", "applied")])
    assert set(ledger.applied(resumed).records) == {1, 2, 3, 4}

    undone = ledger.start_run("undo", "P1", WHO, root).id
    batch(ledger, undone, 1, [Outcome(1, "", "applied"), Outcome(2, "", "already"), Outcome(3, "", "conflict")])
    batch(ledger, undone, 2, [Outcome(4, "priority", "applied"), Outcome(4, "tag_ids", "refused")])
    applied = ledger.applied(root)
    assert set(applied.records) == {3, 4}
    assert applied.has(4, "tag_ids")
    assert not applied.has(4, "priority")

    again = ledger.start_run("resume", "P1", WHO, root).id
    batch(ledger, again, 1, [Outcome(1, "", "applied")])
    assert set(ledger.applied(root).records) == {1, 3, 4}


def test_a_record_applied_without_its_fields_counts_for_all_of_them(ledger: Ledger, root: str) -> None:
    batch(ledger, root, 1, [Outcome(1, "", "applied"), Outcome(2, "", "applied")], values={})
    undone = ledger.start_run("undo", "P1", WHO, root).id
    assert ledger.applied(root).has(1, "priority")
    batch(ledger, undone, 1, [Outcome(1, "priority", "applied"), Outcome(2, "", "applied")])
    applied = ledger.applied(root)
    assert (applied.has(1, "priority"), applied.has(1, "tag_ids"), set(applied.records)) == (False, True, {1})
    batch(ledger, ledger.start_run("resume", "P1", WHO, root).id, 1, [Outcome(1, "", "applied")], values={})
    assert ledger.applied(root).has(1, "priority")


@given(st.lists(st.tuples(st.sampled_from(["apply", "undo"]), st.sets(st.integers(1, 4))), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
def test_the_last_run_that_touched_a_record_decides(ledger: Ledger, runs: list[tuple[str, set[int]]]) -> None:
    plan = ledger.save_plan(*make_plan()).id
    family = ledger.start_run("apply", plan, WHO).id
    expected: set[int] = set()
    for kind, records in runs:
        run = ledger.start_run("undo" if kind == "undo" else "resume", plan, WHO, family).id
        batch(ledger, run, 1, [Outcome(record, "", "applied") for record in records])
        expected = expected - records if kind == "undo" else expected | records
    assert set(ledger.applied(family).records) == expected


def test_configuration_keeps_the_ids_that_the_server_gave(ledger: Ledger, root: str) -> None:
    def config(run: str, seq: int, outcome: Outcome) -> None:
        ledger.intend(run, seq, {"kind": "config", "records": [outcome.record], "values": {"name": "Alto"}})
        ledger.settle(run, seq, [outcome])

    config(root, 1, Outcome(-1, "", "applied", found=41))
    config(root, 2, Outcome(-2, "", "already", found=42))
    config(root, 3, Outcome(-3, "", "refused"))
    config(root, 4, Outcome(-4, "", "applied", found=44))
    assert ledger.config_ids(root) == {-1: 41, -2: 42, -4: 44}
    assert ledger.created(root) == {-1: 41, -4: 44}
    assert set(ledger.applied(root).records) == set()

    undone = ledger.start_run("undo", "P1", WHO, root).id
    config(undone, 1, Outcome(-1, "", "applied", found=41))
    config(undone, 2, Outcome(-4, "", "conflict", found=44))
    assert ledger.created(root) == {-4: 44}
    assert ledger.config_ids(root) == {-2: 42, -4: 44}


def test_two_threads_journal_one_run(ledger: Ledger, root: str) -> None:
    def journal(line: int) -> None:
        for seq in range(line, 21, 2):
            batch(ledger, root, seq, [Outcome(seq, "", "applied")])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(journal, (1, 2)))
    assert set(ledger.applied(root).records) == set(range(1, 21))
    assert ledger.unsettled(root) == []
    report = ledger.verify_chain()
    assert (report.ok, report.entries) == (True, 42)


def test_a_record_cannot_be_settled_twice_at_once(ledger: Ledger, root: str) -> None:
    ledger.intend(root, 1, {"records": [1, 2]})
    both = RecordSet([1, 2])
    for twice in (
        [Outcome(1, "", "applied"), Outcome(2, "", "applied"), Outcome(2, "", "applied")],
        [OutcomeSet(both, "priority", "applied"), Outcome(2, "priority", "failed")],
    ):
        with pytest.raises(ValueError, match="a record is settled twice"):
            ledger.settle(root, 1, twice)
    assert list(ledger.outcomes(root)) == []
    assert [b.unknown for b in ledger.unsettled(root)] == [(1, 2)]
    assert ledger.verify_chain().ok


def test_outcomes_are_kept_as_sets_however_they_come(ledger: Ledger, root: str) -> None:
    ledger.intend(root, 1, {"kind": "records", "records": RecordSet(range(1, 10)), "values": VALUES})
    ledger.settle(
        root, 1, [OutcomeSet(RecordSet(range(1, 5)), "", "applied"), *(Outcome(n, "", "applied") for n in (5, 6))]
    )
    assert list(ledger.outcome_sets(root)) == [OutcomeSet(RecordSet(range(1, 7)), "", "applied")]
    assert ledger.applied(root).records_of("priority") == RecordSet(range(1, 7))
    ledger.settle(root, 1, [OutcomeSet(RecordSet([2, 9]), "priority", "conflict", "", "1")])
    assert list(ledger.outcome_sets(root)) == [
        OutcomeSet(RecordSet([1, 3, 4, 5, 6]), "", "applied"),
        OutcomeSet(RecordSet([2, 9]), "priority", "conflict", "", "1"),
    ]
    assert [one.record for one in ledger.outcomes(root)] == [1, 2, 3, 4, 5, 6, 9]
    assert list(ledger.config_outcomes(root)) == []
    assert ledger.verify_chain().ok


def test_a_batch_is_in_question_as_a_set(ledger: Ledger, root: str) -> None:
    ledger.intend(root, 1, {"kind": "records", "records": RecordSet([4, 2]), "values": {}})
    ledger.intend(root, 2, {"kind": "config", "records": [-3], "values": {}})
    first, second = ledger.unsettled(root)
    assert (first.records, first.refs, second.records, second.refs) == (RecordSet([2, 4]), (), RecordSet(), (-3,))
    assert (first.what["records"], first.unknown, second.unknown) == ([2, 4], (2, 4), (-3,))


def test_a_field_taken_back_alone_is_no_longer_among_the_records_of_that_field(ledger: Ledger, root: str) -> None:
    batch(ledger, root, 1, [Outcome(1, "", "applied"), Outcome(2, "", "applied")], values={})
    undone = ledger.start_run("undo", "P1", WHO, root).id
    batch(ledger, undone, 1, [Outcome(1, "priority", "applied")])
    applied = ledger.applied(root)
    assert (applied.records_of("priority"), applied.records_of("tag_ids")) == (RecordSet([2]), RecordSet([1, 2]))
