"""Fields and names of one CRM, in the client's language, asked of the server once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from segmenter.conditions.near import canonical
from segmenter.conditions.operators import INTEGER_LIMIT
from segmenter.conditions.vocabulary import Field, Money, Named
from segmenter.i18n import _
from segmenter.odoo.currencies import Companies, money_of, read_companies
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Row
from segmenter.odoo.versions import other_names

BY: Mapping[str, tuple[str, ...]] = {
    # What, besides its own and its displayed name, a record may be called by.
    "res.users": ("login",),
    "res.country": ("code",),
    "res.country.state": ("code",),
    "res.lang": ("code",),
    "res.partner": ("email", "ref"),
    "crm.lead": ("email_from",),
}
BY_PATH = ("res.partner.category",)
"""Trees whose records Odoo shows by their path: ``Cliente / Hospitalidad``."""
SEPARATOR = " / "
BIG = frozenset({"res.partner", "crm.lead", "product.product", "product.template", "sale.order", "mail.message"})
"""Models too large to be fetched whole: asked name by name."""

_HARMLESS = re.compile(r"\[\]|False|\[\['active', '=', True\]\]|\(\[\]\) \+ \(\[\('(res_)?model', '=', '[\w.]+'\)\]\)")
"""Filters of a one2many as `OdooReader.filter_of` tells them: none, active ones, those of this model."""

ORIGINAL = "en_US"
"""What Odoo first keeps every name in, whoever wrote it, even where the language is not active."""
MOST = 5000
SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    """One record. ``shared``: a user whom Odoo counts as no employee: of the portal, or the public."""

    id: int
    name: str
    called: frozenset[str]
    active: bool
    shared: bool


class Catalog:
    """A `conditions.Vocabulary` over a server. Every model's names are asked at most once."""

    def __init__(self, reader: OdooReader) -> None:
        self.reader = reader
        self._tables: dict[str, list[_Entry] | None] = {}
        self._found: dict[tuple[str, str], list[_Entry]] = {}
        self._by_id: dict[tuple[str, int], list[_Entry]] = {}
        self._filtered: dict[tuple[str, str], bool] = {}
        self._others: list[Catalog] | None = None
        self._decimals: dict[tuple[str, str], int | None] = {}

    def field(self, model: str, name: str) -> Field | None:
        """The field by the name it has on this server, whichever version's name is asked for."""
        fields = self.reader.fields(model)
        field = next((fields[other] for other in (name, *other_names(model, name)) if other in fields), None)
        return replace(field, filtered=self._is_filtered(field)) if field and field.type == "one2many" else field

    def _is_filtered(self, field: Field) -> bool:
        """Whether a one2many leaves out records that point here; what it leaves out differs between versions.

        Leaving out archived ones, or those of other models, makes no difference to a condition.
        """
        key = (field.model, field.name)
        if key not in self._filtered:
            self._filtered[key] = not _HARMLESS.fullmatch(str(self.reader.filter_of(*key)).replace('"', "'"))
        return self._filtered[key]

    def company(self) -> Field:
        """The way from a contact to its company; a contact of none is its own (so never empty: measured on 14, 19)."""
        return replace(self.reader.fields("res.partner")["commercial_partner_id"], label=_("the company"))

    def hidden(self, model: str, name: str) -> bool:
        """Whether a field is there that is not told of, because only some groups see it."""
        return any(self.reader.hides(model, one) for one in (name, *other_names(model, name)))

    def decimals(self, field: Field) -> int | None:
        """How many decimals a ``float`` keeps; asked once, and only of a field that is compared with some."""
        key = (field.model, field.name)
        if key not in self._decimals:
            self._decimals[key] = self.reader.decimals_of(*key)
        return self._decimals[key]

    def field_names(self, model: str) -> Iterable[str]:
        """All field names of a model."""
        return self.reader.fields(model)

    def labels(self, model: str) -> Mapping[str, str]:
        """The labels of all fields of a model."""
        return {name: field.label for name, field in self.reader.fields(model).items()}

    def named(self, model: str, name: str) -> list[Named]:
        """Records called exactly this. Archived ones count only when no active one is called so."""
        found = [entry for entry in self._candidates(model, name) if name in entry.called]
        active = [entry for entry in found if entry.active] or found
        # In a tree the whole path is the name; that of the last step alone does where it is the only one.
        whole = [entry for entry in active if entry.name == name] if model in BY_PATH else []
        return [Named(entry.id, entry.name) for entry in whole or active]

    def record(self, model: str, id_: int) -> Named | None:
        """The record of an id, archived or not; None where there is none that the work user can see.

        No record has an id beyond 32 bits, and the wire does not take one.
        """
        if not 0 < id_ < INTEGER_LIMIT:
            return None
        return next((Named(entry.id, entry.name) for entry in self._of(model, id_)), None)

    def meant(self, model: str, wanted: str | int) -> list[Named]:
        """The records that a spec means: a text is a name (see `named`), a number an id."""
        if isinstance(wanted, str):
            return self.named(model, wanted)
        record = self.record(model, wanted)
        return [] if record is None else [record]

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        """Records that another language calls exactly this, each as the client's does, with the code of the other."""
        named = self.reader.fields(model).get("name")
        if named is None or not named.translated:
            return []
        found: dict[int, str] = {}
        for other in self._in_other_languages():
            for there in other.named(model, name):
                found.setdefault(there.id, other.reader.language or ORIGINAL)
        return [(record, code) for id_, code in found.items() if (record := self.record(model, id_)) is not None]

    def alike(self, model: str, name: str) -> list[str]:
        """Other names that nobody can tell from this one: blanks, or how an accent is stored, are all that differs."""
        table = self._table(model) or ()
        seen = canonical(name)
        return sorted({one for entry in table for one in entry.called if one != name and canonical(one) == seen})

    def _in_other_languages(self) -> list[Catalog]:
        """The same names in the server's other languages, and in the one that they were first given in."""
        if self._others is None:
            active, _own = self.reader.languages()
            codes = [code for code in active if code != self.reader.language]
            if ORIGINAL not in active:
                codes.append("")
            self._others = [Catalog(self.reader.speaking(code)) for code in codes]
        return self._others

    @cached_property
    def companies(self) -> Companies:
        """The companies of the CRM, and the currencies of their amounts."""
        return read_companies(self.reader)

    def money(self, amount: Field) -> Money | None:
        """What tells the currency of an amount."""
        return money_of(amount, self.reader, self.companies)

    def names(self, model: str) -> list[str]:
        """Up to 200 names in use, sorted; for a model fetched name by name, those of its first records."""
        table = self._table(model)
        if table is None:
            table = self._fetch(model, [], SHOWN)
        known = {name for entry in table if entry.active for name in (entry.name, *_shorter(model, entry))}
        return sorted(known)[:SHOWN]

    def archived(self, model: str, id_: int) -> bool:
        """Whether a record is archived; one that `named` gave is not asked for again."""
        return any(not entry.active for entry in self._of(model, id_))

    def portal(self, id_: int) -> bool:
        """Whether a user is one of the portal or the public, who sees nothing of the CRM."""
        return any(entry.shared for entry in self._of("res.users", id_))

    def _of(self, model: str, id_: int) -> list[_Entry]:
        """The entry of an id; none where there is no such record."""
        known = self._table(model)
        if known is None:
            known = [entry for (of, _name), found in self._found.items() if of == model for entry in found]
            if all(entry.id != id_ for entry in known):
                if (model, id_) not in self._by_id:
                    self._by_id[model, id_] = self._fetch(model, [["id", "=", id_]], 1)
                known = self._by_id[model, id_]
        return [entry for entry in known if entry.id == id_][:1]

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
        extra = [name for name in ("active", "share") if name in self.reader.fields(model)]
        rows = self.reader.search_read(model, domain, [*called, *extra], archived=True, limit=limit)
        return [_entry(row, called, "display_name" if model in BY_PATH else "name") for row in rows]


def _shorter(model: str, entry: _Entry) -> frozenset[str]:
    """The last step of a path: what people remember of it."""
    return entry.called if model in BY_PATH else frozenset()


def _entry(row: Row, called: Sequence[str], shown: str) -> _Entry:
    texts = [str(row[name]) for name in called if row[name]]
    name = str(row.get(shown) or (texts[0] if texts else row["id"]))
    return _Entry(row["id"], name, frozenset(texts), bool(row.get("active", True)), bool(row.get("share")))
