"""What the live tests found, version by version: counted at the end of a run, and kept with ``--results=FILE``.

The file is JSON: version (`wires.called`) -> test (without the version in its id) -> "passed", "failed", or what a test
needs that the server lacks (`tests.live.servers.Lacking`). `tests.support.compatibility` makes a table of it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.support.wires import called

ELSEWHERE = "other"
"""Tests that need a real server of another kind than Odoo."""


class LiveResults:
    """A plugin: one per run."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._versions: dict[str, str] = {}
        self._found: dict[str, dict[str, str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember which version each test asks."""
        for item in session.items:
            mark = item.get_closest_marker("live")
            if mark is not None:
                self._versions[item.nodeid] = mark.args[0] if mark.args else ELSEWHERE

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test passed when its call passed and neither its fixtures nor its cleaning up failed."""
        version = self._versions.get(report.nodeid)
        if version is None or (report.when != "call" and report.passed):
            return
        here = self._found.setdefault(called(version), {})
        name = _without_version(report.nodeid, version)
        if here.get(name) != "failed":
            # What a test is left out for stands last, behind the file and the line.
            here[name] = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.outcome

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Count, and write the file."""
        for version, tests in sorted(self._found.items()):
            counted = ", ".join(f"{number} {outcome}" for outcome, number in sorted(Counter(tests.values()).items()))
            what = f"Odoo {version}" if version != ELSEWHERE else "other servers"
            terminalreporter.write_line(f"live tests on {what}: {counted}")
        if self._file:
            text = json.dumps(self._found, indent=1, sort_keys=True, ensure_ascii=False)
            Path(self._file).write_text(text + "\n", encoding="utf-8")


def _without_version(nodeid: str, version: str) -> str:
    """``test_x[live14-a]`` -> ``test_x[a]``, so that two versions' results can be laid side by side."""
    name, bracket, inside = nodeid.partition("[")
    kept = [part for part in inside.rstrip("]").split("-") if part != f"live{version}"]
    return f"{name}[{'-'.join(kept)}]" if bracket and any(kept) else name


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--results=FILE`` (with "=": pytest takes an existing file after a space for its root directory)."""
    parser.addoption("--results", metavar="FILE", help="under -m live: keep what each test found, by version, as JSON")


def register(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(LiveResults(config.getoption("--results")), "live-results")
