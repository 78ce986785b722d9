"""Fields that other records share: set only when the spec says so, the others named before, and undone with them."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.behaviours.assignment import COMPANY_FOLLOWS_SALESPERSON_SINCE
from segmenter.behaviours.reached import EMPTY_STAYS_ON_LEAD_SINCE
from segmenter.errors import ExitCode, SpecError
from tests.support.engagement import ANA, Engagement
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def setting(field: str, value: Any, *, said: bool = True, **more: Any) -> dict[str, Any]:
    """Everything of Lima gets this value."""
    written = {"value": value, "reaches_other_records": said}
    return {"name": "Datos", "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": {field: written, **more}}]}


def contact(e: Engagement, **values: Any) -> int:
    return e.crm.create("res.partner", {"name": e.tag("Hotel Sol"), **values})[0]


def of_contact(e: Engagement, partner: int, number: int, **values: Any) -> list[int]:
    """Leads of a contact outside the engagement: another mark."""
    rows = ({"name": e.tag(f"otro {n}"), "partner_id": partner, "user_id": False, **values} for n in range(number))
    return e.crm.create("crm.lead", *rows)


def phones(e: Engagement, ids: list[int]) -> list[Any]:
    return [row["phone"] for row in e.crm.find("crm.lead", [["id", "in", ids]], ["phone"])]


def called(e: Engagement, field: str, model: str = "crm.lead") -> str:
    """What the client's Odoo calls a field."""
    return str(e.crm.call(model, "fields_get", [field], ["string"])[field]["string"])


def about(plan: Any, label: str) -> list[str]:
    return [one for one in sentences(plan.side_effects) if f"“{label}”" in one]


OF_THE_CONTACT = "also changes its contact and the contact's other leads"


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("email_from", OF_THE_CONTACT),
        ("phone", OF_THE_CONTACT),
        ("partner_id", "a lead takes over the e-mail and phone of that contact"),
    ],
)
def test_it_must_be_said(engagement: Engagement, field: str, why: str) -> None:
    e = engagement
    with pytest.raises(SpecError) as refused:
        e.draft(e.spec(setting(field, "x", said=False)))
    assert why in str(refused.value)
    assert f"{field}: {{value: ..., reaches_other_records: true}}" in str(refused.value)


def test_the_others_are_named_and_come_back_with_an_undo(engagement: Engagement) -> None:
    e = engagement
    partner = contact(e, phone="+56 2 1111")
    others = of_contact(e, partner, 2)
    e.make_leads(1, city="Lima", partner_id=partner)
    plan = e.plan(e.spec(setting("phone", "+56 9 9999")))
    name, phone = e.tag("Hotel Sol"), called(e, "phone")
    assert about(plan, phone) == [
        f"Writing “{phone}” also changes 1 other contact and 2 other leads: "
        f"{name}, {e.tag('otro 0')}, {e.tag('otro 1')}",
        f"An undo gives all of them their “{phone}” back",
    ]
    report = e.apply(plan)
    assert report.exit_code == ExitCode.DONE
    assert phones(e, [*e.leads, *others]) == ["+56 9 9999"] * 3
    assert e.changes(e.spec(setting("phone", "+56 9 9999"))) == []
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert phones(e, [*e.leads, *others]) == ["+56 2 1111"] * 3
    assert [row["phone"] for row in e.crm.find("res.partner", [["id", "=", partner]], ["phone"])] == ["+56 2 1111"]


def test_what_an_undo_cannot_give_back_is_said(engagement: Engagement) -> None:
    e = engagement
    partner = contact(e, phone="+56 2 1111")
    e.make_leads(1, city="Lima", partner_id=partner)
    (other,) = of_contact(e, partner, 1)
    # As older data have it: the contact was not told of this lead's number.
    e.crm.write("res.partner", [partner], phone=False)
    plan = e.plan(e.spec(setting("phone", "+56 9 9999")))
    phone = called(e, "phone")
    assert about(plan, phone)[1] == f"An undo does not give 1 of them its own “{phone}” back"
    e.undo(e.apply(plan).run.id)
    assert phones(e, [*e.leads, other]) == ["+56 2 1111"] * 2
    assert [row["phone"] for row in e.crm.find("res.partner", [["id", "=", partner]], ["phone"])] == ["+56 2 1111"]


