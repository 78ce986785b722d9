"""Counts of the differential suite, at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.differential.askers import embedded, real
from tests.support.differential.cases import with_cases
from tests.support.differential.checking import Everybody, Tally
from tests.support.differential.population import Rows, population
from tests.support.versions import asked

DATABASE = "differential"
TALLY = pytest.StashKey[Tally]()


@pytest.fixture(scope="session")
def rows() -> Rows:
    return with_cases(population())


@pytest.fixture(scope="session")
def everybody(request: pytest.FixtureRequest, rows: Rows) -> Iterator[Everybody]:
    """The CRM in memory, and one of each version, or of those that are asked for; the population in each."""
    versions = sorted(asked(request.config))
    with ThreadPoolExecutor(len(versions)) as pool:
        crms = list(pool.map(lambda version: real(version, rows, DATABASE), versions))
    with Everybody([embedded(rows), *crms], rows) as found:
        yield found


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What is printed when all tests are done."""
    return request.config.stash.setdefault(TALLY, Tally())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(TALLY, None)
    if found is not None:
        terminalreporter.section("differential testing of conditions")
        for line in found.lines():
            terminalreporter.line(line)
