from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from segmenter.cli import cli


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


def test_a_folder_that_is_not_there() -> None:
    code, said = _run("X", "--output", "nowhere/x.yaml")
    assert code == 1
    assert "nowhere/x.yaml cannot be written" in said
