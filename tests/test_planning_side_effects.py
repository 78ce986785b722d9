"""What a plan says that Odoo will do by itself; each question is asked only where it matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segmenter.embedded import rights
from segmenter.ledger import open_ledger
from segmenter.planning import Draft, Plan
from tests.support.engagement import ANA, CARMEN, Embedded, Engagement
from tests.support.fakes import Recording


@pytest.fixture
def e(tmp_path: Path) -> Iterator[Engagement]:
    """On the CRM in memory alone."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(Embedded(), ledger)


def lima(*, archived: bool = False, **written: Any) -> tuple[dict[str, Any], bool]:
    """What is written on everything of Lima."""
    return {"name": "Datos", "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": written}]}, archived


def planned(e: Engagement, what: tuple[dict[str, Any], bool], **top: Any) -> Plan:
    segmentation, archived = what
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": archived}
    draft: Draft = e.draft(e.spec(segmentation, scope=scope, **top))
    list(draft)
    return draft.plan()


def said(e: Engagement, what: tuple[dict[str, Any], bool]) -> str:
    return "\n".join(planned(e, what).side_effects)


def test_nothing_to_change_is_nothing_to_say_and_nothing_to_ask(e: Engagement) -> None:
    e.make_leads(3, city="Cusco")
    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    (segmentation, _archived) = lima(stage_id="Ganado", priority=3)
    assert e.plan(e.spec(segmentation), wrap=recorded).side_effects == ()
    asked = {model for model, *_rest in calls[0].calls}
    assert not asked & {"base.automation", "mail.followers", "mail.message.subtype"}


def test_rules_that_may_not_be_listed_are_a_question_for_the_administrator(e: Engagement) -> None:
    e.make_leads(3, city="Lima")
    assert "the work user may not list them: ask the client's administrator" in said(e, lima(function="X"))


def test_a_won_stage(e: Engagement) -> None:
    e.make_leads(4, city="Lima", active=lambda n: n > 0, stage_id=e.crm.stages["Nueva"])
    text = said(e, lima(stage_id="Ganado", archived=True))
    assert "Moving 4 leads to a won stage sets their probability to 100 and their closing date" in text
    assert "archive" not in said(e, lima(stage_id="Ganado"))
    assert "won stage" not in said(e, lima(stage_id="Propuesta"))


def test_a_new_salesperson(e: Engagement) -> None:
    e.make_leads(4, city="Lima", user_id=False)
    text = said(e, lima(user_id={"assign": [ANA, CARMEN]}))
    assert "A new salesperson sets the assignment date of the lead; no mail is sent" in text
    assert "Odoo would give 4 leads their new salesperson's team: the plan writes their own again" in text
    e.crm.write("crm.lead", e.leads, team_id=e.crm.teams["Ventas Cono Sur"])
    both = lima(user_id={"assign": [ANA]}, team_id="Ventas Europa")
    assert "the plan writes" not in said(e, both)


def test_a_team_without_the_stage_of_its_new_lead(e: Engagement) -> None:
    own, europe = e.crm.teams["Ventas Cono Sur"], e.crm.teams["Ventas Europa"]
    (stage,) = e.crm.create("crm.stage", {"name": e.tag("Visita"), "sequence": 5, "team_ids": [[6, 0, [own]]]})
    e.make_leads(5, city="Lima", team_id=own, stage_id=lambda n: stage if n < 2 else e.crm.stages["Nueva"])
    sentence = "Odoo would move 2 leads to a stage of their team: the plan writes their own again, so that they stay"
    assert sentence in said(e, lima(team_id="Ventas Europa"))
    e.crm.write("crm.stage", [stage], team_ids=[[6, 0, [own, europe]]])
    assert "stage of their team" not in said(e, lima(team_id="Ventas Europa"))


