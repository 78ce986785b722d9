from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.cli.exported import names_of
from segmenter.spec import loads
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

RICH = (
    SPEC.replace(
        "set: {priority: 3}", "set: {stage_id: {to: Calificado, from: [Nuevo]}, user_id: {assign: [Ana Soto]}}"
    )
    .replace('{">=": 5000000}}', '{">=": 5000000}, source_id: [Feria], country_id.code: CL, user_id: {contains: x}}')
    .replace("limits:", "examples:\n  - {given: {name: X, source_id: Referido}, expect: {Nivel: Bajo}}\nlimits:")
)
EXPORT = """\
id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo
1,Hotel Sol,9000000,Nuevo,VIP,Baja,Oportunidad
2,Vivero Ñuñoa,1500000,Nuevo,"VIP,Medio",Baja,Oportunidad
3,Hotel Luna,0,Ganado,,Baja,Oportunidad
"""


def test_the_names_of_a_spec_are_told_by_model() -> None:
    assert names_of(loads(RICH, "v.yaml")) == {
        "crm.stage": ["Ganado", "Calificado", "Nuevo"],
        "utm.source": ["Feria", "Referido"],
        "res.users": ["Ana Soto"],
    }


@pytest.fixture
def export(desk: Desk) -> Path:
    file = desk.folder / "export.csv"
    file.write_text(EXPORT, "utf-8")
    return file


def test_a_plan_from_an_export(desk: Desk, export: Path) -> None:
    plan = desk.data("plan", "viveros.yaml", "--from", "export.csv")
    assert plan["source"] == "export"
    assert (plan["scope_count"], plan["protected"]) == (2, 1)
    changes = {(one["record"], one["field"]): one for one in plan["changes"]}
    assert changes[1, "tag_ids"]["after_text"] == "Alto"
    assert (2, "tag_ids") not in changes
    said = desk.done("plan", "viveros.yaml", "--from", "export.csv")
    assert "A plan of an export cannot be applied" in said.stderr
    assert "there is no server to write to" in desk.done("apply", "P1", "--yes", code=2).stderr


def test_a_plan_from_an_export_that_lacks_what_is_only_looked_at(desk: Desk, export: Path) -> None:
    """It moves stages and gives records, and the export has neither teams nor probabilities."""
    move = "set: {stage_id: {to: Calificado, from: [Nuevo]}, user_id: {assign: [Ana Soto], only_if_empty: true}}"
    desk.spec.write_text(SPEC.replace("set: {priority: 3}", move), "utf-8")
    export.write_text(EXPORT.replace("Tipo\n", "Tipo,Vendedor\n").replace("Oportunidad\n", "Oportunidad,\n"), "utf-8")
    plan = desk.data("plan", "viveros.yaml", "--from", "export.csv")
    found = {(one["record"], one["field"]): one["after_text"] for one in plan["changes"]}
    assert (found[1, "stage_id"], found[1, "user_id"]) == ("Calificado", "Ana Soto")
    said = desk.done("plan", "viveros.yaml", "--from", "export.csv").stdout
    assert "export.csv" in said
    assert "that probability" not in said


def test_whom_an_export_does_not_know_has_no_workload(desk: Desk, export: Path) -> None:
    """A spec says logins, an export shows names."""
    give = "set: {user_id: {assign: [Ana Soto, luis@viveros.example], only_if_empty: true}}"
    desk.spec.write_text(SPEC.replace("set: {priority: 3}", give), "utf-8")
    rows = EXPORT.replace("Tipo\n", "Tipo,Vendedor\n").replace("Oportunidad\n", "Oportunidad,Ana Soto\n")
    export.write_text(f"{rows}4,Hotel Mar,9000000,Nuevo,,Baja,Oportunidad,\n", "utf-8")
    plan = desk.data("plan", "viveros.yaml", "--from", "export.csv")
    assert plan["workload"] == {"Ana Soto": [2, 3]}
    (warning,) = (one for one in plan["warnings"] if "exported file" in one)
    assert "does not say who luis@viveros.example is" in warning
    assert "who Ana Soto is" not in " ".join(plan["warnings"])


def test_nobody_is_asked_to_approve_a_plan_from_an_export(desk: Desk, export: Path) -> None:
    desk.spec.write_text(SPEC.replace("limits: {", "limits: {require_approval: true, "), "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    assert "approval" not in desk.data("status")["waits_for"]


def test_the_history_of_a_record_needs_no_database_for_the_sake_of_an_export(desk: Desk, export: Path) -> None:
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P2", "--yes")
    assert desk.data("history", "1")["events"]


def test_explain_and_verify_look_in_an_export_too(desk: Desk, export: Path) -> None:
    assert "← it is here" in desk.done("explain", "viveros.yaml", "Hotel Sol", "--from", "export.csv").stdout
    desk.done("verify", "viveros.yaml", "--from", "export.csv", code=10)


def test_a_file_that_is_no_export(desk: Desk) -> None:
    (desk.folder / "bad.csv").write_text(EXPORT.replace("Hotel Sol", "=1+1"), "utf-8")
    assert (
        "bad.csv:B2: The cell holds a formula" in desk.done("plan", "viveros.yaml", "--from", "bad.csv", code=1).stderr
    )
    assert "nowhere.csv" in desk.done("plan", "viveros.yaml", "--from", "nowhere.csv", code=1).stderr


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("- stage_id: [Ganado]", "- stage_id: [2, Ganado]", "stage_id"),
        ("- stage_id: [Ganado]", "- stage_id.id: 2", "stage_id.id"),
        ("- stage_id: [Ganado]", "- domain: [[stage_id, in, [2]]]", "stage_id"),
        ("set: {priority: 3}", "set: {stage_id: 2}", "stage_id"),
        ("set: {priority: 3}", "set: {stage_id: {to: Calificado, from: 2}}", "stage_id"),
        ("set: {priority: 3}", "set: {user_id: {assign: [2]}}", "user_id"),
    ],
)
def test_an_id_says_nothing_of_an_export(desk: Desk, export: Path, old: str, new: str, field: str) -> None:
    assert old in SPEC
    export.write_text(EXPORT.replace("Tipo\n", "Tipo,Vendedor\n").replace("Oportunidad\n", "Oportunidad,\n"), "utf-8")
    desk.spec.write_text(SPEC.replace(old, new), "utf-8")
    told = desk.done("plan", "viveros.yaml", "--from", "export.csv", code=1).stderr
    assert f"2 is the id of a record of {field}, and an export tells its name alone" in " ".join(told.split())


def test_the_ids_of_the_records_themselves_are_known_to_an_export(desk: Desk, export: Path) -> None:
    desk.spec.write_text(SPEC.replace("- stage_id: [Ganado]", "- id: [1, 3]"), "utf-8")
    assert desk.data("plan", "viveros.yaml", "--from", "export.csv")["protected"] == 2
