"""A CRM made of Odoo's own list export, so that a spec can be planned before there is any access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.conditions.near import canonical
from segmenter.conditions.operators import MANY
from segmenter.embedded.effects import Moment, defaults
from segmenter.embedded.export.columns import Column, emptied, external_ids, recognised, record_id, understood
from segmenter.embedded.export.formats import format_of
from segmenter.embedded.export.grid import filled
from segmenter.embedded.export.origin import Origin
from segmenter.embedded.export.related import Names, RelatedRecords, names_of
from segmenter.embedded.export.sheet import Sheet, read_sheet
from segmenter.embedded.export.values import column_values
from segmenter.embedded.export.words import exported_fields
from segmenter.embedded.names import display_name
from segmenter.embedded.rights import ERP, SALES_MANAGER
from segmenter.embedded.schema import FieldDef, load
from segmenter.embedded.server import EmbeddedServer
from segmenter.embedded.tables import Tables
from segmenter.errors import SegmenterError
from segmenter.i18n import _, all_of, quoted
from segmenter.odoo.catalog import BY_PATH
from segmenter.odoo.server import EXPORT, Rows

LOGIN = "export"
ALWAYS = {"id", "display_name", "active", "name"}


def from_export(
    path: str | Path,
    model: str,
    *,
    language: str = "es_CL",
    timezone: str = "UTC",
    known: Mapping[str, Iterable[str]] | None = None,
    spelled: Iterable[str] = (),
    custom: Iterable[FieldDef] = (),
) -> EmbeddedServer:
    """The records of ``model`` in an export of Odoo (.xlsx or .csv), as a server to plan against.

    Headings are labels as any version writes them, or technical names; those that are no field are in ``notes``.
    ``language`` says how numbers and dates are written where the file does not, and ``timezone`` what the date-times
    are in: Odoo writes them in that of whoever exports. ``fields_get`` has the columns found and no others. Records
    without a number are numbered by their row. What the cells name (stages, tags, people) exists too, and so does what
    ``known`` names by model: ``{"crm.stage": ["Calificado"]}``. ``spelled``: more names that somebody writes, of what
    need not exist: a comma in one does not part it. ``custom``: fields of the client's own that headings may stand for.
    Raises SegmenterError, with the cell's address, for a file that cannot be taken as it is.
    """
    path, models = Path(path), load()
    if model not in models:
        raise SegmenterError(
            _("An export of {model} cannot be planned").format(model=model), todo=_("use crm.lead or res.partner")
        )
    models = {
        **models,
        model: replace(models[model], fields={**exported_fields(model), **{field.name: field for field in custom}}),
    }
    sheet = read_sheet(path, recognised(models, model))
    columns = understood(sheet, models, model, spanish=language.startswith("es"))
    if not sheet.rows:
        raise SegmenterError(
            _("{file} is empty").format(file=path.name), todo=_("export again with the records selected")
        )
    sheet = emptied(sheet, columns)
    found = {column.field.name: column.field for column in columns.fields}
    fields = models[model].fields.items()
    shown = {name: found.get(name, definition) for name, definition in fields if name in ALWAYS | found.keys()}
    tables = Tables({**models, model: replace(models[model], fields=shown, order="id")})
    origin = Origin(language, format_of(language), ZoneInfo(timezone), sheet.odoo, sheet.epoch)
    notes = [*sheet.notes, *columns.notes]
    known = {other: list(names) for other, names in (known or {}).items()}
    spelled = {*spelled, *(name for names in known.values() for name in names)}
    related = RelatedRecords(tables)
    reading = _Reading(tables, related, sheet, model, column_values(sheet, columns.fields, origin, notes), spelled)
    with tables.transaction():
        uid = _somebody(tables, language)
        for other in known.keys() - set(BY_PATH):
            for name in known[other]:
                related.record(other, {"name": name})
        reading.fill(columns.fields, columns.ids)
        for other in BY_PATH:
            related.add_paths(other, known.get(other, ()))
    notes += reading.notes
    rows = Rows(path.name, reading.places, frozenset(reading.own), reading.external)
    return EmbeddedServer(tables, uid=uid, login=LOGIN, url=EXPORT, database=path.name, notes=notes, rows=rows)


def also_known(server: EmbeddedServer, named: Iterable[tuple[str, str]]) -> None:
    """Makes records of these (model, name), which the export does not hold and somebody names only now."""
    related = RelatedRecords(server.tables)
    for model in BY_PATH:
        related.remember_paths(model)
    with server.tables.transaction():
        for model, name in named:
            if model in BY_PATH:
                related.add_paths(model, [name])
            else:
                related.record(model, {"name": name})


def without_records(
    model: str,
    *,
    language: str = "es_CL",
    known: Mapping[str, Iterable[str]] | None = None,
    custom: Iterable[FieldDef] = (),
) -> EmbeddedServer:
    """A CRM in which there are only names: to say what a spec says where no server can be asked.

    ``known``: names by model. ``custom``: fields of the client's own, or Odoo's with the client's labels.
    """
    models, known = load(), known or {}
    fields = {**exported_fields(model), **{field.name: field for field in custom}}
    tables = Tables({**models, model: replace(models[model], fields=fields)})
    related = RelatedRecords(tables)
    with tables.transaction():
        uid = _somebody(tables, language)
        for other in known.keys() - set(BY_PATH):
            for name in known[other]:
                related.record(other, {"name": name})
        for other in BY_PATH:
            related.add_paths(other, known.get(other, ()))
    return EmbeddedServer(tables, uid=uid, login=LOGIN, url=EXPORT, database="")


def _somebody(tables: Tables, language: str) -> int:
    """Whoever plans: may do all that a spec can ask for. Every language of the demo's countries is spoken."""
    for code in dict.fromkeys(("en_US", "es_CL", "es_PE", "es_ES", language)):
        tables.add("res.lang", name=code, code=code, active=True)
    uid = tables.add("res.users", name=LOGIN, login=LOGIN, lang=language, active=True, share=False)
    tables.groups[uid] = SALES_MANAGER | {ERP}
    return uid