def test_emptying_reaches_the_contact_on_14_alone(engagement: Engagement) -> None:
    e = engagement
    partner = contact(e, email="a@x.example")
    e.make_leads(1, city="Lima", partner_id=partner)
    (other,) = of_contact(e, partner, 1)
    plan = e.plan(e.spec(setting("email_from", None)))
    wiped, email = e.crm.admin.identity.major < EMPTY_STAYS_ON_LEAD_SINCE, called(e, "email_from")
    assert about(plan, email) == (
        [
            f"Writing “{email}” also changes 1 other contact and 0 other leads: {e.tag('Hotel Sol')}",
            f"An undo gives all of them their “{email}” back",
        ]
        if wiped
        else []
    )
    report = e.apply(plan)

    def emails() -> list[Any]:
        rows = e.crm.find("crm.lead", [["id", "in", [*e.leads, other]]], ["email_from"])
        held = e.crm.find("res.partner", [["id", "=", partner]], ["email"])
        return [row["email_from"] for row in rows] + [row["email"] for row in held]

    assert emails() == [False, "a@x.example", not wiped and "a@x.example"]
    e.undo(report.run.id)
    assert emails() == ["a@x.example"] * 3


def test_several_leads_of_one_contact_are_no_conflict_with_each_other(engagement: Engagement) -> None:
    """The second one finds its new phone there already: it came with the first."""
    e = engagement
    partner = contact(e, phone="+56 2 1111")
    e.make_leads(3, city="Lima", partner_id=partner, priority=lambda n: "3" if n == 1 else "0")
    first = e.state()
    plan = e.plan(e.spec(setting("phone", "+56 9 9999", priority=2)))
    phone = called(e, "phone")
    assert about(plan, phone)[0].startswith(f"Writing “{phone}” also changes 1 other contact and 0 other leads")
    report = e.apply(plan, batch_size=1, connections=1)
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 3})
    assert e.column("phone") == ["+56 9 9999"] * 3
    assert e.undo(report.run.id, batch_size=1, connections=1).exit_code == ExitCode.DONE
    assert e.state() == first


def partners(e: Engagement, written: dict[str, Any]) -> Any:
    kinds = {"name": "Datos", "segments": [{"name": "todos", "when": {"ref": e.mark}, "set": written}]}
    return e.spec(kinds, scope={"model": "res.partner", "where": {"ref": e.mark}})


def test_an_address_reaches_the_other_contacts_of_the_company(engagement: Engagement) -> None:
    e = engagement
    company = contact(e, is_company=True, city="Lima", ref=e.mark)
    people = e.crm.create("res.partner", *({"name": e.tag(n), "parent_id": company} for n in ("Ana", "Luis")))
    e.crm.write("res.partner", people, city="Lima")
    with pytest.raises(SpecError, match="also changes its leads, or the other contacts of its company"):
        e.draft(partners(e, {"city": "Cusco"}))
    plan = e.plan(partners(e, {"city": {"value": "Cusco", "reaches_other_records": True}}))
    city = called(e, "city", "res.partner")
    (said, undone) = about(plan, city)
    assert said.startswith(f"Writing “{city}” also changes 2 other contacts and 0 other leads: ")
    assert undone == f"An undo gives all of them their “{city}” back"
    report = e.apply(plan)

    def cities() -> set[Any]:
        return {row["city"] for row in e.crm.find("res.partner", [["id", "in", [company, *people]]], ["city"])}

    assert cities() == {"Cusco"}
    e.undo(report.run.id)
    assert cities() == {"Lima"}


def test_a_contacts_phone_reaches_its_leads(engagement: Engagement) -> None:
    e = engagement
    partner = contact(e, phone="+56 2 1111", ref=e.mark)
    others = of_contact(e, partner, 2)
    plan = e.plan(partners(e, {"phone": {"value": "+56 9 9999", "reaches_other_records": True}}))
    phone = called(e, "phone", "res.partner")
    assert about(plan, phone) == [
        f"Writing “{phone}” also changes 0 other contacts and 2 other leads: {e.tag('otro 0')}, {e.tag('otro 1')}",
        f"An undo gives all of them their “{phone}” back",
    ]
    report = e.apply(plan)
    assert phones(e, others) == ["+56 9 9999"] * 2
    e.undo(report.run.id)
    assert phones(e, others) == ["+56 2 1111"] * 2


