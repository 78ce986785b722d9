"""A lead gets another contact, or none: what else moves is in the plan, and an undo gives all of it back.

The same as where a conversion gives it one (tests/test_e2e_conversion.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from segmenter.behaviours.reached import EMPTY_STAYS_ON_LEAD_SINCE
from segmenter.errors import ExitCode
from segmenter.i18n import speaking
from segmenter.ledger import RunReport
from segmenter.spec.model import Spec
from tests.support import troubles
from tests.support.engagement import Engagement
from tests.support.stored import everything, moved
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]

WITH_SOMEBODY = "it goes back only together with what somebody changed"
SHARED = ("email_from", "phone")
ADDRESS = {"street": "Av. Uno 1", "street2": "Of. 2", "city": "Cusco", "zip": "08000", "function": "Gerente"}
OWN = {
    **{"contact_name": "Nadia", "partner_name": "Nadie SpA", "function": "Socia", "website": "http://nadie.example"},
    **{"street": "Calle 9", "street2": "Piso 3", "city": "Lima", "zip": "15001"},
}
COMPUTED = {"commercial_partner_id", "email_normalized", "email_state", "phone_sanitized", "phone_state"} | {
    "email_domain_criterion"
}
"""What Odoo computes from the contact, the e-mail and the phone."""


@dataclass(frozen=True)
class Situation:
    """Contacts and leads, each by a name for it. ``whole``, ``mute`` and ``silenced``: one with e-mail and phone, one
    that has neither, and one that lost them while its lead kept them."""

    e: Engagement
    contacts: dict[str, int]
    leads: dict[str, int]

    @classmethod
    def of(cls, e: Engagement) -> Situation:
        mark = e.mark.lower()
        rows = {
            "whole": {"email": f"whole.{mark}@x.example", "phone": "+56 2 1111 1111", **ADDRESS},
            "other": {"email": f"other.{mark}@x.example", "phone": "+56 2 2222 2222", **ADDRESS, "city": "Tacna"},
            "company": {"is_company": True, "phone": "+56 2 3333 3333", "city": "Ica"},
            "mute": {},
            "silenced": {"email": f"silenced.{mark}@x.example", "phone": "+56 2 4444 4444"},
        }
        contacts = {
            name: e.crm.create("res.partner", {"name": e.tag(name), **values})[0] for name, values in rows.items()
        }
        leads = {
            "of nobody": {**OWN, "email_from": f"own.{mark}@x.example", "phone": "700"},
            "bare": {},
            "of whole": {"partner_id": contacts["whole"], **OWN},
            "of whole, as it fills": {"partner_id": contacts["whole"]},
            "of whole, without": {"partner_id": contacts["whole"], **OWN},
            "of company": {"partner_id": contacts["company"]},
            "of mute": {"partner_id": contacts["mute"], **OWN},
            "of silenced": {"partner_id": contacts["silenced"], **OWN},
        }
        ids = {
            name: e.make_leads(1, **{"city": "Lima", "user_id": False, **values})[0] for name, values in leads.items()
        }
        e.crm.write("res.partner", [contacts["silenced"]], email=False, phone=False)
        if e.crm.admin.identity.major >= EMPTY_STAYS_ON_LEAD_SINCE:  # before, it would empty the contact
            e.crm.write("crm.lead", [ids["of whole, without"]], email_from=False, phone=False)
        return cls(e, contacts, ids)

    def giving(self, contact: str | None, only: str = "", **more: Any) -> Spec:
        """Every lead, or one, gets this contact."""
        value = None if contact is None else self.e.tag(contact)
        when = {"id": [self.leads[only]] if only else sorted(self.leads.values())}
        values = {"partner_id": {"value": value, "reaches_other_records": True}}
        return self.e.spec({"name": "Contacto", "segments": [{"name": "Todos", "when": when, "set": values}]}, **more)

    def stand(self) -> dict[int, Any]:
        return {**everything(self.e), **{-record: row for record, row in self.people().items()}}

    def people(self) -> dict[int, Any]:
        return dict(everything(self.e, "res.partner", sorted(self.contacts.values())))

    def held(self, lead: str, *names: str) -> tuple[Any, ...]:
        (row,) = self.e.crm.find("crm.lead", [["id", "=", self.leads[lead]]], names)
        return tuple(row[name] for name in names)

    def called(self, contact: str) -> tuple[Any, Any]:
        """The e-mail and phone of a contact."""
        (row,) = self.e.crm.find("res.partner", [["id", "=", self.contacts[contact]]], ["email", "phone"])
        return row["email"], row["phone"]


@pytest.fixture
def situation(engagement: Engagement) -> Situation:
    return Situation.of(engagement)


def left(report: RunReport) -> dict[str, tuple[Any, str]]:
    return {one.field: (one.found, one.detail) for one in report.left}


@pytest.mark.parametrize("to", ["other", "company", "mute", None])
def test_names_and_address_stay_and_all_of_it_comes_back(situation: Situation, to: str | None) -> None:
    s, e = situation, situation.e
    first, people = everything(e), s.people()
    spec = s.giving(to)
    plan = e.plan(spec)
    planned = {(change.record, change.field): change.after for change in e.ledger.changes(plan.id) if not change.pin}
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    assert moved(s.people(), people) == {}, "nothing goes on to a contact"
    seen = {(lead, name) for lead, fields in moved(everything(e), first).items() for name in fields}
    assert {one for one in seen if one[1] not in COMPUTED} - planned.keys() == set(), "all that moves is in the plan"
    assert {name for _lead, name in planned} <= {"partner_id", *SHARED}
    email, phone = s.called(to) if to else (False, False)
    for name, lead in s.leads.items():
        was = first[lead]
        assert s.held(name, "partner_id", *SHARED) == (
            s.contacts[to] if to else False,
            email or was["email_from"],
            phone or was["phone"],
        ), name
    assert e.changes(spec) == []
    seen_before = e.preview_undo(report.run.id)
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left, seen_before.left) == (ExitCode.DONE, (), ())
    assert moved(everything(e), first) == {}
    assert moved(s.people(), people) == {}


@pytest.mark.parametrize("field", ["email_from", "phone", "city", "contact_name"])
@pytest.mark.parametrize("lead", ["of nobody", "of whole", "of silenced"])
def test_what_a_person_wrote_between_is_kept_and_named(situation: Situation, lead: str, field: str) -> None:
    s, e = situation, situation.e
    first = everything(e)[s.leads[lead]]
    report = e.apply(e.plan(s.giving("other", lead)))
    theirs = "suyo@x.example" if field == "email_from" else "999"
    e.crm.write("crm.lead", [s.leads[lead]], **{field: theirs})
    people = s.people()
    back = e.undo(report.run.id)
    assert s.held(lead, field) == (theirs,)
    assert moved(s.people(), people) == {}
    told = left(back)
    if field not in SHARED:
        # What the plan does not change it does not name either; it stays as it is found.
        assert told == {}
        assert s.held(lead, "partner_id", *SHARED) == tuple(first[name] for name in ("partner_id", *SHARED))
    elif first["partner_id"]:
        (other,) = {*SHARED} - {field}
        assert told == {
            field: (theirs, ""),
            "partner_id": (s.contacts["other"], WITH_SOMEBODY),
            other: (s.held(lead, other)[0], WITH_SOMEBODY),
        }
    else:
        assert told == {field: (theirs, "")}
        assert s.held(lead, "partner_id") == (False,)


def test_a_phone_that_nothing_changed_is_looked_at_too(situation: Situation) -> None:
    """The former contact would overwrite it."""
    s, e = situation, situation.e
    report = e.apply(e.plan(s.giving("mute", "of whole")))
    e.crm.write("crm.lead", [s.leads["of whole"]], phone="999")
    people = s.people()
    back = e.undo(report.run.id)
    assert left(back) == {"phone": ("999", ""), "partner_id": (s.contacts["mute"], WITH_SOMEBODY)}
    assert s.held("of whole", "phone", "partner_id") == ("999", s.contacts["mute"])
    assert moved(s.people(), people) == {}


def test_nor_does_an_apply_overwrite_what_a_person_wrote_since_the_plan(situation: Situation) -> None:
    s, e = situation, situation.e
    plan = e.plan(s.giving("other", "of nobody"))
    e.crm.write("crm.lead", [s.leads["of nobody"]], phone="999")
    first, people = everything(e), s.people()
    report = e.apply(plan)
    assert left(report)["phone"] == ("999", "")
    assert (moved(everything(e), first), moved(s.people(), people)) == ({}, {})


def test_another_contact_that_a_person_chose_is_kept_with_its_phone(situation: Situation) -> None:
    s, e = situation, situation.e
    report = e.apply(e.plan(s.giving("other", "of whole")))
    e.crm.write("crm.lead", [s.leads["of whole"]], partner_id=s.contacts["company"])
    stands, people = everything(e), s.people()
    back = e.undo(report.run.id)
    assert left(back).keys() == {"partner_id", *SHARED}
    assert (moved(everything(e), stands), moved(s.people(), people)) == ({}, {})


def test_what_the_former_contact_holds_by_now_is_not_overwritten(situation: Situation) -> None:
    """The lead shows it, as every lead of this contact does, and the undo names it."""
    s, e = situation, situation.e
    report = e.apply(e.plan(s.giving("other", "of whole")))
    e.crm.write("res.partner", [s.contacts["whole"]], phone="+56 2 9999 9999")
    people = s.people()
    back = e.undo(report.run.id)
    assert [(one.field, one.outcome) for one in back.left] == [("phone", "failed")]
    assert s.held("of whole", "partner_id", "phone") == (s.contacts["whole"], "+56 2 9999 9999")
    assert moved(s.people(), people) == {}


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
@pytest.mark.parametrize("at", [1, 2])
def test_an_undo_that_broke_off_is_taken_up_again(situation: Situation, trouble: Any, at: int) -> None:
    """Between its two calls the lead has no contact."""
    s, e = situation, situation.e
    first, people = everything(e), s.people()
    report = e.apply(e.plan(s.giving("other", "of whole")))
    assert e.undo(report.run.id, wrap=trouble(at, "crm.lead"), connections=1).exit_code == ExitCode.PARTLY
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert (moved(everything(e), first), moved(s.people(), people)) == ({}, {})


def test_a_conversion_beside_it_makes_no_contact_of_its_own(situation: Situation) -> None:
    s, e = situation, situation.e
    e.crm.write("crm.lead", [s.leads["of nobody"]], type="lead")
    values = {"partner_id": {"value": e.tag("other"), "reaches_other_records": True}}
    segment = {
        "name": "Todos",
        "when": {"id": [s.leads["of nobody"]]},
        "set": values,
        "convert": {"customer": "create"},
    }
    first, people = everything(e), s.people()
    plan = e.plan(e.spec({"name": "Contacto", "segments": [segment]}))
    assert plan.config == ()
    report = e.apply(plan)
    assert report.left == ()
    assert s.held("of nobody", "type", "partner_id", *SHARED) == (
        "opportunity",
        s.contacts["other"],
        *s.called("other"),
    )
    assert e.undo(report.run.id).left == ()
    assert (moved(everything(e), first), moved(s.people(), people)) == ({}, {})


TOLD = {
    "en": "8 leads get a contact and take over its e-mail and phone, as far as it has them; names and address "
    "stay, and an undo gives back what they had",
    "es": "8 oportunidades reciben un contacto y toman su correo y su teléfono, si los tiene; los nombres y la "
    "dirección quedan como están, y deshacer devuelve lo que tenían",
}


def test_the_plan_says_so(situation: Situation) -> None:
    s, e = situation, situation.e
    plan = e.plan(s.giving("other"))
    for language, sentence in TOLD.items():
        with speaking(language):
            assert sentence in sentences(plan.side_effects)
    with speaking("en"):
        assert not any("a contact" in one for one in sentences(e.plan(s.giving(None)).side_effects))


def test_a_silent_run_leaves_no_note_of_it(situation: Situation) -> None:
    s, e = situation, situation.e

    def notes() -> int:
        return len(e.crm.ids("mail.message", [["model", "=", "crm.lead"], ["res_id", "in", e.leads]]))

    before = notes()
    for to in ("other", None):
        plan = e.plan(s.giving(to, tracking="silent"))
        assert not any("all the same" in one for one in sentences(plan.side_effects))
        e.undo(e.apply(plan).run.id)
        assert notes() == before
    e.crm.write("crm.lead", e.leads, type="lead")
    e.crm.write("crm.lead", [s.leads["of nobody"]], email_from=s.called("whole")[0])
    segment = {"name": "Todos", "when": {"id": e.leads}, "convert": {"customer": "link"}}
    before = notes()
    plan = e.plan(e.spec({"name": "Contacto", "segments": [segment]}, tracking="silent"))
    report = e.apply(plan)
    assert s.held("of nobody", "partner_id", "phone") == (s.contacts["whole"], s.called("whole")[1])
    assert notes() == before
    e.undo(report.run.id)
    assert notes() == before


def test_an_e_mail_that_the_plan_hands_on_to_the_contact_is_of_its_new_lead_too(situation: Situation) -> None:
    """The plan cannot know it before: it says so, and no run takes it for a person's edit."""
    s, e = situation, situation.e
    shared = {"value": "central@x.example", "reaches_other_records": True}
    contact = {"value": e.tag("whole"), "reaches_other_records": True}
    segments = [
        {"name": "De la casa", "when": {"id": [s.leads["of whole"]]}, "set": {"email_from": shared}},
        {"name": "Nueva", "when": {"id": [s.leads["bare"]]}, "set": {"partner_id": contact}},
    ]
    plan = e.plan(e.spec({"name": "Contacto", "segments": segments}))
    (told,) = (one for one in sentences(plan.side_effects) if "by then" in one)
    assert told.startswith(
        "1 lead gets another contact, or none, while the plan writes e-mails or phones of other leads"
    )
    report = e.apply(plan, connections=1)
    assert (report.left, s.called("whole")[0]) == ((), "central@x.example")
    assert s.held("bare", "partner_id", "email_from") == (s.contacts["whole"], "central@x.example")
    assert e.undo(report.run.id, connections=1).left == ()
    assert s.held("bare", "partner_id") == (False,)


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_undo_that_broke_off_among_leads_of_one_contact_is_taken_up_again(
    situation: Situation, trouble: Any, at: int
) -> None:
    """One lead comes to the contact of another, and both get an e-mail: going back, that one hands on its own."""
    s, e = situation, situation.e
    e.crm.write("res.partner", [s.contacts["silenced"]], email=f"silenced.{e.mark.lower()}@x.example")
    first, people = everything(e), s.people()
    shared = {"value": "central@x.example", "reaches_other_records": True}
    contact = {"value": e.tag("silenced"), "reaches_other_records": True}
    segments = [
        {"name": "De la casa", "when": {"id": [s.leads["of silenced"]]}, "set": {"email_from": shared}},
        {"name": "Otra", "when": {"id": [s.leads["of whole"]]}, "set": {"email_from": shared, "partner_id": contact}},
    ]
    report = e.apply(e.plan(e.spec({"name": "Contacto", "segments": segments})), connections=1)
    assert (report.left, s.called("silenced")[0]) == ((), "central@x.example")
    assert e.undo(report.run.id, wrap=trouble(at, "crm.lead"), connections=1).exit_code == ExitCode.PARTLY
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert (moved(everything(e), first), moved(s.people(), people)) == ({}, {})
