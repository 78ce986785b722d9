"""Of any small CRM and any spec: after an apply a second plan is empty, and an undo gives the first state back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from segmenter.errors import ExitCode, SpecError
from segmenter.ledger import open_ledger
from segmenter.spec.model import Spec
from tests.support.engagement import ANA, CARMEN, LUIS, STAGES, Embedded, Engagement

CITIES = ("Santiago", "Lima", "Ñuñoa", False)
HAND = ("VIP", "Riego", "Mayorista")

leads = st.fixed_dictionaries(
    {
        "expected_revenue": st.sampled_from([0, 999.99, 1000, 5000, 1e7]),
        "city": st.sampled_from(CITIES),
        "priority": st.sampled_from("0123"),
        "stage": st.sampled_from(STAGES[:3]),
        "user": st.sampled_from(["", ANA, LUIS, CARMEN]),
        "hand": st.sets(st.sampled_from(HAND)),
        "active": st.sampled_from([True, True, True, False]),
        "function": st.sampled_from([False, "Gerencia", "Compras"]),
    }
)

# Conditions are on fields that no segment writes: a spec that feeds on what it writes need not settle.
conditions = st.one_of(
    st.builds(lambda n: {"expected_revenue": {">=": n}}, st.sampled_from([1, 1000, 5000])),
    st.builds(lambda city: {"city": city}, st.sampled_from(CITIES[:3])),
    st.just({"city": {"empty": True}}),
    st.just({"not": {"city": ["Lima", "Santiago"]}}),
    st.just({"any": [{"city": {"contains": "a"}}, {"expected_revenue": 0}]}),
)
stages = st.one_of(
    st.sampled_from(STAGES[:3]),
    st.builds(
        lambda to, come: {"to": to, "from": sorted(come)},
        st.sampled_from(STAGES[:3]),
        st.sets(st.sampled_from(STAGES[:3]), min_size=1),
    ),
)
people = st.fixed_dictionaries(
    {
        "assign": st.lists(st.sampled_from([ANA, LUIS, CARMEN]), min_size=1, unique=True),
        "by": st.sampled_from(["round_robin", "least_loaded"]),
        "only_if_empty": st.booleans(),
    }
)
actions = st.fixed_dictionaries(
    {}, optional={"priority": st.integers(0, 3), "stage_id": stages, "user_id": people, "function": st.just("Gerencia")}
)


@st.composite
def segmentation(draw: Any, number: int, sets: bool) -> dict[str, Any]:
    """Up to three segments with tags of its own; only one segmentation of a spec sets fields."""
    parts: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 3))):
        part: dict[str, Any] = {"name": f"S{number}.{n}", "when": draw(conditions)}
        if draw(st.booleans()):
            part["color"] = draw(st.integers(0, 11))
        if sets and (chosen := draw(actions)):
            part["set"] = chosen
        parts.append(part)
    made: dict[str, Any] = {
        "name": f"S{number}",
        "store": {"tags": draw(st.sampled_from(["exclusive", "many"]))},
        "segments": parts,
    }
    if draw(st.booleans()):
        made["default"] = {"name": f"S{number} otros"}
    return made


specs = st.tuples(segmentation(1, sets=True), segmentation(2, sets=False), st.booleans(), st.booleans())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(leads, min_size=1, max_size=12), specs)
def test_apply_settles_and_undo_restores(rows: list[dict[str, Any]], chosen: Any) -> None:
    first_of, second_of, archived, shared = chosen
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        e = Engagement(Embedded(), ledger)
        tags = {row["name"]: row["id"] for row in e.crm.find("crm.tag", [], ["name"])}
        e.leads = e.crm.create("crm.lead", *(_lead(e, row, tags) for row in rows))
        scope = {"model": "crm.lead", "where": {"referred": e.mark}, "archived": archived}
        spec = _valid(e, first_of, second_of, scope=scope, filters="shared" if shared else "none")
        first, around = e.state(), configuration(e)

        report = e.apply(e.plan(spec, "manager"), "manager", batch_size=3)
        assert (report.exit_code, report.left) == (ExitCode.DONE, ())
        assert e.changes(spec, "manager") == []
        hand = {record: [tag for tag in row["tag_ids"] if tag in HAND] for record, row in e.state().items()}
        assert hand == {record: row["tag_ids"] for record, row in first.items()}

        back = e.undo(report.run.id, "manager", batch_size=3)
        assert (back.exit_code, back.left) == (ExitCode.DONE, ())
        assert e.state() == first
        assert configuration(e) == around
        assert ledger.verify_chain().ok


def _valid(e: Engagement, *segmentations: Any, **top: Any) -> Spec:
    """The spec; one with a segment that provably takes nothing is refused as it should be, and another is drawn."""
    try:
        return e.spec(*segmentations, **top)
    except SpecError as error:
        assume(not all("never reached" in problem.what for problem in error.problems))
        raise


def _lead(e: Engagement, row: dict[str, Any], tags: dict[str, int]) -> dict[str, Any]:
    same = {name: row[name] for name in ("expected_revenue", "city", "priority", "active", "function")}
    return {
        "name": "Prospecto",
        "referred": e.mark,
        "type": "opportunity",
        "stage_id": e.crm.stages[row["stage"]],
        "user_id": e.crm.people.get(row["user"], False),
        "tag_ids": [[6, 0, [tags[name] for name in sorted(row["hand"])]]],
        **same,
    }


def configuration(e: Engagement) -> list[Any]:
    """Tags and favourites."""
    return [
        e.crm.find("crm.tag", [], ["name", "color"]),
        e.crm.find("ir.filters", [], ["name", "domain", "user_ids"]),
    ]