def test_whose_contact_it_is_goes_down_to_the_last_below_it(engagement: Engagement) -> None:
    """Companies of their own and the contacts of those too, unlike an industry or a tax number."""
    e = engagement
    (home,) = e.crm.find("res.company", [], ["name"])[:1]
    company = contact(e, is_company=True, ref=e.mark)
    (branch,) = e.crm.create("res.partner", {"name": e.tag("Filial"), "is_company": True, "parent_id": company})
    (person,) = e.crm.create("res.partner", {"name": e.tag("Rosa"), "parent_id": branch})

    def whose() -> list[Any]:
        rows = e.crm.find("res.partner", [["id", "in", [company, branch, person]]], ["company_id"])
        return [row["company_id"] for row in rows]

    plan = e.plan(partners(e, {"company_id": {"value": home["name"], "reaches_other_records": True}}))
    label = called(e, "company_id", "res.partner")
    assert about(plan, label)[0].startswith(f"Writing “{label}” also changes 2 other contacts and 0 other leads: ")
    report = e.apply(plan)
    assert whose() == [home["id"]] * 3
    e.undo(report.run.id)
    assert whose() == [False] * 3


def test_whether_it_is_a_company_is_told_of_those_below(engagement: Engagement) -> None:
    e = engagement
    company = contact(e, is_company=True, ref=e.mark)
    (rosa,) = e.crm.create("res.partner", {"name": e.tag("Rosa"), "ref": e.mark, "parent_id": company})
    below = e.crm.create("res.partner", *({"name": e.tag(n), "parent_id": rosa} for n in ("Ana", "Luis")))
    e.crm.create("res.partner", {"name": e.tag("Filial"), "parent_id": rosa, "is_company": True})

    def companies() -> list[Any]:
        rows = e.crm.find("res.partner", [["id", "in", [rosa, *below]]], ["commercial_partner_id"])
        return [row["commercial_partner_id"] for row in rows]

    plan = e.plan(partners(e, {"is_company": True}))
    assert [one.split(" below")[0] for one in sentences(plan.side_effects) if "another company" in one] == [
        "2 contacts"
    ]
    report = e.apply(plan)
    assert companies() == [rosa] * 3
    e.undo(report.run.id)
    assert companies() == [company] * 3


@pytest.mark.fact_of("19", "on 14 a contact keeps its tax number to itself")
def test_a_number_that_an_undo_takes_from_a_contact_stays_with_its_company(engagement: Engagement) -> None:
    e = engagement
    (company,) = e.crm.create("res.partner", {"name": e.tag("Hotel Luna"), "is_company": True})
    (rosa,) = e.crm.create("res.partner", {"name": e.tag("Rosa"), "ref": e.mark, "parent_id": company, "type": "other"})

    def numbers() -> list[Any]:
        rows = e.crm.find("res.partner", [["id", "in", [company, rosa]]], ["vat"])
        return [row["vat"] for row in rows]

    plan = e.plan(partners(e, {"vat": {"value": "L-1", "reaches_other_records": True}}))
    vat = called(e, "vat", "res.partner")
    assert about(plan, vat)[1] == f"An undo does not give 1 of them its own “{vat}” back"
    report = e.apply(plan)
    assert numbers() == ["L-1", "L-1"]
    e.undo(report.run.id)
    assert numbers() == ["L-1", False]


def test_a_lead_without_a_salesperson_keeps_its_company_with_a_team_of_none(engagement: Engagement) -> None:
    """Odoo 19 would take it away; 14 leaves it."""
    e = engagement
    (home,) = e.crm.ids("res.company", [])[:1]
    ours, none = (
        e.crm.create("crm.team", {"name": e.tag(name), "company_id": of})[0]
        for name, of in (("Con", home), ("Sin", False))
    )
    e.make_leads(3, city="Lima", team_id=ours, user_id=lambda n: e.crm.people[ANA] if n == 2 else False)
    set_team = {"name": "L", "when": {"city": "Lima"}, "set": {"team_id": none}}
    plan = e.plan(e.spec({"name": "D", "segments": [set_team]}))
    first = e.column("company_id")
    said = [one for one in sentences(plan.side_effects) if "the company" in one]
    stays = "Odoo would change the company of 2 leads: the plan writes their own again, so that they stay"
    assert said == ([] if e.crm.admin.identity.major < COMPANY_FOLLOWS_SALESPERSON_SINCE else [stays])
    report = e.apply(plan)
    assert e.column("company_id") == first == [home] * 3
    assert e.undo(report.run.id).left == ()
    assert e.column("company_id") == first
