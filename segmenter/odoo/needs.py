"""What a spec asks of one CRM: which rights on which models, which names, which stages. Reads names alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from segmenter.conditions import CURRENCY, All, Any, Bound, Clock, Condition, Domain, Leaf, Not, bind, domain
from segmenter.conditions.vocabulary import Field
from segmenter.errors import Path, Problem, SegmenterError
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.currencies import AMOUNTS
from segmenter.odoo.custom_fields import not_yet
from segmenter.odoo.elsewhere import named_elsewhere
from segmenter.odoo.questions import too_large
from segmenter.odoo.reader import OdooReader
from segmenter.spec.model import (
    Action,
    Assign,
    Convert,
    RecordRef,
    Segment,
    Segmentation,
    SetStage,
    SetTags,
    SetValue,
    Spec,
    Value,
)

CREATED = ("crm.tag", "res.partner.category", "crm.stage")
"""Models whose missing names a plan creates."""
SALESPERSON = "user_id"
"""The field that says whose a record is."""


@dataclass
class Needs:
    """``rights``: (model, operation) -> what for. ``stages``: ids of existing stages that records are moved to.

    ``receivers``: users who can be given a record. ``scope``: the scope's condition on this CRM, None when it has none
    or does not resolve.
    """

    rights: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stages: set[int] = field(default_factory=set)
    receivers: set[int] = field(default_factory=set)
    scope: Bound | None = None

    def right(self, model: str, operation: str, why: str = "") -> None:
        """Note a right that is needed, and what for."""
        reasons = self.rights.setdefault((model, operation), [])
        if why and why not in reasons:
            reasons.append(why)


def needs_of(spec: Spec, catalog: Catalog, clock: Clock) -> Needs:
    """Everything the spec needs; names that do not resolve are in ``problems``, all of them."""
    needs = Needs()
    model = spec.scope.model
    needs.right(model, "read")
    needs.right(model, "write")
    collector = _Collector(spec, catalog, clock, needs)
    needs.scope = collector.condition(spec.scope.where)
    for condition in spec.protect:
        collector.condition(condition)
    for segmentation in spec.segmentations:
        collector.segmentation(segmentation)
    if spec.filters == "shared":
        for operation in ("read", "create", "write"):
            needs.right("ir.filters", operation)
    return needs


def leaves(condition: Condition | None, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """The leaves of a condition as written, each with whether it is negated."""
    if isinstance(condition, Leaf):
        yield condition, negated
    elif isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from leaves(part, negated)
    elif isinstance(condition, Not):
        yield from leaves(condition.part, not negated)


NO_VALUES = frozenset({"one2many", "properties", "properties_definition", "json", "binary"})
"""Types of fields that no spec writes: records of another model, what a team made up, pictures and files."""


def currency_unnamed(spec: Spec) -> bool:
    """Whether some condition of the spec compares an amount of a lead and does not say in which currency."""
    segments = [one for segmentation in spec.segmentations for one in segmentation.all_segments]
    conditions = (spec.scope.where, *spec.protect, *(one.condition for one in segments))
    return any(
        leaf.field in AMOUNTS and leaf.operator not in (CURRENCY, "empty") and not leaf.currency and _over_zero(leaf)
        for condition in conditions
        for leaf, _negated in leaves(condition)
    )


def _over_zero(leaf: Leaf) -> bool:
    """Whether it compares with anything but 0, which is the same money everywhere."""
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return any(value not in (0, None) for value in values)


def unwritable(field: Field, path: Path, reader: OdooReader) -> Problem | None:
    """What is wrong with writing a field that Odoo computes.

    To whoever may not write on a model, Odoo 14 says of all its fields that they cannot be: that right is what lacks.
    Or that holds no value of the record's own: to write it is to write others, or what nothing could give back.
    """
    if field.type in NO_VALUES:
        what = _("{field} is of the type {type}, which is not written here").format(field=field.name, type=field.type)
        return Problem(path, what, _("set a field that holds a value, a name or tags"))
    if field.stored and not (field.readonly and reader.may(field.model, "write")):
        return None
    what = _("{field} is computed by Odoo and cannot be written").format(field=field.name)
    return Problem(path, what, _("set a field that people can edit"))


def unfit(field: Field, id_: int, person: str, path: Path, catalog: Catalog) -> Problem | None:
    """Why somebody can be given no records. Odoo itself writes whomever it is told (measured, 14 and 19)."""
    model = str(field.relation)
    if catalog.archived(model, id_):
        what = _("{person} is archived and can be given no records").format(person=person)
        return Problem(path, what, _("name somebody else, or have the user restored"))
    if model == "res.users" and catalog.portal(id_):
        what = _("{person} is a portal user, who does not see the CRM, and can be given no records")
        return Problem(path, what.format(person=person), _("name somebody who works in Odoo"))
    return None


class _Collector:
    def __init__(self, spec: Spec, catalog: Catalog, clock: Clock, needs: Needs) -> None:
        self.model, self.catalog, self.clock, self.needs = spec.scope.model, catalog, clock, needs
        self.declared = {one.name: one.values for one in spec.fields}
        known = set(catalog.field_names(self.model)) if self.declared else set()
        self.absent = set(self.declared) - known

    def condition(self, condition: Condition | None, asked_of: Field | None = None) -> Bound | None:
        if condition is None:
            return None
        if early := not_yet((leaf for leaf, _negated in leaves(condition)), self.absent):
            self.needs.problems.extend(early)
            return None
        bound = self.bound(condition, asked_of)
        if bound is not None and (problem := too_large(bound.path, self.scope_domain(), domain(bound))):
            self.needs.problems.append(problem)
            return None
        for leaf in bound.leaves() if bound is not None else ():
            for step in leaf.fields:
                if step.relation:
                    self.needs.right(step.relation, "read", step.name)
        return bound

    def scope_domain(self) -> Domain:
        return domain(self.needs.scope) if self.needs.scope is not None else []

    def bound(self, condition: Condition, asked_of: Field | None = None) -> Bound | None:
        try:
            return bind(condition, self.model, self.catalog, self.clock, self.needs.problems, asked_of=asked_of)
        except SegmenterError as error:
            # A model that the work user may not read: the other names are still worth checking.
            self.needs.problems.append(Problem(condition.path, error.what, error.todo))
            return None

    def segmentation(self, segmentation: Segmentation) -> None:
        store = None
        if segmentation.store is not None:
            store = self.field(segmentation.store.field, (*segmentation.path, "store"))
        for segment in segmentation.all_segments:
            self.condition(segment.condition, self.catalog.company() if segmentation.include_contacts else None)
            if store is not None:
                self.stored(store, segment)
            for action in segment.actions:
                self.action(action)

    def stored(self, store: Field, segment: Segment) -> None:
        if store.type == "many2many":
            self.tags(store, [str(segment.stored)], segment.path, coloured=segment.color is not None)
        else:
            self.value(store, segment.stored, segment.path)

    def action(self, action: Action) -> None:
        target = self.field(action.field, action.path)
        if target is None:
            return
        if isinstance(action, SetTags):
            self.tags(target, action.add, action.path)
            self.needs.right(str(target.relation), "read", target.name)
        elif isinstance(action, Convert) and action.customer != "none":
            self.needs.right("res.partner", "create" if action.customer == "create" else "read", _("conversions"))
        elif isinstance(action, SetStage):
            self.value(target, action.to, action.path)
            for name in action.come_from:
                self.bound(Leaf(target.name, "=", name, action.path))
        elif isinstance(action, Assign):
            for person in action.people:
                self.person(target, person, action.path)
        elif isinstance(action, SetValue) and action.value is not None:
            self.value(target, action.value, action.path)

    def field(self, name: str, path: Path) -> Field | None:
        try:
            found = self.catalog.field(self.model, name)
        except SegmenterError as error:
            self.needs.problems.append(Problem(path, error.what, error.todo))
            return None
        if found is None and name in self.absent:
            return None
        if found is None:
            # Binding a leaf on it words the problem, near misses and all.
            self.bound(Leaf(name, "empty", True, path))
        elif problem := unwritable(found, path, self.catalog.reader):
            self.needs.problems.append(problem)
            return None
        return found

    def tags(self, target: Field, wanted: Iterable[RecordRef], path: Path, *, coloured: bool = False) -> None:
        """One that is there may have to be given another colour, or taken out of the archive."""
        model = str(target.relation)
        for tag in wanted:
            if self.exists(target, tag, path) and (
                coloured or any(self.catalog.archived(model, one.id) for one in self.catalog.meant(model, tag))
            ):
                self.needs.right(model, "write", str(tag))

    def exists(self, target: Field, wanted: RecordRef, path: Path) -> bool:
        """Whether the record is there; one that the plan will create, by its name, needs the right to."""
        model = str(target.relation)
        self.needs.right(model, "read", target.name)
        try:
            there = bool(self.catalog.meant(model, wanted))
        except SegmenterError as error:
            self.needs.problems.append(Problem(path, error.what, error.todo))
            return False
        if not there and model in CREATED and isinstance(wanted, str):
            if problem := named_elsewhere(model, wanted, path, self.catalog):
                self.needs.problems.append(problem)
                return False
            self.needs.right(model, "create", wanted)
            return False
        # One of that name, or several, or none: binding says which.
        return self.bound(Leaf(target.name, "has_any" if target.type == "many2many" else "=", wanted, path)) is not None

    def value(self, target: Field, value: Value, path: Path) -> None:
        if target.type == "selection" and value in self.declared.get(target.name, ()):
            return  # what the field lacks of it, the plan adds: see `custom_fields`
        if target.type != "many2one" or not isinstance(value, str | int) or isinstance(value, bool):
            self.bound(Leaf(target.name, "=", value, path))
        elif target.name == SALESPERSON:
            self.person(target, value, path)
        elif self.exists(target, value, path) and target.relation == "crm.stage":
            self.needs.stages.update(one.id for one in self.catalog.meant("crm.stage", value))

    def person(self, target: Field, person: RecordRef, path: Path) -> None:
        if not self.exists(target, person, path):
            return
        for one in self.catalog.meant(str(target.relation), person):
            self.needs.receivers.add(one.id)
            if problem := unfit(target, one.id, person if isinstance(person, str) else one.name, path, self.catalog):
                self.needs.problems.append(problem)
