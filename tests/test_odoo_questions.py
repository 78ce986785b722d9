"""How much one question may ask, and how what is more is divided."""

from __future__ import annotations

import sys
from typing import Any
from xmlrpc.client import dumps

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions import evaluate
from segmenter.odoo import questions
from segmenter.odoo.questions import (
    MOST_BYTES,
    MOST_IDS,
    MOST_JOINED,
    MOST_TERMS,
    QuestionTooLarge,
    Size,
    check_size,
    chunks_of_texts,
    joined,
    size,
)
from segmenter.odoo.reader import OdooReader
from tests.support.fakes import Scripted

WRONG: list[Any] = [["priority", "not in", ["3"]]]
EITHER: list[Any] = ["|", ["priority", "=", "1"], ["city", "=", False]]


def ids_in(question: list[Any]) -> list[int]:
    """All ids that a question names."""
    return [one for part in question if not isinstance(part, str) and part[0] == "id" for one in part[2]]


def test_a_domain_is_measured_in_comparisons_bytes_as_sent_and_ids() -> None:
    domain = ["|", ["id", "in", list(range(1000))], "&", ["city", "=", "Ñuñoa"], ["tag_ids", "not in", [1, 2, 3]]]
    without = ["|", ["id", "in", []], "&", ["city", "=", "Ñuñoa"], ["tag_ids", "not in", [1, 2, 3]]]
    sent = len(dumps((without,)).encode()) - len(dumps(([],)))
    assert size(domain) == Size(3, sent, 1000)
    assert size([]) == Size(0, 0, 0)


@pytest.mark.parametrize(
    ("domain", "fits"),
    [
        ([["city", "=", "Lima"]] * MOST_TERMS, True),
        ([["city", "=", "Lima"]] * (MOST_TERMS + 1), False),
        ([["city", "=", "x" * (MOST_BYTES - 200)]], True),
        ([["city", "=", "x" * MOST_BYTES]], False),
        ([["city", "=", "ñ" * (MOST_BYTES // 2)]], False),
        ([["city", "in", ["some text"] * 1900]], False),
        ([["id", "in", list(range(MOST_IDS))]], True),
        ([["id", "in", list(range(MOST_IDS + 1))]], False),
        ([["id", "in", list(range(MOST_IDS // 2 + 1))]] * 2, False),
        ([["tag_ids", "in", [1, 2, 3]]] * 400, False),
    ],
)
@pytest.mark.parametrize("method", ["search", "count", "search_read", "groups"])
def test_nothing_larger_is_sent(domain: list[Any], fits: bool, method: str) -> None:
    fields = {name: {"type": "char", "string": name} for name in ("id", "city")}
    server = Scripted([fields, [] if method != "count" else 0])
    reader = OdooReader(server)
    reader.fields("crm.lead")
    ask = {"search_read": [["city"]], "groups": [["city"]]}.get(method, [])
    if fits:
        getattr(reader, method)("crm.lead", domain, *ask)
        assert len(server.calls) == 2
        return
    with pytest.raises(QuestionTooLarge, match="at most 400 and 64 KB") as caught:
        getattr(reader, method)("crm.lead", domain, *ask)
    assert caught.value.todo
    assert len(server.calls) == 1


def test_up_to_the_bounds_one_question_does_for_all() -> None:
    (question,) = joined([(WRONG, [1, 2]), (EITHER, [3])])
    assert question == ["|", "&", ("id", "in", [1, 2]), *WRONG, "&", ("id", "in", [3]), *EITHER]
    assert list(joined([])) == []
    assert list(joined([(WRONG, [])])) == []


@pytest.mark.parametrize(
    ("sizes", "per_question"),
    [
        ([MOST_IDS], [MOST_IDS]),
        ([MOST_IDS + 1], [MOST_IDS, 1]),
        ([MOST_IDS - 1, 1, 1], [MOST_IDS, 1]),
        ([MOST_IDS - 1, 3], [MOST_IDS, 2]),
        ([5, 2 * MOST_IDS], [MOST_IDS, MOST_IDS, 5]),
    ],
)
def test_no_question_names_more_ids_than_the_bound(sizes: list[int], per_question: list[int]) -> None:
    start, groups = 0, []
    for number in sizes:
        groups.append((WRONG, list(range(start, start + number))))
        start += number
    asked = list(joined(groups))
    assert [len(ids_in(one)) for one in asked] == per_question
    assert [id_ for one in asked for id_ in ids_in(one)] == list(range(start))


@pytest.mark.parametrize("records", [1, 90, 101, 700])
@pytest.mark.parametrize("condition", [WRONG * 1, ["&"] * 9 + WRONG * 10, [["city", "=", "x" * 3000]]])
def test_no_question_has_more_terms_or_bytes_than_the_bounds(records: int, condition: list[Any]) -> None:
    groups = [(condition, list(range(n * records, (n + 1) * records))) for n in range(600)]
    asked = list(joined(groups))
    for question in asked:
        check_size(question)
        assert size(question).terms <= MOST_JOINED
    assert [id_ for one in asked for id_ in ids_in(one)] == list(range(600 * records))


def test_a_long_list_of_texts_is_divided_by_its_bytes() -> None:
    texts = [f"{'ñ' * (number % 250)}@example.com" for number in range(3000)]
    lists = list(chunks_of_texts(texts))
    assert [text for some in lists for text in some] == texts
    assert len(lists) < 100
    for some in lists:
        check_size([["email_normalized", "in", some]])
    assert list(chunks_of_texts([])) == []


class Lead:
    """A record for the evaluator."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def value(self, field: str) -> Any:
        return self.values.get(field)

    def related(self, field: str, *, archived: bool = False) -> list[Any]:
        return []


TERMS: list[list[Any]] = [WRONG, EITHER, ["&", ["priority", "=", "2"], ["city", "!=", False]]]


@given(
    st.lists(st.tuples(st.sampled_from(TERMS), st.integers(1, 4)), min_size=1, max_size=5),
    st.sampled_from([1, 2, 3, 100]),
    st.sampled_from([4, 6, sys.maxsize]),
    st.lists(st.tuples(st.sampled_from("0123"), st.sampled_from([None, "Lima"])), min_size=20, max_size=20),
)
def test_the_questions_together_ask_what_each_pair_asks(
    groups: Any, most_ids: int, most_terms: int, values: Any
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "MOST_IDS", most_ids)
        patch.setattr(questions, "MOST_JOINED", most_terms)
        start, ask, expected = 0, [], set()
        for domain, number in groups:
            ids = list(range(start, start + number))
            start += number
            ask.append((list(domain), ids))
            expected |= {n for n in ids if evaluate(domain, Lead(id=n, priority=values[n][0], city=values[n][1]))}
        found: set[int] = set()
        for question in joined(ask):
            assert len(ids_in(question)) <= most_ids
            assert size(question).terms <= most_terms
            found |= {n for n in range(20) if evaluate(question, Lead(id=n, priority=values[n][0], city=values[n][1]))}
    assert found == expected
