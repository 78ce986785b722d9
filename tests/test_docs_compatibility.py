"""The page on versions holds what the live tests found, and only that."""

from __future__ import annotations

import fnmatch
import json
import re
from pathlib import Path

import pytest

from tests.support.compatibility import (
    ALL_PASSED,
    ANNOUNCED,
    CAPABILITIES,
    OVER_JSON_2,
    PLANNED,
    CannotTell,
    Capability,
    all_passed,
    main,
    table,
)
from tests.support.measured import Run, as_json, from_json, kept_runs, run_of
from tests.support.version_facts import BETWEEN, BY_HAND, FACTS, UNASKED, Fact
from tests.support.wires import JOB

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "compatibility.md"
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


def results(**others: str) -> dict[str, dict[str, str]]:
    """A run in which everything passed, but for ``others``: pattern -> outcome."""
    other = {f"tests/{pattern}".replace("*", "x"): outcome for pattern, outcome in others.items()}
    return {version: {**tests, **other} for version, tests in all_passed().items()}


def ran(version: int, **others: str) -> Run:
    """A run on a version between, in which everything passed but for ``others``."""
    return run_of(version, "2026-12-01", "community", results(**others)["19"])


def test_the_page_is_what_a_run_in_which_all_passed_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert PAGE.read_text(encoding="utf-8") == table(results(), kept_runs())
    assert main([ALL_PASSED]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8")


def test_a_test_that_fails_shows() -> None:
    found = table(results(**{CAPABILITIES[0].tests[0]: "failed"}), {})
    assert f"| {CAPABILITIES[0].name} | fails | inferred |" in found


def test_a_test_that_did_not_run_is_not_made_up() -> None:
    found = results()
    del found["14"][f"tests/{CAPABILITIES[0].tests[0]}".replace("*", "x")]
    with pytest.raises(CannotTell, match="ran on Odoo 14"):
        table(found, {})


def test_a_difference_that_was_not_measured_is_not_told() -> None:
    (gone,) = UNASKED["ACTIVITIES_STAY_SINCE"].tests
    assert "| a record is archived | fails | fails |" in table(results(**{gone: "failed"}), {})


def test_nothing_is_inferred_that_goes_by_a_number_that_nobody_measured() -> None:
    rests = {name for one in CAPABILITIES for name in one.rests_on}
    assert rests == set(UNASKED), "each of these numbers can make some line unknown"
    lines = table(results(), {}).splitlines()
    for capability in CAPABILITIES:
        (line,) = (one for one in lines if one.startswith((f"| {capability.name} |", f"| {capability.name}<")))
        cells = [cell.strip() for cell in line.split("|")[3:7]]
        unseen = {
            version: capability.unknown or any(version not in UNASKED[name].measured for name in capability.rests_on)
            for version in BETWEEN
        }
        assert cells == ["unknown" if unseen[version] else "inferred" for version in BETWEEN]


def test_a_favourite_on_15_was_not_asked_about() -> None:
    lines = [one for one in table(results(), {}).splitlines() if "shared favourites made" in one]
    assert "| measured | unknown | inferred | inferred | inferred | measured |" in lines[0]


def test_a_run_on_a_version_between_is_shown_with_its_day() -> None:
    kinds = {CAPABILITIES[0].tests[0]: "failed", CAPABILITIES[2].tests[0]: "needs a shell inside Odoo"}
    page = table(results(), {16: ran(16), 17: ran(17, **kinds)})
    assert f"| {CAPABILITIES[0].name} | measured | inferred | measured | fails | inferred | measured |" in page
    cells = "measured | inferred | measured | measured in part | inferred | measured"
    assert f"| {CAPABILITIES[2].name} | {cells} |" in page
    (said,) = (one for one in page.split("\n\n") if one.startswith("- Odoo 17"))
    assert re.match(r"- Odoo 17 \(community\), 2026-12-01, \d+ files of tests: \d+ passed, ", said)
    assert "1 failed, 1 left out." in said
    assert "  Left out: 1 needs a shell inside Odoo." in said
    assert f"  Failed: `tests/{CAPABILITIES[0].tests[0].replace('*', 'x')}`." in said


def test_a_run_tells_numbers_that_nobody_asked_by_hand() -> None:
    capitals = UNASKED["FAVOURITES_TELL_CAPITALS_SINCE"]
    assert 15 not in capitals.measured
    assert capitals.with_runs({15: ran(15)}).measured[15] == 14
    assert capitals.with_runs({15: ran(15, **{capitals.tests[0]: "failed"})}) == capitals
    assert f"| {capitals.what} | as 14 | as 14 | as 14 | as 19 |" in table(results(), {15: ran(15)})


def test_a_run_is_kept_without_its_parameters() -> None:
    tests = {
        "tests/test_a.py::test_b[x]": "passed",
        "tests/test_a.py::test_b[y]": "needs SQL",
        "tests/b.py::c": "failed",
    }
    run = run_of(17, "2026-12-01", "community", tests)
    assert from_json(17, as_json(run)) == run
    assert "[x]" not in as_json(run)
    assert run.outcomes(["test_a.py::*"]) == {"passed", "left out"}
    assert run.failing() == ["tests/b.py::c"]
    assert run.cases == {"passed": 1, "needs SQL": 1, "failed": 1}


@pytest.mark.parametrize("name", UNASKED)
def test_each_number_is_what_was_measured_by_hand(name: str) -> None:
    fact = UNASKED[name]
    assert fact.measured == {version: 19 if version >= fact.since else 14 for version in fact.measured}


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
    files = []
    for version, tests in results().items():
        files.append(tmp_path / f"{version}.json")
        files[-1].write_text(json.dumps({version: tests}), encoding="utf-8")
    assert main([str(file) for file in files]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8")
    assert main([str(files[0])]) == 1


def test_what_ci_runs_over_json_2_is_there() -> None:
    found = results()
    del found[OVER_JSON_2][f"tests/{JOB[0]}::x"]
    with pytest.raises(CannotTell, match=f"tests/{JOB[0]}::\\* ran on Odoo 19 over JSON-2"):
        table(found, {})
    assert all((ROOT / "tests" / file).exists() for file in JOB)
    assert "--api json2" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", [*CAPABILITIES, *FACTS], ids=lambda one: getattr(one, "name", "") or one.what)
def test_each_row_names_tests_that_are_there(row: Capability | Fact) -> None:
    for pattern in row.tests:
        name, _colons, test = pattern.partition("::")
        files = [path.read_text("utf-8") for path in (ROOT / "tests").glob(name) if path.suffix == ".py"]
        assert fnmatch.filter([found for text in files for found in TEST.findall(text)], test or "*"), pattern
