"""The page on versions holds what the live tests found, and only that."""

from __future__ import annotations

import fnmatch
import json
import re
from pathlib import Path

import pytest

from tests.support.compatibility import ANNOUNCED, CAPABILITIES, PLANNED, CannotTell, Capability, main, table
from tests.support.version_facts import BETWEEN, BY_HAND, FACTS, MEASURED, UNASKED, Fact

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


def test_nothing_is_inferred_that_goes_by_a_number_that_nobody_measured() -> None:
    rests = {name for one in CAPABILITIES for name in one.rests_on}
    assert rests == set(UNASKED), "each of these numbers can make some line unknown"
    lines = table(results()).splitlines()
    for capability in CAPABILITIES:
        (line,) = (one for one in lines if one.startswith((f"| {capability.name} |", f"| {capability.name}<")))
        cells = [cell.strip() for cell in line.split("|")[3:7]]
        unseen = {
            version: capability.unknown or any(version not in UNASKED[name].by_hand for name in capability.rests_on)
            for version in BETWEEN
        }
        assert cells == ["unknown" if unseen[version] else "inferred" for version in BETWEEN]


def test_a_favourite_on_15_was_not_asked_about() -> None:
    lines = [one for one in table(results()).splitlines() if "shared favourites made" in one]
    assert "| measured | unknown | inferred | inferred | inferred | measured |" in lines[0]


@pytest.mark.parametrize("name", UNASKED)
def test_each_number_is_what_was_measured_by_hand(name: str) -> None:
    fact = UNASKED[name]
    assert fact.by_hand == {version: 19 if version >= fact.since else 14 for version in fact.by_hand}


def test_what_was_measured_by_hand_is_of_numbers_that_the_code_goes_by() -> None:
    assert set(BY_HAND["numbers"]) <= set(UNASKED)
    assert all(set(row) == {"what", *BETWEEN} for row in BY_HAND["others"])


def test_a_line_rests_on_the_numbers_by_which_its_code_goes() -> None:
    rests = {one.name: set(one.rests_on) for one in CAPABILITIES}
    along = ("conversion", "contact_of_lead", "won_stage", "team_and_stage", "team_properties")
    assert rests[PLANNED] == numbers(
        "execution", "planning", "odoo/reader.py", *(f"behaviours/{name}.py" for name in along)
    )
    assert rests[ANNOUNCED] == numbers("behaviours")


def numbers(*places: str) -> set[str]:
    """The versions by which these modules and packages go, without the packages in them."""
    paths = [ROOT / "segmenter" / place for place in places]
    texts = [one.read_text("utf-8") for path in paths for one in (path.glob("*.py") if path.is_dir() else [path])]
    return {name for text in texts for name in re.findall(r"\b[A-Z_]+_SINCE\b", text)}


def test_without_results_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "--results=FILE" in capsys.readouterr().err


def test_parts_of_the_tests_may_have_run_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each version's tests in a run of their own, those of no version in one of the two."""
    files = [tmp_path / f"{version}.json" for version in MEASURED]
    for file, (version, tests) in zip(files, results().items(), strict=True):
        file.write_text(json.dumps({version: tests}), encoding="utf-8")
    assert main([str(file) for file in files]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8")
    assert main([str(files[0])]) == 1


@pytest.mark.parametrize("row", [*CAPABILITIES, *FACTS], ids=lambda one: getattr(one, "name", "") or one.what)
def test_each_row_names_tests_that_are_there(row: Capability | Fact) -> None:
    for pattern in row.tests:
        name, _colons, test = pattern.partition("::")
        files = [path.read_text("utf-8") for path in (ROOT / "tests").glob(name) if path.suffix == ".py"]
        assert fnmatch.filter([found for text in files for found in TEST.findall(text)], test or "*"), pattern