def test_a_stage_that_the_former_team_does_not_have_would_move_with_the_undo(e: Engagement) -> None:
    europe = e.crm.teams["Ventas Europa"]
    (stage,) = e.crm.create("crm.stage", {"name": e.tag("Visita"), "sequence": 5, "team_ids": [[6, 0, [europe]]]})
    e.make_leads(1, city="Lima", team_id=europe, stage_id=stage)
    e.crm.write("crm.lead", e.leads, team_id=e.crm.teams["Ventas Cono Sur"], stage_id=stage)
    assert "Odoo would move 1 lead to a stage of its team" in said(e, lima(team_id="Ventas Europa"))


def test_a_conversion_moves_the_probability_too(e: Engagement) -> None:
    e.make_leads(3, city="Lima", type="lead")
    converted = {
        "name": "Datos",
        "segments": [{"name": "L", "when": {"city": "Lima"}, "convert": {"customer": "none"}}],
    }
    assert "Odoo may compute the automatic probability of 3 leads anew" in said(e, (converted, False))


def test_only_leads_of_a_team_that_somebody_follows_get_followers(e: Engagement) -> None:
    kinds = e.crm.ids("mail.message.subtype", [["res_model", "=", "crm.team"]])
    (carmen,) = e.crm.find("res.users", [["login", "=", CARMEN]], ["partner_id"])
    follower = {"res_model": "crm.team", "partner_id": carmen["partner_id"], "subtype_ids": [[6, 0, kinds]]}
    e.crm.create("mail.followers", {**follower, "res_id": e.crm.teams["Ventas Europa"]})
    teams = ("Ventas Europa", "Ventas Cono Sur", "Ventas Cono Sur")
    e.make_leads(3, city="Lima", user_id=False, team_id=lambda n: e.crm.teams[teams[n]])
    plan = planned(e, lima(user_id={"assign": [ANA]}), tracking="keep")
    assert any(one.startswith("Whoever follows its team becomes a follower of 1 record,") for one in plan.side_effects)


def test_the_probability_that_moves(e: Engagement) -> None:
    e.make_leads(4, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads[:1], probability=42)
    text = said(e, lima(stage_id="Propuesta"))
    assert "Odoo may compute the automatic probability of 4 leads anew" in text
    assert "3 of these leads show that probability, and no other that a person set" in text
    assert "probability" not in said(e, lima(priority=3, function="X"))


def test_the_order_of_the_lists(e: Engagement) -> None:
    e.make_leads(2, city="Lima")
    assert "Odoo lists leads by priority first" in said(e, lima(priority=3))


def test_archiving(e: Engagement) -> None:
    e.make_leads(2, city="Lima", active=lambda n: n == 0)
    assert "Archiving a lead sets its closing date" in said(e, lima(active=False))
    assert "An undo archives 1 lead again, and that renews its closing date" in said(
        e, lima(active=True, archived=True)
    )


def test_who_is_mailed_is_counted_once_a_lead(e: Engagement) -> None:
    """Followers of a lead and of the team that is written on another: both leads, and each once."""
    (carmen,) = e.crm.find("res.users", [["login", "=", CARMEN]], ["partner_id"])
    teams = ("Ventas Europa", "Ventas Cono Sur", "Ventas Cono Sur")
    e.make_leads(3, city="Lima", user_id=False, stage_id=e.crm.stages["Nueva"], team_id=lambda n: e.crm.teams[teams[n]])
    for model, record in (("crm.team", e.crm.teams["Ventas Europa"]), ("crm.lead", e.leads[1])):
        kinds = [[6, 0, e.crm.ids("mail.message.subtype", [["res_model", "=", model]])]]
        follower = {"res_model": model, "res_id": record, "partner_id": carmen["partner_id"], "subtype_ids": kinds}
        e.crm.create("mail.followers", follower)
    plan = planned(e, lima(stage_id="Propuesta", user_id={"assign": [ANA]}), tracking="keep")
    assert any(one.startswith("Odoo mails the followers of 2 records") for one in plan.side_effects)
    assert "An undo mails them again" in plan.side_effects


