"""The law of people's edits: whatever somebody changes before an apply or an undo, neither of them moves it.

Specs and edits are drawn at random from the fields of a lead that Odoo moves along with one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segmenter.ledger import open_ledger
from tests.support.engagement import ANA, CARMEN, LUIS, Crm, Embedded, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]

STAGES = ("Nueva", "Propuesta", "Ganado", "De Europa", "Del Cono Sur")
TEAMS = ("Ventas Europa", "Ventas Cono Sur", "De nadie")
PEOPLE = (ANA, LUIS, CARMEN)
BY_ODOO = {"company_id"}
"""What follows a new salesperson; the plan says so."""

Row = dict[str, Any]

stage, team, person = (st.sampled_from(names) for names in (STAGES, TEAMS, PEOPLE))
actions: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {},
    optional={
        "stage_id": stage,
        "team_id": team,
        "user_id": st.builds(lambda who, empty: {"assign": [who], "only_if_empty": empty}, person, st.booleans()),
        "active": st.booleans(),
        "priority": st.integers(0, 3),
    },
).filter(bool)
edits = st.one_of(
    st.fixed_dictionaries({"stage_id": stage}),
    st.fixed_dictionaries({"team_id": team}),
    st.fixed_dictionaries({"user_id": person}),
    st.sampled_from([{"active": False, "probability": 0}, {"active": True}, {"probability": 33}, {"priority": "2"}]),
)
leads = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["lead", "opportunity"]),
        "stage_id": stage,
        "team_id": team,
        "user_id": st.one_of(st.just(False), person),
        "active": st.booleans(),
    }
)


@st.composite
def stories(draw: Any) -> Row:
    number = 3
    return {
        "leads": [draw(leads) for _ in range(number)],
        "set": draw(actions),
        "convert": draw(st.booleans()),
        "before": [draw(st.one_of(st.none(), edits)) for _ in range(number)],
        "after": [draw(st.one_of(st.none(), edits)) for _ in range(number)],
    }


def made_ready(crm: Crm) -> None:
    """A team that nobody is of, and a stage of each other team alone."""
    if "De nadie" in crm.teams:
        return
    several = "team_ids" in crm.call("crm.stage", "fields_get", [], ["type"])
    (crm.teams["De nadie"],) = crm.create("crm.team", {"name": "De nadie"})
    for name, of in (("De Europa", "Ventas Europa"), ("Del Cono Sur", "Ventas Cono Sur")):
        teams = {"team_ids": [[6, 0, [crm.teams[of]]]]} if several else {"team_id": crm.teams[of]}
        (crm.stages[name],) = crm.create("crm.stage", {"name": name, "sequence": 5, **teams})


def test_neither_an_apply_nor_an_undo_moves_what_a_person_changed(crm: Crm, tmp_path: Path) -> None:
    made_ready(crm)

    # Not shrunk: each example is a story of leads of its own.
    @settings(
        max_examples=40 if isinstance(crm, Embedded) else 8,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(stories())
    def law(story: Row) -> None:
        with open_ledger(tmp_path / "ledger.db") as ledger:
            holds(Engagement(crm, ledger), story)

    law()


def holds(e: Engagement, story: Row) -> None:
    for values in story["leads"]:
        e.make_leads(1, **{**by_id(e.crm, values), "active": True})
        if not values["active"]:
            e.crm.write("crm.lead", e.leads[-1:], active=False)
    segment: Row = {"name": "L", "when": {"referred": e.mark}, "set": story["set"]}
    if story["convert"]:
        segment["convert"] = {"customer": "none"}
    scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": True}
    plan = e.plan(e.spec({"name": "D", "segments": [segment]}, scope=scope, tracking="silent"))
    planned = {(one.record, one.field): one for one in e.ledger.changes(plan.id) if not one.pin}

    edit(e, story["before"])
    stood = e.state()
    report = e.apply(plan)
    left = {one.record for one in report.left}
    assert {one.outcome for one in report.left} <= {"conflict"}
    now = e.state()
    for place in differences(stood, now):
        assert place in planned, (place, story)
        assert place[0] not in left, (place, story)

    edit(e, story["after"])
    ours = e.ledger.applied(report.run.id)
    stood = e.state()
    back = e.undo(report.run.id)
    kept = {(one.record, one.field) for one in back.left}
    assert {one.outcome for one in back.left} <= {"conflict"}
    now = e.state()
    for place in differences(stood, now):
        assert ours.has(*place), (place, story)
        assert place not in kept, (place, story)
    for (record, name), change in planned.items():
        if ours.has(record, name) and (record, name) not in kept and name in now[record]:
            assert now[record][name] == (False if change.before is None else change.before), (record, name, story)


def by_id(crm: Crm, values: Mapping[str, Any]) -> Row:
    ids = {"stage_id": crm.stages, "team_id": crm.teams, "user_id": crm.people}
    return {name: ids[name][value] if value and name in ids else value for name, value in values.items()}


def edit(e: Engagement, what: list[Row | None]) -> None:
    """What somebody does to each lead, if Odoo lets them."""
    for lead, values in zip(e.leads, what, strict=True):
        try:
            if values:
                e.crm.write("crm.lead", [lead], **by_id(e.crm, values))
        except Fault:
            pass  # such as a won lead that is to be lost


def differences(before: dict[int, Row], after: dict[int, Row]) -> set[tuple[int, str]]:
    return {
        (record, name)
        for record, row in after.items()
        for name in row.keys() - BY_ODOO
        if row[name] != before[record][name]
    }
