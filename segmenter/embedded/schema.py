"""The fields of the embedded CRM, as a real Odoo 19 describes them (``fields/*.json``, one file a model).

The files are written by ``tests/support/embedded_schema.py``; what differs from the usual flags is said, no more.
``labels_14.json`` holds what Odoo 14 calls otherwise: its exports have those words in their headings and cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from segmenter.conditions.operators import MANY, NUMBERS, TEXTS

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
    "mail.message": "id desc",
    "mail.message.subtype": "sequence, id",
}
"""The order of ``search`` when none is asked for; by id where a model is not named."""

NAME_FIELDS = {
    "utm.campaign": "title",
    **dict.fromkeys(("mail.followers", "mail.message", "mail.notification"), "display_name"),
}
"""What a record is called by, where it is not ``name``; by ``display_name`` alone: not at all."""


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field. ``selection``: (key, English, Spanish). ``label``: by ``en`` and ``es``. ``custom``: made by people.
    ``domain``: what a real server holds a one2many to; here it is told, and not applied."""

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
    custom: bool = False
    domain: tuple[tuple[str, str, Any], ...] = ()
    size: int = 0
    digits: tuple[int, int] | None = None
    related: tuple[str, ...] = ()
    currency_field: str = ""

    @property
    def empty(self) -> Any:
        """The cell of a record that holds nothing here."""
        if self.type in MANY:
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
        if self.size:
            entry["size"] = self.size
        if self.digits:
            entry["digits"] = list(self.digits)
        if self.related:
            entry["related"] = ".".join(self.related)
        if self.currency_field:
            entry["currency_field"] = self.currency_field
        if self.relation:
            entry["relation"] = self.relation
        if self.relation_field:
            entry["relation_field"] = self.relation_field
            entry["domain"] = [list(leaf) for leaf in self.domain]
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
    domain = tuple(tuple(leaf) for leaf in entry.pop("domain", ()))
    return FieldDef(name=name, selection=selection, domain=domain, **entry)


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
