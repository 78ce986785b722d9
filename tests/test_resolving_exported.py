from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from segmenter.conditions import Clock
from segmenter.odoo.reader import OdooReader
from segmenter.profiling import profile
from segmenter.resolving.exported import names_of
from segmenter.spec import loads
from tests.support.command_line import SPEC, Desk, desk
from tests.support.engagement import Embedded

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
    assert "A plan of this export cannot be applied" in said.stderr
    assert "there is no server to write to" in desk.done("apply", "P1", "--yes", code=2).stderr


def test_a_plan_from_an_export_that_tells_languages(desk: Desk, export: Path) -> None:
    export.write_text(
        EXPORT.replace("Tipo\n", "Tipo,Idioma\n").replace("Oportunidad\n", "Oportunidad,Alemán\n"), "utf-8"
    )
    assert desk.data("plan", "viveros.yaml", "--from", "export.csv")["scope_count"] == 2


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
    warnings = [one["text"] for one in plan["warnings"]]
    (warning,) = (one for one in warnings if "exported file" in one)
    assert "does not say who luis@viveros.example is" in warning
    assert "who Ana Soto is" not in " ".join(warnings)


def test_nobody_is_asked_to_approve_a_plan_from_an_export(desk: Desk, export: Path) -> None:
    desk.spec.write_text(SPEC.replace("limits: {", "limits: {require_approval: true, "), "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    assert "approval" not in desk.data("status")["waits_for"]


def test_the_history_of_a_record_needs_no_database_for_the_sake_of_an_export(desk: Desk, export: Path) -> None:
    desk.done("plan", "viveros.yaml", "--from", "export.csv")
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P2", "--yes")
    assert desk.data("history", "1")["events"]
    assert desk.done("history", "1").stdout.splitlines()[0] == "Hotel Sol (crm.lead, id 1)"
    assert "was done to crm.lead, id 999999" in " ".join(desk.done("history", "999999").stdout.split())


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


@pytest.mark.parametrize("protect", ["id: [1, 3]", 'id: {">": 2}', "domain: [[id, in, [3]]]"])
def test_an_export_without_ids_knows_none(desk: Desk, export: Path, protect: str) -> None:
    export.write_text("\n".join(line.partition(",")[2] for line in EXPORT.splitlines()), "utf-8")
    desk.spec.write_text(SPEC.replace("- stage_id: [Ganado]", f"- {protect}"), "utf-8")
    told = desk.done("plan", "viveros.yaml", "--from", "export.csv", code=1).stderr
    assert "records of the export have no id; export it again with the column ID" in " ".join(told.split())


NUMBERED = """\
External ID,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo
{first},Hotel Sol,9000000,Nuevo,,Baja,Oportunidad
{second},Hotel Luna,5,Nuevo,,Baja,Oportunidad
{third},Cuatro,6,Ganado,,Baja,Oportunidad
"""
OWN = {"first": "__export__.crm_lead_4_0a1b2c3d", "second": "__export__.crm_lead_877_0a1b2c3d", "third": 2}
NONE = {"first": "crm.sol", "second": "", "third": "crm.cuatro"}


@pytest.mark.parametrize(
    ("ids", "asked", "head"),
    [
        (OWN, "4", "Hotel Sol (id 4, row 2 of export.csv)"),  # row 4 is another
        (OWN, "877", "Hotel Luna (id 877, row 3 of export.csv)"),
        (OWN, "2", "Cuatro (id 2, row 4 of export.csv)"),
        (OWN, "__export__.crm_lead_877_0a1b2c3d", "Hotel Luna (id 877, row 3 of export.csv)"),
        (OWN, "Cuatro", "Cuatro (id 2, row 4 of export.csv)"),
        (NONE, "4", "Cuatro (row 4 of export.csv)"),
        (NONE, "2", "Hotel Sol (row 2 of export.csv)"),
        (NONE, "crm.cuatro", "Cuatro (row 4 of export.csv)"),
        (OWN | {"second": ""}, "3", "Hotel Luna (row 3 of export.csv)"),
        (OWN | {"third": ""}, "4", "Hotel Sol (id 4, row 2 of export.csv)"),
    ],
)
def test_a_number_alone_says_what_it_found(
    desk: Desk, export: Path, ids: dict[str, object], asked: str, head: str
) -> None:
    export.write_text(NUMBERED.format(**ids), "utf-8")
    told = desk.done("explain", "viveros.yaml", asked, "--from", "export.csv").stdout
    assert told.splitlines()[0] == head
    found = desk.data("explain", "viveros.yaml", asked, "--from", "export.csv")
    assert f"{found['name']} ({found['reference']})" == head
    assert f"row {found['row']} of" in head


@pytest.mark.parametrize(
    ("ids", "asked", "told"),
    [
        (OWN, "3", "no record with the id 3 in export.csv; in row 3 there is “Hotel Luna”, which has the id 877"),
        (OWN, "99", "no record with the id 99 in export.csv; give its whole name, its e-mail or its id"),
        (NONE, "1", "no record in row 1 of export.csv; give the row of a record, its whole name or its e-mail"),
        (NONE, "Hotel", "no record “Hotel” in export.csv; did you mean Hotel Sol?"),
        (NONE, "Viña", "no record “Viña” in export.csv; give its whole name, its e-mail or its row"),
    ],
)
def test_a_number_that_is_none_says_what_it_was_taken_for(
    desk: Desk, export: Path, ids: dict[str, object], asked: str, told: str
) -> None:
    export.write_text(NUMBERED.format(**ids), "utf-8")
    said = desk.done("explain", "viveros.yaml", asked, "--from", "export.csv", code=1).stderr
    assert told in " ".join(said.split())


def test_several_of_one_name_are_told_by_their_rows(desk: Desk, export: Path) -> None:
    export.write_text(NUMBERED.format(**NONE).replace("Hotel Luna", "Hotel Sol"), "utf-8")
    said = " ".join(desk.done("explain", "viveros.yaml", "Hotel Sol", "--from", "export.csv", code=1).stderr.split())
    assert "several records: row 2 of export.csv, row 3 of export.csv; give its row" in said


def test_an_example_by_number_is_called_by_name_with_what_the_number_is(desk: Desk, export: Path) -> None:
    export.write_text(NUMBERED.format(**NONE), "utf-8")
    desk.spec.write_text(f"{SPEC}examples:\n  - record: 2\n    expect: {{Nivel: Alto}}\n", "utf-8")
    (example,) = desk.data("plan", "viveros.yaml", "--from", "export.csv")["examples"]
    assert (example["label_text"], example["got"]) == ("Hotel Sol (row 2 of export.csv)", {"Nivel": "Alto"})


@pytest.mark.parametrize(
    ("ids", "numbers", "head"), [(OWN, "id", "Id"), (NONE, "row", "Row"), (OWN | {"second": ""}, "either", "Row or id")]
)
def test_a_plan_of_an_export_says_what_its_numbers_are_and_knows_no_version(
    desk: Desk, export: Path, ids: dict[str, object], numbers: str, head: str
) -> None:
    export.write_text(NUMBERED.format(**ids), "utf-8")
    shown = desk.done("plan", "viveros.yaml", "--from", "export.csv").stdout
    assert any(line.split()[:2] == [*head.split(), "Record"][:2] for line in shown.splitlines())
    plan = desk.data("plan", "viveros.yaml", "--from", "export.csv")
    assert (plan["server"]["version"], plan["server"]["numbers"]) == ("", numbers)
    assert plan["side_effects"][0]["text"] == "The file does not say which Odoo it came from; this is what Odoo 19 does"


MAILS = """\
id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo,Correo electrónico
1,Uno,9000000,Nuevo,,Baja,Oportunidad,Ana@Sol.cl
2,Dos,5,Nuevo,,Baja,Oportunidad, ana@sol.cl
3,Tres,6,Nuevo,,Baja,Oportunidad,"Ana Soto <ANA@SOL.CL>"
4,Cuatro,6,Nuevo,,Baja,Oportunidad,luis@sol.cl
5,Cinco,6,Nuevo,,Baja,Oportunidad,"luis@sol.cl, ana@sol.cl"
6,Seis,6,Nuevo,,Baja,Oportunidad,sin correo
7,Siete,6,Nuevo,,Baja,Oportunidad,sin correo
"""


def test_duplicate_addresses_are_those_that_a_server_would_find(desk: Desk, export: Path) -> None:
    export.write_text(MAILS, "utf-8")
    of_file = desk.data("profile", "--from", "export.csv")
    (mails,) = (one for one in of_file["duplicates"] if one["field"] == "email_from")
    assert (mails["values"], mails["records"]) == (1, 3)
    assert [(one["label"], one["count"]) for one in mails["most"]] == [("ana@sol.cl", 3)]
    crm = Embedded()
    for row in csv.DictReader(io.StringIO(MAILS)):
        crm.create("crm.lead", {"name": row["Oportunidad"], "email_from": row["Correo electrónico"]})
    reader = OdooReader(crm.connect("all"))
    found = profile(reader, "crm.lead", Clock(datetime.now(UTC), ZoneInfo("UTC")), domain=[])
    (kept,) = (one for one in found.duplicates if one.field == "email_normalized")
    assert (kept.values, kept.records, kept.label) == (mails["values"], mails["records"], "Email")


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_a_profile_of_a_file_claims_no_server_and_no_version(desk: Desk, export: Path, spoken: str) -> None:
    export.write_text(MAILS, "utf-8")
    desk.done("profile", "--from", "export.csv", "--html", "p.html", "--xlsx", "p.xlsx", "--lang", spoken)
    page = (desk.folder / "p.html").read_text("utf-8")
    book = load_workbook(desk.folder / "p.xlsx")
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    whence = {"en": "from the export export.csv", "es": "del archivo exportado export.csv"}[spoken]
    for said in (page, "\n".join(cells)):
        assert whence in said
        assert "19.0" not in said
        assert "export:" not in said
    assert desk.data("profile", "--from", "export.csv")["version"] == ""


def test_what_is_protected_is_in_no_segment(desk: Desk, export: Path) -> None:
    export.write_text(NUMBERED.format(**OWN).replace("9000000,Nuevo", "9000000,Ganado"), "utf-8")
    said = desk.done("explain", "viveros.yaml", "4", "--from", "export.csv").stdout
    assert "Protected: it is never touched" in said
    assert "○ Alto ← it would be here, if it were not protected" in said
    assert "← it is here" not in said
    (part,) = desk.data("explain", "viveros.yaml", "4", "--from", "export.csv")["segmentations"]
    assert [(one["takes"], one["would_take"]) for one in part["segments"]] == [
        (False, True),
        (False, False),
        (False, False),
    ]


def test_the_ids_of_the_records_themselves_are_known_to_an_export(desk: Desk, export: Path) -> None:
    desk.spec.write_text(SPEC.replace("- stage_id: [Ganado]", "- id: [1, 3]"), "utf-8")
    assert desk.data("plan", "viveros.yaml", "--from", "export.csv")["protected"] == 2


def test_amounts_of_a_client_whose_country_has_a_decimal_point(desk: Desk, export: Path) -> None:
    """As a person in Peru writes them; the spec's 5,000,000 is reached by the first alone."""
    desk.spec.write_text(SPEC.replace("language: es_CL", "language: es_PE"), "utf-8")
    export.write_text(EXPORT.replace(",9000000,", ',"9,000,000",').replace(",1500000,", ',"950,000",'), "utf-8")
    plan = desk.data("plan", "viveros.yaml", "--from", "export.csv")
    changes = {(one["record"], one["field"]): one["after_text"] for one in plan["changes"]}
    assert changes[1, "tag_ids"] == "Alto"
    assert changes[2, "tag_ids"] == "Bajo"


def test_an_amount_that_could_be_two_stops_the_plan(desk: Desk, export: Path) -> None:
    export.write_text(EXPORT.replace(",9000000,", ',"9,000",'), "utf-8")
    refused = desk.done("plan", "viveros.yaml", "--from", "export.csv", code=1).stderr
    assert refused == (
        "export.csv:C2: Ingreso esperado: 9,000 can be read as 9000 and as 9; "
        "write the numbers of that column without separators of thousands\n"
    )
    assert "There is no ledger" in desk.done("runs", code=1).stderr
