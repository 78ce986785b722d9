"""An undo of a run under later ones: what those wrote is ours and no person's, and it is said which to undo first."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.errors import ExitCode, UsageError
from segmenter.ledger import UndoPreview
from segmenter.reports import undo as undos
from tests.support.engagement import STAGES, Engagement
from tests.support.report_samples import printed

pytest_plugins = ["tests.support.engagement_fixtures"]


def marked(e: Engagement, value: Any, *, over: int = -1, **top: Any) -> str:
    """The run of a plan that gives leads of more than ``over`` a priority."""
    part = {
        "name": "Prioridad",
        "segments": [
            {"name": "Sí", "when": {"expected_revenue": {">": over}}, "set": {"priority": value}},
        ],
    }
    return e.apply(e.plan(e.spec(part, **top))).run.id


def by(preview: UndoPreview) -> dict[int, tuple[str, str]]:
    return {one.record: (one.outcome, one.detail) for one in preview.left}


def test_what_a_later_run_wrote_is_named_by_its_id_and_no_person_is_blamed(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(6, priority="0", expected_revenue=lambda n: n * 1000)
    first = e.state()
    one = marked(e, 3)
    two = marked(e, 2, over=3500)
    e.crm.write("crm.lead", leads[:1], priority="1")
    e.crm.write("crm.lead", leads[5:], priority="1")
    found = e.preview_undo(one)
    ours = ("overwritten", f"{two} wrote it; undo {two} first")
    assert by(found) == {leads[0]: ("conflict", ""), leads[4]: ours, leads[5]: ("conflict", "")}
    assert (found.restorable, found.runs, found.later) == (3, (one,), {two: 1})
    said = printed(undos.terminal(found))
    assert f"A later run, {two}, wrote over 1 record of this: undo {two} first" in said
    e.crm.write("crm.lead", [leads[0], leads[5]], priority="3")
    e.crm.write("crm.lead", leads[5:], priority="2")
    assert by(e.preview_undo(one)) == {leads[4]: ours, leads[5]: ours}
    e.undo(two)
    after = e.preview_undo(one)
    assert (after.restorable, after.left, after.later) == (6, (), {})
    e.undo(one)
    assert e.state() == first


def test_the_newest_of_several_comes_first(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(3, priority="0", expected_revenue=lambda n: n * 1000)
    first = e.state()
    runs = [marked(e, 1), marked(e, 2, over=500), marked(e, 3, over=1500)]
    found = e.preview_undo(runs[0])
    assert found.later == {runs[2]: 1, runs[1]: 1}
    assert list(found.later) == [runs[2], runs[1]]
    assert by(found)[leads[2]][1] == f"{runs[2]} wrote it; undo {runs[2]} first"
    assert by(e.preview_undo(runs[1])) == {leads[2]: ("overwritten", f"{runs[2]} wrote it; undo {runs[2]} first")}
    assert e.preview_undo(runs[2]).left == ()
    for run in reversed(runs):
        assert e.undo(run).left == ()
    assert e.state() == first


def test_an_undo_that_left_something_to_a_later_run_can_be_done_again_once_that_was_undone(
    engagement: Engagement,
) -> None:
    e = engagement
    leads = e.make_leads(3, priority="0", expected_revenue=lambda n: n * 1000)
    first = e.state()
    one, two = marked(e, 1), marked(e, 2, over=1500)
    back = e.undo(one)
    assert (back.exit_code, [(left.record, left.outcome) for left in back.left]) == (
        ExitCode.STALE,
        [(leads[2], "overwritten")],
    )
    assert e.column("priority") == ["0", "0", "2"]
    with pytest.raises(UsageError, match=f"already undone.*it left what {two} wrote later; undo {two}, and then {one}"):
        e.undo(one)
    e.undo(two)
    assert e.column("priority") == ["0", "0", "1"]
    assert e.preview_undo(one).restorable == 1
    assert e.undo(one).left == ()
    assert e.state() == first
    with pytest.raises(UsageError, match="already undone"):
        e.preview_undo(one)


def test_what_a_later_run_put_back_is_left_to_it_too(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(2, priority="0", expected_revenue=lambda n: n * 1000)
    first = e.state()
    one, two = marked(e, 3), marked(e, 0, over=500)
    assert by(e.preview_undo(one)) == {leads[1]: ("overwritten", f"{two} wrote it; undo {two} first")}
    e.undo(one)
    e.undo(two)
    e.undo(one)
    assert e.state() == first


def test_tags_and_their_colours_and_favourites(engagement: Engagement) -> None:
    e = engagement
    leads = e.make_leads(10)
    kept = e.make_tag("de una persona")
    e.crm.write("crm.lead", leads[9:], tag_ids=[[4, kept]])
    first, filters = e.state(), e.crm.find("ir.filters", [], ["name", "domain"])
    one = e.apply(e.plan(e.spec(e.levels(), filters="shared"))).run.id
    levels = e.levels()
    levels["segments"][0]["when"] = {"expected_revenue": {">=": 8000}}
    levels["segments"][0]["color"] = "azul"
    two = e.apply(e.plan(e.spec(levels, filters="shared"))).run.id
    found = e.preview_undo(one)
    ours = ("overwritten", f"{two} wrote it; undo {two} first")
    assert {what for record, what in by(found).items() if record > 0} == {ours}
    assert {one.name for one in found.left if one.record > 0} == {f"{e.mark} lead 0007"}
    assert (found.restorable, found.partly) == (9, 0)
    config = [left for left in found.left if left.record < 0]
    assert [left.name for left in config] == [e.tag("Alto")]
    assert {(left.outcome, left.detail) for left in config} == {ours}
    back = e.undo(one)
    assert {left.outcome for left in back.left if left.record > 0} == {"overwritten"}
    assert e.crm.find("crm.tag", [["name", "=", e.tag("Alto")]], ["name"])
    assert e.undo(two).left == ()
    assert e.undo(one).left == ()
    assert e.state() == first
    assert e.crm.find("ir.filters", [], ["name", "domain"]) == filters


def test_a_record_that_goes_back_in_part_is_counted_as_such(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(2, priority="0", expected_revenue=8000)
    one = e.apply(e.plan(e.spec(e.levels()))).run.id
    part = {"name": "Nivel", "store": {"tags": "exclusive"}, "default": {"name": e.tag("Bajo"), "color": "gris"}}
    part["segments"] = [
        {"name": e.tag("Alto"), "color": "verde", "when": {"expected_revenue": {">=": 90000}}},
        {"name": e.tag("Medio"), "when": {"expected_revenue": {">=": 80000}}},
    ]
    two = e.apply(e.plan(e.spec(part))).run.id
    found = e.preview_undo(one)
    assert (found.restorable, found.partly, found.later) == (2, 2, {two: 2})
    assert "2 of them only in part" in printed(undos.terminal(found))


def test_a_favourite_that_a_later_run_altered_stays_until_that_is_undone(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4, priority="0", expected_revenue=lambda n: n * 1000)
    before = e.crm.find("ir.filters", [], ["name", "domain"])

    def kept_as(store: dict[str, str]) -> str:
        part = {
            "name": e.mark,
            "store": store,
            "segments": [{"name": STAGES[1], "when": {"expected_revenue": {">": 500}}}],
        }
        return e.apply(e.plan(e.spec(part, filters="shared"))).run.id

    one, two = kept_as({"tags": "exclusive"}), kept_as({"field": "stage_id"})
    found = e.preview_undo(one)
    assert [(left.record < 0, left.outcome) for left in found.left] == [(True, "overwritten")]
    assert found.later == {two: 0}
    assert "altered what this created in Odoo" in printed(undos.terminal(found))
    assert [left.outcome for left in e.undo(one).left] == ["overwritten"]
    assert len(e.crm.find("ir.filters", [], ["name", "domain"])) == len(before) + 1
    assert e.undo(two).left == ()
    assert e.undo(one).left == ()
    assert e.crm.find("ir.filters", [], ["name", "domain"]) == before


def test_a_person_between_two_runs_is_told_with_the_run_that_followed(engagement: Engagement) -> None:
    e = engagement
    (lead,) = e.make_leads(1, priority="0", expected_revenue=1000)
    one = marked(e, 3)
    e.crm.write("crm.lead", [lead], priority="1")
    two = marked(e, 2)
    found = e.preview_undo(one)
    assert (by(found), found.later) == ({lead: ("conflict", f"and {two} wrote it after that")}, {})


def test_what_an_earlier_run_wrote_too_is_a_persons_edit_of_a_later_one(engagement: Engagement) -> None:
    e = engagement
    (lead,) = e.make_leads(1, priority="0", expected_revenue=1000)
    one, two = marked(e, 3), marked(e, 2)
    e.undo(two)
    e.crm.write("crm.lead", [lead], priority="1")
    two = marked(e, 2)
    e.crm.write("crm.lead", [lead], priority="3")
    assert one != two
    assert by(e.preview_undo(two)) == {lead: ("conflict", "")}
