"""Leads become opportunities by one plain write: with a contact or without, and back again, to the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import ExitCode
from segmenter.ledger import open_ledger
from tests.support import troubles
from tests.support.engagement import ANA, Crm, Engagement
from tests.support.stored import MOVED, everything, moved
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def converting(e: Engagement, customer: str) -> dict[str, Any]:
    """Leads of a thousand and more become opportunities."""
    return {
        "name": "Conversión",
        "segments": [
            {"name": "Listo", "when": {"expected_revenue": {">=": 1000}}, "convert": {"customer": customer}},
        ],
    }


def emails(e: Engagement) -> tuple[str, str]:
    return f"{e.mark.lower()}.rosa@x.example", f"{e.mark.lower()}.nadie@x.example"


def some_leads(e: Engagement) -> dict[str, int]:
    """One lead for each thing that matters, by a name for it."""
    rosa, nobody = emails(e)
    person = e.crm.create("res.partner", {"name": "Rosa Díaz", "email": rosa, "phone": "+56 2 2222 2222"})[0]
    twin = {"name": "Gemela", "email": f"twin.{rosa}"}
    e.crm.create("res.partner", twin, {**twin, "name": "Otra gemela"})
    rows: dict[str, dict[str, Any]] = {
        "bare": {},
        "known": {"email_from": f"Rosa <{rosa.upper()}>", "phone": "600", "contact_name": "Rosita", "city": "Lima"},
        "linked": {"partner_id": person},
        "unknown": {"email_from": nobody, "phone": "700", "contact_name": "Nadia", "partner_name": "Nadie SpA"},
        "same": {"email_from": nobody, "phone": "800"},
        "twins": {"email_from": f"twin.{rosa}"},
        "small": {"expected_revenue": 10},
        "done": {"type": "opportunity"},
        "lost": {"active": False, "probability": 0},
    }
    for number, (name, values) in enumerate(rows.items()):
        usual = {"type": "lead", "expected_revenue": 5000, "user_id": e.crm.people[ANA] if number % 2 else False}
        rows[name]["id"] = e.make_leads(1, **(usual | values))[0]
    return {name: row["id"] for name, row in rows.items()} | {"rosa": person}


def test_leads_become_opportunities_and_leads_again(engagement: Engagement) -> None:
    e = engagement
    ids = some_leads(e)
    first, contact = everything(e), everything(e, "res.partner", [ids["rosa"]])
    spec = e.spec(converting(e, "none"))
    plan = e.plan(spec)
    assert plan.counts.tally.converted == plan.counts.tally.records == 6
    assert plan.counts.tally.overwrites == 0
    assert any("conversion date" in one for one in sentences(plan.side_effects))
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    now = everything(e)
    for name in ("bare", "known", "linked", "unknown", "same", "twins"):
        lead, was = now[ids[name]], first[ids[name]]
        changed = {key for key in lead if lead[key] != was[key]}
        assert changed == {"type", "date_conversion"}, name
        assert (lead["type"], lead["date_conversion"]) == (
            "opportunity",
            plan.identity.now.replace("T", " ").rstrip("Z"),
        )
    for name in ("small", "done"):
        assert now[ids[name]] == first[ids[name]]
    assert now[ids["linked"]]["partner_id"] == ids["rosa"]
    assert e.changes(spec) == []
    assert e.preview_undo(report.run.id).restorable == 6
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert moved(everything(e), first) == {}
    assert everything(e, "res.partner", [ids["rosa"]]) == contact


def test_a_lost_lead_is_left_as_odoo_leaves_it(engagement: Engagement) -> None:
    e = engagement
    ids = some_leads(e)
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": True}
    plan = e.plan(e.spec(converting(e, "none"), scope=scope))
    assert ids["lost"] not in {change.record for change in e.ledger.changes(plan.id)}
    assert plan.counts.tally.converted == 6


def test_a_contact_is_linked_by_its_e_mail_and_nothing_else_of_it_comes_along(engagement: Engagement) -> None:
    e = engagement
    ids = some_leads(e)
    first, contact = everything(e), everything(e, "res.partner", [ids["rosa"]])
    spec = e.spec(converting(e, "link"))
    plan = e.plan(spec)
    assert plan.config == ()
    said = " ".join(sentences(plan.warnings))
    assert "1 lead is converted without a contact: several contacts have its e-mail" in said
    assert any(
        one.startswith("1 lead gets a contact and takes over its e-mail") for one in sentences(plan.side_effects)
    )
    assert "3 leads are converted without a contact: none has their e-mail" in said
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    now = everything(e)
    known = now[ids["known"]]
    assert known["partner_id"] == ids["rosa"]
    assert (known["email_from"], known["phone"]) == (emails(e)[0], "+56 2 2222 2222"), "a lead shows its contact's"
    assert (known["contact_name"], known["city"]) == ("Rosita", "Lima")
    assert [now[ids[name]]["partner_id"] for name in ("bare", "unknown", "same", "twins")] == [False] * 4
    assert {row["type"] for name, row in ((n, now[ids[n]]) for n in ("bare", "unknown", "twins"))} == {"opportunity"}
    assert everything(e, "res.partner", [ids["rosa"]]) == contact
    assert e.changes(spec) == []
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert moved(everything(e), first) == {}
    assert everything(e, "res.partner", [ids["rosa"]]) == contact


def test_a_contact_is_made_once_where_there_is_none(engagement: Engagement) -> None:
    e = engagement
    ids = some_leads(e)
    first, nobody = everything(e), emails(e)[1]
    spec = e.spec(converting(e, "create"))
    plan = e.plan(spec)
    (new,) = plan.config
    assert (new.model, new.name, plan.counts.tally.new_contacts) == ("res.partner", "Nadia", 1)
    assert new.after["company_name"] == "Nadie SpA"
    said = " ".join(sentences(plan.warnings))
    assert "1 lead is converted without a contact: it names nobody and has no e-mail" in said
    assert "which the work user may not delete: contacts (Nadia)" in said
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    (made,) = e.crm.find("res.partner", [["email", "=", nobody]], ["name", "phone", "company_name"])
    assert (made["name"], made["phone"], made["company_name"]) == ("Nadia", "700", "Nadie SpA")
    now = everything(e)
    assert [now[ids[name]]["partner_id"] for name in ("unknown", "same")] == [made["id"]] * 2
    assert [now[ids[name]]["phone"] for name in ("unknown", "same")] == ["700", "700"]
    assert now[ids["unknown"]]["contact_name"] == "Nadia"
    assert e.changes(spec) == []
    back = e.undo(report.run.id)
    assert (back.exit_code, [one.name for one in back.kept]) == (ExitCode.DONE, ["Nadia"])
    assert moved(everything(e), first) == {}


def test_who_may_deletes_the_contact_again_unless_people_took_it_up(engagement: Engagement) -> None:
    e = engagement
    some_leads(e)
    first, nobody = everything(e), emails(e)[1]
    spec = e.spec(converting(e, "create"))

    def admin(_server: Any) -> Any:
        return e.crm.admin

    report = e.apply(e.plan(spec, wrap=admin), wrap=admin)
    assert e.undo(report.run.id, wrap=admin).exit_code == ExitCode.DONE
    assert moved(everything(e), first) == {}
    assert e.crm.ids("res.partner", [["email", "=", nobody]]) == []
    # Once more, and somebody works with the contact.
    report = e.apply(e.plan(spec, wrap=admin), wrap=admin)
    (made,) = e.crm.ids("res.partner", [["email", "=", nobody]])
    e.crm.write("res.partner", [made], function="Gerenta", email=f"nueva.{nobody}")
    back = e.undo(report.run.id, wrap=admin)
    assert ("Nadia", "conflict", "it was changed since") in [(one.name, one.outcome, one.detail) for one in back.left]
    assert e.crm.ids("res.partner", [["id", "=", made]]) == [made]


def test_a_new_contact_holds_what_the_plan_writes_on_its_lead(engagement: Engagement) -> None:
    """It would reach the contact right after, and an undo would take that for a person's edit."""
    e = engagement
    e.make_leads(1, type="lead", contact_name="Nadia", email_from=emails(e)[1], phone="700", user_id=False)
    first = e.state()
    segment = {
        "name": "Listo",
        "when": {"referred": e.mark},
        "convert": {"customer": "create"},
        "set": {"phone": {"value": "800", "reaches_other_records": True}},
    }

    def admin(_server: Any) -> Any:
        return e.crm.admin

    plan = e.plan(e.spec({"name": "Conversión", "segments": [segment]}), wrap=admin)
    assert [one.after["phone"] for one in plan.config] == ["800"]
    report = e.apply(plan, wrap=admin)
    back = e.undo(report.run.id, wrap=admin)
    assert (report.left, back.left, e.state()) == ((), (), first)
    assert e.crm.ids("res.partner", [["email", "=", emails(e)[1]]]) == []


