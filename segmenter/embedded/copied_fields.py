"""Which models and fields of a server are copied: what a criterion may ask, and what Odoo goes by."""

from __future__ import annotations

from collections.abc import Collection

from segmenter.conditions import Field
from segmenter.conditions.operators import KINDS
from segmenter.odoo.catalog import BIG

LEADS, CONTACTS, USERS, FAVOURITES = "crm.lead", "res.partner", "res.users", "ir.filters"
ALWAYS = (
    *("res.company", "res.country", "res.country.state", "res.currency", "res.lang", "res.partner.category"),
    *("crm.stage", "crm.tag", "crm.team", USERS, "mail.message.subtype", FAVOURITES, "utm.source", "utm.medium"),
)
"""Related models that are asked whatever the records lead to: names are looked up there, and settings read."""
OF_USERS = frozenset(
    {"name", "login", "active", "share", "lang", "tz", "company_id", "company_ids", "partner_id", "sale_team_id"}
)
OF_CONTACTS = frozenset(
    {"name", "active", "is_company", "type", "parent_id", "commercial_partner_id", "company_id", "user_id", "lang"}
    | {"country_id", "state_id", "city", "zip", "category_id", "industry_id", "title", "team_id", "function", "ref"}
    | {"email", "email_normalized", "phone", "mobile", "vat", "create_date", "write_date", "complete_name"}
)
"""Fields of contacts that others lead to, and of users: those that a path asks, or Odoo goes by."""
OWN = ("id", "display_name")
HEAVY = ("text", "html", "one2many")
COMPUTED = frozenset(
    {"email_domain_criterion", "email_state", "phone_sanitized", "phone_state", "reveal_id"}
    | {"iap_enrich_done", "recurring_revenue_prorated", "recurring_revenue_monthly_prorated"}
)
"""Fields of leads that Odoo computes of others for itself, and that cost as much to copy."""
MACHINERY = ("message_", "activity_", "website_message_", "signup_", "image_", "avatar_", "calendar_event_")


def is_worth(field: Field, main: str, wanted: Collection[tuple[str, str]]) -> bool:
    """Whether a field is copied. ``main``: the model whose records are; ``wanted``: (model, field) of those that are,
    whatever their type."""
    if not field.stored or field.type not in KINDS or field.name in OWN or field.type == "one2many":
        return False
    if (field.model, field.name) in wanted or field.model == FAVOURITES:
        return True
    if field.type in HEAVY or field.name.startswith(MACHINERY) or (field.model == LEADS and field.name in COMPUTED):
        return False
    if field.type == "many2many" and field.relation in BIG:  # as all the contacts of a category
        return False
    if field.model == main or field.name.startswith("x_"):
        return field.searchable
    few = {USERS: OF_USERS, CONTACTS: OF_CONTACTS}.get(field.model)
    return field.searchable if few is None else field.name in few
