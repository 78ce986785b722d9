"""Fields and names of one CRM, in the client's language, asked of the server once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segmenter.conditions.vocabulary import Field, Named
from segmenter.odoo.reader import OdooReader, Row

ALIASES: Mapping[str, Sequence[tuple[str, ...]]] = {
    # One thing, by its names in different versions of Odoo.
    "crm.lead": (("lost_reason", "lost_reason_id"), ("date_action_last", "date_automation_last")),
    "crm.stage": (("team_id", "team_ids"),),
    "ir.filters": (("user_id", "user_ids"),),
    "res.users": (("groups_id", "group_ids"),),
}

BY: Mapping[str, tuple[str, ...]] = {
    # What, besides its own and its displayed name, a record may be called by.
    "res.users": ("login",),
    "res.country": ("code",),
    "res.country.state": ("code",),
    "res.lang": ("code",),
    "res.partner": ("email", "ref"),
    "crm.lead": ("email_from",),
}
BIG = frozenset({"res.partner", "crm.lead", "product.product", "product.template", "sale.order", "mail.message"})
"""Models too large to be fetched whole: asked name by name."""

MOST = 5000
SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    name: str
    called: frozenset[str]
    active: bool


class Catalog:
    """A `conditions.Vocabulary` over a server. Every model's names are asked at most once."""

    def __init__(self, reader: OdooReader) -> None:
        self.reader = reader
        self._tables: dict[str, list[_Entry] | None] = {}
        self._found: dict[tuple[str, str], list[_Entry]] = {}

    def field(self, model: str, name: str) -> Field | None:
        """The field by the name it has on this server, whichever version's name is asked for."""
        fields = self.reader.fields(model)
        if name in fields:
            return fields[name]
        same = [other for group in ALIASES.get(model, ()) if name in group for other in group]
        return next((fields[other] for other in same if other in fields), None)

    def field_names(self, model: str) -> Iterable[str]:
        """All field names of a model."""
        return self.reader.fields(model)

    def named(self, model: str, name: str) -> list[Named]:
        """Records called exactly this. Archived ones count only when no active one is called so."""
        found = [entry for entry in self._candidates(model, name) if name in entry.called]
        active = [entry for entry in found if entry.active]
        return [Named(entry.id, entry.name) for entry in active or found]

    def names(self, model: str) -> list[str]:
        """Up to 200 names in use, sorted; for a model fetched name by name, those of its first records."""
        table = self._table(model)
        if table is None:
            table = self._fetch(model, [], SHOWN)
        return sorted({entry.name for entry in table if entry.active})[:SHOWN]

    def archived(self, model: str, id_: int) -> bool:
        """Whether a record that `named` gave is archived."""
        table = self._table(model)
        known = table if table is not None else [entry for found in self._found.values() for entry in found]
        return any(entry.id == id_ and not entry.active for entry in known)

    def _candidates(self, model: str, name: str) -> Iterable[_Entry]:
        table = self._table(model)
        if table is not None:
            return table
        key = (model, name)
        if key not in self._found:
            fields = [field for field in self._called_by(model) if self.reader.fields(model)[field].searchable]
            # display_name of a big model is computed and, on older servers, matches everything.
            fields = [field for field in fields if field != "display_name"]
            leaves: list[object] = [[field, "=", name] for field in fields]
            self._found[key] = self._fetch(model, ["|"] * (len(leaves) - 1) + leaves, SHOWN)
        return self._found[key]

    def _table(self, model: str) -> list[_Entry] | None:
        """Every name of a small model; None when the model is too large for that."""
        if model not in self._tables:
            table = None if model in BIG else self._fetch(model, [], MOST + 1)
            self._tables[model] = table if table is not None and len(table) <= MOST else None
        return self._tables[model]

    def _called_by(self, model: str) -> list[str]:
        fields = self.reader.fields(model)
        return [name for name in ("name", "display_name", *BY.get(model, ())) if name in fields]

    def _fetch(self, model: str, domain: Sequence[object], limit: int) -> list[_Entry]:
        called = self._called_by(model)
        extra = ["active"] if "active" in self.reader.fields(model) else []
        rows = self.reader.search_read(model, domain, [*called, *extra], archived=True, limit=limit)
        return [_entry(row, called) for row in rows]


def _entry(row: Row, called: Sequence[str]) -> _Entry:
    texts = [str(row[name]) for name in called if row[name]]
    name = str(row.get("name") or (texts[0] if texts else row["id"]))
    return _Entry(row["id"], name, frozenset(texts), bool(row.get("active", True)))
