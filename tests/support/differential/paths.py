"""What generated conditions speak of: paths from leads and contacts, and values that are stored there, or nearly."""

from __future__ import annotations

from segmenter.conditions import Field
from tests.support.differential.population import CHANCES, MONEY, PLACES, WHOLE, decomposed, field

PATHS = {
    "crm.lead": [
        *("name", "city", "description", "x_notes", "x_page", "expected_revenue", "probability", "color"),
        *("priority", "x_level", "type", "active", "date_deadline", "date_conversion", "create_date"),
        *("country_id", "state_id", "stage_id", "user_id", "lost_reason", "partner_id", "tag_ids"),
        *("country_id.code", "country_id.name", "country_id.phone_code", "country_id.state_ids"),
        *("country_id.state_ids.code", "state_id.country_id", "state_id.country_id.name"),
        *("state_id.country_id.phone_code", "stage_id.name", "stage_id.requirements", "user_id.login", "user_id.name"),
        *("user_id.active", "lost_reason.name", "lost_reason.active", "tag_ids.name", "tag_ids.color"),
        *("partner_id.active", "partner_id.city", "partner_id.comment", "partner_id.is_company", "partner_id.color"),
        *("partner_id.create_date", "partner_id.parent_id", "partner_id.parent_id.name", "partner_id.country_id.code"),
        *("partner_id.category_id", "partner_id.partner_latitude"),
    ],
    "res.partner": [
        *("name", "city", "ref", "comment", "color", "partner_latitude", "is_company", "active", "create_date"),
        *("country_id", "state_id", "parent_id", "category_id", "child_ids"),
        *("country_id.name", "country_id.phone_code", "state_id.country_id.code", "parent_id.city", "parent_id.active"),
        *("parent_id.parent_id", "parent_id.category_id", "parent_id.country_id.name", "category_id.name"),
        *("category_id.color", "category_id.parent_id", "category_id.parent_id.name", "child_ids.name"),
        *("child_ids.country_id", "child_ids.country_id.code", "child_ids.category_id", "child_ids.create_date"),
        *("category_id.active", "category_id.parent_id.active", "child_ids.color"),
        *("child_ids.partner_latitude", "parent_id.partner_latitude"),
    ],
}
"""What conditions speak of: everything that the population stores, and what lies behind it."""

REFUSED = {
    "crm.lead": [
        *("partner_id.category_id.name", "partner_id.category_id.color", "partner_id.child_ids"),
        "partner_id.child_ids.city",
    ],
    "res.partner": ["category_id.child_ids", "child_ids.parent_id", "child_ids.active"],
}
"""Paths of which the language says nothing, or little."""

PIECES = [
    *(
        "s",
        "S",
        "ñ",
        "Ñ",
        decomposed("ñ"),
        "%",
        "_",
        "\\",
        "'",
        '"',
        "🌱",
        " ",
        "\n",
        "0",
        "a_",
        "a%",
        "i",
        "İ",
        "ß",
        "ς",
    ),
    *("<p>", "oro", "gold", "sol", "an", "e", "zzz"),
]
"""Parts of texts, and what is no part of any."""

NUMBERS = {"integer": WHOLE, "float": [*CHANCES, *PLACES, -1e-07, 0.000014], "monetary": MONEY}
"""What numbers are compared with: of floats also what some version does not keep."""


def last_of(model: str, path: str) -> Field:
    """The field at the end of a path."""
    found = None
    for step in path.split("."):
        found = field(model, step)
        assert found is not None, path
        model = found.relation or ""
    assert found is not None
    return found
