"""Automation rules: what a server does by itself when records change, under every context. Administrators see them."""

from __future__ import annotations

from segmenter.errors import AccessDenied, Refused
from segmenter.odoo.reader import OdooReader


def rules(reader: OdooReader, model: str) -> tuple[str, ...] | None:
    """The names of the active rules on a model; None where the work user may not list them."""
    try:
        if not reader.may("base.automation", "read"):
            return None
        rows = reader.search_read("base.automation", [["model_id.model", "=", model]], ["name"])
    except AccessDenied:
        return None
    except Refused:  # an unknown model: the app is not installed
        return ()
    return tuple(str(row["name"]) for row in rows)
