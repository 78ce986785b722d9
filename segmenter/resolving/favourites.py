"""Shared favourites of Odoo's search bar: which one is there already, and what a plan alters on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.conditions.text import escaped
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Row, as_lists
from segmenter.odoo.versions import FAVOURITES_TELL_CAPITALS_SINCE
from segmenter.plans.changes import Json

FAVOURITES = "ir.filters"


@dataclass(frozen=True)
class Favourite:
    """What a plan does for a favourite: creates it where ``id`` is None, else alters it; nothing without ``after``."""

    id: int | None
    before: dict[str, Json]
    after: dict[str, Json]


def wanted_favourite(
    name: str, model: str, domain: Json, reader: OdooReader, *, former: str = "", people: Sequence[int] = ()
) -> Favourite:
    """A favourite of this name. One that Odoo takes for the same gets name and domain, and comes out of the archive.

    ``domain``: a list, or the text of one that the web client evaluates. ``former``: another name by which it may be
    there. ``people``: whose it is, in order of id; everybody's without any.
    """
    owner = owner_of_favourites(reader)
    row = same_favourite(name, model, reader, former=former, people=people)
    if row is None:
        whose: Json = list(people) if owner == "user_ids" else None
        return Favourite(None, {}, {"name": name, "model_id": model, "domain": domain, owner: whose})
    before: dict[str, Json] = {}
    after: dict[str, Json] = {}
    if as_lists(row["domain"]) != as_lists(domain):
        before["domain"], after["domain"] = row["domain"], domain
    if not row["active"]:
        before["active"], after["active"] = False, True
    if row["name"].casefold() != name.casefold():
        before["name"], after["name"] = row["name"], name
    if people and sorted(row[owner]) != list(people):
        before[owner], after[owner] = sorted(row[owner]), list(people)
    return Favourite(row["id"], before, after)


def owner_of_favourites(reader: OdooReader) -> str:
    """The field that says whose a favourite is: one person up to Odoo 18, several from 19 on."""
    return next(name for name in ("user_ids", "user_id") if name in reader.fields(FAVOURITES))


def same_favourite(
    name: str, model: str, reader: OdooReader, *, former: str = "", people: Sequence[int] = ()
) -> Row | None:
    """The favourite that Odoo takes for the same as another of this name: its name, domain, ``active`` and owners.

    That of people may be everybody's as well, which becomes theirs. ``former``: taken where there is none of ``name``.
    Archived ones count, and so does, where names are translated, the name that one was first given (measured on 14).
    Those of one screen (``action_id``) do not.
    """
    tells_capitals = reader.identity.major >= FAVOURITES_TELL_CAPITALS_SINCE
    names = list(dict.fromkeys(one for one in (name, former) if one))
    each = [("name", "=", one) if tells_capitals else ("name", "=ilike", escaped(one)) for one in names]
    of_the_name = [*["|"] * (len(each) - 1), *each]
    known, owner = reader.fields(FAVOURITES), owner_of_favourites(reader)
    whose = (owner, "in", [reader.identity.uid, False]) if people else (owner, "=", False)
    domain = [("model_id", "=", model), whose, *([("action_id", "=", False)] if "action_id" in known else [])]

    fields = ["name", "domain", "active", *([owner] if people else [])]

    def rows_of(speaking: OdooReader, wanted: list[object]) -> list[Row]:
        return speaking.search_read(FAVOURITES, wanted, fields, archived=True)

    rows = rows_of(reader, [*domain, *of_the_name])
    if not rows and known["name"].translated:
        ids = [row["id"] for row in rows_of(reader.speaking(""), [*domain, *of_the_name])]
        rows = rows_of(reader, [("id", "in", ids)]) if ids else []

    def rank(row: Row) -> tuple[bool, bool, bool, int]:
        """The one that people see is first, where there are several."""
        is_former = bool(former) and row["name"].casefold() == former.casefold()
        return is_former, not row["active"], row["name"] != name, row["id"]

    return min(rows, key=rank, default=None)
