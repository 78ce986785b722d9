"""What follows from a write by itself, the same on the embedded CRM and on a real Odoo 19."""

from __future__ import annotations

import pytest

from tests.support.backends import Backend

STATE = ("stage_id", "won_status", "active")


def test_a_new_lead(backend: Backend) -> None:
    lead = backend.new()
    found = backend.read("crm.lead", lead, "user_id", "type", "priority", *STATE)
    assert found == {
        "user_id": backend.uids["all"],
        "type": "opportunity",
        "priority": "0",
        "stage_id": backend.stages["New"],
        "won_status": "pending",
        "active": True,
    }
    stamps = backend.read("crm.lead", lead, "create_date", "date_open", "date_last_stage_update", "write_date")
    assert len(set(stamps.values())) == 1
    assert backend.read("crm.lead", lead, "date_closed", "day_open", "day_close") == {
        "date_closed": False,
        "day_open": 0.0,
        "day_close": 0.0,
    }


def test_a_new_lead_of_nobody(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    assert backend.read("crm.lead", lead, "user_id", "team_id", "date_open", "company_id") == dict.fromkeys(
        ["user_id", "team_id", "date_open", "company_id"], False
    )


def test_a_won_stage(backend: Backend) -> None:
    lead = backend.new(active=False)
    won = {"stage_id": backend.stages["Won"], "won_status": "won", "active": True}
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Won"]})
    assert backend.read("crm.lead", lead, *STATE) == won
    assert backend.read("crm.lead", lead, "probability", "automated_probability") == {
        "probability": 100.0,
        "automated_probability": 100.0,
    }
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"active": False})
    assert backend.read("crm.lead", lead, *STATE) == {**won, "active": False}


def test_leaving_a_won_stage(backend: Backend) -> None:
    lead = backend.new(stage_id=backend.stages["Won"])
    assert backend.read("crm.lead", lead, "probability") == 100.0
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Qualified"]})
    found = backend.read("crm.lead", lead, "won_status", "date_closed", "probability", "automated_probability")
    assert found["won_status"] == "pending"
    assert found["date_closed"] is False
    assert found["probability"] == found["automated_probability"] < 100


def test_from_one_won_stage_to_another(backend: Backend) -> None:
    other = backend.new("crm.stage", by="manager", is_won=True, sequence=80)
    lead = backend.new(stage_id=backend.stages["Won"])
    closed = backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"stage_id": other})
    assert backend.read("crm.lead", lead, "won_status", "date_closed") == {"won_status": "won", "date_closed": closed}


def test_a_probability_set_by_hand_stays(backend: Backend) -> None:
    lead = backend.new(expected_revenue=1000)
    backend.call("crm.lead", "write", [lead], {"probability": 42})
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Proposition"]})
    assert backend.read("crm.lead", lead, "probability", "prorated_revenue") == {
        "probability": 42.0,
        "prorated_revenue": 420.0,
    }


@pytest.mark.parametrize(
    ("stage", "probability", "sentence"),
    [
        ("Won", 50, "A lead in a Won stage cannot be lost. Move it to another stage first."),
        ("New", 101, "The operation cannot be completed: "),
        ("New", -1, "The operation cannot be completed: "),
    ],
)
def test_probabilities_that_cannot_be(backend: Backend, stage: str, probability: int, sentence: str) -> None:
    lead = backend.new(stage_id=backend.stages[stage])
    code, line = backend.fault("crm.lead", "write", [lead], {"probability": probability})
    assert code == 2
    assert line.startswith(sentence)


def test_lost_is_archived_without_a_chance(backend: Backend) -> None:
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"probability": 30})
    backend.call("crm.lead", "write", [lead], {"active": False})
    assert backend.read("crm.lead", lead, "won_status") == "pending"
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"active": False, "probability": 0})
    assert backend.read("crm.lead", lead, "won_status") == "lost"
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Qualified"]})
    assert backend.read("crm.lead", lead, "won_status", "date_closed", "probability") == {
        "won_status": "lost",
        "date_closed": False,
        "probability": 0.0,
    }


