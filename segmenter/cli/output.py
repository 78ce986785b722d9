"""Where things are printed: data to stdout, everything else to stderr, no colour where nobody sees it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from segmenter.cli.settings import settings
from segmenter.reports import jsons
from segmenter.reports.text import Writable, clean, spelled_out

PIPE_WIDTH = 140
"""Columns where there is no terminal to say how many it has."""


class SafeConsole(Console):
    """Prints text as it is (no markup) and never lets it steer the terminal."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Text of ours or of a CRM, made safe."""
        return super().render_str(clean(text), **options)


def _console(file: TextIO) -> SafeConsole:
    plain = not settings().colour or bool(os.environ.get("NO_COLOR"))
    width = None if file.isatty() else _columns()
    return SafeConsole(
        file=file, markup=False, highlight=False, emoji=False, width=width, color_system=None if plain else "auto"
    )


def _columns() -> int:
    """What ``COLUMNS`` says, if it says anything."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and int(said) else PIPE_WIDTH


def out() -> SafeConsole:
    """For what the command was asked for."""
    return _console(sys.stdout)


def err() -> SafeConsole:
    """For what goes on meanwhile, and for errors."""
    return _console(sys.stderr)


def somebody_there() -> bool:
    """Whether a question would be answered."""
    return sys.stdin.isatty()


def as_json() -> bool:
    """Whether stdout carries JSON."""
    return settings().format == "json"


class _Terminal:
    """A terminal that data is shown on: nothing in it may steer it, or turn the text around."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def write(self, text: str) -> int:
        """Write the text with escapes for what a terminal would obey."""
        return self.terminal.write(spelled_out(text))


def data() -> Writable:
    """For JSON and CSV: in UTF-8 whatever the terminal can show, so that no letter is lost on its way to a program."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return _Terminal(sys.stdout) if sys.stdout.isatty() else sys.stdout


def print_json(kind: str, document: Mapping[str, Any]) -> None:
    """One document to stdout."""
    jsons.write(data(), kind, document)


def show(kind: str, document: Callable[[], Mapping[str, Any]], report: Callable[[], RenderableType]) -> None:
    """Print one thing the way that ``--format`` asks for."""
    if as_json():
        print_json(kind, document())
    else:
        out().print(report())


def say(sentence: str, style: str = "") -> None:
    """A sentence by the way: on stderr, so that it never mixes with data."""
    err().print(Text(clean(sentence), style), soft_wrap=True)
