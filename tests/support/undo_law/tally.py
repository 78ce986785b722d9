"""What the law was tried on, version by version, told at the end of the run."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass
class Tally:
    """Of one CRM. ``fresh``: its specs are others in each run, of which ``seed`` tells."""

    crm: str = ""
    seed: int = 0
    fresh: bool = False
    specs: int = 0
    changes: int = 0

    def line(self) -> str:
        again = f"; --hypothesis-seed={self.seed} tries them again"
        return f"{self.crm}: {self.specs} random specs with {self.changes} changes applied and undone{again}"


TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What is printed when all tests are done."""
    tallies = request.config.stash.setdefault(TALLIES, [])
    tallies.append(Tally())
    return tallies[-1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tallies = [one for one in config.stash.get(TALLIES, []) if one.fresh]
    if tallies:
        terminalreporter.section("law of undo")
        for one in tallies:
            terminalreporter.line(one.line())
