"""What a plan says that Odoo will do by itself; each question is asked only where it matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segmenter.behaviours.archiving import ACTIVITIES_STAY_SINCE
from segmenter.behaviours.assignment import COMPANY_FOLLOWS_SALESPERSON_SINCE
from segmenter.behaviours.closing_date import CLOSING_DATE_LEAVES_SINCE
from segmenter.behaviours.scoring import SCORES_CONTACT_DATA_ALONE, SCORING_READS_LANGUAGE_SINCE
from segmenter.behaviours.subscribers import NOTES_MAIL_SINCE
from segmenter.behaviours.team_and_stage import STAGE_FOLLOWS_TEAM_SINCE
from segmenter.drafting import Draft, draft
from segmenter.embedded import rights
from segmenter.ledger import open_ledger
from segmenter.plans import Plan
from tests.support.engagement import ANA, CARMEN, LUIS, Crm, Embedded, Engagement
from tests.support.fakes import Recording
from tests.support.words import against, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]

STAGES_OF_TEAMS_SINCE = 19
"""A stage is of several teams; before, of one."""
OUTCOME_SINCE = 19
"""Leads are won, lost or pending (`won_status`), and a won one has no other probability than 100."""


@pytest.fixture
def e(engagement: Engagement) -> Engagement:
    """On the CRM in memory, and on real ones."""
    return engagement


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engagement]:
    """On the CRM in memory alone."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(Embedded(), ledger)


def old(e: Engagement, since: int) -> bool:
    """Whether it is of before what came ``since`` a version."""
    return e.crm.admin.identity.major < since


def team(e: Engagement, name: str = "Equipo") -> int:
    return e.crm.create("crm.team", {"name": e.tag(name)})[0]


def visit(e: Engagement, *teams: int) -> int:
    """A stage of these teams alone; of one of them where a stage has one."""
    owners = {"team_id": teams[0]} if old(e, STAGES_OF_TEAMS_SINCE) else {"team_ids": [[6, 0, list(teams)]]}
    return e.crm.create("crm.stage", {"name": e.tag("Visita"), "sequence": 5, **owners})[0]


def follow(e: Engagement, model: str, record: int, login: str = CARMEN) -> None:
    """Somebody who is told of every change that there is a subscription for."""
    kinds = e.crm.ids("mail.message.subtype", [["res_model", "=", model]])
    (user,) = e.crm.find("res.users", [["login", "=", login]], ["partner_id"])
    follower = {"res_model": model, "res_id": record, "partner_id": user["partner_id"]}
    e.crm.create("mail.followers", {**follower, "subtype_ids": [[6, 0, kinds]]})


def lima(*, archived: bool = False, **written: Any) -> tuple[dict[str, Any], bool]:
    """What is written on everything of Lima."""
    return {"name": "Datos", "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": written}]}, archived


def planned(e: Engagement, what: tuple[dict[str, Any], bool], **top: Any) -> Plan:
    segmentation, archived = what
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": archived}
    draft: Draft = e.draft(e.spec(segmentation, scope=scope, **top))
    list(draft)
    return draft.plan


def said(e: Engagement, what: tuple[dict[str, Any], bool]) -> str:
    return "\n".join(sentences(planned(e, what).side_effects))


def test_nothing_to_change_is_nothing_to_say_and_nothing_to_ask(e: Engagement) -> None:
    e.make_leads(3, city="Cusco")
    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    (segmentation, _archived) = lima(stage_id="Ganado", priority=3)
    assert sentences(e.plan(e.spec(segmentation), wrap=recorded).side_effects) == []
    asked = {model for model, *_rest in calls[0].calls}
    assert not asked & {"base.automation", "mail.followers", "mail.message.subtype"}


def test_rules_that_may_not_be_listed_are_a_question_for_the_administrator(e: Engagement) -> None:
    e.make_leads(3, city="Lima")
    text = said(e, lima(function="X"))
    assert "the work user may not list them: whoever administers this Odoo knows which ones act on leads" in text


