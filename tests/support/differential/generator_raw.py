"""Raw domains at random: every operator of Odoo, with values that fit and values that do not."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from segmenter.conditions import Field
from segmenter.conditions.operators import kind_of
from segmenter.conditions.raw_portable import accepts
from tests.support.conditions_random import some
from tests.support.differential.paths import NUMBERS, PATHS, PIECES, last_of
from tests.support.differential.population import DATES, TEXTS, Ref, Rows

_SETS = ["in", "not in", "child_of"]
_OPERATORS = [
    *("=", "!=", "<>", "<", "<=", ">", ">="),
    *("like", "not like", "ilike", "not ilike", "=like", "=ilike", "child_of"),
]
_VALUES: dict[str | None, list[Any]] = {
    "boolean": [True, False],
    "date": [*DATES, False],
    "datetime": ["2026-01-01 03:00:00", "2025-12-31 23:59:59", "2026-11-21 03:00:00", "2026-11-21", False],
    "text": [*TEXTS, *PIECES, "%an%", "_antiago", "", False],
}
_ONE_IN = 10
"""How seldom something is tried that is refused."""


def domains(rows: Rows, model: str) -> st.SearchStrategy[list[Any]]:
    """One or two leaves with a connective or without."""

    anything = {path: _leaves(rows, model, path) for path in PATHS[model]}
    usual = {path: leaves.filter(partial(_is_accepted, last_of(model, path))) for path, leaves in anything.items()}
    paths, chance = st.sampled_from(list(anything)), st.integers(1, _ONE_IN)

    @st.composite
    def leaf(draw: st.DrawFn) -> list[Any]:
        path = draw(paths)
        return draw(anything[path] if draw(chance) == _ONE_IN else usual[path])

    one = leaf()
    pairs = st.builds(lambda connective, *pair: [connective, *pair], st.sampled_from(["&", "|"]), one, one)
    return st.one_of(one.map(lambda leaf: [leaf]), pairs, st.tuples(one, one).map(list))


def _leaves(rows: Rows, model: str, path: str) -> st.SearchStrategy[list[Any]]:
    ones = _values(rows, last_of(model, path))
    one = st.tuples(st.just(path), st.sampled_from(_OPERATORS), st.sampled_from(ones))
    of_list = st.tuples(st.just(path), st.sampled_from(_SETS), some(ones))
    return st.one_of(one, of_list).map(list)


def _is_accepted(last: Field, leaf: list[Any]) -> bool:
    return accepts(last, leaf[1], _shown(leaf[2]))


def _values(rows: Rows, last: Field) -> list[Any]:
    if last.relation:
        return [*(Ref(last.relation, key) for key in rows[last.relation]), False]
    if last.type in NUMBERS:
        return [*NUMBERS[last.type], 5, False]
    kind = kind_of(last)
    if kind == "selection":
        return [*(key for key, _label in last.selection), 0, False]
    return _VALUES[kind]


def _shown(value: Any) -> Any:
    """A value of a raw domain with some id in the place of a reference."""
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return 1 if isinstance(value, Ref) else value
