"""Where the consultant comes from: the spec, and for the rest the settings file."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from segmenter.cli import cli
from segmenter.cli.consultant import consultant_of, settings_file
from segmenter.errors import SegmenterError
from segmenter.spec import load
from segmenter.spec.model import Spec
from tests.support.command_line import Desk, desk
from tests.test_spec_consultant import SPEC, SVG

__all__ = ["desk"]


def spec_in(folder: Path, consultant: str) -> Spec:
    file = folder / "x.yaml"
    file.write_text(SPEC.replace("CONSULTANT", consultant), "utf-8")
    return load(file)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    file = folder / "settings.yaml"
    file.write_text("consultant: {firm: AsesórateYa, phone: +56 9 5555, logo: firm.svg}", "utf-8")
    (folder / "firm.svg").write_text(SVG)
    monkeypatch.setenv("SEGMENTER_SETTINGS", str(file))
    return file


def test_the_settings_fill_up_what_the_spec_says(tmp_path: Path, settings: Path) -> None:
    found = consultant_of(spec_in(tmp_path, "consultant: {firm: Otra, name: Luis}"))
    assert (found.firm, found.name, found.phone) == ("Otra", "Luis", "+56 9 5555")
    assert found.picture.startswith("data:image/svg+xml")
    assert consultant_of(None).firm == "AsesórateYa"


def test_validate_says_that_the_logo_is_not_there(tmp_path: Path, desk: Desk) -> None:
    spec_in(tmp_path, "consultant: {name: Luis, logo: none.svg}")
    error = desk.done("validate", str(tmp_path / "x.yaml"), "--offline", code=1).stderr
    assert error.strip() == (
        f"{tmp_path / 'x.yaml'}:3:26: The logo {tmp_path / 'none.svg'} cannot be read: there is no such file or "
        "folder; put it there, or name where it is"
    )


def test_a_logo_of_the_spec_that_is_not_there_is_not_replaced_by_another(
    tmp_path: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with click.Context(cli):
        found = consultant_of(spec_in(tmp_path, "consultant: {name: Luis, logo: none.svg}"))
    assert (found.name, found.picture) == ("Luis", "")
    assert "x.yaml:3:26: The logo" in " ".join(capsys.readouterr().err.split())


def test_the_logo_of_the_settings_is_missed_by_name(tmp_path: Path, settings: Path, desk: Desk) -> None:
    (settings.parent / "firm.svg").unlink()
    spec_in(tmp_path, "consultant: {name: Luis}")
    error = desk.done("validate", str(tmp_path / "x.yaml"), "--offline", code=1).stderr
    assert error.startswith(f"{settings}: The logo {settings.parent / 'firm.svg'} cannot be read")


def test_a_settings_file_that_is_named_and_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEGMENTER_SETTINGS", str(tmp_path / "none.yaml"))
    with pytest.raises(SegmenterError, match="cannot be read: there is no such file"):
        consultant_of(None)


def test_the_usual_place_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SEGMENTER_SETTINGS")
    monkeypatch.setattr("click.get_app_dir", lambda name: str(tmp_path / name))
    assert settings_file() is None
    (tmp_path / "segmenter").mkdir()
    (tmp_path / "segmenter" / "settings.yaml").write_text("consultant: {name: Luis}")
    assert consultant_of(None).name == "Luis"
