"""Shared favourites of the search bar: which one Odoo takes for the same as another."""

from __future__ import annotations

from segmenter.conditions.text import escaped
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Row
from segmenter.odoo.versions import FAVOURITES_TELL_CAPITALS_SINCE


def owner_of_favourites(reader: OdooReader) -> str:
    """The field that says whose a favourite is: one person up to Odoo 18, several from 19 on."""
    return next(name for name in ("user_ids", "user_id") if name in reader.fields("ir.filters"))


def same_favourite(name: str, model: str, reader: OdooReader) -> Row | None:
    """The favourite of everybody that stands in the way of another one of this name; None where none does.

    Archived ones count, and so does, where names are translated, the name that one was first given (measured on 14).
    Those of one screen (``action_id``) do not. Its name, domain and ``active`` are told.
    """
    tells_capitals = reader.identity.major >= FAVOURITES_TELL_CAPITALS_SINCE
    of_the_name = ("name", "=", name) if tells_capitals else ("name", "=ilike", escaped(name))
    known = reader.fields("ir.filters")
    nobodys = [name for name in (owner_of_favourites(reader), "action_id") if name in known]
    domain = [("model_id", "=", model), *((name, "=", False) for name in nobodys)]

    def found(here: OdooReader, wanted: list[object]) -> list[Row]:
        return here.search_read("ir.filters", wanted, ["name", "domain", "active"], archived=True)

    rows = found(reader, [*domain, of_the_name])
    if not rows and known["name"].translated:
        ids = [row["id"] for row in found(reader.speaking(""), [*domain, of_the_name])]
        rows = found(reader, [("id", "in", ids)]) if ids else []
    # The one that people see, where there are several.
    return min(rows, key=lambda row: (not row["active"], row["name"] != name, row["id"]), default=None)
