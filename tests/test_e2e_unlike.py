"""A database that is not like the demo: record rules, companies and currencies, fields that a client made or changed,
stages put away, teams of nobody. One database for all of it, in which each test takes back what it sets up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from segmenter.behaviours.assignment import COMPANY_FOLLOWS_SALESPERSON_SINCE
from segmenter.checking.preflight import preflight
from segmenter.errors import ExitCode, SpecError
from segmenter.ledger import open_ledger
from segmenter.odoo.server import Server
from segmenter.plans import Plan
from tests.support.engagement import ANA, Crm, Embedded, Engagement, Live
from tests.support.fakes import Recording
from tests.support.versions import LIVE
from tests.support.words import sentences

FIELDS = "ir.model.fields"


class Unlike(Live):
    """A database of its own: what these tests change is the whole CRM's."""

    purpose = "unlike"


class Wide(Live):
    """One whose leads have many fields."""

    purpose = "wide"


@pytest.fixture(scope="module")
def crms() -> Callable[[str], Crm]:
    return cache(lambda version: Embedded() if version == "embedded" else Unlike(version))


@pytest.fixture
def live(live_version: str, crms: Callable[[str], Crm], tmp_path: Path) -> Iterator[Engagement]:
    """What the CRM in memory has not: rules of a client's own, people of several companies."""
    yield from _engagement(crms(live_version), tmp_path)


@pytest.fixture(params=LIVE)
def live_version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["embedded", *LIVE])
def e(request: pytest.FixtureRequest, crms: Callable[[str], Crm], tmp_path: Path) -> Iterator[Engagement]:
    yield from _engagement(crms(request.param), tmp_path)


def _engagement(crm: Crm, folder: Path) -> Iterator[Engagement]:
    with open_ledger(folder / "ledger.db") as ledger:
        yield Engagement(crm, ledger)


def stays(e: Engagement) -> bool:
    """Whether a lead keeps its company whatever is written."""
    return e.crm.admin.identity.major < COMPANY_FOLLOWS_SALESPERSON_SINCE


def one(when: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """A segment that takes what the condition says, or all, and sets these."""
    return {"name": "Caso", "segments": [{"name": "A", "when": when or {"name": {"empty": False}}, "set": values}]}


def make_field(e: Engagement, name: str, label: str, kind: str, model: str = "crm.lead", **more: Any) -> int:
    """A field that the client made by hand, in Studio or with a module of its own."""
    (model_id,) = e.crm.ids("ir.model", [["model", "=", model]])
    about = {"model_id": model_id, "name": name, "field_description": label, "ttype": kind, "state": "manual"}
    return e.crm.create(FIELDS, {**about, **more})[0]


@contextmanager
def fields(e: Engagement, *made: tuple[str, str, str], model: str = "crm.lead") -> Iterator[list[int]]:
    """Fields by name, label and type, for a while."""
    ids = [make_field(e, *about, model=model) for about in made]
    try:
        yield ids
    finally:
        e.crm.call(FIELDS, "unlink", ids)


def problems(e: Engagement, *segmentations: Mapping[str, Any], **top: Any) -> list[tuple[str, str]]:
    """What is wrong with a spec on this CRM: where in the file, and what."""
    with pytest.raises(SpecError) as caught:
        e.draft(e.spec(*segmentations, **top))
    return [(problem.place.split(":")[1], problem.what) for problem in caught.value.problems]


def applied(e: Engagement, plan: Plan) -> str:
    report = e.apply(plan)
    assert (report.exit_code, report.left) == (ExitCode.DONE, ()), (report.error, report.left)
    return report.run.id


def and_back(e: Engagement, run: str, first: Mapping[int, Any]) -> None:
    """An undo leaves nothing, and every field is as it was."""
    back = e.undo(run)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ()), (back.error, back.left)
    assert e.state() == first


# Record rules


@contextmanager
def rule(e: Engagement, domain: str) -> Iterator[None]:
    (model_id,) = e.crm.ids("ir.model", [["model", "=", "crm.lead"]])
    (made,) = e.crm.create("ir.rule", {"name": e.tag("Regla"), "model_id": model_id, "domain_force": domain})
    try:
        yield
    finally:
        e.crm.call("ir.rule", "unlink", [made])


