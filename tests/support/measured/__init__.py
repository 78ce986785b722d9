"""Runs of the live suite on servers of 15 to 18, which CI does not have: what they found, and when.

``odoo17.json`` is such a run, made by ``python -m tests.support.measured`` from what ``--results=FILE`` kept:

    date, server    when it was made last, and on which Odoo
    cases           outcome -> how many tests, each with each of its parameters
    tests           file -> outcome -> its test functions, without parameters

``docs/compatibility.md`` shows them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

FOLDER = Path(__file__).parent
PASSED, FAILED, LEFT_OUT = "passed", "failed", "left out"


@dataclass(frozen=True)
class Run:
    """What the live suite found on one version. ``found``: (test, outcome); a test whose parameters ended in different
    ways is there once for each."""

    version: int
    date: str
    server: str
    cases: Mapping[str, int] = field(default_factory=dict)
    found: frozenset[tuple[str, str]] = frozenset()

    def outcomes(self, patterns: Sequence[str]) -> set[str]:
        """How the tests of these patterns ended, below ``tests/``; none when they did not run."""
        return {how for test, how in self.found if any(fnmatch(test, f"tests/{pattern}") for pattern in patterns)}

    def failing(self) -> list[str]:
        """The tests that failed."""
        return sorted(test for test, how in self.found if how == FAILED)


def run_of(version: int, date: str, server: str, tests: Mapping[str, str]) -> Run:
    """A run of these tests, as `tests.support.live_results` tells them."""
    found = {(test.partition("[")[0], how if how in (PASSED, FAILED) else LEFT_OUT) for test, how in tests.items()}
    return Run(version, date, server, Counter(tests.values()), frozenset(found))


def as_json(run: Run) -> str:
    """The file of a run: a line for each file of tests."""
    tests: dict[str, dict[str, list[str]]] = {}
    for test, how in sorted(run.found):
        file, _colons, name = test.partition("::")
        tests.setdefault(file, {}).setdefault(how, []).append(name)
    lines = [f"  {json.dumps(file)}: {json.dumps(outcomes, sort_keys=True)}" for file, outcomes in tests.items()]
    head = {"date": run.date, "server": run.server, "cases": dict(sorted(run.cases.items()))}
    top = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    return "{\n" + ",\n".join([*top, ' "tests": {\n' + ",\n".join(lines) + "\n }"]) + "\n}\n"


def from_json(version: int, text: str) -> Run:
    """What `as_json` wrote."""
    kept = json.loads(text)
    return Run(version, kept["date"], kept["server"], kept["cases"], frozenset(_found(kept["tests"])))


def _found(tests: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    for file, outcomes in tests.items():
        for how, names in outcomes.items():
            yield from ((f"{file}::{name}", how) for name in names)


def path_of(version: int) -> Path:
    """Where the run on a version is kept."""
    return FOLDER / f"odoo{version}.json"


def kept_runs() -> dict[int, Run]:
    """The runs in this folder, by version."""
    versions = sorted(int(file.stem.removeprefix("odoo")) for file in FOLDER.glob("odoo*.json"))
    return {version: from_json(version, path_of(version).read_text(encoding="utf-8")) for version in versions}
