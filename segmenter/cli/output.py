"""Prints data to stdout and everything else to stderr, without colour where no terminal shows it."""

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
"""Columns of the output where it does not go to a terminal."""


class SafeConsole(Console):
    """Prints text literally: no markup, and nothing that a terminal would obey."""

    def render_str(self, text: str, **options: Any) -> Text:
        """The text without what a terminal would obey."""
        return super().render_str(clean(text), **options)


def _console(file: TextIO) -> SafeConsole:
    plain = not settings().colour or bool(os.environ.get("NO_COLOR"))
    width = None if file.isatty() else _columns()
    return SafeConsole(
        file=file, markup=False, highlight=False, emoji=False, width=width, color_system=None if plain else "auto"
    )


def _columns() -> int:
    """The width in ``COLUMNS``, or `PIPE_WIDTH`."""
    width = os.environ.get("COLUMNS", "")
    return int(width) if width.isdecimal() and int(width) else PIPE_WIDTH


def out() -> SafeConsole:
    """The console on stdout: for what the command was asked for."""
    return _console(sys.stdout)


def err() -> SafeConsole:
    """The console on stderr: for progress, questions and errors."""
    return _console(sys.stderr)


def somebody_there() -> bool:
    """Whether a person can answer a question: stdin is a terminal."""
    return sys.stdin.isatty()


def as_json() -> bool:
    """Whether stdout carries JSON."""
    return settings().format == "json"


class _Terminal:
    """A terminal on which data is shown, as a stream: control characters of the data are written as escapes."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def write(self, text: str) -> int:
        """Writes the text with escapes for what a terminal would obey."""
        return self.terminal.write(spelled_out(text))


def data() -> Writable:
    """The stream for JSON and CSV: always UTF-8, so that no letter is lost on its way to a program."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return _Terminal(sys.stdout) if sys.stdout.isatty() else sys.stdout


def print_json(kind: str, document: Mapping[str, Any]) -> None:
    """Prints one JSON document."""
    jsons.write(data(), kind, document)


def show(kind: str, document: Callable[[], Mapping[str, Any]], report: Callable[[], RenderableType]) -> None:
    """Prints the document or the report, as ``--format`` asks."""
    if as_json():
        print_json(kind, document())
    else:
        out().print(report())


def say(sentence: str, style: str = "") -> None:
    """Prints a sentence to stderr, where it does not mix with data."""
    err().print(Text(clean(sentence), style), soft_wrap=True)
