"""Plans in the ledger: what goes in comes out, whole or not at all."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from segmenter.errors import ConnectionFailed, LedgerError
from segmenter.ledger import Ledger, open_ledger, plans
from segmenter.planning.model import Change, Plan
from tests.support.ledgers import MadeDraft, make_changes, make_draft, make_head

pytest_plugins = ["tests.support.ledger_fixtures"]


def test_a_saved_plan_comes_back_with_its_id(ledger: Ledger) -> None:
    draft = make_draft([4, 9])
    saved = ledger.save_plan(draft)
    assert saved == replace(draft.plan(), id="P1")
    assert ledger.plan("P1") == saved
    assert list(ledger.changes("P1")) == make_changes([4, 9])
    assert ledger.save_plan(make_draft()).id == "P2"


def test_a_plan_without_changes_is_a_plan(ledger: Ledger) -> None:
    saved = ledger.save_plan(make_draft([]))
    assert list(ledger.changes(saved.id)) == []
    assert ledger.plan_digest(saved.id) == saved.digest


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)


@given(
    st.dictionaries(
        st.integers(1, 2**62),
        st.lists(st.tuples(values | st.lists(st.integers()), values), min_size=1, max_size=3),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_any_values_come_back_as_they_were(ledger: Ledger, records: dict[int, list[tuple[object, object]]]) -> None:
    changes = [
        Change(record, f"nº {record}", f"x_{n}", before, after, "Nivel", "Alto")
        for record, pairs in sorted(records.items())
        for n, (before, after) in enumerate(pairs)
    ]
    saved = ledger.save_plan(MadeDraft(changes, make_head()))
    assert list(ledger.changes(saved.id)) == changes
    assert ledger.plan_digest(saved.id) == saved.digest


def test_changes_of_some_records_in_order_however_asked(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_IDS", 2)
    monkeypatch.setattr(plans, "_PAGE", 2)
    saved = ledger.save_plan(make_draft(range(1, 8)))
    assert list(ledger.changes(saved.id)) == make_changes(range(1, 8))
    assert list(ledger.changes(saved.id, records=[6, 2, 99, 2, 5])) == make_changes([2, 5, 6])
    assert list(ledger.changes(saved.id, records=[])) == []


def test_a_draft_that_goes_back_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="changes of record 1 after those of 2"):
        ledger.save_plan(make_draft([2, 1]))
    assert ledger.plans() == []


def test_an_unknown_plan_names_the_latest(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match=r"no plan P1 .*; make one first"):
        ledger.plan("P1")
    for __ in range(6):
        ledger.save_plan(make_draft())
    for wrong in ("P7", "R1", "", "Pé", "P" + "9" * 30):
        with pytest.raises(LedgerError, match=r"the latest are P6, P5, P4, P3, P2$"):
            ledger.changes(wrong)
    assert ledger.plan(" p6 ").id == "P6"


def test_the_list_of_plans_is_short_and_in_order(ledger: Ledger) -> None:
    ledger.save_plan(make_draft([1]))
    ledger.save_plan(make_draft([1, 2], spec_name="Otro", source="export"))
    first, second = ledger.plans()
    assert (first.id, first.spec_name, first.records, first.changes) == ("P1", "Viveros", 1, 2)
    assert (second.id, second.spec_name, second.records, second.changes) == ("P2", "Otro", 2, 4)
    assert (second.source, second.url, second.database) == ("export", "https://crm.example", "crm")
    assert second.digest == ledger.plan("P2").digest


def test_a_draft_that_breaks_leaves_nothing(ledger: Ledger) -> None:
    def breaking() -> Iterator[Change]:
        yield from make_changes(range(1, 3000))
        raise ConnectionFailed("gone")

    with pytest.raises(ConnectionFailed):
        ledger.save_plan(MadeDraft(breaking(), make_head()))
    assert ledger.plans() == []
    assert ledger.verify_chain().ok
    assert ledger.save_plan(make_draft()).id == "P1"


def test_others_may_write_while_a_draft_reads_its_server(ledger: Ledger, where: str) -> None:
    def slow() -> Iterator[Change]:
        yield from make_changes(range(1, 3000))
        with open_ledger(where, patience=0.1) as other:
            other.save_plan(make_draft())
        yield from make_changes([3000])

    assert ledger.save_plan(MadeDraft(slow(), make_head())).id == "P2"
    assert ledger.verify_chain().ok


class Name(str):
    """Text that can be counted while it lives."""


def test_memory_does_not_grow_with_the_changes(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_PAGE", 50)
    alive: weakref.WeakSet[Name] = weakref.WeakSet()
    most = 0

    def stream() -> Iterator[Change]:
        nonlocal most
        for record in range(1, 1001):
            name = Name(record)
            alive.add(name)
            most = max(most, len(alive))
            yield Change(record, name, "priority", "0", "1", "Nivel", "Alto")

    ledger.save_plan(MadeDraft(stream(), make_head()))
    assert 0 < most <= 150


def test_saving_takes_one_insert_a_page_and_six_statements_more(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        said: list[str] = []
        event.listen(ledger._store.engine, "before_cursor_execute", lambda *a: said.append(a[2].split()[0]))
        ledger.save_plan(make_draft(range(1, 4001)))
    verbs = [verb for verb in said if verb != "BEGIN"]
    assert verbs == ["CREATE", "INSERT", "INSERT", "SELECT", "INSERT", "INSERT", "SELECT", "INSERT"]


def test_two_threads_save_at_once(ledger: Ledger) -> None:
    def save(_n: int) -> Plan:
        return ledger.save_plan(make_draft(range(1, 50)))

    with ThreadPoolExecutor(2) as pool:
        saved = list(pool.map(save, range(6)))
    assert sorted(plan.id for plan in saved) == [f"P{n}" for n in range(1, 7)]
    assert ledger.verify_chain().ok