def test_assigning_dates_the_lead(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    backend.call("crm.lead", "write", [lead], {"user_id": backend.uids["own"]})
    assert backend.read("crm.lead", lead, "date_open")
    backend.call("crm.lead", "write", [lead], {"user_id": False})
    assert backend.read("crm.lead", lead, "date_open") is False


def test_the_team_follows_the_salesperson(backend: Backend) -> None:
    theirs = backend.new("crm.team", by="manager", member_ids=[[6, 0, [backend.uids["own"]]]], sequence=90)
    other = backend.new("crm.team", by="manager", sequence=91)
    led = backend.new("crm.team", by="manager", user_id=backend.uids["all"], sequence=92)
    lead = backend.new(user_id=False, team_id=other)

    def after(**values: object) -> int:
        backend.call("crm.lead", "write", [lead], values)
        team: int = backend.read("crm.lead", lead, "team_id")
        return team

    assert after(user_id=backend.uids["own"]) == theirs
    assert after(user_id=backend.uids["own"], team_id=other) == other
    assert after(user_id=backend.uids["own"]) == theirs
    assert after(user_id=False) == theirs
    assert after(user_id=backend.uids["all"]) == led
    for team in (theirs, other, led):
        backend.call("crm.team", "unlink", [team], by="manager")
    sales = backend.call("crm.team", "search", [["name", "=", "Sales"]])
    assert [after(user_id=backend.uids["own"])] == sales


def test_a_stage_of_another_team(backend: Backend) -> None:
    team, other = (backend.new("crm.team", by="manager", sequence=95) for _ in range(2))
    stage = backend.new("crm.stage", by="manager", sequence=60, team_ids=[[6, 0, [team]]])
    lead = backend.new(user_id=False, team_id=other)
    backend.call("crm.lead", "write", [lead], {"stage_id": stage})
    assert backend.read("crm.lead", lead, "stage_id") == stage
    backend.call("crm.lead", "write", [lead], {"team_id": team})
    assert backend.read("crm.lead", lead, "stage_id") == stage
    backend.call("crm.lead", "write", [lead], {"team_id": other})
    assert backend.read("crm.lead", lead, "stage_id") == backend.stages["New"]
    assert backend.read("crm.lead", backend.new(team_id=other, stage_id=stage), "stage_id") == stage
    assert backend.fault("crm.team", "unlink", [team], by="manager")[0] == 2


def test_a_stage_that_becomes_a_won_one_takes_its_leads_with_it(backend: Backend) -> None:
    stage = backend.new("crm.stage", by="manager", sequence=61)
    lead = backend.new(stage_id=stage)
    backend.call("crm.stage", "write", [stage], {"is_won": True}, by="manager")
    assert backend.read("crm.lead", lead, "won_status", "probability") == {"won_status": "won", "probability": 100.0}
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.stage", "write", [stage], {"is_won": False}, by="manager")
    assert backend.read("crm.lead", lead, "won_status", "date_closed") == {
        "won_status": "pending",
        "date_closed": False,
    }
    assert backend.read("crm.lead", lead, "probability") < 100


def test_a_lead_may_lose_its_stage(backend: Backend) -> None:
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"stage_id": False})
    assert backend.read("crm.lead", lead, "stage_id", "won_status") == {"stage_id": False, "won_status": "pending"}


def test_an_email_is_normalized(backend: Backend) -> None:
    lead = backend.new(email_from="Ana Soto <Ana@Viveros.Example>")
    assert backend.read("crm.lead", lead, "email_normalized") == "ana@viveros.example"
    backend.call("crm.lead", "write", [lead], {"email_from": "no address"})
    assert backend.read("crm.lead", lead, "email_normalized") is False
