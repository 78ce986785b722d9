"""The kept cases of the differential suite without any server: the CRM in memory, the evaluator, the language.

The live suite asks real Odoos the same (`tests/live/differential`).
"""

from __future__ import annotations

import pytest

from tests.support.differential.askers import embedded
from tests.support.differential.cases import CASES, Case, with_cases
from tests.support.differential.checking import Everybody, check_case
from tests.support.differential.population import population


@pytest.fixture(scope="module")
def everybody() -> Everybody:
    rows = with_cases(population())
    return Everybody([embedded(rows)], rows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_difference_that_was_found_stays_mended(case: Case, everybody: Everybody) -> None:
    check_case(case, everybody)


def test_cases_have_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
