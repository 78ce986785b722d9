"""Domains on tables, checked as Odoo 19 checks them and evaluated by `segmenter.conditions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions import compiled
from segmenter.conditions.raw import ARITY, NEGATIVES
from segmenter.embedded.names import display_name
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Tables

_POSITIVE = ("=", "<", ">", "<=", ">=", "=?", "in", "like", "ilike", "=like", "=ilike", "child_of", "parent_of", "any")


class RowRecord:
    """One row as a `conditions.Record` for the evaluator."""

    __slots__ = ("id", "model", "tables")

    def __init__(self, tables: Tables, model: str, record: int) -> None:
        self.tables, self.model, self.id = tables, model, record

    def value(self, field: str) -> object:
        """The cell of a field; ids for relations, archived records included."""
        if field == "id":
            return self.id
        if field == "display_name":
            return display_name(self.tables, self.model, self.id)
        definition = self.tables.models[self.model].fields[field]
        if definition.type == "one2many" and definition.relation and definition.relation_field:
            return self.tables.holders(definition.relation, definition.relation_field, self.id)
        return self.tables.cell(self.model, self.id, field)

    def related(self, field: str, *, archived: bool = False) -> Iterator[RowRecord]:
        """The records that a relation leads to.

        Archived records are reached through a many2one; through a many2many only if ``archived``; never by a one2many.
        """
        definition = self.tables.models[self.model].fields[field]
        relation, found = definition.relation or "", self.value(field)
        ids: Any = found if isinstance(found, tuple | list) else [found] if found else []
        if definition.type == "one2many" or (definition.type == "many2many" and not archived):
            ids = self.tables.active(relation, ids)
        return (RowRecord(self.tables, relation, record) for record in ids)


def mentions(domain: Sequence[Any], field: str) -> bool:
    """Whether a leaf is on the field itself. A leaf on ``active`` makes a search find archived records too."""
    return any(isinstance(leaf, list | tuple) and len(leaf) == 3 and leaf[0] == field for leaf in domain)


def predicate(tables: Tables, model: str, domain: Sequence[Any], zone: ZoneInfo) -> Callable[[int], bool]:
    """The domain as a test of ids. ``zone``: where days begin. Raises ValueError (Fault 1) where a real server does.

    Searches go by `embedded.sets`, which must find what this finds.
    """
    test = compiled(checked(tables, model, domain), zone, lambda path: definition_at(tables, model, path).type)
    return lambda record: test(RowRecord(tables, model, record))


def checked(tables: Tables, model: str, domain: Sequence[Any]) -> list[Any]:
    """The domain for the evaluator. Raises ValueError for fields and operators that the model does not have."""
    if not isinstance(domain, list | tuple):
        raise TypeError(f"Domain() invalid argument type for domain: {domain!r}")
    _balanced(domain)
    return [part for item in domain for part in _checked(tables, model, item)]


def _balanced(domain: Sequence[Any]) -> None:
    """Raises ValueError for an operator without operands. Leaves side by side are joined by an implicit ``&``."""
    stack = 0
    for item in reversed(domain):
        arity = ARITY.get(item, 0) if isinstance(item, str) else 0
        if arity > stack:
            raise ValueError(f"Domain() malformed domain {domain!r}")
        stack += 1 - arity


def _checked(tables: Tables, model: str, item: Any) -> list[Any]:
    """The item for the evaluator: a name compared with a relation becomes a condition on ``display_name``."""
    if isinstance(item, str) and item in ARITY:
        return [item]
    if not isinstance(item, list | tuple) or len(item) != 3:
        raise ValueError(f"Domain() invalid item in domain: {item!r}")
    path, operator, operand = item
    if path in (0, 1):
        return [item]
    operator = operator.lower() if isinstance(operator, str) else operator
    if operator not in _POSITIVE and operator not in NEGATIVES:
        raise ValueError(f"Invalid operator in condition {tuple(item)!r}")
    definition = _walked(tables, model, item)
    if operator in ("any", "not any") and definition.relation:
        inner = [part for leaf in operand for part in _checked(tables, definition.relation, leaf)]
        return [(path, operator, inner)]
    if definition.relation and _by_name(operator, operand):
        positive = (f"{path}.display_name", NEGATIVES.get(operator, operator), operand)
        return ["!", positive] if operator in NEGATIVES else [positive]
    return [(path, operator, operand)]


def _by_name(operator: str, operand: Any) -> bool:
    if operator in ("child_of", "parent_of"):
        return False
    if isinstance(operand, list | tuple):
        return any(isinstance(value, str) for value in operand)
    return isinstance(operand, str)


def definition_at(tables: Tables, model: str, path: str) -> FieldDef:
    """The field at the end of a dotted path that is known to exist."""
    *through, last = path.split(".")
    for name in through:
        model = tables.models[model].fields[name].relation or model
    return tables.models[model].fields[last]


def _walked(tables: Tables, model: str, leaf: Sequence[Any]) -> FieldDef:
    """The field at the end of a dotted path."""
    at, definition = model, None
    for name in str(leaf[0]).split("."):
        if definition is not None and not definition.relation:
            raise ValueError(f"Invalid field property {name!r} on {at}.{definition.name}")
        definition = tables.models[at].fields.get(name) if at in tables.models else None
        if definition is None:
            raise ValueError(f"Invalid field {at}.{name} in condition {(name, *leaf[1:])!r}")
        if not definition.searchable:
            raise ValueError(f"Cannot convert {at}.{name} to SQL because it is not stored")
        at = definition.relation or at
    assert definition is not None
    return definition
