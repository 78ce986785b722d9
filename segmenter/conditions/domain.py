"""A bound condition as an Odoo domain that means the same on Odoo 14 to 19.

Negation is pushed to the leaves, and each leaf is written positively and negatively on its own: ``!`` stands only
before a comparison of one plain field. Empty texts are NULL or '', empty numbers NULL or 0, and what lies behind an
empty many2one is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.model import Scalar
from segmenter.conditions.operators import COMPARISONS, COMPLEMENTS, kind_of
from segmenter.conditions.text import escaped
from segmenter.conditions.vocabulary import Field

Domain = list[Any]
"""Odoo's prefix notation in lists: safe for JSON and XML-RPC."""

WITH_ARCHIVED: Domain = ["|", ["active", "=", True], ["active", "=", False]]
"""Archived records of the model itself. Asked for in the context (``active_test``), Odoo would also reach archived
ones through many-valued fields, and a condition would mean another thing."""

TRUE, FALSE = [1, "=", 1], [0, "=", 1]


def first_steps(domain: Sequence[Any]) -> set[str]:
    """The fields of the records themselves that a domain asks for: of a dotted path its first step."""
    leaves = (item for item in domain if not isinstance(item, str) and isinstance(item[0], str))
    return {leaf[0].partition(".")[0] for leaf in leaves}


def join(connective: str, terms: Iterable[Domain]) -> Domain:
    """Joins complete terms. Without terms: everything for ``&``, nothing for ``|``."""
    listed = list(terms)
    if not listed:
        return [TRUE if connective == "&" else FALSE]
    return [connective] * (len(listed) - 1) + [item for term in listed for item in term]


def both(*terms: Domain) -> Domain:
    """A domain of the records that meet all terms; each term is complete."""
    return join("&", terms)


def any_of(*terms: Domain) -> Domain:
    """A domain of the records that meet at least one term; each term is complete."""
    return join("|", terms)


def one_term(raw: tuple[object, ...]) -> Domain:
    """A raw domain as one complete term, with its implicit ``&`` written out."""
    terms = sum(-1 if isinstance(item, str) else 1 for item in raw)
    return join("&", []) if not raw else ["&"] * (terms - 1) + [_listed(item) for item in raw]


def _listed(item: object) -> Any:
    return [_listed(part) for part in item] if isinstance(item, tuple) else item


MANY_TEXTS = 20
"""A longer list of texts is sent as one comparison, since hundreds would be too many for a server. Not for a translated
field: there the negation faults on Odoo 14."""
_OPPOSITES = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def domain(bound: Bound) -> Domain:
    """The domain of a bound condition, as one complete term: two of them side by side mean both."""
    return _domain(bound, negated=False)


def filled(field: Field) -> Domain:
    """A domain of the records in which a field is not empty."""
    return domain(BoundLeaf((field,), "empty", (False,)))


def _domain(bound: Bound, *, negated: bool) -> Domain:
    match bound:
        case BoundAll(parts):
            return join("|" if negated else "&", (_domain(part, negated=negated) for part in parts))
        case BoundAny(parts):
            return join("&" if negated else "|", (_domain(part, negated=negated) for part in parts))
        case BoundNot(part):
            return _domain(part, negated=not negated)
        case BoundDomain(raw):
            if negated:
                raise ValueError("a raw domain cannot be negated")
            return one_term(raw)
        case BoundRelated():
            return _leaf(bound.owners, negated)
        case BoundLeaf():
            return _leaf(bound, negated)


def scale_keys(leaf: BoundLeaf) -> list[str]:
    """The keys of a selection whose numbers meet a comparison."""
    numbers = {key: int(key) for key, _label in leaf.field.selection}
    return [key for key, number in numbers.items() if _compares_true(leaf, number)]


def _compares_true(leaf: BoundLeaf, number: float) -> bool:
    """Whether ``number`` satisfies a comparison or equality with the leaf's own numbers."""
    values: tuple[Any, ...] = leaf.values
    if leaf.operator == "between":
        return bool(values[0] <= number <= values[1])
    if leaf.operator in COMPARISONS:
        return COMPARISONS[leaf.operator](number, values[0])
    return number in values


