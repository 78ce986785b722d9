"""The custom fields that a spec declares, against one CRM: which are there, which the plan creates, and who may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmenter.conditions import Field, Leaf, Named, Related
from segmenter.conditions.vocabulary import ListQuestion, Money, Property
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.notice import Notice
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.resolving.planned_records import PlannedRecords
from segmenter.spec.model import CustomField, Spec

FIELDS, VALUES = "ir.model.fields", "ir.model.fields.selection"
"""Where Odoo keeps its fields, and the values of its selections (alike on 14 and 19)."""
CANNOT_MAKE, CANNOT_ADD = "custom_fields.cannot_make", "custom_fields.cannot_add"

TYPES = {
    "text": ("char", "text"),
    "selection": ("selection",),
    "integer": ("integer",),
    "float": ("float", "monetary"),
    "boolean": ("boolean",),
    "date": ("date",),
}
"""What a declared type may be in Odoo; the first is what is created."""


@dataclass(frozen=True)
class DeclaredField:
    """One declared field. ``existing``: as the CRM has it, None when it has none of that name.

    ``missing``: values that its selection lacks. ``differs``: in which way it is another field, "" when it is not.
    """

    declared: CustomField
    model: str
    existing: Field | None
    missing: tuple[str, ...] = ()
    differs: str = ""

    @property
    def field(self) -> Field:
        """The field as it will be once the plan is applied."""
        if self.existing is None:
            declared = self.declared
            values = tuple((value, value) for value in declared.values)
            return Field(self.model, declared.name, TYPES[declared.kind][0], declared.label, selection=values)
        added = tuple((value, value) for value in self.missing)
        return replace(self.existing, selection=(*self.existing.selection, *added))

    @property
    def complete(self) -> bool:
        """Whether nothing has to be made of it."""
        return self.existing is not None and not self.missing


def declared_fields(spec: Spec, reader: OdooReader) -> tuple[DeclaredField, ...]:
    """Every declared field of the spec, in its order."""
    return tuple(_declared_field(field, spec.scope.model, reader) for field in spec.fields)


def _declared_field(declared: CustomField, model: str, reader: OdooReader) -> DeclaredField:
    existing = reader.fields(model).get(declared.name)
    if existing is None:
        # Odoo keeps names of fields unique, and does not tell a user of those that only other groups see.
        hidden = reader.may(FIELDS, "read") and reader.search(
            FIELDS, [("model", "=", model), ("name", "=", declared.name)]
        )
        what = _("{field} is there in Odoo already, and only other groups of users see it")
        return DeclaredField(declared, model, None, differs=what.format(field=declared.name) if hidden else "")
    if existing.type not in TYPES[declared.kind]:
        return DeclaredField(
            declared,
            model,
            existing,
            differs=_("{field} is of type {theirs} in Odoo, and {ours} in the spec").format(
                field=declared.name, theirs=existing.type, ours=declared.kind
            ),
        )
    known = {word for pair in existing.selection for word in pair}
    return DeclaredField(declared, model, existing, tuple(value for value in declared.values if value not in known))


def may_make(field: DeclaredField, reader: OdooReader) -> bool:
    """Whether the work user may make what is missing of a field (measured: administrators alone)."""
    return reader.may(FIELDS if field.existing is None else VALUES, "create")


def cannot_make(field: DeclaredField, version: int) -> Notice:
    """A field, or values of one, that the work user may not make: all that who may must know. ``version``: Odoo's."""
    declared = field.declared
    names: dict[str, str | tuple[str, ...]] = {"field": declared.name, "model": field.model}
    if field.existing is not None:
        return Notice(CANNOT_ADD, {"version": version}, names | {"values": field.missing})
    names |= {
        "label": declared.label,
        "type": TYPES[declared.kind][0],
        "help": declared.help,
        "values": declared.values,
    }
    return Notice(CANNOT_MAKE, {"version": version}, names)


