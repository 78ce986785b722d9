"""Why a record is where it is: every segment's condition, part by part, with what the record holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segmenter.ledger import open_ledger
from segmenter.resolving.explain import Explanation, Reason, explain
from tests.support.engagement import LUIS, Embedded, Engagement


@pytest.fixture
def e(tmp_path: Path) -> Iterator[Engagement]:
    """On the CRM in memory alone."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(Embedded(), ledger)


def explained(e: Engagement, when: dict[str, Any], **top: Any) -> Explanation:
    """The only lead, against one segment with a default."""
    one = {"name": "N", "segments": [{"name": "A", "when": when, "set": {"priority": 3}}], "default": {"name": "B"}}
    spec = e.spec(one, **top)
    return explain(spec, e.leads[0], *e.look(spec, e.crm.connect()))


def reason(explanation: Explanation) -> Reason:
    ((_name, segments),) = explanation.segmentations
    found = segments[0].reason
    assert found is not None
    return found


def leaves(one: Reason) -> list[tuple[bool, Any]]:
    return [(one.holds, one.found)] if one.kind == "leaf" else [leaf for part in one.parts for leaf in leaves(part)]


def test_each_leaf_says_what_the_record_holds(e: Engagement) -> None:
    e.make_leads(1, expected_revenue=6000, city="Lima", user_id=e.crm.people[LUIS], priority="2")
    chile = e.crm.ids("res.country", [["code", "=", "CL"]])[0]
    e.crm.write("crm.lead", e.leads, country_id=chile)
    when = {
        "expected_revenue": {">=": 5000},
        "country_id.code": ["PE"],
        "any": [{"city": "Lima"}, {"user_id": LUIS}],
        "priority": 2,
        "stage_id": "Calificado",
        "tag_ids": {"empty": True},
    }
    found = reason(explained(e, when))
    assert (found.kind, found.holds) == ("all", False)
    assert leaves(found) == [
        (True, 6000.0),
        (False, "CL"),
        (True, "Lima"),
        (True, "Luis Paredes"),
        (True, "Alta"),
        (False, "Nueva"),
        (True, None),
    ]


def test_the_default_takes_what_no_condition_does(e: Engagement) -> None:
    e.make_leads(1, city="Lima")
    ((_name, segments),) = explained(e, {"city": "Arica"}).segmentations
    assert [(one.segment, one.takes, one.reason is None) for one in segments] == [
        ("A", False, False),
        ("B", True, True),
    ]
    ((_name, segments),) = explained(e, {"city": "Lima"}).segmentations
    assert [(one.segment, one.takes) for one in segments] == [("A", True), ("B", False)]


def test_a_negation_is_explained_as_one(e: Engagement) -> None:
    e.make_leads(1, city="Lima")
    found = reason(explained(e, {"not": {"city": "Lima"}}))
    assert found.holds is False
    assert ("Lima" in [value for _holds, value in leaves(found)]) is True


def test_scope_and_protection_are_said(e: Engagement) -> None:
    e.make_leads(1, city="Lima")
    inside = explained(e, {"city": "Lima"})
    assert (inside.in_scope, inside.protected) == (True, False)
    outside = explained(e, {"city": "Lima"}, scope={"model": "crm.lead", "where": {"city": "Arica"}})
    assert outside.in_scope is False
    assert explained(e, {"city": "Lima"}, protect=[{"name": {"contains": "0000"}}]).protected is True
    # Archived: outside the scope, unless the scope says otherwise.
    e.crm.write("crm.lead", e.leads, active=False)
    assert explained(e, {"city": "Lima"}).in_scope is False
    archived = {"model": "crm.lead", "archived": True}
    assert explained(e, {"city": "Lima"}, scope=archived).in_scope is True