def test_a_won_stage(e: Engagement) -> None:
    e.make_leads(4, city="Lima", active=lambda n: n > 0, stage_id=e.crm.stages["Nueva"])
    text = said(e, lima(stage_id="Ganado", archived=True))
    assert "Moving 4 leads to a won stage sets their probability to 100" in text
    assert "Leads that are won, lost or reopened change what Odoo's scoring counts" in text
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
    stage = visit(e, own)
    e.make_leads(5, city="Lima", team_id=own, stage_id=lambda n: stage if n < 2 else e.crm.stages["Nueva"])
    sentence = "Odoo would move 2 leads to a stage of their team: the plan writes their own again, so that they stay"
    assert (sentence in said(e, lima(team_id="Ventas Europa"))) is not old(e, STAGE_FOLLOWS_TEAM_SINCE)
    if not old(e, STAGE_FOLLOWS_TEAM_SINCE):
        e.crm.write("crm.stage", [stage], team_ids=[[6, 0, [own, europe]]])
        assert "stage of their team" not in said(e, lima(team_id="Ventas Europa"))


def test_a_stage_that_the_former_team_does_not_have_would_move_with_the_undo(e: Engagement) -> None:
    europe = e.crm.teams["Ventas Europa"]
    stage = visit(e, europe)
    e.make_leads(1, city="Lima", team_id=europe, stage_id=stage)
    e.crm.write("crm.lead", e.leads, team_id=e.crm.teams["Ventas Cono Sur"], stage_id=stage)
    moves = "Odoo would move 1 lead to a stage of its team" in said(e, lima(team_id="Ventas Europa"))
    assert moves is not old(e, STAGE_FOLLOWS_TEAM_SINCE)


def test_a_conversion_moves_the_probability_too(e: Engagement) -> None:
    e.make_leads(3, city="Lima", type="lead")
    converted = {
        "name": "Datos",
        "segments": [{"name": "L", "when": {"city": "Lima"}, "convert": {"customer": "none"}}],
    }
    assert "Odoo may compute the automatic probability of 3 leads anew" in said(e, (converted, False))


def test_only_leads_of_a_team_that_somebody_follows_get_followers(e: Engagement) -> None:
    followed, other = team(e), team(e, "Otro")
    follow(e, "crm.team", followed)
    e.make_leads(3, city="Lima", user_id=False, team_id=lambda n: other if n else followed)
    plan = planned(e, lima(user_id={"assign": [ANA]}), tracking="keep")
    assert any(
        one.startswith("Whoever follows its team becomes a follower of 1 record,")
        for one in sentences(plan.side_effects)
    )


def test_the_probability_that_moves(e: Engagement) -> None:
    e.make_leads(4, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads[:1], probability=42)
    text = said(e, lima(stage_id="Propuesta"))
    assert "Odoo may compute the automatic probability of 4 leads anew" in text
    assert "3 of these leads show that probability, and no other that a person set" in text
    source = e.crm.admin.identity.major not in SCORES_CONTACT_DATA_ALONE
    assert (called(e, "source_id") in text) is source
    assert called(e, "country_id") in text
    assert "country_id" not in text
    assert ("lang_id" in e.crm.call("crm.lead", "fields_get", [], ["string"]) and called(e, "lang_id") in text) is (
        not old(e, SCORING_READS_LANGUAGE_SINCE)
    )
    assert "probability" not in said(e, lima(priority=3, function="X"))


def called(e: Engagement, field: str) -> str:
    """What the client's Odoo calls a field of a lead."""
    return str(e.crm.call("crm.lead", "fields_get", [field], ["string"])[field]["string"])


def test_the_order_of_the_lists(e: Engagement) -> None:
    e.make_leads(2, city="Lima")
    assert "Odoo lists leads by priority first" in said(e, lima(priority=3))


