"""What stands together in Odoo: where a person edited one part of it, neither an apply nor an undo moves that part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xmlrpc.client import Fault

import pytest

from segmenter.errors import ExitCode
from segmenter.ledger import RunReport
from segmenter.spec.model import Spec
from tests.support import troubles
from tests.support.engagement import ANA, CARMEN, Engagement
from tests.support.fakes import Recording
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]

SOUTH, EUROPE = "Ventas Cono Sur", "Ventas Europa"
GIVEN = {"user_id": {"assign": [ANA], "only_if_empty": False}, "team_id": SOUTH}
WITH_SOMEBODY = "it goes back only together with what somebody changed"


def setting(e: Engagement, *, archived: bool = False, **values: Any) -> Spec:
    """A spec that writes this on everything of Lima."""
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": archived}
    segment = {"name": "L", "when": {"city": "Lima"}, "set": values}
    return e.spec({"name": "D", "segments": [segment]}, scope=scope)


def reaching(value: Any) -> dict[str, Any]:
    return {"value": value, "reaches_other_records": True}


def left(report: RunReport) -> list[tuple[str, str, Any]]:
    return [(one.field, one.outcome, one.found) for one in report.left]


def held(e: Engagement, *names: str) -> tuple[Any, ...]:
    """These fields of the only lead."""
    (row,) = e.crm.find("crm.lead", [["id", "in", e.leads]], names)
    return tuple(row[name] for name in names)


def new_team(e: Engagement) -> int:
    return e.crm.create("crm.team", {"name": e.tag("Tercera")})[0]


def stage_of(e: Engagement, name: str, team: str) -> int:
    """A stage that only this team has."""
    several = "team_ids" in e.crm.call("crm.stage", "fields_get", [], ["type"])
    of = {"team_ids": [[6, 0, [e.crm.teams[team]]]]} if several else {"team_id": e.crm.teams[team]}
    return e.crm.create("crm.stage", {"name": e.tag(name), "sequence": 5, **of})[0]


# The team follows the salesperson


def test_an_undo_gives_the_salesperson_back_and_leaves_the_team_that_a_person_chose(engagement: Engagement) -> None:
    e = engagement
    third, carmen = new_team(e), e.crm.people[CARMEN]
    e.make_leads(1, city="Lima", user_id=carmen, team_id=e.crm.teams[EUROPE])
    report = e.apply(e.plan(setting(e, **GIVEN)))
    e.crm.write("crm.lead", e.leads, team_id=third)
    seen = e.preview_undo(report.run.id)
    back = e.undo(report.run.id)
    assert left(back) == [("team_id", "conflict", third)]
    assert (seen.restorable, seen.left) == (1, back.left)
    assert held(e, "user_id", "team_id") == (carmen, third)


def test_a_team_that_a_person_put_back_stays_when_the_salesperson_comes_back(engagement: Engagement) -> None:
    """She is not of that team, so Odoo would give the lead another."""
    e = engagement
    third, carmen = new_team(e), e.crm.people[CARMEN]
    e.make_leads(1, city="Lima", user_id=carmen, team_id=third)
    report = e.apply(e.plan(setting(e, **GIVEN)))
    e.crm.write("crm.lead", e.leads, team_id=third)
    assert e.undo(report.run.id).left == ()
    assert held(e, "user_id", "team_id") == (carmen, third)


@pytest.mark.parametrize("resumed", [True, False])
def test_a_write_that_went_unheard_is_undone_around_what_a_person_changed_since(
    engagement: Engagement, resumed: bool
) -> None:
    e = engagement
    third, carmen = new_team(e), e.crm.people[CARMEN]
    e.make_leads(1, city="Lima", user_id=carmen, team_id=e.crm.teams[EUROPE])
    report = e.apply(e.plan(setting(e, **GIVEN)), wrap=troubles.silence_after(1))
    assert report.exit_code == ExitCode.PARTLY
    e.crm.write("crm.lead", e.leads, team_id=third)
    conflict = [("team_id", "conflict", third)]
    if resumed:
        again = e.resume(report.run.id)
        assert (left(again), again.counts) == (conflict, {"conflict": 1})
    # A resume that said so has settled whose the team is.
    assert left(e.undo(report.run.id)) == ([] if resumed else conflict)
    assert held(e, "user_id", "team_id") == (carmen, third)


# The stage follows the team


def test_an_undo_leaves_the_stage_that_a_person_chose_among_those_of_the_new_team(engagement: Engagement) -> None:
    e = engagement
    theirs = stage_of(e, "Segunda visita", EUROPE)
    stage_of(e, "Visita", EUROPE)
    south = e.crm.teams[SOUTH]
    e.make_leads(1, city="Lima", user_id=False, team_id=south, stage_id=e.crm.stages["Calificado"])
    report = e.apply(e.plan(setting(e, stage_id=e.tag("Visita"), team_id=EUROPE)))
    e.crm.write("crm.lead", e.leads, stage_id=theirs)
    assert left(e.undo(report.run.id)) == [("stage_id", "conflict", theirs)]
    assert held(e, "stage_id", "team_id") == (theirs, south)


@pytest.mark.parametrize("undone", [False, True])
def test_a_stage_that_the_plan_does_not_speak_of_stays_where_a_person_put_it(
    engagement: Engagement, undone: bool
) -> None:
    e = engagement
    south, europe = e.crm.teams[SOUTH], e.crm.teams[EUROPE]
    theirs = stage_of(e, "Visita", EUROPE if undone else SOUTH)
    e.make_leads(1, city="Lima", user_id=False, team_id=south, stage_id=e.crm.stages["Calificado"])
    plan = e.plan(setting(e, team_id=EUROPE))
    assert not any("stage" in one for one in sentences(plan.side_effects)), "nothing would move it now"
    if not undone:
        e.crm.write("crm.lead", e.leads, stage_id=theirs)
    report = e.apply(plan)
    if undone:
        e.crm.write("crm.lead", e.leads, stage_id=theirs)
        assert e.undo(report.run.id).left == ()
    assert report.left == ()
    assert held(e, "stage_id", "team_id") == (theirs, south if undone else europe)


def test_a_stage_of_another_team_stays_with_a_new_salesperson(engagement: Engagement) -> None:
    """The team goes along as it is, and Odoo looks at the stage even so."""
    e = engagement
    theirs, south = stage_of(e, "Visita", EUROPE), e.crm.teams[SOUTH]
    e.make_leads(1, city="Lima", user_id=False, team_id=south, stage_id=e.crm.stages["Calificado"])
    plan = e.plan(setting(e, user_id={"assign": [ANA]}))
    e.crm.write("crm.lead", e.leads, stage_id=theirs)
    assert e.apply(plan).left == ()
    assert held(e, "stage_id", "team_id", "user_id") == (theirs, south, e.crm.people[ANA])


def test_a_stage_of_another_team_stays_with_a_conversion(engagement: Engagement) -> None:
    e = engagement
    theirs, south = stage_of(e, "Visita", EUROPE), e.crm.teams[SOUTH]
    lead = {"type": "lead", "stage_id": e.crm.stages["Calificado"]}
    e.make_leads(1, city="Lima", user_id=e.crm.people[ANA], team_id=south, **lead)
    segment = {"name": "L", "when": {"city": "Lima"}, "convert": {"customer": "none"}}
    plan = e.plan(e.spec({"name": "D", "segments": [segment]}))
    e.crm.write("crm.lead", e.leads, stage_id=theirs)
    report = e.apply(plan)
    assert (report.left, held(e, "stage_id", "team_id", "type")) == ((), (theirs, south, "opportunity"))
    assert e.undo(report.run.id).left == ()
    assert held(e, "stage_id", "team_id", "type") == (theirs, south, "lead")


def test_a_stage_that_nothing_would_move_is_not_written(engagement: Engagement) -> None:
    """On 14 a won stage renews the closing date, even written as it is."""
    e = engagement
    stage_of(e, "Visita", SOUTH)
    e.make_leads(1, city="Lima", user_id=False, team_id=e.crm.teams[SOUTH], stage_id=e.crm.stages["Ganado"])
    first = held(e, "date_closed", "stage_id")
    written: list[Any] = []

    class Watching(Recording):
        def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
            if method == "write":
                written.append(args[1])
            return super().execute_kw(model, method, args, kwargs)

    report = e.apply(e.plan(setting(e, team_id=EUROPE)), wrap=Watching)
    assert e.undo(report.run.id, wrap=Watching).left == ()
    assert written == [{"team_id": e.crm.teams[EUROPE]}, {"team_id": e.crm.teams[SOUTH]}]
    assert held(e, "date_closed", "stage_id") == first


# A won stage brings the lead out of the archive


@pytest.mark.parametrize("to", ["Nueva", "Propuesta"])
def test_an_undo_archives_no_lead_that_a_person_moved_on(engagement: Engagement, to: str) -> None:
    """Neither where it was moved back to the stage that it came from."""
    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads, active=False, probability=0)
    report = e.apply(e.plan(setting(e, archived=True, stage_id="Ganado")))
    assert held(e, "active") == (True,)
    e.crm.write("crm.lead", e.leads, stage_id=e.crm.stages[to])
    stands = e.state()
    back = e.undo(report.run.id)
    assert e.state() == stands
    told = {one.field: one.detail for one in back.left}
    assert told["active"] == WITH_SOMEBODY
    assert told.keys() == {"active", "probability", *(["stage_id"] if to == "Propuesta" else [])}


def test_a_lead_that_a_person_lost_is_not_won_by_an_apply(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    plan = e.plan(setting(e, archived=True, stage_id="Ganado"))
    assert plan.counts.tally.changes == 1
    e.crm.write("crm.lead", e.leads, active=False, probability=0)
    report = e.apply(plan)
    assert left(report) == [("active", "conflict", False)]
    assert held(e, "active", "probability", "stage_id") == (False, 0, e.crm.stages["Nueva"])


def test_a_lead_that_a_person_lost_is_not_won_again_by_an_undo(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Ganado"])
    report = e.apply(e.plan(setting(e, archived=True, stage_id="Propuesta")))
    e.crm.write("crm.lead", e.leads, active=False, probability=0)
    assert left(e.undo(report.run.id)) == [
        ("active", "conflict", False),
        ("stage_id", "conflict", e.crm.stages["Propuesta"]),
    ]
    assert held(e, "active", "probability", "stage_id") == (False, 0, e.crm.stages["Propuesta"])


def test_a_lead_that_a_person_archived_moves_between_other_stages(engagement: Engagement) -> None:
    """Nothing of it is Odoo's to change then, and an edit of what the plan does not touch is no conflict."""
    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    plan = e.plan(setting(e, stage_id="Propuesta"))
    e.crm.write("crm.lead", e.leads, active=False)
    assert e.apply(plan).left == ()
    assert held(e, "active", "stage_id") == (False, e.crm.stages["Propuesta"])


