"""Conditions that cannot be asked: refused with advice that can be followed."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.errors import SpecError
from tests.support.engagement import ANA, LUIS, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def drafted(e: Engagement, when: dict[str, Any], model: str = "crm.lead", kind: str = "all") -> Any:
    """A draft of a spec whose only segment has this condition."""
    scope = {"model": model, "where": {"name": {"contains": e.mark}}}
    return e.draft(e.spec({"name": "One", "segments": [{"name": "one", "when": when}]}, scope=scope), kind)


def refusal(e: Engagement, when: dict[str, Any], model: str = "crm.lead") -> str:
    with pytest.raises(SpecError) as caught:
        drafted(e, when, model)
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
    from segmenter.ledger import open_ledger

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
