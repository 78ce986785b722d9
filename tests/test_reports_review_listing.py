"""One row a record, whom to call first on top; and what is lost, by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from segmenter.ledger import Ledger, Outcome, open_ledger
from segmenter.plans.changes import Change
from segmenter.reports.review.build import review
from segmenter.reports.review.content import Record
from tests.support import review_samples as samples
from tests.support.engagement import ANA, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def rows(ledger: Ledger, id: str) -> dict[int, Record]:
    return {row.record: row for row in review(ledger, id).records()}


def test_the_first_segment_comes_first_and_in_it_what_is_worth_most(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    found = list(review(ledger, "P1").records())
    assert [row.record for row in found[:11]] == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 1]
    assert [row.amount for row in found[:10]] == sorted((row.amount for row in found[:10]), reverse=True)
    assert [[segment.name for segment in row.segments[0]] for row in found[::10]] == [["Alto"], ["Medio"], ["Bajo"]]


def test_a_row_has_all_that_is_known_of_its_record(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    found = review(ledger, "P1")
    assert found.known == {"person", "stage", "amount", "city", "phone", "email"}
    row = next(row for row in found.records() if row.record == 3)
    assert (row.name, row.person, row.stage, row.city) == ("Jardín Ñandú 3", "Ana <Soto>", "Nuevo", "Viña del Mar")
    assert (row.amount, row.phone, row.email) == (29_000.0, "+56 9 3", "cliente3@example.com")
    assert row.changes == ("Etiquetas: -Medio +Alto", "Prioridad: Media → Muy alta")
    assert row.because == ("Nivel: Alto – Ingreso > 5 & más",)
    assert (row.result, row.left) == ("", False)


def test_what_does_not_change_is_listed_too(ledger: Ledger) -> None:
    made = samples.plan_of(islice(samples.changes(30), 4), samples.facts(30))
    ledger.save_plan(*made, samples.members(30), samples.roster(30))
    found = review(ledger, "P1")
    assert found.listed == len(rows(ledger, "P1")) == 30
    assert rows(ledger, "P1")[9].changes == ()


def test_a_run_says_what_came_of_each_record(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    started = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(started.id, 1, {"kind": "records", "records": [1, 2], "values": {}})
    ledger.settle(started.id, 1, [Outcome(1, "", "applied"), Outcome(2, "priority", "conflict", found="2")])
    found = rows(ledger, started.id)
    assert [(found[one].result, found[one].left) for one in (1, 2, 3)] == [
        ("written", False),
        ("changed by somebody since", True),
        ("not reached", True),
    ]


def test_an_undo_lists_what_it_gave_back(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    back = samples.undo(ledger, plan, samples.run(ledger, plan))
    assert rows(ledger, back)[1].changes == ("Etiquetas: -Medio +Bajo", "Prioridad: 2 → Media")
    assert list(review(ledger, back).losses()) == []


def test_losses_are_those_that_the_plan_counts(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(
        12, user_id=e.crm.people[ANA], priority=lambda n: str(n % 3), phone="+56 2 1234", email_from="a@b.example"
    )
    plan = e.plan(e.spec(e.levels()))
    found = review(e.ledger, plan.id)
    lost = list(found.losses())
    assert plan.counts.tally.overwrites == len({one.record for one in lost}) > 0
    (ana,) = e.crm.find("res.users", [("login", "=", ANA)], ["name"])
    assert {one.person for one in lost} == {ana["name"]}
    told = {row.record: row for row in found.records()}
    assert {(row.city, row.phone, row.email) for row in told.values()} == {
        (city, "+56 2 1234", "a@b.example") for city in ("Santiago", "Lima", "")
    }
    for one in lost:
        assert f"{one.field}: {one.lost} → {one.instead}" in told[one.record].changes
    e.crm.write("crm.lead", [lost[0].record], priority="3" if lost[0].instead != "Muy alta" else "0")
    run = e.apply(plan).run.id
    assert lost[0].record not in {one.record for one in review(e.ledger, run).losses()}


def test_a_plan_of_an_older_version_lists_what_changes(ledger: Ledger) -> None:
    ledger.save_plan(*samples.plan_of(samples.changes(6), samples.facts(12)))
    found = review(ledger, "P1")
    assert (found.listed, found.known) == (6, frozenset())
    assert [[segment.name for segment in row.segments[0]] for row in found.records()] == [
        *([["Alto"]] * 2),
        *([["Medio"]] * 2),
        *([["Bajo"]] * 2),
    ]


def test_a_field_that_a_person_changed_meanwhile_is_told_as_it_was_met(ledger: Ledger) -> None:
    changes = [Change(1, "Uno", "user_id", 7, 9, "Nivel", "Alto")]
    facts = samples.facts(3, value_names={"user_id:9": "Luis"}, field_types={"user_id": "many2one"})
    plan = ledger.save_plan(*samples.plan_of(changes, facts), samples.members(3), samples.roster(3))
    assert rows(ledger, plan.id)[1].person == "Luis"
    started = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(started.id, 1, {"kind": "records", "records": [1], "values": {}})
    ledger.settle(started.id, 1, [Outcome(1, "user_id", "conflict", found=None)])
    assert rows(ledger, started.id)[1].person == ""
