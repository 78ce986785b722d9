"""What an undo leaves because the work user may not delete it, an administrator's login deletes: that alone."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.errors import UsageError
from segmenter.execution import delete_left_behind, left_behind, preview_deletion, undone_by
from segmenter.ledger import RunReport, Who
from segmenter.odoo.server import Server
from tests.support.engagement import Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


def undone(e: Engagement) -> str:
    """An apply that was undone: its tags are still there. The id of the apply."""
    e.make_leads(6, expected_revenue=9e6)
    run = e.apply(e.plan(e.spec(e.levels()))).run.id
    back = e.undo(run)
    assert len(back.kept) > 1
    return run


def tags(e: Engagement) -> dict[str, int]:
    return {row["name"]: row["id"] for row in e.crm.find("crm.tag", [["name", "like", e.tag("")]], ["name"])}


def by_admin(e: Engagement, run: str, server: Server | None = None) -> RunReport:
    admin = server or e.crm.admin
    who = Who("tester", "here", admin.identity.login, admin.identity.uid, "0")
    return delete_left_behind(run, e.ledger, lambda: admin, who=who)


def test_an_administrator_deletes_the_tags_that_the_run_created(engagement: Engagement) -> None:
    e = engagement
    theirs = e.make_tag("de una persona")
    run = undone(e)
    ours = {name for name in tags(e) if name != e.tag("de una persona")}
    found = preview_deletion(run, e.ledger, lambda: e.crm.admin)
    assert ({one.change.name for one in found}, {one.uses for one in found}) == (ours, {0})
    report = by_admin(e, run)
    assert (report.exit_code, report.left, report.kept) == (0, (), ())
    assert {change.name for change in report.config} == ours
    assert tags(e) == {e.tag("de una persona"): theirs}
    kept = e.ledger.run(report.run.id)
    assert (kept.kind, kept.root, kept.by_admin) == ("undo", run, True)
    assert kept.who.work_user == e.crm.admin.identity.login
    assert e.ledger.verify_chain().ok
    with pytest.raises(UsageError, match="left no tag behind"):
        by_admin(e, run)


def test_a_tag_that_somebody_took_into_use_or_renamed_stays(engagement: Engagement) -> None:
    e = engagement
    run = undone(e)
    used, renamed, *_rest = tags(e).items()
    (lead,) = e.make_leads(1, tag_ids=[[4, used[1]]])
    e.crm.write("crm.tag", [renamed[1]], name=e.tag("otro nombre"))
    report = by_admin(e, run)
    assert report.exit_code == 4
    assert {left.name: left.outcome for left in report.left} == {used[0]: "conflict", renamed[0]: "conflict"}
    assert set(tags(e)) == {used[0], e.tag("otro nombre")}
    e.crm.call("crm.lead", "unlink", [lead])
    again = by_admin(e, run)
    assert [change.name for change in again.config] == [used[0]]


def test_it_comes_after_the_undo_and_is_none_itself(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(3, expected_revenue=9e6)
    run = e.apply(e.plan(e.spec(e.levels()))).run.id
    with pytest.raises(UsageError, match="was not undone yet"):
        left_behind(e.ledger, run)
    back = e.undo(run).run.id
    by_admin(e, run)
    undo = undone_by(e.ledger, run)
    assert undo is not None
    assert undo.id == back


def test_who_may_not_delete_is_told_before_anything_is_asked_of_the_ledger(engagement: Engagement) -> None:
    e = engagement
    run = undone(e)
    before = len(e.ledger.runs())
    with pytest.raises(UsageError, match="may not delete tags"):
        by_admin(e, run, e.crm.connect("all"))
    assert len(e.ledger.runs()) == before


class InAnotherModel:
    """An Odoo in which sales orders hold tags too."""

    def __init__(self, server: Server, uses: int) -> None:
        self.server, self.uses = server, uses
        self.identity = server.identity

    def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
        if model == "sale.order":
            return True if method in ("check_access_rights", "has_access") else self.uses
        if (model, method) == ("ir.model.fields", "search_read"):
            return [{"id": 1, "model": "sale.order", "name": "tag_ids"}]
        answer = self.server.execute_kw(model, method, args, kwargs)
        if (model, method) == ("ir.model.fields", "fields_get"):
            return {**answer, "relation": {"type": "char", "string": "Related Model"}}
        return answer


@pytest.mark.parametrize(("uses", "deleted"), [(3, False), (0, True)])
def test_a_tag_that_another_application_uses_stays(engagement: Engagement, uses: int, deleted: bool) -> None:
    e = engagement
    run = undone(e)
    report = by_admin(e, run, InAnotherModel(e.crm.admin, uses))  # type: ignore[arg-type]
    assert bool(report.config) == deleted
    assert bool(tags(e)) != deleted
