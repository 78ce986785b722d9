"""A lead and its contact in Odoo 19: the contact fills the lead; e-mail and phone then go both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmenter.embedded.effects import Change, normalized
from segmenter.embedded.tables import Tables

ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
SHARED = {"email_from": "email", "phone": "phone"}
"""Fields of a lead and what they are called on its contact."""


def fill_from_contact(change: Change) -> None:
    """A lead that gets a contact gets its names, address, e-mail and phone too, save what the caller set."""
    new, tables = change.new, change.tables
    if "partner_id" not in change.given:
        return
    partner = new.get("partner_id")
    found: dict[str, Any] = (
        {"contact_name": None, "partner_name": None} if not partner else _filled(tables, new, partner)
    )
    new.update({name: value for name, value in found.items() if name not in change.given})


def _filled(tables: Tables, new: dict[str, Any], partner: int) -> dict[str, Any]:
    row = tables.rows["res.partner"][partner]
    is_company, parent = row.get("is_company"), row.get("parent_id")
    company = tables.cell("res.partner", parent, "name") if parent else None
    company = company or (row.get("name") if is_company else row.get("company_name"))
    found = {
        "contact_name": (None if is_company else row.get("name")) or new.get("contact_name"),
        "partner_name": company or new.get("partner_name"),
        "function": row.get("function") or new.get("function"),
        "website": row.get("website") or new.get("website"),
        "lang_id": next((lang for lang, of in tables.rows["res.lang"].items() if of["code"] == row.get("lang")), None),
    }
    if any(row.get(name) for name in ADDRESS):
        found |= {name: row.get(name) for name in ADDRESS}
    return found | {
        name: row[theirs] for name, theirs in SHARED.items() if row.get(theirs) and differ(row[theirs], new.get(name))
    }


def _in_company(change: Change) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """A written address or tax number goes down to the contacts of a company, and up from a contact to its company."""
    rows, new, parent = change.tables.rows["res.partner"], change.new, change.new.get("parent_id")
    address = {name: new.get(name) for name in ADDRESS if name in change.given}
    number = {"vat": new.get("vat")} if "vat" in change.given else {}
    if change.given & {"name", "is_company"} or _moved_up(change):
        # Those below are called after it, and are of its company.
        for child in change.tables.holders("res.partner", "parent_id", new["id"]):
            yield "res.partner", child, {}
    if "company_id" in change.given:
        # Which of the database's own companies a contact is of goes down to the last below it.
        for below_it in change.tables.holders("res.partner", "parent_id", new["id"]):
            if rows[below_it].get("company_id") != new.get("company_id"):
                yield "res.partner", below_it, {"company_id": new.get("company_id")}
    for other in [*change.tables.holders("res.partner", "parent_id", new["id"]), *([parent] if parent else [])]:
        below = new if other == parent else rows[other]
        shared = dict(address) if below.get("type") == "contact" else {}
        if not below.get("is_company") and (other != parent or new.get("vat")):
            # A number that is taken from a contact is not taken from its company.
            shared |= number
        if cells := {name: value for name, value in shared.items() if rows[other].get(name) != value}:
            yield "res.partner", other, cells


def _moved_up(change: Change) -> bool:
    """Whether its own company is another one now."""
    return bool(change.old and change.old.get("commercial_partner_id") != change.new.get("commercial_partner_id"))


def differ(one: str | None, other: str | None) -> bool:
    """Whether two e-mail addresses or numbers are not the same, however they are written."""
    return (normalized(one) or one or None) != (normalized(other) or other or None)


def echoes(change: Change, model: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """What else changes once a row is put: (model, record, cells). A lead's e-mail reaches its contact, and from there
    every other lead of that contact; an address is a company's and its contacts' together."""
    tables, new = change.tables, change.new
    if model == "res.partner" and change.old is not None:
        yield from _in_company(change)
    for ours, theirs in SHARED.items():
        if model == "crm.lead" and ours in change.given and new.get(ours) and new.get("partner_id"):
            if differ(new[ours], tables.cell("res.partner", new["partner_id"], theirs)):
                yield "res.partner", new["partner_id"], {theirs: new[ours]}
        elif model == "res.partner" and theirs in change.given and new.get(theirs):
            for lead in tables.holders("crm.lead", "partner_id", new["id"]):
                if differ(tables.cell("crm.lead", lead, ours), new[theirs]):
                    yield "crm.lead", lead, {ours: new[theirs]}