def test_archiving(e: Engagement) -> None:
    e.make_leads(2, city="Lima", active=lambda n: n == 0)
    assert "Odoo may count a lead that is archived as lost" in said(e, lima(active=False))
    assert ("Archiving deletes the activities" in said(e, lima(active=False))) is old(e, ACTIVITIES_STAY_SINCE)
    back = said(e, lima(active=True, archived=True))
    assert "as lost" not in back
    moved = said(e, lima(active=True, stage_id="Propuesta", archived=True))
    sentence = "An undo leaves 1 lead that it archives again the probability that Odoo computes meanwhile"
    assert (sentence in back, sentence in moved) == (False, True)
    sentence = "The probability of 1 lead that the run archives counts as set by a person after an undo"
    assert sentence not in said(e, lima(active=False))
    assert sentence in said(e, lima(active=False, stage_id="Propuesta"))


CLOSED = {
    "dated": r"(\d+) leads? (?:is|are) closed by the run",
    "emptied": r"(\d+) closed leads? loses? (?:its|their) closing date",
    "astray": r"An undo does not leave the closing date of (\d+) leads? as it is now",
}


@pytest.mark.parametrize(
    "written",
    [
        {"probability": 100},
        {"probability": 60},
        {"probability": 0},
        {"active": False},
        {"active": True},
        {"active": False, "probability": 0},
        {"stage_id": "Ganado"},
        {"stage_id": "Propuesta"},
        {"stage_id": "Propuesta", "probability": 60},
    ],
    ids=lambda written: ",".join(f"{name}={value}" for name, value in written.items()),
)
def test_what_becomes_of_the_closing_date(e: Engagement, written: dict[str, Any]) -> None:
    """Held against what really becomes of it."""
    nueva = e.crm.stages["Nueva"]
    _plain, by_hand, hopeless, archived, lost, won, back = e.make_leads(7, city="Lima", stage_id=nueva)
    e.crm.write("crm.lead", [by_hand, archived], probability=42)
    e.crm.write("crm.lead", [hopeless, lost], probability=0)
    e.crm.write("crm.lead", [archived, lost], active=False)
    e.crm.write("crm.lead", [won, back], stage_id=e.crm.stages["Ganado"])
    e.crm.write("crm.lead", [back], stage_id=e.crm.stages["Calificado"])
    first = [bool(date) for date in e.column("date_closed")]
    assert first == [False, False, False, True, True, True, old(e, CLOSING_DATE_LEAVES_SINCE)]
    for lead, closed in zip(e.leads, first, strict=True):
        if closed:
            e.crm.write("crm.lead", [lead], date_closed="2020-02-02 02:02:02")
    if written.get("probability", 100) < 100 and "stage_id" not in written:
        # What is won is certain: it cannot have another probability.
        e.crm.write("crm.lead", [won], city="Cusco")
    before = e.column("date_closed")
    (segmentation, _archived) = lima(**written)
    plan = e.plan(e.spec(segmentation, scope=everything(e), tracking="silent"))
    report = e.apply(plan)
    after = e.column("date_closed")
    e.undo(report.run.id)
    undone = e.column("date_closed")
    text = "\n".join(sentences(plan.side_effects))
    announced = {what: sum(map(int, re.findall(pattern, text))) for what, pattern in CLOSED.items()}
    assert announced == {
        "dated": sum(bool(new) and new != date for date, new in zip(before, after, strict=True)),
        "emptied": sum(bool(date) and not new for date, new in zip(before, after, strict=True)),
        "astray": sum(date != last for date, last in zip(before, undone, strict=True)),
    }


def test_a_probability_is_set_by_hand_unless_it_comes_with_a_win(e: Engagement) -> None:
    e.make_leads(3, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads[:1], probability=60)
    sentence = "The probability of 2 leads counts as set by a person from then on, and can after an undo"
    assert sentence in said(e, lima(probability=60))
    assert "set by a person" not in said(e, lima(stage_id="Ganado"))


