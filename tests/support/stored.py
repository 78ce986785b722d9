"""Every stored field of some records, and what of it is not as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.engagement import Engagement

MOVED = {
    *("write_date", "write_uid", "__last_update", "date_last_stage_update"),
    *("probability", "automated_probability", "prorated_revenue"),
}
"""What Odoo moves by itself, whatever is put back: the plan says so of `date_last_stage_update`."""


def everything(e: Engagement, model: str = "crm.lead", ids: list[int] | None = None) -> dict[int, Mapping[str, Any]]:
    """Every stored field of each lead, those that people cannot write too."""
    about = e.crm.call(model, "fields_get", [], ["type", "store"])
    names = sorted(
        name for name, is_ in about.items() if is_["store"] and is_["type"] != "one2many" and name not in MOVED
    )
    return {row["id"]: row for row in e.crm.find(model, [["id", "in", ids or e.leads]], names)}


def moved(now: dict[int, Mapping[str, Any]], first: dict[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """What is not as it was: record -> field -> (before, after)."""
    found = {
        record: {name: (first[record][name], row[name]) for name in row if row[name] != first[record][name]}
        for record, row in now.items()
    }
    return {record: fields for record, fields in found.items() if fields}
