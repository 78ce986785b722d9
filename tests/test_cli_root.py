from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from segmenter import __version__, i18n
from segmenter.cli import cli
from segmenter.cli.root import COMMANDS


@pytest.mark.parametrize(
    "words", [["--lang", "es", "--help"], ["--help", "--lang=es"], ["plan", "--help", "--lang", "es"]]
)
def test_the_language_is_known_before_the_first_sentence(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(i18n, "use_language", asked.append)
    monkeypatch.setattr("segmenter.cli.root.use_language", asked.append)
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert asked[0] == "es"


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"]], ids=" ".join)
def test_help_changes_its_language_while_the_process_lives(words: list[str]) -> None:
    said = {one: CliRunner().invoke(cli, ["--lang", one, *words]).stdout for one in ("es", "en", "es")}
    assert "Show this message and exit." in said["en"]
    assert "Muestra este mensaje y termina." in said["es"]


def test_what_stands_for_a_value_is_in_the_users_language() -> None:
    said = {
        (one, command): CliRunner().invoke(cli, ["--lang", one, command, *words]).output
        for one in ("es", "en")
        for command, words in (("plan", ["--help"]), ("undo", []), ("report", ["--help"]))
    }
    assert "segmenter plan [OPTIONS] SPEC" in said["en", "plan"]
    assert "--from FILE" in said["en", "plan"]
    assert "segmenter plan [OPCIONES] SPEC" in said["es", "plan"]
    assert "--from ARCHIVO" in said["es", "plan"]
    assert "Missing argument 'RUN'" in said["en", "undo"]
    assert "Falta el argumento 'EJECUCIÓN'" in said["es", "undo"]
    assert "PLAN|EJECUCIÓN" in said["es", "report"]


def test_no_english_stands_for_a_value_in_spanish_help() -> None:
    with i18n.speaking("es"):
        for name in COMMANDS:
            command = cli.get_command(click.Context(cli), name)
            assert command is not None
            ctx = click.Context(command, info_name=name)
            pieces = command.collect_usage_pieces(ctx)
            options = (one for one in command.get_params(ctx) if isinstance(one, click.Option) and not one.is_flag)
            pieces += [one.make_metavar(ctx) for one in options if not isinstance(one.type, click.Choice)]
            words = {word for piece in pieces for word in re.findall(r"\b[A-Z]{2,}\b", piece)}
            assert words <= SAME, name


SAME = {
    *("SPEC", "PLAN", "ID", "URL", "CARPETA", "ARCHIVO", "FECHA", "HORA", "TEXTO", "CLIENTE", "COMANDO", "OPCIONES"),
    *("MOTIVO", "LUGAR", "NOMBRE", "REGISTRO", "SEGUNDOS", "USUARIO", "ZONA", "HUELLA", "MOMENTO", "ENTERO"),
}
"""Words of capitals, without those that have an accent."""


def test_what_comes_after_two_dashes_is_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("segmenter.cli.root.use_language", asked.append)
    CliRunner().invoke(cli, ["init", "--", "--lang=es", "x", "y"])
    assert asked == []


def test_a_language_that_is_unknown_is_refused_in_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_LANG", "es")
    i18n.use_language(None)
    said = CliRunner().invoke(cli, ["--lang", "xx", "runs"]).stderr
    assert said.startswith("Uso: segmenter")


def test_the_version() -> None:
    assert CliRunner().invoke(cli, ["--version"]).stdout == f"segmenter {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plna"], "No such command 'plna'."),
        (["plan"], "Missing argument 'SPEC'."),
        (["plan", "x.yaml", "--formt", "json"], "No such option"),
        (["apply", "P1", "--connections", "99"], "not in the range"),
        (["--lang", "fr", "runs"], "'fr'"),
    ],
)
def test_usage_errors_answer_2_on_stderr(words: list[str], said: str) -> None:
    result = CliRunner().invoke(cli, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_click_speaks_our_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    class Catalogue:
        def gettext(self, message: str) -> str:
            return {"Missing argument": "Falta el argumento", "Usage:": "Uso:"}.get(message, message)

        def ngettext(self, one: str, many: str, number: int) -> str:
            return one if number == 1 else many

    monkeypatch.setattr(i18n, "_catalogue", lambda _language: Catalogue())
    said = CliRunner().invoke(cli, ["plan"]).stderr
    assert "Uso: segmenter plan" in said
    assert "Falta el argumento 'SPEC'." in said


def test_what_is_no_number_is_refused_in_the_users_language() -> None:
    said = CliRunner().invoke(cli, ["demo", "--port", "treinta", "--lang", "es"]).stderr
    assert "'treinta' no es un valor válido de tipo número entero." in said
