"""The workbooks that people import: technical names as headings, which Odoo takes in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from segmenter.i18n import _
from segmenter.ledger import NewRecords, Sheet
from segmenter.plans.plan import Plan
from segmenter.reports.sheets import Book, Column

NUMBERS = {"integer", "float", "monetary"}


def sheet_name(number: int) -> str:
    """What a sheet is called, in the file and on the page of steps."""
    return _("Sheet {number}").format(number=number)


def write(sheets: Sequence[Sheet], plan: Plan, file: Path) -> None:
    """A sheet for each set of fields, in their order."""
    types = plan.names.field_types
    with Book(file, plan.identity.spec_name) as book:
        for number, sheet in enumerate(sheets, 1):
            kinds = (Column(name, "figure" if types[name] in NUMBERS else "text") for name in sheet.fields)
            made = book.sheet(sheet_name(number), [Column("id", width=40), *kinds])
            for row in sheet.rows:
                made.add(row)


def write_new(new: NewRecords, plan: Plan, file: Path) -> None:
    """What comes first: tags, categories or stages."""
    with Book(file, plan.identity.spec_name) as book:
        columns = [Column(name, "text" if name in ("name", "parent_id") else "id") for name in new.fields]
        made = book.sheet(sheet_name(1), columns)
        for row in new.rows:
            made.add(row)


def changed(sheets: Sequence[Sheet], labels: Mapping[str, str]) -> list[tuple[str, list[str], int]]:
    """Each sheet: its name, the labels of its fields, its rows."""
    return [
        (sheet_name(number), [labels.get(name, name) for name in sheet.fields], len(sheet.rows))
        for number, sheet in enumerate(sheets, 1)
    ]
