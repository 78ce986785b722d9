"""Custom fields that the spec declares: made by a plan where the work user may, refused with the steps where not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from segmenter.checking.by_hand import NEW_BUTTON_SINCE
from segmenter.checking.preflight import preflight
from segmenter.errors import ExitCode, LimitsExceeded, SpecError
from segmenter.spec.model import Spec
from tests.support import troubles
from tests.support.engagement import Engagement
from tests.support.words import against, raises

pytest_plugins = ["tests.support.engagement_fixtures"]

FIELD, VALUE = "ir.model.fields", "ir.model.fields.selection"


@pytest.fixture
def e(engagement: Engagement) -> Iterator[Engagement]:
    """Without the fields that a test leaves behind: no other test should meet them."""
    yield engagement
    left = engagement.crm.ids(FIELD, [["name", "=like", f"x_{engagement.mark.lower()}%"]])
    if left:
        engagement.crm.call(FIELD, "unlink", left)


def level(e: Engagement) -> str:
    return f"x_{e.mark.lower()}_nivel"


def visits(e: Engagement) -> str:
    return f"x_{e.mark.lower()}_visitas"


def spec(e: Engagement, *values: str, when: dict[str, Any] | None = None, **fields: Any) -> Spec:
    """A selection that the segmentation writes, and a number that its first segment sets."""
    declared = {
        level(e): {
            "type": "selection",
            "label": "Nivel",
            "help": "De la reunión",
            "values": [*(values or ("Alto", "Bajo"))],
        },
        visits(e): {"type": "integer", "label": "Visitas"},
    }
    segmentation = {
        "name": "Nivel",
        "store": {"field": level(e)},
        "segments": [
            {"name": "Alto", "when": when or {"expected_revenue": {">=": 7000}}, "set": {visits(e): 4}},
        ],
        "default": {"name": "Bajo"},
    }
    return e.spec(segmentation, fields=declared | fields)


def admin(e: Engagement) -> Any:
    """What makes a run the administrator's."""
    return {"wrap": lambda _server: e.crm.admin}


def known(e: Engagement, *names: str) -> dict[str, Any]:
    """These fields of a lead as a salesman sees them, on a connection of its own."""
    found: dict[str, Any] = e.crm.connect("all").execute_kw("crm.lead", "fields_get", [list(names)], {})
    return found


def found(e: Engagement, spec: Spec, kind: str = "all", **options: Any) -> list[tuple[str, str, str]]:
    reader, catalog, _clock = e.look(spec, e.connect(kind, **options)())
    return [(one.level, one.text, one.todo) for one in preflight(spec, reader, catalog) if one.topic == "fields"]


def test_fields_are_made_filled_and_unmade(e: Engagement) -> None:
    e.make_leads(10)
    first = e.state()
    plan = e.plan(spec(e), **admin(e))
    assert [(one.model, one.name) for one in plan.config] == [(FIELD, level(e)), (FIELD, visits(e))]
    assert (plan.counts.tally.records, plan.counts.tally.overwrites, plan.violations) == (10, 0, ())
    report = e.apply(plan, **admin(e))
    assert (report.exit_code, report.left, report.counts) == (ExitCode.DONE, (), {"applied": 10})
    assert e.column(level(e)) == ["Alto" if n >= 7 else "Bajo" for n in range(10)]
    assert e.column(visits(e)) == [4 if n >= 7 else 0 for n in range(10)]
    about = known(e, level(e), visits(e))
    assert about[level(e)]["selection"] == [["Alto", "Alto"], ["Bajo", "Bajo"]]
    assert (about[level(e)]["string"], about[visits(e)]["type"]) == ("Nivel", "integer")
    # The salesman, who may make none, plans and verifies with them.
    assert e.changes(spec(e)) == []
    assert e.plan(spec(e)).violations == ()
    assert e.preview_undo(report.run.id).restorable == 10
    back = e.undo(report.run.id, **admin(e))
    assert (back.exit_code, back.left, back.kept) == (ExitCode.DONE, (), ())
    assert known(e, level(e), visits(e)) == {}
    assert e.state() == first


def test_every_type(e: Engagement) -> None:
    e.make_leads(2)
    name = f"x_{e.mark.lower()}_"
    types = {"text": "Sí, «señor»", "integer": 7, "float": 2.5, "boolean": True, "date": "2026-03-01"}
    fields = {f"{name}{kind}": {"type": kind, "label": f"De tipo {kind}"} for kind in types}
    wanted = {f"{name}{kind}": value for kind, value in types.items()}
    segmentation = {"name": "Todo", "segments": [{"name": "Todos", "when": {"name": {"empty": False}}, "set": wanted}]}
    whole = e.spec(segmentation, fields=fields)
    first = e.state()
    report = e.apply(e.plan(whole, **admin(e)), **admin(e))
    assert (report.exit_code, report.left) == (ExitCode.DONE, ())
    for field, value in wanted.items():
        assert e.column(field) == [value] * 2
    assert e.changes(whole) == []
    assert e.undo(report.run.id, **admin(e)).exit_code == ExitCode.DONE
    assert e.state() == first


