from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.cli.reference import PAGES, reference
from segmenter.cli.root import COMMANDS
from segmenter.errors import ExitCode

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("language", PAGES)
def test_the_reference_is_current(language: str) -> None:
    page = (ROOT / PAGES[language]).read_text("utf-8")
    assert page == reference(language) + "\n", f"python -m segmenter.cli.reference {language} > {PAGES[language]}"


@pytest.mark.parametrize("language", PAGES)
def test_every_command_and_exit_code_is_in_it(language: str) -> None:
    text = reference(language)
    assert all(f"\n## {name}\n" in text for name in COMMANDS)
    assert all(f"\n| {code.value} | " in text for code in ExitCode)
