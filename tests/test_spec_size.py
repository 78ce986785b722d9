"""Specs far larger than a meeting's: refused at once, or read with work that grows with the text alone."""

from __future__ import annotations

import pytest

from segmenter.conditions import near
from segmenter.errors import SpecError
from segmenter.spec import logic, schema
from segmenter.spec.load import loads
from segmenter.spec.reach import MOST_COMPARED
from segmenter.spec.yaml_nodes import MAX_VALUES

HEAD = """\
version: 1
client: {name: Viveros, language: es_CL, timezone: America/Santiago}
scope: {model: crm.lead}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
"""
ONE = "      - {name: Alto, when: {city: Lima}}\n"


def problems(text: str) -> list[str]:
    with pytest.raises(SpecError) as refused:
        loads(text, "x")
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    "rest",
    [
        ONE + "".join(f"k{number}: 1\n" for number in range(MAX_VALUES)),
        f"      - {{name: Alto, when: {{city: [{','.join(f'c{number}' for number in range(MAX_VALUES))}]}}}}\n",
        f"      - {{name: Alto, when: {'{any: [' * 30}{'{city: Lima}, ' * (MAX_VALUES // 3)}{']}' * 30}}}\n",
    ],
    ids=["keys", "list", "nested"],
)
def test_too_many_keys_and_values_are_refused_where_they_become_too_many(rest: str) -> None:
    (problem,) = problems(HEAD + rest)
    assert "The spec is too long: up to here there are 20,000 keys and values; split it" in problem
    assert int(problem.split(":")[1]) >= 8


def test_a_list_of_thousands_of_names_is_read_and_each_name_counts_once() -> None:
    names = ", ".join(f"Ciudad {number % 4000}" for number in range(8000))
    spec = loads(HEAD + f"      - {{name: Alto, when: {{city: [{names}]}}}}\n", "x")
    condition = spec.segmentations[0].segments[0].condition
    assert isinstance(condition, logic.Leaf)
    assert isinstance(condition.value, tuple)
    assert len(condition.value) == 8000


@pytest.mark.parametrize(
    "text",
    ["a" * 290_000, "a.b-" * 70_000, "://" * 90_000, "a://b:" * 45_000, "token=" * 45_000 + " x", " " * 280_000],
    ids=["letters", "scheme", "slashes", "addresses", "keys", "blanks"],
)
def test_a_long_line_that_looks_like_the_start_of_a_secret(text: str) -> None:
    assert loads(f"{HEAD}{ONE}# token {text}\n", "x").client.name == "Viveros"


def test_a_secret_is_still_found_in_a_long_line() -> None:
    (problem,) = problems(f"{HEAD}{ONE}# {'a.b-' * 10_000} https://ana:hunter2@x.example\n")
    assert problem.startswith("x:9:")
    assert "An address holds a user and password" in problem
    (problem,) = problems(f"{HEAD}{ONE}# {'token ' * 10_000} password: hunter2\n")
    assert "A secret seems to stand in this line" in problem
    assert "hunter2" not in problem


def test_no_more_faults_of_form_are_looked_for_than_somebody_mends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = near.near_misses

    def counted(word: str, *rest: object) -> list[str]:
        looked.append(word)
        return real(word, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(schema, "near_misses", counted)
    found = problems(HEAD + "".join(f"      - {{nam: S{n}, whn: {{city: Lima}}}}\n" for n in range(1500)))
    assert len(found) == schema.MOST_FAULTS
    assert len(looked) < 20 * schema.MOST_FAULTS


def test_comparing_segments_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    real = logic._leaf_implies

    def counted(first: logic.Leaf, second: logic.Leaf) -> bool:
        nonlocal compared
        compared += 1
        return real(first, second)

    monkeypatch.setattr(logic, "_leaf_implies", counted)
    wide = ", ".join(f"f{number}: x" for number in range(2000))
    loads(HEAD + "".join(f"      - {{name: S{n}, when: {{{wide}, city: c{n}}}}}\n" for n in range(4)), "x")
    assert compared <= 3 * MOST_COMPARED


def test_what_people_write_is_still_proven_in_full() -> None:
    segments = "".join(f"      - {{name: S{n}, when: {{expected_revenue: {{'>=': {n}}}}}}}\n" for n in range(300))
    found = problems(HEAD + segments)
    assert len(found) == 299
    assert "S299 is never reached: S0, above it" in found[-1]
