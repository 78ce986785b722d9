"""What each kind of work user may do is said before anything is written, and what was made is unmade by who may."""

from __future__ import annotations

import ast

import pytest

from segmenter.checking.preflight import preflight
from segmenter.embedded.demo_setup import WORK_USER
from segmenter.errors import ExitCode, LimitsExceeded, SpecError
from tests.support.engagement import CARMEN, LUIS, Engagement
from tests.support.words import against, raises, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


def new_stage(e: Engagement) -> dict[str, object]:
    """A segmentation that needs a stage which is not there."""
    return {
        "name": "Avance",
        "segments": [
            {"name": "Grandes", "when": {"expected_revenue": {">=": 7000}}, "set": {"stage_id": f"{e.mark} Comité"}}
        ],
    }


def test_an_own_documents_user_is_told_that_records_are_hidden(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(8)
    spec = e.spec(e.levels())

    def hidden(kind: str) -> list[tuple[str, str]]:
        reader, catalog, _clock = e.look(spec, e.crm.connect(kind))
        return [(one.level, one.text) for one in preflight(spec, reader, catalog) if one.topic == "hidden"]

    assert hidden("all") == []
    ((level, text),) = hidden("own")
    assert level == "warning"
    assert "its own documents only" in text
    # Theirs and nobody's: two holders of four (see `Engagement._lead`).
    assert (e.plan(spec, "own").counts.scope_count, e.plan(spec, "all").counts.scope_count) == (4, 8)


def test_preflight_says_what_the_work_user_may_and_may_not_do(engagement: Engagement) -> None:
    e = engagement
    spec = e.spec(e.levels(), new_stage(e))

    def about(kind: str, topic: str) -> dict[str, str]:
        reader, catalog, _clock = e.look(spec, e.crm.connect(kind))
        return {one.text: one.level for one in preflight(spec, reader, catalog) if one.topic == topic}

    assert set(about("manager", "rights").values()) == {"ok"}
    (refused,) = [text for text, level in about("all", "rights").items() if level == "error"]
    assert refused.startswith("The work user may not create stages")
    assert set(about("all", "privileges").values()) == {"ok"}
    assert set(about("manager", "privileges").values()) == {"note"}


def test_a_stage_that_the_work_user_may_not_make_is_said_before_anything_is_written(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10)
    first, stages = e.state(), e.crm.ids("crm.stage", [])
    plan = e.plan(e.spec(e.levels(), new_stage(e)))
    (violation,) = plan.violations
    assert violation.limit == "rights"
    what, todo = against(plan)[0].split("; ")
    assert what == f"The work user may not create stages ({e.mark} Comité)"
    assert todo.startswith("create these stages in Odoo by hand, or make")
    with raises(LimitsExceeded, match="may not create stages") as refused:
        e.apply(plan)
    assert refused.value.exit_code == ExitCode.LIMITS
    assert e.ledger.runs() == []
    assert e.state() == first
    assert e.crm.ids("crm.stage", []) == stages
    assert e.crm.ids("crm.tag", [["name", "=like", f"{e.mark} %"]]) == []


def test_a_manager_makes_the_stage_and_undo_unmakes_it(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10)
    first, stages = e.state(), e.crm.find("crm.stage", [], ["name", "sequence"])
    spec = e.spec(new_stage(e))
    report = e.apply(e.plan(spec, "manager"), "manager")
    assert (report.exit_code, [one.name for one in report.config]) == (ExitCode.DONE, [f"{e.mark} Comité"])
    (made,) = e.crm.find("crm.stage", [["name", "=", f"{e.mark} Comité"]], ["sequence", "is_won"])
    # Behind the last that is not won, in front of nothing that was there.
    assert made["sequence"] > max(one["sequence"] for one in stages if one["name"] != "Ganado")
    assert not made["is_won"]
    high = [n for n in range(10) if n % 10 >= 7]
    assert [n for n, stage in enumerate(e.column("stage_id")) if stage == made["id"]] == high
    assert e.changes(spec, "manager") == []
    assert e.undo(report.run.id, "manager").exit_code == ExitCode.DONE
    assert e.state() == first
    assert e.crm.find("crm.stage", [], ["name", "sequence"]) == stages


def test_favourites_are_shared_shown_and_unmade(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10)
    spec = e.spec(e.levels(), filters="shared")
    report = e.apply(e.plan(spec, "manager"), "manager")
    # Somebody else sees them, and each finds the records of its segment.
    other = e.crm.connect("own")
    names = [f"{number} {e.tag(level)} · Nivel" for number, level in enumerate(("Alto", "Medio", "Bajo"), 1)]
    asked = [[["name", "in", names]], ["name", "domain", *e.crm.shared]]
    filters = other.execute_kw("ir.filters", "search_read", asked, {})
    assert sorted(one["name"] for one in filters) == sorted(names)
    assert not any(one[owner] for one in filters for owner in e.crm.shared)
    domains = {one["name"]: ast.literal_eval(one["domain"]) for one in filters}
    assert [len(e.crm.ids("crm.lead", domains[name])) for name in names] == [3, 4, 3]
    assert e.changes(spec, "manager") == []
    e.undo(report.run.id, "manager")
    assert e.crm.ids("ir.filters", [["name", "in", names]]) == []


@pytest.mark.parametrize("name", ["1 {} · Nivel", "Nivel: {}"], ids=["of today", "of earlier versions"])
def test_a_favourite_of_that_name_is_altered_and_put_back(engagement: Engagement, name: str) -> None:
    e = engagement
    e.make_leads(4)
    was = {"name": name.format(e.tag("Alto")), "domain": "[('city', '=', 'Lima')]"}
    (old,) = e.crm.create("ir.filters", {**was, "model_id": "crm.lead", **e.crm.shared})
    spec = e.spec(e.levels(), filters="shared")
    report = e.apply(e.plan(spec, "manager"), "manager")
    (tag,) = e.crm.ids("crm.tag", [["name", "=", e.tag("Alto")]])
    (now,) = e.crm.find("ir.filters", [["id", "=", old]], ["name", "domain"])
    assert now["name"] == f"1 {e.tag('Alto')} · Nivel"
    assert ast.literal_eval(now["domain"]) == [("tag_ids", "in", [tag])]
    assert e.changes(spec, "manager") == []
    assert e.undo(report.run.id, "manager").exit_code == ExitCode.DONE
    assert e.crm.find("ir.filters", [["id", "=", old]], ["name", "domain"]) == [{"id": old, **was}]


def test_favourites_of_chosen_people_where_the_version_can(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(10)
    spec = e.spec(e.levels(), filters={"share": [LUIS, CARMEN], "show": "live"})
    if e.crm.admin.identity.major < 19:
        with pytest.raises(SpecError, match="gives a favourite to one person or to everybody, not to several"):
            e.draft(spec)
        return
    report = e.apply(e.plan(spec))
    domain = [["name", "ilike", f"% {e.tag('')}%"]]
    made = e.crm.find("ir.filters", domain, ["user_ids"])
    people = sorted(e.crm.people[login] for login in (LUIS, CARMEN, WORK_USER))
    assert [sorted(row["user_ids"]) for row in made] == [people] * 3
    assert len(e.crm.connect("manager").execute_kw("ir.filters", "search", [domain], {})) == 3
    assert e.crm.connect("own").execute_kw("ir.filters", "search", [domain], {}) == []
    assert e.changes(spec) == []
    # Somebody is left out, and everybody comes in.
    fewer = e.plan(e.spec(e.levels(), filters={"share": [CARMEN], "show": "live"}))
    assert all(change.before == {"user_ids": people} for change in fewer.config)
    second = e.apply(fewer)
    left = sorted(e.crm.people[login] for login in (CARMEN, WORK_USER))
    assert [sorted(row["user_ids"]) for row in e.crm.find("ir.filters", domain, ["user_ids"])] == [left] * 3
    e.undo(second.run.id)
    assert [sorted(row["user_ids"]) for row in e.crm.find("ir.filters", domain, ["user_ids"])] == [people] * 3
    e.undo(report.run.id)
    assert e.crm.ids("ir.filters", domain) == []


def test_a_tag_that_is_there_is_recoloured_and_given_its_colour_back(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    there = e.make_tag("Alto", color=4)
    spec = e.spec(e.levels())
    plan = e.plan(spec)
    (recolour,) = [one for one in plan.config if not one.creates]
    assert (recolour.id, recolour.before, recolour.after) == (there, {"color": 4}, {"color": 10})
    report = e.apply(plan)
    assert e.crm.find("crm.tag", [["id", "=", there]], ["color"])[0]["color"] == 10
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.crm.find("crm.tag", [["id", "=", there]], ["color"])[0]["color"] == 4


def test_what_the_work_user_may_not_delete_is_announced_and_kept(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(4)
    first = e.state()
    plan = e.plan(e.spec(e.levels()))
    assert any(
        "An undo leaves these, which the work user may not delete: tags" in one for one in sentences(plan.warnings)
    )
    back = e.undo(e.apply(plan).run.id)
    assert (back.exit_code, sorted(one.name for one in back.kept)) == (
        ExitCode.DONE,
        sorted(map(e.tag, ("Alto", "Medio", "Bajo"))),
    )
    assert e.state() == first
