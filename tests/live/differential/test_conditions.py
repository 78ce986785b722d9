"""One meaning: the same conditions on the same records, asked of Odoo 14, Odoo 19, the CRM in memory, the local
evaluator and the language itself. All give the same records, or a CRM refuses the condition with a reason, unasked.

Each run tries other conditions, and prints its seed; ``--hypothesis-seed=N`` tries those of another run again.
"""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.differential.askers import Question
from tests.support.differential.cases import CASES, Case
from tests.support.differential.checking import Everybody, Tally, check_case, differences
from tests.support.differential.generator import questions
from tests.support.differential.population import Rows

pytestmark = pytest.mark.live

CONDITIONS = 1_500
"""How many different conditions each server answers; those that are refused come on top."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_difference_that_was_found_stays_mended(case: Case, everybody: Everybody, tally: Tally) -> None:
    check_case(case, everybody)
    tally.cases += 1


def test_generated_conditions_mean_the_same_everywhere(
    everybody: Everybody, rows: Rows, tally: Tally, pytestconfig: pytest.Config
) -> None:
    given_seed = pytestconfig.getoption("--hypothesis-seed")
    tally.seed = random.SystemRandom().randrange(2**32) if given_seed is None else int(given_seed)

    @seed(tally.seed)
    @settings(
        max_examples=2 * CONDITIONS,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(questions(rows))
    def everybody_agrees(question: Question) -> None:
        if not tally.needs(question, CONDITIONS):
            return
        answers, refusals = everybody.ask(question)
        if wrong := differences(answers):
            tally.wrong = True
            asked = f"{question.model}, of the company" if question.of_company else question.model
            raise AssertionError(f"{json.dumps(question.condition, default=str)} on {asked}: {wrong}")
        tally.count(question, everybody, refusals)

    everybody_agrees()
    assert tally.enough(CONDITIONS), tally.lines()
