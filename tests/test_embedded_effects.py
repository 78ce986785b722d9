"""What follows from a write, the same embedded and on real Odoos, but for what a test says of older ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from segmenter.behaviours.closing_date import CLOSING_DATE_LEAVES_SINCE
from segmenter.behaviours.team_and_stage import STAGE_FOLLOWS_TEAM_SINCE
from segmenter.behaviours.won_stage import WON_LEAVES_ARCHIVE_SINCE
from tests.support.backends import Backend

STATE = ("stage_id", "active")


def status(backend: Backend, lead: int) -> str:
    """Won, lost or pending: a field of 19, which older versions do without."""
    if backend.version >= 19:
        return str(backend.read("crm.lead", lead, "won_status"))
    found = backend.read("crm.lead", lead, "probability", "active")
    return {100.0: "won", 0.0: "pending" if found["active"] else "lost"}.get(found["probability"], "pending")


def test_a_new_lead(backend: Backend) -> None:
    lead = backend.new()
    found = backend.read("crm.lead", lead, "user_id", "type", "priority", *STATE)
    assert found == {
        "user_id": backend.uids["all"],
        "type": "opportunity",
        "priority": "0",
        "stage_id": backend.stages["New"],
        "active": True,
    }
    assert status(backend, lead) == "pending"
    stamps = backend.read("crm.lead", lead, "create_date", "date_open", "date_last_stage_update", "write_date")
    # A real server takes the clock twice, which may fall on two seconds.
    moments = sorted(datetime.fromisoformat(stamp) for stamp in stamps.values())
    assert moments[-1] - moments[0] <= timedelta(seconds=2)
    assert backend.read("crm.lead", lead, "date_closed", "day_open", "day_close") == {
        "date_closed": False,
        "day_open": 0.0,
        "day_close": 0.0,
    }


def test_a_new_lead_of_nobody(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    assert backend.read("crm.lead", lead, "user_id", "team_id", "date_open", "company_id") == {
        **dict.fromkeys(["user_id", "team_id", "date_open"], False),
        "company_id": False if backend.version > 14 else 1,  # 14 gives every lead a company from the start
    }


def test_a_won_stage(backend: Backend) -> None:
    lead = backend.new(active=False)
    won = {"stage_id": backend.stages["Won"], "active": backend.version >= WON_LEAVES_ARCHIVE_SINCE}
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Won"]})
    assert backend.read("crm.lead", lead, *STATE) == won
    assert status(backend, lead) == "won"
    assert backend.read("crm.lead", lead, "probability", "automated_probability") == {
        "probability": 100.0,
        "automated_probability": 100.0,
    }
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"active": False})
    assert backend.read("crm.lead", lead, *STATE) == {**won, "active": False}
    assert status(backend, lead) == "won"


def test_leaving_a_won_stage(backend: Backend) -> None:
    lead = backend.new(stage_id=backend.stages["Won"])
    assert backend.read("crm.lead", lead, "probability") == 100.0
    # Before 19 it dates a lead that reaches a won stage, not one that begins there.
    assert bool(backend.read("crm.lead", lead, "date_closed")) is (backend.version >= 19)
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["New"]})
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Won"]})
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Qualified"]})
    found = backend.read("crm.lead", lead, "date_closed", "probability", "automated_probability")
    assert status(backend, lead) == "pending"
    assert bool(found["date_closed"]) is (backend.version < CLOSING_DATE_LEAVES_SINCE)
    assert found["probability"] == found["automated_probability"] < 100


def test_from_one_won_stage_to_another(backend: Backend) -> None:
    other = backend.new("crm.stage", by="manager", is_won=True, sequence=80)
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Won"]})
    closed = backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"stage_id": other})
    assert status(backend, lead) == "won"
    dated_anew = backend.version < CLOSING_DATE_LEAVES_SINCE
    assert dated_anew or backend.read("crm.lead", lead, "date_closed") == closed


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
        pytest.param(
            *("Won", 50, "A lead in a Won stage cannot be lost. Move it to another stage first."),
            marks=pytest.mark.fact_of("19", "older versions take any probability in a won stage"),
        ),
        ("New", 101, "The operation cannot be completed: "),
        ("New", -1, "The operation cannot be completed: "),
    ],
)
def test_probabilities_that_cannot_be(backend: Backend, stage: str, probability: int, sentence: str) -> None:
    lead = backend.new(stage_id=backend.stages[stage])
    code, line = backend.fault("crm.lead", "write", [lead], {"probability": probability})
    assert code == 2
    assert line.startswith(sentence if backend.version >= 16 else "crm_lead_check_probability")


def test_lost_is_archived_without_a_chance(backend: Backend) -> None:
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"probability": 30})
    backend.call("crm.lead", "write", [lead], {"active": False})
    assert status(backend, lead) == "pending"
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.lead", "write", [lead], {"active": False, "probability": 0})
    assert status(backend, lead) == "lost"
    backend.call("crm.lead", "write", [lead], {"stage_id": backend.stages["Qualified"]})
    assert status(backend, lead) == "lost"
    assert backend.read("crm.lead", lead, "probability") == 0.0
    assert bool(backend.read("crm.lead", lead, "date_closed")) is (backend.version < CLOSING_DATE_LEAVES_SINCE)


def test_assigning_dates_the_lead(backend: Backend) -> None:
    lead = backend.new(user_id=False)
    backend.call("crm.lead", "write", [lead], {"user_id": backend.uids["own"]})
    assert backend.read("crm.lead", lead, "date_open")
    backend.call("crm.lead", "write", [lead], {"user_id": False})
    assert backend.read("crm.lead", lead, "date_open") is False


def test_the_team_follows_the_salesperson(backend: Backend) -> None:
    # Who is in a team is written on the users in 14, which takes an administrator.
    by = "manager" if backend.version > 14 else "admin"
    theirs = backend.new("crm.team", by=by, member_ids=[[6, 0, [backend.uids["own"]]]], sequence=90)
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
    assert [after(user_id=backend.uids["own"])] == backend.call("crm.team", "search", [], limit=1)


def of_team(backend: Backend, team: int) -> dict[str, Any]:
    return {"team_ids": [[6, 0, [team]]]} if backend.version >= 19 else {"team_id": team}


def test_a_stage_of_another_team(backend: Backend) -> None:
    team, other = (backend.new("crm.team", by="manager", sequence=95) for _ in range(2))
    stage = backend.new("crm.stage", by="manager", sequence=60, **of_team(backend, team))
    lead = backend.new(user_id=False, team_id=other)
    backend.call("crm.lead", "write", [lead], {"stage_id": stage})
    backend.call("crm.lead", "write", [lead], {"priority": "2", "active": False})
    assert backend.read("crm.lead", lead, "stage_id") == stage
    backend.call("crm.lead", "write", [lead], {"team_id": team, "active": True})
    assert backend.read("crm.lead", lead, "stage_id") == stage
    backend.call("crm.lead", "write", [lead], {"team_id": other})
    follows = backend.version >= STAGE_FOLLOWS_TEAM_SINCE
    assert backend.read("crm.lead", lead, "stage_id") == (backend.stages["New"] if follows else stage)
    assert backend.read("crm.lead", backend.new(team_id=other, stage_id=stage), "stage_id") == stage
    if backend.version >= 19:  # before, the team can be deleted
        assert backend.fault("crm.team", "unlink", [team], by="manager")[0] == 2
    else:
        assert backend.call("crm.team", "unlink", [team], by="manager") is True


def test_a_stage_that_becomes_a_won_one_takes_its_leads_with_it(backend: Backend) -> None:
    stage = backend.new("crm.stage", by="manager", sequence=61)
    lead = backend.new(stage_id=stage)
    backend.call("crm.stage", "write", [stage], {"is_won": True}, by="manager")
    if backend.version < 19:  # its leads stay as they are
        assert backend.read("crm.lead", lead, "probability") < 100
        assert backend.read("crm.lead", lead, "date_closed") is False
        backend.call("crm.stage", "write", [stage], {"is_won": False}, by="manager")
        return
    assert (status(backend, lead), backend.read("crm.lead", lead, "probability")) == ("won", 100.0)
    assert backend.read("crm.lead", lead, "date_closed")
    backend.call("crm.stage", "write", [stage], {"is_won": False}, by="manager")
    assert (status(backend, lead), backend.read("crm.lead", lead, "date_closed")) == ("pending", False)
    assert backend.read("crm.lead", lead, "probability") < 100


def test_a_lead_may_lose_its_stage(backend: Backend) -> None:
    lead = backend.new()
    backend.call("crm.lead", "write", [lead], {"stage_id": False})
    assert (status(backend, lead), backend.read("crm.lead", lead, "stage_id")) == ("pending", False)


def test_an_email_is_normalized(backend: Backend) -> None:
    lead = backend.new(email_from="Ana Soto <Ana@Viveros.Example>")
    assert backend.read("crm.lead", lead, "email_normalized") == "ana@viveros.example"
    backend.call("crm.lead", "write", [lead], {"email_from": "no address"})
    assert backend.read("crm.lead", lead, "email_normalized") is False
