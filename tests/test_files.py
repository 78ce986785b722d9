"""What the command line writes is its user's alone, and goes through no link that somebody else may have made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from segmenter.cli import cli
from segmenter.errors import SegmenterError
from segmenter.files import refuse_shared_link

SPEC = """\
version: 1
client: {name: Viveros, language: es_CL, timezone: America/Santiago}
scope: {model: crm.lead}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - {name: Alto, when: {expected_revenue: {">=": 5000}}}
"""
EXPORT = "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo\n1,Hotel Sol,9000,Nuevo,,Baja,Oportunidad\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "e.csv").write_text(EXPORT, "utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, [*words])


def test_ledgers_reports_workbooks_and_bundles_are_for_their_owner_alone(folder: Path) -> None:
    here = set(folder.iterdir())
    for words in (
        ["plan", "a.yaml", "--from", "e.csv"],
        ["report", "P1", "--html", "i.html", "--xlsx", "i.xlsx"],
        ["show", "P1", "--output", "p.json"],
        ["handover", "a.yaml", "--output", "h.zip"],
        ["init", "Otra"],
    ):
        result = run(*words)
        assert result.exit_code == 0, (words, result.output)
    made = {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir() if file not in here}
    assert {"segmenter.ledger", "i.html", "i.xlsx", "p.json", "h.zip"} <= made.keys()
    assert set(made.values()) == {"0o600"}


@pytest.mark.parametrize("words", [["plan", "a.yaml", "--from", "e.csv"], ["runs"], ["status"]])
def test_no_ledger_is_opened_through_a_link_in_a_shared_folder(folder: Path, words: list[str]) -> None:
    (folder / "mine").write_text("precious", "utf-8")
    (folder / "segmenter.ledger").symlink_to(folder / "mine")
    folder.chmod(0o777)
    result = run(*words)
    assert result.exit_code == 1
    assert "is a symbolic link in a folder that others may write; name the file that it points to" in result.output
    assert (folder / "mine").read_text("utf-8") == "precious"


@pytest.mark.parametrize("option", ["--html", "--xlsx"])
def test_no_report_is_written_through_a_link_in_a_shared_folder(folder: Path, option: str) -> None:
    assert run("plan", "a.yaml", "--from", "e.csv").exit_code == 0
    shared = folder / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    ending = f"r.{option.removeprefix('--')}"
    (shared / ending).symlink_to(folder / "mine")
    result = run("report", "P1", option, f"shared/{ending}")
    assert result.exit_code == 1
    assert "is a symbolic link in a folder that others may write" in result.output
    assert not (folder / "mine").exists()


def test_a_link_in_a_folder_of_ones_own_is_followed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there")
    tmp_path.chmod(0o755)
    refuse_shared_link(link)
    tmp_path.chmod(0o775)
    with pytest.raises(SegmenterError):
        refuse_shared_link(link)
