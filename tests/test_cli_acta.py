from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.cli import connection
from segmenter.errors import ConnectionFailed
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

HIGH = "1. Alto – Ingreso esperado de $5.000.000 o más"


def test_it_prints_the_text_of_the_mail(desk: Desk) -> None:
    said = desk.done("acta", "viveros.yaml")
    assert said.stdout.startswith("Viveros del Maipo: lo que acordamos el ")
    assert HIGH in said.stdout
    assert "   → Prioridad queda en Muy alta\n" in said.stdout
    assert desk.done("acta", "viveros.yaml", "--lang", "en").stdout.startswith("Viveros del Maipo: what we agreed on ")
    assert not (desk.folder / "segmenter.ledger").exists()


def test_it_writes_files(desk: Desk) -> None:
    said = desk.done("acta", "viveros.yaml", "--html", "acta.html", "--text", "acta.txt", "--by", "Ana Soto")
    assert said.stdout == ""
    assert "Written: acta.html" in said.stderr
    assert "Asesoría: Ana Soto" in (desk.folder / "acta.txt").read_text("utf-8")
    page = (desk.folder / "acta.html").read_text("utf-8")
    assert '<html lang="es-CL">' in page
    assert "Ana Soto" in page


def test_as_json(desk: Desk) -> None:
    found = desk.data("acta", "viveros.yaml")
    assert (found["kind"], found["client"]) == ("acta", "Viveros del Maipo")
    assert [one["name"] for one in found["segmentations"][0]["segments"]] == ["Alto", "Medio", "Bajo"]


def test_without_a_server_the_last_plan_knows_the_names(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.done("plan", "viveros.yaml")
    online = desk.done("acta", "viveros.yaml").stdout
    new = online.index("\nLO NUEVO EN ODOO")

    def refuse(*_where: object, **_how: object) -> None:
        raise ConnectionFailed("Nobody answers")

    monkeypatch.setattr(connection, "connect", refuse)
    for words in ([], ["--offline"]):
        said = desk.done("acta", "viveros.yaml", *words)
        assert said.stdout[:new] == online[:new]
        assert "Names and numbers are those of the plan P1" in said.stderr
    assert "Nobody answers" in desk.done("acta", "viveros.yaml").stderr
    # An edited spec has the same names, and no numbers.
    desk.spec.write_text(SPEC.replace("5000000", "6000000"), "utf-8")
    said = desk.done("acta", "viveros.yaml", "--offline")
    assert "1. Alto – Ingreso esperado de 6.000.000 o más\n" in said.stdout
    assert "the spec was edited since" in said.stderr


def test_the_names_of_a_client_who_calls_things_otherwise(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = desk.server.tables.models["crm.lead"].fields
    monkeypatch.setitem(fields["expected_revenue"].label, "es", "Monto del negocio")  # type: ignore[index]
    desk.done("plan", "viveros.yaml")
    monkeypatch.undo()
    monkeypatch.chdir(desk.folder)
    assert "1. Alto – Monto del negocio de " in desk.done("acta", "viveros.yaml", "--offline").stdout


def test_without_any_plan_fields_are_called_as_odoo_does(desk: Desk) -> None:
    said = desk.done("acta", "viveros.yaml", "--offline")
    assert "1. Alto – Ingreso esperado de 5.000.000 o más\n" in said.stdout
    assert "The ledger has no plan of this client" in said.stderr


def test_from_an_export(desk: Desk) -> None:
    (desk.folder / "export.csv").write_text(
        "Oportunidad,Ingreso esperado,Tipo,Etapa,Prioridad,Etiquetas\nHotel Luna,9000000,Oportunidad,Nuevo,Baja,\n",
        "utf-8",
    )
    said = desk.done("acta", "viveros.yaml", "--from", "export.csv")
    assert "Hoy son 1\n" in said.stdout
    assert "1. Alto – Ingreso esperado de 5.000.000 o más (1 oportunidades)\n" in said.stdout


def test_a_segment_may_lack_its_condition(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace('        when: {expected_revenue: {">=": 1000000}}\n', ""), "utf-8")
    said = desk.done("acta", "viveros.yaml")
    assert "2. Medio – Por acordar" in said.stdout
    assert "- Nivel: el criterio de «Medio»\n" in said.stdout


def test_the_minutes_of_the_session_are_kept_when_asked(desk: Desk) -> None:
    said = desk.done("acta", "viveros.yaml", "--offline", "--minutes", "30")
    assert "L1 is kept: definition session" in said.stderr
    (entry,) = desk.data("log", "viveros.yaml")["entries"]
    assert (entry["kind"], entry["minutes"]) == ("definition", 30)
    assert entry["activity"] == "Criterios de segmentación"
    assert entry["result"] == "Nivel (3 segmentos)"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["nowhere.yaml"], 1, "There is no file nowhere.yaml"),
        (["viveros.yaml", "--html", "acta.yaml"], 2, "does not end in .html"),
        (["viveros.yaml", "--text", "viveros.yaml"], 2, "does not end in .txt"),
        (["viveros.yaml", "--html", "nowhere/a.html"], 1, "cannot be written"),
        (["viveros.yaml", "--offline", "--from", "a.csv"], 2, "--offline asks nobody"),
        (["viveros.yaml", "--minutes", "0"], 2, "0 is not in the range"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, words: list[str], code: int, sentence: str) -> None:
    assert sentence in desk.done("acta", *words, code=code).stderr


def test_a_spec_with_another_problem_is_refused(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("expected_revenue", "expected_revenu"), "utf-8")
    assert "expected_revenu" in desk.done("acta", "viveros.yaml", code=1).stderr
    desk.spec.write_text(SPEC.replace("        when:", "        wen:"), "utf-8")
    assert "wen" in desk.done("acta", "viveros.yaml", code=1).stderr
    assert list(Path(desk.folder).glob("*.ledger")) == []


def test_the_consultant_of_the_spec_signs_where_nobody_is_named(desk: Desk) -> None:
    desk.spec.write_text(SPEC.replace("scope:", "consultant: {name: Camila Soto}\nscope:", 1), "utf-8")
    assert "Asesoría: Camila Soto" in desk.done("acta", "viveros.yaml").stdout
    assert "Asesoría: Ana Soto" in desk.done("acta", "viveros.yaml", "--by", "Ana Soto").stdout