def test_what_a_record_rule_hides_is_not_in_the_scope_and_no_work_user_may_see_why(live: Engagement) -> None:
    e = live
    e.make_leads(6, city=lambda n: "Lima" if n < 2 else "Santiago")
    first, spec = e.state(), e.spec(one(priority=3))
    with rule(e, f"['|', ('referred', '!=', '{e.mark}'), ('city', '!=', 'Lima')]"):
        plan = e.plan(spec)
        reader, catalog, _clock = e.look(spec, e.crm.connect())
        told = [finding.text for finding in preflight(spec, reader, catalog) if finding.topic == "rules"]
        assert e.undo(applied(e, plan)).left == ()
    assert (plan.counts.scope_count, e.state()) == (4, first)
    assert [reader.may(model, "read") for model in ("ir.rule", "ir.model.access")] == [False, False]
    assert told == ["A record rule of the client's own may hide more records: only an administrator of Odoo can tell"]
    expected = e.plan(e.spec(one(priority=3), scope={**scope(e), "expect": 6}))
    assert (expected.counts.scope_count, expected.counts.scope_met) == (6, True)


def scope(e: Engagement) -> dict[str, Any]:
    return {"model": "crm.lead", "where": {"referred": e.mark}}


def test_leads_that_are_hidden_after_the_plan_are_left_by_name(live: Engagement) -> None:
    e = live
    e.make_leads(5, city=lambda n: "Lima" if n == 0 else "Santiago", priority="0")
    plan = e.plan(e.spec(one(priority=3)))
    with rule(e, f"['|', ('referred', '!=', '{e.mark}'), ('city', '!=', 'Lima')]"):
        report = e.apply(plan)
        assert (report.exit_code, report.counts) == (ExitCode.STALE, {"applied": 4, "missing": 1})
        assert [(left.name, left.outcome) for left in report.left] == [(f"{e.mark} lead 0000", "missing")]
    assert e.column("priority") == ["0", "3", "3", "3", "3"]
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.column("priority") == ["0"] * 5


# Companies and currencies


@contextmanager
def branch(e: Engagement, *works: str, currency: int | None = None) -> Iterator[tuple[int, int]]:
    """The main company and another one. ``works``: kinds of work user who work in both, for a while."""
    (main,) = e.crm.find("res.company", [], ["currency_id"])[:1]
    (partner,) = e.crm.create("res.partner", {"name": e.tag("Sucursal")})
    about = {"name": e.tag("Sucursal"), "currency_id": currency or main["currency_id"], "partner_id": partner}
    (other,) = e.crm.create("res.company", about)
    people = [2, *(e.crm.people[login] for login in works)] if isinstance(e.crm, Live) else []
    for person in people:
        e.crm.write("res.users", [person], company_ids=[[6, 0, [main["id"], other]]])
    try:
        yield main["id"], other
    finally:
        e.crm.write("crm.lead", e.leads, active=False)
        for person in people[1:]:
            e.crm.write("res.users", [person], company_ids=[[6, 0, [main["id"]]]])


def work_user(e: Engagement) -> str:
    uid = e.crm.connect().identity.uid
    return next(login for login, person in e.crm.people.items() if person == uid)


def test_a_team_of_another_company_takes_its_leads_along(e: Engagement) -> None:
    with branch(e, work_user(e), ANA) as (main, other):
        (team,) = e.crm.create("crm.team", {"name": e.tag("Sucursal"), "company_id": other})
        (anybodys,) = e.crm.create("crm.team", {"name": e.tag("Todas"), "company_id": False})
        ana = e.crm.people[ANA]
        e.make_leads(
            6,
            user_id=lambda n: ana if n < 2 else False,
            team_id=lambda n: anybodys if n % 2 else False,
            company_id=lambda n: False if n == 5 and not stays(e) else main,
        )
        first = e.state()
        plan = e.plan(e.spec(one(team_id=e.tag("Sucursal"))))
        said = f"6 leads go to the company {e.tag('Sucursal')}, which is their new team's; an undo gives them their own"
        assert any(said in sentence for sentence in sentences(plan.side_effects)) is not stays(e)
        run = applied(e, plan)
        assert e.column("company_id") == ([main] * 6 if stays(e) else [other] * 6)
        assert set(e.column("team_id")) == {team}
        and_back(e, run, first)


