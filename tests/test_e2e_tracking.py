"""What is noted in Odoo's chatter and whom that mails: asked before, decided in the plan, and kept to by every run."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from segmenter.behaviours.settings import OUTCOME
from segmenter.behaviours.subscribers import NOTES_MAIL_SINCE
from segmenter.drafting import draft
from segmenter.errors import ExitCode, LimitsExceeded, StalePlan, UsageError
from segmenter.odoo.writer import KEPT, SILENT
from segmenter.plans import Plan
from tests.support.engagement import ANA, CARMEN, LUIS, Engagement
from tests.support.fakes import Recording
from tests.support.words import against, raises, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def moved(**more: Any) -> dict[str, Any]:
    """Everything of Lima goes on to Propuesta."""
    lima = {"name": "Lima", "when": {"city": "Lima"}, "set": {"stage_id": "Propuesta", **more}}
    return {"name": "Avance", "segments": [lima]}


def quiet(e: Engagement) -> bool:
    """Odoo 14 and 15 note without a mail."""
    return e.crm.admin.identity.major < NOTES_MAIL_SINCE


def told(e: Engagement) -> int:
    """Mails and notifications that this database ever made."""
    models = ["mail.notification", *([] if e.crm.name == "embedded" else ["mail.mail"])]
    return sum(len(e.crm.ids(model, [])) for model in models)


def notes(e: Engagement) -> int:
    """How many leads of the engagement have a note of a change."""
    rows = e.crm.find("mail.message", [["model", "=", "crm.lead"], ["res_id", "in", e.leads]], ["res_id", "subtype_id"])
    return len({row["res_id"] for row in rows if row["subtype_id"]})


def followed(e: Engagement) -> int:
    return len(e.crm.ids("mail.followers", [["res_model", "=", "crm.lead"], ["res_id", "in", e.leads]]))


def follow(e: Engagement, model: str, record: int, login: str) -> None:
    """Somebody who is told of every change there is a subscription for."""
    kinds = e.crm.ids("mail.message.subtype", [["res_model", "=", model]])
    (user,) = e.crm.find("res.users", [["login", "=", login]], ["partner_id"])
    values = {"res_model": model, "res_id": record, "partner_id": user["partner_id"], "subtype_ids": [[6, 0, kinds]]}
    e.crm.create("mail.followers", values)


def violated(plan: Plan) -> list[str]:
    return [one.limit for one in plan.violations]


def test_a_plan_without_a_tracked_change_asks_nobody(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    seen: list[Recording] = []

    def recorded(server: Any) -> Recording:
        seen.append(Recording(server))
        return seen[-1]

    plan = e.plan(e.spec(e.levels()), wrap=recorded)
    assert plan.counts.tally.records == 6
    assert (plan.rules.tracking, violated(plan)) == ("silent", [])
    assert not any(model.startswith("mail.") for model, *_rest in seen[0].calls)
    assert not any("message history" in one for one in sentences(plan.side_effects))


def test_where_nobody_is_mailed_the_changes_are_noted(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    plan = e.plan(e.spec(moved(user_id={"assign": [LUIS, CARMEN], "by": "round_robin", "only_if_empty": False})))
    before = told(e)
    assert (plan.rules.tracking, violated(plan)) == ("keep", [])
    assert "The changes of 4 records are noted in their message history, which an undo does not take back" in sentences(
        plan.side_effects
    )
    given = "The new salespeople of 2 records become their followers, and an undo leaves that"
    assert given in sentences(plan.side_effects)
    report = e.apply(plan)
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 4})
    assert (told(e), notes(e), followed(e)) == (before, 4, 2)
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    # Whoever held it before follows it too, once it is given back.
    assert (told(e), followed(e)) == (before, 3)


def test_where_somebody_would_be_mailed_the_plan_asks(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    lima = e.leads[1]
    follow(e, "crm.lead", lima, ANA)
    plan = e.plan(e.spec(moved()))
    if quiet(e):
        assert (plan.rules.tracking, violated(plan)) == ("keep", [])
        return
    (one,) = plan.violations
    assert (one.limit, one.found) == ("tracking", 1)
    (told_so,) = against(plan)
    assert told_so.startswith("1 record has followers whom Odoo would mail about its change: Ana")
    assert "`tracking: keep`" in told_so
    assert "`tracking: silent`" in told_so
    with raises(LimitsExceeded, match="tracking: keep"):
        e.apply(plan)
    with pytest.raises(UsageError, match="cannot be overridden"):
        e.apply(plan, overrides={"tracking": "because"})


def test_silence_is_chosen(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    follow(e, "crm.lead", e.leads[1], ANA)
    before = told(e)
    plan = e.plan(e.spec(moved(user_id={"assign": [LUIS], "only_if_empty": False}), tracking="silent"))
    assert (plan.rules.tracking, violated(plan)) == ("silent", [])
    assert any("leave no trace in their message history" in one for one in sentences(plan.side_effects))
    assert not any("follower" in one for one in sentences(plan.side_effects))
    report = e.apply(plan)
    assert (report.counts, told(e), notes(e), followed(e)) == ({"applied": 4}, before, 0, 1)
    e.undo(report.run.id)
    assert (told(e), notes(e), followed(e)) == (before, 0, 1)


@pytest.mark.parametrize("choice", ["silent", "keep"])
def test_a_move_without_a_note_spoils_the_time_in_stage(engagement: Engagement, choice: str) -> None:
    """From 17 on: the stage that a lead was in for long is as if it had never been."""
    e = engagement
    e.make_leads(6)
    counted = "duration_tracking" in e.crm.call("crm.lead", "fields_get", [], ["type"])
    plan = e.plan(e.spec(moved(), tracking=choice))
    said = [one for one in sentences(plan.side_effects) if one.startswith("The time in stage of 2 leads is spoiled")]
    assert len(said) == (choice == "silent" and counted)
    e.apply(plan)
    if counted and e.crm.name != "embedded":
        (lead,) = e.crm.find("crm.lead", [["id", "=", e.leads[1]]], ["duration_tracking"])
        stays = {str(e.crm.stages["Propuesta"])} | ({str(e.crm.stages["Calificado"])} if choice == "keep" else set())
        assert set(lead["duration_tracking"]) == stays


def test_the_trace_is_chosen_and_its_mails_are_said(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    follow(e, "crm.lead", e.leads[1], ANA)
    before = told(e)
    plan = e.plan(e.spec(moved(), tracking="keep"))
    assert (plan.rules.tracking, violated(plan)) == ("keep", [])
    said = [
        one
        for one in sentences(plan.side_effects)
        if one.startswith("Odoo mails the followers of 1 record about its change")
    ]
    assert bool(said) is not quiet(e)
    e.apply(plan)
    assert notes(e) == 4
    assert (told(e) > before) is not quiet(e)


def test_who_follows_since_the_plan_was_made_is_not_mailed_unsaid(engagement: Engagement) -> None:
    """The plan kept the trace since nobody followed. Nothing is written; a new plan asks."""
    e = engagement
    e.make_leads(12)
    plan, chosen = e.plan(e.spec(moved())), e.plan(e.spec(moved(), tracking="keep"))
    first = e.state()
    follow(e, "crm.lead", e.leads[1], ANA)
    before = told(e)
    if quiet(e):
        assert (e.apply(plan).exit_code, told(e)) == (ExitCode.DONE, before)
        return
    with pytest.raises(StalePlan, match=r"nobody would be mailed; that is so no more\. 1 record has followers.*: Ana"):
        e.apply(plan)
    assert (e.state(), told(e), e.ledger.runs()) == (first, before, [])
    assert violated(e.plan(e.spec(moved()))) == ["tracking"]
    # The spec's own word needs no second question.
    assert (e.apply(chosen).exit_code, told(e) > before) == (ExitCode.DONE, True)


def test_an_undo_mails_nobody_who_follows_since(engagement: Engagement) -> None:
    """It is never kept from being done: it goes on in silence, and says so."""
    e = engagement
    e.make_leads(12)
    first = e.state()
    run = e.apply(e.plan(e.spec(moved()))).run.id
    follow(e, "crm.lead", e.leads[1], ANA)
    before, noted = told(e), notes(e)
    report = e.undo(run)
    assert (report.exit_code, told(e), notes(e)) == (ExitCode.DONE, before, noted)
    assert but_dates(e.state()) == but_dates(first)
    why = "Nothing was noted in it, since the spec does not say to mail anybody. 1 record has followers whom Odoo would"
    assert report.silenced.startswith(why) is not quiet(e)
    assert bool(report.silenced) is not quiet(e)


def test_an_undo_mails_nobody_who_follows_the_former_team(engagement: Engagement) -> None:
    """The apply mailed nobody. Who follows the team that an undo writes is mailed at once, unless it is silent."""
    e = engagement
    (team,) = e.crm.create("crm.team", {"name": e.tag("Equipo")})
    follow(e, "crm.team", team, CARMEN)
    e.make_leads(6, team_id=team, user_id=False)
    before = told(e)
    report = e.apply(e.plan(e.spec(moved(team_id="Ventas Europa"))))
    assert (report.exit_code, report.silenced, told(e)) == (ExitCode.DONE, "", before)
    back = e.undo(report.run.id)
    assert (back.exit_code, bool(back.silenced), told(e)) == (ExitCode.DONE, not quiet(e), before)
    assert set(e.column("team_id")) == {team}


def test_a_resume_mails_nobody_who_follows_since(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12)
    stop = threading.Event()
    plan = e.plan(e.spec(moved()))
    pace = {"progress": lambda _done: stop.set(), "stop": stop, "batch_size": 1, "connections": 1}
    broken = e.apply(plan, **pace)
    assert (broken.run.status, broken.counts) == ("interrupted", {"applied": 1})
    for lead in e.leads:
        follow(e, "crm.lead", lead, ANA)
    before = told(e)
    report = e.resume(broken.run.id)
    assert (report.exit_code, report.counts, told(e)) == (ExitCode.DONE, {"applied": 3}, before)
    assert bool(report.silenced) is not quiet(e)
    assert notes(e) == (4 if quiet(e) else 1)


def test_a_probability_that_loses_a_lead_is_asked_for_again_too(engagement: Engagement) -> None:
    """Of an archived lead, on 19. A lead in use is not lost by it, so that who follows it is in nobody's way."""
    e = engagement
    e.make_leads(4, city="Lima", active=lambda n: n % 2 == 0)
    e.crm.write("crm.lead", e.leads, probability=42)
    lima = {"name": "L", "when": {"city": "Lima"}, "set": {"probability": 0, "expected_revenue": 7}}
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": True}
    plan = e.plan(e.spec({"name": "G", "segments": [lima]}, scope=scope))
    assert plan.rules.tracking == "keep"
    follow(e, "crm.lead", e.leads[1], ANA)
    if OUTCOME in e.crm.call("crm.lead", "fields_get", [], ["type"]):
        with pytest.raises(StalePlan, match="1 record has followers"):
            e.apply(plan)
        e.crm.call("mail.followers", "unlink", e.crm.ids("mail.followers", followers_of(e.leads[1])))
    follow(e, "crm.lead", e.leads[0], ANA)
    before = told(e)
    assert (e.apply(plan).exit_code, told(e)) == (ExitCode.DONE, before)


