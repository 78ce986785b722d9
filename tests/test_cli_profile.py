"""``segmenter profile``: of a spec's CRM, of a server without a spec, of an export."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from segmenter.cli import connection
from tests.support.command_line import Desk, desk

__all__ = ["desk"]

SERVER = ("--url", "https://viveros.example", "--database", "viveros", "--user", "work@asesorateya.example")


def test_of_a_server_before_there_is_a_spec(desk: Desk) -> None:
    assert desk.data("profile", *SERVER)["records"] == 584
    assert "Viveros del Maipo: 584 leads and opportunities" in desk.done("profile", *SERVER).stdout
    assert desk.data("profile", *SERVER, "--model", "res.partner")["model"] == "res.partner"
    assert desk.data("profile", *SERVER, "--archived")["records"] == 600


def test_of_the_scope_of_a_spec(desk: Desk) -> None:
    found = desk.data("profile", str(desk.spec))
    assert found["records"] == 476
    assert found["scope"]


def test_files(desk: Desk) -> None:
    said = desk.done("profile", *SERVER, "--html", "p.html", "--xlsx", "p.xlsx", "--field", "city")
    assert "Ciudad (city)" in said.stdout
    assert "Written: p.html" in said.stderr
    assert "Replaced: p.html" in desk.done("profile", *SERVER, "--html", "p.html").stderr
    spec = desk.spec.read_text("utf-8")
    assert "does not end in .html" in desk.done("profile", *SERVER, "--html", "viveros.yaml", code=2).stderr
    assert desk.spec.read_text("utf-8") == spec
    assert (desk.folder / "p.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (desk.folder / "p.xlsx").stat().st_size > 10_000
    assert "nowhere" in desk.done("profile", *SERVER, "--html", "nowhere/p.html", code=1).stderr
    assert "nowhere" in desk.done("profile", *SERVER, "--xlsx", "nowhere/p.xlsx", code=1).stderr


def test_of_an_export(desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Oportunidad", "Etapa", "Ingreso esperado", "Ciudad"])
    for number in range(20):
        sheet.append(
            [f"Negocio {number}", ["Nuevo", "Ganado"][number % 2], number * 1000, ["Lima", "lima "][number % 2]]
        )
    book.save(desk.folder / "leads.xlsx")
    found = desk.data("profile", "--from", "leads.xlsx")
    assert found["records"] == 20
    assert found["client"] == ""
    named = desk.data("profile", "--from", "leads.xlsx", "--client", " Viveros ")
    assert named["client"] == "Viveros"
    fields = {field["name"]: field for field in found["fields"]}
    assert fields["expected_revenue"]["filled"] == 19
    assert fields["city"]["alike"] == [["Lima", "lima "]]
    assert {value["label"] for value in fields["stage_id"]["values"]} == {"Nuevo", "Ganado"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Nothing says where the CRM is"),
        (["--url", "https://x.example"], "--url, --database and --user together"),
        ([*SERVER, "--from", "x.xlsx"], "without --from"),
        (["SPEC", "--model", "res.partner"], "A spec says itself"),
        (["SPEC", *SERVER], "A spec says itself"),
        ([*SERVER, "--timezone", "Chile"], "There is no time zone Chile"),
        ([*SERVER, "--field", "nope"], "The profile has no field nope"),
    ],
)
def test_what_does_not_go_together(desk: Desk, words: list[str], said: str) -> None:
    words = [str(desk.spec) if word == "SPEC" else word for word in words]
    assert said in desk.done("profile", *words, code=2).stderr


def test_an_administrator_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = desk.server.as_user("admin@viveros.example")
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: admin)
    assert "is an administrator" in desk.done("profile", *SERVER, code=1).stderr
    desk.done("profile", *SERVER, "--force-user", "there is no other login yet")


def test_it_reads_alone(desk: Desk) -> None:
    before = {model: dict(rows) for model, rows in desk.server.tables.rows.items()}
    desk.done("profile", *SERVER)
    assert before == {model: dict(rows) for model, rows in desk.server.tables.rows.items()}


def test_a_folder_in_place_of_the_export(desk: Desk) -> None:
    assert ". cannot be read: it is a folder" in desk.done("profile", "--from", ".", code=1).stderr
