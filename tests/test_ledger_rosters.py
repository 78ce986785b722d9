"""What the records of a plan held: kept beside its changes, proven, and missing in plans of older ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, open_ledger
from segmenter.ledger.rosters import value_rows
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet
from tests.support.ledgers import make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]

ROSTER = Roster(
    held={
        "stage_id": {1: RecordSet([1, 2, 70000]), None: RecordSet([3])},
        "user_id": {7: RecordSet([1]), 9: RecordSet([2]), None: RecordSet([3, 70000])},
    },
    labels={"stage_id:1": "Nuevo", "user_id:7": "Ana Soto", "user_id:9": "Ñandú & Cía"},
    revenue={1: 1500.5, 70000: 3e9},
    moved={1: "2026-11-24 12:00:00", 3: "2026-01-01 00:00:00"},
    external={1: "__export__.crm_lead_1_1a2b3c4d", 70000: "crm.lead_ñ"},
    lists={2: {"tag_ids": ["Riego, por goteo", "VIP"]}, 70000: {"tag_ids": ["VIP"], "x_temas": ["A"]}},
    told={"city": {2: "Viña del Mar", 70000: "Ñuñoa"}, "phone": {1: "+56 2 1234 5678"}},
)


def saved(ledger: Ledger, roster: Roster | None) -> str:
    return ledger.save_plan(*make_plan(), roster=roster).id


def test_it_comes_back_as_it_was_saved(ledger: Ledger) -> None:
    assert ledger.roster(saved(ledger, ROSTER)) == ROSTER
    bare = Roster({"user_id": {None: RecordSet([1, 2, 3])}})
    assert ledger.roster(saved(ledger, bare)) == bare
    external = Roster({}, external={1: "crm.lead_1"})  # of a list without stages and salespeople
    assert ledger.roster(saved(ledger, external)) == external
    assert ledger.verify_chain().ok


def test_a_plan_may_have_none(ledger: Ledger) -> None:
    assert ledger.roster(saved(ledger, None)) is None
    assert ledger.verify_chain().ok


@given(st.dictionaries(st.integers(1, 2**31), st.floats(allow_nan=True), max_size=30))
def test_amounts_that_are_nothing_or_no_number_take_no_room(revenue: dict[int, float]) -> None:
    kept = sum(bool(amount) and amount == amount and abs(amount) != float("inf") for amount in revenue.values())
    rows = list(value_rows(Roster({}, revenue=revenue)))
    assert len(rows) == bool(kept)


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE holdings SET held = \'["user_id",9,"Ana Soto"]\' WHERE position = 2',
        "UPDATE holdings SET records = (SELECT records FROM holdings WHERE position = 3) WHERE position = 2",
        "DELETE FROM holdings",
        "UPDATE readings SET what = 'revenue2' WHERE what = 'revenue'",
        "DELETE FROM readings WHERE what = 'moved'",
    ],
)
def test_what_is_altered_of_it_is_found(ledger: Ledger, statement: str) -> None:
    plan = saved(ledger, ROSTER)
    with ledger._store.engine.connect() as connection:
        assert connection.execute(text(statement)).rowcount
        connection.commit()
    with pytest.raises(LedgerError, match="damaged at plan P1"):
        ledger.roster(plan)
    report = ledger.verify_chain()
    assert (report.ok, report.broken_at) == (False, 1)


def test_a_reading_that_no_entry_speaks_of_is_found(ledger: Ledger) -> None:
    saved(ledger, ROSTER)
    saved(ledger, None)
    with ledger._store.engine.connect() as connection:
        connection.execute(text('INSERT INTO readings SELECT 2, what, first, last, "read" FROM readings'))
        connection.commit()
    assert not ledger.verify_chain().ok


def test_a_ledger_of_version_4_is_brought_up_and_its_plans_have_none(tmp_path: Path) -> None:
    file = tmp_path / "segmenter.ledger"
    with open_ledger(file) as ledger:
        saved(ledger, None)
        with ledger._store.engine.connect() as connection:
            for statement in (
                *("DROP TABLE holdings", "DROP TABLE readings"),
                "UPDATE meta SET value = '4' WHERE key = 'schema_version'",
            ):
                connection.execute(text(statement))
            connection.commit()
    with open_ledger(file) as ledger:
        assert ledger.roster("P1") is None
        assert ledger.roster(saved(ledger, ROSTER)) == ROSTER
        assert ledger.verify_chain().ok
