"""A number has one meaning wherever a record is named: the id of one that there is. A text is always a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from segmenter.errors import SpecError
from segmenter.resolving.resolve import survey
from segmenter.spec.model import Spec
from tests.support.engagement import ANA, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]

NOBODY = 2_000_000_000
"""An id that no record has."""


def segment(**more: Any) -> dict[str, Any]:
    return {"name": "Todos", "when": {"expected_revenue": {">=": 0}}, **more}


def embudo(e: Engagement, store: Any = None, **more: Any) -> Spec:
    return e.spec({"name": "Embudo", "segments": [segment(**more)], **({"store": store} if store else {})})


def protecting(e: Engagement, number: Any) -> Spec:
    return e.spec({"name": "Embudo", "segments": [segment(set={"priority": 3})]}, protect=[{"stage_id": number}])


def example(e: Engagement, number: Any) -> Spec:
    whole = [{"given": {"stage_id": number}, "expect": {"Embudo": "Todos"}}]
    return e.spec({"name": "Embudo", "segments": [segment(when={"stage_id": number})]}, examples=whole)


def of_stage(write: Callable[[Any], dict[str, Any]]) -> Callable[[Engagement, Any], Spec]:
    return lambda e, number: embudo(e, **write(number))


STAGES: dict[str, Callable[[Engagement, Any], Spec]] = {
    "when": of_stage(lambda number: {"when": {"stage_id": number}, "set": {"priority": 3}}),
    "when a list": of_stage(lambda number: {"when": {"stage_id": [number]}, "set": {"priority": 3}}),
    "set": of_stage(lambda number: {"set": {"stage_id": number}}),
    "to": of_stage(lambda number: {"set": {"stage_id": {"to": number}}}),
    "from": of_stage(lambda number: {"set": {"stage_id": {"to": "Ganado", "from": [number]}}}),
    "value in set": of_stage(lambda number: {"set": {"stage_id": {"value": number}}}),
    "store": lambda e, number: embudo(e, {"field": "stage_id"}, value=number),
    "protect": protecting,
    "example": example,
}


def problems(e: Engagement, spec: Spec) -> list[str]:
    """What a plan says of the spec, which `check` must say too."""
    with pytest.raises(SpecError) as caught:
        e.draft(spec)
    reader, catalog, clock = e.look(spec, e.crm.connect())
    checked = {problem.what for problem in survey(spec, reader, catalog, clock).problems}
    found = [(problem.what, problem.todo) for problem in caught.value.problems]
    assert checked >= {what for what, _todo in found if not spec.examples}
    return [f"{what}; {todo}" for what, todo in found]


@pytest.mark.parametrize("place", STAGES)
def test_a_number_is_the_id_of_a_stage_everywhere(engagement: Engagement, place: str) -> None:
    e = engagement
    e.make_leads(6)
    draft = e.draft(STAGES[place](e, e.crm.stages["Calificado"]))
    by_name = e.draft(STAGES[place](e, "Calificado"))
    assert draft.resolved.config == by_name.resolved.config == ()

    def told(one: Any) -> list[tuple[int, str, Any]]:
        return [(change.record, change.field, change.after) for change in one]

    assert told(draft) == told(by_name)
    one, other = draft.decision.portfolio, by_name.decision.portfolio
    assert (one.scope, one.protected) == (other.scope, other.protected)


@pytest.mark.parametrize("place", STAGES)
def test_an_id_that_no_stage_has_is_an_error_everywhere(engagement: Engagement, place: str) -> None:
    e = engagement
    for problem in problems(e, STAGES[place](e, NOBODY)):
        assert problem.startswith("A number is the id of a record, and no record of crm.stage (")
        assert problem.endswith(f") has the id {NOBODY}; write the name of a record, in quotes where it is a number")


@pytest.mark.parametrize("place", ["set", "to", "value in set", "store"])
def test_a_number_in_quotes_is_the_name_of_a_stage_that_the_plan_may_create(engagement: Engagement, place: str) -> None:
    e = engagement
    (change,) = e.draft(STAGES[place](e, str(NOBODY)), "manager").resolved.config
    assert (change.model, change.after["name"]) == ("crm.stage", str(NOBODY))


@pytest.mark.parametrize("place", ["when", "set", "to", "from", "store"])
def test_the_hint_leads_to_the_stage_that_is_called_a_number(engagement: Engagement, place: str) -> None:
    e = engagement
    name = str(NOBODY - 1 - e.crm.create("crm.stage", {"name": "uno"})[0])
    e.crm.create("crm.stage", {"name": name})
    for problem in problems(e, STAGES[place](e, int(name))):
        assert problem.endswith(f'; put it in quotes to mean the name of a record: "{name}"')
    assert e.draft(STAGES[place](e, name)).resolved.config == ()


@pytest.mark.parametrize(
    ("field", "model"),
    [("user_id", "res.users"), ("team_id", "crm.team"), ("source_id", "utm.source"), ("country_id", "res.country")],
)
@pytest.mark.parametrize("where", ["set", "store", "when"])
def test_other_relations_know_ids_that_exist_alone(engagement: Engagement, field: str, model: str, where: str) -> None:
    e = engagement
    there = e.crm.people[ANA] if field == "user_id" else e.crm.ids(model, [])[0]

    def spec(number: int) -> Spec:
        if where == "store":
            return embudo(e, {"field": field}, value=number)
        return embudo(e, **({"set": {field: number}} if where == "set" else {"when": {field: number}}))

    assert e.draft(spec(there)).resolved.config == ()
    (problem,) = problems(e, spec(NOBODY))
    assert f"no record of {model} (" in problem


def test_people_are_given_records_by_id_too(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(2, user_id=False)
    spec = embudo(e, set={"user_id": {"assign": [e.crm.people[ANA]]}})
    assert {change.after for change in e.draft(spec) if change.field == "user_id"} == {e.crm.people[ANA]}
    (problem,) = problems(e, embudo(e, set={"user_id": {"assign": [NOBODY]}}))
    assert "no record of res.users (" in problem


def test_a_tag_called_a_number(engagement: Engagement) -> None:
    e = engagement
    name = str(NOBODY - int(e.mark[1:]))
    (tag,) = e.crm.create("crm.tag", {"name": name})
    e.make_leads(2, tag_ids=[[6, 0, [tag]]])
    (problem,) = problems(e, embudo(e, when={"tag_ids": int(name)}))
    assert problem.endswith(f'put it in quotes to mean the name of a record: "{name}"')
    quoted = e.draft(embudo(e, when={"tag_ids": name}, set={"tag_ids": {"remove": [name]}}))
    assert [(change.before, change.after) for change in quoted] == [([tag], []), ([tag], [])]
    with pytest.raises(
        SpecError, match=f'A tag is given by its name, and {name} is a number; put it in quotes: "{name}"'
    ):
        embudo(e, set={"tag_ids": {"add": [int(name)]}})


@pytest.mark.parametrize("value", [2.5, 0, -3, True])
def test_what_can_be_no_id_is_no_name_either(engagement: Engagement, value: Any) -> None:
    e = engagement
    for place in ("when", "set", "store"):
        (problem,) = problems(e, STAGES[place](e, value))
        shown = "true" if value is True else f"id {json.dumps(value)}"
        assert shown in problem


@pytest.mark.parametrize("number", [2**31, 10**12, -(2**31) - 1])
def test_a_number_beyond_any_id_is_an_error_like_the_others(engagement: Engagement, number: int) -> None:
    """Contacts are asked for one by one, and the wire takes no such number."""
    e = engagement
    given = {"partner_id": {"value": number, "reaches_other_records": True}}
    for spec in (embudo(e, set=given), embudo(e, when={"partner_id": number})):
        (problem,) = problems(e, spec)
        assert f"has the id {number}; " in problem
