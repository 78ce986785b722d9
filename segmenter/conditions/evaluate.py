"""Evaluates an Odoo domain on one record in memory, as Odoo 19 does on the server.

A domain is compiled once into a closure. Types are known by ``type_of`` where it is given; else the values compared
tell them apart: an empty value equals False, 0 and ''; ordered against a number it counts as 0, against a date it never
matches, against another text it counts as ''.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions.comparisons import Record, Test, equality, like, ordering, tree
from segmenter.conditions.operators import COMPARISONS, KINDS
from segmenter.conditions.raw import ARITY, LIKES, NEGATIVES, is_constant

UTC = ZoneInfo("UTC")

TypeOf = Callable[[str], str | None]
"""The Odoo type of the field at the end of a path (``country_id.code`` -> ``char``); None if it is not known."""


def evaluate(domain: Sequence[object], record: Record, zone: ZoneInfo = UTC, type_of: TypeOf | None = None) -> bool:
    """Whether ``record`` is in ``domain``. For many records, use `compiled`."""
    return compiled(domain, zone, type_of)(record)


def compiled(domain: Sequence[object], zone: ZoneInfo = UTC, type_of: TypeOf | None = None) -> Test:
    """Compiles ``domain`` into a function of a record.

    ``zone``: where a bare day begins that a datetime is compared with (Odoo takes the caller's). ``type_of``: the types
    of fields, for the few comparisons with empty values that depend on them. Raises ValueError for what is no domain.
    """
    return _Compiler(zone, type_of or (lambda _path: None)).domain(domain)


@dataclass(frozen=True)
class _Compiler:
    """Compiles one domain. ``prefix``: the path to the records in question, with its final dot."""

    zone: ZoneInfo
    type_of: TypeOf
    prefix: str = ""

    def domain(self, domain: Sequence[object]) -> Test:
        stack: list[Test] = []
        for item in reversed(domain):
            if isinstance(item, str) and item in ARITY:
                if len(stack) < ARITY[item]:
                    raise ValueError(f"malformed domain {domain!r}")
                stack.append(_negation(stack.pop()) if item == "!" else _joined(item, [stack.pop(), stack.pop()]))
            elif isinstance(item, list | tuple) and len(item) == 3:
                stack.append(self.leaf(item))
            else:
                raise ValueError(f"invalid item in domain: {item!r}")
        return stack[0] if len(stack) == 1 else _joined("&", stack[::-1])

    def leaf(self, leaf: Sequence[Any]) -> Test:
        name, operator, value = leaf
        if is_constant(leaf):
            return lambda _record: bool(name)
        if not isinstance(name, str) or not name or not isinstance(operator, str):
            raise ValueError(f"invalid item in domain: {leaf!r}")
        head, _dot, rest = name.partition(".")
        if rest:
            behind = self.behind(head).leaf((rest, operator, value))
            asked_itself = rest == "active"
            return lambda record: any(behind(other) for other in record.related(head, archived=asked_itself))
        if operator in NEGATIVES:
            return _negation(self.leaf((name, NEGATIVES[operator], value)))
        return self.positive(name, operator, value)

    def behind(self, name: str) -> _Compiler:
        """A compiler for the records that ``name`` leads to."""
        return replace(self, prefix=f"{self.prefix}{name}.")

    def positive(self, name: str, operator: str, value: Any) -> Test:
        """A test for a leaf on a field of the record itself, with an operator that is not negated."""
        kind = KINDS.get(self.type_of(self.prefix + name) or "")
        if operator in ("=", "==", "in"):
            return equality(name, operator, value, self.zone, kind)
        if operator == "=?":
            return equality(name, "=", value, self.zone, kind) if value else lambda _record: True
        if operator in LIKES:
            return like(name, operator, value, kind)
        if operator in COMPARISONS:
            return ordering(name, operator, value, self.zone, kind)
        if operator in ("child_of", "parent_of"):
            return tree(name, operator, value)
        if operator == "any" and name == "id":
            return self.domain(value)
        if operator == "any":
            inside = self.behind(name).domain(value)
            return lambda record: any(inside(other) for other in record.related(name))
        raise ValueError(f"invalid operator in domain: {(name, operator, value)!r}")


def _joined(connective: str, tests: Sequence[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        if connective == "&":
            return lambda record: first(record) and second(record)
        return lambda record: first(record) or second(record)
    return lambda record: all(test(record) for test in tests)


def _negation(test: Test) -> Test:
    return lambda record: not test(record)
