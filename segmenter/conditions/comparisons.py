"""The comparisons of Odoo 19 with one value, each compiled into a test of a record. See `evaluate`.

``kind`` is the kind of the field (`operators.KINDS`), None where it is not known.
"""

from __future__ import annotations

import operator as order
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from segmenter.conditions.dates import end, moment, start
from segmenter.conditions.operators import COMPARISONS, DATES
from segmenter.conditions.text import folded


class Record(Protocol):
    """One record of a CRM, as the evaluator needs to see it.

    ``value``: as Odoo's ``read`` with ``load=None`` gives it: False or None when empty, the id of a many2one, a list of
    ids for many-valued fields, dates as text in UTC. It answers for ``id``, and for ``display_name`` when a relation is
    compared with a name.
    ``related``: the records that a relation leads to, none for a field that is no relation; for a many-valued one those
    that a search by path reaches, which in Odoo leaves archived ones out, unless it asks them if they are ``archived``.
    ``child_of`` asks it for ``parent_id``, ``parent_of`` for ``child_ids``.
    """

    def value(self, field: str) -> object:
        """The value of one field."""

    def related(self, field: str, *, archived: bool = False) -> Iterable[Record]:
        """The records that one field leads to."""


@dataclass(frozen=True)
class Holding:
    """A record of which one field is known: what ``field`` holds."""

    field: str
    held: object

    def value(self, field: str) -> object:
        return self.held if field == self.field else None

    def related(self, field: str, *, archived: bool = False) -> Iterable[Record]:  # noqa: ARG002 - the form of a Record
        return ()


Test = Callable[[Record], bool]


_HAVE_BLANKS = ("text", "number", "boolean")


def equality(name: str, operator: str, value: object, zone: ZoneInfo, kind: str | None) -> Test:
    """``=`` and ``in``: any of the operands; an empty value among them means empty."""
    if isinstance(value, list | tuple):
        operands: Sequence[object] = value if value or operator == "in" else (False,)
    else:
        operands = () if operator == "in" and not value else (value,)
    if kind in _HAVE_BLANKS or kind is None:
        takes_empty = any(not operand for operand in operands)
    else:
        takes_empty = any(operand is False or operand is None for operand in operands)
    given = frozenset(operand for operand in operands if operand)
    names = frozenset(operand for operand in given if isinstance(operand, str))
    texts = names | _readings(operands, zone)

    def test(record: Record) -> bool:
        found = record.value(name)
        if not found:
            return takes_empty
        if isinstance(found, str):
            return found in texts
        if not given.isdisjoint(found if isinstance(found, list | tuple) else (found,)):
            return True
        return bool(names) and any(other.value("display_name") in names for other in record.related(name))

    return test


def _readings(operands: Iterable[object], zone: ZoneInfo) -> frozenset[str]:
    """What else Odoo 19 takes an operand for: a number for the key of a selection, a day for a moment."""
    readings: set[str] = set()
    for operand in operands:
        if isinstance(operand, int) and not isinstance(operand, bool):
            readings.add(str(operand))
        elif at := moment(operand):
            readings.add(start(at, "datetime", zone) if at.is_day else str(operand)[:10])
    return frozenset(readings)


def like(name: str, operator: str, value: object, kind: str | None) -> Test:
    """``like``, ``ilike``, ``=like``, ``=ilike``; a relation by the names of what it leads to."""
    if not value:
        if operator.startswith("="):
            return lambda record: not record.value(name)
        if kind in ("many2one", "many"):
            return lambda record: bool(record.value(name))
        return lambda record: record.value(name) != []
    if operator.startswith("=") and not isinstance(value, str):
        raise ValueError(f"the pattern to match must be a text: {(name, operator, value)!r}")
    matches = _matcher(str(value) if operator.startswith("=") else f"%{value}%", fold=operator.endswith("ilike"))

    def test(record: Record) -> bool:
        found = record.value(name)
        if isinstance(found, str):
            return matches(found)
        if found is None or found is False:
            return False
        others = [str(other.value("display_name") or "") for other in record.related(name)]
        if others or isinstance(found, list | tuple):
            return any(map(matches, others))
        return matches(str(found))

    return test


