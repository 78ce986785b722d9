"""The population, put into the embedded CRM and into a real Odoo, stored alike in both.

What Odoo's own ``create`` would not store (NULL against ``""``, -0.0, parts of a second) is put there by SQL.
"""

from __future__ import annotations

import dataclasses
import xmlrpc.client
from collections.abc import Mapping
from typing import Any

from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.rights import ADMINISTRATOR
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.schema import load as models
from tests.live import servers
from tests.support.differential.population import ALIASES, CUSTOM, LANGUAGE, RELATIONS, SELECTIONS, Called, Row, Rows

Ids = Mapping[str, Mapping[str, int]]
"""Model -> key of the population -> id on one CRM."""

ADMIN = 2
COMPANY = 1


def into_tables(rows: Rows) -> tuple[EmbeddedServer, Ids]:
    """A CRM in memory with nothing but the population, and its administrator."""
    known = models()
    lead = known["crm.lead"]
    custom = {
        name: FieldDef(
            name, kind, {"en": name, "es": name}, selection=tuple((key, es, es) for key, es in SELECTIONS.get(name, ()))
        )
        for name, kind in CUSTOM.items()
    }
    place = FieldDef("partner_latitude", "float", {"en": "Latitude", "es": "Latitud"}, digits=(10, 7))
    partner = known["res.partner"]
    tables = Tables(
        {
            **known,
            "crm.lead": dataclasses.replace(lead, fields={**lead.fields, **custom}),
            "res.partner": dataclasses.replace(partner, fields={**partner.fields, place.name: place}),
        }
    )
    tables.add("res.lang", name="Spanish (CL)", code=LANGUAGE, active=True)
    tables.add("res.company", name="YourCompany", active=True)
    own = tables.add("res.partner", name="Administrator", active=True, type="contact")
    admin = {"login": "admin", "partner_id": own, "company_id": COMPANY, "active": True}
    admin_id = tables.add("res.users", name="Administrator", **admin)
    tables.groups[admin_id] = ADMINISTRATOR
    ids: dict[str, dict[str, int]] = {}
    for model, group in rows.items():
        known_ids = ids.setdefault(model, {})
        for key, row in group.items():
            cells = {
                name: _cell(model, name, value, ids) for name, value in row.items() if name != "commercial_partner_id"
            }
            known_ids[key] = tables.add(model, **cells)
    for key, row in rows["res.partner"].items():
        # Which may be the contact itself, so that its id is not known before.
        company = ids["res.partner"][row["commercial_partner_id"]]
        tables.rows["res.partner"][ids["res.partner"][key]]["commercial_partner_id"] = company
    return EmbeddedServer(tables, uid=admin_id, login="admin"), ids


def _cell(model: str, name: str, value: Any, ids: Ids) -> Any:
    if isinstance(value, Called):
        return value.es
    kind, relation, _back = RELATIONS[model].get(name, ("", "", ""))
    if kind == "many2one":
        return value and ids[relation][value]
    if kind == "many2many":
        return tuple(sorted(ids[relation][key] for key in value))
    # The CRM in memory keeps moments to the second, as they are read from an Odoo.
    return value[:19] if name in ("create_date", "date_conversion") and value else value


class OdooLoader:
    """Puts the population into a database of a real Odoo, as its administrator and as the owner of its tables."""

    def __init__(self, odoo: servers.Server, database: str) -> None:
        self._odoo, self._database = odoo, database
        self._object = xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", allow_none=True)
        self._ids: dict[str, dict[str, int]] = {}
        self._lead_fields: Mapping[str, Any] = {}

    def load(self, rows: Rows) -> Ids:
        """Create every record, then store every value."""
        with self._object:
            self._create_fields()
            self._lead_fields = self._call("crm.lead", "fields_get", [], attributes=["type"])
            for model, group in rows.items():
                self._ids[model] = self._create_all(model, group)
        self._store(rows)
        return self._ids

    def _call(self, model: str, method: str, *args: Any, **options: Any) -> Any:
        options.setdefault("context", {"lang": "en_US", "tracking_disable": True, "active_test": False})
        secret = self._odoo.admin_password
        return self._object.execute_kw(self._database, ADMIN, secret, model, method, list(args), options)

    def _create_fields(self) -> None:
        (lead,) = self._call("ir.model", "search", [["model", "=", "crm.lead"]])
        made = []
        for name, kind in CUSTOM.items():
            about = {"name": name, "ttype": kind, "model_id": lead, "field_description": name}
            options = [
                [0, 0, {"value": key, "name": label, "sequence": number}]
                for number, (key, label) in enumerate(SELECTIONS.get(name, ()))
            ]
            made.append({**about, "selection_ids": options} if options else about)
        self._call("ir.model.fields", "create", made)

    def _create_all(self, model: str, group: Mapping[str, Row]) -> dict[str, int]:
        """By Odoo's own means: what it must be told for its trees, its links and its translations."""
        if not group:
            return {}
        if "parent_id" not in RELATIONS[model]:
            found = self._call(model, "create", [self._needed(model, row) for row in group.values()])
            ids = dict(zip(group, found, strict=True))
        else:
            ids = self._ids[model] = {}
            for key, row in group.items():
                ids[key] = self._call(model, "create", self._needed(model, row))
        for key, row in group.items():
            if isinstance(row["name"], Called):
                self._call(model, "write", [ids[key]], {"name": row["name"].es}, context={"lang": LANGUAGE})
        return ids

    def _needed(self, model: str, row: Row) -> Row:
        name = row["name"]
        needed: dict[str, Any] = {"name": name.en if isinstance(name, Called) else name}
        for field in ("code", "login", "type"):
            if field in row:
                needed[field] = row[field]
        for field, (kind, relation, _back) in RELATIONS[model].items():
            if kind == "many2many":
                needed[field] = [[6, 0, [self._ids[relation][key] for key in row.get(field, [])]]]
            elif field in ("parent_id", "country_id") and row.get(field) and model != "crm.lead":
                needed[field] = self._ids[relation][row[field]]
        return needed

    def _store(self, rows: Rows) -> None:
        """Every column as the population has it."""
        statements = []
        for model, group in rows.items():
            for key, row in group.items():
                columns = [
                    f'"{self._column(model, name)}" = {self._literal(model, name, value)}'
                    for name, value in row.items()
                    if self._in_table(model, name, value)
                ]
                record = self._ids[model][key]
                if columns:
                    statements.append(f"UPDATE {model.replace('.', '_')} SET {', '.join(columns)} WHERE id = {record}")
        self._odoo.sql(";\n".join(statements), self._database)

    def _in_table(self, model: str, name: str, value: Any) -> bool:
        if isinstance(value, Called) or RELATIONS[model].get(name, ("",))[0] == "many2many":
            return False
        # Translated names are kept as each version keeps translations; the name of a user is its contact's.
        return name != "name" or model in ("crm.lead", "res.partner")

    def _column(self, model: str, name: str) -> str:
        if model == "crm.lead" and name not in self._lead_fields:
            name = next(alias for alias, known in ALIASES.items() if known == name)
        return name

    def _literal(self, model: str, name: str, value: Any) -> str:
        if value is None:
            return "NULL"
        if name in RELATIONS[model]:
            return str(self._ids[RELATIONS[model][name][1]][value])
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return f"'{value!r}'"
        return "'" + value.replace("'", "''") + "'"
