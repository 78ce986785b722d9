"""Turns the cells of an export into values of fields.

How numbers and dates are written is decided for whole columns, and by one column for another: nobody writes one file in
two ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from segmenter.conditions.operators import DATES, MANY, NUMBERS
from segmenter.embedded.export import date_column as dates
from segmenter.embedded.export import number_column as numbers
from segmenter.embedded.export.columns import Column
from segmenter.embedded.export.origin import BadCell, Origin, short
from segmenter.embedded.export.sheet import Sheet
from segmenter.embedded.export.words import plain
from segmenter.embedded.schema import FieldDef
from segmenter.errors import SegmenterError
from segmenter.i18n import _, ngettext

_TRUE = frozenset({"true", "verdadero", "verdadeiro", "sí", "si", "sim", "yes", "1", "x"})
_FALSE = frozenset({"false", "falso", "no", "não", "0", ""})


@dataclass(frozen=True, slots=True)
class Filled:
    """A column of the file: its heading, the field that it holds, its cells."""

    heading: str
    field: FieldDef
    cells: Sequence[Any]


def column_values(
    sheet: Sheet, columns: Iterable[Column], origin: Origin, notes: list[str]
) -> dict[int, Sequence[Any]]:
    """The values of the single-valued columns, by their place in the file. Raises SegmenterError with the cell."""
    single = [column for column in columns if column.field.type not in MANY]
    cells = [[row[column.index] for row in sheet.rows] for column in single]
    filled = [
        Filled(sheet.headings[column.index], column.inner or column.field, of_column)
        for column, of_column in zip(single, cells, strict=True)
    ]
    try:
        found = read_columns(filled, origin, notes)
    except BadCell as bad:
        column = single[bad.column]
        raise SegmenterError(
            f"{_called(column, sheet, origin)}: {bad.what}",
            todo=bad.todo or _("correct the cell, or export again"),
            place=sheet.address(bad.row, column.index),
        ) from None
    return {column.index: values for column, values in zip(single, found, strict=True)}


def _called(column: Column, sheet: Sheet, origin: Origin) -> str:
    """The heading of the column, or the field's label if the heading is a technical name."""
    heading = sheet.headings[column.index]
    spoken = "es" if origin.language.startswith("es") else "en"
    return column.field.label[spoken] if heading == column.field.name else heading


def read_columns(columns: Sequence[Filled], origin: Origin, notes: list[str]) -> list[list[Any]]:
    """The values of every column, in the store's form; what should be known about them goes to ``notes``.

    Raises BadCell for the first cell that cannot be taken as it is.
    """
    amounts: dict[int, tuple[numbers.Entry, ...]] = {}
    moments: dict[int, tuple[dates.Entry, ...]] = {}
    for at, column in enumerate(columns):
        with _column(at):
            if column.field.type in NUMBERS:
                amounts[at] = numbers.entries(column.field, column.cells, origin)
            elif column.field.type in DATES:
                moments[at] = dates.entries(column.cells, origin)
    mark = _usual(origin.format.decimal, map(numbers.own_mark, amounts.values()))
    order = _usual(origin.format.order, map(dates.own_order, moments.values()))
    values: list[list[Any]] = []
    for at, column in enumerate(columns):
        with _column(at):
            if at in amounts:
                values.append(numbers.decided(column.field, amounts[at], origin, mark))
                notes += _on_money(column, numbers.foreign(amounts[at], origin))
                notes += _on_percentages(column, values[-1])
            elif at in moments:
                found = dates.decided(column.field.type, moments[at], origin, order)
                values.append(found)
                if column.field.type == "datetime":
                    notes += _on_clocks(column, dates.doubled(moments[at], found, origin.zone), origin)
            else:
                values.append([_plain_value(column.field, cell, row) for row, cell in enumerate(column.cells)])
    return values


@contextmanager
def _column(at: int) -> Iterator[None]:
    """Tell a bad cell which column it is in."""
    try:
        yield
    except BadCell as bad:
        bad.column = at
        raise


def _usual(language: str, columns: Iterable[str]) -> str:
    """The format of the client's language, unless a column of the file proves another one."""
    return language if set(columns) <= {"", language} else ""


def _on_money(column: Filled, amount: str) -> Iterator[str]:
    if amount:
        yield _("{column} names a currency, as in {value}; its amounts are taken as they stand").format(
            column=column.heading, value=amount
        )


def _on_percentages(column: Filled, values: Sequence[Any]) -> Iterator[str]:
    if (
        column.field.name in numbers.PERCENTAGES
        and max(values, default=0) <= 1
        and any(0 < value < 1 for value in values)
    ):
        yield _("{column} holds nothing over 1; its numbers are taken as percentages: 1 is 1 %, not 100 %").format(
            column=column.heading
        )


def _on_clocks(column: Filled, number: int, origin: Origin) -> Iterator[str]:
    if number:
        yield ngettext(
            "{column}: {number} time is in an hour that the clocks of {zone} go through twice; the first is taken",
            "{column}: {number} times are in an hour that the clocks of {zone} go through twice; the first is taken",
            number,
        ).format(column=column.heading, number=number, zone=origin.zone.key)


def _plain_value(field: FieldDef, cell: Any, row: int) -> Any:
    if cell is None or cell == "":
        return field.empty
    if field.relation:
        return str(cell).strip()
    if field.type == "boolean":
        return _boolean(cell, row)
    if field.type == "selection":
        return _key(field, str(cell).strip(), row)
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _boolean(cell: Any, row: int) -> bool:
    word = str(cell).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise BadCell(row, _("{value} is neither yes nor no").format(value=short(cell)))


def _key(field: FieldDef, text: str, row: int) -> str:
    for entry in field.selection:
        if text in entry:
            return entry[0]
    alike = {entry[0] for entry in field.selection if plain(text) in map(plain, entry)}
    if len(alike) == 1:
        return alike.pop()
    labels = ", ".join(label for _key, _english, label in field.selection)
    raise BadCell(row, _("{value} is none of: {choices}").format(value=short(text), choices=labels))