def _always_filled(column: Column) -> bool:
    """Whether no record is without it, so that a row without it goes on with the record above."""
    field = column.field
    return column.inner is None and (field.required or field.name in ("name", "display_name", "create_date"))


@dataclass
class _Reading:
    """Puts the rows of one export into tables.

    ``values``: by column, the value of every row. ``spelled``: names that no comma parts. ``places``: the row of
    each record; ``own``: numbers that are ids of Odoo; ``external``: the text in the column of ids -> the record.
    """

    tables: Tables
    related: RelatedRecords
    sheet: Sheet
    model: str
    values: Mapping[int, Sequence[Any]]
    spelled: Set[str]
    notes: list[str] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    external: dict[str, int] = field(default_factory=dict)
    _waiting: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    @cached_property
    def _empty(self) -> dict[str, Any]:
        """The cells of a record of which nothing is known."""
        fields = load()[self.model].fields.items()
        return {name: definition.empty for name, definition in fields if definition.type != "one2many"}

    def fill(self, columns: tuple[Column, ...], ids: int | None) -> None:
        """One record a row; a row that only adds to many-valued fields belongs to the record above it.

        That is how Odoo exports a record with several tags, unless it is asked for a file to import again.
        """
        single = [column for column in columns if column.field.type not in MANY]
        many = [column for column in columns if column.field.type in MANY]
        leading = [column.index for column in single] + ([] if ids is None else [ids])
        numbers, external = self._numbers(ids), external_ids(self.sheet)
        record: int | None = None
        rows: dict[int, dict[str, Any]] = {}
        begins = [not at or not leading or any(filled(row[index]) for index in leading) for at, row in self._rows()]
        if not all(begins) and ids is None and external is None and not any(map(_always_filled, single)):
            self._refuse_unclear(begins.index(False))
        names = [self._names(column, apart=not all(begins)) for column in many]
        for at, row in self._rows():
            if record is None or begins[at]:
                record = numbers[at]
                if record in rows:
                    raise self._twice(record, at, ids or 0)
                rows[record] = self._cells(at, single)
                self.places[record] = self.sheet.numbers[at]
                if external is not None and filled(row[external]):
                    called = str(row[external]).strip()
                    if called in self.external:
                        raise self._twice(called, at, external)
                    self.external[called] = record
            for column, reading in zip(many, names, strict=True):
                self._link(column, reading.of(row[column.index]), rows[record])
        for number, cells in rows.items():
            self._add(number, cells)
        self._link_among_themselves()

    def _refuse_unclear(self, at: int) -> None:
        raise SegmenterError(
            _("Row {row} may go on with the record above it, or be another one that is empty here").format(
                row=self.sheet.numbers[at]
            ),
            todo=_("export again with the name of the records"),
            place=self.sheet.address(at, 0),
        )

    def _twice(self, record: int | str, at: int, column: int) -> SegmenterError:
        return SegmenterError(
            _("The record {id} is there twice").format(id=record),
            todo=_("leave each record in the file once"),
            place=self.sheet.address(at, column),
        )

    def _rows(self) -> Iterable[tuple[int, tuple[Any, ...]]]:
        return enumerate(self.sheet.rows)

    def _names(self, column: Column, *, apart: bool) -> Names:
        """How the names of a many-valued column are told apart; noted where it is by commas alone, or by nothing.

        Under technical names, as in a file to import again, Odoo itself parts them by commas without a blank.
        """
        cells, heading = [row[column.index] for row in self.sheet.rows], self.sheet.headings[column.index]
        by_commas = heading.partition("/")[0] == column.field.name
        names = names_of(cells, self.spelled, apart=apart, close=by_commas and self.sheet.odoo)
        told = (at for at, cell in enumerate(cells) if not by_commas or ", " in str(cell))
        parted = next(((at, found) for at in told if (found := names.parted(cells[at]))), None)
        if whole := next(((at, cell) for at, cell in enumerate(cells) if names.undivided(cell)), None):
            self.notes.append(
                _("{place}: {name} is taken for one name; names are parted by commas").format(
                    place=self.sheet.address(whole[0], column.index), name=quoted(canonical(str(whole[1])))
                )
            )
        if parted:
            self.notes.append(
                _("{place}: commas part the names of {column}: {names}").format(
                    place=self.sheet.address(parted[0], column.index),
                    column=heading,
                    names=all_of([quoted(name) for name in parted[1]]),
                )
            )
        return names

    def _numbers(self, ids: int | None) -> list[int]:
        """A number for each row: the record's own, else the row's, else one that is free."""
        own = [None if ids is None else record_id(row[ids]) for row in self.sheet.rows]
        used = {number for number in own if number}
        self.own |= used
        numbers = []
        for at, number in enumerate(own):
            if not number:
                number = self.sheet.numbers[at] if self.sheet.numbers[at] not in used else max(used) + 1
                used.add(number)
            numbers.append(number)
        return numbers

    def _cells(self, at: int, columns: list[Column]) -> dict[str, Any]:
        """The single-valued fields of one record."""
        cells: dict[str, Any] = {}
        behind: dict[str, dict[str, Any]] = {}
        for column in columns:
            if column.field.type == "many2one":
                inner = column.inner.name if column.inner else "name"
                if self.sheet.rows[at][column.index] not in (None, ""):
                    behind.setdefault(column.field.name, {})[inner] = self.values[column.index][at]
                cells.setdefault(column.field.name, None)
            elif column.field.name == "display_name":
                cells.setdefault("name", self.values[column.index][at])
            else:
                cells[column.field.name] = self.values[column.index][at]
        for name, values in behind.items():
            relation = next(column.field.relation for column in columns if column.field.name == name)
            if relation == self.model:
                self._waiting.append((at, name, values))
            else:
                cells[name] = self.related.record(relation or "", values)
        return cells

    def _link_among_themselves(self) -> None:
        """Fill in the fields that lead to other records of the export, as a contact's company.

        One that the export leaves out is no record of it: it is archived, so that nothing counts it.
        """
        model, at = self.model, {row: record for record, row in self.places.items()}
        called: dict[str, set[int]] = {}
        for record in self.places:
            for name in (self.tables.cell(model, record, "name"), display_name(self.tables, model, record)):
                called.setdefault(canonical(name or ""), set()).add(record)
        for row, name, values in self._waiting:
            found = called.get(canonical(str(values.get("name") or "")), set())
            other = next(iter(found)) if len(found) == 1 else self.related.record(model, {**values, "active": False})
            record = at[self.sheet.numbers[row]]
            self.tables.put(model, record, {**self.tables.rows[model][record], name: other})

    def _link(self, column: Column, names: Iterable[str], cells: dict[str, Any]) -> None:
        """Add what a cell names to a many-valued field."""
        if column.inner is None or column.inner.name in ("name", "display_name"):
            found = {self.related.named(column.field.relation or "", name) for name in names}
            cells[column.field.name] = tuple(sorted({*cells.get(column.field.name, ()), *found}))

    def _add(self, number: int, cells: dict[str, Any]) -> None:
        """Put one record; what the export does not say holds what a new one would."""
        usual = defaults(Moment(self.tables, 0, self.tables.now()), self.model, number) | {"user_id": None}
        usual = {name: value for name, value in usual.items() if name in self._empty}
        row = {**self._empty, **usual, "name": _("Row {number}").format(number=number), **cells, "id": number}
        del row["display_name"]
        self.tables.add(self.model, **row)
