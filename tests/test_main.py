"""``python -m segmenter`` and the entry point of the installed command."""

from __future__ import annotations

import runpy
import sys

import pytest

from segmenter import __version__
from segmenter.cli import main


def test_the_module_runs_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["segmenter", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("segmenter", run_name="__main__")
    assert (ended.value.code, __version__ in capsys.readouterr().out) == (0, True)


def test_a_closed_output_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "argv", ["segmenter", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    sys.stdout.close()
    assert ended.value.code == 0
