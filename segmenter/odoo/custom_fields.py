"""The custom fields that a spec declares, against one CRM: which are there, which are to be made, and who may."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from segmenter.conditions import Leaf
from segmenter.conditions.vocabulary import Field
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.odoo.reader import OdooReader
from segmenter.spec.model import CustomField, Spec

FIELDS, VALUES = "ir.model.fields", "ir.model.fields.selection"
"""Where Odoo keeps its fields, and the values of its selections (alike on 14 and 19)."""

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
class Standing:
    """One declared field. ``found``: as the CRM has it, None when it has none of that name.

    ``missing``: values that its selection lacks. ``differs``: in which way it is another field, "" when it is not.
    """

    declared: CustomField
    model: str
    found: Field | None
    missing: tuple[str, ...] = ()
    differs: str = ""

    @property
    def field(self) -> Field:
        """The field as it will be once the plan is applied."""
        if self.found is None:
            about = self.declared
            values = tuple((value, value) for value in about.values)
            return Field(self.model, about.name, TYPES[about.kind][0], about.label, selection=values)
        added = tuple((value, value) for value in self.missing)
        return replace(self.found, selection=(*self.found.selection, *added))


def standings(spec: Spec, reader: OdooReader) -> list[Standing]:
    """Every declared field of the spec, in its order."""
    return [_standing(one, spec.scope.model, reader) for one in spec.fields]


def _standing(declared: CustomField, model: str, reader: OdooReader) -> Standing:
    found = reader.fields(model).get(declared.name)
    if found is None:
        # Odoo keeps names of fields unique, and does not tell a user of those that only other groups see.
        hidden = reader.may(FIELDS, "read") and reader.search(
            FIELDS, [("model", "=", model), ("name", "=", declared.name)]
        )
        what = _("{field} is there in Odoo already, and only other groups of users see it")
        return Standing(declared, model, None, differs=what.format(field=declared.name) if hidden else "")
    if found.type not in TYPES[declared.kind]:
        return Standing(
            declared,
            model,
            found,
            differs=_("{field} is of type {theirs} in Odoo, and {ours} in the spec").format(
                field=declared.name, theirs=found.type, ours=declared.kind
            ),
        )
    known = {word for pair in found.selection for word in pair}
    return Standing(declared, model, found, tuple(value for value in declared.values if value not in known))


def may_make(standing: Standing, reader: OdooReader) -> bool:
    """Whether the work user may make what is missing of a field (measured: administrators alone)."""
    return reader.may(FIELDS if standing.found is None else VALUES, "create")


def not_yet(leaves: Iterable[Leaf], absent: Collection[str]) -> list[Problem]:
    """Conditions on fields that do not exist before the plan is applied: no server can be asked about those."""
    return [
        Problem(
            leaf.path,
            _("{field} does not exist in Odoo yet, so no condition can ask for it").format(field=leaf.field),
            _("leave it out, apply once so that the field is created, and then plan with it"),
        )
        for leaf in leaves
        if leaf.field.partition(".")[0] in absent
    ]