def _leaf(leaf: BoundLeaf, negated: bool) -> Domain:
    negative = leaf.negative != negated
    if leaf.operator == "empty":
        leaf = replace(leaf, operator="in", values=(None,), ranges=())
        if kind_of(leaf.field) == "number":
            leaf = replace(leaf, values=(0,))
    else:
        leaf = replace(leaf, operator=COMPLEMENTS.get(leaf.operator, leaf.operator))
    core = _KINDS[kind_of(leaf.field) or ""](leaf, negative)
    hops = leaf.fields[:-1]
    if not hops or any(kind_of(hop) == "many" for hop in hops) or _takes_empty(leaf) == negative:
        return core
    # behind an empty hop everything is empty, which this side of the leaf takes
    names = [".".join(step.name for step in hops[: index + 1]) for index in range(len(hops))]
    return any_of(*([[name, "=", False]] for name in names), core)


def _takes_empty(leaf: BoundLeaf) -> bool:
    """Whether the positive side of the leaf takes an empty value."""
    kind = kind_of(leaf.field)
    if kind == "number":
        return _compares_true(leaf, 0)
    if kind == "boolean":
        return leaf.values == (False,)
    return leaf.operator in ("=", "in", "has_any") and None in leaf.values


def _emptiness(leaf: BoundLeaf, negative: bool) -> Domain:
    """A domain of the records whose field is empty, or is not: for all types but texts and numbers."""
    return [[leaf.name, "!=" if negative else "=", False]]


def _with_emptiness(leaf: BoundLeaf, negative: bool, core: Domain | None) -> Domain:
    """Joins ``core`` with what the leaf means for empty values. ``core``: None if the leaf is only about those."""
    if None not in leaf.values:
        return core or []
    empty = _emptiness(leaf, negative)
    if core is None:
        return empty
    return both(empty, core) if negative else any_of(empty, core)


def _given(leaf: BoundLeaf) -> list[Scalar]:
    return [value for value in leaf.values if value is not None]


def _text(leaf: BoundLeaf, negative: bool) -> Domain:
    name = leaf.name
    if leaf.operator in ("starts_with", "ends_with", "contains"):
        pattern = escaped(str(leaf.values[0]))
        if leaf.operator == "contains":
            return [[name, "not ilike" if negative else "ilike", pattern]]
        pattern = pattern + "%" if leaf.operator == "starts_with" else "%" + pattern
        found = [[name, "=ilike", pattern]]
        return any_of([[name, "=", False]], ["!", *found]) if negative else found
    sign, given = "!=" if negative else "=", _given(leaf)
    terms: list[Domain] = [[[name, sign, value]] for value in given]
    if len(given) > MANY_TEXTS and not leaf.field.translated:
        terms = [[[name, "not in" if negative else "in", given]]]
    if None in leaf.values:
        terms = [[[name, sign, False]], [[name, sign, ""]], *terms]
    return both(*terms) if negative else any_of(*terms)


def _number(leaf: BoundLeaf, negative: bool) -> Domain:
    name, values = leaf.name, leaf.values
    if name == "id" and leaf.operator in ("=", "in"):
        return [["id", "not in" if negative else "in", list(values)]]
    takes_empty = _compares_true(leaf, 0) != negative
    empty: Domain = [[name, "=" if takes_empty else "!=", False]]
    if leaf.operator == "between":
        low, high = values
        core = (
            any_of([[name, "<", low]], [[name, ">", high]])
            if negative
            else both([[name, ">=", low]], [[name, "<=", high]])
        )
    elif leaf.operator in COMPARISONS:
        core = [[name, _OPPOSITES[leaf.operator] if negative else leaf.operator, values[0]]]
    else:
        terms: list[Domain] = [[[name, "!=" if negative else "=", value]] for value in values]
        if negative and not takes_empty:
            return both(empty, *terms)
        core = both(*terms) if negative else any_of(*terms)
    return any_of(empty, core) if takes_empty else core


