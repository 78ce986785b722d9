"""Chooses the fields to profile by type and name: those that people fill and that distinguish records."""

from __future__ import annotations

import re
from collections.abc import Mapping

from segmenter.conditions.operators import DATES, NUMBERS
from segmenter.conditions.vocabulary import Field

VALUED = ("selection", "many2one", "many2many", "boolean", "char")

TECHNICAL = re.compile(
    r"(id|(display|complete|company)_name|(create|write)_uid|write_date|color|sequence|active|tz|barcode|self|"
    r"(message|activity|my_activity|rating|website_message|alias|access|signup|iap|lead_mining|reveal|automated|"
    r"is_automated|is_blacklisted|image|avatar|calendar|channel|meeting|duration|parent|commercial|prorated|"
    r"recurring_revenue_|email_(cc|state|normalized|domain)|phone_(state|sanitized)|partner_(latitude|longitude|gid|"
    r"share)|day_(open|close)|date_(open|conversion|action_last|automation_last|last_stage_update)|company_registry|additional_info|debug|is_published|seo|website_(meta|published|url)|"
    r"property|property_account|bank|peppol|ubl|invoice_|credit_limit|trust|last_time|followup|ocn|picking_warn|"
    r"sale_warn|purchase_warn|invoice_warn)\w*)",
)
"""Names of fields that Odoo fills itself or that mean nothing to a salesperson."""
RELATIONS = ("ir.", "mail.", "bus.", "base.", "iap.", "crm.iap.", "account.", "calendar.", "discuss.", "res.currency")
"""Prefixes of models whose records do not describe clients."""
FIXED = ("res.country", "res.currency", "res.lang", "res.users", "res.company", "res.partner", "hr.employee")
"""Prefixes of models whose names are given."""
PLACE = re.compile(r"(?i)\b(x_)?(ciudad|city|comuna|distrito|localidad|municipio|poblaci[oó]n|provincia|town)\b")
CONTACT = frozenset(
    {"name", "contact_name", "partner_name", "partner_id", "parent_id", "email", "email_from", "phone", "mobile", "fax"}
    | {"street", "street2", "zip", "website", "vat", "ref"}
)
"""Fields that identify a person or company: only how often they are filled is profiled; their values are personal."""

FIRST = (
    *("type", "stage_id", "user_id", "team_id", "priority", "source_id", "medium_id", "campaign_id", "tag_ids"),
    *("is_company", "company_type", "category_id", "industry_id", "country_id", "state_id", "city", "lang_id", "lang"),
    *("lost_reason", "lost_reason_id", "expected_revenue", "probability", "create_date", "date_deadline"),
)
"""The order of the report: these fields first, then the rest by label, then the fields of `CONTACT`."""
AXES = ("stage_id", "user_id", "source_id", "country_id", "create_date:month")
"""What every field is crossed with, if the model has it."""


def worth(fields: Mapping[str, Field]) -> list[Field]:
    """The fields to profile, in the order of the report."""
    chosen = [field for field in fields.values() if _is_worth(field)]
    place = {name: at for at, name in enumerate(FIRST)}

    def order(field: Field) -> tuple[bool, int, str, str]:
        return field.name in CONTACT, place.get(field.name, len(place)), field.label.casefold(), field.name

    return sorted(chosen, key=order)


def axes(fields: Mapping[str, Field]) -> list[tuple[str, Field]]:
    """The axes that the model has: the key that groups by them, and the field."""
    named = [(spec, fields.get(spec.partition(":")[0])) for spec in AXES]
    return [(spec, field) for spec, field in named if field is not None and field.stored]


def tags_field(fields: Mapping[str, Field]) -> Field | None:
    """The field that holds the model's tags."""
    named = (fields.get(name) for name in ("tag_ids", "category_id"))
    return next((field for field in named if field is not None and field.type == "many2many" and field.stored), None)


def free(field: Field) -> bool:
    """Whether people write the values as they like; those of Odoo and the names of people are near by chance alone."""
    return field.type not in ("selection", "boolean") and not (field.relation or "").startswith(FIXED)


def place(field: Field) -> bool:
    """Whether the values are names of places, written by hand."""
    return field.type == "char" and bool(PLACE.search(f"{field.name} {field.label}"))


def _is_worth(field: Field) -> bool:
    if not field.stored or not field.searchable or field.type not in (*VALUED, *NUMBERS, *DATES):
        return False
    if field.name.startswith("x_"):
        return True
    if field.type == "many2many" and not (field.relation or "").endswith((".tag", ".category")):
        return False
    return not TECHNICAL.fullmatch(field.name) and not (field.relation or "").startswith(RELATIONS)
