"""Which records are out of place, in questions of bounded length."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import evaluate
from segmenter.odoo.pages import IDS_PER_QUESTION
from segmenter.planning import work
from segmenter.planning.work import _questions

WRONG: list[Any] = [["priority", "not in", ["3"]]]
EITHER: list[Any] = ["|", ["priority", "=", "1"], ["city", "=", False]]


def ids_in(question: list[Any]) -> list[int]:
    """All ids that a question names."""
    return [one for part in question if not isinstance(part, str) and part[0] == "id" for one in part[2]]


def test_up_to_the_bound_one_question_does_for_all_groups() -> None:
    (question,) = _questions([(WRONG, [1, 2]), (EITHER, [3])])
    assert question == ["|", "&", ("id", "in", [1, 2]), *WRONG, "&", ("id", "in", [3]), *EITHER]


@pytest.mark.parametrize(
    ("sizes", "per_question"),
    [
        ([IDS_PER_QUESTION], [IDS_PER_QUESTION]),
        ([IDS_PER_QUESTION + 1], [IDS_PER_QUESTION, 1]),
        ([IDS_PER_QUESTION - 1, 1, 1], [IDS_PER_QUESTION, 1]),
        ([IDS_PER_QUESTION - 1, 3], [IDS_PER_QUESTION, 2]),
        ([5, 2 * IDS_PER_QUESTION], [IDS_PER_QUESTION, IDS_PER_QUESTION, 5]),
    ],
)
def test_no_question_names_more_ids_than_the_bound(sizes: list[int], per_question: list[int]) -> None:
    start, groups = 0, []
    for size in sizes:
        groups.append((WRONG, list(range(start, start + size))))
        start += size
    questions = list(_questions(groups))
    assert [len(ids_in(one)) for one in questions] == per_question
    assert [id_ for one in questions for id_ in ids_in(one)] == list(range(start))


class Lead:
    """A record for the evaluator."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def value(self, field: str) -> Any:
        return self.values.get(field)

    def related(self, field: str) -> list[Any]:
        return []


TERMS: list[list[Any]] = [
    WRONG,
    EITHER,
    ["&", ["priority", "=", "2"], ["city", "!=", False]],
]


@given(
    st.lists(st.tuples(st.sampled_from(TERMS), st.integers(1, 4)), min_size=1, max_size=5),
    st.sampled_from([1, 2, 3, 100]),
    st.lists(st.tuples(st.sampled_from("0123"), st.sampled_from([None, "Lima"])), min_size=20, max_size=20),
)
def test_the_questions_together_ask_what_each_group_asks(groups: Any, bound: int, values: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "IDS_PER_QUESTION", bound)
        start, ask, expected = 0, [], set()
        for domain, size in groups:
            ids = list(range(start, start + size))
            start += size
            ask.append((list(domain), ids))
            expected |= {n for n in ids if evaluate(domain, Lead(id=n, priority=values[n][0], city=values[n][1]))}
        found: set[int] = set()
        for question in _questions(ask):
            assert len(ids_in(question)) <= bound
            found |= {n for n in range(20) if evaluate(question, Lead(id=n, priority=values[n][0], city=values[n][1]))}
    assert found == expected