def _matcher(pattern: str, *, fold: bool) -> Callable[[str], bool]:
    """A function for an SQL pattern: ``%`` any text, ``_`` any character, ``\\`` takes the next one for itself."""
    if fold:
        pattern = folded(pattern)
    pieces: list[str | None] = []  # None is %, "" is _, else literal text
    literal = iter(pattern)
    for character in literal:
        if character == "%":
            pieces.append(None)
        elif character == "_":
            pieces.append("")
        else:
            taken = next(literal, character) if character == "\\" else character
            if pieces and pieces[-1]:
                pieces[-1] += taken
            else:
                pieces.append(taken)
    match pieces:
        case [None, str(needle), None] if needle:
            return (lambda text: needle in folded(text)) if fold else (lambda text: needle in text)
        case [str(needle)] if needle:
            return (lambda text: needle == folded(text)) if fold else (lambda text: needle == text)
    source = "".join(".*" if piece is None else re.escape(piece) if piece else "." for piece in pieces)
    full = re.compile(source, re.DOTALL).fullmatch
    return lambda text: full(folded(text) if fold else text) is not None


def ordering(name: str, operator: str, value: Any, zone: ZoneInfo, kind: str | None) -> Test:
    """``<``, ``>``, ``<=``, ``>=``: an empty text counts as '', a number as 0, other empty values never match."""
    compare = COMPARISONS[operator]
    unset = value is None or value is False
    if kind in (*DATES, "selection", "many2one", "many") and unset:
        return lambda _record: False
    if kind in DATES or (kind is None and isinstance(value, str) and moment(value)):
        return _order_of_dates(name, operator, str(value), zone)
    if kind == "selection":
        return _order_of_keys(name, compare, str(value))
    if kind == "text" or (kind is None and isinstance(value, str)):
        return _order_of_texts(name, compare, "" if unset else str(value))
    number = value or 0

    def test(record: Record) -> bool:
        found = record.value(name)
        if isinstance(found, str):
            return not unset and compare(found, str(number))
        if not found:
            return kind != "many2one" and compare(0, number)
        return isinstance(found, int | float) and compare(found, number)

    return test


def _order_of_keys(name: str, compare: Callable[[Any, Any], bool], value: str) -> Test:
    def test(record: Record) -> bool:
        found = record.value(name)
        return isinstance(found, str) and compare(found, value)

    return test


def _order_of_texts(name: str, compare: Callable[[Any, Any], bool], value: str) -> Test:
    def test(record: Record) -> bool:
        found = record.value(name) or ""
        return isinstance(found, str) and compare(found, value)

    return test


def _order_of_dates(name: str, operator: str, value: str, zone: ZoneInfo) -> Test:
    """Days and moments, each kind of field with each kind of operand."""
    at = moment(value)
    day, compare = value[:10], COMPARISONS[operator]
    if at is not None and at.is_day:
        # a day against a moment: after it is from its end on, up to it is before its end
        edge = end(at, "datetime", zone) if operator in (">", "<=") else start(at, "datetime", zone)
        compare_moments = order.ge if operator in (">", ">=") else order.lt
    else:
        edge, compare_moments = value, compare

    def test(record: Record) -> bool:
        found = record.value(name)
        if not found or not isinstance(found, str):
            return False
        return compare(found, day) if len(found) == len(day) else bool(compare_moments(found, edge))

    return test


def tree(name: str, operator: str, value: object) -> Test:
    """``child_of`` and ``parent_of``: a record is in its own tree."""
    operands = value if isinstance(value, list | tuple) else (value,) if value else ()
    ids = frozenset(operand for operand in operands if isinstance(operand, int))
    names = [_matcher(f"%{operand}%", fold=True) for operand in operands if isinstance(operand, str)]
    toward = "parent_id" if operator == "child_of" else "child_ids"

    def sought(record: Record) -> bool:
        return record.value("id") in ids or any(matches(str(record.value("display_name"))) for matches in names)

    def test(record: Record) -> bool:
        # on a parent Odoo takes the whole tree, the top record itself included
        starts = [record] if name in ("id", "parent_id") else record.related(name)
        return any(sought(other) for other in _chain(starts, toward))

    return test


def _chain(starts: Iterable[Record], toward: str) -> Iterator[Record]:
    """The records and all others that a hierarchy leads to from them, each once, even if it has loops."""
    waiting, seen = list(starts), set()
    while waiting:
        record = waiting.pop()
        if (identity := record.value("id")) not in seen:
            seen.add(identity)
            yield record
            waiting.extend(record.related(toward))
