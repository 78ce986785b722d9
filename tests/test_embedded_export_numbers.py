"""Amounts, numbers and percentages as Odoo, spreadsheets and people write them: the value, or the cell and why not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from segmenter.embedded import from_export
from segmenter.embedded.schema import FieldDef
from segmenter.i18n import speaking
from tests.support.spellings import ODOO, SHEET, XLSX, read, written

NONE = "is not a number"
TWO = "can be read as"
CURRENCY = "names another currency than"


def two(first: str, second: str) -> str:
    return f"can be read as {first} and as {second}"


ONE_CELL = [
    # es_CL: a decimal comma
    ("es_CL", "25.000", 25000.0),
    ("es_CL", "1.234.567", 1234567.0),
    ("es_CL", "1.234,5", 1234.5),
    ("es_CL", "1234,5", 1234.5),
    ("es_CL", "1.234.567,89", 1234567.89),
    ("es_CL", "2000.0", 2000.0),
    ("es_CL", "4482.5", 4482.5),
    ("es_CL", "0,125", 0.125),
    ("es_CL", "0.125", 0.125),
    ("es_CL", ",5", 0.5),
    ("es_CL", "-7", -7.0),
    ("es_CL", "+7", 7.0),
    ("es_CL", "0025", 25.0),
    ("es_CL", "25,000", two("25000", "25")),
    ("es_CL", "1,234,567", 1234567.0),
    ("es_CL", "1,234.5", 1234.5),
    # a decimal point
    *((language, "25,000", 25000.0) for language in ("es_PE", "es_MX", "es_CR", "es_DO", "es_GT", "es_PA", "en_US")),
    *((language, "25.000", two("25000", "25")) for language in ("es_PE", "es_MX", "en_US", "en_GB")),
    ("es_PE", "25,000.00", 25000.0),
    ("es_MX", "1'234,567.89", 1234567.89),
    ("es_HN", "25,000", 25000.0),
    ("en_US", "1,234,567.5", 1234567.5),
    ("en_US", "1.234", two("1234", "1.234")),
    ("en_IN", "12,34,567", 1234567.0),
    ("es_PE", "12,34,567", NONE),
    # other languages of Odoo
    ("pt_BR", "25.000", 25000.0),
    ("pt_BR", "R$ 1.234,56", 1234.56),
    ("fr_FR", "1\u202f234,5", 1234.5),
    ("de_CH", "1'234.50", 1234.5),
    ("de_CH", "1’234’567", 1234567.0),
    ("ca_ES", "25.000", 25000.0),
    ("es_CO", "1'234.567", 1234567.0),
    ("es", "25.000", two("25000", "25")),
    ("tlh", "25.000", two("25000", "25")),
    # blanks that separate thousands
    ("es_CL", "25 000", 25000.0),
    ("es_CL", "25\u00a0000,5", 25000.5),
    ("es_CL", "12 5", NONE),
    ("es_CL", "500 2025", NONE),
    # money
    ("es_BO", "Bs. 25000", 25000.0),
    ("es_BO", "Bs.25000", 25000.0),
    ("es_CL", "$ 1.000", 1000.0),
    ("es_CL", "$1.000.-", 1000.0),
    ("es_CL", "$ 5.000,-", 5000.0),
    ("es_CL", "CLP 900", 900.0),
    ("es_CL", "900 CLP", 900.0),
    ("es_CL", "CLP$ 900", 900.0),
    ("es_CL", "900 pesos", 900.0),
    ("es_PE", "S/ 1,500.00", 1500.0),
    ("es_PE", "S/. 1500", 1500.0),
    ("es_PE", "S/.1500.50", 1500.5),
    ("es_PE", "1,500 soles", 1500.0),
    ("es_CR", "₡25,000", 25000.0),
    ("es_GT", "Q 25,000.00", 25000.0),
    ("es_PA", "B/. 25.50", 25.5),
    ("es_EC", "US$ 12,5", 12.5),
    ("es_ES", "12,50 €", 12.5),
    ("es_CL", "$.500", NONE),
    ("es_CL", "€ 9 USD", NONE),
    ("es_CL", "M$ 500", NONE),
    ("es_CL", "900 XQZ", NONE),
    ("es_CL", "$", NONE),
    # minus
    ("es_CL", "(700)", -700.0),
    ("es_CL", "($ 700)", -700.0),
    ("es_CL", "$ (1.700)", -1700.0),
    ("es_CL", "\u2212700", -700.0),
    ("es_CL", "–700", -700.0),
    ("es_CL", "700-", -700.0),
    ("es_CL", "-$ 700", -700.0),
    ("es_CL", "$ -700", -700.0),
    ("es_CL", "$ -", 0.0),
    ("es_CL", "-", 0.0),
    ("es_CL", "(-700)", NONE),
    ("es_CL", "--7", NONE),
    # exponents and words
    ("es_CL", "2e5", 200000.0),
    ("es_CL", "1,5E+06", 1500000.0),
    ("es_CL", "1.234E+06", 1234000.0),
    ("es_CL", "1e-05", 0.00001),
    ("es_CL", "1e400", NONE),
    ("es_CL", "5 millones", 5000000.0),
    ("es_CL", "1,1 millones de pesos", 1100000.0),
    ("es_CL", "1.500 millones", 1500000000.0),
    ("es_CL", "5 mil", 5000.0),
    ("es_CL", "5k", 5000.0),
    ("es_CL", "5 MM", 5000000.0),
    ("es_CL", "5M", two("5 × 1000", "5 × 1000000")),
    ("es_CL", "5 billones", two("5 × 1000000000", "5 × 1000000000000")),
    # what is no number
    ("es_CL", "500 (2025)", NONE),
    ("es_CL", "12/2024", NONE),
    ("es_CL", "1/2", NONE),
    ("es_CL", "5000-6000", NONE),
    ("es_CL", "1.000 a 2.000", NONE),
    ("es_CL", "~5000", NONE),
    ("es_CL", "aprox. 5000", NONE),
    ("es_CL", "50.000 + IVA", NONE),
    ("es_CL", "1.2345.678", NONE),
    ("es_CL", "1,2,3", NONE),
    ("es_CL", "mucho", NONE),
    ("es_CL", "nan", NONE),
    ("es_CL", "inf", NONE),
    ("es_CL", "1_000", NONE),
    ("es_CL", "٣", NONE),
    ("es_CL", "25 %", "is a percentage"),
    # nothing
    ("es_CL", "", 0.0),
    ("es_CL", "  ", 0.0),
]


@pytest.mark.parametrize("origin", [SHEET, XLSX])
@pytest.mark.parametrize(("language", "text", "right"), ONE_CELL)
def test_a_number_alone(tmp_path: Path, origin: str, language: str, text: str, right: float | str) -> None:
    """A text is the same number in a spreadsheet's CSV and in a workbook."""
    found = read(written(tmp_path, origin, "Ingreso esperado", [text]), "expected_revenue", language)
    if isinstance(right, str):
        assert right in found
        assert ":B2: Ingreso esperado: " in found
    else:
        assert found == [right]


