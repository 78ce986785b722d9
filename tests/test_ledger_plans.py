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
from segmenter.ledger import Ledger, blobs, open_ledger
from segmenter.plans.changes import Change, ChangeSet
from segmenter.plans.digest import plan_digest
from segmenter.plans.plan import Plan
from segmenter.record_set import RecordSet
from tests.support.ledgers import make_changes, make_head, make_plan, plan_of

pytest_plugins = ["tests.support.ledger_fixtures"]


def test_a_saved_plan_comes_back_with_its_id(ledger: Ledger) -> None:
    plan, changes, names = make_plan([4, 9])
    saved = ledger.save_plan(plan, changes, names)
    assert saved == replace(plan, id="P1", digest=plan_digest(plan, changes))
    assert ledger.change_sets("P1") == tuple(changes)
    assert ledger.names("P1") == dict(names)
    assert ledger.plan("P1") == saved
    assert list(ledger.changes("P1")) == make_changes([4, 9])
    assert ledger.save_plan(*make_plan()).id == "P2"


def test_a_plan_without_changes_is_a_plan(ledger: Ledger) -> None:
    saved = ledger.save_plan(*make_plan([]))
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
        st.integers(1, 2**31 - 1),
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
    saved = ledger.save_plan(*plan_of(changes, make_head()))
    assert list(ledger.changes(saved.id)) == changes
    assert ledger.plan_digest(saved.id) == saved.digest


def test_changes_of_some_records_in_order_however_asked(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "NAMES", 2)
    saved = ledger.save_plan(*make_plan(range(1, 8)))
    assert list(ledger.changes(saved.id)) == make_changes(range(1, 8))
    assert list(ledger.changes(saved.id, records=[6, 2, 99, 2, 5, -1, 2**40])) == make_changes([2, 5, 6])
    assert list(ledger.changes(saved.id, records=RecordSet([5]))) == make_changes([5])
    assert list(ledger.changes(saved.id, records=[])) == []
    assert ledger.names(saved.id, RecordSet([3, 7, 99])) == {3: "Cliente 3 ñ", 7: "Cliente 7 ñ"}
    assert ledger.names(saved.id, RecordSet()) == {}


def test_names_that_go_back_are_refused(ledger: Ledger) -> None:
    plan, changes, names = make_plan([1, 2])
    with pytest.raises(ValueError, match="the name of record 1 after that of 2"):
        ledger.save_plan(plan, changes, reversed(names))
    assert ledger.plans() == []


def test_a_record_without_a_name_is_a_record(ledger: Ledger) -> None:
    plan, changes, names = make_plan([1, 2])
    ledger.save_plan(plan, changes, names[1:])
    assert [change.name for change in ledger.changes("P1")] == ["", "", "Cliente 2 ñ", "Cliente 2 ñ"]


def test_sets_without_records_are_not_kept(ledger: Ledger) -> None:
    plan, changes, names = make_plan([1])
    saved = ledger.save_plan(plan, [replace(changes[0], records=RecordSet()), *changes], names)
    assert ledger.change_sets(saved.id) == tuple(changes)
    assert saved.digest == plan_digest(plan, changes)


def test_an_unknown_plan_names_the_latest(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match=r"no plan P1 .*; make one first"):
        ledger.plan("P1")
    for __ in range(6):
        ledger.save_plan(*make_plan())
    for wrong in ("P7", "R1", "", "Pé", "P" + "9" * 30):
        with pytest.raises(LedgerError, match=r"the latest are P6, P5, P4, P3, P2$"):
            ledger.changes(wrong)
    assert ledger.plan(" p6 ").id == "P6"


def test_the_list_of_plans_is_short_and_in_order(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan([1]))
    ledger.save_plan(*make_plan([1, 2], spec_name="Otro", source="export"))
    first, second = ledger.plans()
    assert (first.id, first.spec_name, first.records, first.changes) == ("P1", "Viveros", 1, 2)
    assert (second.id, second.spec_name, second.records, second.changes) == ("P2", "Otro", 2, 4)
    assert (second.source, second.url, second.database) == ("export", "https://crm.example", "crm")
    assert second.digest == ledger.plan("P2").digest


def test_a_plan_that_breaks_while_it_reads_its_names_leaves_nothing(ledger: Ledger) -> None:
    plan, changes, names = make_plan(range(1, 3000))

    def breaking() -> Iterator[tuple[int, str]]:
        yield from names
        raise ConnectionFailed("gone")

    with pytest.raises(ConnectionFailed):
        ledger.save_plan(plan, changes, breaking())
    assert ledger.plans() == []
    assert ledger.verify_chain().ok
    assert ledger.save_plan(*make_plan()).id == "P1"


def test_others_may_write_while_a_plan_reads_its_names(ledger: Ledger, where: str) -> None:
    plan, changes, names = make_plan(range(1, 3000))

    def slow() -> Iterator[tuple[int, str]]:
        yield from names[:1000]
        with open_ledger(where, patience=0.1) as other:
            other.save_plan(*make_plan())
        yield from names[1000:]

    assert ledger.save_plan(plan, changes, slow()).id == "P2"
    assert ledger.verify_chain().ok


class Name(str):
    """Text that can be counted while it lives."""


def test_memory_does_not_grow_with_the_names(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "NAMES", 50)
    alive: weakref.WeakSet[Name] = weakref.WeakSet()
    most = 0

    def stream() -> Iterator[tuple[int, str]]:
        nonlocal most
        for record in range(1, 1001):
            name = Name(record)
            alive.add(name)
            most = max(most, len(alive))
            yield record, name

    changes = ChangeSet(RecordSet(range(1, 1001)), "priority", "0", "1", "Nivel", "Alto")
    ledger.save_plan(make_head(), [changes], stream())
    assert 0 < most <= 150


def test_a_plan_takes_six_statements_however_many_its_records(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        statements: list[str] = []
        event.listen(ledger._store.engine, "before_cursor_execute", lambda *a: statements.append(a[2].split()[0]))
        ledger.save_plan(*make_plan(range(1, 40001)))
    verbs = [verb for verb in statements if verb != "BEGIN"]
    assert verbs == ["SELECT", "INSERT", "INSERT", "INSERT", "SELECT", "INSERT"]


def test_a_plan_of_a_million_records_is_small_and_fast(tmp_path: Path) -> None:
    records = RecordSet(range(1, 1_000_001))
    changes = ChangeSet(records, "priority", "0", "1", "Nivel", "Alto")
    names = ((record, f"Oportunidad de Comercial Los Andes número {record * 7919 % 1000003}") for record in records)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        plan = ledger.save_plan(make_head(), [changes], names)
    assert (tmp_path / "ledger.db").stat().st_size < 20_000_000
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert ledger.change_sets(plan.id) == (changes,)
        assert ledger.names(plan.id, RecordSet([777_777])).keys() == {777_777}
        assert ledger.verify_chain().ok


def test_two_threads_save_at_once(ledger: Ledger) -> None:
    def save(_n: int) -> Plan:
        return ledger.save_plan(*make_plan(range(1, 50)))

    with ThreadPoolExecutor(2) as pool:
        saved = list(pool.map(save, range(6)))
    assert sorted(plan.id for plan in saved) == [f"P{n}" for n in range(1, 7)]
    assert ledger.verify_chain().ok