def test_a_probability_of_a_stage_goes_back_with_the_stage_alone(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    report = e.apply(e.plan(setting(e, stage_id="Propuesta", probability=60)))
    e.crm.write("crm.lead", e.leads, stage_id=e.crm.stages["Calificado"])
    back = e.undo(report.run.id)
    assert [(one.field, one.detail) for one in back.left] == [("stage_id", ""), ("probability", WITH_SOMEBODY)]
    assert held(e, "probability", "stage_id") == (60, e.crm.stages["Calificado"])


# E-mail, phone and address are of several records


def phones(e: Engagement, *contacts: int) -> list[Any]:
    return [row["phone"] for row in e.crm.find("res.partner", [["id", "in", contacts]], ["phone"])]


def test_an_undo_writes_nothing_into_another_contact(engagement: Engagement) -> None:
    e = engagement
    rosa, other = e.crm.create("res.partner", {"name": "Rosa", "phone": "111"}, {"name": "Otra"})
    e.make_leads(2, city="Lima", partner_id=rosa, user_id=False)
    report = e.apply(e.plan(setting(e, phone=reaching("999"))))
    # Who has no phone of her own leaves the lead its own.
    e.crm.write("crm.lead", e.leads[1:], partner_id=other)
    assert (e.column("phone"), phones(e, rosa, other)) == (["999", "999"], ["999", False])
    seen = e.preview_undo(report.run.id)
    back = e.undo(report.run.id)
    assert [(one.record, one.field, one.found, one.detail) for one in back.left] == [
        (e.leads[1], "partner_id", other, ""),
        (e.leads[1], "phone", "999", WITH_SOMEBODY),
    ]
    assert (seen.restorable, seen.left) == (1, back.left)
    assert (e.column("phone"), phones(e, rosa, other)) == (["111", "999"], ["111", False])


def test_an_apply_writes_nothing_into_another_contact(engagement: Engagement) -> None:
    e = engagement
    rosa, other = e.crm.create("res.partner", {"name": "Rosa"}, {"name": "Otra"})
    e.make_leads(3, city="Lima", partner_id=lambda n: (rosa, rosa, False)[n], user_id=False)
    plan = e.plan(setting(e, phone=reaching("999")))
    assert plan.counts.tally.changes == 3, "who they are of counts as no change"
    e.crm.write("crm.lead", e.leads[1:], partner_id=other)
    report = e.apply(plan)
    assert (left(report), report.counts["applied"]) == ([("partner_id", "conflict", other)] * 2, 1)
    assert phones(e, rosa, other) == ["999", False]


def test_leads_of_many_contacts_go_in_one_call(engagement: Engagement) -> None:
    e = engagement
    contacts = e.crm.create("res.partner", *({"name": f"Contacto {n}"} for n in range(6)))
    e.make_leads(6, city="Lima", partner_id=lambda n: contacts[n], user_id=False)
    seen: list[Recording] = []

    def watched(server: Any) -> Recording:
        seen.append(Recording(server))
        return seen[-1]

    assert e.apply(e.plan(setting(e, phone=reaching("999"))), wrap=watched).counts == {"applied": 6}
    assert [method for one in seen for method in one.methods].count("crm.lead.write") == 1


def test_a_contact_does_not_overwrite_the_phone_that_a_person_wrote(engagement: Engagement) -> None:
    e = engagement
    rosa, other = e.crm.create("res.partner", {"name": e.tag("Rosa"), "phone": "111"}, {"name": e.tag("Otra")})
    e.make_leads(1, city="Lima", partner_id=rosa, user_id=False)
    report = e.apply(e.plan(setting(e, phone=reaching("999"), partner_id=reaching(e.tag("Otra")))))
    e.crm.write("crm.lead", e.leads, phone="555")
    back = e.undo(report.run.id)
    assert {one.field: one.found for one in back.left} == {"phone": "555", "partner_id": other}
    assert (held(e, "phone", "partner_id"), phones(e, rosa, other)) == (("555", other), ["111", "555"])


def test_an_undo_writes_no_address_into_another_company(engagement: Engagement) -> None:
    e = engagement
    one, other = e.crm.create("res.partner", {"name": "Una", "is_company": True}, {"name": "Otra", "is_company": True})
    rosa = e.crm.create("res.partner", {"name": "Rosa", "ref": e.mark, "parent_id": one, "city": "Lima"})[0]
    scope = {"model": "res.partner", "where": {"ref": e.mark}}
    segment = {"name": "L", "when": {"city": "Lima"}, "set": {"city": reaching("Cusco")}}
    report = e.apply(e.plan(e.spec({"name": "D", "segments": [segment]}, scope=scope)))
    assert report.left == ()
    # A company without an address leaves her hers, and on 19 takes it over.
    e.crm.write("res.partner", [rosa], parent_id=other)
    stands = e.crm.find("res.partner", [["id", "in", [other, rosa]]], ["city"])
    assert left(e.undo(report.run.id)) == [("parent_id", "conflict", other), ("city", "conflict", "Cusco")]
    assert e.crm.find("res.partner", [["id", "in", [other, rosa]]], ["city"]) == stands


@pytest.mark.parametrize(
    "asked", [{"stage_id": "Propuesta"}, {"stage_id": "Propuesta", "active": True}, {"stage_id": "Otra de ganado"}]
)
def test_an_archived_lead_goes_back_to_a_won_stage_and_into_the_archive(
    engagement: Engagement, asked: dict[str, Any]
) -> None:
    """Odoo 19 takes it out by the stage, so the archive comes after."""
    e = engagement
    other = e.tag("Otra de ganado")
    e.crm.create("crm.stage", {"name": other, "sequence": 95, "is_won": True})
    e.make_leads(3, city="Lima", stage_id=e.crm.stages["Ganado"])
    e.crm.write("crm.lead", e.leads[1:], active=False)
    first = e.state()
    values = {name: other if value == "Otra de ganado" else value for name, value in asked.items()}
    report = e.apply(e.plan(setting(e, archived=True, **values)))
    assert report.left == ()
    back = e.undo(report.run.id)
    assert (back.left, back.exit_code, e.state()) == ((), ExitCode.DONE, first)


def test_a_spec_may_win_what_it_archives(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(2, city="Lima", stage_id=e.crm.stages["Nueva"])
    e.crm.write("crm.lead", e.leads[1:], active=False)
    first = e.state()
    spec = setting(e, archived=True, stage_id="Ganado", active=False)
    report = e.apply(e.plan(spec))
    assert (report.left, e.column("active")) == ((), [False, False])
    assert e.column("stage_id") == [e.crm.stages["Ganado"]] * 2
    assert e.changes(spec) == []
    assert e.undo(report.run.id).left == ()
    assert e.state() == first


@pytest.mark.fact_of("19", "on 14 a won stage leaves the archive alone, so one call does for both")
def test_half_of_it_refused_is_no_refusal(engagement: Engagement) -> None:
    """The stage holds already when the archive is refused: that is known to nobody, and an undo looks."""

    def refuse(_do: troubles.Do, _args: Sequence[Any]) -> Any:
        raise Fault(2, "Not today.")

    e = engagement
    e.make_leads(1, city="Lima", stage_id=e.crm.stages["Nueva"])
    first = e.state()
    plan = e.plan(setting(e, stage_id="Ganado", active=False))
    report = e.apply(plan, wrap=troubles.Trouble(2, refuse, "crm.lead"))
    assert (report.exit_code, e.column("active")) == (ExitCode.PARTLY, [True])
    assert [one.outcome for one in e.ledger.outcomes(report.run.id)] == ["unknown"]
    back = e.undo(report.run.id)
    assert (back.left, e.state()) == ((), first)