def forbidden_fields(fields: Iterable[DeclaredField], reader: OdooReader) -> list[Notice]:
    """What the plan would make of declared fields and the work user may not."""
    return [
        cannot_make(field, reader.identity.major)
        for field in fields
        if not field.complete and not field.differs and not may_make(field, reader)
    ]


def plan_fields(fields: Sequence[DeclaredField], planned: PlannedRecords) -> Iterator[Problem]:
    """Create what is missing; a field of that name that is something else is a problem."""
    for field in fields:
        declared = field.declared
        if field.differs:
            yield Problem(declared.path, field.differs, _("give it another name, or have the field in Odoo put right"))
        elif field.existing is None:
            planned.create(FIELDS, declared.name, _definition(field), why=declared.label)
        else:
            for value in field.missing:
                after = {"model": field.model, "field": declared.name, "value": value, "name": value}
                planned.create(VALUES, f"{declared.name}: {value}", after, why=declared.label)


def _definition(field: DeclaredField) -> dict[str, Json]:
    declared = field.declared
    definition: dict[str, Json] = {
        "name": declared.name,
        "model": field.model,
        "ttype": TYPES[declared.kind][0],
        "field_description": declared.label,
    }
    if declared.help:
        definition["help"] = declared.help
    return definition | ({"values": list(declared.values)} if declared.values else {})


def not_yet(leaves: Iterable[Leaf], absent: Collection[str]) -> list[Problem]:
    """Conditions on fields that do not exist before the plan is applied: no server can be asked declared those."""
    return [
        Problem(
            leaf.path,
            _("{field} does not exist in Odoo yet, so no condition can ask for it").format(field=leaf.field),
            _("leave it out, apply once so that the field is created, and then plan with it"),
        )
        for leaf in leaves
        if leaf.field.partition(".")[0] in absent
    ]


class WithDeclaredFields:
    """The vocabulary of a CRM in which the declared fields are there already, so that values for them can be bound.

    ``absent``: fields that are not there yet. No server can be asked for those: only what is written is bound by this.
    """

    def __init__(self, model: str, fields: Iterable[DeclaredField], catalog: Catalog) -> None:
        self._catalog, self._model = catalog, model
        self._fields = {field.declared.name: field.field for field in fields if not field.differs}
        self.absent: Mapping[str, Field] = {
            field.declared.name: field.field for field in fields if field.existing is None
        }

    def field(self, model: str, name: str) -> Field | None:
        declared = self._fields.get(name) if model == self._model else None
        return declared or self._catalog.field(model, name)

    def field_names(self, model: str) -> Iterable[str]:
        return [*self._catalog.field_names(model), *(self.absent if model == self._model else ())]

    def record(self, model: str, id_: int) -> Named | None:
        return self._catalog.record(model, id_)

    def decimals(self, field: Field) -> int | None:
        return None if field.name in self.absent else self._catalog.decimals(field)

    def hidden(self, model: str, name: str) -> bool:
        return self._catalog.hidden(model, name)

    def left_out(self, model: str, name: str) -> str:
        return self._catalog.left_out(model, name)

    def money(self, amount: Field) -> Money | None:
        return self._catalog.money(amount)

    def labels(self, model: str) -> Mapping[str, str]:
        return self._catalog.labels(model)

    def archived(self, model: str, id_: int) -> bool:
        return self._catalog.archived(model, id_)

    def named(self, model: str, name: str) -> list[Named]:
        return self._catalog.named(model, name)

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        return self._catalog.elsewhere(model, name)

    def names(self, model: str) -> list[str]:
        return self._catalog.names(model)

    @property
    def of_lists(self) -> Catalog:
        return self._catalog.of_lists

    def property(self, label: str) -> Property:
        return self._catalog.property(label)

    def told(self, related: Related) -> Mapping[str, Json] | None:
        return self._catalog.told(related)

    def listed(self, question: ListQuestion) -> Mapping[int, Json]:
        return self._catalog.listed(question)
