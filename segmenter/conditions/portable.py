"""Refuses conditions that have no domain of the same meaning on Odoo 14 to 19 (measured; see docs/spec.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.domain import domain
from segmenter.conditions.operators import COMPLEMENTS, kind_of
from segmenter.conditions.text import escaped
from segmenter.conditions.vocabulary import Field, Vocabulary
from segmenter.i18n import _


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a leaf is refused, and what to write instead."""

    what: str
    todo: str


def negatable(bound: Bound) -> bool:
    """Whether the complement of a bound condition has a domain that means the same on all versions."""
    return next(refusals(bound, negated=True), None) is None


def refusals(
    bound: Bound, *, negated: bool, asked_of: Field | None = None
) -> Iterator[tuple[BoundLeaf | BoundDomain, Refusal]]:
    """The parts of a condition, or of its complement when ``negated``, that are refused, and why."""
    match bound:
        case BoundAll(parts) | BoundAny(parts):
            for part in parts:
                yield from refusals(part, negated=negated, asked_of=asked_of)
        case BoundNot(part):
            yield from refusals(part, negated=not negated, asked_of=asked_of)
        case BoundDomain():
            if negated:
                what = _("A raw domain cannot be negated: its meaning differs between versions of Odoo")
                yield bound, Refusal(what, _("write the negation inside the domain"))
        case BoundRelated():
            pass
        case BoundLeaf():
            if (why := refusal(bound, negated=negated, asked_of=asked_of)) is not None:
                yield bound, why


def refusal(leaf: BoundLeaf, *, negated: bool, asked_of: Field | None = None) -> Refusal | None:
    """Why the leaf is refused, or its complement when ``negated``; None if it is not.

    ``asked_of``: a hop before the path that is never empty (see `bind`).
    """
    negative = leaf.negative != negated
    base = COMPLEMENTS.get(leaf.operator, leaf.operator)
    if base == "under" and leaf.field.relation == leaf.field.model and leaf.field.name != "parent_id":
        return Refusal(
            _("under cannot be used on {field}, which leads to the same model").format(field=leaf.name),
            _("use parent_id, or list the names"),
        )
    if leaf.field.type == "one2many" and (_takes_none(leaf, negated) or (base != "empty" and negative)):
        return Refusal(
            _("What is not or empty in {field}, a list of records that point here, differs between versions").format(
                field=leaf.name
            ),
            _("say what there is: empty: false, has_any, contains, or a path such as {field}.name").format(
                field=leaf.name
            ),
        )
    return _refused_pattern(leaf, base) or _refused_path(leaf, base, negative, asked_of)


def _refused_pattern(leaf: BoundLeaf, base: str) -> Refusal | None:
    """Odoo 14 cuts a pattern, wildcards and all, to the size of a text that has one."""
    size = leaf.field.size
    if size and base in ("starts_with", "ends_with") and len(escaped(str(leaf.values[0]))) >= size:
        return Refusal(
            _(
                "{operator} is not alike on all versions of Odoo for {field}, which holds at most {count} characters"
            ).format(operator=base, field=leaf.name, count=size),
            _("use contains, or list the values"),
        )
    return None


def _takes_none(leaf: BoundLeaf, negated: bool) -> bool:
    """Whether a leaf on a relation takes records in which the relation is empty."""
    if leaf.operator == "empty":
        return (leaf.values == (True,)) != negated
    return None in leaf.values


