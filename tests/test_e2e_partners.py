"""Contacts as leads: categories in a tree, archived ones, contacts that follow their company, salespeople."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import ExitCode, SpecError
from segmenter.ledger import open_ledger
from segmenter.resolving.explain import explain
from segmenter.spec.model import Spec
from tests.support.engagement import ANA, LUIS, Crm, Engagement
from tests.support.fakes import Recording
from tests.support.words import criteria, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]

CATEGORY = "res.partner.category"


def contacts(e: Engagement, *rows: Mapping[str, Any]) -> list[int]:
    """Contacts of this test's own: one whose ``parent_id`` is a number belongs to the contact of that position."""
    made: list[int] = []
    for row in rows:
        parent = row.get("parent_id")
        values = row if parent is None else {**row, "parent_id": made[parent]}
        made += e.crm.create("res.partner", {"ref": e.mark, **values})
    return made


def kinds(e: Engagement, *segments: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Tipo", "store": {"categories": "exclusive"}, "segments": list(segments), **more}


def about_contacts(e: Engagement, *segmentations: Mapping[str, Any], **top: Any) -> Spec:
    return e.spec(*segmentations, **{"scope": {"model": "res.partner", "where": {"ref": e.mark}}} | top)


def paths(e: Engagement, ids: list[int]) -> list[list[str]]:
    """The categories of each contact, archived ones too, by their paths without this test's mark."""
    called = {row["id"]: row["display_name"] for row in e.crm.find(CATEGORY, [], ["display_name"])}
    rows = e.crm.find("res.partner", [["id", "in", ids]], ["category_id"])
    return [sorted(called[one].replace(f"{e.mark} ", "") for one in row["category_id"]) for row in rows]


def as_administrator(e: Engagement) -> Any:
    """Categories are deleted by those who may: neither salespeople nor their managers."""
    return lambda _server: e.crm.admin


def test_a_category_is_made_below_its_parent_and_unmade_before_it(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, {"name": "Hotel", "function": "h"}, {"name": "Vivero", "function": "v"}, {"name": "Otro"})
    top = e.tag("Cliente")
    spec = about_contacts(
        e,
        kinds(
            e,
            {"name": f"{top} / Rubro / Hoteles", "color": "azul", "when": {"function": "h"}},
            {"name": top, "color": "verde", "when": {"function": "v"}},
        ),
        filters="shared",
    )
    plan = e.plan(spec)
    assert [(one.name, one.creates) for one in plan.config if one.model == CATEGORY] == [
        (top, True),
        (f"{top} / Rubro", True),
        (f"{top} / Rubro / Hoteles", True),
    ]
    report = e.apply(plan)
    assert report.exit_code == ExitCode.DONE
    assert paths(e, ids) == [["Cliente / Rubro / Hoteles"], ["Cliente"], []]
    made = e.crm.find(CATEGORY, [["name", "in", [top, "Hoteles"]]], ["name", "color", "parent_id"])
    assert {row["name"]: (row["color"], bool(row["parent_id"])) for row in made} == {
        top: (10, False),
        "Hoteles": (7, True),
    }
    assert e.changes(spec) == []
    back = e.undo(report.run.id, wrap=as_administrator(e))
    assert (back.exit_code, back.left, back.kept) == (ExitCode.DONE, (), ())
    assert paths(e, ids) == [[], [], []]
    assert e.crm.ids(CATEGORY, [["id", "in", [row["id"] for row in made]]]) == []


def test_a_category_of_ours_under_which_people_made_another_is_not_deleted_by_undo(engagement: Engagement) -> None:
    e = engagement
    contacts(e, {"name": "Hotel"})
    report = e.apply(e.plan(about_contacts(e, kinds(e, {"name": e.tag("Cliente"), "when": {"name": "Hotel"}}))))
    (ours,) = e.crm.ids(CATEGORY, [["name", "=", e.tag("Cliente")]])
    (theirs,) = e.crm.create(CATEGORY, {"name": e.tag("de ellos"), "parent_id": ours})
    back = e.undo(report.run.id, wrap=as_administrator(e))
    assert [(one.name, one.detail) for one in back.left] == [(e.tag("Cliente"), "1 record still uses it")]
    assert e.crm.ids(CATEGORY, [["id", "in", [ours, theirs]]]) == [ours, theirs]


def test_equal_names_are_told_apart_by_their_path(engagement: Engagement) -> None:
    e = engagement
    (hotel,) = contacts(e, {"name": "Hotel"})
    tops = [e.make_tag(name, model=CATEGORY) for name in ("Cliente", "Proveedor")]
    children = e.crm.create(CATEGORY, *({"name": e.tag("Hoteles"), "parent_id": top, "color": 1} for top in tops))

    def tagged(name: str) -> Spec:
        return about_contacts(e, kinds(e, {"name": "Sí", "value": name, "when": {"name": "Hotel"}}))

    with pytest.raises(SpecError) as refused:
        e.plan(tagged(e.tag("Hoteles")))
    (problem,) = refused.value.problems
    assert "ambiguous" in problem.what
    assert f"{e.tag('Cliente')} / {e.tag('Hoteles')} (id {children[0]})" in problem.what
    assert "whole path" in problem.todo

    path = f"{e.tag('Proveedor')} / {e.tag('Hoteles')}"
    plan = e.plan(tagged(path))
    assert plan.config == ()
    e.apply(plan)
    assert paths(e, [hotel]) == [["Proveedor / Hoteles"]]
    under = {"name": "Abajo", "when": {"category_id": {"under": e.tag("Proveedor")}}}
    found = [e.plan(about_contacts(e, kinds(e, {**under, "value": path, "name": n}))) for n in ("a",)]
    assert [one.counts.segments[0].taken for one in found] == [1]


def test_a_parent_that_looks_like_a_slip_is_no_new_parent(engagement: Engagement) -> None:
    e = engagement
    e.make_tag("Cliente", model=CATEGORY)
    e.make_tag("Zona 1", model=CATEGORY)
    hotels = {"name": "Sí", "when": {"name": "Hotel"}}
    with pytest.raises(SpecError) as refused:
        e.plan(about_contacts(e, kinds(e, {**hotels, "value": f"{e.tag('Clientes')} / Hoteles"})))
    assert f"did you mean “{e.tag('Cliente')}”" in refused.value.problems[0].todo
    # A number makes another name, and not a slip.
    plan = e.plan(about_contacts(e, kinds(e, {**hotels, "value": f"{e.tag('Zona 2')} / Hoteles"})))
    assert [one.name for one in plan.config] == [e.tag("Zona 2"), f"{e.tag('Zona 2')} / Hoteles"]
    with pytest.raises(SpecError, match="A name is missing in the path"):
        e.plan(about_contacts(e, kinds(e, {**hotels, "value": f"{e.tag('Zona 1')} /  / Hoteles"})))


def test_two_names_of_one_category_are_refused(engagement: Engagement) -> None:
    e = engagement
    top = e.make_tag("Cliente", model=CATEGORY)
    e.crm.create(CATEGORY, {"name": e.tag("Hoteles"), "parent_id": top})
    spec = about_contacts(
        e,
        kinds(
            e,
            {"name": e.tag("Hoteles"), "when": {"name": "Hotel"}},
            {"name": f"{e.tag('Cliente')} / {e.tag('Hoteles')}", "when": {"name": "Vivero"}},
        ),
    )
    with pytest.raises(SpecError, match="are one and the same tag"):
        e.plan(spec)


def test_an_archived_category_is_taken_away_and_given_back(engagement: Engagement) -> None:
    e = engagement
    archived, hand = e.make_tag("viejo", model=CATEGORY), e.make_tag("a mano", model=CATEGORY)
    ids = contacts(e, {"name": "Hotel", "category_id": [[6, 0, [archived, hand]]]}, {"name": "Vivero"})
    e.crm.write(CATEGORY, [archived, hand], active=False)
    first = e.state("res.partner", ids)
    segment = {"name": "Sí", "when": {"name": "Hotel"}, "set": {"category_id": {"remove": [e.tag("viejo")]}}}
    spec = about_contacts(e, {"name": "Limpieza", "segments": [segment]})
    report = e.apply(e.plan(spec))
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 1})
    assert paths(e, ids) == [["a mano"], []]
    assert e.changes(spec) == []
    assert e.undo(report.run.id).counts == {"applied": 1}
    assert e.state("res.partner", ids) == first


