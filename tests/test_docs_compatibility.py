"""The page on versions holds what the live tests found, and only that."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path

import pytest

from tests.support.compatibility import ANNOUNCED, CAPABILITIES, PLANNED, CannotTell, Capability, main, table
from tests.support.version_facts import FACTS, MEASURED, UNASKED, Fact

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compatibility.md"
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


def results(**others: str) -> dict[str, dict[str, str]]:
    """A run in which everything passed, but for ``others``: pattern -> outcome."""
    patterns = [pattern for one in (*CAPABILITIES, *FACTS) for pattern in one.tests]
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


def test_a_difference_that_was_not_measured_is_not_told() -> None:
    (gone,) = UNASKED["ACTIVITIES_STAY_SINCE"].tests
    assert "| a record is archived | fails | fails |" in table(results(**{gone: "failed"}))


def test_nothing_is_inferred_that_goes_by_the_number_of_a_version() -> None:
    rests = {name for one in CAPABILITIES for name in one.rests_on}
    assert rests == set(UNASKED), "each of these numbers makes some line unknown"
    lines = table(results()).splitlines()
    for capability in CAPABILITIES:
        (line,) = (one for one in lines if one.startswith((f"| {capability.name} |", f"| {capability.name}<")))
        assert ("inferred" in line) is not bool(capability.rests_on or capability.unknown)


def test_a_line_rests_on_the_numbers_by_which_its_code_goes() -> None:
    rests = {one.name: set(one.rests_on) for one in CAPABILITIES}
    assert rests[PLANNED] == numbers("planning") | numbers("execution")
    assert rests[ANNOUNCED] == numbers("planning/side_effects") | numbers("planning")


def numbers(package: str) -> set[str]:
    """What the modules of a package, and not those of the packages in it, import from the table of versions."""
    texts = [path.read_text("utf-8") for path in (ROOT / "segmenter" / package).glob("*.py")]
    return {name for text in texts for name in re.findall(r"\b[A-Z_]+_SINCE\b", text)}


def test_without_results_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "--results=FILE" in capsys.readouterr().err


@pytest.mark.parametrize("row", [*CAPABILITIES, *FACTS], ids=lambda one: getattr(one, "name", "") or one.what)
def test_each_row_names_tests_that_are_there(row: Capability | Fact) -> None:
    for pattern in row.tests:
        name, _colons, test = pattern.partition("::")
        files = [path.read_text("utf-8") for path in (ROOT / "tests").glob(name) if path.suffix == ".py"]
        assert fnmatch.filter([found for text in files for found in TEST.findall(text)], test or "*"), pattern
