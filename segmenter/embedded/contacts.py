"""Keeps a lead and its contact alike, as Odoo 19 does: the contact fills the lead; e-mail and phone go both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmenter.embedded.effects import Change, normalized
from segmenter.embedded.tables import Tables

ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
SHARED = {"email_from": "email", "phone": "phone"}
"""Fields of a lead -> their names on the contact."""


def fill_from_contact(change: Change) -> None:
    """Fills the name, address, e-mail and phone of a lead's new contact into the lead, except what the caller set."""
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
    """Copies a written address or tax number from a company to its contacts, and from a contact to its company."""
    rows, new, parent = change.tables.rows["res.partner"], change.new, change.new.get("parent_id")
    address = {name: new.get(name) for name in ADDRESS if name in change.given}
    number = {"vat": new.get("vat")} if "vat" in change.given else {}
    if change.given & {"name", "is_company"} or _moved_up(change):
        # The names and companies of its contacts depend on it.
        for child in change.tables.holders("res.partner", "parent_id", new["id"]):
            yield "res.partner", child, {}
    if "company_id" in change.given:
        # Contacts inherit the company of the database, on every level.
        for below_it in change.tables.holders("res.partner", "parent_id", new["id"]):
            if rows[below_it].get("company_id") != new.get("company_id"):
                yield "res.partner", below_it, {"company_id": new.get("company_id")}
    for other in [*change.tables.holders("res.partner", "parent_id", new["id"]), *([parent] if parent else [])]:
        below = new if other == parent else rows[other]
        shared = dict(address) if below.get("type") == "contact" else {}
        if not below.get("is_company") and (other != parent or new.get("vat")):
            # Removing the number of a contact does not remove that of its company.
            shared |= number
        if cells := {name: value for name, value in shared.items() if rows[other].get(name) != value}:
            yield "res.partner", other, cells


def _moved_up(change: Change) -> bool:
    """Whether the contact now belongs to another company."""
    return bool(change.old and change.old.get("commercial_partner_id") != change.new.get("commercial_partner_id"))


def differ(first: str | None, other: str | None) -> bool:
    """Whether two e-mail addresses or numbers differ, whatever their spelling."""
    return (normalized(first) or first or None) != (normalized(other) or other or None)


def echoes(change: Change, model: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Changes of other records that follow from a row: (model, record, cells).

    A lead's e-mail goes to its contact, and from there to every other lead of the contact. Companies and their contacts
    share addresses.
    """
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
