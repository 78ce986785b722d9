"""A whole spec that asks what people bought: what it needs, whom it takes, why, and where it cannot be asked."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from segmenter.cli.agreement import agreement
from segmenter.drafting.draft import draft
from segmenter.embedded import copy_of
from segmenter.measuring import Crm, measure
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.questions import MOST_IDS, PORTION
from segmenter.odoo.reader import OdooReader
from segmenter.plans import Plan
from segmenter.reports.handover import _segments
from segmenter.resolving.explain import Reason, explain
from segmenter.resolving.exported import untold
from segmenter.resolving.resolve import survey
from segmenter.spec import loads
from segmenter.spec.model import Spec
from tests.support.sales import CLOCK, Shop, asked_anew

VIP = {"sale_order_ids": {"sum": "amount_total", "where": {"date_order": {"within": "12 months"}}, ">=": 400_000}}


def spec(*conditions: dict[str, Any], where: dict[str, Any] | None = None, model: str = "res.partner") -> Spec:
    store = {"categories" if model == "res.partner" else "tags": "exclusive"}
    segments = [{"name": f"S{number}", "when": condition} for number, condition in enumerate(conditions)]
    scope = {"model": model, **({"where": where} if where else {})}
    one = {"name": "Valor", "store": store, "segments": segments, "default": {"name": "Otro"}}
    content = {"version": 1, "client": {"name": "X", "timezone": "America/Santiago"}, "scope": scope}
    return loads(yaml.safe_dump({**content, "segmentations": [one]}, sort_keys=False), "spec.yaml")


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    for name in ("Ana", "Bea", "Eva"):
        shop.contact(name)
    shop.order("Ana", 500_000)
    shop.order("Bea", 100_000)
    return shop


def planned(shop: Shop, of: Spec) -> Plan:
    return draft(of, shop.reader, shop.catalog, CLOCK).plan


def taken(plan: Plan) -> dict[str, int]:
    return {count.segment: count.taken for count in plan.counts.segments}


def test_a_plan_places_by_what_was_bought(shop: Shop) -> None:
    plan = planned(shop, spec(VIP, {"sale_order_ids": {"any": True}}))
    assert taken(plan) == {"S0": 1, "S1": 1, "Otro": 2}  # Eva, and the consultant's own contact


def test_the_meeting_page_counts_the_same(shop: Shop) -> None:
    of = spec(VIP, {"sale_order_ids": {"any": True}})
    figures = measure(of, Crm(shop.server, shop.reader, shop.catalog, CLOCK))
    assert {one.name: len(one.records) for one in figures.segmentations[0].segments} == taken(planned(shop, of))


def test_a_copy_asks_what_was_copied(shop: Shop) -> None:
    """The records of the lists are not in the copy; what they give is the server's own answer."""
    copy = copy_of(shop.reader, "res.partner", archived=False)
    assert "sale.order" not in copy.tables.models
    reader = OdooReader(copy, timezone="America/Santiago")
    crm = Crm(copy, reader, Catalog(reader, copied=shop.catalog), CLOCK)
    of = spec(VIP, {"sale_order_ids": {"any": True}})
    figures = measure(of, crm)
    assert figures.problems == ()
    assert {one.name: len(one.records) for one in figures.segmentations[0].segments} == taken(planned(shop, of))


def test_the_right_to_read_the_list_is_needed_and_its_dates_are_told(shop: Shop) -> None:
    resolved = survey(spec(VIP), shop.reader, shop.catalog, CLOCK)
    assert resolved.rights["sale.order", "read"] == ("sale_order_ids",)
    assert [(period.field, period.operator, period.count, period.unit) for period in resolved.periods] == [
        ("date_order", "within", 12, "months")
    ]


def test_lists_inside_of_lists_need_their_rights_too(shop: Shop) -> None:
    inner = {"partner_id.activity_ids": {"none": True}}
    resolved = survey(spec({"sale_order_ids": {"any": True, "where": inner}}), shop.reader, shop.catalog, CLOCK)
    assert resolved.rights["mail.activity", "read"] == ("activity_ids",)


