"""A bound condition as facts that a plan can keep: lists and mappings, with the client's labels and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.operators import kind_of
from segmenter.conditions.vocabulary import Field

Facts = Mapping[str, Any]
"""``{"all": [Facts]}``, ``{"any": [Facts]}``, ``{"not": Facts}``, ``{"domain": [...]}``, ``{"related": {...}}``, or a
leaf.

A leaf has ``field`` (the path as Odoo writes it), ``labels`` (of each step of it), ``kind``, ``operator`` and
``values``; where there are any, ``names`` of the values ("" for none), ``span`` (``{"count", "unit"}``), ``currency``,
``money`` (true of an amount in the company's currency), ``amount`` (``{"field", "labels"}``) of a leaf that asks
for the currency of another field, and ``one_of_many`` (true where the path leads through a field of many records).

A related list has ``field`` and ``labels`` of the path to it, ``function``, ``compared`` (a leaf), and where the spec
says so ``where`` (Facts of the listed records) and ``whose``.
"""


def facts(bound: Bound) -> Facts:
    """The condition as lists and mappings; `words` makes a sentence of them."""
    match bound:
        case BoundNot(part):
            return {"not": facts(part)}
        case BoundAll(parts):
            return {"all": [facts(part) for part in parts]}
        case BoundAny(parts):
            return {"any": [facts(part) for part in parts]}
        case BoundDomain(raw):
            return {"domain": [_plain(term) for term in raw]}
        case BoundRelated():
            return {"related": _related(bound)}
        case BoundLeaf():
            return _leaf(bound)


def parts_of(told: Facts) -> Sequence[Facts] | None:
    """The parts that are joined by "and" or "or"; None of anything else."""
    parts: Sequence[Facts] | None = told.get("all", told.get("any"))
    return parts


def _leaf(leaf: BoundLeaf) -> Facts:
    # A field of the client's own may be in any currency.
    money = leaf.field.type == "monetary" and not leaf.field.name.startswith("x_")
    return {
        **_named(leaf.fields),
        "kind": kind_of(leaf.field),
        "operator": leaf.operator,
        "values": list(leaf.values),
        **({"names": list(leaf.shown)} if any(leaf.shown) else {}),
        **({"span": {"count": leaf.span.count, "unit": leaf.span.unit}} if leaf.span else {}),
        **({"currency": leaf.currency} if leaf.currency else {}),
        **({"money": True} if money else {}),
        **({"amount": _named(leaf.amount)} if leaf.amount else {}),
        **({"one_of_many": True} if any(kind_of(step) == "many" for step in leaf.fields[:-1]) else {}),
    }


def _related(related: BoundRelated) -> dict[str, Any]:
    return {
        **_named(related.fields),
        "function": related.function,
        # The amounts may be in any one currency.
        "compared": {key: value for key, value in _leaf(related.compared).items() if key != "money"},
        **({"where": facts(related.where)} if related.where else {}),
        **({"whose": related.whose} if related.whose else {}),
    }


def _named(fields: Sequence[Field]) -> dict[str, Any]:
    return {"field": ".".join(step.name for step in fields), "labels": [step.label for step in fields]}


def _plain(value: object) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
