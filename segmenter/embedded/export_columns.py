"""What the headings of an export stand for: labels in Spanish or English, or technical names, also ``Etapa/Nombre``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from segmenter.conditions.near import near_misses
from segmenter.embedded.export_sheet import Sheet
from segmenter.embedded.schema import FieldDef, ModelDef, load, older
from segmenter.errors import SegmenterError
from segmenter.i18n import _, one_of
from segmenter.odoo.versions import other_names

_IDS = (".id", "id", "id (identificación)", "external id", "id externo", "identificador externo")
"""Headings of the record's number, the best first: ``ID`` may hold external ids too, it depends on the export."""
_EXTERNAL = re.compile(r"^__export__\.\w+?_(\d+)(_\w+)?$")

_SHORT = {"name": "name", "nombre": "name", "code": "code", "código": "code", "email": "email", "login": "login"}
"""Words of people's own for fields behind a slash, as in ``Etapa/Nombre``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is a field; of ``Etapa/Nombre``, ``inner`` is the field of the record that it leads to."""

    index: int
    field: FieldDef
    inner: FieldDef | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """All that the headings say. ``ids``: the column of record numbers; ``notes``: headings that are no field."""

    fields: tuple[Column, ...]
    ids: int | None
    notes: tuple[str, ...]


def understood(sheet: Sheet, models: Mapping[str, ModelDef], model: str) -> Columns:
    """What the headings stand for, fields in the words of the version that wrote the export.

    Raises SegmenterError when one is there twice, or when none is a field.
    """
    fields: list[Column] = []
    notes: list[str] = []
    for index, heading in enumerate(sheet.headings):
        if not heading or heading.casefold() in _IDS:
            continue
        column = _column(index, heading, models, model)
        if column is None:
            notes.append(_unknown(heading, models[model]))
        elif any((other.field.name, other.inner) == (column.field.name, column.inner) for other in fields):
            raise SegmenterError(
                _("The column {column} is there twice").format(column=heading),
                todo=_("export again with each column once"),
                place=sheet.file,
            )
        else:
            fields.append(_worded(column, sheet, model))
    if not fields:
        raise SegmenterError(
            _("No heading of the export is a field of {model}: {headings}").format(
                model=model, headings=", ".join(heading for heading in sheet.headings if heading)
            ),
            todo=_("export again from the list view of that model, in Spanish or English"),
            place=sheet.file,
        )
    return Columns(tuple(fields), _ids(sheet), tuple(notes))


def _column(index: int, heading: str, models: Mapping[str, ModelDef], model: str) -> Column | None:
    name, _slash, inner = (part.strip() for part in heading.partition("/"))
    found = _named(models[model], name)
    if found is None or not inner:
        return Column(index, found) if found else None
    if found.relation is None or inner.casefold() in _IDS:
        return None
    behind = _named(models[found.relation], _SHORT.get(inner.casefold(), inner))
    return Column(index, found, behind) if behind else None


def _worded(column: Column, sheet: Sheet, model: str) -> Column:
    """With the labels of a selection that the cells hold: those of today where they will do."""
    field = column.field
    if field.type != "selection" or field.name not in older(model):
        return column
    cells = {str(row[column.index]).strip() for row in sheet.rows if row[column.index]}
    for one in (load()[model].fields[field.name], older(model)[field.name]):
        if cells <= {word for entry in one.selection for word in entry}:
            return replace(column, field=replace(field, selection=one.selection))
    return column


def _named(model: ModelDef, text: str) -> FieldDef | None:
    """The field of that technical name, or of that label in either language; of 14 where today has none such."""
    for name in (text, *other_names(model.name, text)):
        if name in model.fields:
            return model.fields[name]
    entries = (*model.fields.values(), *(entry for entry in older(model.name).values() if entry.name in model.fields))
    wanted = _plain(text)
    return next((entry for entry in entries if wanted in map(_plain, entry.label.values())), None)


def _plain(text: str) -> str:
    """Without what nobody sees: a Spanish label of Odoo 14 begins with a byte order mark."""
    return text.strip("\ufeff").casefold()


def emptied(sheet: Sheet, columns: Columns) -> Sheet:
    """Odoo 14 writes the empty cells of a workbook as FALSE: they stay so in columns of yes and no alone."""
    said = {column.index for column in columns.fields if (column.inner or column.field).type == "boolean"}
    rows = (tuple(None if c is False and at not in said else c for at, c in enumerate(row)) for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _unknown(heading: str, model: ModelDef) -> str:
    names = {_plain(name): name for entry in model.fields.values() for name in (entry.name, *entry.label.values())}
    if near := near_misses(heading.partition("/")[0].strip(), names.values()):
        return _("The column {column} is no field of {model} and is left out; is it {near}?").format(
            column=heading, model=model.name, near=one_of(near)
        )
    return _("The column {column} is no field of {model} and is left out").format(column=heading, model=model.name)


def _ids(sheet: Sheet) -> int | None:
    """The column that holds numbers of records."""
    names = [heading.casefold() for heading in sheet.headings]
    candidates = sorted(
        (index for index, name in enumerate(names) if name in _IDS), key=lambda at: _IDS.index(names[at])
    )
    return next((index for index in candidates if any(record_id(row[index]) for row in sheet.rows)), None)


def external_ids(sheet: Sheet) -> int | None:
    """The column of ids as texts, whether or not there is a number in them."""
    return next((at for at, heading in enumerate(sheet.headings) if heading.casefold() in _IDS), None)


def record_id(cell: Any) -> int | None:
    """The record's number in Odoo, from ``27`` or from an external id that Odoo made of it; else None."""
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell or "").strip()
    if text.isascii() and text.isdigit():
        return int(text) or None
    found = _EXTERNAL.match(text)
    return int(found[1]) if found else None
