"""Which versions a fact of some versions is of."""

from __future__ import annotations

import pytest

from tests.support.versions import some_versions


@pytest.mark.parametrize(
    ("told", "versions"),
    [
        ("14", ["14"]),
        ("16 to 18", ["16", "17", "18"]),
        ("to 15", ["14", "15"]),
        ("17 on", ["17", "18", "19"]),
        ("13", []),
        ("18 to 16", []),
        ("16+", []),
        ("", []),
    ],
)
def test_some_versions_are_told_in_words(told: str, versions: list[str]) -> None:
    assert sorted(some_versions(told)) == versions
