"""The law of the language: one meaning, and `not` is its exact complement."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from segmenter.conditions import BoundAll, BoundAny, BoundNot, check_structure, domain, evaluate, words
from segmenter.errors import Problem
from tests.support.conditions_crm import FakeRecord, bound
from tests.support.conditions_meaning import holds
from tests.support.conditions_random import conditions, leads


@settings(max_examples=300)
@given(conditions(), leads())
def test_not_is_the_exact_complement(data: dict[str, Any], record: FakeRecord) -> None:
    condition = bound(data)
    assert evaluate(domain(condition), record) is not evaluate(domain(BoundNot(condition)), record)


@settings(max_examples=300)
@given(conditions(negatable=False), leads())
def test_a_domain_means_what_the_language_says(data: dict[str, Any], record: FakeRecord) -> None:
    assert evaluate(domain(bound(data)), record) is holds(data, record)


@given(conditions(), conditions(), leads())
def test_all_and_any_are_and_and_or(one: dict[str, Any], other: dict[str, Any], record: FakeRecord) -> None:
    parts = (bound(one), bound(other))
    first, second = (evaluate(domain(part), record) for part in parts)
    assert evaluate(domain(BoundAll(parts)), record) is (first and second)
    assert evaluate(domain(BoundAny(parts)), record) is (first or second)


@given(conditions(negatable=False))
def test_domains_are_well_formed_portable_and_safe_to_send(data: dict[str, Any]) -> None:
    produced = domain(bound(data))
    problems: list[Problem] = []
    assert check_structure(produced, (), problems) is not None, problems
    assert json.loads(json.dumps(produced)) == produced
    for index, item in enumerate(produced):
        if item == "!":
            negated = produced[index + 1]
            assert isinstance(negated, list)
            assert "." not in negated[0]
        if isinstance(item, list):
            assert item[1] not in ("any", "not any", "not =ilike")


@given(conditions(negatable=False))
def test_every_condition_has_words(data: dict[str, Any]) -> None:
    sentence = words(bound(data))
    assert sentence
    assert "{" not in sentence
    assert sentence.count("(") == sentence.count(")")
