"""What people call the records of Odoo's models, in the user's language."""

from __future__ import annotations

from segmenter.i18n import NN_, ngettext

_CALLED = {
    "account.move": NN_("invoice or journal entry", "invoices and journal entries"),
    "calendar.event": NN_("meeting", "meetings"),
    "crm.lead": NN_("lead or opportunity", "leads and opportunities"),
    "crm.lost.reason": NN_("lost reason", "lost reasons"),
    "crm.stage": NN_("stage", "stages"),
    "crm.tag": NN_("tag", "tags"),
    "crm.team": NN_("sales team", "sales teams"),
    "ir.filters": NN_("shared favourite", "shared favourites"),
    "ir.model.fields": NN_("field", "fields"),
    "ir.model.fields.selection": NN_("value of a field", "values of fields"),
    "mail.activity": NN_("activity", "activities"),
    "mail.message": NN_("message", "messages"),
    "res.country": NN_("country", "countries"),
    "res.country.state": NN_("region", "regions"),
    "res.partner": NN_("contact", "contacts"),
    "res.partner.category": NN_("contact tag", "contact tags"),
    "res.users": NN_("user", "users"),
    "sale.order": NN_("order", "orders"),
    "utm.campaign": NN_("campaign", "campaigns"),
    "utm.medium": NN_("medium", "media"),
    "utm.source": NN_("source", "sources"),
}


def model_name(model: str) -> str:
    """One of its records: ``tag``. A model that is not known here keeps its own name."""
    return _called(model, 1)


def plural_name(model: str) -> str:
    """Its records: ``tags``."""
    return _called(model, 2)


def _called(model: str, number: int) -> str:
    return ngettext(*_CALLED[model], number) if model in _CALLED else model
