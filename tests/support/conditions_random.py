"""Conditions and records at random, over the invented CRM."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.support.conditions_crm import FakeRecord, lead

TEXTS = ["", "Santiago", "santiago", "Ñuñoa", "ÑUÑOA", "100%", "100", "a_b", "axb", "a\\b", "%", "_", "\\"]
NUMBERS = [-1.5, 0, 0.1, 1000, 5_000_000]
WHOLE = [-1, 0, 1, 3, 10]
DAYS = ["2026-04-04", "2026-04-05", "2026-09-05", "2026-09-06", "2026-11-20", "2026-11-21", "2026-11-22"]
SPANS = ["0 days", "1 day", "2 weeks", "9 months", "1 year"]
MIDNIGHTS = [
    # either side of midnight in Santiago, also on the nights when its clocks change
    *(
        datetime(2026, 4, 5, 3, 59, 59),
        datetime(2026, 4, 5, 4),
        datetime(2026, 4, 5, 2, 59, 59),
        datetime(2026, 4, 5, 3),
    ),
    *(
        datetime(2026, 9, 6, 3, 59, 59),
        datetime(2026, 9, 6, 4),
        datetime(2026, 11, 21, 2, 59, 59),
        datetime(2026, 11, 21, 3),
    ),
    *(
        datetime(2026, 11, 22, 2, 59, 59),
        datetime(2026, 11, 22, 3),
        datetime(2025, 11, 21, 3),
        datetime(2025, 11, 21, 2, 59, 59),
    ),
    *(datetime(2026, 2, 21, 3), datetime(2026, 2, 21, 2, 59, 59), datetime(2026, 11, 20, 15, 30)),
]


def some(values: list[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most)


def pairs(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(st.sampled_from(values), st.sampled_from(values)).map(lambda pair: sorted(pair))


def equalities(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.sampled_from(values),
        some(values),
        st.builds(lambda value: {"not": value}, st.sampled_from(values)),
        st.builds(lambda some: {"not_in": some}, some(values)),
    )


def comparisons(values: list[Any]) -> st.SearchStrategy[Any]:
    one = st.builds(
        lambda operator, value: {operator: value}, st.sampled_from([">", ">=", "<", "<="]), st.sampled_from(values)
    )
    return st.one_of(one, st.builds(lambda pair: {"between": pair}, pairs(values)))


def textual(negatable: bool, texts: list[str] = TEXTS[1:]) -> st.SearchStrategy[Any]:
    operators = ["contains", "not_contains", "starts_with", "ends_with"]
    return st.builds(
        lambda operator, value: {operator: value},
        st.sampled_from(operators if negatable else operators[:2]),
        st.sampled_from(texts),
    )


EMPTY = st.booleans().map(lambda flag: {"empty": flag})
RELATIVE = st.builds(
    lambda operator, length: {operator: length},
    st.sampled_from(["within", "older_than", "next"]),
    st.sampled_from(SPANS),
)
_CODES = ["CL", "PE", None]
_TAGS = ["VIP 100%", "a_b", "Ñandú"]
_LABELS = ["Hotels", "Seaside", "Schools"]


def has(names: list[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda operator, some: {operator: some}, st.sampled_from(["has_any", "has_all", "has_none"]), some(names)
    )


LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "city": st.one_of(equalities([*TEXTS, None]), textual(True), EMPTY),
    "expected_revenue": st.one_of(equalities([*NUMBERS, None]), comparisons(NUMBERS), EMPTY),
    "color": st.one_of(equalities([*WHOLE, None]), comparisons(WHOLE), EMPTY),
    "active": st.one_of(st.booleans(), st.booleans().map(lambda flag: {"not": flag})),
    "priority": st.one_of(
        equalities(["0", 1, "High", None]),
        comparisons([0, 1, 2, 3]).filter(lambda op: op not in ({">": 3}, {"<": 0})),
        EMPTY,
    ),
    "date_deadline": st.one_of(equalities([*DAYS, None]), comparisons(DAYS), RELATIVE, EMPTY),
    "date_conversion": st.one_of(equalities([*DAYS, None]), comparisons(DAYS), RELATIVE, EMPTY),
    "country_id": st.one_of(equalities(["Chile", "Peru", None]), textual(False), EMPTY),
    "country_id.code": st.one_of(equalities(_CODES), textual(False), EMPTY),
    "country_id.phone_code": st.one_of(equalities([0, 51, 56]), comparisons([-1, 0, 51, 56]), EMPTY),
    "partner_id.country_id": st.one_of(equalities(["Chile", "Peru", None]), EMPTY),
    "partner_id.country_id.code": st.one_of(equalities(_CODES), EMPTY),
    "partner_id.category_id": st.one_of(equalities([*_LABELS, None]), has(_LABELS), EMPTY),
    "partner_id.parent_id": st.one_of(equalities(["Holding", "Hotel Sol", None]), EMPTY),
    "tag_ids": st.one_of(equalities([*_TAGS, None]), has(_TAGS), EMPTY),
}
"""Generated leaves that may also be negated; field -> values."""

POSITIVE: dict[str, st.SearchStrategy[Any]] = {
    "tag_ids": st.builds(
        lambda operator, value: {operator: value},
        st.sampled_from(["contains", "starts_with", "ends_with"]),
        st.sampled_from(TEXTS[1:]),
    ),
    "tag_ids.name": st.one_of(some(_TAGS), st.sampled_from(_TAGS)),
    "tag_ids.color": st.one_of(
        st.sampled_from([0, 3]), st.builds(lambda value: {">=": value}, st.sampled_from([0, 3, 10]))
    ),
    "country_id": st.builds(
        lambda operator, value: {operator: value},
        st.sampled_from(["starts_with", "ends_with"]),
        st.sampled_from(["ch", "RU"]),
    ),
    "partner_id.category_id": some(_LABELS).map(lambda some: {"under": some}),
    "partner_id.parent_id": some(["Holding", "Hotel Sol"]).map(lambda some: {"under": some}),
}
"""Leaves that the language refuses to negate."""


def _entries(leaves: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of([value.map(lambda value, name=name: {name: value}) for name, value in leaves.items()])


def conditions(negatable: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions over the invented leads, as YAML data; with ``negatable`` all that a ``not`` may stand before."""
    leaves = _entries(LEAVES) if negatable else st.one_of(_entries(LEAVES), _entries(POSITIVE))

    def grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        groups = st.builds(
            lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
        negations = st.builds(lambda part: {"not": part}, inner if negatable else _entries(LEAVES))
        return st.one_of(groups, negations)

    return st.recursive(leaves, grown, max_leaves=5)


def leads() -> st.SearchStrategy[FakeRecord]:
    """Records with every way of being empty."""
    moments = [at.strftime("%Y-%m-%d %H:%M:%S") for at in MIDNIGHTS]
    return st.builds(
        lead,
        city=st.sampled_from([None, *TEXTS]),
        expected_revenue=st.sampled_from([None, *NUMBERS]),
        color=st.sampled_from([None, *WHOLE]),
        active=st.booleans(),
        priority=st.sampled_from([None, "0", "1", "2", "3"]),
        date_deadline=st.sampled_from([None, *DAYS]),
        date_conversion=st.sampled_from([None, *moments]),
        country_id=st.sampled_from([None, 46, 173]),
        partner_id=st.sampled_from([None, 1, 2, 3]),
        tag_ids=st.lists(st.sampled_from([1, 2, 3]), unique=True),
    )
