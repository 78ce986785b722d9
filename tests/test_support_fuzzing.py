"""The hunt itself: it repeats itself, stops in time, and keeps what it finds."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.support import fuzzing
from tests.support.fuzzing import LEAST, Entrance, Fuzz

ENTRANCE = Entrance("trial", ".txt")


@pytest.fixture(autouse=True)
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fuzzing, "CORPUS", tmp_path)
    return tmp_path


def number(random: Random) -> bytes:
    return str(random.randrange(1_000)).encode()


def hunted(seed: int) -> list[bytes]:
    seen: list[bytes] = []
    Fuzz(0, seed).hunt(ENTRANCE, number, seen.append)
    return seen


def test_a_seed_gives_the_same_cases_again_and_another_seed_others(corpus: Path) -> None:
    assert hunted(1) == hunted(1) != hunted(2)
    assert len(hunted(1)) == LEAST
    assert list(corpus.iterdir()) == []


def test_more_time_gives_more_cases() -> None:
    seen: list[bytes] = []
    Fuzz(0.05, 1).hunt(ENTRANCE, number, seen.append)
    assert seen[:LEAST] == hunted(1)
    assert len(seen) > LEAST


def test_a_case_that_breaks_the_law_is_kept_and_its_seed_told() -> None:
    def holds(case: bytes) -> None:
        assert case != hunted(3)[4]

    with pytest.raises(AssertionError) as caught:
        Fuzz(0, 3).hunt(ENTRANCE, number, holds)
    assert "case 4 of seed 3 (--fuzz-seed=3)" in caught.value.__notes__[0]
    (kept,) = ENTRANCE.kept()
    assert kept.values == (hunted(3)[4],)  # type: ignore[attr-defined]


def test_an_entrance_without_a_kept_case_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        ENTRANCE.kept()
