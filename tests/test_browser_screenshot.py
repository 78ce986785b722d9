from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import screenshot


@pytest.mark.browser
def test_the_picture_of_the_readme_can_be_taken(tmp_path: Path) -> None:
    screenshot.take(tmp_path / "report.png", "en")
    taken = (tmp_path / "report.png").read_bytes()
    assert taken.startswith(b"\x89PNG")
    assert len(taken) < 300_000
