"""The client process is killed (SIGKILL) at many points: resume ends as if nothing had been, undo as if never begun.

A point is ``before`` or ``after`` the n-th call that writes on a model: between the committed intent and the call, or
between the call and its outcome.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.errors import ExitCode
from segmenter.spec.model import Spec
from tests.support import wires
from tests.support.engagement import ANA, LUIS, Address, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]

ROOT = Path(__file__).parent.parent
Point = tuple[str, int, str]


class Killing:
    """An engagement of which single runs are done by a process that is killed."""

    def __init__(self, e: Engagement, address: Address) -> None:
        self.e, self.address = e, address
        e.make_leads(24)
        self.first = e.state()
        move, give = {"to": "Calificado", "from": ["Nueva"]}, {"assign": [ANA, LUIS], "by": "round_robin"}
        self.spec: Spec = e.spec(e.levels(stage_id=move, user_id=give))

    def killed(self, verb: str, id: str, point: Point, connections: int = 1) -> str:
        """Run it in a process of its own until that is killed; the id of the run that broke off."""
        when, at, on = point
        asked = {"verb": verb, "id": id, "ledger": self.e.ledger.where, "at": at, "when": when, "on": on}
        asked |= {"address": self.address, "api": wires.api(), "connections": connections, "size": 4}
        command = [sys.executable, "-m", "tests.support.killed"]
        ended = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=60, cwd=ROOT, check=False
        )
        assert ended.returncode == -signal.SIGKILL, f"it was not killed: {ended.stdout}{ended.stderr}"
        run = self.e.ledger.runs()[-1]
        assert run.status is None
        return run.id

    def plan(self) -> str:
        return self.e.plan(self.spec, "manager").id

    def undo(self, run: str) -> None:
        """In this process, to the end."""
        back = self.e.undo(run, "manager")
        assert (back.exit_code, back.left) == (ExitCode.DONE, ())
        self.nothing_left()

    def nothing_left(self) -> None:
        """Everything is as it was, and the tags are gone."""
        assert self.e.state() == self.first
        assert self.e.crm.ids("crm.tag", [["name", "=like", f"{self.e.mark} %"]]) == []


@pytest.fixture
def killing(engagement: Engagement) -> Iterator[Killing]:
    with engagement.crm.served("manager") as address:
        yield Killing(engagement, address)


def test_an_apply_that_is_killed_and_resumed_ends_as_one_that_was_not(killing: Killing) -> None:
    e = killing.e
    report = e.apply(e.plan(killing.spec, "manager"), "manager")
    goal = e.state()
    killing.undo(report.run.id)
    for point in (("after", 2, "crm.tag"), ("before", 1, "crm.lead"), ("after", 3, "crm.lead")):
        run = killing.killed("apply", killing.plan(), point)
        again = e.resume(run, "manager")
        assert (again.exit_code, again.left) == (ExitCode.DONE, ()), point
        assert e.state() == goal, point
        assert e.changes(killing.spec, "manager") == [], point
        killing.undo(run)
    assert e.ledger.verify_chain().ok


def test_killed_twice_over_two_connections(killing: Killing) -> None:
    """The resume is killed as well; the third attempt comes to the end."""
    e = killing.e
    killed = killing.killed("apply", killing.plan(), ("after", 2, "crm.lead"), connections=2)
    again = killing.killed("resume", killed, ("before", 2, "crm.lead"))
    third = e.resume(again, "manager")
    assert (third.exit_code, third.left) == (ExitCode.DONE, ())
    assert e.changes(killing.spec, "manager") == []
    killing.undo(third.run.id)


@pytest.mark.parametrize("point", [("before", 2, "crm.tag"), ("before", 2, "crm.lead"), ("after", 2, "crm.lead")])
def test_undo_straight_after_a_kill(killing: Killing, point: Point) -> None:
    killing.undo(killing.killed("apply", killing.plan(), point))


@pytest.mark.parametrize("point", [("before", 1, "crm.lead"), ("after", 2, "crm.lead"), ("after", 2, "crm.tag")])
def test_an_undo_that_is_killed_is_resumed(killing: Killing, point: Point) -> None:
    e = killing.e
    report = e.apply(e.plan(killing.spec, "manager"), "manager")
    again = e.resume(killing.killed("undo", report.run.id, point), "manager")
    assert (again.run.kind, again.exit_code, again.left) == ("undo", ExitCode.DONE, ())
    killing.nothing_left()