def test_a_company_that_somebody_chose_stays_with_the_lead_that_gets_a_person_and_is_left_again(e: Engagement) -> None:
    with branch(e, work_user(e), ANA) as (main, other):
        e.make_leads(4, user_id=False, team_id=False, type="lead", company_id=lambda n: other if n % 2 else main)
        first, held = e.state(), [main, other] * 2
        given = {"name": "A", "when": {"name": {"ends_with": "1"}}, "set": {"user_id": {"assign": [ANA]}}}
        taken = {"name": "B", "when": {"name": {"empty": False}}, "convert": {"customer": "none"}}
        plan = e.plan(e.spec({"name": "Caso", "segments": [given, taken]}))
        run = applied(e, plan)
        assert e.column("company_id") == held
        back = e.undo(run)
        assert (back.exit_code, e.column("company_id"), e.column("user_id")) == (ExitCode.DONE, held, [False] * 4)
        assert e.state().keys() == first.keys()


def test_a_work_user_of_one_company_sees_nothing_of_the_other(live: Engagement) -> None:
    e = live
    with branch(e, ANA) as (main, other):
        (team,) = e.crm.create("crm.team", {"name": e.tag("Sucursal"), "company_id": other})
        e.make_leads(
            4, user_id=False, team_id=lambda n: team if n < 3 else False, company_id=lambda n: other if n < 3 else main
        )
        assert e.plan(e.spec(one(priority=3))).counts.scope_count == 1
        (line, what) = problems(e, one(team_id=e.tag("Sucursal")))[0]
        assert e.tag("Sucursal") in what
        assert int(line) > 1
        # Tags are of no company.
        run = applied(e, e.plan(e.spec(e.levels())))
        assert e.undo(run).exit_code == ExitCode.DONE


def test_a_stage_of_the_team_of_another_company(e: Engagement) -> None:
    """Written as the spec says, with a word of `check`: the leads' own team does not have it."""
    with branch(e, work_user(e)) as (_main, other):
        (team,) = e.crm.create("crm.team", {"name": e.tag("Sucursal"), "company_id": other})
        several = "team_ids" in e.crm.call("crm.stage", "fields_get", [], ["type"])
        own = {"team_ids": [[6, 0, [team]]]} if several else {"team_id": team}
        (stage,) = e.crm.create("crm.stage", {"name": e.tag("De sucursal"), "sequence": 70, **own})
        e.make_leads(3, user_id=False, team_id=e.crm.teams["Ventas Europa"], stage_id=e.crm.stages["Nueva"])
        first, spec = e.state(), e.spec(one(stage_id=e.tag("De sucursal")))
        reader, catalog, _clock = e.look(spec, e.crm.connect())
        told = [finding.text for finding in preflight(spec, reader, catalog) if finding.topic == "stages"]
        assert told == [f"The stage {e.tag('De sucursal')} is of other teams than 3 records of the scope"]
        run = applied(e, e.plan(spec))
        assert e.column("stage_id") == [stage] * 3
        and_back(e, run, first)


def test_another_main_currency_and_leads_in_two(e: Engagement) -> None:
    (peso,) = e.crm.ids("res.currency", [["name", "=", "UYU"]]) or e.crm.create(
        "res.currency", {"name": "UYU", "symbol": "$U"}
    )
    e.crm.write("res.currency", [peso], active=True)
    (main,) = e.crm.find("res.company", [], ["currency_id"])[:1]
    before = main["currency_id"]
    e.crm.write("res.company", [main["id"]], currency_id=peso)
    try:
        with branch(e, work_user(e), currency=before) as (home, other):
            e.make_leads(
                5, user_id=False, team_id=False, company_id=lambda n: other if n > 2 else home, expected_revenue=100
            )
            plain = e.spec(e.levels(), scope={"model": "crm.lead", "where": {"referred": e.mark, "company_id": home}})
            assert e.plan(plain).counts.currency == "UYU"
            several = e.plan(e.spec(e.levels()))
            assert any("UYU (3 records)" in sentence for sentence in sentences(several.warnings))
            assert several.counts.currency == ""
            priced = {"expected_revenue": {">=": 50, "in": "UYU"}}
            run = applied(e, e.plan(e.spec(one(priced, priority=3))))
            assert e.column("priority")[:3] == ["3"] * 3
            assert e.undo(run).exit_code == ExitCode.DONE
            e.crm.write("res.company", [other], currency_id=peso)
    finally:
        e.crm.write("res.company", [main["id"]], currency_id=before)


# Fields


