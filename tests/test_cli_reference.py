from __future__ import annotations

from pathlib import Path

from segmenter.cli.reference import reference
from segmenter.cli.root import COMMANDS
from segmenter.errors import ExitCode

DOCUMENT = Path(__file__).parents[1] / "docs" / "cli.md"


def test_the_reference_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == reference() + "\n", "python -m segmenter.cli.reference > docs/cli.md"


def test_every_command_and_exit_code_is_in_it() -> None:
    text = reference()
    assert all(f"\n## {name}\n" in text for name in COMMANDS)
    assert all(f"\n| {code.value} | " in text for code in ExitCode)
