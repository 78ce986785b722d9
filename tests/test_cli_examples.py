"""Every command is documented, in both languages, and its examples are real command lines."""

from __future__ import annotations

import shlex

import click
import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.cli.command import Command
from segmenter.cli.root import COMMANDS

SPEECHES = ("en", "es")


def _command(name: str) -> Command:
    found = cli.get_command(click.Context(cli), name)  # type: ignore[attr-defined]
    assert isinstance(found, Command)
    return found


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("language", SPEECHES)
def test_help_has_an_example(name: str, language: str) -> None:
    said = CliRunner().invoke(cli, [name, "--help", "--lang", language])
    assert said.exit_code == 0
    assert f"\n  segmenter {name}" in said.stdout
    assert "  # " in said.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    options = [one for one in _command(name).params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


@pytest.mark.parametrize("line", [line for name in COMMANDS for line, _purpose in _command(name).examples])
def test_examples_parse(line: str) -> None:
    program, name, *words = shlex.split(line.split(" > ")[0].split(" >> ")[0])
    assert program == "segmenter"
    with _command(name).make_context(name, words):
        pass


def test_the_list_of_commands_is_in_the_order_of_the_work() -> None:
    said = CliRunner().invoke(cli, ["--help"]).stdout
    places = [said.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
