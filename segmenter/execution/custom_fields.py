"""Custom fields as Odoo keeps them: how one is found, what creates it and its values, and how many records hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmenter.conditions import filled
from segmenter.odoo.custom_fields import FIELDS, VALUES
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import ConfigChange, Json

MODELS = (FIELDS, VALUES)


def sought(change: ConfigChange) -> list[Any]:
    """The domain for the field, or the value of a field, that a change creates. A field of another type is not it."""
    after = change.after
    if change.model == FIELDS:
        return [("model", "=", after["model"]), ("name", "=", after["name"]), ("ttype", "=", after["ttype"])]
    return [
        ("field_id.model", "=", after["model"]),
        ("field_id.name", "=", after["field"]),
        ("value", "=", after["value"]),
    ]


def wire(change: ConfigChange, reader: OdooReader) -> dict[str, Any]:
    """What ``create`` takes (the same on 14 and 19)."""
    values: dict[str, Any] = dict(change.after)
    model = values.pop("model")
    if change.model == FIELDS:
        options = values.pop("values", ())
        values |= {"model_id": reader.search("ir.model", [("model", "=", model)])[0], "state": "manual"}
        if options:
            values["selection_ids"] = [
                [0, 0, {"value": one, "name": one, "sequence": number}] for number, one in enumerate(options, 1)
            ]
        return values
    field = reader.search(FIELDS, [("model", "=", model), ("name", "=", values.pop("field"))])[0]
    last = reader.search_read(VALUES, [("field_id", "=", field)], ["sequence"], order="sequence desc", limit=1)
    return {**values, "field_id": field, "sequence": 1 + (last[0]["sequence"] if last else 0)}


def holding(change: ConfigChange, reader: OdooReader) -> int:
    """How many records, archived ones too, hold something in the field, or hold the value. Odoo would empty them."""
    after: Mapping[str, Json] = change.after
    name = after["name"] if change.model == FIELDS else after["field"]
    field = reader.fields(after["model"]).get(name)
    if field is None:
        return 0
    if change.model == VALUES:
        return reader.count(after["model"], [(name, "=", after["value"])], archived=True)
    # 0 and False, which Odoo itself puts into a new record, are nothing here.
    return reader.count(after["model"], filled(field), archived=True)
