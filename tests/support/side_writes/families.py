"""Companies, people and leads of every kind that makes a difference to what Odoo writes besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmenter.ledger import Ledger
from tests.support.engagement import ANA, CARMEN, LUIS, Crm, Engagement
from tests.support.undo_law.portfolio import Portfolio, portfolio_of

SOUTH, EUROPE = "Ventas Cono Sur", "Ventas Europa"
CROP = {"name": "abcd1234", "string": "Cultivo", "type": "char"}
SOIL = {"name": "dddd1234", "string": "Suelo", "type": "char", "default": "arena"}

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "res.partner": ("Suelta", "Persona", "Hija", "Filial", "Otra"),
    "crm.lead": ("De Persona", "De Casa", "De nadie", "Sin nada", "Prospecto"),
}
"""Those that are written; around them are those that it may reach."""


def families(crm: Crm, ledger: Ledger, mark: str) -> tuple[Portfolio, dict[str, int]]:
    """The records, and each by its name."""
    e = Engagement(crm, ledger, mark=mark)
    for model in ("crm.tag", "res.partner.category"):
        crm.create(model, {"name": "Otra"})
    ids = _contacts(crm, mark)
    ids |= _leads(e, ids)
    return portfolio_of(e), ids


def _address(crm: Crm, n: int) -> dict[str, Any]:
    country = crm.ids("res.country", [["code", "=", ("CL", "PE")[n % 2]]])[0]
    state = crm.ids("res.country.state", [["country_id", "=", country]])[:1]
    there = {"street": f"Calle {n}", "street2": f"Of. {n}", "zip": f"10{n}", "city": f"Ciudad {n}"}
    return {**there, "country_id": country, "state_id": state[0] if state else False}


def _contacts(crm: Crm, mark: str) -> dict[str, int]:
    ana, luis, carmen = (crm.people[login] for login in (ANA, LUIS, CARMEN))
    company, ids = {"is_company": True}, dict[str, int]()

    def make(name: str, parent: str = "", **values: Any) -> None:
        row = {"name": name, "ref": mark, "parent_id": ids.get(parent, False), **values}
        ids[name] = crm.create("res.partner", row)[0]

    make("Casa", **company, vat="C-1", user_id=ana, email="casa@a.example", phone="+56 2 2000 0001", **_address(crm, 0))
    make("Otra", **company, vat="O-1", user_id=carmen, phone="+56 2 2000 0002", **_address(crm, 1))
    make("Persona", "Casa", type="contact", email="persona@a.example", phone="+56 9 3000 0001", user_id=luis)
    make("Colega", "Casa", type="contact", function="Compras")
    make("Entrega", "Casa", type="delivery", **_address(crm, 3))
    make("Suelta", vat="S-1", user_id=luis, email="suelta@a.example", function="Socia", **_address(crm, 4))
    make("Vacia", **company)
    make("Hija", "Vacia", type="other", email="hija@a.example", user_id=luis, **_address(crm, 5))
    make("Filial", "Casa", **company, type="other", vat="F-1", **_address(crm, 6))
    make("Nieta", "Filial", type="contact", email="nieta@a.example")
    return ids


def _leads(e: Engagement, contacts: Mapping[str, int]) -> dict[str, int]:
    crm = e.crm
    south, europe = crm.teams[SOUTH], crm.teams[EUROPE]
    about = crm.call("crm.lead", "fields_get", [], ["type"])
    with_properties = "lead_properties" in about
    (home,) = crm.ids("res.company", [])[:1]
    crm.write("crm.team", [south], company_id=home)
    crm.write("crm.team", [europe], company_id=False)
    if with_properties:
        crm.write("crm.team", [south], lead_properties_definition=[CROP])
        crm.write("crm.team", [europe], lead_properties_definition=[SOIL])
    ana, carmen = crm.people[ANA], crm.people[CARMEN]
    rows: dict[str, dict[str, Any]] = {
        "De Persona": {"partner_id": contacts["Persona"], "user_id": ana},
        "De Persona también": {"partner_id": contacts["Persona"], "user_id": carmen, "team_id": europe},
        "De Casa": {"partner_id": contacts["Casa"], "user_id": carmen, "team_id": europe},
        "De Casa también": {"partner_id": contacts["Casa"], "user_id": ana},
        "De Suelta": {"partner_id": contacts["Suelta"], "user_id": ana},
        "De nadie": {
            **_address(crm, 8),
            **{"contact_name": "Nadia", "partner_name": "Nadie SA", "email_from": "nadia@a.example"},
            **{"phone": "+56 9 4000 0001", "function": "Gerencia", "user_id": ana},
        },
        "Sin nada": {"user_id": False, "team_id": south},
        "Prospecto": {"type": "lead", "user_id": carmen, "team_id": europe, "email_from": "pro@a.example"},
    }
    ids: dict[str, int] = {}
    for name, values in rows.items():
        row = {"name": name, "referred": e.mark, "type": "opportunity", "expected_revenue": 100.0}
        row |= {"team_id": south, "stage_id": crm.stages["Calificado"], **values}
        (ids[name],) = crm.create("crm.lead", row)
        if with_properties:
            called = "abcd1234" if row["team_id"] == south else "dddd1234"
            crm.write("crm.lead", [ids[name]], lead_properties={called: "olivo"})
    return ids
