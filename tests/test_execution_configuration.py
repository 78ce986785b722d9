"""Tags, stages and favourites: looked for before they are made, refused where a person changed or uses them."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.errors import OutcomeUnknown
from segmenter.execution.configuration import Configurator
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.writer import OdooWriter
from segmenter.plans.changes import ConfigChange
from tests.support import troubles
from tests.support.engagement import Embedded

STAGE = ConfigChange(-1, "crm.stage", "Comité", {"name": "Comité", "sequence": 4})
TAG = ConfigChange(-2, "crm.tag", "Alto", {"name": "Alto", "color": 10})


@pytest.fixture
def crm() -> Embedded:
    return Embedded()


def configurator(crm: Embedded, wrap: Any = None, kind: str = "manager") -> Configurator:
    server = crm.connect(kind)
    return Configurator(OdooReader(server), OdooWriter(wrap(server) if wrap else server), {})


def intents() -> tuple[list[Any], Any]:
    """What was intended, and where to say it."""
    said: list[Any] = []
    return said, said.append


def test_what_is_not_there_is_made_after_its_intent(crm: Embedded) -> None:
    said, intend = intents()
    one = configurator(crm)
    outcome = one.do(STAGE, intend, intended=False)
    (made,) = crm.find("crm.stage", [["name", "=", "Comité"]], ["sequence"])
    assert (outcome.outcome, outcome.found, one.refs) == ("applied", made["id"], {-1: made["id"]})
    assert said == [
        {"kind": "config", "records": [-1], "values": {"model": "crm.stage", "name": "Comité", "sequence": 4}}
    ]


@pytest.mark.parametrize(("intended", "outcome"), [(False, "already"), (True, "applied")])
def test_what_is_there_is_ours_only_if_we_were_about_to_make_it(crm: Embedded, intended: bool, outcome: str) -> None:
    (there,) = crm.create("crm.stage", {"name": "Comité"})
    said, intend = intents()
    found = configurator(crm).do(STAGE, intend, intended=intended)
    assert (found.outcome, found.found, said) == (outcome, there, [])
    assert len(crm.ids("crm.stage", [["name", "=", "Comité"]])) == 1


def test_a_stage_whose_making_was_not_heard_of_is_not_made_twice(crm: Embedded) -> None:
    _said, intend = intents()
    with pytest.raises(OutcomeUnknown):
        configurator(crm, troubles.silence_after(1, on="crm.stage")).do(STAGE, intend, intended=False)
    assert configurator(crm).do(STAGE, intend, intended=True).outcome == "applied"
    assert len(crm.ids("crm.stage", [["name", "=", "Comité"]])) == 1


def test_a_right_that_is_not_there_is_a_refusal_by_name(crm: Embedded) -> None:
    outcome = configurator(crm, kind="all").do(STAGE, intents()[1], intended=False)
    assert (outcome.outcome, outcome.detail) == ("refused", "The work user may not create stages")


def test_an_undo_removes_what_was_made(crm: Embedded) -> None:
    (tag,) = crm.create("crm.tag", {"name": "Alto"})
    said, intend = intents()
    assert configurator(crm).undo(TAG, tag, intend, intended=False).outcome == "applied"
    assert crm.ids("crm.tag", [["id", "=", tag]]) == []
    assert said == [{"kind": "config", "records": [-2], "values": {"model": "crm.tag", "unlink": tag}}]
    # Once more: a person deleted it, or we did and were not told.
    assert configurator(crm).undo(TAG, tag, intend, intended=False).outcome == "missing"
    assert configurator(crm).undo(TAG, tag, intend, intended=True).outcome == "applied"


@pytest.mark.parametrize("active", [True, False])
def test_what_is_in_use_stays_for_archived_records_too(crm: Embedded, active: bool) -> None:
    (tag,) = crm.create("crm.tag", {"name": "Alto"})
    crm.create("crm.lead", {"name": "Hotel Sol", "tag_ids": [[4, tag, 0]], "active": active})
    said, intend = intents()
    outcome = configurator(crm).undo(TAG, tag, intend, intended=False)
    assert (outcome.outcome, outcome.detail, said) == ("conflict", "1 record still uses it", [])
    assert crm.ids("crm.tag", [["id", "=", tag]]) == [tag]


@pytest.mark.parametrize(
    ("now", "outcome", "ends"), [(4, "applied", 10), (10, "already", 10), (7, "conflict", 7), (None, "missing", None)]
)
def test_a_colour_is_changed_only_from_what_the_plan_saw(
    crm: Embedded, now: int | None, outcome: str, ends: int | None
) -> None:
    (tag,) = crm.create("crm.tag", {"name": "Alto", "color": now or 1})
    if now is None:
        crm.call("crm.tag", "unlink", [tag])
    change = ConfigChange(-2, "crm.tag", "Alto", {"color": 10}, {"color": 4}, tag)
    assert configurator(crm).do(change, intents()[1], intended=False).outcome == outcome
    assert [row["color"] for row in crm.find("crm.tag", [["id", "=", tag]], ["color"])] == ([ends] if ends else [])


def test_a_favourite_shows_what_the_plan_created(crm: Embedded) -> None:
    one = configurator(crm)
    one.do(TAG, intents()[1], intended=False)
    values = {"name": "Nivel: Alto", "model_id": "crm.lead", "domain": [["tag_ids", "in", [-2]]], "user_ids": []}
    favourite = ConfigChange(-3, "ir.filters", "Nivel: Alto", values)
    outcome = one.do(favourite, intents()[1], intended=False)
    (made,) = crm.find("ir.filters", [["id", "=", outcome.found]], ["domain", "user_ids"])
    assert made["domain"] == f"[('tag_ids', 'in', [{one.refs[-2]}])]"
    assert made["user_ids"] == []