def test_a_category_that_somebody_archives_after_the_apply_is_undone_too(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, {"name": "Hotel"}, {"name": "Vivero"})
    e.make_tag("Hotel", model=CATEGORY)
    first = e.state("res.partner", ids)
    spec = about_contacts(e, kinds(e, {"name": e.tag("Hotel"), "when": {"name": "Hotel"}}))
    report = e.apply(e.plan(spec))
    (category,) = e.crm.ids(CATEGORY, [["name", "=", e.tag("Hotel")]])
    e.crm.write(CATEGORY, [category], active=False)
    assert e.undo(report.run.id).counts == {"applied": 1}
    assert e.state("res.partner", ids) == first


def test_an_archived_category_that_the_spec_gives_comes_out_of_the_archive_and_goes_back(
    engagement: Engagement,
) -> None:
    e = engagement
    ids = contacts(e, {"name": "Hotel"})
    category = e.make_tag("Hotel", model=CATEGORY, color=4)
    e.crm.write(CATEGORY, [category], active=False)
    spec = about_contacts(e, kinds(e, {"name": e.tag("Hotel"), "color": 4, "when": {"name": "Hotel"}}))
    plan = e.plan(spec)
    assert [(one.id, one.before, one.after) for one in plan.config] == [(category, {"active": False}, {"active": True})]
    report = e.apply(plan)
    assert paths(e, ids) == [["Hotel"]]
    assert e.crm.find(CATEGORY, [["id", "=", category]], ["active"])[0]["active"]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert paths(e, ids) == [[]]
    assert not e.crm.find(CATEGORY, [["id", "=", category]], ["active"])[0]["active"]


