"""The hash chain: whatever is altered in the tables shows."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import text

from segmenter.ledger import Ledger, Outcome
from tests.support.ledgers import WHO, make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    """Two plans and a run: 1, 2 plan-saved; 3 run-started; 4 override; 5 intent; 6 outcome; 7 run-finished."""
    ledger.save_plan(*make_plan())
    ledger.save_plan(*make_plan([5]))
    ledger.start_run("apply", "P1", WHO)
    ledger.record_override("R1", "changes", "agreed")
    ledger.intend("R1", 1, {"kind": "records", "records": [1, 2], "values": {"priority": "3"}})
    ledger.settle("R1", 1, [Outcome(1, "", "applied"), Outcome(2, "", "conflict", "", "9")])
    ledger.finish_run("R1", "conflicts", {})
    return ledger


def tamper(ledger: Ledger, *statements: str) -> None:
    with ledger._store.engine.connect() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount
        connection.commit()


def test_a_new_ledger_is_whole(ledger: Ledger) -> None:
    report = ledger.verify_chain()
    assert (report.ok, report.entries, report.head) == (True, 0, "")


def test_an_untouched_ledger_is_whole_and_says_to_keep_its_head(used: Ledger) -> None:
    report = used.verify_chain()
    assert (report.ok, report.entries, report.broken_at) == (True, 7, None)
    assert report.sentence == (
        f"The ledger is whole: 7 entries, head {report.head}. "
        "Keep the head elsewhere: entries cut off the end show only against it."
    )


def test_the_hash_is_what_the_documentation_says(used: Ledger) -> None:
    with used._store.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM entries ORDER BY seq")).mappings().all()
    previous = ""
    for row in rows:
        facts = {name: row[name] for name in ("seq", "at", "kind", "run", "batch", "body")}
        canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert row["previous"] == previous
        assert row["hash"] == (previous := hashlib.sha256((previous + canonical).encode()).hexdigest())


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE entries SET at = '2020-01-01T00:00:00.000+00:00' WHERE seq = 3", 3),
        ("UPDATE entries SET kind = 'intent' WHERE seq = 7", 7),
        ("UPDATE entries SET run = 2 WHERE seq = 5", 5),
        ("UPDATE entries SET batch = 2 WHERE seq = 5", 5),
        ("UPDATE entries SET body = replace(body, 'agreed', 'ordered') WHERE seq = 4", 4),
        ("UPDATE entries SET previous = hash WHERE seq = 2", 2),
        ("UPDATE entries SET hash = previous WHERE seq = 2", 2),
        ("DELETE FROM entries WHERE seq = 1", 2),
        ("DELETE FROM entries WHERE seq = 4", 5),
        ("UPDATE outcome_sets SET outcome = replace(outcome, 'conflict', 'applied') WHERE position = 1", 6),
        ("UPDATE outcome_sets SET outcome = replace(outcome, '\"9\"', '\"8\"') WHERE position = 1", 6),
        ("UPDATE outcome_sets SET records = (SELECT records FROM change_sets WHERE plan = 2 AND position = 0)", 6),
        ("UPDATE outcome_sets SET position = 7 WHERE position = 1", 6),
        ("DELETE FROM outcome_sets WHERE position = 0", 6),
        ("INSERT INTO outcome_sets SELECT entry, 9, outcome, records FROM outcome_sets WHERE position = 0", 6),
        ("UPDATE change_sets SET change = replace(change, '\"0\"', '\"1\"') WHERE plan = 1 AND position = 1", 1),
        ("UPDATE change_sets SET change = 'x' WHERE plan = 2", 2),
        ("UPDATE change_sets SET records = (SELECT names FROM names WHERE plan = 2) WHERE plan = 1", 1),
        ("UPDATE change_sets SET position = 7 WHERE plan = 2 AND position = 1", 2),
        ("DELETE FROM change_sets WHERE plan = 1 AND position = 1", 1),
        ("INSERT INTO change_sets SELECT 2, 9, change, records FROM change_sets WHERE plan = 1 AND position = 1", 2),
        ("UPDATE names SET names = (SELECT records FROM change_sets WHERE plan = 2 AND position = 1)", 1),
        ("UPDATE names SET last = 9 WHERE plan = 2", 2),
        ("DELETE FROM names WHERE plan = 2", 2),
        ("UPDATE plans SET header = replace(header, 'version: 1', 'version: 2') WHERE plan = 2", 2),
    ],
)
def test_what_is_altered_is_found_at_its_entry(used: Ledger, statement: str, entry: int) -> None:
    tamper(used, statement)
    report = used.verify_chain()
    assert (report.ok, report.broken_at) == (False, entry)
    assert report.sentence.startswith(f"The ledger was altered at entry {entry}: ")


def test_a_plan_that_is_gone_is_found(used: Ledger) -> None:
    tamper(
        used,
        "DELETE FROM change_sets WHERE plan = 2",
        "DELETE FROM names WHERE plan = 2",
        "DELETE FROM plans WHERE plan = 2",
    )
    assert used.verify_chain().sentence == "The ledger was altered at entry 2: plan P2 is not what was saved then."


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "INSERT INTO plans SELECT 3, header FROM plans WHERE plan = 1",
            "1 row of the table plans belongs to no entry",
        ),
        (
            "INSERT INTO outcome_sets SELECT 5, 0, outcome, records FROM outcome_sets WHERE position = 0",
            "1 row of the table outcome_sets belongs to no entry",
        ),
        (
            "INSERT INTO outcomes VALUES (5, 1, '', 'applied', '', 'null')",
            "1 row of the table outcomes belongs to no entry",
        ),
    ],
)
def test_rows_that_no_entry_speaks_of_are_found(used: Ledger, statement: str, said: str) -> None:
    tamper(used, statement)
    report = used.verify_chain()
    assert (report.ok, report.broken_at) == (False, None)
    assert said in report.sentence


def test_an_end_that_was_cut_off_shows_only_against_the_head_kept_from_before(used: Ledger) -> None:
    kept = used.verify_chain().head
    tamper(used, "DELETE FROM entries WHERE seq = 7")
    assert used.verify_chain().ok
    report = used.verify_chain(kept)
    assert (report.ok, report.broken_at) == (False, None)
    assert f"the head {kept} kept from before is not in it" in report.sentence


def test_a_head_kept_from_before_is_found_after_more_was_written(used: Ledger) -> None:
    kept = used.verify_chain().head
    used.start_run("undo", "P1", WHO, "R1")
    assert used.verify_chain(f" {kept.upper()} ").ok