def test_a_won_lead_is_certain(e: Engagement) -> None:
    """Odoo 19 refuses it; and no version keeps another probability along with a move to a won stage."""
    e.make_leads(3, city="Lima", stage_id=lambda n: e.crm.stages["Ganado" if n else "Nueva"])
    (one,) = planned(e, lima(probability=50)).violations
    assert (one.limit, one.found) == ("odoo", 2)
    assert "lets a won lead have no other probability than 100" in one.sentence
    assert [one.found for one in planned(e, lima(probability=50, stage_id="Ganado")).violations] == [3]
    assert not planned(e, lima(probability=50, stage_id="Nueva"), tracking="silent").violations


def test_contacts_that_get_several_values(e: Engagement) -> None:
    (partner,) = e.crm.create("res.partner", {"name": "Sol", "phone": "1"})
    e.make_leads(2, partner_id=partner, city=lambda n: ("Lima", "Cusco")[n])
    segments = [
        {"name": city, "when": {"city": city}, "set": {"phone": {"value": phone, "reaches_other_records": True}}}
        for city, phone in (("Lima", "2"), ("Cusco", "3"))
    ]
    text = said(e, ({"name": "Datos", "segments": segments}, False))
    assert "The plan gives records of 1 contact several values for phone, and Odoo keeps one" in text


def test_followers_that_may_not_be_seen_are_a_question_too(e: Engagement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rights._ACCESS, "mail.followers", {})
    e.make_leads(3, city="Lima", stage_id=e.crm.stages["Nueva"])
    (one,) = planned(e, lima(stage_id="Propuesta")).violations
    assert one.limit == "tracking"
    assert one.sentence.startswith("The work user may not see who follows these records and would be mailed.")
    kept = planned(e, lima(stage_id="Propuesta"), tracking="keep")
    assert "Followers who subscribed to stages are mailed; the work user may not see who they are" in kept.side_effects


def test_an_own_subscription_mails_nobody(e: Engagement) -> None:
    """The author of a change is not told of it."""
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    kinds = e.crm.ids("mail.message.subtype", [["res_model", "=", "crm.lead"]])
    (me,) = e.crm.find("res.users", [["id", "=", e.crm.connect().identity.uid]], ["partner_id"])
    follower = {"res_model": "crm.lead", "res_id": e.leads[0], "partner_id": me["partner_id"]}
    e.crm.create("mail.followers", {**follower, "subtype_ids": [[6, 0, kinds]]})
    plan = planned(e, lima(stage_id="Propuesta"))
    assert (plan.tracking, plan.violations) == ("keep", ())


def test_a_client_who_made_stages_everybodys_subscription(e: Engagement) -> None:
    """Then a new salesperson follows, and is mailed, in one write."""
    (kind,) = e.crm.ids("mail.message.subtype", [["res_model", "=", "crm.lead"], ["name", "=", "Stage Changed"]])
    e.crm.write("mail.message.subtype", [kind], default=True)
    e.make_leads(2, city="Lima", user_id=False, stage_id=e.crm.stages["Nueva"])
    (one,) = planned(e, lima(stage_id="Propuesta", user_id={"assign": [CARMEN]})).violations
    assert (one.limit, one.found) == ("tracking", 2)
    assert "Carmen" in one.sentence


def test_an_export_has_nobody_to_ask(e: Engagement) -> None:
    e.make_leads(2, city="Lima", stage_id=e.crm.stages["Nueva"])
    segmentation, _archived = lima(stage_id="Propuesta")
    spec = e.spec(segmentation)
    draft = Draft(spec, *e.look(spec, e.crm.connect()), source="export")
    list(draft)
    plan = draft.plan()
    assert (plan.tracking, plan.violations) == ("silent", ())
    assert not any("Automation" in one for one in plan.side_effects)
