"""Proves things about conditions without a CRM: that one implies another, or that one never holds.

Only what is certain. A path that may lead through many records (``order_ids.amount_total``) can hold ``>= 10`` and
``< 5`` at once, by different records; and two names may be one record (``Chile``, ``CL``). So leaves contradict each
other only where one field of one record holds a number or a date.
"""

from __future__ import annotations

from datetime import datetime
from math import inf

from segmenter.conditions import All, Any, Condition, Leaf, Not, Span
from segmenter.conditions.dates import moment
from segmenter.conditions.operators import COMPLEMENTS

_MANY_VALUED = ("category_id",)  # a field of many values whose name does not end in _ids
_POSITIVE = ("=", "in", "has_any")
_NEGATIVE = ("not", "not_in", "has_none")

_End = tuple[float | datetime, int]
_Spans = tuple[tuple[_End, _End], ...]
"""Half-open stretches ``[low, high)``. An end ``(5, 1)`` lies just above 5, so that ``> 5`` begins there."""


def implies(first: Condition, second: Condition) -> bool:
    """Whether every record that ``first`` takes is surely one that ``second`` takes."""
    return _Proof().implies(first, second)


def never(condition: Condition) -> bool:
    """Whether no record at all can meet the condition."""
    if isinstance(condition, Any):
        return all(never(part) for part in condition.parts)
    parts = _conjuncts(condition)
    if any(never(part) for part in parts if isinstance(part, Any)):
        return True
    proof = _Proof()
    opposites = [opposite for part in parts if (opposite := _opposite(part))]
    if any(proof.implies(condition, opposite) for opposite in opposites):
        return True
    leaves = [part for part in parts if isinstance(part, Leaf)]
    return any(_stretch(leaves, field) == () for field in {leaf.field for leaf in leaves})


def size(condition: Condition) -> int:
    """The number of comparisons in a condition."""
    if isinstance(condition, All | Any):
        return sum(size(part) for part in condition.parts)
    return size(condition.part) if isinstance(condition, Not) else 1


