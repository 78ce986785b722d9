"""The history of one record: everything ever done to it, and what was taken back."""

from __future__ import annotations

from segmenter.ledger import Ledger, Outcome
from tests.support.ledgers import SERVER, WHO, make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]

VALUES = {"tag_ids": [[4, 5]], "priority": "3"}


def run(
    ledger: Ledger, kind: str, root: str | None, *outcomes: Outcome, plan: str = "P1", values: object = VALUES
) -> str:
    started = ledger.start_run(kind, plan, WHO, root).id  # type: ignore[arg-type]
    ledger.intend(started, 1, {"kind": "records", "records": sorted({o.record for o in outcomes}), "values": values})
    ledger.settle(started, 1, outcomes)
    return started


def told(ledger: Ledger, record: int = 2, **where: str) -> list[tuple[object, ...]]:
    events = ledger.history("crm.lead", record, database=where.pop("database", "crm"), **where)
    return [(e.run, e.field, e.before, e.after, e.outcome, e.undone) for e in events]


def test_a_record_that_nothing_was_done_to_has_no_history(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    run(ledger, "apply", None, Outcome(1, "", "applied"))
    assert told(ledger) == []
    assert told(ledger, record=99) == []


def test_an_apply_is_told_field_by_field_with_all_that_is_known(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    run(ledger, "apply", None, Outcome(1, "", "applied"), Outcome(2, "", "applied"))
    assert told(ledger) == [
        ("R1", "tag_ids", [3], [5, 8], "applied", False),
        ("R1", "priority", "0", "3", "applied", False),
    ]
    event = ledger.history("crm.lead", 2, database="crm")[0]
    assert (event.plan, event.kind, event.who) == ("P1", "apply", WHO)
    assert (event.segmentation, event.segment) == ("Nivel", "Alto")
    assert event.at >= ledger.run("R1").started_at


def test_only_the_fields_that_a_batch_wrote_are_told(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    run(ledger, "apply", None, Outcome(2, "", "applied"), values={"priority": "3", "team_id": 4})
    assert told(ledger) == [("R1", "priority", "0", "3", "applied", False)]


def test_an_undo_is_told_and_marks_what_it_took_back(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    root = run(ledger, "apply", None, Outcome(2, "", "applied"))
    run(ledger, "undo", root, Outcome(2, "priority", "applied"), Outcome(2, "tag_ids", "conflict", "", [9]))
    assert told(ledger) == [
        ("R1", "tag_ids", [3], [5, 8], "applied", False),
        ("R1", "priority", "0", "3", "applied", True),
        ("R2", "priority", "3", "0", "applied", False),
        ("R2", "tag_ids", [5, 8], [3], "conflict", False),
    ]
    assert ledger.history("crm.lead", 2, database="crm")[-1].found == [9]
    run(ledger, "resume", root, Outcome(2, "priority", "applied"))
    assert told(ledger)[-1] == ("R3", "priority", "0", "3", "applied", False)
    assert told(ledger)[1][-1] is True


def test_an_undo_takes_back_nothing_of_another_family(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    run(ledger, "apply", None, Outcome(2, "priority", "applied"))
    other = run(ledger, "apply", None, Outcome(2, "priority", "applied"))
    run(ledger, "undo", other, Outcome(2, "", "applied"))
    assert [(event[0], event[-1]) for event in told(ledger) if event[1] == "priority"] == [
        ("R1", False),
        ("R2", True),
        ("R3", False),
    ]


def test_a_batch_without_an_outcome_leaves_the_record_unknown(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    ledger.start_run("apply", "P1", WHO)
    ledger.intend("R1", 1, {"kind": "records", "records": [2], "values": {"priority": "3"}})
    assert told(ledger) == [("R1", "priority", "0", "3", "unknown", False)]
    assert told(ledger, record=1) == []
    ledger.settle("R1", 1, [Outcome(2, "", "applied")])
    assert told(ledger) == [("R1", "priority", "0", "3", "applied", False)]


def test_of_a_batch_settled_twice_the_later_word_is_told(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    run(ledger, "apply", None, Outcome(2, "", "unknown"), values={"priority": "3"})
    ledger.settle("R1", 1, [Outcome(2, "priority", "applied")])
    assert told(ledger) == [("R1", "priority", "0", "3", "applied", False)]


def test_other_databases_models_and_servers_are_other_records(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan(server={**SERVER, "url": "https://other.example"}))
    ledger.save_plan(*make_plan(server={**SERVER, "database": "play"}))
    ledger.save_plan(*make_plan(model="res.partner"))
    ledger.save_plan(*make_plan())
    for plan in ("P1", "P2", "P3", "P4"):
        run(ledger, "apply", None, Outcome(2, "priority", "applied"), plan=plan)
    assert [event[0] for event in told(ledger)] == ["R1", "R4"]
    assert [event[0] for event in told(ledger, url="https://crm.example")] == ["R4"]
    assert [event[0] for event in told(ledger, database="play")] == ["R2"]
    assert [e.run for e in ledger.history("res.partner", 2, database="crm")] == ["R3"]