def test_a_field_that_a_client_made_required_is_not_emptied(live: Engagement) -> None:
    e = live
    with fields(e, ("x_studio_rubro", "Rubro", "char")) as (rubro,):
        e.make_leads(3, x_studio_rubro="Hoteles")
        if isinstance(e.crm, Live):
            # Odoo holds all leads to it, and the demo's have none.
            e.crm.write("crm.lead", e.crm.ids("crm.lead", [["x_studio_rubro", "=", False]]), x_studio_rubro="-")
        e.crm.write(FIELDS, [rubro], required=True)
        first = e.state()
        (line, what), *rest = problems(e, one(x_studio_rubro=None))
        assert (what, rest) == ("x_studio_rubro (Rubro) is required in this Odoo: no record may be without it", [])
        assert int(line) > 1
        run = applied(e, e.plan(e.spec(one(x_studio_rubro="Viveros"))))
        assert e.column("x_studio_rubro") == ["Viveros"] * 3
        and_back(e, run, first)
        e.crm.write(FIELDS, [rubro], required=False)
        run = applied(e, e.plan(e.spec(one(x_studio_rubro=None))))
        and_back(e, run, first)


def test_a_field_of_odoo_that_is_required_is_not_emptied_either(e: Engagement) -> None:
    e.make_leads(1)
    ((_line, what),) = problems(e, one(name=None))
    assert what.startswith("name (")
    assert what.endswith("is required in this Odoo: no record may be without it")


def test_a_field_that_a_client_made_readonly_or_called_otherwise(live: Engagement) -> None:
    e = live
    with fields(e, ("x_studio_zona", "Zona", "char")) as (zona,):
        e.make_leads(2, x_studio_zona="Sur")
        e.crm.write(FIELDS, [zona], field_description="Comarca")
        first, plan = e.state(), e.plan(e.spec(one(x_studio_zona="Norte")))
        assert plan.names.labels["x_studio_zona"] == "Comarca"
        and_back(e, applied(e, plan), first)
        # Its label in place of its name is answered by the name.
        with pytest.raises(SpecError) as caught:
            e.draft(e.spec(one({"Comarca": "Sur"}, priority=3)))
        assert "x_studio_zona" in caught.value.problems[0].todo
        e.crm.write(FIELDS, [zona], readonly=True)
        ((_line, what),) = problems(e, one(x_studio_zona="Norte"))
        assert what.startswith("x_studio_zona is ")


def test_fields_of_studio_are_asked_written_and_given_back(e: Engagement) -> None:
    made = (
        ("x_studio_clase", "Clase", "char"),
        ("x_studio_monto", "Monto", "float"),
        ("x_studio_visita", "Visita", "date"),
        ("x_studio_vip", "VIP", "boolean"),
        ("x_studio_notas", "Notas", "text"),
    )
    with fields(e, *made):
        e.make_leads(
            6,
            x_studio_monto=lambda n: n * 100.5,
            x_studio_visita=lambda n: (False, "2026-03-01")[n % 2],
            x_studio_clase=lambda n: (False, "Vieja", "Alta")[n % 3],
        )
        first = e.state()
        segments = [
            {
                "name": "Alta",
                "when": {"x_studio_monto": {">=": 300}, "x_studio_visita": {"empty": False}},
                "set": {"x_studio_vip": True, "x_studio_notas": "De la reunión", "x_studio_visita": "2027-01-31"},
            },
            {"name": "Media", "when": {"x_studio_monto": {">": 0}}},
        ]
        clase = {"name": "Clase", "store": {"field": "x_studio_clase"}, "segments": segments}
        spec = e.spec({**clase, "default": {"name": "Baja"}})
        run = applied(e, e.plan(spec))
        assert e.column("x_studio_clase") == ["Baja", "Media", "Media", "Alta", "Media", "Alta"]
        assert e.column("x_studio_vip") == [False, False, False, True, False, True]
        and_back(e, run, first)


@pytest.fixture(params=["embedded", *LIVE])
def wide(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engagement]:
    yield from _engagement(Embedded() if request.param == "embedded" else Wide(request.param), tmp_path)


def test_300_custom_fields_change_neither_a_plan_nor_its_number_of_calls(wide: Engagement) -> None:
    e = wide
    e.make_leads(4)
    calls = asked(e)
    make_many_fields(e, 300)
    assert asked(e) == calls
    e.crm.write("crm.lead", e.leads[:1], x_studio_campo_300="Sí")
    first = e.state()
    plan = e.plan(e.spec(one({"x_studio_campo_300": "Sí"}, x_studio_campo_001="Primero")))
    run = applied(e, plan)
    assert e.column("x_studio_campo_001") == ["Primero", False, False, False]
    and_back(e, run, first)


