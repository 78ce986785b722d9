"""Finds the fields of an export's headings: labels, technical names, or paths like ``Etapa/Nombre``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from segmenter.conditions.near import near_misses
from segmenter.embedded.export.grid import Fault, Formula, filled
from segmenter.embedded.export.sheet import Sheet
from segmenter.embedded.export.words import named, plain, worded
from segmenter.embedded.schema import FieldDef, ModelDef
from segmenter.errors import SegmenterError
from segmenter.i18n import _, one_of

_IDS = (".id", "id", "id (identificacion)", "external id", "id externo", "id externa", "identificador externo")
"""Headings of the record's number, the best first: ``ID`` may hold external ids too, it depends on the export."""
_EXTERNAL = re.compile(r"^__export__\.\w+?_(\d+)(_\w+)?$")

_SHORT = {
    **dict.fromkeys(("name", "nombre", "nome"), "name"),
    **{"code": "code", "codigo": "code", "email": "email", "e-mail": "email", "login": "login"},
}
"""People's own words for fields behind a slash, as in ``Etapa/Nombre``."""
_CURRENCY = {"moneda", "divisa", "moeda", "currency", "currency_id", "company_currency"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is a field; of ``Etapa/Nombre``, ``inner`` is the field of the record that it leads to."""

    index: int
    field: FieldDef
    inner: FieldDef | None = None

    @property
    def leads_to(self) -> tuple[str, str | None]:
        """The names of the field and of the one behind it."""
        return self.field.name, self.inner.name if self.inner else None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an export. ``ids``: the column of record numbers; ``notes``: on headings that are no field."""

    fields: tuple[Column, ...]
    ids: int | None
    notes: tuple[str, ...]


def recognised(models: Mapping[str, ModelDef], model: str) -> Callable[[Sequence[str]], int]:
    """A function that counts the headings that are different fields of ``model``, or the record's number."""

    def count(headings: Sequence[str]) -> int:
        columns = [_column(0, heading, models, model) for heading in dict.fromkeys(headings) if heading.strip()]
        ids = any(plain(heading) in _IDS for heading in headings)
        return len({column.leads_to for column in columns if column}) + ids

    return count


def understood(sheet: Sheet, models: Mapping[str, ModelDef], model: str, *, spanish: bool) -> Columns:
    """The columns of a sheet, with fields in the words of the version that wrote it.

    Raises SegmenterError if two headings are the same field or none is a field, and for a cell without a value.
    """
    fields: list[Column] = []
    notes: list[str] = []
    for index, heading in enumerate(sheet.headings):
        if not heading or plain(heading) in _IDS:
            continue
        notes += _currencies(sheet, index)
        column = _column(index, heading, models, model)
        if column is None:
            notes.append(_unknown(heading, models[model]))
            continue
        if other := next((known for known in fields if known.leads_to == column.leads_to), None):
            raise _twice(sheet, other, column)
        fields.append(_worded(column, sheet, model, spanish))
    if not fields:
        raise SegmenterError(
            _("No heading of the export is a field of {model}: {headings}").format(
                model=model, headings=", ".join(heading for heading in sheet.headings if heading)[:200]
            ),
            todo=_("export again from the list view of that model, in Spanish or English"),
            place=sheet.file,
        )
    _refuse_computed(sheet, fields)
    return Columns(tuple(fields), _ids(sheet), tuple(notes))


def _twice(sheet: Sheet, first: Column, second: Column) -> SegmenterError:
    """The error for two columns of the same field: only the client knows which one is meant."""
    one, other = sheet.headings[first.index], sheet.headings[second.index]
    what = (
        _("The column {column} is there twice").format(column=other)
        if one == other
        else _("The columns {first} and {second} are both {field}").format(
            first=one, second=other, field=first.field.name
        )
    )
    return SegmenterError(what, todo=_("export again with only one of them"), place=sheet.file)


def _refuse_computed(sheet: Sheet, columns: Sequence[Column]) -> None:
    """Raises for formulas without a result, and for error values."""
    for at, row in enumerate(sheet.rows):
        for column in columns:
            cell = row[column.index]
            if isinstance(cell, Formula | Fault):
                what = (
                    _("The cell holds a formula, {formula}").format(formula=cell[:40])
                    if isinstance(cell, Formula)
                    else _("The cell holds an error, {fault}").format(fault=cell)
                )
                todo = _("replace it by its value, or export again from Odoo as .csv")
                raise SegmenterError(what, todo=todo, place=sheet.address(at, column.index))


def _column(index: int, heading: str, models: Mapping[str, ModelDef], model: str) -> Column | None:
    if whole := named(models[model], heading):  # a label may have a slash of its own: CPF/CNPJ
        return Column(index, whole)
    name, _slash, inner = (part.strip() for part in heading.partition("/"))
    found = named(models[model], name)
    if found is None or not inner:
        return Column(index, found) if found else None
    if found.relation is None or plain(inner) in _IDS:
        return None
    behind = named(models[found.relation], _SHORT.get(plain(inner), inner))
    return Column(index, found, behind) if behind else None


def _worded(column: Column, sheet: Sheet, model: str, spanish: bool) -> Column:
    """The column with its field's labels from the export, so that a spec can use the words of the client's Odoo."""
    field, heading = column.field, sheet.headings[column.index]
    heading = (heading.partition("/")[0] if column.inner else heading).strip("\ufeff* ")
    if field.type == "selection":
        cells = [row[column.index] for row in sheet.rows]
        # Odoo 14 writes the empty cells of a workbook as FALSE.
        told = {str(cell).strip() for cell in cells if filled(cell) and cell is not False}
        field = worded(model, field, told, spanish=spanish)
    if heading != field.name and plain(heading) not in map(plain, field.label.values()):
        field = replace(field, label={**field.label, "es" if spanish else "en": heading})
    return replace(column, field=field)


def emptied(sheet: Sheet, columns: Columns) -> Sheet:
    """The sheet with empty cells for FALSE, except in columns of booleans: Odoo 14 writes empty cells so."""
    booleans = {column.index for column in columns.fields if (column.inner or column.field).type == "boolean"}
    rows = (tuple(None if c is False and at not in booleans else c for at, c in enumerate(row)) for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _currencies(sheet: Sheet, index: int) -> Iterator[str]:
    """A note if a column of currencies holds several."""
    if plain(sheet.headings[index].rpartition("/")[2]) not in _CURRENCY:
        return
    told = {plain(str(row[index])): (at, str(row[index]).strip()) for at, row in enumerate(sheet.rows) if row[index]}
    if len(told) > 1:
        (_first, one), (at, other) = sorted(told.values())[:2]
        yield _(
            "{place}: {column} holds {one} and {other}; amounts are compared and added up as if they were one"
        ).format(place=sheet.address(at, index), column=sheet.headings[index], one=one, other=other)


def _unknown(heading: str, model: ModelDef) -> str:
    names = {plain(name): name for entry in model.fields.values() for name in (entry.name, *entry.label.values())}
    if near := near_misses(heading.partition("/")[0].strip(), names.values()):
        return _("The column {column} is no field of {model} and is left out; is it {near}?").format(
            column=heading, model=model.name, near=one_of(near)
        )
    return _("The column {column} is no field of {model} and is left out").format(column=heading, model=model.name)


def _ids(sheet: Sheet) -> int | None:
    """The column of record numbers; None if there is none."""
    names = [plain(heading) for heading in sheet.headings]
    candidates = sorted(
        (index for index, name in enumerate(names) if name in _IDS), key=lambda at: _IDS.index(names[at])
    )
    return next((index for index in candidates if any(record_id(row[index]) for row in sheet.rows)), None)


def external_ids(sheet: Sheet) -> int | None:
    """The column of ids as texts, with or without numbers in them; None if there is none.

    Of two, the one that holds External IDs: numbers are for people, and an import finds a record by the other.
    """
    columns = [at for at, heading in enumerate(sheet.headings) if plain(heading) in _IDS]
    texts = (at for at in columns if any("." in str(row[at]) for row in sheet.rows if isinstance(row[at], str)))
    return next(texts, columns[0] if columns else None)


def record_id(cell: Any) -> int | None:
    """The id in Odoo, from ``27`` or from an external id that Odoo made of it; None for other texts."""
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell or "").strip()
    if text.isascii() and text.isdigit():
        return int(text) or None
    found = _EXTERNAL.match(text)
    return int(found[1]) if found else None
