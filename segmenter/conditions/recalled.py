"""A bound condition of the facts that a plan kept of it: to be put in words, where no CRM can be asked."""

from __future__ import annotations

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.facts import Facts
from segmenter.conditions.model import Related, Span
from segmenter.conditions.operators import KINDS
from segmenter.conditions.vocabulary import Field

_TYPES = {kind: type_ for type_, kind in reversed(KINDS.items())}
"""Kind -> a type of that kind."""
NOBODY = BoundLeaf((Field("", "id", "integer", ""),), "in", ())


def recalled(told: Facts) -> Bound:
    """The condition, as `facts` tells it again. Its comparisons with what lists give hold for nobody."""
    if "not" in told:
        return BoundNot(recalled(told["not"]))
    if "all" in told:
        return BoundAll(tuple(map(recalled, told["all"])))
    if "any" in told:
        return BoundAny(tuple(map(recalled, told["any"])))
    if "domain" in told:
        return BoundDomain(tuple(tuple(term) if isinstance(term, list) else term for term in told["domain"]))
    if "related" in told:
        return recalled_list(told["related"])
    return _leaf(told)


def recalled_list(told: Facts) -> BoundRelated:
    """The same of what stands under ``related``."""
    where = recalled(told["where"]) if "where" in told else None
    fields = _fields(told, "many")
    return BoundRelated(fields, told["function"], _leaf(told["compared"]), where, told.get("whose", ""), NOBODY)


def tells(told: Facts, related: Related) -> bool:
    """Whether what stands under ``related`` in some facts is told of this comparison of a spec."""
    asked = (related.field, related.function, related.operator)
    return (told["field"], told["function"], told["compared"]["operator"]) == asked


def _leaf(told: Facts) -> BoundLeaf:
    span = told.get("span")
    fields = _fields(told, told["kind"], hop="many" if told.get("one_of_many") else "many2one")
    if told.get("money"):
        fields = (*fields[:-1], Field("", fields[-1].name, "monetary", fields[-1].label))
    return BoundLeaf(
        fields,
        told["operator"],
        tuple(told["values"]),
        tuple(told.get("names", ())),
        Span(span["count"], span["unit"]) if span else None,
        currency=told.get("currency", ""),
        amount=_fields(told["amount"], "number") if "amount" in told else (),
    )


def _fields(named: Facts, kind: str, *, hop: str = "many2one") -> tuple[Field, ...]:
    """The path, of whose steps a plan keeps the names and the labels."""
    *hops, last = zip(named["field"].split("."), named["labels"], strict=True)
    steps = [*((step, hop) for step in hops), (last, kind)]
    return tuple(Field("", name, _TYPES[of], label) for (name, label), of in steps)
