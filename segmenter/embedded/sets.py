"""Searches by algebra: a domain becomes a set of records, and each of its leaves is asked once.

It is `segmenter.conditions.evaluate` that tests, but once for each different value of a field, and behind a relation
before the records that lead there. What cannot be asked so is tested record by record. The set of a leaf is kept until
a row of a model that it asks changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import compiled
from segmenter.conditions.comparisons import Test
from segmenter.conditions.operators import COMPARISONS, INTEGER_LIMIT
from segmenter.conditions.raw import ARITY, NEGATIVES, TREES, is_constant
from segmenter.embedded.domains import RowRecord, checked, definition_at
from segmenter.embedded.index import active, everything, index
from segmenter.embedded.names import NAMED_BY
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Tables
from segmenter.record_set import RecordSet, union

_UNDER_ITSELF = ("id", "parent_id")
"""Fields on which `TREES` begin with the record in question."""
_LONGEST = 10_000
"""Characters of a leaf whose set is kept. Longer ones hold lists of ids, which do not come again."""


def matching(tables: Tables, model: str, domain: Sequence[Any], zone: ZoneInfo) -> RecordSet:
    """The records of a domain, archived ones too. ``zone``: where days begin.

    Raises what testing some record raises: ValueError for what is no domain, TypeError or LookupError for an operand
    that no value of the field goes with. `domains.predicate` tests records one by one, and no others.
    """
    return _Sets(tables, model, zone).domain(checked(tables, model, domain))


class _Holding(RowRecord):
    """A record that holds ``held`` in the one field that is asked."""

    __slots__ = ("held",)
    held: object

    def value(self, field: str) -> object:  # noqa: ARG002 - the form of a RowRecord
        return self.held


@dataclass(frozen=True, slots=True)
class _Sets:
    """The sets of checked domains on one model."""

    tables: Tables
    model: str
    zone: ZoneInfo

    def domain(self, domain: Sequence[Any]) -> RecordSet:
        stack: list[RecordSet] = []
        for item in reversed(domain):
            if not isinstance(item, str) or item not in ARITY:
                stack.append(self.leaf(item))
            elif item == "!":
                stack.append(self._all - stack.pop())
            else:
                first, second = stack.pop(), stack.pop()
                stack.append(first & second if item == "&" else first | second)
        found = stack.pop() if stack else self._all
        while stack:
            found = found & stack.pop()
        return found

    def leaf(self, leaf: Sequence[Any]) -> RecordSet:
        name, operator, operand = leaf
        if is_constant(leaf):
            return self._all if name else RecordSet()
        if name == "id" and operator in ("in", "not in", "=", "!="):
            ids = operand if operator.endswith("in") else [operand]
            if _all_ids(ids):
                found = self._all & RecordSet(ids)
                return found if operator in ("in", "=") else self._all - found
        what = f"{leaf!r} on {self.model} in {self.zone}"
        if len(what) > _LONGEST:
            return self._leaf(leaf)
        models = sorted({asked for asked in _asked(self.tables, self.model, leaf) if asked in self.tables.models})
        return self.tables.kept(models, what, lambda: self._leaf(leaf))

    @property
    def _all(self) -> RecordSet:
        return everything(self.tables, self.model)

    def _behind(self, relation: str | None) -> _Sets:
        return _Sets(self.tables, relation or "", self.zone)

    def _leaf(self, leaf: Sequence[Any]) -> RecordSet:
        name, operator, operand = leaf
        head, _dot, rest = name.partition(".")
        definition = self.tables.models[self.model].fields[head]
        if rest:
            behind = self._behind(definition.relation).leaf((rest, operator, operand))
            found = self._leading_to(definition, behind, archived=rest == "active")
        elif operator in NEGATIVES:
            return self._all - self.leaf((name, NEGATIVES[operator], operand))
        elif operator == "any" and name == "id":
            return self.domain(operand)
        elif operator == "any":
            found = self._leading_to(definition, self._behind(definition.relation).domain(operand), archived=False)
        else:
            found = self._by_value(leaf, definition)
        return self._one_by_one(leaf) if found is None else found

    def _leading_to(self, definition: FieldDef, behind: RecordSet, *, archived: bool) -> RecordSet | None:
        """The records from which a relation leads to one of ``behind``; None where it leads to a record that is gone.

        Archived records are reached as `RowRecord.related` does it.
        """
        relation = definition.relation or ""
        if definition.type == "one2many":
            behind = behind & active(self.tables, relation)
            back = index(self.tables, relation, definition.relation_field or "")
            holders = (value for at, value in enumerate(back.values) if value and back.records(at) & behind)
            return self._all & RecordSet(holders)
        found, there = index(self.tables, self.model, definition.name), everything(self.tables, relation)
        if any(other not in there for other in found.values if other):
            return None
        if definition.type == "many2many" and not archived:
            behind = behind & active(self.tables, relation)
        return found.where(lambda other: bool(other) and other in behind)

    def _by_value(self, leaf: Sequence[Any], definition: FieldDef) -> RecordSet | None:
        """The records of a leaf on a field of their own, by its values; None where a value does not tell."""
        name, operator, _operand = leaf
        if definition.type == "one2many" or (operator in TREES and name in _UNDER_ITSELF):
            return None
        try:
            found = index(self.tables, self.model, name)
        except TypeError:  # properties
            return None
        test, record, many = self._test(leaf), _Holding(self.tables, self.model, 0), definition.type == "many2many"

        def passes(value: Any) -> bool:
            # Of several values, one is enough.
            record.held = value if not many else () if value is None else (value,)
            return test(record)

        if operator not in COMPARISONS or found.rising == len(found.values):
            return found.where(passes)
        # Of values that ascend, those pass that come before some value, or those from it on.
        upward = operator in (">", ">=")
        edge = bisect_left(found.values, True, lo=found.rising, key=lambda value: passes(value) is upward)
        ends = (edge, len(found.values)) if upward else (found.rising, edge)
        odd = [found.between(at, at + 1) for at in range(found.rising) if passes(found.values[at])]
        return union([found.between(*ends), *odd])

    def _one_by_one(self, leaf: Sequence[Any]) -> RecordSet:
        test, rows = self._test(leaf), self.tables.rows[self.model]
        return RecordSet([record for record in rows if test(RowRecord(self.tables, self.model, record))])

    def _test(self, leaf: Sequence[Any]) -> Test:
        return compiled([leaf], self.zone, lambda path: definition_at(self.tables, self.model, path).type)


def _all_ids(operand: Any) -> bool:
    return isinstance(operand, list | tuple) and all(type(id_) is int and 0 < id_ < INTEGER_LIMIT for id_ in operand)


def _asked(tables: Tables, model: str, leaf: Sequence[Any]) -> Iterator[str]:
    """The models that the set of a leaf goes by."""
    path, operator, operand = leaf
    yield from (model, *NAMED_BY.get(model, ()))
    for name in path.split("."):
        model = tables.models[model].fields[name].relation or model
        yield from (model, *NAMED_BY.get(model, ()))
    if operator in ("any", "not any"):
        for item in operand:
            if not isinstance(item, str) and not is_constant(item):
                yield from _asked(tables, model, item)
