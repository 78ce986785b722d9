"""Conditions at random over the population: every operator on every kind of field, and paths of two hops."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from segmenter.conditions import Field
from segmenter.conditions.operators import is_scale, kind_of
from tests.support.conditions_random import EMPTY, RELATIVE, comparisons, equalities, has, some, textual
from tests.support.differential.askers import Question
from tests.support.differential.generator_raw import domains
from tests.support.differential.paths import NUMBERS, PATHS, PIECES, REFUSED, last_of
from tests.support.differential.population import DATES, TEXTS, Called, Ref, Rows, field

_TIMES = [
    *("2025-12-31 23:59", "2026-01-01 00:00", "2025-12-31 23:59:59", "2026-11-20 23:59:59", "2026-11-21 00:00"),
    *("2026-11-21 09:30", "2026-11-21 09:30:00", "2026-11-20 12:30"),
]
_ONE_IN = 12
"""How seldom something is tried that the language refuses."""


def questions(rows: Rows) -> st.SearchStrategy[Question]:
    """Any condition on leads or on contacts."""
    return st.one_of([_questions(rows, model) for model in PATHS])


def _questions(rows: Rows, model: str) -> st.SearchStrategy[Question]:
    anything = {path: _values(rows, last_of(model, path)) for path in (*PATHS[model], *REFUSED[model])}
    usual = {path: anything[path].filter(partial(_is_said, model, path)) for path in PATHS[model]}
    chance = st.integers(1, _ONE_IN)
    paths, all_paths = st.sampled_from(list(usual)), st.sampled_from(list(anything))

    @st.composite
    def leaf(draw: st.DrawFn) -> dict[str, Any]:
        if draw(chance) == _ONE_IN:
            path = draw(all_paths)
            return {path: draw(anything[path])}
        path = draw(paths)
        return {path: draw(usual[path])}

    raw = domains(rows, model).map(lambda domain: {"domain": domain})
    said = leaf()
    leaves = st.one_of(*[said] * 6, raw)

    def grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        groups = st.builds(
            lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        )
        return st.one_of(groups, st.builds(lambda part: {"not": part}, inner))

    conditions = st.one_of(leaves, st.recursive(leaves, grown, max_leaves=4))
    of_company = st.booleans() if model == "res.partner" else st.just(False)
    return st.builds(Question, conditions, st.just(model), st.booleans(), of_company)


def _is_said(model: str, path: str, value: Any) -> bool:
    """Roughly, whether the language has a meaning for it: negations and bounds through many records have none."""
    last = last_of(model, path)
    steps = path.split(".")
    hops = [last_of(model, ".".join(steps[:length])) for length in range(1, len(steps))]
    operators = value.keys() if isinstance(value, dict) else ()
    if last.type == "html":
        return bool(operators) and not {"starts_with", "ends_with", "not", "not_in"} & operators
    if last.type != "one2many" and not any(hop.type.endswith("2many") for hop in hops):
        return True
    if operators:
        return (
            not {"not", "not_in", "not_contains", "has_none", "has_all", "empty", "between", "within", "next"}
            & operators
        )
    return bool(value) and not (isinstance(value, list) and (None in value or "" in value))


def _values(rows: Rows, last: Field) -> st.SearchStrategy[Any]:
    """What may stand after a path."""
    kind = kind_of(last)
    if last.type in NUMBERS:
        numbers = NUMBERS[last.type]
        return st.one_of(equalities([*numbers, None]), comparisons(numbers), EMPTY)
    if kind == "boolean":
        return st.one_of(st.booleans(), st.booleans().map(lambda flag: {"not": flag}))
    if kind == "selection":
        keys: list[Any] = [key for key, _label in last.selection]
        equal = st.one_of(equalities([*keys, None]), EMPTY)
        return st.one_of(equal, comparisons([-1, 0, 1, 2, 3, 10])) if is_scale(last) else equal
    if kind == "date":
        return st.one_of(equalities([*DATES, None]), comparisons(DATES), RELATIVE, EMPTY)
    if kind == "datetime":
        moments = [*DATES, *_TIMES]
        return st.one_of(equalities([*moments, None]), comparisons(moments), RELATIVE, EMPTY)
    if last.relation:
        return _relations(rows, last.relation, kind == "many")
    texts, pieces = [*TEXTS, *_column(rows, last)], PIECES
    if (last.model, last.name) == ("res.country", "code"):
        # Odoo keeps these to two characters.
        texts, pieces = [text for text in texts if len(text) < 3], [piece for piece in PIECES if len(piece) < 3]
    return st.one_of(equalities(["", *texts, None]), textual(True, [*pieces, *texts]), EMPTY)


def _relations(rows: Rows, model: str, many: bool) -> st.SearchStrategy[Any]:
    names = [row["name"].es if isinstance(row["name"], Called) else row["name"] for row in rows[model].values()]
    ids = [Ref(model, key) for key in rows[model]]
    found = [equalities([*names, *ids, None]), textual(True, [*PIECES, *names]), EMPTY]
    if many:
        found.append(has([*names, *ids]))
    if field(model, "parent_id"):
        found.append(some([*names, *ids]).map(lambda some_names: {"under": some_names}))
    return st.one_of(found)


def _column(rows: Rows, last: Field) -> list[str]:
    found = [row.get(last.name) for row in rows[last.model].values()]
    return sorted({value.es if isinstance(value, Called) else value for value in found if value})
