"""A profile as a workbook: a sheet for each question, every row with what it belongs to, so that it can be filtered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from segmenter.i18n import N_, _
from segmenter.profiling.model import FieldProfile, Json, Profile
from segmenter.reports.profile import across, named, origin, quoted, remaining, remarks, titled_by
from segmenter.reports.profile_charts import bars
from segmenter.reports.sheets import Book, Cell, Column
from segmenter.reports.text import Style

_TYPES = {
    "char": N_("text"),
    "integer": N_("number"),
    "float": N_("number"),
    "monetary": N_("money"),
    "date": N_("day"),
    "datetime": N_("day and time"),
    "boolean": N_("yes or no"),
    "selection": N_("one of a list"),
    "many2one": N_("one of a list"),
    "many2many": N_("several of a list"),
}
"""Types of Odoo's fields, as people say them."""
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


def write(profile: Profile, file: Path) -> None:
    """Write the whole workbook. Raises OSError where the file cannot be written."""
    style = Style(profile.language, profile.timezone)
    with Book(file, titled_by(profile, style)) as book:
        _summary(book, profile, style)
        _fields(book, profile)
        _values(book, profile, style)
        _crossings(book, profile, style)
        _duplicates(book, profile)
        _tags(book, profile)


def _summary(book: Book, profile: Profile, style: Style) -> None:
    sheet = book.sheet(_("What stands out"), [Column(titled_by(profile, style), "long", 110)])
    for sentence in remarks(profile, style):
        sheet.add([sentence])
    sheet.add([origin(profile, style)])


def _fields(book: Book, profile: Profile) -> None:
    columns = [
        *(Column(_("Field")), Column(_("Name in Odoo")), Column(_("Type")), Column(_("Filled"), "number")),
        *(
            Column(_("Share"), "share"),
            Column(_("Different"), "number"),
            Column(_("least"), "figure"),
            Column(_("first quarter"), "figure"),
        ),
        *(Column(_("half"), "figure"), Column(_("third quarter"), "figure"), Column(_("greatest"), "figure")),
        Column(_("In all"), "money"),
    ]
    sheet = book.sheet(_("Fields"), columns)
    for field in profile.fields:
        spread = [_cell(field.spread.at(share)) if field.spread else None for share in QUANTILES]
        total = field.spread.total if field.spread else None
        filled: list[Cell] = [
            field.label,
            field.name,
            _(_TYPES[field.type]),
            field.filled,
            field.filled / profile.records,
            field.different,
        ]
        sheet.add([*filled, *spread, total])


def _cell(value: Json) -> Cell:
    """A quantile as Excel counts with it: those that are text are days."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _values(book: Book, profile: Profile, style: Style) -> None:
    columns = [
        Column(_("Field")),
        Column(_("Value"), "long", 40),
        Column(_("Records"), "number"),
        Column(_("Share"), "share"),
    ]
    sheet = book.sheet(_("Values"), columns)
    for field in profile.fields:
        for bar in bars(field, profile, style, most=None):
            sheet.add([field.label, bar.label, bar.count, bar.count / profile.records])


def _crossings(book: Book, profile: Profile, style: Style) -> None:
    columns = [Column(_("Field")), Column(_("Value"), "long", 32), Column(_("By")), Column(_("Its value"), "long", 32)]
    sheet = book.sheet(
        _("Crossings"), [*columns, Column(_("Records"), "number"), Column(_("Average (empty = 0)"), "money", 20)]
    )
    for field in profile.fields:
        for cells in _cells(field, style):
            sheet.add([field.label, *cells])


def _cells(field: FieldProfile, style: Style) -> list[list[Cell]]:
    """Value, by, its value, records, average: a row for each cell that is not empty."""
    counted: list[list[Cell]] = [
        [named(row.label), crossing.label, across(crossing.by, column, style), count, None]
        for crossing in field.crossings
        for row in crossing.rows
        for column, count in zip(crossing.columns, row.counts, strict=True)
        if count
    ]
    rests: list[list[Cell]] = [
        [named(row.label), crossing.label, remaining(crossing.by), row.rest, None]
        for crossing in field.crossings
        for row in crossing.rows
        if row.rest
    ]
    levels: list[list[Cell]] = [
        [None, averages.label, across(averages.by, label, style), records, average]
        for averages in field.averages
        for label, records, average in averages.rows
    ]
    return counted + rests + levels


def _duplicates(book: Book, profile: Profile) -> None:
    sheet = book.sheet(
        _("Duplicates"), [Column(_("Field")), Column(_("Value"), "long"), Column(_("Records"), "number")]
    )
    for duplicates in profile.duplicates:
        if not duplicates.most:
            sheet.add([duplicates.label, _("No value is repeated."), None])
        for value in duplicates.most:
            sheet.add([duplicates.label, named(value.label), value.count])


def _tags(book: Book, profile: Profile) -> None:
    sheet = book.sheet(
        _("Tags"), [Column(_("Tag"), "long", 40), Column(_("Records"), "number"), Column(_("Alike"), "long")]
    )
    near = {name: quoted(names) for names in profile.alike for name in names}
    for tag in profile.tags:
        sheet.add([tag.name, tag.records, near.get(tag.name, "")])
