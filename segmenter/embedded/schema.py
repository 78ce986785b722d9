"""The fields of the embedded CRM, as a real Odoo 19 describes them (``fields/*.json``, one file a model).

The files are written by ``tests/support/embedded_schema.py``; what differs from the usual flags is said, no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

ORDERS = {
    "crm.lead": "priority desc, id desc",
    "res.partner": "complete_name asc, id desc",
    "crm.stage": "sequence, name, id",
    "crm.team": "sequence asc, create_date desc, id desc",
    "res.users": "name, login",
    "res.country": "name, id",
    "res.country.state": "code, id",
    "res.partner.category": "name, id",
    "utm.medium": "name",
    "ir.filters": "model_id, name, id desc",
    "res.lang": "active desc, name",
    "res.currency": "active desc, name",
    "res.company": "name",
}
"""The order of ``search`` when none is asked for; by id where a model is not named."""

NAME_FIELDS = {"utm.campaign": "title"}
"""What a record is called by, where it is not ``name``."""

TO_MANY = ("one2many", "many2many")
TEXTS = ("char", "text", "html")
NUMBERS = ("integer", "float", "monetary")


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field. ``selection``: (key, English, Spanish). ``label``: by ``en`` and ``es``."""

    name: str
    type: str
    label: Mapping[str, str]
    relation: str | None = None
    relation_field: str | None = None
    selection: tuple[tuple[str, str, str], ...] = ()
    store: bool = True
    searchable: bool = True
    sortable: bool = True
    readonly: bool = False
    required: bool = False
    translate: bool = False

    @property
    def empty(self) -> Any:
        """The cell of a record that holds nothing here."""
        if self.type in TO_MANY:
            return ()
        if self.type == "boolean":
            return False
        if self.type == "integer":
            return 0
        return 0.0 if self.type in NUMBERS else None

    def described(self, language: str) -> dict[str, Any]:
        """The entry of ``fields_get``, its words in ``language`` (``en_US``, ``es_CL``...)."""
        spanish = language.startswith("es")
        entry: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "string": self.label["es" if spanish else "en"],
            "store": self.store,
            "searchable": self.searchable,
            "sortable": self.sortable,
            "readonly": self.readonly,
            "required": self.required,
        }
        if self.type in TEXTS:
            entry["translate"] = self.translate
        if self.relation:
            entry["relation"] = self.relation
        if self.relation_field:
            entry["relation_field"] = self.relation_field
        if self.type == "selection":
            entry["selection"] = [[key, es if spanish else en] for key, en, es in self.selection]
        return entry


@dataclass(frozen=True, slots=True)
class ModelDef:
    """One model: its fields by name, its usual order, the field it is called by."""

    name: str
    fields: Mapping[str, FieldDef]
    order: str = "id"
    name_field: str = "name"


def _field(name: str, entry: dict[str, Any]) -> FieldDef:
    selection = tuple((key, en, es) for key, en, es in entry.pop("selection", ()))
    return FieldDef(name=name, selection=selection, **entry)


@cache
def load() -> Mapping[str, ModelDef]:
    """Every model of the embedded CRM. Read once a process."""
    models = {}
    for file in resources.files("segmenter.embedded").joinpath("fields").iterdir():
        name = file.name.removesuffix(".json")
        entries = json.loads(file.read_text(encoding="utf-8"))
        fields = {key: _field(key, entry) for key, entry in entries.items()}
        models[name] = ModelDef(name, fields, ORDERS.get(name, "id"), NAME_FIELDS.get(name, "name"))
    return models
