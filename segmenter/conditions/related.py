"""Lists of records: which field is the list, which of the listed records' is compared, and for whom it holds.

What lists give is counted by the CRM, one question a comparison (`Vocabulary.listed`). What comes of it is a set of
records: a leaf on the ids of those who have the lists, with the same meaning everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from segmenter.conditions.bound import Bound, BoundLeaf, BoundRelated
from segmenter.conditions.comparisons import Holding
from segmenter.conditions.domain import domain
from segmenter.conditions.evaluate import compiled
from segmenter.conditions.fields import walk
from segmenter.conditions.model import PROPERTY, Related, Scalar
from segmenter.conditions.operators import COMPLEMENTS, FUNCTIONS, MANY, operators_of
from segmenter.conditions.vocabulary import Field, ListQuestion, Property, Vocabulary
from segmenter.errors import Problem
from segmenter.i18n import _, one_of

CONTACTS, COMPANY = "res.partner", "commercial_partner_id"
OF_SEVERAL = ("=", "in", "not", "not_in", "has_any", "has_all", "has_none", "empty")
"""The operators of a property in which a lead can hold several values."""
COUNTED = "count"
"""The name of the field in place of one that a count takes."""


@dataclass(frozen=True)
class ListFields:
    """``path``: the fields that lead to the list. ``of``: the field of the listed records that is compared."""

    path: tuple[Field, ...]
    of: Field


def list_fields(related: Related, model: str, vocabulary: Vocabulary, problems: list[Problem]) -> ListFields | None:
    """Finds the fields; None after reporting a problem."""

    def complain(what: str, todo: str) -> None:
        problems.append(Problem(related.path, what, todo))

    fields = walk(related.field, model, vocabulary, related.path, problems, to_list=True)
    if fields is None:
        return None
    *hops, last = fields
    if last.type not in MANY or last.relation is None:
        what = _("{field} ({label}) is no list of records").format(field=related.field, label=last.label)
        complain(what, _("use a field of many records, as sale_order_ids of a contact"))
        return None
    if many := next((hop for hop in hops if hop.type in MANY), None):
        what = _("{field} holds many: whose list is meant behind it?").format(field=many.name)
        complain(what, _("use a list of the record itself, or one behind a field of one record"))
        return None
    if related.whose and last.model != CONTACTS:
        what = _("of: {whose} is asked of contacts, and {field} is a list of {model}").format(
            whose=related.whose, field=related.field, model=last.model
        )
        complain(what, _("leave out of:"))
        return None
    if related.function == "count":
        return ListFields(fields, Field(last.relation, COUNTED, "integer", last.label))
    found = walk(related.of, last.relation, vocabulary, related.path, problems)
    if found is None:
        return None
    of = found[0]
    types = FUNCTIONS[related.function]
    if len(found) > 1 or of.type not in types:
        what = _("{function} does not go with {field} ({label}), which is a {type}").format(
            function=related.function, field=related.of, label=of.label, type=of.type
        )
        names = [
            f"{name} ({label})"
            for name, label in vocabulary.labels(of.model).items()
            if _is(vocabulary, of.model, name, types)
        ]
        complain(what, _("use one of {names}").format(names=one_of(names[:10])) if names else _("use count"))
        return None
    # The average of whole numbers is none.
    return ListFields(fields, replace(of, type="float") if related.function == "avg" and of.type == "integer" else of)


def _is(vocabulary: Vocabulary, model: str, name: str, types: tuple[str, ...]) -> bool:
    field = vocabulary.field(model, name)
    return field is not None and field.type in types and field.stored


def answered(
    related: Related,
    found: ListFields,
    compared: BoundLeaf,
    where: Bound | None,
    asked_of: tuple[Field, ...],
    vocabulary: Vocabulary,
) -> BoundRelated:
    """Asks the CRM, and compares. Raises `Unanswerable`."""
    *hops, last = found.path
    owners: tuple[Field, ...] = (*asked_of, *hops)
    whose = related.whose
    if asked_of and not hops:
        whose = whose if whose == "both" else "company"
    elif whose in ("company", "both"):
        company = vocabulary.field(CONTACTS, COMPANY)
        assert company is not None
        owners = (*owners, company)
    of = None if related.function == "count" else found.of
    asked = ListQuestion(last, related.function, of, tuple(domain(where)) if where else (), whose == "both")
    held = vocabulary.listed(asked)
    holds = _test(compared)
    takes_none = holds(0 if related.function in ("count", "sum") else None)
    ids = tuple(sorted(owner for owner, value in held.items() if holds(value) != takes_none))
    leaf = BoundLeaf(owners or (Field(last.model, "id", "integer", ""),), "not_in" if takes_none else "in", ids)
    return BoundRelated(found.path, related.function, compared, where, whose, leaf, held=held, path=related.path)


def operators_of_property(about: Property) -> tuple[str, ...]:
    """The operators that a property has."""
    return OF_SEVERAL if about.many else operators_of(about.field)


def of_property(
    related: Related, holder: Field, about: Property, compared: BoundLeaf, vocabulary: Vocabulary
) -> BoundRelated:
    """Asks what leads hold in a property, and compares. What a lead does not hold is empty, as in any field."""
    held = vocabulary.listed(ListQuestion(holder, PROPERTY, replace(about.field, name=related.of), ()))
    if about.many:
        compared = replace(compared, fields=(replace(about.field, type="many2many"),))
        holds = _several(compared)
    else:
        kind, meets = about.field.type, compiled(domain(compared), type_of=lambda _path: about.field.type)
        assert kind
        holds = lambda value: meets(Holding(compared.field.name, value))  # noqa: E731
    takes_none = holds(None)
    ids = tuple(sorted(lead for lead, value in held.items() if holds(value) != takes_none))
    owners = BoundLeaf((Field(holder.model, "id", "integer", ""),), "not_in" if takes_none else "in", ids)
    return BoundRelated((holder,), PROPERTY, compared, None, "", owners, held=held, path=related.path)


def _several(compared: BoundLeaf) -> Callable[[Any], bool]:
    """Whether the comparison holds for several values of a record; None for none."""
    operator = COMPLEMENTS.get(compared.operator, compared.operator)
    wanted = {value for value in compared.values if value is not None}

    def test(value: Any) -> bool:
        held = set(value or ())
        if operator == "empty":
            return (not held) == compared.values[0]
        if operator == "has_all":
            return wanted <= held
        found = bool(wanted & held) or (None in compared.values and not held)
        return found != (compared.operator in COMPLEMENTS)

    return test


def _test(compared: BoundLeaf) -> Callable[[Scalar], bool]:
    """Whether the comparison holds for what a list gives; None where it has no value."""
    name, kind = compared.field.name, compared.field.type
    meets = compiled(domain(compared), type_of=lambda _path: kind)

    def test(value: Scalar) -> bool:
        if compared.operator == "empty":
            return (value is None) == compared.values[0]
        if value is None:
            # A number that is not there is no 0: no comparison takes it, and what is not so takes it.
            return compared.operator in ("not", "not_in") or None in compared.values
        return meets(Holding(name, value))

    return test
