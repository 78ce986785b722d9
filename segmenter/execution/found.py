"""Which records hold what is expected of them: asked of the server, which compares faster than it tells.

A record that the answer does not name is read and judged value by value, so an answer too narrow costs a read and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from segmenter.conditions import Bound, BoundAll, BoundLeaf, BoundNot, Domain, domain
from segmenter.conditions.dates import moment, ranges
from segmenter.conditions.properties import PROPERTIES
from segmenter.conditions.text import unsendable
from segmenter.execution.steps import Terms
from segmenter.odoo.questions import joined
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Json

MOST_GROUPS = 50
"""Distinct sets of values in one question; with more of them, reading is as cheap."""

UTC = ZoneInfo("UTC")

Expected = Mapping[int, Iterable[tuple[str, Json]]]
"""Record -> its fields and the values that they should hold."""


def as_expected(reader: OdooReader, model: str, expected: Expected, terms: Terms) -> set[int]:
    """Of these records, those that hold what is expected. Gone and hidden ones are not among them."""
    return _search(reader, model, ((domain(wanted), ids) for wanted, ids in _askable(expected, terms)))


def unlike_expected(reader: OdooReader, model: str, expected: Expected, terms: Terms) -> set[int]:
    """Of these records, those that hold something else, and those of which it cannot be asked.

    Asked the other way round than `as_expected`, and not as its rest: right after a bulk write PostgreSQL has no
    statistics of the new rows, and takes the positive question for a join of few rows that it then goes through one by
    one (measured: up to 4 s a batch). The negated one is a filter over the ids, whatever it believes of the rest.
    """
    askable = _askable(expected, terms)
    asked = {id for _wanted, ids in askable for id in ids}
    questions = ((domain(BoundNot(wanted)), ids) for wanted, ids in askable)
    return _search(reader, model, questions) | (set(expected) - asked)


def _askable(expected: Expected, terms: Terms) -> list[tuple[Bound, list[int]]]:
    """The distinct expectations and their records; without those that cannot be put in a question."""
    groups: dict[tuple[tuple[str, Json], ...], list[int]] = {}
    for record, pairs in expected.items():
        key = tuple((field, tuple(value) if isinstance(value, list) else value) for field, value in pairs)
        groups.setdefault(key, []).append(record)
    found: list[tuple[Bound, list[int]]] = []
    for key, ids in groups.items() if len(groups) <= MOST_GROUPS else ():
        parts = [part for field, value in key if (part := holds(terms, field, value)) is not None]
        if len(parts) == len(key):
            found.append((BoundAll(tuple(parts)), ids))
    return found


def _search(reader: OdooReader, model: str, asked: Iterable[tuple[Domain, list[int]]]) -> set[int]:
    """Of each pair's ids, those that meet its condition; mostly in one search."""
    return {id for question in joined(asked) for id in reader.search(model, question, archived=True)}


def holds(terms: Terms, name: str, value: Json) -> Bound | None:
    """The condition that a field holds a normalised value; None when it cannot be asked."""
    field = terms.fields[name]
    if isinstance(value, tuple):
        rest = tuple(sorted(terms.owned[name].difference(value)))
        parts = [BoundLeaf((field,), "has_all", value)] if value else []
        return BoundAll((*parts, *([BoundLeaf((field,), "has_none", rest)] if rest else [])))
    if field.type == PROPERTIES:
        return None
    if value is None:
        return BoundLeaf((field,), "empty", (True,))
    if isinstance(value, str) and unsendable(value):
        return None
    if field.type in ("date", "datetime"):
        at = moment(value)
        return None if at is None else BoundLeaf((field,), "=", (value,), ranges=ranges("=", [at], field.type, UTC))
    return BoundLeaf((field,), "=", (value,))
