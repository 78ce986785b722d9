"""The consultant's guide shows what the commands print today, and quotes what they say."""

from __future__ import annotations

import io
import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from segmenter.errors import ExitCode
from segmenter.spec.starters import TRADES
from tests.support import guide
from tests.support.guide import BadScreen

TEXT = guide.PAGE.read_text("utf-8")


def rows(heading: str) -> list[str]:
    """The first cells of the table under a heading of it."""
    table = TEXT.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def test_every_screen_is_what_its_command_prints(tmp_path: Path) -> None:
    assert guide.again(TEXT, tmp_path) == TEXT, "python -m tests.support.guide"


def test_no_screen_is_made_by_hand() -> None:
    fences = re.findall(r"^(.*)\n```\w+\n", TEXT, re.MULTILINE)
    assert len(fences) > 20
    assert all(line.startswith("<!-- screen {") for line in fences)


def test_its_exit_codes_are_the_codes() -> None:
    assert [int(code) for code in rows("código")] == [code.value for code in ExitCode]


def test_the_messages_it_quotes_are_those_that_people_see() -> None:
    source = resources.files("segmenter").joinpath("locale/es/LC_MESSAGES/segmenter.po").read_bytes()
    said = "\n".join(str(message.string) for message in read_po(io.BytesIO(source), locale="es"))
    quoted = [words for row in rows("lo que se ve") for words in re.findall(r"«(.+?)»", row)]
    assert len(quoted) >= 5
    for words in quoted:
        assert re.search(re.escape(words).replace("…", "[^\n]+"), said), words


def test_it_names_every_trade_there_is_a_spec_for() -> None:
    assert all(name in TEXT for name in TRADES)


def test_its_picture_is_there_and_small() -> None:
    picture = guide.PICTURE.read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000


@pytest.mark.parametrize(
    ("screen", "why"),
    [
        ("<!-- screen {} -->\n```console\n$ segmenter status\n```\n", "ended with 1"),
        ("<!-- screen {exit: 2} -->\n```console\n$ segmenter status\n```\n", "ended with 1"),
        ("<!-- screen {} -->\n```console\n$ ls\n```\n", "not a command"),
        ("<!-- screen {} -->\n```console\n```\n", "no command"),
        ("<!-- screen {exit: 1, show: [[Cliente, 1]]} -->\n```console\n$ segmenter status\n```\n", "'Cliente'"),
    ],
)
def test_a_screen_that_cannot_be_made_is_told(screen: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadScreen, match=why):
        guide.again(screen, tmp_path)


def test_parts_of_a_screen_are_cut_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1\n2\n3\n4\n5\n6\n7\n", "utf-8")
    screen = "<!-- screen {file: a.txt, show: [1, ['4', 2], -1]} -->\n```text\nold\n```\n"
    assert guide.again(screen, tmp_path).split("```")[1] == "text\n1\n…\n4\n5\n…\n7\n"
