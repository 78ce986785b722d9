"""Domains with more ids than one question takes: asked in parts, and joined as sets."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.odoo.questions import MOST_IDS
from segmenter.portfolio.parts import Asked, search_all
from segmenter.record_set import RecordSet
from tests.support.sales import Shop

MANY = MOST_IDS + 500
SCOPE = [["name", "!=", "Consultant"]]


@pytest.fixture(scope="module")
def shop() -> Shop:
    """Contacts with numbers for names; of each third one there is a lead, and some leads are of nobody."""
    shop = Shop()
    for number in range(MANY + 100):
        shop.contact(str(number), color=number % 3)
    for number in range(0, MANY + 100, 3):
        shop.lead(str(number), str(number))
    shop.lead("of nobody", None)
    return shop


def ids(shop: Shop) -> list[int]:
    return [shop.ids[str(number)] for number in range(MANY)]


DOMAINS: dict[str, Any] = {
    "their own ids": lambda ids: [["id", "in", ids]],
    "none of their ids": lambda ids: [["id", "not in", ids]],
    "or something else": lambda ids: ["|", ["id", "in", ids[:-300]], ["name", "=", "0"]],
    "and something else": lambda ids: ["&", ["color", "=", 1], "&", ["id", "not in", ids[200:]], ["id", "in", ids]],
    "negated": lambda ids: ["!", "&", ["color", "=", 2], ["id", "in", ids]],
    "few enough": lambda ids: [["id", "in", ids[:150]]],
}


@pytest.mark.parametrize("name", DOMAINS)
def test_it_takes_what_the_domain_takes(shop: Shop, name: str) -> None:
    domain = DOMAINS[name](ids(shop))
    every = RecordSet(shop.reader.search("res.partner", SCOPE))
    (found,) = search_all(shop.reader, "res.partner", SCOPE, [domain], every)
    assert found == shop.server.take("res.partner", [*SCOPE, *domain])
    assert 0 < len(found) < len(every)


@pytest.mark.parametrize("operator", ["in", "not in"])
def test_long_lists_of_other_records_are_asked_in_portions(shop: Shop, operator: str) -> None:
    domain: list[Any] = ["|", ["partner_id", operator, ids(shop)], ["name", "=", "3"]]
    every = RecordSet(shop.reader.search("crm.lead", []))
    assert len(Asked([], domain).questions) == 4  # three portions, and the name
    (found,) = search_all(shop.reader, "crm.lead", [], [domain], every)
    assert found == shop.server.take("crm.lead", domain)


def test_what_fits_is_one_question(shop: Shop) -> None:
    domain = ["|", ["id", "in", ids(shop)[:MOST_IDS]], ["name", "=", "0"]]
    assert len(Asked([], domain).questions) == 1
    assert len(Asked([["id", "in", [*range(1, 200)]]], domain).questions) == 1
    assert Asked([["id", "in", [*range(1, 200)]]], domain).questions != Asked([], domain).questions
