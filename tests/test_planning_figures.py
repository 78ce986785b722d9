"""What the plan freezes for reports: it adds up to what the segments take, and no record is read for it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from segmenter.drafting import draft
from segmenter.i18n import locale_of, money, speaking
from segmenter.plans import Plan
from tests.support.engagement import ANA, LUIS, Engagement
from tests.support.fakes import Recording
from tests.support.words import criteria, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def counted(plan: Plan) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for one in plan.counts.portions:
        found[one.segmentation, one.segment] += one.records
    return dict(found)


def taken(plan: Plan) -> dict[tuple[str, str], int]:
    return {(one.segmentation, one.segment): one.taken for one in plan.counts.segments if one.taken}


def zone(e: Engagement, store: str) -> dict[str, Any]:
    return {
        "name": "Zona",
        "store": {"tags": store},
        "segments": [
            {"name": e.tag("Sur"), "when": {"city": "Santiago"}},
            {"name": e.tag("Lima"), "when": {"city": "Lima"}},
            {"name": e.tag("caro"), "when": {"expected_revenue": {">=": 5000}}},
        ],
        "default": {"name": e.tag("resto")},
    }


def test_portions_add_up_to_what_each_segment_takes(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(60)
    plan = e.plan(e.spec(e.levels(), zone(e, "exclusive"), protect=[{"name": {"contains": "0003"}}]))
    assert counted(plan) == taken(plan)
    revenue = dict(zip(e.leads, e.column("expected_revenue"), strict=True))
    high = sum(value for lead, value in revenue.items() if value >= 7000 and lead != e.leads[3])
    assert sum(one.revenue for one in plan.counts.portions if one.segment == e.tag("Alto")) == high
    assert {one.person for one in plan.counts.portions} >= {""}
    assert {one.stage for one in plan.counts.portions} == {"Nueva", "Calificado", "Propuesta"}
    assert len(plan.counts.currency) == 3


def test_what_would_be_too_long_a_question_is_counted_by_ids(engagement: Engagement) -> None:
    """A segment takes what none above it does: in the end that is more than one question may ask."""
    e = engagement
    e.make_leads(30)
    above = [
        {"name": e.tag(f"no {part}"), "when": {"any": [{"function": f"{part}.{n}"} for n in range(90)]}}
        for part in range(5)
    ]
    last = {"name": e.tag("Lima"), "when": {"city": "Lima"}}
    segments = {"store": {"tags": "exclusive"}, "segments": [*above, last], "default": {"name": e.tag("resto")}}
    plan = e.plan(e.spec({"name": "Zona", **segments}))
    assert counted(plan) == taken(plan) == {("Zona", e.tag("Lima")): 10, ("Zona", e.tag("resto")): 20}


def test_segments_that_share_records_count_them_each(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(30)
    plan = e.plan(e.spec(zone(e, "many")))
    assert counted(plan) == taken(plan)
    assert sum(counted(plan).values()) > plan.counts.scope_count


def test_a_raw_domain_that_cannot_be_negated_is_counted_by_ids(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(30)
    levels = e.levels()
    levels["segments"][0]["when"] = {"domain": [["expected_revenue", ">=", 7000]]}
    plan = e.plan(e.spec(levels))
    assert counted(plan) == taken(plan)


@pytest.mark.parametrize("raw", [False, True], ids=["by condition", "by ids"])
def test_archived_records_count_where_the_scope_holds_them(engagement: Engagement, raw: bool) -> None:
    e = engagement
    e.make_leads(20, active=lambda n: n % 4 != 0)
    levels = e.levels()
    if raw:
        levels["segments"][0]["when"] = {"domain": [["expected_revenue", ">=", 7000]]}
    spec = e.spec(levels, scope={"model": "crm.lead", "where": {"referred": e.mark}, "archived": True})
    plan = e.plan(spec)
    assert plan.counts.scope_count == 20
    assert counted(plan) == taken(plan)


def test_samples_name_what_deserves_a_look(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(60)
    levels = e.levels()
    del levels["default"]
    plan = e.plan(e.spec(levels, protect=[{"name": {"contains": "lead 000"}}]))
    assert plan.names.protected_sample == tuple((e.leads[n], f"{e.mark} lead {n:04}") for n in range(10))
    (overlap,) = plan.counts.overlaps
    assert overlap.sample == tuple((e.leads[n], f"{e.mark} lead {n:04}") for n in (17, 18, 19, 27, 28))
    left_out = plan.names.uncovered_sample["Nivel"]
    assert (len(left_out), left_out[0]) == (15, (e.leads[10], f"{e.mark} lead 0010"))
    assert e.ledger.plan(plan.id) == plan


def test_the_facts_of_a_plan_are_told_in_both_languages(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    plan = e.plan(e.spec(e.levels(user_id={"assign": [ANA, LUIS]})))
    for one in plan.counts.segments[:2]:
        plain = criteria(plan, one.condition, money=False)
        sums = re.sub(r"[\d,]+", lambda found: _in_money(found[0], plan.counts.currency), plain)
        assert criteria(plan, one.condition) == sums != plain
        assert criteria(plan, one.condition, language="es") != sums
    assert plan.counts.segments[2].condition is None
    with speaking("es"):
        spanish = sentences(plan.side_effects)
    assert spanish
    assert set(spanish).isdisjoint(sentences(plan.side_effects))


def test_scope_and_protection_are_kept_in_words(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(30)
    about = {"scope": {"model": "crm.lead", "where": {"referred": e.mark}, "expect": "10..40"}}
    plan = e.plan(e.spec(e.levels(), protect=[{"name": {"contains": "lead 00"}}], **about))
    assert (str(plan.counts.scope_expected), plan.counts.scope_met) == ("10..40", False)
    assert e.mark in criteria(plan, plan.rules.scope_condition)
    assert "lead 00" in criteria(plan, plan.rules.protect_condition)
    assert "lead 00" in criteria(plan, plan.rules.protect_condition, language="es")
    assert criteria(plan, plan.rules.protect_condition, language="es") != criteria(plan, plan.rules.protect_condition)
    # Names of all of them, not of the first few: nobody else has a list.
    assert (plan.counts.protected, len(plan.names.protected_sample)) == (30, 30)


def _in_money(number: str, currency: str) -> str:
    with speaking("en"):
        return money(float(number.replace(",", "")), currency, locale_of("en_US"))


def test_contacts_have_no_stage_and_no_revenue(engagement: Engagement) -> None:
    e = engagement
    e.crm.create("res.partner", *({"name": f"{e.mark} {n}", "ref": e.mark, "city": "Lima"} for n in range(3)))
    tiers = {
        "name": "Tipo",
        "store": {"categories": "exclusive"},
        "segments": [{"name": e.tag("limeño"), "when": {"city": "Lima"}}],
    }
    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    plan = e.plan(e.spec(tiers, scope={"model": "res.partner", "where": {"ref": e.mark}}), wrap=recorded)
    assert [(one.stage, one.person, one.records, one.revenue) for one in plan.counts.portions] == [("", "", 3, 0.0)]
    assert plan.counts.currency == ""
    assert "res.company.read" not in calls[0].methods


def test_drift_asks_for_no_figures(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    seen = Recording(e.crm.connect())

    spec = e.spec(e.levels())
    made = draft(spec, *e.look(spec, seen), figures=False)
    list(made)
    plan = made.plan
    assert plan.counts.portions == ()
    asked = [(args, kw) for model, method, args, kw in seen.calls if "read" in method and model == "crm.lead"]
    assert not [call for call in asked if "user_id" in str(call) or "expected_revenue:" in str(call)]


def test_what_a_server_adds_up_is_what_the_amounts_add_up_to(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Odoo 14 cannot list amounts: it is asked for a sum a segment."""
    e = engagement
    e.make_leads(40)
    spec = e.spec(
        {"name": "Zona", "segments": [{"name": "Sur", "when": {"city": "Santiago"}}], "default": {"name": "x"}}
    )
    listed = e.draft(spec).plan.counts.portions
    monkeypatch.setattr("segmenter.odoo.reader.LISTS_AMOUNTS_SINCE", 99)
    added = e.draft(spec).plan.counts.portions
    assert added == listed
    assert sum(one.revenue for one in added) == sum(e.column("expected_revenue"))
