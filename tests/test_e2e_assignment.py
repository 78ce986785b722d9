"""Records are given to people: in turn or by load, under a cap, without mail, their team kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from segmenter.errors import ExitCode
from segmenter.ledger import open_ledger
from tests.support.engagement import ANA, CARMEN, LUIS, Crm, Engagement
from tests.support.words import sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def give(e: Engagement, *people: str, **how: Any) -> dict[str, Any]:
    """Everything of Lima to these people."""
    return {
        "name": "Reparto",
        "segments": [{"name": "Lima", "when": {"city": "Lima"}, "set": {"user_id": {"assign": [*people], **how}}}],
    }


def holders(e: Engagement) -> list[str]:
    """Login of who holds each lead of Lima, '' for nobody."""
    logins = {uid: login for login, uid in e.crm.people.items()}
    cities = e.column("city")
    return [logins.get(uid, "") for uid, city in zip(e.column("user_id"), cities, strict=True) if city == "Lima"]


def open_leads(e: Engagement, login: str) -> int:
    """How many a person has that are neither won nor archived."""
    domain = [("user_id", "=", e.crm.people[login]), ("active", "=", True), ("stage_id.is_won", "=", False)]
    return len(e.crm.ids("crm.lead", domain))


def nobodys(e: Engagement, number: int, **values: Any) -> None:
    """Leads of Lima that nobody holds."""
    e.make_leads(number, **{"city": "Lima", "user_id": False, **values})


def test_round_robin_gives_in_turn(engagement: Engagement) -> None:
    e = engagement
    nobodys(e, 7)
    first = e.state()
    spec = e.spec(give(e, LUIS, ANA, CARMEN, by="round_robin"))
    report = e.apply(e.plan(spec))
    assert holders(e) == [LUIS, ANA, CARMEN, LUIS, ANA, CARMEN, LUIS]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_one_person_as_a_plain_value_keeps_the_team_too(engagement: Engagement) -> None:
    e = engagement
    nobodys(e, 3, team_id=e.crm.teams["Ventas Cono Sur"])
    first = e.state()
    carmen = {"name": "Lima", "when": {"city": "Lima"}, "set": {"user_id": CARMEN}}
    spec = e.spec({"name": "Reparto", "segments": [carmen]})
    report = e.apply(e.plan(spec))
    assert (holders(e), set(e.column("team_id"))) == ([CARMEN] * 3, {e.crm.teams["Ventas Cono Sur"]})
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_least_loaded_gives_to_whoever_has_fewest_open_ones(engagement: Engagement) -> None:
    e = engagement
    load = {who: open_leads(e, who) for who in (ANA, LUIS)}
    behind, ahead = sorted(load, key=lambda who: load[who])
    need = load[ahead] - load[behind] + 4
    e.make_leads(2, user_id=e.crm.people[ahead], city="Santiago")
    # Won ones are nobody's load.
    e.make_leads(3, user_id=e.crm.people[behind], city="Santiago", stage_id=e.crm.stages["Ganado"])
    nobodys(e, need)
    plan = e.plan(e.spec(give(e, ANA, LUIS, by="least_loaded"), protect=[{"city": "Santiago"}]))
    assert sorted(plan.counts.workload.values()) == sorted(
        [(load[behind], load[ahead] + 3), (load[ahead] + 2, load[ahead] + 3)]
    )
    e.apply(plan)
    given = holders(e)
    assert Counter(given) == {behind: need - 1, ahead: 1}
    assert given[: need - 2] == [behind] * (need - 2)


def test_a_cap_is_a_load_so_that_a_second_plan_gives_nobody_more(engagement: Engagement) -> None:
    e = engagement
    open_now = open_leads(e, ANA)
    nobodys(e, 6, stage_id=lambda n: e.crm.stages["Ganado" if n < 2 else "Nueva"])
    spec = e.spec(give(e, ANA, cap=open_now + 2))
    plan = e.plan(spec)
    e.apply(plan)
    # The two that are won weigh nothing; two open ones fill her up.
    assert holders(e) == [ANA, ANA, ANA, ANA, "", ""]
    assert sentences(plan.warnings) == ["2 records stay as they are because everybody is at the cap"]
    assert e.changes(spec) == []


def test_what_the_plan_closes_makes_room_for_what_it_gives(engagement: Engagement) -> None:
    """Whichever has the smaller id: else a second plan would give more."""
    e = engagement
    open_now = open_leads(e, ANA)
    nobodys(e, 3, stage_id=e.crm.stages["Nueva"])
    e.make_leads(2, city="Lima", user_id=e.crm.people[ANA], stage_id=e.crm.stages["Propuesta"])
    first = e.state()
    given = give(e, ANA, cap=open_now + 2)
    won = {"name": "L", "when": {"city": "Lima"}, "set": {"stage_id": {"to": "Ganado", "from": ["Propuesta"]}}}
    spec = e.spec(given, {"name": "Cierre", "segments": [won]}, tracking="silent")
    plan = e.plan(spec)
    assert list(plan.counts.workload.values()) == [(open_now + 2, open_now + 2)]
    report = e.apply(plan)
    assert holders(e) == [ANA, ANA, "", ANA, ANA]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert _but_dates(e.state()) == _but_dates(first)


def _but_dates(state: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """A lead that was won keeps its closing date on Odoo 14, and the plan says so."""
    return [{name: value for name, value in row.items() if name != "date_closed"} for row in state.values()]


def test_only_if_empty_leaves_every_holder(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12, city="Lima")
    before = holders(e)
    report = e.apply(e.plan(e.spec(give(e, LUIS, only_if_empty=True))))
    assert report.counts == {"applied": 3}
    assert holders(e) == [login or LUIS for login in before]


def test_else_everybody_but_the_named_gives_up_theirs(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12, city="Lima")
    first, before = e.state(), holders(e)
    spec = e.spec(give(e, LUIS, CARMEN, by="round_robin", only_if_empty=False))
    report = e.apply(e.plan(spec))
    now = holders(e)
    assert [a == b for a, b in zip(before, now, strict=True)] == [login in (LUIS, CARMEN) for login in before]
    assert set(now) == {LUIS, CARMEN}
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_the_team_stays_with_the_record(engagement: Engagement) -> None:
    """Odoo would move a lead to a team of its new salesperson; a plan that does not say so keeps it."""
    e = engagement
    nobodys(e, 3, team_id=e.crm.teams["Ventas Europa"])
    report = e.apply(e.plan(e.spec(give(e, LUIS))))
    assert holders(e) == [LUIS] * 3
    assert e.column("team_id") == [e.crm.teams["Ventas Europa"]] * 3
    e.undo(report.run.id)
    assert (holders(e), e.column("team_id")) == ([""] * 3, [e.crm.teams["Ventas Europa"]] * 3)


def test_a_team_that_the_spec_names_is_written(engagement: Engagement) -> None:
    e = engagement
    nobodys(e, 3)
    first = e.state()
    both = give(e, CARMEN)
    both["segments"][0]["set"]["team_id"] = "Ventas Europa"
    spec = e.spec(both)
    report = e.apply(e.plan(spec))
    assert (holders(e), e.column("team_id")) == ([CARMEN] * 3, [e.crm.teams["Ventas Europa"]] * 3)
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_a_stage_moves_forward_only_from_where_the_spec_says(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(9)
    first = e.state()
    move = {
        "name": "Avance",
        "segments": [
            {
                "name": "Todos",
                "when": {"name": {"contains": "lead"}},
                "set": {"stage_id": {"to": "Propuesta", "from": ["Nueva"]}},
            }
        ],
    }
    spec = e.spec(move)
    plan = e.plan(spec)
    assert plan.counts.tally.moved_stages == 3
    report = e.apply(plan)
    names = {id_: name for name, id_ in e.crm.stages.items()}
    assert [names[one] for one in e.column("stage_id")] == ["Propuesta", "Calificado", "Propuesta"] * 3
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state() == first


def test_giving_200_leads_to_somebody_else_sends_no_mail(live_crm: Crm, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(live_crm, ledger)
        nobodys(e, 201)
        *ours, last = e.leads

        def told() -> tuple[int, int]:
            everything = ("mail.mail", "mail.notification")
            return tuple(len(e.crm.ids(model, [])) for model in everything)  # type: ignore[return-value]

        def followers() -> int:
            return len(e.crm.ids("mail.followers", [["res_model", "=", "crm.lead"], ["res_id", "in", e.leads]]))

        before, followed = told(), followers()
        report = e.apply(e.plan(e.spec(give(e, LUIS), protect=[{"name": {"ends_with": last_of(e)}}])))
        assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 200})
        assert set(e.column("user_id", ours)) == {e.crm.people[LUIS]}
        # Nobody is mailed, so the trace is kept: with it comes that a new salesperson follows, as the plan says.
        assert (told(), followers()) == (before, followed + 200)
        said = "The new salespeople of 200 records become their followers, and an undo leaves that"
        assert said in sentences(e.ledger.plan(report.run.plan).side_effects)

        # The same write as an ordinary client makes it: this server does send mail.
        write = [[last], {"user_id": e.crm.people[LUIS]}]
        e.crm.connect("all").execute_kw("crm.lead", "write", write, {"context": {}})
        mails, notifications = told()
        assert mails > before[0] or notifications > before[1]
        assert followers() > followed + 200


def last_of(e: Engagement) -> str:
    """The end of the last lead's name."""
    return f"{len(e.leads) - 1:04}"