def test_what_an_undo_does_not_give_back_of_a_date(e: Engagement) -> None:
    e.make_leads(3, city="Lima", user_id=lambda n: e.crm.people[LUIS] if n else False)
    anew = lima(user_id={"assign": [CARMEN], "only_if_empty": False})
    assert "An undo does not leave the assignment date of 2 leads as it is now" in said(e, anew)
    (segmentation, _archived) = anew
    before = e.column("date_open")
    report = e.apply(e.plan(e.spec(segmentation, tracking="silent")))
    e.crm.write("crm.lead", e.leads, date_open="2020-02-02 02:02:02")
    e.undo(report.run.id)
    after = e.column("date_open")
    assert [bool(date) for date in before] == [bool(date) for date in after] == [False, True, True]
    assert "2020-02-02 02:02:02" not in after


def everything(e: Engagement) -> dict[str, Any]:
    """The scope with what is archived."""
    return {"model": "crm.lead", "where": {"referred": e.mark}, "archived": True}


def test_leads_that_leave_a_won_stage_count_for_the_scoring_too(e: Engagement) -> None:
    e.make_leads(2, city="Lima", stage_id=e.crm.stages["Ganado"])
    sentence = "Leads that are won, lost or reopened change what Odoo's scoring counts"
    assert sentence in said(e, lima(stage_id="Propuesta"))
    assert sentence in said(e, lima(active=False))
    assert sentence not in said(e, lima(function="X"))


def test_who_is_mailed_is_counted_once_a_lead(e: Engagement) -> None:
    """Followers of a lead and of the team that is written on another: both leads, and each once."""
    followed, other = team(e), team(e, "Otro")
    nueva = e.crm.stages["Nueva"]
    e.make_leads(3, city="Lima", user_id=False, stage_id=nueva, team_id=lambda n: other if n else followed)
    follow(e, "crm.team", followed)
    follow(e, "crm.lead", e.leads[1])
    plan = planned(e, lima(stage_id="Propuesta", user_id={"assign": [ANA]}), tracking="keep")
    mailed = any(one.startswith("Odoo mails the followers of 2 records") for one in sentences(plan.side_effects))
    assert (mailed, "An undo mails them again" in sentences(plan.side_effects)) == (not old(e, NOTES_MAIL_SINCE),) * 2


def test_an_undo_makes_who_was_there_before_followers(e: Engagement) -> None:
    """And mails them, where the spec says to keep the trace; where it does not say, the undo is silent."""
    e.make_leads(3, city="Lima", user_id=lambda n: e.crm.people[LUIS] if n else False, stage_id=e.crm.stages["Nueva"])
    what = lima(stage_id="Propuesta", team_id="Ventas Europa", user_id={"assign": [CARMEN], "only_if_empty": False})
    follows = {
        "An undo makes the former salespeople of 2 records their followers",
        "An undo makes whoever follows the former team of 3 leads their follower",
    }
    mails = {"An undo also mails whoever follows the former team of 3 leads and subscribed to stages there"}
    kept, unsaid, silent = (
        set(sentences(planned(e, what, **top).side_effects)) & (follows | mails)
        for top in ({"tracking": "keep"}, {}, {"tracking": "silent"})
    )
    assert (kept, unsaid, silent) == (follows if old(e, NOTES_MAIL_SINCE) else follows | mails, follows, set())


def test_a_probability_alone_mails_only_where_it_loses_or_finds_a_lead(e: Engagement) -> None:
    """An archived one that comes to 0 or from there, on 19; a lead in use is neither."""
    e.make_leads(4, city="Lima", stage_id=e.crm.stages["Nueva"], active=lambda n: n % 2 == 0)
    e.crm.write("crm.lead", e.leads, probability=42)
    for lead in e.leads:
        follow(e, "crm.lead", lead)
    lost = planned(e, lima(probability=0, archived=True))
    assert [(one.limit, one.found) for one in lost.violations] == ([] if old(e, OUTCOME_SINCE) else [("tracking", 2)])
    assert planned(e, lima(probability=60, archived=True)).violations == ()
    both = planned(e, lima(probability=0, expected_revenue=5), tracking="keep")
    assert not any("mails" in one for one in sentences(both.side_effects))


