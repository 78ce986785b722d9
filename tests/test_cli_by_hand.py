"""A client without an API: export, plan, import by hand, export again, proof, undo."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.support.command_line import SPEC, Desk
from tests.support.command_line import desk as desk
from tests.support.importing import COLUMNS, Client, external
from tests.test_reports_review_page import Read

FOLDER = "a-mano-P1"
EXAMPLE, OTHER = 6, 2
BY_NUMBER = (
    "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo\n1,Hotel Sol,9000000,Nuevo,,Baja,Oportunidad\n"
)
LIMITS = "limits: {changes: 5000, overwrites: off, removed_tags: off, moved_stages: off}"


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk.server)


def planned(desk: Desk, client: Client, *, spec: str = SPEC, code: int = 0) -> Path:
    """A plan P1 of a first export; gives the folder of the files."""
    desk.spec.write_text(spec, "utf-8")
    client.export(desk.folder / "antes.xlsx")
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx", code=code)
    return desk.folder / FOLDER


def test_the_whole_way_there_and_back(desk: Desk, client: Client) -> None:
    before = client.read("tag_ids", "priority", "stage_id", "user_id")
    folder = planned(desk, client)
    said = desk.done("by-hand", "P1").output
    assert "R1 waits" in said
    assert {file.name for file in folder.iterdir()} == {
        "pasos.html",
        "etiquetas.xlsx",
        "importar.xlsx",
        "deshacer.xlsx",
    }
    assert {run["status"] for run in desk.data("runs")["runs"]} == {None}

    client.create(folder / "etiquetas.xlsx")
    rows = client.import_(folder / "importar.xlsx")
    client.export(desk.folder / "despues.xlsx")
    found = desk.data("verify", "viveros.yaml", "--from", "despues.xlsx")
    (row,) = desk.data("board", ".")["engagements"]
    assert row["drift"]["records"] == 0
    assert found["records"] == 0
    assert found["imported"]["counts"] == {"applied": rows}
    assert desk.data("show", "R1")["run"]["status"] == "done"
    after = client.read("tag_ids", "priority", "stage_id", "user_id")
    assert {row["tag_ids"] & {"Alto", "Medio", "Bajo"} == set() for row in after.values()} >= {False}
    for record, row in after.items():
        assert row["tag_ids"] - {"Alto", "Medio", "Bajo"} == before[record]["tag_ids"] - {"Alto", "Medio", "Bajo"}
        assert (row["stage_id"], row["user_id"]) == (before[record]["stage_id"], before[record]["user_id"])

    # As for any run: the report, the history, the handover.
    desk.done("report", "R1", "--xlsx")
    assert "an import by hand" in desk.done("show", "R1").output
    told = desk.data("history", str(EXAMPLE))["events"]
    assert [(one["run"], one["field"], one["outcome"]) for one in told] == [
        *(("R1", "tag_ids", "applied"), ("R1", "priority", "applied"))
    ]
    desk.done("handover", "--output", "entrega.zip")
    assert desk.data("runs", "--verify")["ok"]

    desk.done("by-hand", "R1", "--now", "despues.xlsx")
    assert client.import_(desk.folder / "a-mano-R1" / "deshacer.xlsx") == rows
    client.export(desk.folder / "vuelta.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "vuelta.xlsx", code=10)
    assert desk.data("show", "R2")["run"]["kind"] == "undo"
    assert desk.data("show", "R2")["counts"] == {"applied": rows}
    assert client.read("tag_ids", "priority", "stage_id", "user_id") == before


def imported(desk: Desk, client: Client) -> Path:
    """R1 waits, and its files were imported; gives their folder."""
    folder = planned(desk, client)
    desk.done("by-hand", "P1")
    client.create(folder / "etiquetas.xlsx")
    client.import_(folder / "importar.xlsx")
    return folder


def sheets(file: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(file).worksheets}


def test_records_that_change_other_fields_have_a_sheet_of_their_own(desk: Desk, client: Client) -> None:
    client.write(EXAMPLE, tag_ids="VIP,Riego", priority="1", expected_revenue=9e6)
    folder = planned(desk, client)
    desk.done("by-hand", "P1")
    found, back = sheets(folder / "importar.xlsx"), sheets(folder / "deshacer.xlsx")
    assert [rows[0] for rows in found.values()] == [("id", "tag_ids"), ("id", "priority", "tag_ids")]
    assert list(found) == list(back) == ["Hoja 1", "Hoja 2"]
    assert len({row[0] for rows in found.values() for row in rows[1:]}) == 433  # each record once
    assert (external(EXAMPLE), "3", "Riego,VIP,Alto") in found["Hoja 2"]
    assert (external(EXAMPLE), "1", "Riego,VIP") in back["Hoja 2"]
    new = sheets(folder / "etiquetas.xlsx")["Hoja 1"]
    assert new[0] == ("name", "color")
    assert {row[0] for row in new[1:]} == {"Alto", "Medio", "Bajo"}


def test_nothing_is_settled_before_the_import(desk: Desk, client: Client) -> None:
    planned(desk, client)
    desk.done("by-hand", "P1")
    said = desk.done("verify", "viveros.yaml", "--from", "antes.xlsx", code=10).output
    assert "Nothing of R1 is in this export" in said
    assert desk.data("show", "R1")["run"]["status"] is None
    desk.done("by-hand", "P1")  # the same run goes on
    assert [run["id"] for run in desk.data("runs")["runs"]] == ["R1"]


def test_a_report_of_what_waits_says_that_it_waits(desk: Desk, client: Client) -> None:
    folder = planned(desk, client)
    desk.done("by-hand", "P1")
    told = reported(desk, "R1")
    assert (
        "the file was made that puts 433 opportunities where your criteria place them. It waits for the import" in told
    )
    assert "When the file is imported, and who exports a list after it" in told
    assert "Segmentation to be imported (R1)" in told
    assert not re.search("your Odoo was put in order|broke off|not reached|What was done|as it is now|We have", told)
    assert "Whether we go ahead" in reported(desk, "P1")

    client.create(folder / "etiquetas.xlsx")
    client.import_(folder / "importar.xlsx")
    client.export(desk.folder / "despues.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "despues.xlsx")
    assert "your Odoo was put in order: 433 opportunities" in reported(desk, "R1")
    desk.done("by-hand", "R1", "--now", "despues.xlsx")
    told = reported(desk, "R2")
    assert "the file was made that gives 433 opportunities their former values back. It waits for the import" in told
    assert not re.search("got their former values back|broke off|not reached|What was done", told)


def reported(desk: Desk, id: str) -> str:
    desk.done("report", id, "--html", f"{id}.html", "--lang", "en")
    return Read((desk.folder / f"{id}.html").read_text("utf-8")).text


def test_what_was_imported_in_part_goes_on(desk: Desk, client: Client) -> None:
    folder = planned(desk, client)
    desk.done("by-hand", "P1")
    client.create(folder / "etiquetas.xlsx")
    found = sheets(folder / "importar.xlsx")
    assert client.import_(folder / "importar.xlsx", only="Hoja 2") == len(found["Hoja 2"]) - 1
    client.export(desk.folder / "mitad.xlsx")
    told = desk.data("verify", "viveros.yaml", "--from", "mitad.xlsx", code=5)
    assert told["imported"]["run"]["status"] == "partly"
    assert told["imported"]["counts"] == {"applied": len(found["Hoja 2"]) - 1, "refused": len(found["Hoja 1"]) - 1}
    rest = desk.data("by-hand", "P1", "--to", "resto")
    assert (rest["run"]["kind"], rest["records"]) == ("resume", len(found["Hoja 1"]) - 1)
    # The export shows the tag of the first half; of the others nobody can tell, so the page has people look.
    assert {row[0] for row in sheets(desk.folder / "resto" / "etiquetas.xlsx")["Hoja 1"]} == {"name", "Medio", "Bajo"}
    client.import_(desk.folder / "resto" / "importar.xlsx")
    client.export(desk.folder / "todo.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "todo.xlsx")
    assert desk.data("show", "R2")["run"]["status"] == "done"


def test_a_record_that_somebody_changed_before_is_left_out_by_name(desk: Desk, client: Client) -> None:
    folder = planned(desk, client)
    client.write(EXAMPLE, priority="1")
    client.export(desk.folder / "hoy.xlsx")
    said = desk.done("by-hand", "P1", "--now", "hoy.xlsx", code=4).output
    name = client.read("name")[EXAMPLE]["name"]
    assert name in said
    assert "changed by somebody since" in said
    assert external(EXAMPLE) not in str(sheets(folder / "importar.xlsx"))
    assert name in (folder / "pasos.html").read_text("utf-8")
    client.create(folder / "etiquetas.xlsx")
    client.import_(folder / "importar.xlsx")
    client.export(desk.folder / "despues.xlsx")
    told = desk.data("verify", "viveros.yaml", "--from", "despues.xlsx", code=4)["imported"]
    assert [(left["name"], left["outcome"]) for left in told["left"]] == [(name, "conflict")]


def test_a_record_that_somebody_changed_after_is_reported_by_name(desk: Desk, client: Client) -> None:
    imported(desk, client)
    client.write(EXAMPLE, priority="1")
    client.export(desk.folder / "despues.xlsx", without=[OTHER])
    told = desk.data("verify", "viveros.yaml", "--from", "despues.xlsx", code=5)["imported"]
    names = client.read("name")
    left = {(one["name"], one["field"], one["outcome"], one["expected"], one["found"]) for one in told["left"]}
    assert left == {
        (names[EXAMPLE]["name"], "priority", "conflict", "3", "1"),
        (names[OTHER]["name"], "", "unknown", None, None),  # the export leaves it out
    }


def test_an_undo_leaves_what_people_did_since(desk: Desk, client: Client) -> None:
    before = client.read("tag_ids", "priority")
    imported(desk, client)
    client.export(desk.folder / "despues.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "despues.xlsx")
    client.write(EXAMPLE, priority="1", tag_ids="Alto,VIP")  # the tag beside ours is hers, and stays
    client.export(desk.folder / "hoy.xlsx")
    told = desk.data("by-hand", "R1", "--now", "hoy.xlsx", code=4)
    assert [(one["record"], one["field"]) for one in told["left"]] == [(EXAMPLE, "priority")]
    client.import_(desk.folder / "a-mano-R1" / "deshacer.xlsx")
    client.export(desk.folder / "vuelta.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "vuelta.xlsx", code=4)
    after = client.read("tag_ids", "priority")
    assert after[EXAMPLE] == {"tag_ids": {"VIP"}, "priority": "1"}
    assert {**after, EXAMPLE: None} == {**before, EXAMPLE: None}
    assert "tag Alto, tag Medio, tag Bajo" in desk.done("show", "R2").output  # an import deletes nothing
    assert "R1 was already undone" in desk.done("by-hand", "R1", "--now", "vuelta.xlsx", code=2).output


def test_a_mail_tells_of_an_import_once_an_export_has_told(desk: Desk, client: Client) -> None:
    def review() -> tuple[str, list[str]]:
        found = desk.data("log", "--email", "review", "viveros.yaml")
        return found["body"], [one["of"] for one in found["attachments"]]

    imported(desk, client)
    body, attached = review()
    assert ("El plan P1 está listo." in body, attached) == (True, ["P1"])
    client.export(desk.folder / "despues.xlsx")
    desk.done("verify", "viveros.yaml", "--from", "despues.xlsx")
    desk.done("by-hand", "R1", "--now", "despues.xlsx")
    body, attached = review()
    assert ("El plan P1 ya se aplicó." in body, attached) == (True, ["R1"])
    desk.done("handover", "--output", "entrega.zip")
    with ZipFile(desk.folder / "entrega.zip") as zipped:
        manifest = json.loads(zipped.read("manifiesto.json"))
    assert (manifest["run"]["id"], manifest["undo"]) == ("R1", None)


def test_it_is_refused_where_an_apply_would_be(desk: Desk, client: Client) -> None:
    strict = SPEC.replace(LIMITS, "limits: {changes: 5, require_approval: true}")
    planned(desk, client, spec=strict, code=3)
    assert "the limit is 5" in desk.done("by-hand", "P1", code=3).output
    broken = [one["limit"] for one in desk.data("show", "P1")["violations"]]
    aside = tuple(word for limit in broken for word in ("--override", limit, "--reason", "asked for"))
    assert "must be approved" in desk.done("by-hand", "P1", *aside, code=3).output
    assert not desk.data("runs")["runs"]
    desk.done("approve", "P1", "--by", "Paula Rojas", "--evidence", "acta")
    desk.done("by-hand", "P1", *aside)
    desk.done("by-hand", "P1")  # what was set aside for the run stays so
    assert [one["limit"] for one in desk.data("show", "R1")["run"]["overrides"]] == broken


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("by-hand", "P2"), 1, "There is no plan P2"),
        (("by-hand", "X1"), 2, "neither a plan nor a run"),
        (("by-hand", "R1"), 2, "--now EXPORT"),
        (("by-hand", "R1", "--now", "antes.xlsx"), 2, "Nobody knows yet what became of R1"),
        (("by-hand", "P1", "--now", "numbers.csv"), 1, "has no External ID for every record"),
        (("by-hand", "P1", "--now", "narrow.xlsx"), 1, "narrow.xlsx has no column"),
        (("apply", "P1"), 2, "segmenter by-hand P1"),
        (("resume", "R1"), 2, "segmenter by-hand P1"),
        (("undo", "R1", "--yes"), 2, "segmenter by-hand R1 --now EXPORT"),
        (("by-hand", "P1", "--override", "changes"), 2, "Every --override needs a --reason"),
    ],
)
def test_what_cannot_be(desk: Desk, client: Client, words: tuple[str, ...], code: int, said: str) -> None:
    planned(desk, client)
    desk.done("by-hand", "P1")
    client.export(desk.folder / "narrow.xlsx", ["name", "type", "stage_id", "expected_revenue", "priority"])
    (desk.folder / "numbers.csv").write_text(BY_NUMBER, "utf-8")
    assert said in desk.done(*words, code=code).output


def test_an_export_that_cannot_be_imported_again(desk: Desk) -> None:
    (desk.folder / "numbers.csv").write_text(BY_NUMBER, "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "numbers.csv")
    said = desk.done("by-hand", "P1", code=1).output
    assert "numbers.csv has no External ID for every record" in said
    assert "update data" in said


def test_a_plan_of_a_server_is_applied_there(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    assert "segmenter apply P1" in desk.done("by-hand", "P1", code=2).output


def test_a_tag_with_a_comma_would_be_taken_for_two(desk: Desk, client: Client) -> None:
    spec = SPEC.replace("default: {name: Bajo}", 'default: {name: "Bajo, sin prisa"}')
    planned(desk, client, spec=spec)
    said = desk.done("by-hand", "P1", code=1).output
    assert "“Bajo, sin prisa” for several names" in said
    assert not desk.data("runs")["runs"]


def test_people_get_records_only_with_their_team(desk: Desk, client: Client) -> None:
    spec = SPEC.replace("set: {priority: 3}", "set: {user_id: Ana Soto}")
    desk.spec.write_text(spec, "utf-8")
    client.export(desk.folder / "antes.xlsx", [name for name in COLUMNS if name != "team_id"])
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx")
    assert "team_id" in desk.done("by-hand", "P1", code=2).output
    client.export(desk.folder / "antes.xlsx")
    desk.done("plan", "viveros.yaml", "--from", "antes.xlsx")
    desk.done("by-hand", "P2")
    heads = [rows[0] for rows in sheets(desk.folder / "a-mano-P2" / "importar.xlsx").values()]
    assert ("id", "tag_ids", "team_id", "user_id") in heads


def test_people_are_named_as_exports_name_them(desk: Desk, client: Client) -> None:
    planned(desk, client, spec=SPEC.replace("set: {priority: 3}", "set: {user_id: ana@viveros.example}"))
    assert "“ana@viveros.example” is a login" in desk.done("by-hand", "P1", code=1).output


def test_its_report_is_signed_and_says_how_it_is_applied(desk: Desk, client: Client) -> None:
    planned(desk, client)
    desk.done("report", "P1", "--html", "plan.html", "--lang", "en")
    page = (desk.folder / "plan.html").read_text("utf-8")
    assert "applied by importing a file in your own session" in page
    assert "your signature is on the last page" in page
    assert "cannot be applied" not in page
    desk.done("by-hand", "P1")
    assert "waits for an export after the import" in desk.done("history", str(EXAMPLE)).output


def test_it_is_said_in_the_plan_and_in_json(desk: Desk, client: Client) -> None:
    client.export(desk.folder / "antes.xlsx")
    assert "segmenter by-hand P1" in desk.done("plan", "viveros.yaml", "--from", "antes.xlsx").output
    told = desk.data("by-hand", "P1", "--to", "aquí")
    assert [Path(file).name for file in told["files"]] == [
        *("pasos.html", "etiquetas.xlsx", "importar.xlsx", "deshacer.xlsx")
    ]
    assert sum(sheet["rows"] for sheet in told["sheets"]) == told["records"] == 433


def test_of_two_categories_with_one_last_name_an_import_would_take_either(desk: Desk) -> None:
    spec = """
