"""The client's sign-off, and `apply` insisting on it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from segmenter.ledger import open_ledger
from tests.support.command_line import Desk, desk

__all__ = ["desk"]

PAULA = 'approver: "Paula Rojas <paula@viveros.example>"'
SIGN = ("--by", "Paula Rojas", "--evidence", "correo 2026-11-24")


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """A spec that insists on Paula's approval, and its plan P1."""
    spec = desk.spec.read_text("utf-8")
    spec = spec.replace("name: Viveros del Maipo,", f"name: Viveros del Maipo, {PAULA},")
    desk.spec.write_text(spec.replace("limits: {", "limits: {require_approval: true, "), "utf-8")
    assert "It must be approved first: segmenter approve P1" in desk.done("plan", "viveros.yaml").stderr
    return desk


def test_an_approval_is_shown_wherever_plans_and_runs_are(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    digest = desk.data("show", "P1")["digest"]
    said = desk.done("approve", "p1", *SIGN).stdout
    assert f"✓ P1, digest {digest[:12]}: approved by Paula Rojas (correo 2026-11-24)" in said
    desk.done("apply", "P1", "--yes")
    for words in (("show", "P1"), ("show", "R1"), ("history", "1")):
        assert "approved by Paula Rojas (correo 2026-11-24)" in desk.done(*words).stdout
        assert [one["digest"] for one in desk.data(*words)["approvals"]] == [digest]
    assert "approved by Paula Rojas" in desk.done("runs").stdout
    assert desk.data("runs")["approvals"][0]["who"]["tool_version"]
    assert desk.data("runs", "--verify")["ok"]


def test_an_approval_that_is_said_twice_is_recorded_once(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    first = desk.data("approve", "P1", *SIGN)
    assert desk.data("approve", "p1", *SIGN)["at"] == first["at"]
    desk.done("approve", "P1", "--by", "Paula Rojas", "--evidence", "informe firmado")
    assert len(desk.data("show", "P1")["approvals"]) == 2
    assert (
        "approved by Paula Rojas\n" in "\n".join(line.rstrip() for line in desk.done("runs").stdout.splitlines()) + "\n"
    )


def test_an_approval_in_json(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    given = desk.data("approve", "P1", *SIGN)
    assert (given["kind"], given["plan"], given["by"]) == ("approval", "P1", "Paula Rojas")


def test_apply_insists_on_the_approval_and_says_how(strict: Desk) -> None:
    said = strict.done("apply", "P1", "--yes", code=3).stderr
    assert "P1 must be approved by Paula Rojas <paula@viveros.example> before it is applied" in said
    assert 'segmenter approve P1 --by "Paula Rojas" --evidence TEXT' in said
    # Without --yes too, and before anybody is asked.
    assert "must be approved" in strict.done("apply", "P1", code=3).stderr
    assert strict.data("runs")["runs"] == []
    strict.done("approve", "P1", *SIGN)
    strict.done("apply", "P1", "--yes")


def test_it_cannot_be_overridden(strict: Desk) -> None:
    said = strict.done("apply", "P1", "--yes", "--override", "require_approval", "--reason", "urgente", code=2).stderr
    assert "does not break the limit require_approval" in said


def test_nobody_else_can_approve(strict: Desk) -> None:
    said = strict.done("approve", "P1", "--by", "Luis Soto", "--evidence", "correo", code=3).stderr
    assert "Luis Soto cannot approve P1: the spec names Paula Rojas <paula@viveros.example>" in said
    strict.done("approve", "P1", "--by", "PAULA@viveros.example", "--evidence", "correo")
    strict.done("apply", "P1", "--yes")


def test_another_plan_needs_another_approval(strict: Desk) -> None:
    strict.done("approve", "P1", *SIGN)
    strict.done("plan", "viveros.yaml")
    assert "P2 must be approved" in strict.done("apply", "P2", "--yes", code=3).stderr


def test_a_plan_that_was_altered_after_its_approval_is_not_applied(strict: Desk) -> None:
    strict.done("approve", "P1", *SIGN)
    with open_ledger("segmenter.ledger") as ledger, ledger._store.engine.connect() as connection:
        connection.execute(text("""UPDATE change_sets SET change = replace(change, '"3"', '"2"')"""))
        connection.commit()
    said = strict.done("apply", "P1", "--yes", code=1).stderr
    assert "P1 is not what was approved" in said


def test_without_the_key_in_the_spec_nothing_is_asked_for(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")


def test_what_is_missing_is_said(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    assert "Missing option '--evidence'" in desk.done("approve", "P1", "--by", "Paula", code=2).stderr
    assert "There is no plan P9" in desk.done("approve", "P9", *SIGN, code=1).stderr
    secret = ("--by", "Paula", "--evidence", "api key: 0123456789abcdef")
    assert "A secret" in desk.done("approve", "P1", *secret, code=2).stderr