def test_who_may_not_make_them_is_told_how(e: Engagement) -> None:
    e.make_leads(4)
    first = e.state()
    plan = e.plan(spec(e))
    assert {one.limit for one in plan.violations} == {"rights"}
    sentences = against(plan)
    assert len(sentences) == 2
    assert f"may not make the field {level(e)}" in sentences[0]
    assert "Settings > Technical > Database Structure > Fields" in sentences[0]
    button = "Create" if e.crm.admin.identity.major < NEW_BUTTON_SINCE else "New"
    assert f"press “{button}” and write “Field Name”: {level(e)}; “Field Label”: “Nivel”" in sentences[0]
    assert "“Alto”, “Bajo”" in sentences[0]
    with raises(LimitsExceeded, match="may not make the field") as refused:
        e.apply(plan)
    assert refused.value.exit_code == ExitCode.LIMITS
    assert e.ledger.runs() == []
    assert e.state() == first
    # The administrator does as told, and the same spec needs nothing more of anybody.
    (model,) = e.crm.ids("ir.model", [["model", "=", "crm.lead"]])
    options = [[0, 0, {"value": value, "name": value, "sequence": n}] for n, value in enumerate(("Alto", "Bajo"))]
    usual = {"model_id": model, "state": "manual"}
    e.crm.create(
        FIELD, {**usual, "name": level(e), "field_description": "Nivel", "ttype": "selection", "selection_ids": options}
    )
    e.crm.create(FIELD, {**usual, "name": visits(e), "field_description": "Visitas", "ttype": "integer"})
    report = e.apply(e.plan(spec(e)))
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 4})
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert known(e, level(e)) != {}, "what was not ours stays"


def test_check_tells_which_are_there_and_who_makes_the_others(e: Engagement) -> None:
    said = found(e, spec(e))
    assert [one[0] for one in said] == ["error", "error"]
    assert said[0][1] == f"The field {level(e)} does not exist"
    assert f"“Field Name”: {level(e)}" in said[0][2]
    assert [one[0] for one in found(e, spec(e), **admin(e))] == ["ok", "ok"]
    e.apply(e.plan(spec(e), **admin(e)), **admin(e))
    assert [one[:2] for one in found(e, spec(e))] == [
        ("ok", f"The field {level(e)} is there"),
        ("ok", f"The field {visits(e)} is there"),
    ]
    (missing, _there) = found(e, spec(e, "Alto", "Medio", "Bajo"))
    assert missing[:2] == ("error", f"The field {level(e)} has no values Medio")
    assert "add to “Selection Options”: “Medio”" in missing[2]


def test_a_selection_gets_the_values_that_it_lacks(e: Engagement) -> None:
    e.make_leads(10)
    one = e.apply(e.plan(spec(e, "Alto", "Bajo"), **admin(e)), **admin(e))
    first = e.state()
    more = e.spec(
        {
            "name": "Nivel",
            "store": {"field": level(e)},
            "segments": [{"name": "Muy alto", "when": {"expected_revenue": {">=": 9000}}}],
        },
        fields={level(e): {"type": "selection", "label": "Nivel", "values": ["Alto", "Bajo", "Muy alto"]}},
    )
    assert ["may not add values" in one for one in against(e.plan(more))] == [True]
    plan = e.plan(more, **admin(e))
    assert [(c.model, c.name) for c in plan.config] == [(VALUE, f"{level(e)}: Muy alto")]
    report = e.apply(plan, **admin(e))
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 1})
    assert known(e, level(e))[level(e)]["selection"][-1] == ["Muy alto", "Muy alto"]
    assert e.changes(more) == []
    assert e.undo(report.run.id, **admin(e)).exit_code == ExitCode.DONE
    assert e.state() == first
    assert len(known(e, level(e))[level(e)]["selection"]) == 2
    assert e.undo(one.run.id, **admin(e)).exit_code == ExitCode.DONE


def test_a_field_that_people_took_up_is_not_unmade(e: Engagement) -> None:
    leads = e.make_leads(3)
    report = e.apply(e.plan(spec(e), **admin(e)), **admin(e))
    e.crm.write("crm.lead", leads[:1], **{visits(e): 9})
    back = e.undo(report.run.id, **admin(e))
    assert back.exit_code == ExitCode.STALE
    assert [(one.name, one.detail) for one in back.left if one.record < 0] == [(visits(e), "1 record still uses it")]
    assert set(known(e, level(e), visits(e))) == {visits(e)}


