"""Tables in memory: transactions, ids, inverses."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segmenter.embedded.tables import Tables


def _tags(*names: str) -> Tables:
    tables = Tables()
    for name in names:
        tables.add("crm.tag", name=name)
    return tables


STEPS = st.lists(st.tuples(st.integers(1, 5), st.one_of(st.none(), st.text(max_size=3))), max_size=12)


@given(STEPS, STEPS)
def test_a_transaction_that_fails_leaves_the_tables_as_they_were(before: Any, inside: Any) -> None:
    tables = _tags()

    def change(steps: Any) -> None:
        for record, name in steps:
            tables.put("crm.tag", record, None if name is None else {"name": name})

    change(before)
    kept = dict(tables.rows["crm.tag"])
    with suppress(ZeroDivisionError), tables.transaction():
        change(inside)
        raise ZeroDivisionError
    assert tables.rows["crm.tag"] == kept


def test_a_transaction_within_another_is_part_of_it() -> None:
    tables = _tags()
    with suppress(ZeroDivisionError), tables.transaction():
        with tables.transaction():
            tables.add("crm.tag", name="gone")
        raise ZeroDivisionError
    assert tables.rows["crm.tag"] == {}


def test_an_id_is_never_given_twice() -> None:
    tables = _tags("one")
    tables.put("crm.tag", 1, None)
    assert tables.add("crm.tag", name="two") == 2
    assert tables.add("crm.tag", id=10, name="ten") == 10
    assert tables.new_id("crm.tag") == 11


def test_cells_of_records_that_are_gone_are_empty() -> None:
    tables = _tags("one")
    assert tables.cell("crm.tag", 1, "name") == "one"
    assert tables.cell("crm.tag", 1, "color") == 0
    assert tables.cell("crm.tag", 99, "name") is None


def test_holders_follow_every_change() -> None:
    tables = Tables()
    partner = tables.add("res.partner", name="Sol")
    lead = tables.add("crm.lead", name="one", partner_id=partner)
    assert tables.holders("crm.lead", "partner_id", partner) == [lead]
    other = tables.add("crm.lead", name="two", partner_id=partner)
    assert tables.holders("crm.lead", "partner_id", partner) == [lead, other]
    tables.put("crm.lead", lead, None)
    assert tables.holders("crm.lead", "partner_id", partner) == [other]


def test_moments_are_whole_seconds_in_utc() -> None:
    tables = Tables(now=lambda: datetime(2026, 3, 1, 2, 3, 4, 567, tzinfo=UTC))
    assert tables.now() == "2026-03-01 02:03:04"
    assert tables.rows["crm.tag"][tables.add("crm.tag", name="x")]["write_date"] == "2026-03-01 02:03:04"