def test_the_archive_alone_mails_only_where_it_loses_a_lead(e: Engagement) -> None:
    """On 19 a lead with some chance is not lost in the archive: nobody is mailed of it, and the plan asks nothing."""
    e.make_leads(3, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads[:2], probability=42)
    e.crm.write("crm.lead", e.leads[2:], probability=0)
    found = []
    for lead in (e.leads[0], e.leads[2]):
        follow(e, "crm.lead", lead)
        found.append([one.found for one in planned(e, lima(active=False)).violations])
    lost_by_it = [[1], [2]] if old(e, OUTCOME_SINCE) else [[], [1]]
    assert found == ([[], []] if old(e, NOTES_MAIL_SINCE) else lost_by_it)


def test_a_won_lead_is_certain(e: Engagement) -> None:
    """Odoo 19 refuses it; and no version keeps another probability along with a move to a won stage."""
    e.make_leads(3, city="Lima", stage_id=lambda n: e.crm.stages["Ganado" if n else "Nueva"])
    e.crm.write("crm.lead", e.leads[:1], probability=42)
    held = planned(e, lima(probability=50))
    assert [(one.limit, one.found) for one in held.violations] == ([] if old(e, OUTCOME_SINCE) else [("odoo", 2)])
    assert all("lets a won lead have no other probability than 100" in one for one in against(held))
    moved = planned(e, lima(probability=50, stage_id="Ganado")).violations
    assert [one.found for one in moved] == [1 if old(e, OUTCOME_SINCE) else 3]
    assert not planned(e, lima(probability=50, stage_id="Nueva"), tracking="silent").violations


def test_a_value_reaches_the_contact_that_the_plan_gives(e: Engagement) -> None:
    """And not the one that the lead has now. An undo takes the lead away from it again, and leaves it the value."""
    new, former = e.crm.create("res.partner", {"name": e.tag("Sol"), "phone": "1"}, {"name": e.tag("Luna")})
    e.make_leads(1, city="Lima", partner_id=former)
    written = {"value": "2", "reaches_other_records": True}
    both = lima(partner_id={"value": e.tag("Sol"), "reaches_other_records": True}, phone=written)
    text = said(e, both)
    assert f"Writing “{called(e, 'phone')}” also changes 1 other contact and 0 other leads: {e.tag('Sol')}" in text
    assert f"An undo does not give 1 of them its own “{called(e, 'phone')}” back" in text
    report = e.apply(e.plan(e.spec(both[0], tracking="silent")))
    e.undo(report.run.id)
    held = e.crm.find("res.partner", [["id", "in", [new, former]]], ["phone"])
    assert [row["phone"] for row in held] == ["2", False]


def test_contacts_that_get_several_values(e: Engagement) -> None:
    (partner,) = e.crm.create("res.partner", {"name": "Sol", "phone": "1"})
    e.make_leads(2, partner_id=partner, city=lambda n: ("Lima", "Cusco")[n])
    segments = [
        {"name": city, "when": {"city": city}, "set": {"phone": {"value": phone, "reaches_other_records": True}}}
        for city, phone in (("Lima", "2"), ("Cusco", "3"))
    ]
    text = said(e, ({"name": "Datos", "segments": segments}, False))
    assert f"The plan gives records of 1 contact several values for “{called(e, 'phone')}”, and Odoo keeps one" in text