def test_a_text_that_a_person_emptied_does_not_keep_its_field(e: Engagement) -> None:
    """An empty text is nothing, like NULL: versions tell them apart, the language does not."""
    leads = e.make_leads(2)
    note = f"x_{e.mark.lower()}_nota"
    segment = {"name": "Todos", "when": {"name": {"empty": False}}, "set": {note: "Visitar"}}
    fields = {note: {"type": "text", "label": "Nota"}}
    report = e.apply(e.plan(e.spec({"name": "Todo", "segments": [segment]}, fields=fields), **admin(e)), **admin(e))
    e.crm.write("crm.lead", leads[:1], **{note: ""})
    e.undo(report.run.id, **admin(e))
    assert known(e, note) == {}


def test_a_field_that_somebody_deleted_has_nothing_to_undo(e: Engagement) -> None:
    e.make_leads(3)
    before = e.column("priority")
    report = e.apply(e.plan(spec(e), **admin(e)), **admin(e))
    e.crm.call(FIELD, "unlink", e.crm.ids(FIELD, [["name", "=", level(e)]]))
    e.preview_undo(report.run.id)
    back = e.undo(report.run.id, **admin(e))
    assert [(one.name, one.outcome) for one in back.left] == [(level(e), "missing")]
    assert e.column("priority") == before
    assert known(e, level(e), visits(e)) == {}


def test_a_field_that_is_deleted_before_the_apply_stops_it(e: Engagement) -> None:
    e.make_leads(3)
    made = e.apply(e.plan(spec(e), **admin(e)), **admin(e))
    assert e.undo(made.run.id, **admin(e)).exit_code == ExitCode.DONE
    (model,) = e.crm.ids("ir.model", [["model", "=", "crm.lead"]])
    about = {
        "model_id": model,
        "name": visits(e),
        "field_description": "Visitas",
        "ttype": "integer",
        "state": "manual",
    }
    (there,) = e.crm.create(FIELD, about)
    segmentation = {
        "name": "Todo",
        "segments": [{"name": "T", "when": {"city": {"empty": True}}, "set": {visits(e): 3}}],
    }
    plan = e.plan(e.spec(segmentation))
    assert plan.counts.tally.records == 1
    e.crm.call(FIELD, "unlink", [there])
    report = e.apply(plan)
    assert report.exit_code == ExitCode.PARTLY
    assert f"Odoo has no field {visits(e)} any more" in report.error


def test_another_field_of_that_name_is_a_problem(e: Engagement) -> None:
    (model,) = e.crm.ids("ir.model", [["model", "=", "crm.lead"]])
    about = {"model_id": model, "name": visits(e), "field_description": "Visitas", "ttype": "char", "state": "manual"}
    e.crm.create(FIELD, about)
    with pytest.raises(SpecError, match=f"{visits(e)} is of type char in Odoo, and integer in the spec"):
        e.plan(spec(e))
    assert ("error", f"{visits(e)} is of type char in Odoo, and integer in the spec") in [
        one[:2] for one in found(e, spec(e))
    ]


def test_no_condition_can_ask_for_what_does_not_exist_yet(e: Engagement) -> None:
    e.make_leads(1)
    with pytest.raises(SpecError, match=f"{visits(e)} does not exist in Odoo yet") as refused:
        e.plan(spec(e, when={visits(e): {">": 3}}), **admin(e))
    assert "apply once" in str(refused.value)
    e.apply(e.plan(spec(e), **admin(e)), **admin(e))
    assert e.plan(spec(e, when={visits(e): {">": 3}})).violations == ()


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
@pytest.mark.parametrize(("at", "on"), [(2, FIELD), (1, "crm.lead")])
def test_resumed_between_the_field_and_the_records(e: Engagement, trouble: Any, at: int, on: str) -> None:
    e.make_leads(4)
    first = e.state()
    broken = trouble(at, on)
    report = e.apply(e.plan(spec(e), **admin(e)), wrap=lambda _server: broken(e.crm.admin), connections=1)
    assert report.exit_code == ExitCode.PARTLY
    again = e.resume(report.run.id, **admin(e))
    assert (again.exit_code, again.left) == (ExitCode.DONE, ())
    assert e.column(level(e)) == ["Bajo"] * 4
    assert e.changes(spec(e)) == []
    assert e.undo(report.run.id, **admin(e)).exit_code == ExitCode.DONE
    assert e.state() == first
    assert known(e, level(e), visits(e)) == {}