def followers_of(lead: int) -> list[Any]:
    return [["res_model", "=", "crm.lead"], ["res_id", "=", lead]]


def but_dates(state: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if not name.startswith("date_")} for row in state.values()]


def only_of(e: Engagement, *teams: str) -> int:
    """A stage that only these teams have."""
    owners = [e.crm.teams[name] for name in teams]
    several = "team_ids" in e.crm.call("crm.stage", "fields_get", [], ["type"])
    of = {"team_ids": [[6, 0, owners]]} if several else {"team_id": owners[0]}
    return e.crm.create("crm.stage", {"name": e.tag("Visita"), "sequence": 5, **of})[0]


@pytest.mark.parametrize("asked", [{"team_id": "Ventas Europa"}, {"user_id": {"assign": [LUIS]}}])
def test_a_stage_that_odoo_would_move_by_itself_stays_and_mails_nobody(
    engagement: Engagement, asked: dict[str, Any]
) -> None:
    """With the team, even if it is written as it was. Odoo's own move would be mailed in silence too."""
    e = engagement
    stage = only_of(e, "Ventas Cono Sur" if "team_id" in asked else "Ventas Europa")
    e.make_leads(4, city="Lima", user_id=False, team_id=e.crm.teams["Ventas Cono Sur"], stage_id=stage)
    e.crm.write("crm.lead", e.leads[2:], stage_id=False)
    e.crm.write("crm.lead", e.leads[:2], stage_id=stage)
    for lead in e.leads:
        follow(e, "crm.lead", lead, ANA)
    first, before = e.state(), told(e)
    assert [row["stage_id"] for row in first.values()] == [stage, stage, False, False]
    plan = e.plan(e.spec({"name": "G", "segments": [{"name": "L", "when": {"city": "Lima"}, "set": asked}]}))
    report = e.apply(plan)
    assert (report.exit_code, report.counts, told(e)) == (ExitCode.DONE, {"applied": 4}, before)
    assert e.column("stage_id") == [stage, stage, False, False]
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert (_but_company(e.state()), told(e)) == (_but_company(first), before)