def test_followers_that_may_not_be_seen_are_a_question_too(
    embedded: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    e = embedded
    monkeypatch.setitem(rights._ACCESS, "mail.followers", {})
    e.make_leads(3, city="Lima", stage_id=e.crm.stages["Nueva"])
    asked = planned(e, lima(stage_id="Propuesta"))
    assert [one.limit for one in asked.violations] == ["tracking"]
    assert against(asked)[0].startswith("The work user may not see who follows these records and would be mailed.")
    kept = planned(e, lima(stage_id="Propuesta"), tracking="keep")
    assert "Followers who subscribed to stages are mailed; the work user may not see who they are" in sentences(
        kept.side_effects
    )


def test_an_own_subscription_mails_nobody(e: Engagement) -> None:
    """The author of a change is not told of it."""
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    follow(e, "crm.lead", e.leads[0], e.crm.connect().identity.login)
    plan = planned(e, lima(stage_id="Propuesta"))
    assert (plan.rules.tracking, plan.violations) == ("keep", ())


def test_a_client_who_made_stages_everybodys_subscription(e: Engagement) -> None:
    """Then a new salesperson follows, and is mailed, in one write."""
    asked_for = [["res_model", "=", "crm.lead"], ["name", "=", "Stage Changed"]]
    (kind,) = e.crm.call("mail.message.subtype", "search", asked_for, lang="en_US")
    e.make_leads(2, city="Lima", user_id=False, stage_id=e.crm.stages["Nueva"])
    e.crm.write("mail.message.subtype", [kind], default=True)
    try:
        asked = planned(e, lima(stage_id="Propuesta", user_id={"assign": [CARMEN]}))
    finally:
        e.crm.write("mail.message.subtype", [kind], default=False)
    assert [(one.limit, one.found) for one in asked.violations] == (
        [] if old(e, NOTES_MAIL_SINCE) else [("tracking", 2)]
    )
    assert all("Carmen" in one for one in against(asked))


def test_a_new_salesperson_of_another_company(live_crm: Crm, tmp_path: Path) -> None:
    """Since 15 it would be refused, or moved; on 14 the person does not see what is theirs. In memory it cannot be."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(live_crm, ledger)
        (main,) = e.crm.find("res.users", [["login", "=", ANA]], ["company_id"])
        (branch,) = e.crm.create("res.company", {"name": e.tag("Sucursal")})
        both = [[6, 0, [main["company_id"], branch]]]
        work_user = e.crm.connect().identity.uid
        e.crm.write("res.users", [2, work_user], company_ids=both)
        try:
            (at,) = e.crm.create("crm.team", {"name": e.tag("De todas"), "company_id": False})
            e.make_leads(3, city="Lima", user_id=False, team_id=at, company_id=lambda n: branch if n else False)
            away = planned(e, lima(user_id={"assign": [ANA]}), tracking="silent")
            e.crm.write("res.users", [e.crm.people[ANA]], company_ids=both)
            there = planned(e, lima(user_id={"assign": [ANA]}), tracking="silent")
        finally:
            for login in (work_user, e.crm.people[ANA]):
                e.crm.write("res.users", [login], company_ids=[[6, 0, [main["company_id"]]]])
        refused = [(one.limit, one.found) for one in away.violations]
        unseen = "2 leads are of a company that their new salesperson does not work in, who therefore does not see them"
        assert (refused, unseen in sentences(away.side_effects)) == (
            ([], True) if old(e, COMPANY_FOLLOWS_SALESPERSON_SINCE) else ([("odoo", 2)], False)
        )
        assert (there.violations, any("does not work in" in one for one in sentences(there.side_effects))) == (
            (),
            False,
        )


def test_an_export_has_nobody_to_ask(embedded: Engagement) -> None:
    e = embedded
    e.make_leads(2, city="Lima", stage_id=e.crm.stages["Nueva"])
    segmentation, _archived = lima(stage_id="Propuesta")
    spec = e.spec(segmentation)
    made = draft(spec, *e.look(spec, e.crm.connect()), source="export")
    list(made)
    plan = made.plan
    assert (plan.rules.tracking, plan.violations) == ("silent", ())
    assert not any("Automation" in one for one in sentences(plan.side_effects))