class _Proof:
    """One proof, which remembers the answer for each pair of parts."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], bool] = {}
        self.kept: list[Condition] = []  # so that an id stands for one part throughout

    def implies(self, first: Condition, second: Condition) -> bool:
        pair = (id(first), id(second))
        if pair not in self.known:
            self.kept += (first, second)
            self.known[pair] = self._implies(first, second)
        return self.known[pair]

    def _implies(self, first: Condition, second: Condition) -> bool:
        if isinstance(second, All):
            return all(self.implies(first, part) for part in second.parts)
        if isinstance(first, Any):
            return all(self.implies(part, second) for part in first.parts)
        if isinstance(second, Any) and any(self.implies(first, part) for part in second.parts):
            return True
        if isinstance(first, All):
            return any(self.implies(part, second) for part in first.parts) or _narrower(_conjuncts(first), second)
        if isinstance(first, Not) and isinstance(second, Not):
            return self.implies(second.part, first.part)
        if isinstance(first, Leaf) and isinstance(second, Leaf):
            return _leaf_implies(first, second)
        return first == second


def _conjuncts(condition: Condition) -> list[Condition]:
    """The parts that must all hold, whatever the nesting."""
    if isinstance(condition, All):
        return [inner for part in condition.parts for inner in _conjuncts(part)]
    return [condition]


def _opposite(condition: Condition) -> Condition | None:
    """The exact complement, if it is a simple condition; else None."""
    if isinstance(condition, Not):
        return condition.part
    if isinstance(condition, Leaf) and condition.operator in COMPLEMENTS:
        return Leaf(condition.field, COMPLEMENTS[condition.operator], condition.value)
    if isinstance(condition, Leaf) and condition.operator == "empty":
        return Leaf(condition.field, "empty", not condition.value)
    return None


def _leaf_implies(first: Leaf, second: Leaf) -> bool:
    if first.field != second.field:
        return False
    if first == second:
        return True
    if isinstance(first.value, Span) or isinstance(second.value, Span):
        return _span_implies(first, second)
    mine, other = _spans(first), _spans(second)
    if mine and other and _comparable(mine, other):
        return all(any(low >= least and high <= most for least, most in other) for low, high in mine)
    values, others = _values(first), _values(second)
    if first.operator in _POSITIVE and second.operator in (*_POSITIVE, "under"):
        return values <= others
    if first.operator == second.operator == "under":
        return values <= others
    both_negative = first.operator in _NEGATIVE and second.operator in _NEGATIVE
    return (both_negative or first.operator == second.operator == "has_all") and values >= others


def _span_implies(first: Leaf, second: Leaf) -> bool:
    """``within 30 days`` is part of ``within 90 days``."""
    mine, other = first.value, second.value
    if first.operator != second.operator or not (isinstance(mine, Span) and isinstance(other, Span)):
        return False
    longer = mine.count >= other.count if first.operator == "older_than" else mine.count <= other.count
    return mine.unit == other.unit and longer


def _narrower(parts: list[Condition], second: Condition) -> bool:
    """``>= 5`` and ``< 8`` together lie within ``between [0, 10]``."""
    if not isinstance(second, Leaf):
        return False
    wanted = _spans(second)
    stretch = _stretch([part for part in parts if isinstance(part, Leaf)], second.field)
    if not wanted or not stretch or not _comparable(stretch, wanted):
        return False
    return all(any(low >= least and high <= most for least, most in wanted) for low, high in stretch)


def _stretch(leaves: list[Leaf], field: str) -> _Spans | None:
    """The values of ``field`` for which all leaves hold; ``()``: none; None: unknown."""
    common: _Spans | None = None
    for leaf in leaves:
        spans = _spans(leaf) if leaf.field == field and _one_value(leaf) else None
        if spans is None or (common and not _comparable(spans, common)):
            continue
        if common is None:
            common = spans
        else:
            meets = ((max(a, c), min(b, d)) for a, b in common for c, d in spans)
            common = tuple((low, high) for low, high in meets if low < high)
        if not common:
            return common
    return common


def _comparable(first: _Spans, second: _Spans) -> bool:
    """Whether both are of moments, or both of numbers."""
    return isinstance(first[0][0][0], datetime) == isinstance(second[0][0][0], datetime)


def _one_value(leaf: Leaf) -> bool:
    """Whether the leaf is about one field of one record, judging by how Odoo names fields."""
    *hops, last = leaf.field.split(".")
    if any(not hop.endswith("_id") or hop.startswith("x_") or hop in _MANY_VALUED for hop in hops):
        return False
    perhaps_many = last.startswith("x_") or last.endswith("_ids") or last in _MANY_VALUED
    return not (perhaps_many and leaf.operator in _POSITIVE)


def _spans(leaf: Leaf) -> _Spans | None:
    """The stretches of numbers or days that the leaf takes; None when it is not about those."""
    if leaf.operator not in ("=", "in", ">", ">=", "<", "<=", "between"):
        return None
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    ends = [_ends(value) for value in values]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends) or not known or len({isinstance(low[0], datetime) for low, _after in known}) > 1:
        return None
    low, after = known[0]
    moments = isinstance(low[0], datetime)
    least: _End = (datetime.min, 0) if moments else (-inf, 0)
    most: _End = (datetime.max, 0) if moments else (inf, 1)
    match leaf.operator:
        case ">":
            return ((after, most),)
        case ">=":
            return ((low, most),)
        case "<":
            return ((least, low),)
        case "<=":
            return ((least, after),)
        case "between":
            return ((low, known[1][1]),)
        case _:
            return tuple(known)


def _ends(value: object) -> tuple[_End, _End] | None:
    """The ends of a number or a day; None for other values."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (value, 0), (value, 1)
    day = moment(value)
    return ((day.local, 0), (day.local + day.length, 0)) if day and day.is_day else None


def _values(leaf: Leaf) -> set[object]:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return {(type(value) is bool, value) for value in values}