def make_many_fields(e: Engagement, number: int) -> None:
    """x_studio_campo_001 and on. A real Odoo takes seconds over each, and over the last one alone where it finds the
    others in its table: it then makes all columns that are missing."""
    names = [f"x_studio_campo_{n:03}" for n in range(1, number + 1)]
    if isinstance(e.crm, Live):
        major = e.crm.admin.identity.major
        label = "jsonb_build_object('en_US', made.name)" if major >= 16 else "made.name"
        rows = ", ".join(f"('{name}')" for name in names[:-1])
        e.crm.odoo.sql(
            "INSERT INTO ir_model_fields (model, model_id, name, field_description, ttype, state, store, copied) "
            f"SELECT model, ir_model.id, made.name, {label}, 'char', 'manual', true, true "
            f"FROM ir_model, (VALUES {rows}) AS made (name) WHERE model = 'crm.lead'",
            e.crm.database,
        )
        names = names[-1:]
    for name in names:
        make_field(e, name, name, "char")


def asked(e: Engagement) -> list[str]:
    """The calls of a plan of three tags."""
    made = list[Recording]()

    def wrap(server: Server) -> Server:
        made.append(Recording(server))
        return made[-1]

    e.draft(e.spec(e.levels()), wrap=wrap)
    return made[0].methods


# Stages and teams


def test_a_stage_that_a_module_of_the_client_archives(e: Engagement) -> None:
    """No stage of Odoo's own can be archived; a field of this name makes it possible."""
    with fields(e, ("x_active", "Activo", "boolean"), model="crm.stage"):
        e.crm.write("crm.stage", e.crm.ids("crm.stage", []), x_active=True)
        (old,) = e.crm.create("crm.stage", {"name": e.tag("Antigua"), "sequence": 80, "x_active": False})
        e.make_leads(4, stage_id=lambda n: old if n < 2 else e.crm.stages["Nueva"])
        said = f"{e.tag('Antigua')} (stage_id) is archived: Odoo shows it nowhere, nor its records in the pipeline"
        moved = one({"name": {"empty": False}}, stage_id={"to": e.tag("Antigua"), "from": ["Nueva"]})
        for spec in (one(stage_id=e.tag("Antigua")), one(stage_id=old), moved):
            assert [what for _line, what in problems(e, spec)] == [said]
        # Leads that are in it may be asked for, moved on, and come back.
        first = e.state()
        plan = e.plan(e.spec(one({"stage_id": e.tag("Antigua")}, stage_id="Calificado"), tracking="silent"))
        run = applied(e, plan)
        assert e.column("stage_id") == [e.crm.stages[name] for name in ("Calificado", "Calificado", "Nueva", "Nueva")]
        and_back(e, run, first)
        e.crm.write("crm.lead", e.leads, stage_id=e.crm.stages["Nueva"])
        e.crm.call("crm.stage", "unlink", [old])


def test_a_team_that_is_archived(e: Engagement) -> None:
    (old,) = e.crm.create("crm.team", {"name": e.tag("Antiguo"), "active": False})
    e.make_leads(2)
    said = f"{e.tag('Antiguo')} (team_id) is archived: Odoo shows it nowhere, nor its records in the pipeline"
    for team in (e.tag("Antiguo"), old):
        assert [what for _line, what in problems(e, one(team_id=team))] == [said]


def test_a_team_without_members(e: Engagement) -> None:
    (empty,) = e.crm.create("crm.team", {"name": e.tag("De nadie"), "member_ids": [[6, 0, []]]})
    e.make_leads(4, user_id=False, team_id=lambda n: empty if n < 2 else e.crm.teams["Ventas Cono Sur"])
    first = e.state()
    run = applied(e, e.plan(e.spec(one(user_id={"assign": [ANA]}))))
    assert e.column("team_id") == [empty] * 2 + [e.crm.teams["Ventas Cono Sur"]] * 2, "Odoo would give them Ana's"
    and_back(e, run, first)
    run = applied(e, e.plan(e.spec(one(team_id=e.tag("De nadie")))))
    assert (e.column("team_id"), e.column("user_id")) == ([empty] * 4, [False] * 4)
    and_back(e, run, first)
