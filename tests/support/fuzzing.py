"""Tries of an entrance with broken input, for as long as they may take, and the cases that are kept for ever.

A fuzz test of an entrance (the wire, the ledger, a spec, an export) is two functions and a folder:

    ENTRANCE = Entrance("spec", ".yaml")

    def broken(random: Random) -> bytes: ...    # one case; everything in it comes from ``random``
    def holds(case: bytes) -> None: ...         # the law: raises where the case breaks it

    @pytest.mark.parametrize("case", ENTRANCE.kept())
    def test_what_was_kept(case: bytes) -> None:
        holds(case)

    def test_whatever_comes(fuzz: Fuzz) -> None:
        fuzz.hunt(ENTRANCE, broken, holds)

A case that breaks the law is written to ``tests/corpus/<entrance>/``, so that the first of the two replays it from then
on: commit the file with what mends it. `--fuzz-seconds` gives each hunt more time, `--fuzz-seed` other cases.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

CORPUS = Path(__file__).parents[1] / "corpus"
SECONDS, SEED = 2.0, 1
LEAST = 20
"""Cases that are tried however slow the machine is."""


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--fuzz-seconds`` and ``--fuzz-seed``."""
    parser.addoption("--fuzz-seconds", type=float, default=SECONDS, help="how long each fuzz test may try")
    parser.addoption("--fuzz-seed", type=int, default=SEED, help="the seed that the cases of fuzz tests come from")


@dataclass(frozen=True)
class Entrance:
    """A way by which something from outside comes in. ``suffix``: of the files in its folder."""

    name: str
    suffix: str

    def kept(self) -> list[object]:
        """Every case in the folder, as parameters of a test, named by their files. Raises where there is none."""
        paths = sorted((CORPUS / self.name).glob(f"*{self.suffix}"))
        if not paths:
            raise FileNotFoundError(CORPUS / self.name)
        return [pytest.param(path.read_bytes(), id=path.name) for path in paths]

    def keep(self, case: bytes) -> Path:
        """Write a case into the folder, under a name that it alone has."""
        path = CORPUS / self.name / f"{hashlib.sha256(case).hexdigest()[:12]}{self.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case)
        return path


@dataclass(frozen=True)
class Fuzz:
    """How long to try, and from which seed."""

    seconds: float
    seed: int

    def hunt(
        self,
        entrance: Entrance,
        broken: Callable[[Random], bytes],
        holds: Callable[[bytes], None],
        *,
        least: int = LEAST,
    ) -> None:
        """Try case after case until the time is up, ``least`` of them even so.

        The n-th case is the same for the same seed, whatever the time.
        """
        ends, number = time.monotonic() + self.seconds, 0
        while number < least or time.monotonic() < ends:
            case = broken(Random(f"{entrance.name} {self.seed} {number}"))
            try:
                holds(case)
            except Exception as error:
                path = entrance.keep(case)
                error.add_note(f"fuzz: case {number} of seed {self.seed} (--fuzz-seed={self.seed}), kept as {path}")
                raise
            number += 1


@pytest.fixture
def fuzz(request: pytest.FixtureRequest) -> Fuzz:
    """As long, and from the seed, as the command line says."""
    return Fuzz(request.config.getoption("--fuzz-seconds"), request.config.getoption("--fuzz-seed"))
