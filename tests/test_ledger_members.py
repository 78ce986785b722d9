"""Who belongs where in a plan: kept beside its head, proven, and missing in plans of older ledgers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import text

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, open_ledger
from segmenter.plans.plan import Members
from segmenter.record_set import RecordSet
from tests.support.ledgers import make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]

OLD = Path(__file__).parent / "support" / "old_ledgers" / "version3.sqlite.gz"
MEMBERS = Members(RecordSet([1, 2, 3, 70000]), RecordSet([9]), (RecordSet([1, 3]), RecordSet(), RecordSet([2, 70000])))


def test_they_come_back_as_they_were_saved(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan(), MEMBERS)
    ledger.save_plan(*make_plan(), Members(RecordSet(), RecordSet(), ()))
    assert ledger.members("P1") == MEMBERS
    assert ledger.members("P2") == Members(RecordSet(), RecordSet(), ())
    assert ledger.verify_chain().ok


def test_a_plan_may_have_none(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    assert ledger.members("P1") is None
    assert ledger.verify_chain().ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members SET position = 7 WHERE position = 2",
        "UPDATE members SET records = (SELECT records FROM members WHERE position = 3) WHERE position = 2",
        "DELETE FROM members WHERE position = 4",
        "DELETE FROM members",
    ],
)
def test_what_is_altered_of_them_is_found(ledger: Ledger, statement: str) -> None:
    ledger.save_plan(*make_plan(), MEMBERS)
    with ledger._store.engine.connect() as connection:
        assert connection.execute(text(statement)).rowcount
        connection.commit()
    with pytest.raises(LedgerError, match="damaged at plan P1"):
        ledger.members("P1")
    report = ledger.verify_chain()
    assert (report.ok, report.broken_at) == (False, 1)


def test_a_set_that_no_entry_speaks_of_is_found(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan(), MEMBERS)
    ledger.save_plan(*make_plan())
    with ledger._store.engine.connect() as connection:
        connection.execute(text("INSERT INTO members SELECT 2, position, records FROM members WHERE plan = 1"))
        connection.commit()
    assert not ledger.verify_chain().ok


def test_a_ledger_of_version_3_is_brought_up_and_its_plans_have_none(tmp_path: Path) -> None:
    file = tmp_path / "segmenter.ledger"
    file.write_bytes(gzip.decompress(OLD.read_bytes()))
    with open_ledger(file) as ledger:
        assert [plan.id for plan in ledger.plans()] == ["P1", "P2"]
        assert ledger.members("P1") is None
        ledger.save_plan(*make_plan(), MEMBERS)
        assert ledger.members("P3") == MEMBERS
        assert ledger.verify_chain().ok