def reason(shop: Shop, of: Spec, record: int) -> Reason:
    ((_name, segments),) = explain(of, record, shop.reader, shop.catalog, CLOCK).segmentations
    found = segments[0].reason
    assert found is not None
    return found


def test_explain_tells_the_number_that_was_found(shop: Shop) -> None:
    for name, number, holds in (("Ana", 500_000, True), ("Bea", 100_000, False), ("Eva", 0, False)):
        found = reason(shop, spec(VIP), shop.ids[name])
        assert (found.found, found.holds, found.type) == (number, holds, "monetary")
    last = spec({"sale_order_ids": {"last": "date_order", "within": "60 days"}})
    assert reason(shop, last, shop.ids["Ana"]).found == "2026-11-01 12:00:00"
    assert reason(shop, last, shop.ids["Eva"]).found is None


def test_explain_finds_the_list_of_a_leads_contact_and_of_a_company(shop: Shop) -> None:
    shop.contact("Clerk", "Ana")
    shop.order("Clerk", 1000)
    lead, nobody = shop.lead("of Clerk", "Clerk"), shop.lead("of nobody", None)
    asked = {"partner_id.sale_order_ids": {"sum": "amount_total", "of": "both", ">=": 400_000}}
    assert reason(shop, spec(asked, model="crm.lead"), lead).found == 501_000
    assert reason(shop, spec(asked, model="crm.lead"), nobody).found == 0


def test_more_records_than_one_question_takes(shop: Shop) -> None:
    for number in range(MOST_IDS + 200):
        shop.contact(str(number))
        shop.order(str(number), 10)
    plan = planned(shop, spec(VIP, {"sale_order_ids": {"sum": "amount_total", ">": 0}}))
    assert taken(plan) == {"S0": 1, "S1": MOST_IDS + 201, "Otro": 2}


def test_a_scope_goes_by_a_list_that_not_too_many_meet(shop: Shop) -> None:
    bought = {"sale_order_ids": {"any": True}}
    assert taken(planned(shop, spec(VIP, where=bought))) == {"S0": 1, "Otro": 1}
    for number in range(PORTION):
        shop.contact(str(number))
        shop.order(str(number), 10)
    shop = asked_anew(shop)
    (problem,) = survey(spec(VIP, where=bought), shop.reader, shop.catalog, CLOCK).problems
    assert problem.path == ("scope", "where", "sale_order_ids")
    assert problem.what.startswith("The scope goes by a list that 1002 records meet")


def test_an_export_has_no_lists(shop: Shop) -> None:
    problems = untold(spec(VIP, {"activity_ids": {"none": True}}), shop.reader)
    assert [problem.what for problem in problems] == [
        "An export does not tell the records behind sale_order_ids",
        "An export does not tell the records behind activity_ids",
    ]


def test_an_agreement_is_in_words_where_no_server_can_be_asked(shop: Shop) -> None:
    ordered = {"sale_order_ids": {"last": "date_order", "older_than": "60 days"}}
    activity = {"any": [{"activity_ids": {"none": True}}, ordered]}
    found = agreement(planned(shop, spec(VIP, activity)), "Consultant")
    assert found is not None
    assert [segment.criterion for segment in found.segmentations[0].segments][:2] == [
        "Sum of Total in Orders (Order Date in the last 12 months) of 400,000 or more",
        "Without Activities, or latest Order Date in Orders more than 60 days ago",
    ]


def test_a_plan_keeps_the_criterion_and_no_ids(shop: Shop) -> None:
    plan = planned(shop, spec(VIP))
    (vip, _rest) = plan.counts.segments
    assert vip.domain == ()
    assert vip.condition is not None
    assert vip.condition["related"]["function"] == "sum"
    assert _segments(plan).splitlines()[1].endswith(",")
