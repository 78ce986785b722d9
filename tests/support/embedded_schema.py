"""Writes ``segmenter/embedded/fields/*.json`` from a real Odoo 19's ``fields_get``, labels in English and Spanish.

    ODOO_PASSWORD=... python -m tests.support.embedded_schema URL DATABASE LOGIN

The server needs the CRM and an active Spanish (``es_CL``). What salespeople work with is kept: stored fields of models
that the embedded CRM has, and `UNSTORED`; mail, activity and other machinery is left out (`LEFT_OUT`).

What other versions and languages call these fields: `tests.support.embedded_headings`.
"""

from __future__ import annotations

import json
import os
import re
import sys
import xmlrpc.client
from pathlib import Path
from typing import Any

MODELS = (
    *("crm.lead", "crm.stage", "crm.tag", "crm.team", "crm.lost.reason", "res.partner", "res.partner.category"),
    *("res.users", "res.country", "res.country.state", "res.lang", "res.company", "res.currency"),
    *("utm.source", "utm.medium", "utm.campaign", "ir.filters"),
    *("ir.model", "ir.model.fields", "ir.model.fields.selection"),
    *("mail.followers", "mail.message", "mail.message.subtype", "mail.notification"),
)
ONLY = {
    "res.users": "name login active share partner_id email phone lang tz company_id sale_team_id",
    "res.company": "name currency_id country_id partner_id active",
    "res.currency": "name symbol active decimal_places",
    "res.lang": "name code iso_code active",
    "res.country": "name code phone_code currency_id state_ids",
    "ir.model": "name model",
    "ir.model.fields": "name model model_id ttype field_description help state selection_ids",
    "ir.model.fields.selection": "field_id value name sequence",
    "mail.followers": "res_model res_id partner_id subtype_ids",
    "mail.message": "model res_id subtype_id message_type author_id",
    "mail.message.subtype": "name res_model parent_id default hidden internal relation_field sequence",
    "mail.notification": "mail_message_id res_partner_id",
    "utm.campaign": "name title active color user_id is_auto_campaign",
}
ALWAYS = "id display_name create_date create_uid write_date write_uid"
UNSTORED = {"display_name", "member_ids", "name", "email", "phone", "lang", "tz"}
LEFT_OUT = re.compile(
    r"(message|activity|website_message|image|avatar|calendar|my_activity|rtc|channel|signup|alias|assignment|"
    r"recurring|meeting|properties|favorite|crm_team_member|iap|lead_mining|reveal|partner_l|"
    r"email_domain|email_state|phone_state|phone_sanitized|bank|is_in_call|offline|im_status|embedded|parent_path|"
    r"barcode|self$|main_user|message_bounce|partner_share|commercial_company_name|partner_ids$|company_registry|employee$)"
)
TYPES = {
    *("char", "text", "html", "integer", "float", "monetary", "boolean", "date", "datetime", "selection"),
    *("many2one", "one2many", "many2many", "json", "properties", "properties_definition"),
}
FLAGS = {"store": True, "searchable": True, "sortable": True, "readonly": False, "required": False, "translate": False}
"""Written where a field differs from these."""
ZONES = {"UTC", "America/Santiago", "America/Lima", "Europe/Madrid", "Atlantic/Canary"}


def _kept(model: str, name: str, entry: dict[str, Any]) -> bool:
    if name in ALWAYS.split():
        return True
    if model in ONLY:
        return name in ONLY[model].split()
    if entry["type"] not in TYPES or entry.get("relation", model) not in MODELS or LEFT_OUT.match(name):
        return False
    return bool(entry.get("store")) or name in UNSTORED


def _described(english: dict[str, Any], spanish: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": english["type"], "label": {"en": english["string"], "es": spanish["string"]}}
    for key in ("relation", "relation_field", "size"):
        if key in english:
            entry[key] = english[key]
    if english["type"] == "one2many" and isinstance(english.get("domain"), list) and english["domain"]:
        entry["domain"] = english["domain"]
    if english["type"] == "selection":
        labels = dict(spanish["selection"])
        entry["selection"] = [[key, label, labels[key]] for key, label in english["selection"]]
    flags = {key: english[key] for key, usual in FLAGS.items() if english.get(key, usual) != usual}
    if "related" in english:
        # What Odoo takes from elsewhere (a user's name: from its contact) the CRM in memory keeps by itself.
        flags.pop("store", None)
    return entry | flags


def main(url: str, database: str, login: str) -> None:
    """Ask the server and write one file per model."""
    secret = os.environ["ODOO_PASSWORD"]
    uid = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(database, login, secret, {})
    server = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")

    def ask(model: str) -> list[dict[str, Any]]:
        """In English and in Spanish."""
        return [
            server.execute_kw(database, uid, secret, model, "fields_get", [], {"context": {"lang": lang}})  # type: ignore[misc]
            for lang in ("en_US", "es_CL")
        ]

    folder = Path("segmenter/embedded/fields")
    for model in MODELS:
        found = ask(model)
        english, spanish = found
        for side in found:  # two lists too long to keep: every model there is, every zone there is
            for name, kept in (("model_id", set(MODELS)), ("tz", ZONES)):
                if side.get(name, {}).get("type") == "selection":
                    side[name]["selection"] = [pair for pair in side[name]["selection"] if pair[0] in kept]
        lines = [
            f"  {json.dumps(name)}: {json.dumps(_described(english[name], spanish[name]), ensure_ascii=False)}"
            for name in sorted(english)
            if _kept(model, name, english[name])
        ]
        (folder / f"{model}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
