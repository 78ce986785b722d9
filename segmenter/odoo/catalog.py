"""The fields and names of one CRM in the client's language, each asked of the server once."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from segmenter.conditions.facts import Facts
from segmenter.conditions.model import PROPERTY, Related
from segmenter.conditions.near import canonical
from segmenter.conditions.operators import INTEGER_LIMIT
from segmenter.conditions.recalled import tells
from segmenter.conditions.vocabulary import Field, ListQuestion, Money, Named, Property
from segmenter.i18n import _
from segmenter.odoo.currencies import Companies, money_of, read_companies
from segmenter.odoo.lead_properties import LeadProperties
from segmenter.odoo.lists import listed
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import Json, Row
from segmenter.odoo.versions import other_names

BY: Mapping[str, tuple[str, ...]] = {
    # Fields that name a record, besides its name and display name.
    "res.users": ("login",),
    "res.country": ("code",),
    "res.country.state": ("code",),
    "res.lang": ("code",),
    "res.partner": ("email", "ref"),
    "crm.lead": ("email_from",),
}
BY_PATH = ("res.partner.category",)
"""Models whose records Odoo shows by their path: ``Cliente / Hospitalidad``."""
SEPARATOR = " / "
BIG = frozenset({"res.partner", "crm.lead", "product.product", "product.template", "sale.order", "mail.message"})
"""Models that are too large to read all names: they are asked name by name."""

_HARMLESS = re.compile(r"\[\]|False|\[\['active', '=', True\]\]|\(\[\]\) \+ \(\[\('(res_)?model', '=', '[\w.]+'\)\]\)")
"""Filters of a one2many that do not change a condition's meaning: none, active records, records of this model."""

ORIGINAL = "en_US"
"""The language in which Odoo stores every name first, even where it is not active."""
MOST = 5000
SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    """One record. ``called``: all its names. ``shared``: a portal or public user."""

    id: int
    name: str
    called: frozenset[str]
    active: bool
    shared: bool


