"""The writing half of a model's methods: ``write``, ``create`` and ``unlink`` as in Odoo 19, side effects included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmenter.conditions.operators import MANY
from segmenter.embedded import cells, contacts, custom, effects, rights
from segmenter.embedded.chatter import Chatter
from segmenter.embedded.effects import Moment, Values
from segmenter.embedded.faults import dangling, hidden, missing, required
from segmenter.embedded.reading import Reading, listed
from segmenter.embedded.schema import FieldDef
from segmenter.embedded.tables import Row

UNTOUCHED = frozenset({"id", "create_date", "create_uid", "write_date", "write_uid", "display_name"})
"""Fields that a write may contain and that the server sets itself."""


@dataclass(frozen=True)
class Writing(Reading):
    """One call on one model, inside a transaction of the tables."""

    @property
    def moment(self) -> Moment:
        return Moment(self.tables, self.uid, self.tables.now())

    @property
    def _chatter(self) -> Chatter:
        return Chatter(self.tables, self.model, self.uid, self.context)

    def write(self, ids: int | Sequence[int], vals: Mapping[str, Any]) -> bool:
        """Writes the same values to every record, or to none."""
        records = list(dict.fromkeys(self.existing(ids, "write")))
        gone = [record for record in listed(ids) if record not in self.tables.rows[self.model]]
        if gone and vals:
            raise missing(self.model, gone[0], self.uid)
        if records and vals:
            self._write(records, vals)
        return True

    def _write(self, records: list[int], vals: Mapping[str, Any]) -> None:
        values, many = self._split(vals)
        given = set(values)
        rows = [self.tables.rows[self.model][record] for record in records]
        if self.model == "crm.lead":
            values = effects.lead_values(self.moment, rows, values)
        for record, row in zip(records, rows, strict=True):
            links = {field.name: self._links(record, field, value) for field, value in many}
            self._store(record, row, {**row, **self._translated(record, row, values), **links}, given)
        self._chatter.written(dict(zip(records, rows, strict=True)), vals)

    def _translated(self, record: int, row: Row, values: Values) -> Values:
        """Stores values as translations where the text has an en_US version; returns the other values."""
        if self.language == "en_US":
            return values
        texts = [name for name in values if self.definition.fields[name].translate and row.get(name)]
        for name in texts:
            self.tables.translate(self.model, record, name, values[name])
        return {name: value for name, value in values.items() if name not in texts}

    def create(self, vals_list: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int | list[int]:
        """Creates records; returns one id for a dictionary, a list of ids for a list."""
        if isinstance(vals_list, Mapping):
            return self.created(vals_list)
        return [self.created(vals) for vals in vals_list]

    def created(self, vals: Mapping[str, Any]) -> int:
        """Creates one record; returns its id."""
        rights.require(self.tables, self.uid, self.model, "create")
        if self.model == custom.FIELDS and "selection_ids" in vals:
            record = self.created({name: value for name, value in vals.items() if name != "selection_ids"})
            for option in custom.options(vals["selection_ids"]):
                Writing(self.tables, custom.VALUES, self.uid, self.context).created({**option, "field_id": record})
            return record
        values, many = self._split(vals)
        record, moment = self.tables.new_id(self.model), self.moment
        known = self.definition.fields
        row = {name: field.empty for name, field in known.items() if field.type != "one2many"}
        del row["display_name"]
        row |= effects.defaults(moment, self.model, record) | values
        row |= {"create_date": moment.now, "create_uid": self.uid, "id": record}
        row |= {field.name: self._links(None, field, value) for field, value in many}
        for name in values if self.language != "en_US" else ():
            if known[name].translate and values[name]:
                self.tables.translate(self.model, record, name, values[name])
        own = {"user_id", "type", *(["partner_id"] if row.get("partner_id") else [])}
        self._store(record, None, row, own | set(values))
        if not self.visible()(record):
            raise hidden(self.model, self.uid)
        self._chatter.created(record)
        return record

    def _split(self, vals: Mapping[str, Any]) -> tuple[Values, list[tuple[FieldDef, Any]]]:
        """The cells of single-valued fields, and the many-valued fields with their commands."""
        known, values, many = self.definition.fields, {}, []
        for name, value in vals.items():
            if name not in known:
                raise ValueError(f"Invalid field {name!r} in {self.model!r}")
            if name in UNTOUCHED:
                continue
            if known[name].type in MANY:
                many.append((known[name], value))
            else:
                values[name] = cells.to_cell(self.tables, self.model, known[name], value)
        return values, many

    def _links(self, record: int | None, field: FieldDef, value: Any) -> tuple[int, ...]:
        """The ids that a many2many holds after its commands. Archived links stay, unless ``active_test`` is off."""
        if field.type != "many2many":
            raise ValueError(f"{self.model}.{field.name} is not written through the embedded CRM")
        other = Writing(self.tables, field.relation or "", self.uid, self.context)
        linked = list(self.tables.cell(self.model, record, field.name)) if record else []
        held = linked if self.archived else self.tables.active(other.model, linked)
        beyond = [link for link in linked if link not in held]
        for command in cells.commands(self.model, field, value):
            kind = command[0]
            if kind == 0:
                held.append(other.created(command[2]))
            elif kind == 1:
                other.write([command[1]], command[2])
            elif kind in (2, 3):
                held = [link for link in held if link != command[1]]
                if kind == 2:
                    other.unlink([command[1]])
            elif kind == 4:
                held.append(command[1])
            elif kind == 5:
                held = []
            elif kind == 6:
                held = list(command[2])
        return cells.linked(self.tables, self.model, field, [*held, *beyond])

    def _store(self, record: int, old: Row | None, new: Values, given: set[str]) -> None:
        """Computes dependent fields, checks constraints, and puts the row."""
        moment = self.moment
        new["id"] = record  # rows of fixtures have none
        change = effects.Change(moment, old, new, frozenset(given))
        if self.model == "crm.lead":
            contacts.fill_from_contact(change)
        if effect := effects.EFFECTS.get(self.model):
            effect(change)
        if self.model == custom.FIELDS:
            custom.check_field(change)
        for name, field in self.definition.fields.items():
            if field.required and new.get(name) is None and field.type not in MANY:
                raise required(self.model, name, field.label["en"])
        new |= {"write_date": moment.now, "write_uid": self.uid}
        self.tables.put(self.model, record, new)
        if self.model in (custom.FIELDS, custom.VALUES):
            custom.define(self.tables, custom.model_of(self.tables, self.model, record))
        if self.model == "ir.filters" and not self.visible()(record):
            raise hidden(self.model, self.uid)
        if self.model == "crm.stage" and old is not None and old.get("is_won") != new.get("is_won"):
            self._won_stage(record)
        for model, other, values in contacts.echoes(change, self.model):
            row = self.tables.rows[model][other]
            reached = set(values) if model == "res.partner" else set()
            Writing(self.tables, model, self.uid, self.context)._store(other, row, {**row, **values}, reached)

    def _won_stage(self, stage: int) -> None:
        """Updates the leads of a stage that becomes a won stage, or no longer is one."""
        probability = effects.automated_probability(self.tables, stage)
        values = {"probability": probability, "automated_probability": probability}
        if leads := self.tables.holders("crm.lead", "stage_id", stage):
            Writing(self.tables, "crm.lead", self.uid, self.context)._write(list(leads), values)

    def unlink(self, ids: int | Sequence[int]) -> bool:
        """Deletes records, and every link to them."""
        records = set(self.existing(ids, "unlink"))
        for model, name in effects.CASCADING:
            below = {other for record in records for other in self.tables.holders(model, name, record)}
            if model == self.model and below - records:
                return self.unlink(sorted(records | below))
        if self.model in (custom.FIELDS, custom.VALUES):
            custom.unlink(self.tables, self.model, records)
            return True
        for model, name in self._pointing():
            for holder, row in list(self.tables.rows[model].items()):
                cell = row.get(name)
                held = records.intersection(cell if isinstance(cell, tuple) else [cell])
                if not held or (model == self.model and holder in records):
                    continue
                if (model, name) in effects.RESTRICTED:
                    raise dangling(model, name)
                left = tuple(kept for kept in cell if kept not in held) if isinstance(cell, tuple) else None
                self.tables.put(model, holder, {**row, name: left})
        for record in records:
            self.tables.put(self.model, record, None)
        return True

    def _pointing(self) -> Iterator[tuple[str, str]]:
        for model, definition in self.tables.models.items():
            for name, field in definition.fields.items():
                if field.relation == self.model and field.type in ("many2one", "many2many"):
                    yield model, name


METHODS = frozenset({"write", "create", "unlink"})
