"""Custom fields: rows of ``ir.model.fields`` that an administrator creates and that become fields of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from segmenter.embedded.effects import Change
from segmenter.embedded.faults import ValidationError
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Tables

FIELDS, VALUES = "ir.model.fields", "ir.model.fields.selection"
SUPPORTED_TYPES = ("char", "text", "html", "integer", "float", "boolean", "date", "datetime", "selection")
"""Types of custom fields that this CRM implements."""


def check_field(change: Change) -> None:
    """Completes a row of `FIELDS`, and checks what Odoo demands of a custom field."""
    new, tables = change.new, change.tables
    new["model"] = tables.cell("ir.model", new["model_id"], "model") if new.get("model_id") else None
    new["state"] = new.get("state") or "manual"
    name = str(new.get("name") or "")
    if not name.startswith("x_"):
        raise ValidationError(
            "The operation cannot be completed: Custom fields must have a name that starts with 'x_'!"
        )
    if name in tables.models[str(new["model"])].fields and change.old is None:
        raise ValidationError("The operation cannot be completed: Field names must be unique per model.")
    if new.get("ttype") not in SUPPORTED_TYPES:
        raise ValueError(f"The embedded CRM makes no custom field of the type {new.get('ttype')!r}")


def options(commands: Any) -> list[Mapping[str, Any]]:
    """The values of a new selection, from the create commands of ``selection_ids``. Raises ValueError for others."""
    if any(command[0] != 0 for command in commands or ()):
        raise ValueError(f"{FIELDS}.selection_ids is not written otherwise through the embedded CRM")
    return [command[2] for command in commands or ()]


def define(tables: Tables, model: str) -> None:
    """Gives a model the custom fields that its rows of `FIELDS` describe now."""
    definition = tables.models[model]
    base = {name: field for name, field in definition.fields.items() if not field.custom}
    added = {
        row["name"]: _field(tables, record, row)
        for record, row in sorted(tables.rows[FIELDS].items())
        if row.get("model") == model
    }
    tables.define(replace(definition, fields={**base, **added}))


def _field(tables: Tables, record: int, row: Mapping[str, Any]) -> FieldDef:
    values = sorted(
        (value.get("sequence") or 0, number, value)
        for number, value in tables.rows[VALUES].items()
        if value.get("field_id") == record
    )
    label = str(row.get("field_description") or row["name"])
    return FieldDef(
        name=row["name"],
        type=row["ttype"],
        label={"en": label, "es": label},
        selection=tuple((value["value"], value["name"], value["name"]) for _sequence, _number, value in values),
        custom=True,
    )


def model_of(tables: Tables, model: str, record: int) -> str:
    """The model to which a row of `FIELDS` or `VALUES` belongs."""
    field = record if model == FIELDS else tables.cell(VALUES, record, "field_id")
    return str(tables.cell(FIELDS, field, "model"))


def unlink(tables: Tables, model: str, records: Iterable[int]) -> None:
    """Deletes fields or values of fields, and what records hold in them, as Odoo does."""
    touched = set()
    for record in list(records):
        owner = model_of(tables, model, record)
        touched.add(owner)
        field = record if model == FIELDS else tables.cell(VALUES, record, "field_id")
        name = tables.cell(FIELDS, field, "name")
        value = None if model == FIELDS else tables.cell(VALUES, record, "value")
        for holder, row in list(tables.rows[owner].items()):
            if name in row and (value is None or row[name] == value):
                tables.put(owner, holder, {key: cell for key, cell in row.items() if key != name})
        if model == FIELDS:
            for option, row in list(tables.rows[VALUES].items()):
                if row.get("field_id") == record:
                    tables.put(VALUES, option, None)
        tables.put(model, record, None)
    for owner in touched:
        define(tables, owner)