version: 1
client: {name: Contactos, language: es_CL, timezone: America/Santiago}
scope: {model: res.partner}
segmentations:
  - name: Porte
    store: {categories: exclusive}
    segments:
      - {name: Cliente / Grande, when: {name: Hotel Sol}}
"""
    desk.spec.write_text(spec, "utf-8")
    head = "id,name,category_id\n"
    row = "__export__.res_partner_7_1a,Hotel Sol,{}\n"
    (desk.folder / "antes.csv").write_text(head + row.format("Proveedor / Grande"), "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "antes.csv")
    said = desk.done("by-hand", "P1", code=1).output
    assert "does not tell “Proveedor / Grande” from “Cliente / Grande”" in said
    (desk.folder / "antes.csv").write_text(head + row.format("Proveedor / Nacional"), "utf-8")
    desk.done("plan", "viveros.yaml", "--from", "antes.csv")
    desk.done("by-hand", "P2")
    [written] = sheets(desk.folder / "a-mano-P2" / "importar.xlsx").values()
    assert written[1] == ("__export__.res_partner_7_1a", "Nacional,Grande")
    [new] = sheets(desk.folder / "a-mano-P2" / "categorias.xlsx").values()
    assert new == [("name", "parent_id"), ("Cliente", None), ("Grande", "Cliente")]


def test_a_file_in_place_of_the_folder(desk: Desk, client: Client) -> None:
    planned(desk, client)
    said = desk.done("by-hand", "P1", "--to", "viveros.yaml", code=2).stderr
    assert "viveros.yaml is a file, and by-hand writes several; name a folder with --to" in said
    assert desk.data("runs")["runs"] == []
