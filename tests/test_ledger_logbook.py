"""The log of an engagement in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, open_ledger
from tests.support.ledgers import WHO, make_plan
from tests.support.logs import entry

pytest_plugins = ["tests.support.ledger_fixtures"]


def test_entries_come_back_as_they_were_kept(where: str) -> None:
    with open_ledger(where) as ledger:
        first = ledger.add_to_log(entry("definition", "2026-11-24T15:30-03:00", activity="Criterios «ñ»"))
        second = ledger.add_to_log(entry("request", "2026-11-25"))
    with open_ledger(where) as ledger:
        assert ledger.log() == [first, second]
    assert [first.id, second.id] == ["L1", "L2"]
    assert [first.day, second.day] == [date(2026, 11, 24), date(2026, 11, 25)]
    assert first.saved_at


def test_they_need_no_plan_and_mix_with_plans_and_runs(ledger: Ledger) -> None:
    ledger.add_to_log(entry("definition", "2026-11-24"))
    ledger.save_plan(*make_plan())
    ledger.start_run("apply", "P1", WHO)
    ledger.add_to_log(entry("review", "2026-12-01"))
    ledger.finish_run("R1", "done", {})
    assert [one.id for one in ledger.log()] == ["L1", "L2"]
    assert [one.id for one in ledger.plans()] == ["P1"]
    assert [one.status for one in ledger.runs()] == ["done"]
    assert ledger.verify_chain().entries == 5


def test_a_changed_word_breaks_the_chain(ledger: Ledger) -> None:
    ledger.add_to_log(entry("definition", "2026-11-24"))
    ledger.add_to_log(entry("review", "2026-12-01"))
    with ledger._store.engine.connect() as connection:
        connection.execute(text("UPDATE entries SET body = replace(body, 'Acordado', 'Pendiente') WHERE seq = 1"))
        connection.commit()
    assert ledger.verify_chain().broken_at == 1


def test_a_mistake_is_replaced_and_stays(ledger: Ledger) -> None:
    ledger.add_to_log(entry("definition", "2026-11-24", minutes=300))
    ledger.add_to_log(entry("definition", "2026-11-24", replaces="L1"))
    ledger.add_to_log(entry("definition", "2026-11-24", minutes=25, replaces="L2"))
    assert [(one.minutes, one.replaced_by) for one in ledger.log()] == [(300, "L2"), (30, "L3"), (25, "")]


def test_only_what_is_there_and_stands_can_be_replaced(ledger: Ledger) -> None:
    ledger.add_to_log(entry("definition", "2026-11-24"))
    ledger.add_to_log(entry("definition", "2026-11-24", replaces="L1"))
    with pytest.raises(LedgerError, match="L1 was replaced by L2 before") as caught:
        ledger.add_to_log(entry("definition", "2026-11-24", replaces="L1"))
    assert "--replaces L2" in caught.value.todo
    with pytest.raises(LedgerError, match="no log entry L9"):
        ledger.add_to_log(entry("definition", "2026-11-24", replaces="L9"))
    with pytest.raises(LedgerError, match="no log entry L2"):
        ledger.add_to_log(replace(entry("definition", "2026-11-24", replaces="L2"), client="Otro"))
    assert len(ledger.log()) == 2
