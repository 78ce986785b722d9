"""Tags, stages, fields, contacts, favourites: created or altered before the records, removed after them when undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions import filled
from segmenter.errors import ServerError
from segmenter.i18n import _, ngettext
from segmenter.ledger import Outcome, OutcomeKind
from segmenter.odoo.catalog import BY_PATH, Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.values import as_lists
from segmenter.odoo.writer import OdooWriter
from segmenter.plans.changes import ConfigChange, Json, with_ids
from segmenter.resolving.custom_fields import FIELDS, VALUES
from segmenter.resolving.favourites import same_favourite
from segmenter.resolving.names import CREATED, already, instead

USED_BY = {
    "crm.tag": (("crm.lead", "tag_ids"),),
    # Odoo deletes the categories below one that is deleted (measured on 14 and 19).
    "res.partner.category": (("res.partner", "category_id"), ("res.partner.category", "parent_id")),
    "crm.stage": (("crm.lead", "stage_id"),),
    "res.partner": (("crm.lead", "partner_id"), ("res.partner", "parent_id")),
}
"""Where a record that the plan created could be in use by people's own records."""

CUSTOM = (FIELDS, VALUES)

Intend = Callable[[Mapping[str, Json]], None]


@dataclass(frozen=True)
class Configurator:
    """Does and undoes one `ConfigChange` at a time. ``refs``: ref -> id of what exists by now.

    ``places``: where it could be in use, as `USED_BY` has it.
    """

    reader: OdooReader
    writer: OdooWriter
    refs: dict[int, int]
    places: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=lambda: USED_BY)

    def do(self, change: ConfigChange, intend: Intend, *, intended: bool) -> Outcome:
        """Create or alter. ``intended``: an earlier run was about to and never said how it ended, so what is found
        is ours. Looks before it creates: stages and categories have no uniqueness on the server."""
        values = {name: with_ids(value, self.refs) for name, value in change.after.items()}
        if change.id is not None:
            return self._alter(change, change.id, change.before, values, intend)
        found = self.find(change)
        if found is not None:
            self.refs[change.ref] = found
            return Outcome(change.ref, "", "applied" if intended else "already", found=found)
        intend({"kind": "config", "records": [change.ref], "values": {"model": change.model, **values}})
        try:
            created = self.writer.create(change.model, self._created(change, values))
        except ServerError as error:
            return Outcome(change.ref, "", "refused", self._why_refused(change, error))
        self.refs[change.ref] = created
        self._forget(change)
        return Outcome(change.ref, "", "applied", found=created)

    def undo(self, change: ConfigChange, id: int, intend: Intend, *, intended: bool) -> Outcome:
        """Put an altered value back, or remove what was created; refused while people use it."""
        if change.id is not None:
            values = {name: with_ids(value, self.refs) for name, value in change.after.items()}
            return self._alter(change, change.id, values, change.before, intend)
        if not self.reader.search(change.model, [("id", "=", id)], archived=True):
            outcome: OutcomeKind = "applied" if intended else "missing"
            return Outcome(change.ref, "", outcome, _("it was already deleted"), id)
        if used := self.uses(change, id):
            detail = ngettext("{number} record still uses it", "{number} records still use it", used).format(
                number=used
            )
            return Outcome(change.ref, "", "conflict", detail, id)
        if change.model == "res.partner" and not self._as_created(change, id):
            return Outcome(change.ref, "", "conflict", _("it was changed since"), id)
        intend({"kind": "config", "records": [change.ref], "values": {"model": change.model, "unlink": id}})
        try:
            if change.model == "ir.filters" and "user_id" in change.after:
                # Where a favourite has one owner, salespeople may delete their own alone (measured on 14).
                self.writer.write(change.model, [id], {"user_id": self.writer.identity.uid})
            self.writer.unlink(change.model, [id])
        except ServerError as error:
            return Outcome(change.ref, "", "refused", error.what, id)
        self._forget(change)
        return Outcome(change.ref, "", "applied", found=id)

    def uses(self, change: ConfigChange, id: int) -> int:
        """How many records, archived ones too, hold what the plan created."""
        if change.model in CUSTOM:
            return _holding(change, self.reader)
        places = self.places.get(change.model, ())
        return sum(self.reader.count(model, [(field, "in", [id])], archived=True) for model, field in places)

    def _as_created(self, change: ConfigChange, id: int) -> bool:
        """Whether a contact holds no more and no less than we gave it: a person's work on it would be lost."""
        (row,) = self.reader.search_read(change.model, [("id", "=", id)], sorted(change.after), archived=True)
        return all((row[name] or None) == (value or None) for name, value in change.after.items())

    def _created(self, change: ConfigChange, values: Mapping[str, Json]) -> dict[str, Any]:
        if change.model in CUSTOM:
            return _custom_wire(change, self.reader)
        return self._wire(change.model, values)

    def _forget(self, change: ConfigChange) -> None:
        if change.model in CUSTOM:
            self.reader.forget(change.after["model"])

    def _alter(
        self, change: ConfigChange, id: int, before: Mapping[str, Json], after: Mapping[str, Json], intend: Intend
    ) -> Outcome:
        rows = self.reader.search_read(change.model, [("id", "=", id)], sorted(after), archived=True)
        if not rows:
            return Outcome(change.ref, "", "missing", _("it was deleted since"), id)
        fields = self.reader.fields(change.model)
        now = {
            name: sorted(rows[0][name]) if fields[name].type == "many2many" else as_lists(rows[0][name])
            for name in after
        }
        if now == {name: as_lists(value) for name, value in after.items()}:
            return Outcome(change.ref, "", "already", found=id)
        if now != {name: as_lists(value) for name, value in before.items()}:
            return Outcome(change.ref, "", "conflict", _("it was changed since"), id)
        intend({"kind": "config", "records": [change.ref], "values": {"model": change.model, "id": id, **after}})
        try:
            self.writer.write(change.model, [id], self._wire(change.model, after))
        except ServerError as error:
            return Outcome(change.ref, "", "refused", error.what, id)
        return Outcome(change.ref, "", "applied", found=id)

    def _why_refused(self, change: ConfigChange, error: ServerError) -> str:
        """What stands in the way of a create: perhaps a record that came since the plan, under that name elsewhere."""
        if change.model in CREATED and (found := Catalog(self.reader).elsewhere(change.model, change.name)):
            sentence = already(change.model, change.name, found)
            return f"{sentence}; {instead(found, self.reader.language)}"
        return error.what

    def find(self, change: ConfigChange) -> int | None:
        """The server's id of what a change is about, by name; None when there is no such thing."""
        if change.id is not None:
            return change.id
        if change.model == "ir.filters":
            people = change.after.get("user_ids") or ()
            same = same_favourite(change.after["name"], change.after["model_id"], self.reader, people=people)
            return None if same is None else int(same["id"])
        domain = _sought(change) if change.model in CUSTOM else [("name", "=", change.after["name"])]
        if change.model == "res.partner":
            # People share names: only one that is alike in everything that we give it is the same contact.
            domain += [(name, "=", value or False) for name, value in change.after.items() if name != "name"]
        if change.model in BY_PATH:
            domain.append(("parent_id", "=", with_ids(change.after.get("parent_id"), self.refs) or False))
        found = self.reader.search(change.model, domain, archived=True, limit=1)
        return found[0] if found else None

    def _wire(self, model: str, values: Mapping[str, Json]) -> dict[str, Any]:
        fields = self.reader.fields(model)
        wire: dict[str, Any] = {}
        for name, value in values.items():
            if fields[name].type == "many2many":
                wire[name] = [[6, 0, value]]
            elif name == "domain":
                wire[name] = value if isinstance(value, str) else repr([tuple(leaf) for leaf in value])
            else:
                wire[name] = False if value is None else value
        return wire


