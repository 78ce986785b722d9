"""Which records hold what is expected of them: asked of the server, which compares faster than it tells.

A record that the answer does not name is read and judged value by value, so an answer too narrow costs a read and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from segmenter.conditions import Bound, BoundAll, BoundLeaf, domain
from segmenter.conditions.dates import moment, ranges
from segmenter.conditions.text import unsendable
from segmenter.execution.steps import Terms
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Json

MOST_GROUPS = 50
"""Distinct sets of values in one question; with more of them, reading is as cheap."""

UTC = ZoneInfo("UTC")

Expected = Mapping[int, Iterable[tuple[str, Json]]]
"""Record -> its fields and the values that they should hold."""


def as_expected(reader: OdooReader, model: str, expected: Expected, terms: Terms) -> set[int]:
    """Of these records, those that hold what is expected: one search. Gone and hidden ones are not among them."""
    groups: dict[tuple[tuple[str, Json], ...], list[int]] = {}
    for record, pairs in expected.items():
        key = tuple((field, tuple(value) if isinstance(value, list) else value) for field, value in pairs)
        groups.setdefault(key, []).append(record)
    if not groups or len(groups) > MOST_GROUPS:
        return set()
    question: list[Json] = []
    for key, ids in groups.items():
        parts = [holds(terms, field, value) for field, value in key]
        if any(part is None for part in parts):
            continue
        term = domain(BoundAll(tuple(part for part in parts if part is not None)))
        question = ["|", *question] if question else question
        question += ["&", ("id", "in", ids), *term]
    return set(reader.search(model, question, archived=True)) if question else set()


def holds(terms: Terms, name: str, value: Json) -> Bound | None:
    """The condition that a field holds a normalised value; None when it cannot be asked."""
    field = terms.fields[name]
    if isinstance(value, tuple):
        rest = tuple(sorted(terms.owned[name].difference(value)))
        parts = [BoundLeaf((field,), "has_all", value)] if value else []
        return BoundAll((*parts, *([BoundLeaf((field,), "has_none", rest)] if rest else [])))
    if value is None:
        return BoundLeaf((field,), "empty", (True,))
    if isinstance(value, str) and unsendable(value):
        return None
    if field.type in ("date", "datetime"):
        at = moment(value)
        return None if at is None else BoundLeaf((field,), "=", (value,), ranges=ranges("=", [at], field.type, UTC))
    return BoundLeaf((field,), "=", (value,))
