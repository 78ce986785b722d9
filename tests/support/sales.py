"""A CRM in memory in which contacts have orders and activities: what people bought and did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segmenter.conditions import Bound, bind, parse
from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.rights import OPERATIONS
from segmenter.embedded.schema import FieldDef, ModelDef, load
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.spec.document import read
from tests.support.conditions_crm import NOW

CLOCK = NOW
CLP, USD = 1, 2


def _field(name: str, kind: str, english: str, **about: Any) -> FieldDef:
    return FieldDef(name, kind, {"en": english, "es": english}, **about)


_STATES = (
    ("draft", "Quotation", "Cotización"),
    ("sale", "Sales Order", "Orden de venta"),
    ("done", "Locked", "Cerrada"),
)
ORDERS = [
    _field("id", "integer", "ID"),
    _field("display_name", "char", "Display Name"),
    _field("name", "char", "Order Reference"),
    _field("active", "boolean", "Active"),
    _field("partner_id", "many2one", "Customer", relation="res.partner"),
    _field("currency_id", "many2one", "Currency", relation="res.currency"),
    _field("amount_total", "monetary", "Total", currency_field="currency_id"),
    _field("amount_signed", "monetary", "Total in Company Currency", currency_field="company_currency_id"),
    _field("lines", "integer", "Lines"),
    _field("date_order", "datetime", "Order Date"),
    _field("validity_date", "date", "Expiration"),
    _field("state", "selection", "Status", selection=_STATES),
    _field("count_now", "integer", "Computed", store=False, searchable=False),
]
ACTIVITIES = [
    _field("id", "integer", "ID"),
    _field("display_name", "char", "Display Name"),
    _field("res_model", "char", "Model"),
    _field("res_id", "many2one_reference", "Record"),
    _field("date_deadline", "date", "Due Date"),
]
_OF_CONTACTS = [
    _field("sale_order_ids", "one2many", "Orders", relation="sale.order", relation_field="partner_id"),
    _field("activity_ids", "one2many", "Activities", relation="mail.activity", relation_field="res_id"),
    _field("computed_ids", "one2many", "Computed", relation="sale.order", relation_field="partner_id", store=False),
    _field(
        "filtered_ids",
        *("one2many", "Late Orders"),
        relation="sale.order",
        relation_field="partner_id",
        domain=(("state", "=", "sale"), ("active", "=", True)),
    ),
]


class Shop:
    """Contacts and what they bought. ``may_read``: the models that the user may read beside contacts and leads."""

    def __init__(self, *may_read: str) -> None:
        known = load()
        partner = known["res.partner"]
        models = {
            **known,
            "res.partner": replace(partner, fields=partner.fields | {one.name: one for one in _OF_CONTACTS}),
            "sale.order": ModelDef("sale.order", {one.name: one for one in ORDERS}),
            "mail.activity": ModelDef("mail.activity", {one.name: one for one in ACTIVITIES}),
        }
        self.tables = Tables(models)
        add = self.tables.add
        add("res.lang", name="English", code="en_US", active=True)
        add("res.currency", id=CLP, name="CLP", active=True)
        add("res.currency", id=USD, name="USD", active=True)
        company = add("res.company", name="Viveros", active=True, currency_id=CLP)
        person = add("res.partner", name="Consultant", active=True)
        user = add("res.users", name="Consultant", login="c", partner_id=person, company_id=company, active=True)
        readable = {*known, *(may_read or ("sale.order", "mail.activity"))}
        self.tables.access = {model: frozenset(OPERATIONS if model in readable else ()) for model in models}
        self.server = EmbeddedServer(self.tables, uid=user, login="c")
        self.reader = OdooReader(self.server, language="en_US", timezone="America/Santiago")
        self.catalog = Catalog(self.reader)
        self.ids: dict[str, int] = {"Consultant": person}

    def contact(self, name: str, parent: str = "", **cells: Any) -> int:
        """A contact, of a company if one is named; called by its name from then on."""
        above = self.ids[parent] if parent else None
        id_ = self.tables.add("res.partner", name=name, active=True, parent_id=above, **cells)
        row = self.tables.rows["res.partner"][id_]
        row["commercial_partner_id"] = self.tables.cell("res.partner", above, "commercial_partner_id") if above else id_
        self.ids[name] = id_
        return id_

    def order(self, of: str, amount: float = 0, on: str = "2026-11-01 12:00:00", **cells: Any) -> int:
        """An order of a contact, in pesos unless said."""
        about = {"currency_id": CLP, "state": "sale", "active": True, "date_order": on, "amount_total": amount}
        return self.tables.add("sale.order", name="S", partner_id=self.ids[of], **(about | cells))

    def lead(self, name: str, of: str | None) -> int:
        """An opportunity of a contact."""
        partner = self.ids[of] if of else None
        return self.tables.add("crm.lead", name=name, type="opportunity", active=True, partner_id=partner)

    def activity(self, of: str, model: str = "res.partner") -> int:
        """Something planned with the contact's id, of a record of some model."""
        return self.tables.add("mail.activity", res_model=model, res_id=self.ids[of], date_deadline="2026-12-01")

    def bound(self, text: str, model: str = "res.partner") -> Bound:
        """A condition, as YAML, on this CRM."""
        found, problems = self.tried(text, model)
        assert found is not None, problems
        return found

    def tried(self, text: str, model: str = "res.partner") -> tuple[Bound | None, list[Problem]]:
        """The condition, and what is wrong with it."""
        problems: list[Problem] = []
        condition = parse(read(text, "test").data, (), problems)
        found = condition and bind(condition, model, self.catalog, CLOCK, problems)
        return found, problems


def asked_anew(shop: Shop) -> Shop:
    """The same CRM, of which nothing is known yet."""
    shop.catalog = Catalog(shop.reader)
    return shop
