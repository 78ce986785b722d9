from __future__ import annotations

from dataclasses import replace

import pytest

from segmenter.planning.approval import beyond_approval, is_approver
from segmenter.plans.plan import Violation
from tests.support.ledgers import make_head

PAULA = "Paula Rojas <paula@viveros.example>"


@pytest.mark.parametrize(
    ("by", "approver", "is_one"),
    [
        ("Paula Rojas", PAULA, True),
        ("paula  ROJAS", PAULA, True),
        ("paula@viveros.example", PAULA, True),
        ("Paula@Viveros.Example", PAULA, True),
        (PAULA, PAULA, True),
        ("P. Rojas <paula@viveros.example>", PAULA, True),
        ("Paula Rojas <other@viveros.example>", PAULA, False),
        ("Paula", PAULA, False),
        ("Luis Soto", PAULA, False),
        ("luis@viveros.example", PAULA, False),
        ("", PAULA, False),
        ("Jose Nunez", "José Núñez", True),
        ("josé núñez", "Jose Nunez", True),
        ("paula@viveros.example", "paula@viveros.example", True),
        ("Paula Rojas <paula@viveros.example>", "Paula Rojas", True),
        ("Paula Rojas", "paula@viveros.example", False),
        ("Anybody", "", True),
        (" ", "", False),
    ],
)
def test_who_is_the_approver(by: str, approver: str, is_one: bool) -> None:
    assert is_approver(by, approver) is is_one


def test_limits_can_be_lifted_and_so_approved_but_not_examples_and_rights() -> None:
    violations = tuple(Violation(name, 2, 1) for name in ("changes", "examples", "expect", "rights"))
    plan = replace(make_head(), violations=violations)
    assert [one.limit for one in beyond_approval(plan)] == ["examples", "rights"]
