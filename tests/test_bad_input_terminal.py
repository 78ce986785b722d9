"""Terminals, pipes and machines as one finds them: each command line is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bad_input import Office, says
from tests.support.bad_input import office as office

LEDGER = "segmenter.ledger"


def _process(
    folder: Path, *words: str, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """One command line, ended: nothing of this machine's locale or home unless it is given."""
    clean = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], **environment}
    command = [sys.executable, "-m", "segmenter", *words]
    return subprocess.run(
        command, cwd=folder, env=clean, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=60
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's ledger, whose names are Spanish; made without a home, without a locale, in ASCII."""
    folder = tmp_path_factory.mktemp("demo")
    done = _process(folder, "demo", "--folder", ".", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    return folder


@pytest.mark.parametrize("words", [["show", "P1"], ["runs", "--verify"]])
def test_a_terminal_that_shows_ascii_alone(demo: Path, words: list[str]) -> None:
    done = _process(demo, *words, PYTHONIOENCODING="ascii", SEGMENTER_LANG="es")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_programs_get_every_letter_from_an_ascii_terminal(demo: Path) -> None:
    done = _process(demo, "show", "P1", "--format", "json", PYTHONIOENCODING="ascii")
    assert "Interés" in {one["segmentation"] for one in json.loads(done.stdout.decode("utf-8"))["segments"]}
    assert "Interés" in _process(demo, "show", "P1", "--format", "csv", PYTHONIOENCODING="ascii").stdout.decode("utf-8")


@pytest.mark.parametrize("columns", ["1", "0"])
def test_a_very_narrow_terminal(demo: Path, columns: str) -> None:
    done = _process(demo, "show", "P1", COLUMNS=columns, PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@pytest.mark.parametrize("words", [["show", "P1", "--all"], ["show", "P1", "--format", "csv"]])
def test_a_reader_that_has_had_enough(demo: Path, words: list[str]) -> None:
    """As in ``segmenter show P1 | head``: no complaint, whatever the code."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = _process(demo, *words, stdout=writing, PYTHONIOENCODING="utf-8")
    finally:
        os.close(writing)
    assert done.stderr == b""


def test_an_output_that_takes_nothing(demo: Path, office: Office) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is always full")
    with Path("/dev/full").open("wb") as full:
        done = _process(demo, "runs", stdout=full.fileno(), SEGMENTER_LANG=office.language, PYTHONIOENCODING="utf-8")
    told = says(
        "A failure of this machine at {what}: {reason}; look at its disk and at the rights there",
        what=says("the output"),
        reason=says("its disk is full"),
    )
    assert (done.returncode, done.stderr.decode("utf-8")) == (1, f"{told}\n")


def test_no_output_at_all(demo: Path) -> None:
    command = 'exec "$0" -m segmenter runs >&- 2>&-'
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(["sh", "-c", command, sys.executable], cwd=demo, env=environment, timeout=60).returncode == 0


def test_other_languages_read_english(demo: Path) -> None:
    done = _process(demo, "apply", "P9", "--yes", SEGMENTER_LANG="fr", LANG="fr_FR.UTF-8")
    told = f"There is no plan P9 in the ledger {demo / LEDGER}; the latest is P1\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", told)


def test_an_unknown_language_on_the_command_line(demo: Path) -> None:
    done = _process(demo, "runs", "--lang", "fr")
    assert done.returncode == 2
    assert "'fr' is not one of 'es', 'en'." in done.stderr.decode()


def test_a_keyring_that_is_not_there(office: Office) -> None:
    office.write()
    done = _process(
        office.folder,
        "check",
        "viveros.yaml",
        PYTHON_KEYRING_BACKEND="no.such.Backend",
        SEGMENTER_LANG=office.language,
        PYTHONIOENCODING="utf-8",
    )
    told = says(
        "There is no API key for {user} at {url}",
        "set SEGMENTER_API_KEY, or keep it with: keyring set segmenter {name}",
        user=office.user,
        url=office.url,
        name=f"{office.user}@{office.url}/{office.database}",
    )
    assert (done.returncode, done.stdout, done.stderr.decode("utf-8")) == (2, b"", f"{told}\n")