COMPANIES = (
    {"name": "Hotel Sol", "is_company": True, "city": "Lima", "function": "hotel"},
    {"name": "Rosa", "parent_id": 0, "function": "jefa", "type": "other", "city": "Santiago"},
    {
        "name": "Sol Norte",
        "parent_id": 0,
        "is_company": True,
        "city": "Cusco",
        "type": "other",
    },  # a company below a company
    {"name": "Pedro", "parent_id": 2},
    {"name": "Suelto", "city": "Lima", "function": "hotelero"},  # of no company: his own
    {"name": "Nadie"},
)


def follow(e: Engagement, when: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    segment = {"name": e.tag("Sí"), "when": when, **more}
    return {**kinds(e, segment), "include_contacts": True, "default": {"name": e.tag("No")}}


ASKED_OF_COMPANIES: tuple[tuple[dict[str, Any], list[bool]], ...] = (
    # Which of `COMPANIES` a condition takes when it is asked of their companies.
    ({"city": "Lima"}, [True, True, False, False, True, False]),
    ({"city": {"not": "Lima"}}, [False, False, True, True, False, True]),
    ({"not": {"city": "Lima"}}, [False, False, True, True, False, True]),
    ({"city": {"empty": True}}, [False, False, False, False, False, True]),
    ({"function": {"starts_with": "hotel"}}, [True, True, False, False, True, False]),
    ({"not": {"function": {"starts_with": "hotel"}}}, [False, False, True, True, False, True]),
    ({"not": {"name": {"ends_with": "Sol"}}}, [False, False, True, True, True, True]),
    ({"is_company": True}, [True, True, True, True, False, False]),
    ({"parent_id": {"empty": False}}, [False, False, True, True, False, False]),
    ({"domain": [["city", "!=", "Lima"]]}, [False, False, True, True, False, True]),
    ({"domain": ["|", ["city", "=", "Cusco"], ["name", "ilike", "nad"]]}, [False, False, True, True, False, True]),
    ({"any": [{"city": "Cusco"}, {"function": "hotel"}]}, [True, True, True, True, False, False]),
)


def test_contacts_follow_their_company(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, *COMPANIES)
    asked = [
        {
            "name": f"Pregunta {n}",
            "store": {"categories": "exclusive"},
            "include_contacts": True,
            "segments": [{"name": e.tag(f"sí {n}"), "when": when}],
        }
        for n, (when, _taken) in enumerate(ASKED_OF_COMPANIES)
    ]
    spec = about_contacts(e, *asked)
    e.apply(e.plan(spec))
    expected = [
        sorted(f"sí {n}" for n, (_when, taken) in enumerate(ASKED_OF_COMPANIES) if taken[position])
        for position in range(len(ids))
    ]
    assert paths(e, ids) == expected
    # Explained the same way.
    for record in ids:
        told = explain(spec, record, *e.look(spec, e.crm.connect())).segmentations
        taken = sorted(one.segment for _name, (one,) in told if one.takes)
        assert taken == [e.tag(name) for name in expected[ids.index(record)]]


def test_contacts_that_follow_are_told_so_cost_one_search_a_segment_and_come_back(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, *COMPANIES)
    first = e.state("res.partner", ids)
    spec = about_contacts(e, follow(e, {"city": "Lima"}, color=3))
    report = e.apply(e.plan(spec))
    assert paths(e, ids) == [["Sí"], ["Sí"], ["No"], ["No"], ["Sí"], ["No"]]
    calls: list[Recording] = []

    def recorded(server: Any) -> Recording:
        calls.append(Recording(server))
        return calls[-1]

    plan = e.plan(spec, wrap=recorded)
    assert (plan.counts.tally.records, plan.counts.segments[0].taken) == (0, 3)
    assert criteria(plan).endswith("of the company: Lima")
    asked = Counter(method for model, method, _args, _kw in calls[0].calls if model == "res.partner")
    assert asked["search"] == 3  # the scope, the segment, which records are out of place
    # Hotel Sol moves, and Rosa with it.
    e.crm.write("res.partner", ids[:1], city="Cusco")
    assert {change.record for change in e.changes(spec)} == set(ids[:2])
    e.crm.write("res.partner", ids[:1], city="Lima")
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state("res.partner", ids) == first


def test_an_example_without_a_company_is_its_own(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, *COMPANIES)
    examples = [
        {"given": {"name": "Nuevo", "city": "Lima"}, "expect": {"Tipo": e.tag("Sí")}},
        {"given": {"name": "Nuevo", "city": "Cusco", "parent_id.city": "Lima"}, "expect": {"Tipo": e.tag("Sí")}},
        {
            "given": {"is_company": True, "city": "Cusco", "parent_id.city": "Lima"},
            "expect": {"Tipo": e.tag("No")},
        },
        {"given": {"name": "Nuevo", "commercial_partner_id.city": "Cusco"}, "expect": {"Tipo": e.tag("No")}},
        {"record": ids[1], "expect": {"Tipo": e.tag("Sí")}},
    ]
    plan = e.plan(about_contacts(e, follow(e, {"city": "Lima"}), examples=examples))
    assert [one.met for one in plan.examples] == [True] * 5


def test_a_company_and_its_contacts_get_one_salesperson_in_silence(engagement: Engagement) -> None:
    e = engagement
    ids = contacts(e, *COMPANIES)
    first = e.state("res.partner", ids)
    gift = {"user_id": {"assign": ANA, "only_if_empty": False}}
    lima = {"name": "Lima", "when": {"city": "Lima"}, "set": gift}
    spec = about_contacts(e, {"name": "Cartera", "include_contacts": True, "segments": [lima]})
    report = e.apply(e.plan(spec))
    held = [row["user_id"] for row in e.crm.find("res.partner", [["id", "in", ids]], ["user_id"])]
    assert [one == e.crm.people[ANA] for one in held] == [True, True, False, False, True, False]
    assert e.changes(spec) == []
    e.undo(report.run.id)
    assert e.state("res.partner", ids) == first


@pytest.mark.parametrize("tracking", ["silent", "keep"])
def test_giving_contacts_to_somebody_else_sends_no_mail(live_crm: Crm, tmp_path: Path, tracking: str) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(live_crm, ledger)
        *ours, last = contacts(e, *({"name": f"Contacto {n}"} for n in range(31)))

        def traces() -> tuple[list[int], list[int]]:
            """Mails and notifications; followers and notes of these contacts."""
            of_ours = [["res_id", "in", [*ours, last]]]
            sent = [len(e.crm.ids(model, [])) for model in ("mail.mail", "mail.notification")]
            about = (("mail.followers", "res_model"), ("mail.message", "model"))
            return sent, [len(e.crm.ids(model, [[field, "=", "res.partner"], *of_ours])) for model, field in about]

        before = traces()
        everybody = {"name": "Todos", "when": {"id": ours}, "set": {"user_id": {"assign": LUIS}}}
        plan = e.plan(about_contacts(e, {"name": "Reparto", "segments": [everybody]}, tracking=tracking))
        report = e.apply(plan)
        assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 30})
        noted = 0 if tracking == "silent" else 30
        assert traces() == (before[0], [before[1][0] + noted, before[1][1] + noted])
        assert any("become their followers" in one for one in sentences(plan.side_effects)) == bool(noted)
        assert any("noted in their message history" in one for one in sentences(plan.side_effects)) == bool(noted)
        # The same write as an ordinary client makes it: this server does send mail.
        write = [[last], {"user_id": e.crm.people[LUIS]}]
        e.crm.connect("all").execute_kw("res.partner", "write", write, {"context": {}})
        assert traces()[0] != before[0]