def refused_relations(
    fields: Sequence[Field],
    operator: str,
    ids: Iterable[int],
    vocabulary: Vocabulary,
    *,
    asked_of: Field | None = None,
) -> Refusal | None:
    """Why a comparison with ``ids`` (or with none) at the end of a path cannot be said, because of what the relations
    on the way lead to: archived records, or records in no tree.

    By itself a path reaches active records of the many that a record holds. Behind another relation Odoo 14 reaches
    archived ones too, and so does 19 behind some; and 19 finds nothing below an archived one. A parent that a model
    takes from another, as users do from their contact, makes no tree: 15 finds nobody below, and 17 faults.
    """
    last = fields[-1]
    is_tree = operator in ("under", "child_of")
    of_tree = last.model if last.name == "id" else last.relation or ""
    parent = vocabulary.field(of_tree, "parent_id") if is_tree else None
    if is_tree and (parent is None or not parent.stored):
        return Refusal(
            _("What {field} leads to is no tree").format(field=last.name),
            _("list the names, or compare something else"),
        )
    of_many = is_tree and kind_of(last) == "many"
    hops = fields if of_many or last.type == "one2many" else fields[:-1]
    for place, hop in enumerate(hops[1:], 1):
        if kind_of(hop) == "many" and vocabulary.field(hop.relation or "", "active"):
            return Refusal(
                _("What {field} leads to from another record differs between versions where some are archived").format(
                    field=hop.name
                ),
                _beside(fields[: place + 1], asked_of),
            )
    if last.name == "active" and len(fields) > 1 and kind_of(fields[-2]) == "many":
        # By a one2many, 14 finds others than 19. And 19 asks the sides of an "or" on one relation together, which
        # changes what it finds of many2many ones.
        holder = fields[-2]
        names, some = (
            _("list their names: {field}: [...]"),
            _("say {field}: {{empty: false}} for those that hold an active one"),
        )
        return Refusal(
            _("Which of the records behind {field} are archived differs between versions of Odoo").format(
                field=holder.name
            ),
            (names if holder.type == "many2many" else some).format(field=holder.name),
        )
    if of_many and any(vocabulary.archived(last.relation or "", id) for id in ids):
        return Refusal(
            _("What is below an archived record of {field} differs between versions of Odoo").format(field=last.name),
            _("list the names below it instead"),
        )
    if len(fields) > 1 and kind_of(fields[-2]) == "many" and (last.model, last.name) == ("res.partner", "parent_id"):
        # Odoo 14 leaves archived contacts in where it is asked for those of a parent.
        return Refusal(
            _("The parents of the contacts behind {field} differ between versions of Odoo").format(
                field=fields[-2].name
            ),
            _("ask for something else of these contacts, as their name"),
        )
    return None


def _beside(path: Sequence[Field], asked_of: Field | None) -> str:
    """What a condition can ask of the records that a path leads to, if it cannot ask for their values."""
    written = [step for step in path if step is not asked_of]
    if path[-1].type == "many2many":
        return _("list their names: {field}: [...]").format(field=".".join(step.name for step in written))
    if len(written) == 1:
        return _("ask for it in a segmentation without include_contacts")
    return _("ask for something else than the records that point there")


def _refused_path(leaf: BoundLeaf, base: str, negative: bool, asked_of: Field | None) -> Refusal | None:
    """Why a path is refused because of the relations before its last field; None if it is not."""
    hops = leaf.fields[:-1]
    many = next((hop for hop in hops if kind_of(hop) == "many"), None)
    if many is not None and (negative or base == "empty" or None in leaf.values):
        return Refusal(
            _("What is not or empty through {field}, which holds many, has no single meaning").format(field=many.name),
            _("say what there is, not what there is not")
            if many.type == "one2many"
            else _("use has_none or empty on {field} itself").format(field=many.name),
        )
    if many is not None and "&" in domain(leaf):
        return Refusal(
            _("{field} holds many: two bounds could be met by two different records").format(field=many.name),
            _("use one bound, or has_any on {field}").format(field=many.name),
        )
    nullable = [hop for hop in hops if hop is not asked_of]
    if nullable and negative and base in ("starts_with", "ends_with", "under"):
        return Refusal(
            _("not {operator} cannot be said alike on all versions of Odoo through a path ({field})").format(
                operator=base, field=leaf.name
            ),
            _("list the names") if kind_of(leaf.field) == "many" else _("use not_contains, or list the names"),
        )
    return None