class Catalog:
    """A `conditions.Vocabulary` over a server. Every model's names are asked at most once, and so is what lists give.

    ``copied``: where the server is a copy, the catalog of what was copied: it has the records of lists too. ``told``:
    where there is no server, what a plan kept of the lists that its conditions ask, in the order of its spec.
    """

    def __init__(self, reader: OdooReader, *, copied: Catalog | None = None, told: Iterable[Facts] = ()) -> None:
        self.reader, self._copied, self._told = reader, copied, list(told)
        self._tables: dict[str, list[_Entry] | None] = {}
        self._found: dict[tuple[str, str], list[_Entry]] = {}
        self._by_id: dict[tuple[str, int], list[_Entry]] = {}
        self._filtered: dict[tuple[str, str], bool] = {}
        self._others: list[Catalog] | None = None
        self._decimals: dict[tuple[str, str], int | None] = {}
        self._listed: dict[str, Mapping[int, Json]] = {}
        self._properties: LeadProperties | None = None

    def field(self, model: str, name: str) -> Field | None:
        """The field; ``name`` may be the one of any version."""
        fields = self.reader.fields(model)
        field = next((fields[other] for other in (name, *other_names(model, name)) if other in fields), None)
        return replace(field, filtered=self._is_filtered(field)) if field and field.type == "one2many" else field

    def _is_filtered(self, field: Field) -> bool:
        """Whether a one2many leaves out some records that point to it; which ones differs between versions.

        Leaving out archived ones, or those of other models, makes no difference to a condition.
        """
        key = (field.model, field.name)
        if key not in self._filtered:
            self._filtered[key] = not _HARMLESS.fullmatch(str(self.reader.filter_of(*key)).replace('"', "'"))
        return self._filtered[key]

    def company(self) -> Field:
        """The field from a contact to its company. A contact without one is its own company, so it is never empty
        (measured on 14 and 19).
        """
        return replace(self.reader.fields("res.partner")["commercial_partner_id"], label=_("the company"))

    @property
    def of_lists(self) -> Catalog:
        """The catalog of the CRM that knows the records of lists."""
        return self._copied or self

    def told(self, related: Related) -> Facts | None:
        """What a plan kept of a comparison with what a list gives; each is told once, in their order."""
        at = next((at for at, told in enumerate(self._told) if tells(told, related)), None)
        return None if at is None else self._told.pop(at)

    def property(self, label: str) -> Property:
        """The property of leads with this label, in whichever teams (`odoo.lead_properties`)."""
        return self.lead_properties().named(label)

    def lead_properties(self) -> LeadProperties:
        """All properties of leads. Raises `Unanswerable` where there are none."""
        if self._properties is None:
            self._properties = LeadProperties(self.reader)
        return self._properties

    def listed(self, question: ListQuestion) -> Mapping[int, Json]:
        """What the lists of records give (`odoo.lists`)."""
        key = repr(question)
        if key not in self._listed:
            if question.function == PROPERTY and self._properties and question.of:
                return self._listed.setdefault(key, self._properties.held(question.of.name))
            self._listed[key] = listed(self.reader, question, self.money)
        return self._listed[key]

    def hidden(self, model: str, name: str) -> bool:
        """Whether a field exists that only some groups may see, and the work user is in none of them."""
        return any(self.reader.hides(model, field) for field in (name, *other_names(model, name)))

    def left_out(self, model: str, name: str) -> str:
        """The label of a field that the CRM has, and its copy at hand has not; "" for others."""
        left = self.reader.left_out.get(model, {})
        return next((left[other] for other in (name, *other_names(model, name)) if other in left), "")

    def decimals(self, field: Field) -> int | None:
        """The number of decimals of a ``float``; None for any number."""
        key = (field.model, field.name)
        if field.name not in self.reader.fields(field.model):  # a property of leads keeps what it is given
            return None
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
        """The records with exactly this name. Archived ones count only if no active record has it."""
        found = [entry for entry in self._candidates(model, name) if name in entry.called]
        active = [entry for entry in found if entry.active] or found
        # In a tree the path is the name; the last step is enough where only one record has it.
        whole = [entry for entry in active if entry.name == name] if model in BY_PATH else []
        return [Named(entry.id, entry.name) for entry in whole or active]

    def record(self, model: str, id_: int) -> Named | None:
        """The record with this id, archived or not; None if the work user sees none.

        Larger ids than 32 bits do not exist and cannot be sent.
        """
        if not 0 < id_ < INTEGER_LIMIT:
            return None
        return next((Named(entry.id, entry.name) for entry in self._of(model, id_)), None)

    def meant(self, model: str, wanted: str | int) -> list[Named]:
        """The records that a spec means by ``wanted``: by name (see `named`), or by id for a number."""
        if isinstance(wanted, str):
            return self.named(model, wanted)
        record = self.record(model, wanted)
        return [] if record is None else [record]

    def elsewhere(self, model: str, name: str) -> list[tuple[Named, str]]:
        """Records with exactly this name in another language: with their names in the client's, and its code."""
        named = self.reader.fields(model).get("name")
        if named is None or not named.translated:
            return []
        found: dict[int, str] = {}
        for other in self._in_other_languages():
            for there in other.named(model, name):
                found.setdefault(there.id, other.reader.language or ORIGINAL)
        return [(record, code) for id_, code in found.items() if (record := self.record(model, id_)) is not None]

    def alike(self, model: str, name: str) -> list[str]:
        """Other names that look the same: they differ only in blanks or in how an accent is stored."""
        table = self._table(model) or ()
        seen = canonical(name)
        return sorted(
            {other for entry in table for other in entry.called if other != name and canonical(other) == seen}
        )

    def _in_other_languages(self) -> list[Catalog]:
        """Catalogs in the server's other languages, and in the one in which names were first given."""
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
        """The field that holds the currency of an amount, and the currencies; None if there is none."""
        return money_of(amount, self.reader, self.companies)

    def names(self, model: str) -> list[str]:
        """Up to 200 names in use, sorted; of a large model, the names of its first records."""
        table = self._table(model)
        if table is None:
            table = self._fetch(model, [], SHOWN)
        known = {name for entry in table if entry.active for name in (entry.name, *_shorter(model, entry))}
        return sorted(known)[:SHOWN]

    def archived(self, model: str, id_: int) -> bool:
        """Whether a record is archived. Records that `named` returned are not asked for again."""
        return any(not entry.active for entry in self._of(model, id_))

    def portal(self, id_: int) -> bool:
        """Whether a user is a portal or public user, who sees nothing of the CRM."""
        return any(entry.shared for entry in self._of("res.users", id_))

    def _of(self, model: str, id_: int) -> list[_Entry]:
        """The entry with this id in a list; an empty list if there is none."""
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
        """All records of a small model; None for a large one."""
        if model not in self._tables:
            table = None if model in BIG else self._fetch(model, [], MOST + 1)
            self._tables[model] = table if table is not None and len(table) <= MOST else None
        return self._tables[model]

    def _called_by(self, model: str) -> list[str]:
        fields = self.reader.fields(model)
        return [name for name in ("name", "display_name", *BY.get(model, ())) if name in fields]

    def _fetch(self, model: str, domain: Sequence[object], limit: int) -> list[_Entry]:
        called = self._called_by(model)
        fields = self.reader.fields(model)
        extra = [name for name in (archived_by(fields), "share") if name in fields]
        rows = self.reader.search_read(model, domain, [*called, *extra], archived=True, limit=limit)
        return [_entry(row, called, "display_name" if model in BY_PATH else "name") for row in rows]


def _shorter(model: str, entry: _Entry) -> frozenset[str]:
    """All names of a record in a tree: people may remember only the last step of its path."""
    return entry.called if model in BY_PATH else frozenset()


def _entry(row: Row, called: Sequence[str], shown: str) -> _Entry:
    texts = [str(row[name]) for name in called if row[name]]
    name = str(row.get(shown) or (texts[0] if texts else row["id"]))
    active = row.get(archived_by(row), True)
    return _Entry(row["id"], name, frozenset(texts), bool(active), bool(row.get("share")))


def archived_by(names: Container[str]) -> str:
    """The field by which Odoo archives records: one that a client added counts where there is no own (measured on 14
    and 19)."""
    return "active" if "active" in names or "x_active" not in names else "x_active"


@dataclass(frozen=True, slots=True)
class Language:
    """An active language of the server; ``warning`` says so when it is not the one asked for."""

    code: str
    warning: str = ""


def choose_language(reader: OdooReader, wanted: str) -> Language:
    """``wanted`` if the server has it active, else a sister (``es_CL`` -> ``es_419``), else the user's own.

    An inactive language in the context is ignored by older servers and refused by newer ones.
    """
    active, own = reader.languages()
    if wanted in active:
        return Language(wanted)
    sisters = [code for code in active if code.split("_")[0] == wanted.split("_")[0]]
    code = own if own in sisters or not sisters else sisters[0]
    if code not in active:
        code = "en_US"
    return Language(
        code,
        _('The language "{wanted}" is not installed on the server: names are read in {code}').format(
            wanted=wanted, code=code
        ),
    )
