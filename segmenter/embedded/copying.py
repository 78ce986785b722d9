"""A CRM in memory that is a copy of a real one: its records and fields, ids and words, to be read and never written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions import WITH_ARCHIVED, Field
from segmenter.conditions.operators import KINDS
from segmenter.conditions.properties import PROPERTIES
from segmenter.embedded import rights
from segmenter.embedded.copied import Columns, Table, ask
from segmenter.embedded.copied_fields import ALWAYS, CONTACTS, LEADS, OWN, is_worth
from segmenter.embedded.schema import NAME_FIELDS, ORDERS, FieldDef, ModelDef
from segmenter.embedded.server import EmbeddedServer
from segmenter.embedded.tables import Tables
from segmenter.errors import AccessDenied, Refused
from segmenter.i18n import _
from segmenter.model_names import plural_name
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.questions import chunks_of_texts
from segmenter.odoo.reader import OdooReader
from segmenter.record_set import RecordSet

FEW = 2_000
"""Related records that are read in rows, all in one call."""
MOST = 5_000
"""Records of a related model that are copied whole; of a larger one, those that are pointed at."""
WRITTEN = (
    *(LEADS, CONTACTS, "crm.tag", "res.partner.category", "crm.stage", "ir.filters", "utm.source", "utm.medium"),
    *("utm.campaign", "ir.model.fields", "ir.model.fields.selection"),
)
"""Models that a spec may write: what the work user may do with each is asked."""
E_MAIL = "email_normalized"
GROUPS = (
    *(rights.USER, rights.OWN, rights.ALL, rights.MANAGER, rights.PORTAL, rights.ERP, rights.SYSTEM, rights.PARTNERS),
    "crm.group_use_lead",
)


def copy_of(
    reader: OdooReader,
    model: str,
    *,
    domain: Sequence[Any] = (),
    archived: bool,
    fields: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> EmbeddedServer:
    """A copy of the records of a domain, and of what they lead to, in the reader's language.

    Only what is copied has a field there; `EmbeddedServer.left_out` has the others with their labels, and ``notes``
    what else is not there. ``archived``: archived records too. ``fields``: dotted paths that are wanted whatever their
    type. ``progress``: told how many questions are answered, and of how many. Reads alone; raises as the reader does.
    """
    all_of_it = archived and "active" in reader.fields(model)
    copy = _Copy(reader, model, [*domain, *(WITH_ARCHIVED if all_of_it else ())], tuple(fields), progress)
    if domain:
        copy.notes.append(_("Only the records of the scope were copied: what people hold beyond it does not count"))
    if not archived:
        copy.notes.append(_("Archived records were not copied"))
    copy.notes.append(_("Who follows the records was not copied"))
    copy.choose()
    copy.read()
    return copy.server()


@dataclass
class _Copy:
    """One copy in the making. ``chosen``: model -> the fields that are copied; ``rows``: model -> record -> cells."""

    reader: OdooReader
    model: str
    domain: list[Any]
    wanted: tuple[str, ...]
    progress: Callable[[int, int], None] | None
    chosen: dict[str, dict[str, Field]] = field(default_factory=dict)
    rows: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    asked: int = 0
    questions: int = 0

    def choose(self) -> None:
        """Which models, and which fields of each."""
        reached, paths = {self.model: None, CONTACTS: None} | dict.fromkeys(ALWAYS), self._paths()
        for model in (self.model, CONTACTS):
            for one in self.reader.fields(model).values():
                if one.relation and is_worth(one, self.model, paths):
                    reached[one.relation] = None
        with ThreadPoolExecutor(AT_ONCE) as pool:
            readable = dict(zip(reached, pool.map(self._readable, reached), strict=True))
        for model in reached:
            if readable[model]:
                known_fields = self.reader.fields(model)
                self.chosen[model] = {
                    name: one for name, one in known_fields.items() if is_worth(one, self.model, paths)
                }
        for model, chosen in self.chosen.items():
            self.chosen[model] = {
                name: one for name, one in chosen.items() if not one.relation or one.relation in self.chosen
            }

    def _readable(self, model: str) -> bool:
        try:
            return bool(self.reader.fields(model)) and self.reader.may(model, "read")
        except (AccessDenied, Refused):
            return False

    def _paths(self) -> frozenset[tuple[str, str]]:
        """(model, field) of every step of the paths that are wanted."""
        steps = set()
        for path in self.wanted:
            model = self.model
            for name in path.split("."):
                known = self.reader.fields(model)
                if name not in known:
                    break
                steps.add((model, name))
                model = known[name].relation or model
        return frozenset(steps)

    def read(self) -> None:
        """Small models whole, then the records, then those that they lead to."""
        small = [model for model in self.chosen if model not in (self.model, CONTACTS)]
        ids = RecordSet(self.reader.search(self.model, self.domain))
        self._run([lambda model=model: self._whole(model) for model in small])  # type: ignore[misc]
        self._by_columns(self.model, self.domain, ids)
        for model in [*(model for model in small if model not in self.rows), CONTACTS]:
            self._pointed_at(model)
        self._called_alike()
        # Companies of contacts, and theirs.
        for _step in range(2):
            self._pointed_at(CONTACTS)
        gone = sum(len(self._leading(model) - RecordSet(self.rows.get(model, ()))) for model in self.chosen)
        if gone:
            self.notes.append(_("Related records that this user cannot see: {number}").format(number=gone))

    def _run(self, tasks: Sequence[Callable[[], None]]) -> None:
        self.questions += len(tasks)

        def done() -> None:
            self.asked += 1
            if self.progress:
                self.progress(self.asked, self.questions)

        ask(tasks, done)

    def _whole(self, model: str) -> None:
        """The records of a model, unless they are more than `MOST`."""
        names = [*self.chosen[model], "display_name"]
        rows = self.reader.search_read(model, [], names, archived=True, limit=MOST + 1)
        if len(rows) <= MOST:
            self.rows[model] = {
                row["id"]: {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in row.items() if cell}
                for row in rows
            }

    def _by_columns(self, model: str, domain: Sequence[Any], ids: RecordSet) -> None:
        chosen = self.chosen[model]
        links = {
            name: sorted(self.rows.get(one.relation or "", ()))
            for name, one in chosen.items()
            if one.type == "many2many" and one.relation in self.rows
        }
        columns = Columns(self.reader, model, domain, ids, links)
        if ids:
            self._run(columns.tasks(list(chosen.values())))
        self.rows.setdefault(model, {}).update(columns.table.rows())

    def _by_rows(self, model: str, ids: RecordSet) -> None:
        rows = list(self.reader.read(model, list(ids), list(self.chosen[model])))
        table = Table(row["id"] for row in rows)
        for name in self.chosen[model]:
            table.fill(name, ((row["id"], row[name]) for row in rows))
        self.rows.setdefault(model, {}).update(table.rows())

    def _leading(self, model: str) -> RecordSet:
        """The records of a model that some record of the copy leads to."""
        found = RecordSet()
        for other, chosen in self.chosen.items():
            for name in [one.name for one in chosen.values() if one.relation == model]:
                cells = [row.get(name) for row in self.rows.get(other, {}).values()]
                for cell in set(cells) - {None}:
                    found.update(cell if isinstance(cell, tuple) else (cell,))
        return found

    def _called_alike(self) -> None:
        """Contacts with the e-mail of a lead: a conversion gives it the one that is there."""
        if self.model != LEADS or any(E_MAIL not in self.chosen.get(model, ()) for model in (LEADS, CONTACTS)):
            return
        mails = {row.get(E_MAIL) for row in self.rows[LEADS].values() if row.get("type") == "lead"} - {None}
        found = RecordSet()
        for portion in chunks_of_texts(sorted(str(mail) for mail in mails)):
            found.update(self.reader.search(CONTACTS, [(E_MAIL, "in", portion)]))
        self._add(CONTACTS, found)

    def _pointed_at(self, model: str) -> None:
        self._add(model, self._leading(model))

    def _add(self, model: str, wanted: RecordSet) -> None:
        """Records of a model that is not copied whole."""
        missing = wanted - RecordSet(self.rows.get(model, ()))
        if not missing:
            self.rows.setdefault(model, {})
            return
        # Up to 18 each group of an answer repeats the ids that were asked for.
        if len(missing) <= FEW or not self.reader.lists_amounts:
            self._run([lambda: self._by_rows(model, missing)])
        else:
            domain = [("id", "in", list(missing)), *(WITH_ARCHIVED if "active" in self.reader.fields(model) else ())]
            self._by_columns(model, domain, RecordSet(self.reader.search(model, domain)))
        if model != self.model:
            self.notes.append(
                _("Of {records}, only those that the records lead to were copied").format(records=plural_name(model))
            )

    def server(self) -> EmbeddedServer:
        """The copy as a server."""
        models = list(dict.fromkeys([*self.chosen, *WRITTEN]))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tables = Tables(dict(zip(models, pool.map(self._model, models), strict=True)))
            tables.access = dict(zip(models, pool.map(self._rights, models), strict=True))
        for model, rows in self.rows.items():
            tables.rows[model].update(rows)
        who = self.reader.identity
        tables.groups[who.uid] = frozenset(group for group in GROUPS if self.reader.has_group(group))
        return EmbeddedServer(
            tables,
            uid=who.uid,
            login=who.login,
            url=who.url,
            database=who.database,
            version=who.version,
            notes=tuple(dict.fromkeys(self.notes)),
            left_out={model: self._left_out(model) for model in self.chosen},
        )

    def _rights(self, model: str) -> frozenset[str]:
        read = {"read"} if model in self.chosen else set()
        written = rights.OPERATIONS[1:] if model in WRITTEN else ()
        return frozenset(read | {operation for operation in written if self.reader.may(model, operation)})

    def _model(self, model: str) -> ModelDef:
        """The model with the fields that were copied."""
        if model not in self.chosen:
            return ModelDef(model, {})
        numbers = any(one.type in ("float", "monetary") for one in self.chosen[model].values())
        details = self.reader.details(model) if numbers else {}
        kept = {**self.chosen[model], **{name: one for name, one in self.reader.fields(model).items() if name in OWN}}
        kept |= {
            name: one
            for name, one in self.reader.fields(model).items()
            if not one.stored and one.related and one.related[0] in self.chosen[model]
        }
        fields = {name: _definition(one, details.get(name, {})) for name, one in kept.items()}
        order = ORDERS.get(model, "id")
        sortable = all(term.split()[0] in fields for term in order.split(","))
        called = NAME_FIELDS.get(model, "name" if "name" in fields else "x_name")
        return ModelDef(model, fields, order if sortable else "id", called)

    def _left_out(self, model: str) -> dict[str, str]:
        known = self.reader.fields(model).items()
        return {
            name: one.label
            for name, one in known
            if one.stored and one.type in (*KINDS, PROPERTIES) and name not in self.chosen[model] and name not in OWN
        }


def _definition(one: Field, details: Mapping[str, Any]) -> FieldDef:
    """A field as the server describes it. Its words are in one language alone."""
    digits = details.get("digits")
    return FieldDef(
        one.name,
        one.type,
        {"en": one.label, "es": one.label},
        relation=one.relation,
        selection=tuple((key, label, label) for key, label in one.selection),
        store=one.stored,
        searchable=one.searchable,
        readonly=one.readonly,
        custom=one.name.startswith("x_"),
        size=one.size,
        digits=(int(digits[0]), int(digits[1])) if digits else None,
        related=one.related,
        currency_field=str(details.get("currency_field") or ""),
    )
