"""Fields whose write changes other records too, so that a spec must say that it means that. Measured on Odoo 14 and 19.

A lead's e-mail and phone are its contact's, and so those of every other lead of that contact. An address and what
identifies a company belong to the company and its contacts together.
"""

from __future__ import annotations

from collections.abc import Mapping

from segmenter.i18n import _

ON_CONTACT = {"email_from": "email", "phone": "phone"}
"""Fields of a lead, and what its contact calls them."""
ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
COMMERCIAL = ("vat", "company_id", "company_registry", "industry_id", "credit_limit")
OF_ALL_BELOW = "company_id"
"""Goes down to every contact below, companies of their own too; what else is commercial stops at those (measured)."""
REACHES_OTHERS: Mapping[str, frozenset[str]] = {
    "crm.lead": frozenset({*ON_CONTACT, "partner_id"}),
    "res.partner": frozenset({*ON_CONTACT.values(), *ADDRESS, *COMMERCIAL}),
}
"""Fields that a spec may set only with `reaches_other_records: true`. With another ``partner_id`` a lead takes over the
e-mail and phone of that contact, and from then on these reach it (`behaviours.contact_of_lead`)."""


def unsaid(model: str, name: str) -> str:
    """Why a field is refused that a spec sets as if it were the record's alone."""
    if name == "partner_id":
        return _("With another {field} a lead takes over the e-mail and phone of that contact").format(field=name)
    if model == "crm.lead":
        return _("Writing {field} on a lead also changes its contact and the contact's other leads").format(field=name)
    return _("Writing {field} on a contact also changes its leads, or the other contacts of its company").format(
        field=name
    )
