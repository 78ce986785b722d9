"""What the spec says under ``set``, turned into effects: fields are looked up, names become ids.

What does not resolve is a problem at its place in the file, and has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segmenter.conditions import BoundLeaf, Clock, Field, Leaf, bind
from segmenter.conditions.model import PROPERTIES
from segmenter.conditions.operators import kind_of
from segmenter.conditions.values import bind_value
from segmenter.conditions.vocabulary import Unanswerable
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.unsent import TEAMS
from segmenter.plans.changes import Json
from segmenter.resolving.custom_fields import WithDeclaredFields
from segmenter.resolving.effects import (
    TEAM,
    ConvertLead,
    Effect,
    Give,
    Hold,
    MoveTo,
    SetProperty,
    SetTo,
    is_empty,
    is_new,
)
from segmenter.resolving.names import CREATED
from segmenter.resolving.planned_records import COLOURED, PlannedRecords
from segmenter.resolving.rights import SALESPERSON, NeededRights
from segmenter.resolving.shared_fields import REACHES_OTHERS, unsaid
from segmenter.spec.model import Action, Assign, Convert, RecordRef, SetStage, SetTags, SetValue

NO_VALUES = frozenset({"one2many", "properties", "properties_definition", "json", "binary"})
"""Types of fields that no spec writes: records of another model, what a team made up, pictures and files."""
COLUMNS = frozenset({"crm.stage", "crm.team"})
"""What people look for leads under: an archived one is not there any more."""


class Actions:
    """The effects of one spec's actions. ``owned``: many-valued field -> ids that the spec names in it, so far.

    ``planned`` gets what has to be created for them, ``rights`` what the work user must be allowed to.
    """

    def __init__(
        self,
        model: str,
        vocabulary: WithDeclaredFields,
        planned: PlannedRecords,
        rights: NeededRights,
        catalog: Catalog,
        clock: Clock,
        problems: list[Problem],
    ) -> None:
        self.owned: dict[str, frozenset[int]] = {}
        self._model, self._vocabulary, self._planned, self._rights = model, vocabulary, planned, rights
        self._catalog, self._clock, self._problems = catalog, clock, problems

    def effects(self, action: Action, why: str) -> list[Effect]:
        """What one action does; ``why`` goes to what is created for it."""
        reaches = isinstance(action, SetValue) and action.reaches_other_records
        field = self.field(action.field, action.path, reaches=reaches)
        if field is None:
            return []
        if field.relation and not (isinstance(action, SetValue) and action.value is None):
            self._rights.need(field.relation, "read", field.name)
        match action:
            case Convert():
                return [self._convert(action, field)]
            case SetTags():
                return self._hold(action, field, why)
            case Assign():
                return self._give(action, field)
            case SetStage():
                return self._move(action, field, why)
            case SetValue():
                return self._set(action, field, why)

    def field(self, name: str, path: Path, *, reaches: bool = False) -> Field | None:
        """The field to write, or a problem: unknown, read-only, or one whose write reaches other records unsaid."""
        field = self._vocabulary.field(self._model, name)
        if field is None:
            # Binding a leaf on it words the problem, near misses and all.
            bind(Leaf(name, "empty", True, path), self._model, self._vocabulary, self._clock, self._problems)
        elif field.name in REACHES_OTHERS.get(self._model, ()) and not reaches:
            todo = _("set another field, or write {field}: {{value: ..., reaches_other_records: true}} under set:")
            self._problems.append(Problem(path, unsaid(self._model, field.name), todo.format(field=field.name)))
            return None
        elif problem := unwritable(field, path, self._catalog.reader):
            self._problems.append(problem)
            return None
        return field

    def properties(self, label: str, path: Path) -> Field | None:
        """The field of the properties of leads, called as the one that is to be written; None after a problem."""
        try:
            self._catalog.property(label)
        except Unanswerable as error:
            self._problems.append(Problem(path, error.what, error.todo))
            return None
        self._rights.need(TEAMS, "read", label)
        return replace(self._catalog.reader.fields(self._model)[PROPERTIES], label=label)

    def set_property(self, field: Field, label: str, value: Json, others: Sequence[Json], path: Path) -> list[Effect]:
        """A value of a property. ``others``: all that the spec gives it; of tags, a lead keeps one of them."""

        def complain(what: str, todo: str) -> None:
            self._problems.append(Problem(path, what, todo))

        about = self._catalog.property(label)
        bound = bind_value(value, about.field, kind_of(about.field) or "", self._vocabulary, complain)
        if bound is None:
            return []
        try:
            entries = self._catalog.lead_properties().entries(label, bound.value)
        except Unanswerable as error:
            complain(error.what, error.todo)
            return []
        owned = self._catalog.lead_properties().keys(label, others) if about.many else frozenset[str]()
        team = self._catalog.reader.fields(self._model)[TEAM]
        return [SetProperty(field, team, label, entries, owned)]

    def own(self, field: Field, ids: frozenset[int]) -> None:
        """Note that the spec names these in a many-valued field."""
        self.owned[field.name] = self.owned.get(field.name, frozenset()) | ids

    def _convert(self, action: Convert, field: Field) -> ConvertLead:
        if action.customer != "none":
            operation = "create" if action.customer == "create" else "read"
            self._rights.need("res.partner", operation, _("conversions"))
        known = self._catalog.reader.fields(self._model)
        marks = tuple(known[name] for name in ("active", "probability") if name in known)
        return ConvertLead(field, action.customer, marks)

    def _hold(self, action: SetTags, field: Field, why: str) -> list[Effect]:
        add: set[int | None]
        remove: set[int | None]
        if field.relation in COLOURED:
            add = {self._planned.tag(field, str(name), action.path, why=why) for name in action.add}
            remove = {self._planned.known_tag(field, str(name), action.path) for name in action.remove}
        else:
            add = set(self._ids(field, action.add, action.path))
            remove = set(self._ids(field, action.remove, action.path))
        effect = Hold(
            field,
            frozenset(tag for tag in add if tag is not None),
            frozenset(tag for tag in remove if tag is not None),
        )
        self.own(field, effect.add | effect.remove)
        return [effect] if effect.add or effect.remove else []

    def _give(self, action: Assign, field: Field) -> list[Effect]:
        people = self._ids(field, action.people, action.path)
        if len(people) < len(action.people):
            return []
        for person, name in zip(people, action.people, strict=True):
            self._receives(field, person, name, action.path)
        return [Give(field, people, action.by, action.only_if_empty, action.cap)]

    def _receives(self, field: Field, person: int, name: object, path: Path) -> None:
        if isinstance(name, int) and (record := self._catalog.record(str(field.relation), name)):
            name = record.name
        if problem := unfit(field, person, str(name), path, self._catalog):
            self._problems.append(problem)

    def _move(self, action: SetStage, field: Field, why: str) -> list[Effect]:
        if field.relation == "crm.stage" and isinstance(action.to, str):
            to = self._planned.stage(action.to, action.path, why=why)
        else:
            to = next(iter(self._ids(field, (action.to,), action.path)), None)
        if to is not None and (problem := put_away(field, to, action.path, self._catalog)):
            self._problems.append(problem)
            return []
        origins = self._ids(field, action.come_from, action.path)
        if to is None or len(origins) < len(action.come_from):
            return []
        return [MoveTo(field, to, tuple(stage for stage in origins if stage != to))]

    def _set(self, action: SetValue, field: Field, why: str) -> list[Effect]:
        if field.type == "many2one" and isinstance(action.value, str) and field.relation in CREATED:
            return self._move(SetStage(action.field, action.value, (), action.path), field, why)
        if field.type in ("many2many", "one2many"):
            what = _("{field} holds several values").format(field=field.name)
            self._problems.append(Problem(action.path, what, _("use `{add: [...], remove: [...]}`")))
            return []
        absent = field.name in self._vocabulary.absent
        if action.value is None:
            return [] if absent else self._empty(field, action.path)
        leaf = self._leaf(field, action.value, action.path)
        if leaf is None:
            return []
        # A date is written as it is compared: the first moment of what it names.
        value = leaf.ranges[0][0] if leaf.ranges else leaf.values[0]
        if field.name == SALESPERSON:
            self._receives(field, int(str(value)), action.value, action.path)
        elif problem := put_away(field, value, action.path, self._catalog):
            self._problems.append(problem)
        return [SetTo(field, value, None if absent else leaf)]

    def _empty(self, field: Field, path: Path) -> list[Effect]:
        """Nothing any more in a field that may be empty."""
        if self._catalog.reader.required(self._model, field.name):
            what = _("{field} ({label}) is required in this Odoo: no record may be without it")
            what = what.format(field=field.name, label=field.label)
            self._problems.append(Problem(path, what, _("set a value, or leave the field out")))
        return [SetTo(field, None, is_empty(field))]

    def _leaf(self, field: Field, value: Json, path: Path) -> BoundLeaf | None:
        """What a name or literal stands for on this field; None after reporting a problem.

        Bound as a condition would be, so that a name means the same whether it is compared or written.
        """
        leaf = Leaf(field.name, "=", value, path)
        bound = bind(leaf, self._model, self._vocabulary, self._clock, self._problems)
        return None if bound is None else next(bound.leaves())

    def _ids(self, field: Field, wanted: tuple[RecordRef, ...], path: Path) -> tuple[int, ...]:
        """The ids of what stands for one record each; the others are reported."""
        leaves = [self._leaf(field, name, path) for name in wanted]
        return tuple(int(str(leaf.values[0])) for leaf in leaves if leaf is not None)


def unwritable(field: Field, path: Path, reader: OdooReader) -> Problem | None:
    """What is wrong with writing a field that Odoo computes, or one that holds no value of the record's own.

    To whoever may not write on a model, Odoo 14 says of all its fields that they cannot be written: then it is that
    right that lacks.
    """
    if field.type in NO_VALUES:
        what = _("{field} is of the type {type}, which is not written here").format(field=field.name, type=field.type)
        return Problem(path, what, _("set a field that holds a value, a name or tags"))
    if field.stored and not (field.readonly and reader.may(field.model, "write")):
        return None
    what = _("{field} is computed by Odoo and cannot be written").format(field=field.name)
    return Problem(path, what, _("set a field that people can edit"))


def put_away(field: Field, value: Json, path: Path, catalog: Catalog) -> Problem | None:
    """Why no record is to be given a stage or team: it is archived. Odoo takes it, and shows the record nowhere."""
    if field.relation not in COLUMNS or not isinstance(value, int) or is_new(value):
        return None
    if not catalog.archived(field.relation, value):
        return None
    record = catalog.record(field.relation, value)
    what = _("{name} ({field}) is archived: Odoo shows it nowhere, nor its records in the pipeline")
    what = what.format(name=record.name if record else value, field=field.name)
    return Problem(path, what, _("name another one, or have it restored in Odoo"))


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
