from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.spec.starters import ready_spec


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_whole_job(tmp_path: Path, language: str) -> None:
    said = CliRunner().invoke(cli, ["demo", "--folder", str(tmp_path / "trial"), "--lang", language])
    assert said.exit_code == 0, said.output
    for step in ("validate", "check", "plan", "verify"):
        assert f"$ segmenter {step} demo.yaml" in said.stdout
    assert "$ segmenter apply P1" in said.stdout
    assert said.stdout.rstrip().endswith("segmenter meeting --demo")
    assert "$ segmenter undo R1" in said.stdout
    if language == "en":
        assert "No drift" in said.stdout
        assert "The first state is back: 600 records compared" in said.stdout
        assert "It was undone on" in (tmp_path / "trial" / "report-P1.html").read_text("utf-8")
        assert f"Written: {tmp_path / 'trial' / 'report-P1.xlsx'}" in said.stdout
    kept = CliRunner().invoke(cli, ["runs", "--ledger", str(tmp_path / "trial" / "segmenter.ledger")])
    assert "R2" in kept.stdout


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said = CliRunner().invoke(cli, ["demo", "--folder", str(tmp_path / "file" / "trial")])
    assert said.exit_code == 2
    assert "cannot be made" in said.stderr


def test_the_criteria_are_where_they_are_looked_for() -> None:
    assert ready_spec("demo").read_text("utf-8").startswith("#")