def test_a_limit_on_new_contacts(engagement: Engagement) -> None:
    e = engagement
    some_leads(e)
    plan = e.plan(e.spec(converting(e, "create"), limits={"new_contacts": 0, "changes": "off"}))
    assert ("new_contacts", 1) in [(one.limit, one.found) for one in plan.violations]


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
def test_resumed_after_silence(engagement: Engagement, trouble: Any) -> None:
    """The contact goes unheard, and then some leads do."""
    e = engagement
    some_leads(e)
    first, nobody = everything(e), emails(e)[1]
    spec = e.spec(converting(e, "create"))
    for at, on in ((1, "res.partner"), (2, "crm.lead")):
        report = e.apply(e.plan(spec), wrap=trouble(at, on), connections=1, batch_size=2)
        assert report.exit_code == ExitCode.PARTLY
        again = e.resume(report.run.id)
        assert (again.exit_code, again.left) == (ExitCode.DONE, ())
        assert len(e.crm.ids("res.partner", [["email", "=", nobody]])) == 1
        assert e.changes(spec) == []
        assert e.undo(report.run.id).exit_code == ExitCode.DONE
        assert moved(everything(e), first) == {}
        e.crm.call("res.partner", "unlink", e.crm.ids("res.partner", [["email", "=", nobody]]))


