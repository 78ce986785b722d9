"""Leads and their contacts, the same embedded and on real Odoos, but for what a test says of older ones."""

from __future__ import annotations

from segmenter.behaviours.reached import EMPTY_STAYS_ON_LEAD_SINCE
from tests.support.backends import Backend

LEAD = ("contact_name", "partner_name", "email_from", "phone", "city")


def test_a_contact_fills_its_leads(backend: Backend) -> None:
    name = backend.unique("person")
    contact = {"name": name, "email": "a@x.example", "phone": "+56 2 2345 6789", "city": "Lima", "company_name": "Sol"}
    partner = backend.call("res.partner", "create", contact)
    filled = {
        "contact_name": name,
        "partner_name": "Sol" if backend.version > 14 else False,
        "email_from": "a@x.example",
        "phone": "+56 2 2345 6789",
        "city": "Lima",
    }
    assert backend.read("crm.lead", backend.new(partner_id=partner), *LEAD) == filled
    lead = backend.new(contact_name="Zed", email_from="z@x.example", city="Cusco")
    backend.call("crm.lead", "write", [lead], {"partner_id": partner})
    assert backend.read("crm.lead", lead, *LEAD) == filled
    backend.call("crm.lead", "write", [lead], {"partner_id": False})
    # Before 19 it leaves them all.
    taken = {"contact_name": False, "partner_name": False} if backend.version >= 19 else {}
    assert backend.read("crm.lead", lead, *LEAD) == filled | taken


def test_a_company_fills_the_company_name(backend: Backend) -> None:
    name = backend.unique("company")
    company = backend.call("res.partner", "create", {"name": name, "is_company": True})
    lead = backend.new(contact_name="Zed", city="Cusco")
    backend.call("crm.lead", "write", [lead], {"partner_id": company})
    found = backend.read("crm.lead", lead, "contact_name", "partner_name", "city")
    assert found == {"contact_name": "Zed", "partner_name": name, "city": "Cusco"}


def test_an_email_goes_to_the_contact_and_its_other_leads(backend: Backend) -> None:
    partner = backend.new("res.partner", email="a@x.example")
    one, other = backend.new(partner_id=partner), backend.new(partner_id=partner)
    backend.call("crm.lead", "write", [one], {"email_from": "b@x.example"})
    assert backend.read("res.partner", partner, "email") == "b@x.example"
    assert backend.read("crm.lead", other, "email_from") == "b@x.example"
    backend.call("crm.lead", "write", [one], {"email_from": False})
    assert backend.read("crm.lead", one, "email_from") is False
    empty = backend.version < EMPTY_STAYS_ON_LEAD_SINCE  # its contact is emptied too
    assert backend.read("res.partner", partner, "email") == (False if empty else "b@x.example")
    backend.call("res.partner", "write", [partner], {"email": "c@x.example"})
    assert [backend.read("crm.lead", lead, "email_from") for lead in (one, other)] == ["c@x.example"] * 2


def test_an_email_written_otherwise_is_the_same(backend: Backend) -> None:
    partner = backend.new("res.partner", email="a@x.example")
    lead = backend.new(partner_id=partner)
    backend.call("crm.lead", "write", [lead], {"email_from": "A@X.example"})
    # 14 compares letter for letter.
    assert backend.read("res.partner", partner, "email") == ("a@x.example" if backend.version > 14 else "A@X.example")
