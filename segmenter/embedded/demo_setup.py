"""What the demo's CRM has before its first prospect: languages, countries, people, teams, stages, tags, sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segmenter.embedded import rights
from segmenter.embedded.demo_words import COUNTRIES
from segmenter.embedded.effects import EFFECTS, Change, Moment
from segmenter.embedded.tables import Tables

WORK_USER = "segmentacion@asesorateya.example"
STAGES = {"Nuevo": 1, "Calificado": 2, "Propuesta": 3, "Ganado": 4}
TAGS = {"Jardinería": 10, "Riego": 4, "Mayorista": 3, "VIP": 9, "No llamar": 1}
SOURCES = {"Referido": 5, "Feria": 4, "Sitio web": 6, "Campaña correo": 3, "Llamada": 2}
MEDIUMS = {"Teléfono": 2, "Correo electrónico": 3, "Web": 4}
REASONS = ("Precio", "Sin presupuesto", "Eligió a otro")
PEOPLE = {
    "admin@viveros.example": ("Administración", rights.ADMINISTRATOR),
    "ana@viveros.example": ("Ana Soto", rights.SALESMAN_OWN),
    "luis@viveros.example": ("Luis Paredes", rights.SALESMAN_OWN),
    "carmen@viveros.example": ("Carmen Vidal", rights.SALES_MANAGER),
    WORK_USER: ("Segmentación AsesórateYa", rights.SALESMAN),
}
"""Logins -> names and groups of the demo's users."""

Ids = dict[tuple[str, str], int]
"""(kind, name) -> id, as ``("stage", "Nuevo")``."""


def configuration(tables: Tables) -> Ids:
    """Adds languages, countries, people, teams, stages, tags and sources; returns their ids."""
    ids: Ids = {}

    def add(kind: str, model: str, name: str, **cells: Any) -> None:
        ids[kind, name] = tables.add(model, name=name, **cells)

    for code, name in (("en_US", "English (US)"), ("es_CL", "Español (CL)"), ("es_PE", "Español (PE)")):
        add("lang", "res.lang", name, code=code, iso_code=code[:2], active=True)
    add("lang", "res.lang", "Español", code="es_ES", iso_code="es", active=True)
    add("currency", "res.currency", "CLP", symbol="$", active=True)
    for country in COUNTRIES:
        add("country", "res.country", country.name, code=country.code, phone_code=country.prefix)
        of_country = ids["country", country.name]
        for region, code in {place.region: place.code for place in country.places}.items():
            add("state", "res.country.state", region, code=code, country_id=of_country)
    add("partner", "res.partner", "Viveros del Maipo", is_company=True, active=True, type="contact")
    company = ids["partner", "Viveros del Maipo"]
    add("company", "res.company", "Viveros del Maipo", partner_id=company, currency_id=1, country_id=1, active=True)
    _people(tables, add, ids)
    for name, sequence in STAGES.items():
        add("stage", "crm.stage", name, sequence=sequence, is_won=name == "Ganado", fold=False, team_ids=())
    for name, color in TAGS.items():
        add("tag", "crm.tag", name, color=color)
    for model, names in (("utm.source", SOURCES), ("utm.medium", MEDIUMS), ("crm.lost.reason", dict.fromkeys(REASONS))):
        for name in names:
            add(model, model, name, **({} if model == "utm.source" else {"active": True}))
    add("campaign", "utm.campaign", "Primavera 2026", title="Primavera 2026", active=True)
    for name in ("Cliente actual", "Proveedor", "Prensa"):
        add("category", "res.partner.category", name, color=5, active=True)
    mine = {"domain": "[('user_id', '=', uid)]", "context": "{}", "sort": "[]", "active": True}
    owner = (ids["user", "ana@viveros.example"],)
    add("filter", "ir.filters", "Mis prospectos", model_id="crm.lead", user_ids=owner, **mine)
    for record in list(tables.rows["res.partner"]):
        settle(tables, "res.partner", record)
    return ids


def _people(tables: Tables, add: Callable[..., None], ids: Ids) -> None:
    """Adds the users with their contacts, and their teams."""
    for login, (name, groups) in PEOPLE.items():
        add("partner", "res.partner", name, email=login, active=True, type="contact")
        cells = {"login": login, "email": login, "partner_id": ids["partner", name], "company_id": 1, "active": True}
        user = tables.add("res.users", name=name, lang="es_CL", tz="America/Santiago", share=False, **cells)
        ids["user", login] = user
        tables.groups[user] = groups | {"crm.group_use_lead"}
    ana, luis, carmen = (ids["user", f"{who}@viveros.example"] for who in ("ana", "luis", "carmen"))
    uses = {"active": True, "use_leads": True, "use_opportunities": True, "sequence": 10, "company_id": 1}
    add("team", "crm.team", "Ventas Cono Sur", user_id=ana, member_ids=(ana, luis), **uses)
    add("team", "crm.team", "Ventas Europa", user_id=carmen, member_ids=(carmen,), **{**uses, "sequence": 20})
    for login, team in (("ana", "Cono Sur"), ("luis", "Cono Sur"), ("carmen", "Europa")):
        user = ids["user", f"{login}@viveros.example"]
        tables.put("res.users", user, {**tables.rows["res.users"][user], "sale_team_id": ids["team", f"Ventas {team}"]})


def settle(tables: Tables, model: str, record: int) -> None:
    """Puts a row with its computed fields, as of the row's own creation date."""
    row = tables.rows[model][record]
    new = {**row, "id": record, "write_date": row["write_date"]}
    moment = Moment(tables, row.get("create_uid") or 1, row["create_date"])
    EFFECTS[model](Change(moment, None, new, frozenset(new)))
    tables.put(model, record, new)