@pytest.mark.parametrize(
    ("origin", "language", "cells", "right"),
    [
        # one cell proves what the others mean
        (SHEET, "es_PE", ["25,000", "9,500", "25,000.00"], [25000, 9500, 25000]),
        (SHEET, "es_CL", ["25,000", "1,234.5"], [25000, 1234.5]),
        (SHEET, "en_US", ["1.234", "1.234.567"], [1234, 1234567]),
        (SHEET, "es_PE", ["25.000", "1.234,5", ""], [25000, 1234.5, 0]),
        (SHEET, "es_CL", ["25.125", "4482.0", "60000.0"], [25.125, 4482, 60000]),
        (SHEET, "es_CL", ["25,125", "9,125", "0,500"], [25.125, 9.125, 0.5]),
        # three decimals among amounts that have two, or trailing zeros that no program writes
        (SHEET, "es_CL", ["25.000", "4482.0"], ":B2: Ingreso esperado: 25.000 can be read as 25000 and as 25;"),
        (SHEET, "es_CL", ["9,50", "12,125"], ":B3: Ingreso esperado: 12,125 can be read as 12125 and as 12.125"),
        # each cell proves something else
        (SHEET, "es_CL", ["1.500,00", "1,500.00"], [1500, 1500]),
        (SHEET, "es_CL", ["1.500,00", "1,500.00", "25.000"], ":B4: Ingreso esperado: 25.000 can be read as"),
        # Odoo's own CSV has a decimal point in every language
        *((ODOO, language, ["25.125", "0.125", "-700.0", "1e-05"], [25.125, 0.125, -700, 1e-05]) for language in
          ("es_CL", "es_PE", "en_US", "pt_BR")),
        (ODOO, "es_CL", ["25.125"], [25.125]),
        (ODOO, "es_PE", ["25.125", "1234567.891"], [25.125, 1234567.891]),
        (ODOO, "es_CL", ["123456789012345.67", "1e+17", ""], [123456789012345.67, 1e17, 0]),
        # quoted all over, and yet no Odoo: it writes no trailing zeros
        (ODOO, "es_CL", ["25.000", "25.125"], [25000, 25125]),
        (ODOO, "es_PE", ["25.000"], ":B2: Ingreso esperado: 25.000 can be read as"),
        # numbers of a workbook are what they are
        (XLSX, "es_CL", [25000, 0.125, -700, 1234.5], [25000, 0.125, -700, 1234.5]),
        (XLSX, "es_PE", [25000, "25,000", None], [25000, 25000, 0]),
        (XLSX, "es_CL", [True], ":B2: Ingreso esperado: True is not a number"),
        (XLSX, "es_CL", [datetime(2026, 5, 1)], ":B2: Ingreso esperado: 2026-05-01 00:00:00 is not a number"),
        # Odoo's CSV saved by a spreadsheet with a decimal comma: measured with LibreOffice in es-CL and pt-BR
        (SHEET, "es_CL", ["4482.0", "25125"], ":B3: Ingreso esperado: 25125 can be read as 25125 and as 25.125"),
        (XLSX, "es_CL", ["4482.0", 125], ":B3: Ingreso esperado: 125 can be read as 125 and as 0.125"),
        (SHEET, "es_CL", ["4482.0", "25000", "12345678"], [4482, 25000, 12345678]),
        (XLSX, "es_CL", ["4482.5", 25125], [4482.5, 25125]),
        # one column, one money
        (SHEET, "es_CL", ["$ 900", "CLP 900", "900"], [900, 900, 900]),
        (SHEET, "es_EC", ["$ 900", "US$ 900", "900"], [900, 900, 900]),
        (SHEET, "es_BO", ["Bs. 25000", "(700)", "2e5"], [25000, -700, 200000]),
        (SHEET, "es_CL", ["US$ 900", "USD 1.000", "", "0"], [900, 1000, 0, 0]),
        (SHEET, "es_CL", ["CLP 900", "US$ 900"], ":B3: Ingreso esperado: US$ 900 names another currency than CLP 900"),
        (SHEET, "es_CL", ["900", "US$ 900"], ":B3: Ingreso esperado: US$ 900 names another currency than 900"),
        (SHEET, "es_CL", ["900", "UF 900"], ":B3: Ingreso esperado: UF 900 names another currency than 900"),
        (XLSX, "es_CL", [900, "UF 900"], ":B3: Ingreso esperado: UF 900 names another currency than 900"),
    ],
)  # fmt: skip
def test_a_column_is_decided_as_a_whole(
    tmp_path: Path, origin: str, language: str, cells: list[Any], right: list[float] | str
) -> None:
    found = read(written(tmp_path, origin, "Ingreso esperado", cells), "expected_revenue", language)
    assert right in found if isinstance(right, str) else found == right


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["33.333"], [33.333]),
        (["33,333", "100"], [33.333, 100]),
        (["25 %", "7,5%", "100"], [25, 7.5, 100]),
        (["120"], ":B2: Probabilidad: 120 is more than 100"),
    ],
)
def test_a_probability_is_a_percentage(tmp_path: Path, cells: list[str], right: list[float] | str) -> None:
    """More than 100 it cannot be, which tells thousands from decimals in any language."""
    found = read(written(tmp_path, SHEET, "Probabilidad", cells), "probability")
    assert right in found if isinstance(right, str) else found == right