def _sought(change: ConfigChange) -> list[Any]:
    """The domain for the field, or the value of a field, that a change creates. A field of another type is not it."""
    after = change.after
    if change.model == FIELDS:
        return [("model", "=", after["model"]), ("name", "=", after["name"]), ("ttype", "=", after["ttype"])]
    return [
        ("field_id.model", "=", after["model"]),
        ("field_id.name", "=", after["field"]),
        ("value", "=", after["value"]),
    ]


def _custom_wire(change: ConfigChange, reader: OdooReader) -> dict[str, Any]:
    """What ``create`` takes (the same on 14 and 19)."""
    values: dict[str, Any] = dict(change.after)
    model = values.pop("model")
    if change.model == FIELDS:
        options = values.pop("values", ())
        values |= {"model_id": reader.search("ir.model", [("model", "=", model)])[0], "state": "manual"}
        if options:
            values["selection_ids"] = [
                [0, 0, {"value": one, "name": one, "sequence": number}] for number, one in enumerate(options, 1)
            ]
        return values
    field = reader.search(FIELDS, [("model", "=", model), ("name", "=", values.pop("field"))])[0]
    last = reader.search_read(VALUES, [("field_id", "=", field)], ["sequence"], order="sequence desc", limit=1)
    return {**values, "field_id": field, "sequence": 1 + (last[0]["sequence"] if last else 0)}


def _holding(change: ConfigChange, reader: OdooReader) -> int:
    """How many records, archived ones too, hold something in the field, or hold the value. Odoo would empty them."""
    after: Mapping[str, Json] = change.after
    name = after["name"] if change.model == FIELDS else after["field"]
    field = reader.fields(after["model"]).get(name)
    if field is None:
        return 0
    if change.model == VALUES:
        return reader.count(after["model"], [(name, "=", after["value"])], archived=True)
    # 0 and False, which Odoo itself puts into a new record, are nothing here.
    return reader.count(after["model"], filled(field), archived=True)
