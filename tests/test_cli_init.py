from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.spec import load
from segmenter.spec.starters import TRADES
from tests.support.command_line import Desk, desk

__all__ = ["desk"]
SERVER = ("--url", "https://viveros.example", "--database", "viveros", "--user", "work@asesorateya.example")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["init", *words])
    return result.exit_code, result.stderr


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_it_writes_holds(tmp_path: Path, language: str) -> None:
    code, said = _run("Viñedos Ñandú & Cía.", "--lang", language)
    assert code == 0
    assert "vinedos-nandu-cia.yaml" in said
    file = tmp_path / "vinedos-nandu-cia.yaml"
    assert "Viñedos Ñandú & Cía." in file.read_text("utf-8")
    assert CliRunner().invoke(cli, ["validate", str(file), "--offline"]).exit_code == 0
    assert json.loads((tmp_path / "segmenter.schema.json").read_text("utf-8"))["$id"]


def test_nothing_is_overwritten_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("mine", "utf-8")
    code, said = _run("X")
    assert code == 2
    assert "x.yaml is there already" in said
    assert (tmp_path / "x.yaml").read_text("utf-8") == "mine"
    assert _run("X", "--force")[0] == 0
    assert (tmp_path / "x.yaml").read_text("utf-8") != "mine"


def test_a_name_without_letters() -> None:
    assert "client.yaml" in _run("日本")[1]


def test_a_client_without_a_name() -> None:
    code, said = _run("  ")
    assert code == 2
    assert "The client has no name" in said


def test_a_folder_that_is_not_there() -> None:
    code, said = _run("X", "--output", "nowhere/x.yaml")
    assert code == 1
    assert "nowhere/x.yaml cannot be written" in said


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_draft_of_a_server_holds_there(desk: Desk, language: str) -> None:
    desk.done("init", "Viveros Ñ", "--from-odoo", *SERVER, "--lang", language)
    desk.done("validate", "viveros-n.yaml")
    spec = load("viveros-n.yaml")
    assert spec.odoo is not None
    assert (spec.client.name, spec.odoo.user) == ("Viveros Ñ", "work@asesorateya.example")
    assert desk.data("plan", "viveros-n.yaml")["scope_count"] == 422


def test_a_draft_of_an_export_holds(desk: Desk) -> None:
    rows = ["Oportunidad,Etapa,Ingreso esperado,Origen,Etiquetas"]
    rows += [
        f"Negocio {n},{'Ganado' if n % 9 == 0 else 'Nuevo'},{n * 10000},{'Feria' if n % 2 else 'Web'},"
        for n in range(40)
    ]
    (desk.folder / "leads.csv").write_text("\n".join(rows), "utf-8")
    desk.done("init", "X", "--from", "leads.csv", "--lang", "es")
    spec = load("x.yaml")
    assert spec.odoo is None
    assert spec.scope.where is None
    assert "Origen: Feria" in (desk.folder / "x.yaml").read_text("utf-8")
    desk.done("plan", "x.yaml", "--from", "leads.csv")


@pytest.mark.parametrize("name", TRADES)
def test_a_ready_spec_for_another_client(tmp_path: Path, name: str) -> None:
    assert _run("Otra & Cía.", "--like", name)[0] == 0
    spec = load(tmp_path / "otra-cia.yaml")
    assert spec.client.name == "Otra & Cía."
    assert (
        (tmp_path / "otra-cia.yaml").read_text("utf-8").startswith("# yaml-language-server: $schema=segmenter.schema")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from-odoo"], "--from-odoo needs a server"),
        (["--like", "software", "--from", "x.csv"], "not from a CRM"),
        (["--like", "software", "--from-odoo"], "not from a CRM"),
        (["--from-odoo", "--url", "https://x.example"], "--url, --database and --user together"),
    ],
)
def test_ways_to_start_that_exclude_each_other(words: list[str], said: str) -> None:
    code, told = _run("X", *words)
    assert code == 2
    assert said in told


def test_the_language_the_zone_and_the_model_that_were_said(tmp_path: Path) -> None:
    options = ("--language", "es_PE", "--timezone", "America/Lima")
    assert _run("X", *options, "--model", "res.partner")[0] == 0
    assert _run("Y", *options, "--like", "software")[0] == 0
    for file, model in (("x.yaml", "res.partner"), ("y.yaml", "crm.lead")):
        spec = load(tmp_path / file)
        assert (spec.client.language, spec.client.timezone, spec.scope.model) == ("es_PE", "America/Lima", model)


@pytest.mark.parametrize("more", [(), ("--like", "software")])
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--timezone", "America/Lim", "There is no time zone America/Lim; did you mean America/Lima"),
        ("--language", "español", "español is not the code of a language; write it as Odoo does"),
    ],
)
def test_a_zone_or_a_language_that_does_not_exist(
    tmp_path: Path, more: tuple[str, ...], option: str, value: str, said: str
) -> None:
    code, told = _run("X", *more, option, value)
    assert code == 2
    assert said in told
    assert not (tmp_path / "x.yaml").exists()


def test_a_ready_spec_of_another_model() -> None:
    code, told = _run("X", "--like", "software", "--model", "res.partner")
    assert code == 2
    assert "The ready spec software is for crm.lead" in told
