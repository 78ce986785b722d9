"""Sign-offs: of one digest, by the right person, chained like the rest."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from segmenter.errors import LedgerError, LimitsExceeded, UsageError
from segmenter.ledger import Ledger
from segmenter.plans.plan import ExampleResult, Violation
from tests.support.ledgers import make_plan
from tests.support.logs import AUTHOR
from tests.support.words import raises

pytest_plugins = ["tests.support.ledger_fixtures"]

PAULA = "Paula Rojas <paula@viveros.example>"


def tamper(ledger: Ledger, statement: str) -> None:
    with ledger._store.engine.connect() as connection:
        assert connection.execute(text(statement)).rowcount
        connection.commit()


def test_an_approval_is_of_the_digest_that_the_plan_has(ledger: Ledger) -> None:
    plan = ledger.save_plan(*make_plan(approver=PAULA))
    ledger.save_plan(*make_plan([5]))
    given = ledger.approve("p1", " Paula Rojas ", " correo 2026-11-24 ", AUTHOR)
    assert (given.plan, given.digest, given.by, given.evidence) == (
        "P1",
        plan.digest,
        "Paula Rojas",
        "correo 2026-11-24",
    )
    assert given.who == AUTHOR
    assert ledger.approvals("P1") == ledger.approvals() == [given]
    assert ledger.approvals("P2") == []


@pytest.mark.parametrize("by", ["paula rojas", "PAULA@viveros.example", "Paula  Rojas <paula@viveros.example>"])
def test_who_is_recognised_is_named_as_the_spec_does(ledger: Ledger, by: str) -> None:
    ledger.save_plan(*make_plan(approver=PAULA))
    first = ledger.approve("P1", "Paula Rojas", "correo", AUTHOR)
    assert ledger.approve("P1", by, "correo", AUTHOR) == first
    assert first.by == "Paula Rojas"


def test_it_is_chained_like_the_rest(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan())
    ledger.approve("P1", "Paula Rojas", "correo", AUTHOR)
    assert ledger.verify_chain().entries == 2
    tamper(ledger, "UPDATE entries SET body = replace(body, 'Paula', 'Pablo') WHERE seq = 2")
    assert ledger.verify_chain().broken_at == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_sets SET change = replace(change, '\"3\"', '\"2\"') WHERE position = 1",
        "UPDATE change_sets SET records = (SELECT records FROM change_sets WHERE plan = 2 AND position = 1)",
        "UPDATE names SET names = (SELECT names FROM names WHERE plan = 2) WHERE plan = 1",
        "DELETE FROM change_sets WHERE position = 1",
        "UPDATE plans SET header = replace(header, 'Viveros', 'Otros')",
    ],
)
def test_a_plan_that_was_altered_cannot_be_approved(ledger: Ledger, statement: str) -> None:
    ledger.save_plan(*make_plan())
    ledger.save_plan(*make_plan([5]))
    tamper(ledger, statement)
    with pytest.raises(LedgerError, match="P1 is not what was saved") as caught:
        ledger.approve("P1", "Paula Rojas", "correo", AUTHOR)
    assert "segmenter runs --verify" in caught.value.todo
    assert ledger.approvals() == []


def test_only_the_person_whom_the_spec_names_can_approve(ledger: Ledger) -> None:
    ledger.save_plan(*make_plan(approver=PAULA))
    with pytest.raises(LimitsExceeded, match="Luis Soto cannot approve P1: the spec names Paula Rojas"):
        ledger.approve("P1", "Luis Soto", "correo", AUTHOR)
    assert ledger.approvals() == []


def test_what_can_never_be_applied_cannot_be_approved_and_a_limit_can(ledger: Ledger) -> None:
    wrong = ExampleResult("Hotel Sol", {"Nivel": "Alto"}, {"Nivel": "Bajo"})
    ledger.save_plan(*make_plan(violations=(Violation("examples", 1, 0),), examples=(wrong,)))
    ledger.save_plan(*make_plan(violations=(Violation("changes", 9, 5),)))
    with raises(LimitsExceeded, "1 example of the client's comes out otherwise: Hotel Sol; mend that"):
        ledger.approve("P1", "Paula Rojas", "correo", AUTHOR)
    assert ledger.approve("P2", "Paula Rojas", "correo", AUTHOR).plan == "P2"


@pytest.mark.parametrize(("by", "evidence"), [("", "correo"), ("Paula", " ")])
def test_who_and_where_must_be_said(ledger: Ledger, by: str, evidence: str) -> None:
    ledger.save_plan(*make_plan())
    with pytest.raises(UsageError, match="who gave it, and where"):
        ledger.approve("P1", by, evidence, AUTHOR)


def test_a_plan_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="There is no plan P7"):
        ledger.approve("P7", "Paula", "correo", AUTHOR)
    with pytest.raises(LedgerError, match="There is no plan P7"):
        ledger.approvals("P7")
