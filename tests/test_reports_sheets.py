from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from segmenter.reports import sheets
from segmenter.reports.sheets import Book, Column
from tests.support.review_samples import HOSTILE

COLUMNS = [Column("Name"), Column("Number", "number"), Column("Share", "share"), Column("Day", "date")]


def test_heads_are_frozen_and_filtered(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    with Book(file, "A title") as book:
        first, second = book.sheet("First", COLUMNS), book.sheet("Second", COLUMNS[:1])
        for number in range(3):  # sheets are filled side by side
            first.add([f"row {number}", number, 0.25, date(2026, 2, 28)])
            second.add([None])
    read = load_workbook(file)
    assert read.sheetnames == ["First", "Second"]
    assert (read["First"].freeze_panes, read["First"].auto_filter.ref) == ("A2", "A1:D4")
    assert [cell.value for cell in read["First"][4]] == ["row 2", 2, 0.25, datetime(2026, 2, 28)]
    assert read["First"]["C2"].number_format == "0.0%"


@pytest.mark.parametrize("name", [*HOSTILE, "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_is_a_formula_or_a_link(tmp_path: Path, name: str) -> None:
    file = tmp_path / "book.xlsx"
    with Book(file, name) as book:
        names = book.sheet("Names", [Column(name), Column("Other", "long")])
        names.add([name, name])
        names.add([name, name], link="https://v.example/odoo/crm.lead/1")
    read = load_workbook(file)["Names"]
    assert read["A2"].hyperlink is None
    assert read["A3"].hyperlink.target == "https://v.example/odoo/crm.lead/1"
    for cell in (read["A2"], read["A3"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix == (name.strip()[0] in "=+-@")
        assert "\x1b" not in str(cell.value)
        assert "\u202e" not in str(cell.value)


def test_names_of_sheets_are_fit_for_excel_and_differ(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    long = "Nivel de potencialidad de compra anual"
    with Book(file, "") as book:
        for name in (long, long + " 2", "History", "[a]:b/c\\d?*", "'", "x", "X"):
            book.sheet(name, COLUMNS[:1])
    names = load_workbook(file).sheetnames
    assert names == [
        "Nivel de potencialidad de compr",
        "Nivel de potencialidad de c (2)",
        "History (2)",
        "a  b c d",
        "-",
        "x",
        "X (2)",
    ]


def test_heads_of_a_table_differ_and_are_no_longer_than_excel_allows(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    with Book(file, "") as book:
        heads = ["Zona", "zona", "Zona", "", "x" * 400, "a\nb"]
        book.sheet("S", [Column(head) for head in heads], table=True).add(list("abcdef"))
    sheet = load_workbook(file)["S"]
    (table,) = sheet.tables.values()
    assert table.column_names == [cell.value for cell in sheet[1]]
    assert table.column_names[:4] == ["Zona", "zona (2)", "Zona (3)", "-"]
    assert len(table.column_names[4]) == 240
    assert table.column_names[5] == "a b"


def test_what_excel_cannot_hold_is_cut_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    monkeypatch.setattr(sheets, "MOST_LINKS", 1)
    file = tmp_path / "book.xlsx"
    with Book(file, "") as book:
        sheet = book.sheet("S", COLUMNS[:2])
        went_in = [
            sheet.add(["x" * 40_000, float("nan")], link="https://v.example/odoo/crm.lead/1") for _row in range(3)
        ]
    assert went_in == [True, True, False]
    read = load_workbook(file)["S"]
    assert read["A2"].hyperlink is not None
    assert read["A3"].hyperlink is None
    assert len(str(read["A3"].value)) == 32_767
    assert read["B2"].value is None
