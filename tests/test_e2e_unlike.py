"""A database that is not like the demo: fields that a client made required, stages and teams that are put away.

One database for all of it, in which each test takes back what it sets up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import ExitCode, SpecError
from segmenter.ledger import open_ledger
from segmenter.plans import Plan
from tests.support.engagement import Crm, Embedded, Engagement, Live
from tests.support.versions import LIVE

FIELDS = "ir.model.fields"


class Unlike(Live):
    """A database of its own: what these tests change is the whole CRM's."""

    purpose = "unlike"


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
