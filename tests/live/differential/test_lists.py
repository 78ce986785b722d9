"""What contacts bought and did: generated conditions on lists of records, asked of each server through the product.

The CRM in memory answers the same, and so does the language itself, which reads the server's own rows one by one.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from segmenter.odoo.catalog import Catalog
from tests.support.conditions_meaning import holds
from tests.support.differential.sales import CONTACTS, LEADS, ORDERS, Sold, Stored, in_memory, questions, real
from tests.support.versions import LIVE

CONDITIONS = 400
"""How many different conditions each server answers."""


@pytest.fixture(scope="module", params=LIVE)
def crm(request: pytest.FixtureRequest) -> Sold:
    """On a real Odoo with the module of sales."""
    return real(request.param)


def test_generated_conditions_on_lists_mean_the_same(crm: Sold, pytestconfig: pytest.Config) -> None:
    rows, fields = crm.stored()
    memory = in_memory(rows, crm.ids)
    given_seed = pytestconfig.getoption("--hypothesis-seed")
    chosen = random.SystemRandom().randrange(2**32) if given_seed is None else int(given_seed)
    asked: set[str] = set()
    taking: set[int] = set()

    @seed(chosen)
    @settings(
        max_examples=CONDITIONS,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(questions())
    def everybody_agrees(question: tuple[str, dict[str, object]]) -> None:
        model, condition = question
        found = crm.takes(condition, model)
        meant = frozenset(id_ for id_ in crm.ids[model] if holds(condition, Stored(rows, fields, model, id_)))
        said = f"{json.dumps(condition)} on {model} (seed {chosen})"
        assert found == meant, said
        assert memory.takes(condition, model) == meant, said
        asked.add(repr(question))
        taking.add(len(meant))

    everybody_agrees()
    print(f"{crm.name}: {len(asked)} conditions on lists, which take {len(taking)} different numbers of records")
    assert len(asked) > CONDITIONS / 2
    assert len(taking) > 5


def test_amounts_in_several_currencies_are_refused(crm: Sold) -> None:
    condition = {"sale_order_ids": {"sum": "amount_total", ">=": 1}}
    ordered = crm.ids[ORDERS][0]
    other = "(SELECT min(c.id) FROM res_currency c WHERE c.id <> sale_order.currency_id)"
    crm.sql(f"UPDATE sale_order SET currency_id = {other}, amount_total = 7 WHERE id = {ordered}")
    crm.catalog = Catalog(crm.reader)
    refused = crm.takes(condition, CONTACTS)
    assert isinstance(refused, str)
    assert "is in several currencies" in refused
    (row,) = crm.reader.search_read("sale.order", [["id", "=", ordered]], ["currency_id", "partner_id"])
    one = {"sale_order_ids": {"sum": "amount_total", "where": {"currency_id": row["currency_id"]}, "=": 7}}
    assert crm.takes(one, CONTACTS) == {row["partner_id"]}


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        (CONTACTS, {"message_ids": {"last": "date", "within": "1 day"}}),
        (CONTACTS, {"message_ids": {"count": True, ">=": 1}}),
        (CONTACTS, {"invoice_ids": {"last": "invoice_date", "within": "6 months"}}),
        (CONTACTS, {"invoice_ids": {"sum": "amount_total_signed", "where": {"state": "posted"}, ">=": 1}}),
        (CONTACTS, {"category_id": {"count": True, ">=": 1}}),
        (CONTACTS, {"category_id": {"max": "color", ">=": 0}}),
        (LEADS, {"tag_ids": {"count": True, ">=": 2}}),
        (LEADS, {"order_ids": {"none": True}}),
        (LEADS, {"activity_ids": {"first": "date_deadline", ">=": "2020-01-01"}}),
    ],
    ids=str,
)
def test_other_lists_can_be_asked(crm: Sold, model: str, condition: dict[str, Any]) -> None:
    """By the rights of a salesperson, and by the fields of each version."""
    found = crm.bound(condition, model)
    if "message_ids" in condition and crm.name in ("Odoo 15", "Odoo 16"):
        why = "This server lets administrators alone count messages (mail.message), which message_ids lists"
        assert found == [why]
        return
    assert not isinstance(found, list), found