@pytest.mark.parametrize(
    ("heading", "number_format", "right"),
    [
        ("Probabilidad", "0%", [25.0]),
        ("Probabilidad", "0.00%", [25.0]),
        ("Probabilidad", '0.00"%"', [0.25]),
        ("Probabilidad", r"0.00\%", [0.25]),
        ("Probabilidad", "General", [0.25]),
        ("Ingreso esperado", "0%", "25 % is a percentage"),
    ],
)
def test_a_number_that_a_workbook_shows_as_a_percentage(
    tmp_path: Path, heading: str, number_format: str, right: list[float] | str
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([heading])
    sheet["A2"] = 0.25
    sheet["A2"].number_format = number_format
    book.save(tmp_path / "export.xlsx")
    found = read(tmp_path / "export.xlsx", "probability" if heading == "Probabilidad" else "expected_revenue")
    assert right in found if isinstance(right, str) else found == right


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["12", "1.234", "-5", ""], [12, 1234, -5, 0]),
        (["12.0"], [12]),
        (["1,5"], ":B2: Visitas: 1,5 is not a whole number"),
        (["25,000"], ":B2: Visitas: 25,000 can be read as 25000 and as 25"),
        (["3 días"], ":B2: Visitas: 3 días is not a number"),
    ],
)
def test_whole_numbers(tmp_path: Path, cells: list[str], right: list[int] | str) -> None:
    visits = FieldDef("x_visitas", "integer", {"en": "Visits", "es": "Visitas"}, custom=True)
    found = read(written(tmp_path, SHEET, "Visitas", cells), "x_visitas", custom=[visits])
    assert right in found if isinstance(right, str) else found == right


