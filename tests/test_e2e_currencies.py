"""Amounts in two currencies: told, never added up, and told apart by a condition that names one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from segmenter.checking.preflight import preflight
from segmenter.conditions import domain
from segmenter.errors import SpecError
from segmenter.plans.plan import Plan
from segmenter.profiling import profile
from segmenter.profiling.draft import draft
from segmenter.reports.profile import remarks
from segmenter.reports.text import Style
from segmenter.resolving.explain import explain
from segmenter.spec import loads
from segmenter.spec.model import Spec
from tests.support.engagement import Engagement
from tests.support.words import criteria, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


@pytest.fixture
def two(engagement: Engagement) -> Iterator[Engagement]:
    """Six opportunities of a branch whose currency is the peso of Uruguay, and four of the main company or of none."""
    e = engagement
    (main,) = e.crm.find("res.users", [["id", "=", e.crm.connect().identity.uid]], ["company_id"])
    (own,) = e.crm.find("res.company", [["id", "=", main["company_id"]]], ["currency_id"])
    (peso,) = e.crm.ids("res.currency", [["name", "=", "UYU"]]) or e.crm.create(
        "res.currency", {"name": "UYU", "symbol": "$U"}
    )
    e.crm.write("res.currency", [peso], active=True)
    (partner,) = e.crm.create("res.partner", {"name": e.tag("Sucursal")})
    about = {"name": e.tag("Sucursal"), "currency_id": peso, "partner_id": partner}
    (branch,) = e.crm.create("res.company", about)
    people = [2, e.crm.connect().identity.uid] if e.crm.name != "embedded" else []
    if people:
        e.crm.write("res.users", people, company_ids=[[6, 0, [own["id"], branch]]])
    try:
        e.make_leads(6, company_id=branch, user_id=False, team_id=False, expected_revenue=lambda n: 100_000 * (n + 1))
        e.make_leads(
            4, company_id=lambda n: own["id"] if n else False, user_id=False, team_id=False, expected_revenue=9000
        )
        yield e
    finally:
        # Other tests on this CRM know one currency.
        e.crm.write("res.company", [branch], currency_id=own["currency_id"])
        if people:
            e.crm.write("res.users", people, company_ids=[[6, 0, [own["id"]]]])


def code_of_main(e: Engagement) -> str:
    uid = e.crm.connect().identity.uid
    (user,) = e.crm.find("res.users", [["id", "=", uid]], ["company_id"])
    (company,) = e.crm.find("res.company", [["id", "=", user["company_id"]]], ["currency_id"])
    return str(e.crm.find("res.currency", [["id", "=", company["currency_id"]]], ["name"])[0]["name"])


def levels(e: Engagement, **high: Any) -> Spec:
    segments = [{"name": e.tag("Alto"), "when": {"expected_revenue": {">=": 50_000, **high}}}]
    default = {"name": e.tag("Bajo")}
    return e.spec({"name": "Nivel", "store": {"tags": "exclusive"}, "segments": segments, "default": default})


def mixed(e: Engagement) -> str:
    return (
        f"Amounts are in several currencies: UYU (6 records) and {code_of_main(e)} (4 records). "
        "They are never added up over these"
    )


def taken(plan: Plan) -> list[int]:
    return [segment.taken for segment in plan.counts.segments]


def test_a_plan_says_it_and_adds_nothing_up(two: Engagement) -> None:
    e = two
    plan = e.plan(levels(e))
    assert [one for one in sentences(plan.warnings) if "currencies" in one] == [
        f"{mixed(e)}; a condition takes each amount as it stands; name the currency that it means: "
        'expected_revenue: {">=": 5000000, in: UYU}'
    ]
    assert (plan.counts.currency, {one.revenue for one in plan.counts.portions}) == ("", {0.0})
    assert taken(plan) == [6, 4]
    named = e.plan(levels(e, **{"in": "UYU"}))
    assert [one for one in sentences(named.warnings) if "currencies" in one] == [mixed(e)]
    assert criteria(plan, language="es").endswith("de 50.000 o más")


def test_in_one_currency_sums_are_made_in_it(two: Engagement) -> None:
    e = two
    scope = {"model": "crm.lead", "where": {"referred": e.mark, "company_id": e.tag("Sucursal")}}
    segments = [{"name": "A", "when": {"city": "x"}}]
    plan = e.plan(e.spec({"name": "Nivel", "segments": segments, "default": {"name": "B"}}, scope=scope))
    assert not any("currencies" in one for one in sentences(plan.warnings))
    assert (plan.counts.currency, sum(one.revenue for one in plan.counts.portions)) == ("UYU", 2_100_000)


def test_check_says_it(two: Engagement) -> None:
    e = two
    for named, level in (({}, "warning"), ({"in": "UYU"}, "note")):
        spec = levels(e, **named)
        reader, catalog, _clock = e.look(spec, e.crm.connect())
        (found,) = [one for one in preflight(spec, reader, catalog) if one.topic == "currencies"]
        assert (found.level, found.text, bool(found.todo)) == (level, mixed(e), level == "warning")


@pytest.mark.parametrize(
    ("when", "uyu", "own"),
    [
        ({">=": 300_000, "in": "UYU"}, [2, 3, 4, 5], []),
        ({">=": 300_000, "in": "OWN"}, [], []),
        ({"<": 300_000, "in": "UYU"}, [0, 1], []),
        ({"<": 300_000, "in": "OWN"}, [], [0, 1, 2, 3]),
        ({"between": [150_000, 300_000], "in": "uyu"}, [1, 2], []),
        ({"=": 9000, "in": "OWN"}, [], [0, 1, 2, 3]),
        ({">": 8000, "<": 250_000, "in": "UYU"}, [0, 1], []),
        ({"not": {">=": 300_000, "in": "UYU"}}, [0, 1], [0, 1, 2, 3]),
        ({"not": {"<": 300_000, "in": "OWN"}}, [0, 1, 2, 3, 4, 5], []),
    ],
)
def test_a_condition_that_names_a_currency(two: Engagement, when: Any, uyu: list[int], own: list[int]) -> None:
    e = two
    text = json.dumps({"expected_revenue": when}).replace("OWN", code_of_main(e))
    segment = {"name": "B", "when": json.loads(text), "set": {"priority": 3}}
    spec = e.spec({"name": "A", "segments": [segment]})
    found = e.draft(spec)
    bound = found.resolved.segmentations[0].segments[0].bound
    assert bound is not None
    reader, catalog, clock = e.look(spec, e.crm.connect())
    scope = [["referred", "=", e.mark]]
    wanted = [e.leads[n] for n in uyu] + [e.leads[6 + n] for n in own]
    assert sorted(reader.search("crm.lead", [*scope, *domain(bound)])) == sorted(wanted)
    here = [id for id in e.leads if explain(spec, id, reader, catalog, clock).segmentations[0][1][0].takes]
    assert here == sorted(wanted)  # as it is judged here, from values


def test_how_it_reads(two: Engagement) -> None:
    e = two
    plan = e.plan(levels(e, **{"in": "UYU"}))
    assert criteria(plan, money=False).endswith("of 50,000 UYU or more")
    assert criteria(plan, language="es").endswith("de 50.000 UYU o más")
    reader, catalog, clock = e.look(levels(e), e.crm.connect())
    explained = explain(levels(e, **{"in": "UYU"}), e.leads[6], reader, catalog, clock)
    reason = explained.segmentations[0][1][0].reason
    assert reason is not None
    part, currency = reason.parts
    assert (part.holds, currency.holds) == (False, False)
    assert currency.words.endswith(" in UYU")


def test_an_example_is_of_the_company_that_it_names(two: Engagement) -> None:
    e = two
    amount = {"expected_revenue": 60_000}
    spec = levels(e, **{"in": "UYU"})
    examples = [
        {"given": {**amount, "company_id": e.tag("Sucursal")}, "expect": {"Nivel": e.tag("Alto")}},
        {"given": amount, "expect": {"Nivel": e.tag("Bajo")}},
    ]
    whole = yaml.safe_load(spec.source) | {"examples": examples}
    plan = e.plan(loads(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), "spec.yaml"))
    assert [one.met for one in plan.examples] == [True, True]


def test_a_profile_measures_each_currency_by_itself(two: Engagement) -> None:
    e = two
    reader, _catalog, clock = e.look(levels(e), e.crm.connect())
    found = profile(reader, "crm.lead", clock, domain=[["referred", "=", e.mark]])
    own = code_of_main(e)
    assert found.currencies == (("UYU", 6), (own, 4))
    amounts = [one for one in found.fields if one.name == "expected_revenue"]
    assert [(one.currency, one.filled, one.spread and one.spread.total) for one in amounts] == [
        ("UYU", 6, 2_100_000),
        (own, 4, 36_000),
    ]
    assert all(not one.averages for one in amounts)
    assert next(remarks(found, Style("en_US", "UTC"))) == f"{mixed(e)}."
    text = draft(found, "Viveros", "schema.json", opportunities=True)
    assert "in: UYU}" in text
    loads(text, "draft.yaml")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("expected_revenue", {">": 1, "in": "EURO"}, "No amount of this Odoo is in EURO"),
        ("probability", {">": 1, "in": "UYU"}, "probability is no amount that has a currency"),
    ],
)
def test_what_names_no_currency_is_refused(two: Engagement, field: str, value: Any, sentence: str) -> None:
    e = two
    spec = e.spec({"name": "A", "segments": [{"name": "B", "when": {field: value}, "set": {"priority": 3}}]})
    with pytest.raises(SpecError, match=sentence):
        e.draft(spec)