def _dates(leaf: BoundLeaf, negative: bool) -> Domain:
    name = leaf.name
    terms: list[Domain] = []
    for low, high in leaf.ranges:
        bounds: list[Domain] = []
        if low is not None:
            bounds.append([[name, "<" if negative else ">=", low]])
        if high is not None:
            bounds.append([[name, ">=" if negative else "<", high]])
        terms.append(any_of(*bounds) if negative else both(*bounds))
    if not terms:
        return _emptiness(leaf, negative)
    core = both(*terms) if negative else any_of(*terms)
    if negative and None not in leaf.values:
        return any_of([[name, "=", False]], core)
    return _with_emptiness(leaf, negative, core)


def _boolean(leaf: BoundLeaf, negative: bool) -> Domain:
    return [[leaf.name, "=", bool(leaf.values[0]) != negative]]


def _selection(leaf: BoundLeaf, negative: bool) -> Domain:
    if leaf.operator in COMPARISONS or leaf.operator == "between":
        leaf = replace(leaf, operator="in", values=tuple(scale_keys(leaf)))
    return _membership(leaf, negative)


def _membership(leaf: BoundLeaf, negative: bool) -> Domain:
    """A domain of the records whose id or key is in a list."""
    given = _given(leaf)
    core: Domain | None = None
    if given or not leaf.values:  # without any value: nobody, and its complement everybody
        core = [[leaf.name, "not in" if negative else "in", given]]
    return _with_emptiness(leaf, negative, core)


def _relation(leaf: BoundLeaf, negative: bool) -> Domain:
    if leaf.field.type == "one2many":
        leaf = _pointing_here(leaf)
    name = leaf.name
    if leaf.operator == "has_all":
        terms: list[Domain] = [[[name, "not in" if negative else "in", [value]]] for value in leaf.values]
        return any_of(*terms) if negative else both(*terms)
    if leaf.operator != "under":
        return _membership(leaf, negative)
    if _within_model(leaf.field):
        return _under_parent(leaf, negative)
    found = [[tree_path(leaf.fields), "child_of", list(leaf.values)]]
    return any_of([[name, "=", False]], ["!", *found]) if negative else found


def tree_path(fields: Sequence[Field]) -> str:
    """Of which path ``child_of`` is asked. 15 and 16 leave out records whose many2one leads to an archived one, unless
    they are asked of the id behind it; 14 and 17 to 19 find the same either way (measured)."""
    path = ".".join(field.name for field in fields)
    return f"{path}.id" if fields[-1].type == "many2one" and not _within_model(fields[-1]) else path


def _within_model(field: Field) -> bool:
    """Whether it leads to records of its own model, as a parent does: Odoo takes such a field itself for the tree."""
    return field.relation == field.model


def _pointing_here(leaf: BoundLeaf) -> BoundLeaf:
    """The leaf on the ids of a one2many's records. On the field itself, 14 counts archived records and 19 does not."""
    return replace(leaf, fields=(*leaf.fields, Field(leaf.field.relation or "", "id", "integer", "")))


def _under_parent(leaf: BoundLeaf, negative: bool) -> Domain:
    """``parent_id`` under some: Odoo's own ``child_of`` on a parent also finds the top record itself.

    Behind a path it is asked of the ids there: Odoo takes a relation within one model, as a contact's company, itself
    for the tree, and 15 leaves out records whose many2one leads to an archived one (see `tree_path`).
    """
    hops = leaf.fields[:-1]
    own = ".".join(step.name for step in hops) or "id"
    of_own = f"{own}.id" if hops and (hops[-1].type == "many2one" or _within_model(hops[-1])) else own
    terms: list[Domain] = []
    for value in leaf.values:
        below: Domain = [[of_own, "child_of", [value]]]
        terms.append(any_of(["!", *below], [[own, "=", value]]) if negative else both(below, [[own, "!=", value]]))
    return both(*terms) if negative else any_of(*terms)


_KINDS: dict[str, Callable[[BoundLeaf, bool], Domain]] = {
    "text": _text,
    "number": _number,
    "date": _dates,
    "datetime": _dates,
    "boolean": _boolean,
    "selection": _selection,
    "many2one": _relation,
    "many": _relation,
}
