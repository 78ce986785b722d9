from __future__ import annotations

import io
import json
import sys

import click
import pytest
from rich.text import Text

from segmenter.cli import output
from segmenter.cli.root import cli
from segmenter.cli.settings import Settings
from segmenter.reports import csvs, jsons


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def _printed(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **settings: bool) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm-256color")
    with click.Context(cli, obj=Settings(**settings)):  # type: ignore[arg-type]
        output.out().print(Text("green", "bold green"))
    return stream.getvalue()


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in _printed(monkeypatch, _Terminal())


def test_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert _printed(monkeypatch, io.StringIO()) == "green\n"
    assert _printed(monkeypatch, _Terminal(), colour=False) == "green\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert _printed(monkeypatch, _Terminal()) == "green\n"


def test_text_of_a_crm_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with click.Context(cli, obj=Settings()):
        output.out().print("[bold]\x1b[31m:smile:[/bold]")
    assert stream.getvalue() == "[bold]�[31m:smile:[/bold]\n"


def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with click.Context(cli, obj=Settings(format="json")):
        output.show("thing", lambda: {"a": 1}, lambda: pytest.fail("not asked for"))
        output.say("by the way")
    assert capsys.readouterr() == ('{\n  "kind": "thing",\n  "schema": 2,\n  "a": 1\n}\n', "by the way\n")


NAME = "Hotel\u202eloS\x1b[2J\x9b\x07"


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_data_shown_on_a_terminal_cannot_steer_it(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    shown = _Terminal()
    monkeypatch.setattr(sys, "stdout", shown)
    if kind == "json":
        jsons.write(output.data(), "x", {"name": NAME}, rows=[{"name": NAME}])
        assert json.loads(shown.getvalue())["rows"] == [{"name": NAME}]
    else:
        csvs.write(output.data(), ["name", "city"], [[NAME, "Lima"]])
        assert shown.getvalue() == "name,city\nHotel\\u202eloS\\u001b[2J\\u009b\\u0007,Lima\n"
    assert not set("\u202e\x1b\x9b\x07") & set(shown.getvalue())


def test_data_for_a_program_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.StringIO()
    monkeypatch.setattr(sys, "stdout", piped)
    csvs.write(output.data(), ["name"], [[NAME]])
    assert NAME in piped.getvalue()
