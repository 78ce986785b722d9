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
from segmenter.embedded.export.names import Names, names_of
from segmenter.embedded.export.origin import Origin
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
from segmenter.odoo.catalog import BY_PATH, SEPARATOR
from segmenter.odoo.server import EXPORT, Rows

LOGIN = "export"
ALWAYS = {"id", "display_name", "active", "name"}
_WON = frozenset({"won", "ganado", "ganada"})


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
        model: replace(models[model], fields={**exported_fields(model), **{one.name: one for one in custom}}),
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
    reading = _Reading(tables, sheet, model, column_values(sheet, columns.fields, origin, notes), spelled)
    with tables.transaction():
        uid = _somebody(tables, language)
        for other in known.keys() - set(BY_PATH):
            for name in known[other]:
                reading.related(other, {"name": name})
        reading.fill(columns.fields, columns.ids)
        for other in BY_PATH:
            reading.add_paths(other, known.get(other, ()))
    notes += reading.notes
    rows = Rows(path.name, reading.places, frozenset(reading.own), reading.external)
    return EmbeddedServer(tables, uid=uid, login=LOGIN, url=EXPORT, database=path.name, notes=notes, rows=rows)


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


def _as_seen(value: Any) -> Any:
    """A cell, a text without what nobody sees of it."""
    return canonical(value) if isinstance(value, str) else value


@dataclass
class _Reading:
    """One export on its way into tables. ``values``: by column, those of every row; ``_known``: related records by what
    the export says of them.

    ``places``: the row of each record; ``own``: the numbers that are Odoo's own ids;
    ``external``: what the column of ids says of each.
    """

    tables: Tables
    sheet: Sheet
    model: str
    values: Mapping[int, Sequence[Any]]
    spelled: Set[str]
    notes: list[str] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    external: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _paths: dict[str, int] = field(default_factory=dict)
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
                cells[name] = self.related(relation or "", values)
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
            other = next(iter(found)) if len(found) == 1 else self.related(model, {**values, "active": False})
            record = at[self.sheet.numbers[row]]
            self.tables.put(model, record, {**self.tables.rows[model][record], name: other})

    def _link(self, column: Column, names: Iterable[str], cells: dict[str, Any]) -> None:
        """Add what a cell names to a many-valued field."""
        if column.inner is None or column.inner.name in ("name", "display_name"):
            found = {self._named(column.field.relation or "", name) for name in names}
            cells[column.field.name] = tuple(sorted({*cells.get(column.field.name, ()), *found}))

    def _named(self, model: str, name: str) -> int:
        """The record of that name; a path makes every category on the way."""
        if model not in BY_PATH:
            return self.related(model, {"name": name})
        steps = name.split(SEPARATOR)
        for depth, step in enumerate(steps, 1):
            path, above = SEPARATOR.join(steps[:depth]), self._paths.get(SEPARATOR.join(steps[: depth - 1]))
            if path not in self._paths:
                self._paths[path] = self.tables.add(model, **self._described(model, {"name": step}), parent_id=above)
        return self._paths[name]

    def add_paths(self, model: str, names: Iterable[str]) -> None:
        """Those of some names of a tree that no cell mentions, be it as the last step of a path."""
        for name in names:
            if name not in self._paths and name not in (path.rpartition(SEPARATOR)[2] for path in self._paths):
                self._named(model, name)

    def related(self, model: str, values: Mapping[str, Any]) -> int:
        """The record that the export calls so, made when it is new; what else is said of it is added."""
        key = (model, _as_seen(values.get("name")) or str(sorted(values.items())))
        for record in self._known.setdefault(key, []):
            row = self.tables.rows[model][record]
            if all(_as_seen(row.get(name)) in (None, _as_seen(value)) for name, value in values.items()):
                self.tables.put(
                    model, record, {**values, **{name: cell for name, cell in row.items() if cell is not None}}
                )
                return record
        record = self.tables.add(model, **self._described(model, values))
        self._known[key].append(record)
        return record

    def _described(self, model: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The cells of a related record of which the export says only ``values``."""
        fields: Mapping[str, FieldDef] = self.tables.models[model].fields
        name = values.get("name") or values.get("display_name") or next(iter(values.values()))
        number = len(self.tables.rows[model]) + 1
        cells: dict[str, Any] = {"active": True} if "active" in fields else {}
        for extra in ("title", "complete_name"):
            if extra in fields:
                cells[extra] = name
        if model == "res.users":
            cells |= {"login": name, "share": False}
        elif model == "res.lang":
            cells["code"] = name
        elif model == "crm.stage":
            cells |= {"sequence": number, "is_won": str(name).casefold() in _WON, "fold": False}
        return {**cells, "name": name, **{key: value for key, value in values.items() if key != "display_name"}}

    def _add(self, number: int, cells: dict[str, Any]) -> None:
        """Put one record; what the export does not say holds what a new one would."""
        usual = defaults(Moment(self.tables, 0, self.tables.now()), self.model, number) | {"user_id": None}
        usual = {name: value for name, value in usual.items() if name in self._empty}
        row = {**self._empty, **usual, "name": _("Row {number}").format(number=number), **cells, "id": number}
        del row["display_name"]
        self.tables.add(self.model, **row)