def test_the_columns_of_a_file_are_written_alike(tmp_path: Path) -> None:
    """The language would say 25000; the other column says that this file has decimal points."""
    path = tmp_path / "export.csv"
    path.write_text("Ingreso esperado;Probabilidad\n25.000;12.5\n", "utf-8")
    assert "export.csv:A2: Ingreso esperado: 25.000 can be read as 25000 and as 25" in read(path, "expected_revenue")


def test_the_way_out_works(tmp_path: Path) -> None:
    with speaking("es"):
        refused = read(written(tmp_path, SHEET, "Ingreso esperado", ["25,000"]), "expected_revenue")
    assert refused == (
        "export.csv:B2: Ingreso esperado: 25,000 puede leerse como 25000 y como 25; "
        "escriba los números de esa columna sin separador de miles"
    )
    assert read(written(tmp_path, SHEET, "Ingreso esperado", ["25000"]), "expected_revenue") == [25000]
    with speaking("es"):
        refused = read(written(tmp_path, SHEET, "Ingreso esperado", ["900", "USD 12,5"]), "expected_revenue")
    assert refused == (
        "export.csv:B3: Ingreso esperado: USD 12,5 dice otra moneda que 900, en la misma columna; "
        "deje todos los montos de esa columna en una sola moneda, sin nombrarla"
    )
    assert read(written(tmp_path, SHEET, "Ingreso esperado", ["900", "12,5"]), "expected_revenue") == [900, 12.5]


def test_amounts_in_the_money_of_another_country_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, SHEET, "Ingreso esperado", ["US$ 900", "US$ 1.000"])
    (note,) = from_export(path, "crm.lead").notes
    assert note == "Ingreso esperado names a currency, as in US$ 900; its amounts are taken as they stand"
    assert not from_export(written(tmp_path, SHEET, "Ingreso esperado", ["CLP 900", "900"]), "crm.lead").notes


def test_a_record_without_a_country_gets_none_from_an_empty_number(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("name;País;País/Código de llamada del país\nx;Chile;56\ny;;\n", "utf-8")
    assert read(path, "country_id") == [[1, "Chile"], False]


def test_percentages_that_look_like_shares_are_told(tmp_path: Path) -> None:
    for cells, told in (("0,25 0,5 1", True), ("0,25 0,5 100", False), ("0 1 1", False)):
        rows = "".join(f"x;{cell}\n" for cell in cells.split())
        (tmp_path / "a.csv").write_text("Oportunidad;Probabilidad\n" + rows)
        notes = from_export(tmp_path / "a.csv", "crm.lead").notes
        assert (
            notes == ("Probabilidad holds nothing over 1; its numbers are taken as percentages: 1 is 1 %, not 100 %",)
        ) is told
