"""The page on versions holds what the live tests found, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.compatibility import CAPABILITIES, MEASURED, CannotTell, Capability, main, table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compatibility.md"


def results(**others: str) -> dict[str, dict[str, str]]:
    """A run in which everything passed, but for ``others``: pattern -> outcome."""
    patterns = [pattern for one in CAPABILITIES for pattern in one.tests]
    return {
        version: {f"tests/{one}".replace("*", "x"): others.get(one, "passed") for one in patterns}
        for version in MEASURED
    }


def test_the_page_is_what_a_run_in_which_all_passed_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(results())


def test_a_test_that_fails_shows() -> None:
    found = table(results(**{CAPABILITIES[0].tests[0]: "failed"}))
    assert f"| {CAPABILITIES[0].name} | fails | inferred |" in found


def test_a_test_that_did_not_run_is_not_made_up() -> None:
    found = results()
    del found["14"][f"tests/{CAPABILITIES[0].tests[0]}".replace("*", "x")]
    with pytest.raises(CannotTell, match="ran on Odoo 14"):
        table(found)


def test_without_results_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "--results=FILE" in capsys.readouterr().err


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.name)
def test_each_capability_names_tests_that_are_there(capability: Capability) -> None:
    for pattern in capability.tests:
        assert list((ROOT / "tests").glob(pattern.partition("::")[0])), pattern
