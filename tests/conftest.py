"""What every test stands on: English messages, a wide terminal without colour, nothing from the machine's settings."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from segmenter import i18n
from tests.support import fuzzing, live_results, nginx, versions, wires
from tests.support.backends import backend as backend  # the fixtures, for every test module
from tests.support.bounded import questions_stay_small as questions_stay_small
from tests.support.fuzzing import fuzz as fuzz

# The same examples each time and no stop-watch, so that a red run can be repeated; `--hypothesis-profile explore`
# looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("repeatable")

SETTINGS = (
    *("SEGMENTER_LANG", "SEGMENTER_LEDGER", "SEGMENTER_API_KEY", "SEGMENTER_PASSWORD"),
    *("SEGMENTER_ADMIN_LOGIN", "SEGMENTER_ADMIN_KEY"),
    *("NO_COLOR", "FORCE_COLOR"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    versions.add_option(parser)
    wires.add_option(parser)
    live_results.add_option(parser)
    fuzzing.add_option(parser)
    nginx.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    live_results.register(config)
    wires.choose(config)
    versions.use_server(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    versions.deselect_others(config, items)
    wires.deselect_others(config, items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    wires.say_what_was_left_out(terminalreporter, config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    versions.tell_what_is_lacking(call, report)
    return report


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEGMENTER_SETTINGS", os.devnull)
    # How wide a table may be must not depend on who runs the tests: where nobody says, it would be 80 columns.
    monkeypatch.setenv("COLUMNS", "140")
    i18n.use_language("en")
    yield
    i18n.use_language(None)
