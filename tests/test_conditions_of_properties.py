"""Conditions on the properties of leads, by what their teams call them."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import BoundNot, domain
from tests.support.sales import Shop

SOUTH = [
    {"name": "a1", "string": "Rubro", "type": "selection", "selection": [["h", "Hotel"], ["v", "Vivero"]]},
    {"name": "a2", "string": "Intereses", "type": "tags", "tags": [["r", "Riego", 1], ["p", "Pasto, semillas", 2]]},
    {"name": "a3", "string": "Cultivo principal", "type": "char"},
    {"name": "a4", "string": "Hectáreas", "type": "float"},
    {"name": "a5", "string": "Visitado", "type": "boolean"},
    {"name": "a6", "string": "Visita", "type": "date"},
    {"name": "a7", "string": "Asesora", "type": "many2one", "comodel": "res.partner"},
    {"name": "a8", "string": "Zona", "type": "char"},
]
NORTH = [
    {"name": "b1", "string": "Rubro", "type": "selection", "selection": [["x", "Hotel"], ["y", "Minera"]]},
    {"name": "b2", "string": "Zona", "type": "integer"},
]
LEADS: dict[str, tuple[str, dict[str, Any]]] = {
    "hotel": ("south", {"a1": "h", "a2": ["r", "p"], "a3": "Olivo", "a4": 12.5, "a5": True, "a6": "2026-11-20"}),
    "nursery": ("south", {"a1": "v", "a2": ["r"], "a4": 0, "a6": "2026-01-01"}),
    "blank": ("south", {}),
    "mine": ("north", {"b1": "y"}),
    "inn": ("north", {"b1": "x"}),
    "nowhere": ("", {}),
}


@pytest.fixture(scope="module")
def shop() -> Shop:
    shop = Shop()
    teams = {
        name: shop.tables.add("crm.team", name=name, active=True, lead_properties_definition=defined)
        for name, defined in (("south", SOUTH), ("north", NORTH))
    }
    for name, (team, held) in LEADS.items():
        lead = shop.lead(name, None)
        shop.tables.rows["crm.lead"][lead] |= {"team_id": teams.get(team), "lead_properties": held}
    return shop


def takes(shop: Shop, text: str, *, negated: bool = False) -> set[str]:
    bound = shop.bound(f"property: {text}", "crm.lead")
    found = shop.server.take("crm.lead", domain(BoundNot(bound) if negated else bound))
    return {str(shop.tables.cell("crm.lead", one, "name")) for one in found}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("{Rubro: Hotel}", {"hotel", "inn"}),
        ("{rubro: 5}", None),
        ("{Rubro: [Vivero, Minera]}", {"nursery", "mine"}),
        ("{Rubro: {not: Hotel}}", {"nursery", "blank", "mine", "nowhere"}),
        ("{Rubro: {empty: true}}", {"blank", "nowhere"}),
        ("{Intereses: Riego}", {"hotel", "nursery"}),
        ('{Intereses: {has_all: [Riego, "Pasto, semillas"]}}', {"hotel"}),
        ("{Intereses: {has_none: [Riego]}}", {"blank", "mine", "inn", "nowhere"}),
        ("{Intereses: {empty: false}}", {"hotel", "nursery"}),
        ("{Cultivo principal: {contains: oliv}}", {"hotel"}),
        ("{Cultivo principal: {empty: true}}", {"nursery", "blank", "mine", "inn", "nowhere"}),
        ('{Hectáreas: {">=": 12.25}}', {"hotel"}),
        ('{Hectáreas: {"<": 5}}', {"nursery", "blank", "mine", "inn", "nowhere"}),
        ("{Visitado: true}", {"hotel"}),
        ("{Visitado: false}", {"nursery", "blank", "mine", "inn", "nowhere"}),
        ("{Visita: {within: 30 days}}", {"hotel"}),
        ("{Visita: {older_than: 30 days}}", {"nursery"}),
        ('{Rubro: Hotel, Hectáreas: {">": 1, "<": 20}}', {"hotel"}),
    ],
)
def test_for_whom_it_holds(shop: Shop, condition: str, names: set[str] | None) -> None:
    if names is None:
        assert shop.tried(f"property: {condition}", "crm.lead")[0] is None
        return
    assert takes(shop, condition) == names
    assert takes(shop, condition, negated=True) == LEADS.keys() - names


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("{Rubros: Hotel}", "No team has a property of leads that is called Rubros"),
        ("{Rubro: Hostal}", "Hostal is no value of property (Rubro)"),
        ("{Asesora: Ana}", "The property Asesora leads to records, and no condition can ask for it"),
        ("{Zona: Norte}", "Zona is not the same in all teams: char and integer"),
        ("{Hectáreas: {contains: a}}", "contains does not go with the property Hectáreas"),
        ("{Rubro: {count: true}}", "Rubro is no list of records"),
        ("[Rubro]", "property is a mapping of labels to values"),
        ("{Hectáreas: {'>=': '5'}}", "The value of >= on Hectáreas is not right"),
    ],
)
def test_what_is_refused(shop: Shop, condition: str, what: str) -> None:
    found, problems = shop.tried(f"property: {condition}", "crm.lead")
    assert found is None
    assert [problem.what for problem in problems] == [what]


def test_an_odoo_without_properties_says_since_when_there_are() -> None:
    shop = Shop()
    fields = shop.reader.fields("crm.lead")
    del fields["lead_properties"]
    _found, problems = shop.tried("property: {Rubro: Hotel}", "crm.lead")
    assert [problem.what for problem in problems] == ["This Odoo has no properties of leads: they came with version 16"]