def test_a_lead_without_a_stage_is_converted_in_silence(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(2, city="Lima", type="lead", user_id=False)
    e.crm.write("crm.lead", e.leads, stage_id=False)
    for lead in e.leads:
        follow(e, "crm.lead", lead, ANA)
    first, before = e.state(), told(e)
    lima = {"name": "L", "when": {"city": "Lima"}, "convert": {"customer": "none"}}
    report = e.apply(e.plan(e.spec({"name": "G", "segments": [lima]}, tracking="silent")))
    assert (report.exit_code, e.column("type"), told(e)) == (ExitCode.DONE, ["opportunity"] * 2, before)
    e.undo(report.run.id)
    assert (e.state(), told(e)) == (first, before)


def _but_company(state: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """A lead of no company gets that of its new salesperson, and the plan says so."""
    return [{name: value for name, value in row.items() if name != "company_id"} for row in state.values()]


def test_who_follows_a_team_that_is_written_counts(engagement: Engagement) -> None:
    """A new salesperson comes with a pin of the team, and with the team come its followers, in the same write."""
    e = engagement
    (team,) = e.crm.create("crm.team", {"name": e.tag("Equipo")})
    follow(e, "crm.team", team, CARMEN)
    e.make_leads(6, team_id=team, user_id=False)
    plan = e.plan(e.spec(moved(user_id={"assign": [ANA]})))
    if quiet(e):
        assert plan.rules.tracking == "keep"
        assert any(
            one.startswith("Whoever follows their team becomes a follower of 2 records")
            for one in sentences(plan.side_effects)
        )
    else:
        (one,) = plan.violations
        assert (one.limit, one.found) == ("tracking", 2)
        assert "Carmen" in against(plan)[0]


def test_it_is_part_of_what_was_shown(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    spec = e.spec(moved())
    look = e.look(spec, e.crm.connect())
    kept, silent = (finished(e.spec(moved(), tracking=choice), look) for choice in ("keep", "silent"))
    assert kept.digest != silent.digest
    assert e.ledger.verify_chain().ok
    plan = e.plan(e.spec(moved()))
    assert e.ledger.plan(plan.id).rules.tracking == "keep"
    assert e.ledger.verify_chain().ok


def finished(spec: Any, look: Any) -> Plan:
    made = draft(spec, *look)
    list(made)
    return made.plan


@pytest.mark.parametrize("choice", ["keep", "silent"])
def test_apply_resume_and_undo_write_as_the_plan_says(engagement: Engagement, choice: str) -> None:
    e = engagement
    e.make_leads(6)
    written: list[dict[str, Any]] = []

    class Watching(Recording):
        def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
            if method == "write":
                written.append(kwargs["context"])
            return super().execute_kw(model, method, args, kwargs)

    report = e.apply(e.plan(e.spec(moved(), tracking=choice)), wrap=Watching, batch_size=1)
    e.undo(report.run.id, wrap=Watching)
    expected = KEPT if choice == "keep" else SILENT
    assert len(written) == 3
    for context in written:
        assert {name: context.get(name) for name in KEPT | SILENT} == {
            name: expected.get(name) for name in KEPT | SILENT
        }
