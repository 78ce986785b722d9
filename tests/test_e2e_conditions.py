"""Conditions that cannot be asked: refused with advice that can be followed."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.drafting import Draft
from segmenter.errors import SpecError
from segmenter.ledger import open_ledger
from tests.support.engagement import ANA, LUIS, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def drafted(e: Engagement, when: dict[str, Any], model: str = "crm.lead", **more: Any) -> Draft:
    """A draft of a spec whose only segment has this condition; ``more``: keys of its segmentation."""
    scope = {"model": model, "where": {"name": {"contains": e.mark}}}
    return e.draft(e.spec({"name": "One", "segments": [{"name": "one", "when": when}], **more}, scope=scope))


def refusal(e: Engagement, when: dict[str, Any], model: str = "crm.lead", **more: Any) -> str:
    with pytest.raises(SpecError) as caught:
        drafted(e, when, model, **more)
    (problem,) = caught.value.problems
    return f"{problem.what}; {problem.todo}"


def test_a_field_that_only_a_group_sees_is_told_from_one_that_does_not_exist(engagement: Engagement) -> None:
    e = engagement
    hidden = refusal(e, {"signup_type": {"empty": False}}, "res.partner")
    assert hidden == (
        "signup_type of res.partner is there, but Odoo hides it from this user; "
        "use another field, or ask an administrator to put the user in the group that sees it"
    )
    assert refusal(e, {"partner_id.signup_type": {"empty": False}}) == hidden
    assert refusal(e, {"domain": [["signup_type", "!=", False]]}, "res.partner") == hidden
    absent = refusal(e, {"signup_kind": {"empty": False}}, "res.partner")
    assert absent.startswith("No field signup_kind on res.partner")


@pytest.mark.fact_of("14", "later versions show recurring revenue to everybody")
@pytest.mark.live("14")
def test_recurring_revenue_is_seen_once_its_group_is_given(live_crms: Any, tmp_path: Any) -> None:
    crm = live_crms("14")
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(crm, ledger)
        when = {"recurring_revenue": {">": 0}}
        assert "recurring_revenue of crm.lead is there, but Odoo hides it from this user" in refusal(e, when)
        (group,) = crm.find("ir.model.data", [["name", "=", "group_use_recurring_revenues"]], ["res_id"])
        users = [crm.people[login] for login in crm.people if "segmentacion" in login]
        crm.write("res.groups", [group["res_id"]], users=[[4, user] for user in users])
        try:
            assert list(drafted(e, when)) == []
        finally:
            crm.write("res.groups", [group["res_id"]], users=[[3, user] for user in users])


def test_under_needs_a_tree_and_its_advice_can_be_followed(engagement: Engagement) -> None:
    """Users take their parent from their contact: below one, Odoo 15 finds nobody and 17 faults (measured)."""
    e = engagement
    for field in ("user_id", "team_id.user_id", "stage_id"):
        value = {"user_id": ANA, "team_id.user_id": LUIS, "stage_id": "Nueva"}[field]
        said = refusal(e, {field: {"under": value}})
        assert said == f"What {field.split('.')[-1]} leads to is no tree; list the names, or compare something else"
        assert list(drafted(e, {field: [value]})) == []
    raw = refusal(e, {"domain": [["user_id", "child_of", [e.crm.people[ANA]]]]})
    assert "is no tree" in raw


def test_advice_on_what_lies_behind_a_relation_can_be_followed(engagement: Engagement) -> None:
    e = engagement
    e.make_tag("inns", model="res.partner.category")
    inns, head = e.tag("inns"), e.tag("head")
    e.crm.create("res.partner", {"name": head, "is_company": True})
    names, contact, follows = [inns], "res.partner", {"include_contacts": True}

    def check(
        refused: dict[str, Any], advice: str, instead: dict[str, Any], model: str, before: Any = None, after: Any = None
    ) -> None:
        assert refusal(e, refused, model, **(before or {})).endswith(f"; {advice}")
        assert drafted(e, instead, model, **(after or {})) is not None

    path = {"partner_id.category_id": names}
    check({"partner_id.category_id.color": 3}, "list their names: partner_id.category_id: [...]", path, "crm.lead")
    under = {"partner_id.category_id": {"under": inns}}
    check(under, "list their names: partner_id.category_id: [...]", path, "crm.lead")
    of_company = {"category_id": {"under": inns}}
    check(of_company, "list their names: category_id: [...]", {"category_id": names}, contact, follows, follows)
    without = "ask for it in a segmentation without include_contacts"
    check({"child_ids.city": "Lima"}, without, {"child_ids.city": "Lima"}, contact, follows)
    active = "say child_ids: {empty: false} for those that hold an active one"
    check({"child_ids.active": True}, active, {"child_ids": {"empty": False}}, contact)
    positive = "say what there is, not what there is not"
    check({"child_ids.city": {"not": "Lima"}}, positive, {"child_ids.city": "Lima"}, contact)
    listed = {"partner_id.category_id": {"not_in": names}}
    check({"not": {"partner_id.category_id": {"under": inns}}}, "list the names", listed, "crm.lead")
    above = {"partner_id.parent_id": {"not_in": [head]}}
    check({"not": {"partner_id.parent_id": {"under": head}}}, "use not_contains, or list the names", above, "crm.lead")


def test_a_company_below_another_is_found_with_its_contacts(engagement: Engagement) -> None:
    e = engagement

    def contact(name: str, **values: Any) -> int:
        return e.crm.create("res.partner", {"name": e.tag(name), **values})[0]

    head = contact("head", is_company=True)
    branch = contact("branch", is_company=True, parent_id=head)
    seller = contact("seller", parent_id=branch)
    contact("clerk", parent_id=head)
    placed = drafted(e, {"parent_id": {"under": e.tag("head")}}, "res.partner", include_contacts=True)
    assert sorted(placed.decision.places[0].taken[0]) == [branch, seller]