def test_undo_writes_nothing_into_the_contact_that_a_person_chose(engagement: Engagement) -> None:
    e = engagement
    ids = some_leads(e)
    report = e.apply(e.plan(e.spec(converting(e, "link"))))
    other = e.crm.create("res.partner", {"name": "Otra", "email": emails(e)[0], "phone": "+56 2 2222 2222"})[0]
    e.crm.write("crm.lead", [ids["known"]], partner_id=other)
    before = everything(e, "res.partner", [other, ids["rosa"]])
    back = e.undo(report.run.id)
    assert {one.field for one in back.left if one.record == ids["known"]} == {"partner_id", "email_from", "phone"}
    assert everything(e, "res.partner", [other, ids["rosa"]]) == before
    (lead,) = e.crm.find("crm.lead", [["id", "=", ids["known"]]], ["type", "partner_id"])
    assert (lead["type"], lead["partner_id"]) == ("lead", other)


def test_no_mail_no_follower(live_crm: Crm, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        _in_silence(Engagement(live_crm, ledger))


def _in_silence(e: Engagement) -> None:
    some_leads(e)

    def noise() -> tuple[int, int, int]:
        about = [["res_id", "in", e.leads]]
        return (
            len(e.crm.ids("mail.mail", [])),
            len(e.crm.ids("mail.notification", [["mail_message_id.res_id", "in", e.leads]])),
            len(e.crm.ids("mail.followers", [["res_model", "=", "crm.lead"], *about])),
        )

    before = noise()
    e.apply(e.plan(e.spec(converting(e, "create"))))
    assert noise() == before


def test_what_odoos_own_conversion_does_over_the_wire(live_crm: Crm) -> None:
    """Why it is not called: see `behaviours.conversion`. A lead without a contact ends alike either way."""
    crm = live_crm
    major = crm.admin.identity.major
    person = crm.create("res.partner", {"name": "Rosa", "email": "rosa.wire@x.example"})[0]
    lead = {"name": "Wire", "type": "lead", "user_id": False}
    with_contact = {**lead, "partner_id": person}
    bare, linked, given, theirs = crm.create("crm.lead", lead, with_contact, with_contact, lead)
    about = crm.call("crm.lead", "fields_get", [], ["type", "store"])
    names = [n for n, is_ in about.items() if is_["store"] and is_["type"] != "one2many" and n not in {*MOVED, "name"}]

    def row(record: int) -> dict[str, Any]:
        (found,) = crm.find("crm.lead", [["id", "=", record]], names)
        return found

    def changed(record: int, was: dict[str, Any]) -> set[str]:
        now = row(record)
        return {name for name in now if now[name] != was[name]}

    # It answers a value, so its outcome is known; a contact that is not named is taken away.
    was = {record: row(record) for record in (bare, linked, given, theirs)}
    assert crm.call("crm.lead", "convert_opportunity", [bare, linked], False) is True
    dates = {"type", "date_conversion"} | ({"date_open"} if major <= 16 else set())
    assert changed(bare, was[bare]) == dates
    assert changed(linked, was[linked]) >= dates | {"partner_id"}
    # An id of a contact is understood by 14 and 15 alone.
    if major <= 15:
        crm.call("crm.lead", "convert_opportunity", [given], person)
        assert changed(given, was[given]) == dates
    else:
        with pytest.raises(Fault, match="has no attribute"):
            crm.call("crm.lead", "convert_opportunity", [given], person)
    # What is an opportunity already gets a new date, which would be lost.
    crm.write("crm.lead", [bare], date_conversion="2020-01-01 00:00:00")
    crm.call("crm.lead", "convert_opportunity", [bare], False)
    assert row(bare)["date_conversion"] > "2020-01-02"
    # The plain write, of the same fields.
    crm.write("crm.lead", [theirs], type="opportunity", date_conversion="2020-01-01 00:00:00")
    assert changed(theirs, was[theirs]) == {"type", "date_conversion"}
    crm.write("crm.lead", [theirs], type="lead", date_conversion=False)
    assert changed(theirs, was[theirs]) == set()
