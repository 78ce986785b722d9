"""The figures of a spec on a CRM in memory: those of its plan, and as far as it goes where it does not resolve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from segmenter.conditions import Clock
from segmenter.drafting import draft
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.errors import SegmenterError, SpecError
from segmenter.ledger import open_ledger
from segmenter.measuring import Crm, Figures, Measurer, measure
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.resolve import survey
from segmenter.spec import load, loads
from segmenter.spec.model import Spec
from segmenter.spec.starters import TRADES, ready_spec
from tests.support.engagement import ANA, LUIS, STAGES, Embedded, Engagement

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


def opened(server: Any, spec: Spec | None = None) -> Crm:
    zone = spec.client.timezone if spec else "America/Santiago"
    reader = OdooReader(server, language=spec.client.language if spec else "es_CL", timezone=zone)
    assert isinstance(server, EmbeddedServer)
    return Crm(server, reader, Catalog(reader), Clock(AT, ZoneInfo(zone)))


def assert_the_same_as_the_plan(spec: Spec, crm: Crm, figures: Figures) -> None:
    plan = draft(spec, crm.reader, crm.catalog, crm.clock).plan
    counts = plan.counts
    assert figures.problems == ()
    assert (len(figures.scope), len(figures.protected)) == (counts.scope_count, counts.protected)
    assert (figures.scope_expected, figures.scope_met) == (counts.scope_expected, counts.scope_met)
    assert {of.name: len(of.uncovered) for of in figures.segmentations} == counts.uncovered
    assert figures.examples == plan.examples
    told = [(of.name, segment) for of in figures.segmentations for segment in of.segments]
    assert [
        (name, s.name, s.is_default, s.color, s.description, s.condition, len(s.matched), len(s.records), s.met)
        for name, s in told
    ] == [
        (c.segmentation, c.segment, c.is_default, c.color, c.description, c.condition, c.matched, c.taken, c.met)
        for c in counts.segments
    ]
    worth: dict[tuple[str, str], float] = defaultdict(float)
    for portion in counts.portions:
        worth[portion.segmentation, portion.segment] += portion.revenue
    assert {(name, segment.name): segment.revenue or 0.0 for name, segment in told if segment.revenue} == pytest.approx(
        {key: revenue for key, revenue in worth.items() if revenue}
    )
    shared = {(one.segmentation, one.first, one.second): one.records for one in counts.overlaps}
    for of in figures.segmentations:
        for overlap in of.overlaps:
            assert len(overlap.records) == shared[of.name, overlap.first, overlap.second]


@pytest.mark.parametrize("name", ["demo", *TRADES])
def test_a_ready_spec_measures_as_it_is_planned(name: str) -> None:
    spec = load(ready_spec(name))
    crm = opened(demo_server(AT.date()), spec)
    assert_the_same_as_the_plan(spec, crm, measure(spec, crm))


leads = st.fixed_dictionaries(
    {
        "expected_revenue": st.sampled_from([0, 999.99, 1000, 5000, 1e7]),
        "city": st.sampled_from(["Santiago", "Lima", "Ñuñoa", False]),
        "priority": st.sampled_from("0123"),
        "stage": st.sampled_from(STAGES[:3]),
        "user": st.sampled_from(["", ANA, LUIS]),
        "active": st.sampled_from([True, True, False]),
        "date_deadline": st.sampled_from(["2026-11-29", "2026-12-05", "2027-05-01", False]),
    }
)
leaves = st.one_of(
    st.builds(
        lambda operator, number: {"expected_revenue": {operator: number}},
        st.sampled_from([">", ">=", "<", "<="]),
        st.sampled_from([1, 1000, 5000]),
    ),
    st.sampled_from(
        [
            {"expected_revenue": {"between": [1000, 5000]}},
            {"city": "Lima"},
            {"city": {"empty": True}},
            {"priority": {">=": 2}},
            {"stage_id": ["Nueva", "Propuesta"]},
            {"user_id.login": [ANA]},
            {"date_deadline": {"next": "30 days"}},
            {"active": False},
        ]
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(
            lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=2)
        ),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=3,
)


@st.composite
def segmentation(draw: Any, number: int) -> dict[str, Any]:
    store = draw(
        st.sampled_from([{"tags": "exclusive"}, {"tags": "many"}, {"field": "priority"}] if number == 1 else [{}])
    )
    names = draw(st.lists(st.sampled_from("ABC"), min_size=1, unique=True))
    parts = [{"name": f"S{number} {name}", "when": draw(conditions), "expect": "10%..2"} for name in names]
    made: dict[str, Any] = {"name": f"S{number}", "segments": parts}
    if draw(st.booleans()):
        made["default"] = {"name": f"S{number} otros"}
    if "field" in store:
        for value, part in enumerate([*parts, *([made["default"]] if "default" in made else [])]):
            part["value"] = value
    return made | ({"store": store} if store else {})


examples = st.lists(
    st.one_of(
        st.builds(
            lambda city, revenue: {"given": {"city": city, "expected_revenue": revenue}},
            st.sampled_from(["Lima", "Santiago"]),
            st.sampled_from([0, 1000, 1e7]),
        ),
        st.builds(lambda n: {"record": f"lead {n}"}, st.integers(0, 8)),
    ),
    max_size=3,
)
specs = st.fixed_dictionaries(
    {
        "segmentations": st.tuples(segmentation(1), segmentation(2)).map(list),
        "scope": st.fixed_dictionaries({"model": st.just("crm.lead"), "archived": st.booleans()}),
        "protect": st.one_of(st.just([]), st.lists(conditions, min_size=1, max_size=1)),
        "examples": examples,
    }
)


def text(content: Mapping[str, Any]) -> str:
    top = {"version": 1, "client": {"name": "X", "timezone": "America/Santiago"}}
    return yaml.safe_dump({**top, **content}, allow_unicode=True, sort_keys=False)


def filled(rows: list[dict[str, Any]]) -> Embedded:
    crm = Embedded()
    for number, row in enumerate(rows):
        values = {name: row[name] for name in ("expected_revenue", "city", "priority", "active", "date_deadline")}
        values |= {"stage_id": crm.stages[row["stage"]], "user_id": crm.people.get(row["user"], False)}
        crm.create("crm.lead", {"name": f"lead {number}", "type": "opportunity", **values})
    return crm


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(leads, min_size=1, max_size=8), specs)
def test_any_spec_measures_as_it_is_planned(rows: list[dict[str, Any]], content: dict[str, Any]) -> None:
    for example in content["examples"]:
        example["expect"] = {"S2": content["segmentations"][1]["segments"][0]["name"]}
    try:
        spec = loads(text(content), "spec.yaml")
    except SpecError:
        assume(False)
    crm = opened(filled(rows).connect())
    try:
        draft(spec, crm.reader, crm.catalog, crm.clock)
    except SpecError:
        assume(False)
    measurer = Measurer(crm)
    figures = measurer.measure(spec)
    assert_the_same_as_the_plan(spec, crm, figures)
    assert measurer.measure(spec) == figures == measure(spec, opened(crm.server))


LEVELS: dict[str, Any] = {
    "scope": {"model": "crm.lead", "where": {"type": "opportunity"}},
    "segmentations": [
        {
            "name": "Nivel",
            "store": {"tags": "exclusive"},
            "segments": [
                {"name": "Alto", "when": {"expected_revenue": {">=": 5000}}},
                {"name": "Medio", "when": {"expected_revenue": {">=": 1000}}},
            ],
            "default": {"name": "Bajo"},
        }
    ],
}


def rows(*revenues: float, **same: Any) -> list[dict[str, Any]]:
    base = {"city": False, "priority": "0", "stage": "Nueva", "user": "", "active": True, "date_deadline": False}
    return [base | {"expected_revenue": revenue} | same for revenue in revenues]


def edited(**segments: Any) -> Spec:
    """`LEVELS` with other values for keys of its segments: ``Alto={"when": ...}``."""
    content = yaml.safe_load(yaml.safe_dump(LEVELS))
    for segment in content["segmentations"][0]["segments"]:
        segment |= segments.get(segment["name"], {})
    content |= segments.get("top", {})
    return loads(text(content), "spec.yaml")


def test_a_condition_that_does_not_resolve_takes_nobody_and_the_rest_is_measured() -> None:
    crm = opened(filled(rows(9000, 2000, 0)).connect())
    figures = measure(edited(Alto={"when": {"user_id": "Nadie"}}), crm)
    high, medium, low = figures.segmentations[0].segments
    assert [(one.sound, len(one.matched), len(one.records)) for one in (high, medium, low)] == [
        (False, 0, 0),
        (True, 2, 2),
        (True, 1, 1),
    ]
    (problem,) = figures.problems
    assert problem.place.startswith("spec.yaml:")
    assert "Nadie" in problem.what
    assert figures.sound


def test_the_spec_that_was_measured_last_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Spec] = []
    monkeypatch.setattr(
        import_module("segmenter.measuring.measure"),
        "survey",
        lambda spec, *crm: asked.append(spec) or survey(spec, *crm),
    )
    first, second = (load("criteria/demo.yaml") for _time in range(2))
    measurer = Measurer(opened(demo_server(), first))
    for spec in (first, first, second):
        measurer.measure(spec)
        assert measurer.survey(spec).problems == ()
    assert asked == [first, second]


def test_what_the_crm_refuses_is_an_error_of_ours() -> None:
    crm = opened(filled([]).connect())
    with pytest.raises(SegmenterError):
        crm.take("crm.lead", [("no_such_field", "=", 1)])


def test_an_example_whose_values_do_not_resolve_is_a_problem_and_the_others_are_tried() -> None:
    crm = opened(filled(rows(9000)).connect())
    examples = [
        {"given": {"source_id": "Nadie"}, "expect": {"Nivel": "Alto"}},
        {"record": "lead 0", "expect": {"Nivel": "Alto"}},
        {"record": "lead 7", "expect": {"Nivel": "Alto"}},
    ]
    figures = measure(edited(top={"examples": examples}), crm)
    assert [(one.number, one.met) for one in figures.examples] == [(1, True), (2, False)]
    assert [("Nadie" in one.what, bool(one.place)) for one in figures.problems] == [(True, True)]


def test_an_example_is_tried_on_no_condition_that_does_not_resolve() -> None:
    crm = opened(filled(rows(9000)).connect())
    examples = [{"given": {"expected_revenue": 9000}, "expect": {"Nivel": "Alto"}}]
    figures = measure(edited(Alto={"when": {"user_id": "Nadie"}}, top={"examples": examples}), crm)
    assert figures.examples[0].got == {"Nivel": "Medio"}


@pytest.mark.parametrize(
    "top", [{"scope": {"model": "crm.lead", "where": {"user_id": "Nadie"}}}, {"protect": [{"user_id": "Nadie"}]}]
)
def test_where_it_is_not_known_what_may_be_touched_there_is_nobody(top: dict[str, Any]) -> None:
    crm = opened(filled(rows(9000)).connect())
    figures = measure(edited(top=top), crm)
    assert not figures.sound
    assert not figures.scope
    assert all(not segment.records for segment in figures.segmentations[0].segments)
    assert len(figures.problems) == 1


@pytest.fixture
def e(tmp_path: Path) -> Iterator[Engagement]:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(Embedded(), ledger)


def test_today_is_who_holds_what_the_store_gives(e: Engagement) -> None:
    e.make_leads(9)
    levels = e.levels()
    for part in levels["segments"]:
        del part["set"]
    high = {"name": "Mucha", "value": 2, "when": {"city": "Lima"}}
    spec = e.spec(
        levels,
        {"name": "Prioridad", "store": {"field": "priority"}, "segments": [high]},
        {"name": "Ciudad", "segments": [{"name": "Lima", "when": {"city": "Lima"}}]},
    )
    before = measure(spec, opened(e.crm.connect()))
    assert [[part.today for part in of.segments] for of in before.segmentations[::2]] == [[None] * 3, [None]]
    assert [len(part.today or ()) for part in before.segmentations[1].segments] == [3]
    e.apply(e.plan(spec, "manager"), "manager")
    after = measure(spec, opened(e.crm.connect()))
    assert [part.today for part in after.segmentations[0].segments] == [
        part.records for part in after.segmentations[0].segments
    ]


def test_amounts_in_several_currencies_are_not_added_up(e: Engagement) -> None:
    e.make_leads(4)
    spec = e.spec(e.levels())
    figures = measure(spec, opened(e.crm.connect()))
    assert (figures.revenue, figures.currency) == (6000.0, "CLP")
    (peso,) = e.crm.create("res.currency", {"name": "UYU", "symbol": "$U"})
    (partner,) = e.crm.create("res.partner", {"name": "Sucursal"})
    (branch,) = e.crm.create("res.company", {"name": "Sucursal", "currency_id": peso, "partner_id": partner})
    e.crm.write("crm.lead", e.leads[:1], company_id=branch)
    # The amount of that lead is 0, which is the same money everywhere.
    assert measure(spec, opened(e.crm.connect())).revenue == 6000.0
    e.crm.write("crm.lead", e.leads[1:2], company_id=branch)
    figures = measure(spec, opened(e.crm.connect()))
    assert (figures.revenue, figures.currency) == (None, "")
    assert {segment.revenue for segment in figures.segmentations[0].segments} == {None}
