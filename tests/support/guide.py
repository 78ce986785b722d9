"""The screens of ``docs/guia-del-consultor.md``: ``python -m tests.support.guide`` writes them again.

A screen is a block of the page under a comment that says how it comes about. Its command lines are run, in the page's
order, and what they print is put below them:

    <!-- screen {at: 2026-11-05 10:40, show: [3, [Zona, 5]]} -->
    ```console
    $ segmenter plan viveros.yaml
    ...
    ```

``at``: the hour on the client's clock. ``first``: what happens before, by its name in `tests.support.guide_story`.
``answer``: what is typed. ``exit``: the exit code that it must end with, 0 if not said. ``show``: the parts that are
kept: the first n lines (n), the last ones (-n), n lines from the one that holds a text ([text, n]); everything if not
said. ``file``: the block holds lines of this file instead. What is left out leaves «…», and so do durations and the
ledger's head, which are others each time. ``--picture`` takes the picture of the report too, in a real Chromium.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests.support import screenshot
from tests.support.guide_story import Story, story

PAGE = Path(__file__).parents[2] / "docs" / "guia-del-consultor.md"
PICTURE = PAGE.parent / "images" / "informe.png"
CUT = "…"
_VARYING = (
    re.compile(r"(?<=huella final)(:?\s+)[0-9a-f]{64}"),
    re.compile(r"(?<=Duración)(\s+)[\d.,]+ s \([\d.,]+ registros? por segundo\)"),
)
_SCREEN = re.compile(r"(<!-- screen (\{.*?\}) -->\n```\w+\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)


class BadScreen(Exception):
    """A screen cannot be made; the text says which and why."""


def again(page: str, folder: Path) -> str:
    """The page with its screens made in ``folder``, which is empty. Raises `BadScreen`."""
    with story(folder) as told:

        def made(found: re.Match[str]) -> str:
            head, how, body, foot = found.groups()
            return f"{head}{_screen(told, yaml.safe_load(how), body)}{foot}"

        return _SCREEN.sub(made, page)


def _screen(told: Story, how: dict[str, Any], body: str) -> str:
    """The lines between the fences."""
    if "at" in how:
        told.at(datetime.fromisoformat(str(how["at"])))
    for event in how.get("first", ()):
        told.happens(event)
    if "file" in how:
        return _cut((told.folder / how["file"]).read_text("utf-8"), how, how["file"])
    commands = re.findall(r"^\$ ((?:.*\\\n)*.*)\n", body, re.MULTILINE)
    if not commands:
        raise BadScreen(f"no command in: {body}")
    return "\n".join(f"$ {line}\n{_said(told, line, how)}" for line in commands)


def _said(told: Story, line: str, how: dict[str, Any]) -> str:
    """What one command line prints."""
    program, *words = shlex.split(line.replace("\\\n", " "))
    if program != "segmenter":
        raise BadScreen(f"{line}: not a command of segmenter")
    result = told.run(words, f"{how['answer']}\n" if "answer" in how else None)
    if result.exit_code != how.get("exit", 0):
        raise BadScreen(f"{line}: ended with {result.exit_code}: {result.output}")
    said = result.output
    for varying in _VARYING:
        said = varying.sub(rf"\1{CUT}", said)
    return _cut(said, how, line)


def _cut(text: str, how: dict[str, Any], of: str) -> str:
    """The parts of ``text`` that the page keeps."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    kept: set[int] = set()
    for part in how.get("show", [len(lines)]):
        start, number = part if isinstance(part, list) else ("", part)
        if number < 0:
            kept |= set(range(len(lines) + number, len(lines)))
            continue
        first = next((at for at, line in enumerate(lines) if start in line), None)
        if first is None:
            raise BadScreen(f"{of}: no line holds {start!r}: {text}")
        kept |= set(range(first, min(first + number, len(lines))))
    shown = [lines[at] if at in kept else CUT for at in range(len(lines)) if at in kept or not at or at - 1 in kept]
    return "".join(f"{line}\n" for line in shown)


def main(arguments: Sequence[str]) -> int:
    """Write the page again, and with ``--picture`` the picture of its report."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = again(PAGE.read_text("utf-8"), Path(folder))
        except BadScreen as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        if "--picture" in arguments:
            screenshot.photograph(Path(folder) / "informe-P1.html", PICTURE)
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
