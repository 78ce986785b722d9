"""Dates and times as Odoo, spreadsheets and people write them: the value, or the cell and why not."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from segmenter.embedded import from_export
from segmenter.i18n import speaking
from tests.support.spellings import ODOO, SHEET, XLSX, read, written

NONE = "is not a date"
NO_DAY = "There is no day"
NO_TIME = "has a time that does not exist"
MARCH_5 = "2026-03-05"


def two(first: str, second: str) -> str:
    return f"can be read as {first} and as {second}"


ONE_DATE = [
    # ISO and its relatives, in every language
    ("es_CL", "2026-03-05", MARCH_5),
    ("en_US", "2026-03-05", MARCH_5),
    ("es_CL", "2026/3/5", MARCH_5),
    ("es_CL", "2026.03.05", MARCH_5),
    ("es_CL", "20260305", MARCH_5),
    ("es_CL", "2026-03-05 00:00:00", MARCH_5),
    ("es_CL", "2026-03-05T10:30:00", MARCH_5),
    ("es_CL", "0026-03-05", "0026-03-05"),
    # the order of the language
    ("es_CL", "05/03/2026", MARCH_5),
    ("es_CL", "5-3-2026", MARCH_5),
    ("es_CL", "05.03.2026", MARCH_5),
    ("es_PE", "05/03/2026", MARCH_5),
    ("pt_BR", "05/03/2026", MARCH_5),
    ("en_GB", "05/03/2026", MARCH_5),
    ("es_HN", "05/03/2026", MARCH_5),
    ("en_US", "03/05/2026", MARCH_5),
    ("cs_CZ", "5. 3. 2026", MARCH_5),
    ("sr_RS", "05.03.2026.", MARCH_5),
    # Odoo 14 and 19 say different things of Panama, and none of Canada writes the day last
    ("es_PA", "05/03/2026", two("2026-03-05", "2026-05-03")),
    ("en_CA", "05/03/2026", two("2026-03-05", "2026-05-03")),
    ("tlh", "05/03/2026", two("2026-03-05", "2026-05-03")),
    # only one order is possible
    ("es_CL", "03/13/2026", "2026-03-13"),
    ("en_US", "13/03/2026", "2026-03-13"),
    ("es_PA", "13/03/2026", "2026-03-13"),
    ("es_PA", "05/05/2026", "2026-05-05"),
    # years of two digits
    ("es_CL", "05/03/26", MARCH_5),
    ("en_US", "3/5/26", MARCH_5),
    ("es_CL", "26-03-05", "2005-03-26"),
    ("fr_CA", "26-03-05", MARCH_5),
    ("es_CL", "05/03/75", "1975-03-05"),
    ("es_CL", "05/03/45", two("1945", "2045")),
    # months in words
    ("es_CL", "5 de marzo de 2026", MARCH_5),
    ("es_CL", "5 de marzo del 2026", MARCH_5),
    ("es_CL", "jueves, 5 de marzo de 2026", MARCH_5),
    ("es_CL", "5 mar. 2026", MARCH_5),
    ("es_CL", "05-mar-2026", MARCH_5),
    ("es_CL", "5/mar/26", MARCH_5),
    ("es_CL", "1º de marzo de 2026", "2026-03-01"),
    ("es_PE", "2 de setiembre de 2026", "2026-09-02"),
    ("es_PE", "2-set-26", "2026-09-02"),
    ("es_CL", "Mar 5, 2026", MARCH_5),
    ("en_US", "March 5th, 2026", MARCH_5),
    ("en_US", "Thursday, March 5, 2026", MARCH_5),
    ("pt_BR", "5 de março de 2026", MARCH_5),
    ("fr_FR", "5 décembre 2026", "2026-12-05"),
    ("es_CL", "lunes, 5 de marzo de 2026", "is on another day of the week"),
    ("es_CL", "5 de marzzo de 2026", NONE),
    # days that lack a part, and days that there are not
    ("es_CL", "mar 2026", NONE),
    ("es_CL", "marzo de 2026", NONE),
    ("es_CL", "5 de marzo", NONE),
    ("es_CL", "12/2024", NONE),
    ("es_CL", "1/2", NONE),
    ("es_CL", "2026", NONE),
    ("es_CL", "46086", NONE),
    ("es_CL", "05032026", NONE),
    ("es_CL", "31/02/2026", NO_DAY),
    ("es_CL", "29/02/2025", NO_DAY),
    ("es_CL", "29/02/2024", "2024-02-29"),
    ("es_CL", "30 de febrero de 2026", NO_DAY),
    ("es_CL", "2026-13-01", NO_DAY),
    ("es_CL", "00/00/0000", NO_DAY),
    ("es_CL", "13/13/2026", NO_DAY),
    ("es_CL", "5/3-2026", NONE),
    ("es_CL", "2026-W10-4", NONE),
    ("es_CL", "hoy", NONE),
    ("es_CL", "por definir", NONE),
    ("es_CL", "", False),
    ("es_CL", " ", False),
]


@pytest.mark.parametrize("origin", [SHEET, XLSX])
@pytest.mark.parametrize(("language", "text", "right"), ONE_DATE)
def test_a_date_alone(tmp_path: Path, origin: str, language: str, text: str, right: str | bool) -> None:
    """A text is the same day in a spreadsheet's CSV and in a workbook."""
    found = read(written(tmp_path, origin, "Cierre esperado", [text]), "date_deadline", language)
    if isinstance(found, str):
        assert str(right) in found
        assert ":B2: Cierre esperado: " in found
    else:
        assert found == [right]


@pytest.mark.parametrize("heading", ["Cierre esperado", "Creado en"])
@pytest.mark.parametrize(
    ("language", "cells", "right"),
    [
        # the column decides, whatever the language
        ("es_CL", ["03/05/2026", "03/13/2026"], ["2026-03-05", "2026-03-13"]),
        ("en_US", ["05/03/2026", "13/03/2026", "2026-03-01"], ["2026-03-05", "2026-03-13", "2026-03-01"]),
        ("es_PA", ["05/03/2026", "13/03/2026"], ["2026-03-05", "2026-03-13"]),
        # it contradicts itself
        ("es_CL", ["03/13/2026", "13/03/2026"], ["2026-03-13", "2026-03-13"]),
        ("es_CL", ["03/13/2026", "13/03/2026", "05/03/2026"], ":B4: {heading}: 05/03/2026 can be read as 2026-03-05"),
    ],
)
def test_a_column_is_decided_as_a_whole(
    tmp_path: Path, heading: str, language: str, cells: list[str], right: list[str] | str
) -> None:
    field = "date_deadline" if heading == "Cierre esperado" else "create_date"
    found = read(written(tmp_path, SHEET, heading, cells), field, language)
    if isinstance(right, str):
        assert right.format(heading=heading) in found
    else:
        assert [str(moment)[:10] for moment in found] == right


def test_the_columns_of_a_file_are_written_alike(tmp_path: Path) -> None:
    """The language would say March; the other column says that in this file the month comes first."""
    path = tmp_path / "export.csv"
    path.write_text("Cierre esperado;Creado en\n05/03/2026;03/13/2026\n", "utf-8")
    assert "A2: Cierre esperado: 05/03/2026 can be read as 2026-03-05 and as 2026-05-03" in read(path, "date_deadline")


ONE_TIME = [
    ("America/Santiago", "2026-03-05 10:30:00", "2026-03-05 13:30:00"),
    ("America/Santiago", "2026-07-05 10:30:00", "2026-07-05 14:30:00"),
    ("America/Santiago", "2026-03-05T10:30", "2026-03-05 13:30:00"),
    ("America/Lima", "2026-03-05 10:30:00", "2026-03-05 15:30:00"),
    ("Europe/Madrid", "2026-03-05 00:30:00", "2026-03-04 23:30:00"),
    ("America/Lima", "05/03/2026", "2026-03-05 05:00:00"),
    ("UTC", "05/03/2026 22:30", "2026-03-05 22:30:00"),
    ("UTC", "05/03/2026, 22:30:15", "2026-03-05 22:30:15"),
    ("UTC", "05/03/2026 22.30", "2026-03-05 22:30:00"),
    ("UTC", "05/03/2026 22h30", "2026-03-05 22:30:00"),
    ("UTC", "05/03/2026 15:30 hrs.", "2026-03-05 15:30:00"),
    ("UTC", "05/03/2026 3:15 p. m.", "2026-03-05 15:15:00"),
    ("UTC", "05/03/2026 03:15:00 PM", "2026-03-05 15:15:00"),
    ("UTC", "05/03/2026 3:15 a.m.", "2026-03-05 03:15:00"),
    ("UTC", "05/03/2026 3 pm", "2026-03-05 15:00:00"),
    ("UTC", "05/03/2026 12:00 a. m.", "2026-03-05 00:00:00"),
    ("UTC", "05/03/2026 12:30 p.\u00a0m.", "2026-03-05 12:30:00"),
    ("UTC", "5 de marzo de 2026 10:30", "2026-03-05 10:30:00"),
    ("UTC", "Mar 5, 2026 10:30 AM", "2026-03-05 10:30:00"),
    ("UTC", "05/03/2026 24:00", "2026-03-06 00:00:00"),
    ("UTC", "05/03/2026 24:00:01", NO_TIME),
    ("UTC", "05/03/2026 25:00", NO_TIME),
    ("UTC", "05/03/2026 10:60", NO_TIME),
    ("UTC", "05/03/2026 13:00 p. m.", NO_TIME),
    ("UTC", "05/03/2026 0:30 a. m.", NO_TIME),
    ("UTC", "10:30", NONE),
    ("UTC", "05/03/2026 a las 10", NONE),
    # a zone in the text itself
    ("America/Lima", "2026-03-05T10:30:00Z", "2026-03-05 10:30:00"),
    ("America/Lima", "2026-03-05 10:30:00.123456+00", "2026-03-05 10:30:00"),
    ("America/Lima", "2026-03-05T10:30:00-03:00", "2026-03-05 13:30:00"),
    ("America/Lima", "2026-03-05 10:30 UTC", "2026-03-05 10:30:00"),
    ("America/Lima", "2026-03-05 10:30 CLST", NONE),
    ("America/Lima", "2026-03-05T10:30:00+99:00", NONE),
    # Chile's clocks go forward at midnight of September 6
    ("America/Santiago", "2026-09-06 00:30:00", "There is no 2026-09-06 00:30:00 in America/Santiago"),
    ("America/Santiago", "2026-09-06", "2026-09-06 04:00:00"),
    ("America/Santiago", "2026-09-06 01:00:00", "2026-09-06 04:00:00"),
    ("America/Lima", "0001-01-01 00:00:00", "0001-01-01 05:08:12"),
    ("America/Lima", "9999-12-31 23:00:00", NONE),
]


@pytest.mark.parametrize(("zone", "text", "right"), ONE_TIME)
def test_a_date_time_alone(tmp_path: Path, zone: str, text: str, right: str) -> None:
    found = read(written(tmp_path, SHEET, "Creado en", [text]), "create_date", timezone=zone)
    assert right in found if isinstance(found, str) else found == [right]


@pytest.mark.parametrize(
    ("kind", "cells", "right"),
    [
        ("date", [datetime(2026, 3, 5), date(2026, 3, 6), None], ["2026-03-05", "2026-03-06", False]),
        ("date", [46086, 46086.75], ["2026-03-05", "2026-03-05"]),
        ("datetime", [46086.75], ["2026-03-05 18:00:00"]),
        ("datetime", [datetime(2026, 3, 5, 10, 29, 59, 999_900)], ["2026-03-05 10:30:00"]),
        ("date", [60], NONE),
        ("date", [500_000], NONE),
        ("date", [True], NONE),
        ("date", [time(10, 30)], NONE),
    ],
)
def test_dates_of_a_workbook(tmp_path: Path, kind: str, cells: list[Any], right: list[Any] | str) -> None:
    heading, field = ("Cierre esperado", "date_deadline") if kind == "date" else ("Creado en", "create_date")
    found = read(written(tmp_path, XLSX, heading, cells), field)
    assert right in found if isinstance(right, str) else found == right


def test_days_counted_from_1904(tmp_path: Path) -> None:
    """As a Mac once did: the same number is four years later."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    for row in (["Cierre esperado"], [datetime(2026, 3, 5)], [44624]):
        sheet.append(row)
    book.save(tmp_path / "export.xlsx")
    assert read(tmp_path / "export.xlsx", "date_deadline") == ["2026-03-05", "2026-03-05"]


@pytest.mark.parametrize("kind", ["date", "datetime"])
@pytest.mark.parametrize(
    ("cells", "right"),
    [
        # 05/03 and 13/03 in the file, opened where the month goes first: measured with LibreOffice in en-US
        ([datetime(2026, 5, 3), "13/03/2026"], ":B2: {heading}: 2026-05-03 00:00:00 can be read as 2026-05-03 and as"),
        (
            [datetime(2026, 12, 12), datetime(2026, 2, 12), "31/01/2026"],
            ":B3: {heading}: 2026-02-12 00:00:00 can be read",
        ),
        # nothing was swapped
        ([datetime(2026, 5, 13), datetime(2026, 5, 3), "13/03/2026"], ["2026-05-13", "2026-05-03", "2026-03-13"]),
        ([datetime(2026, 5, 3), "2026-03-13"], ["2026-05-03", "2026-03-13"]),
        ([datetime(2026, 5, 3), "05/03/2026"], ["2026-05-03", "2026-03-05"]),
        ([datetime(2026, 5, 3), "13/03/2026", "05/05/2026"], ["2026-05-03", "2026-03-13", "2026-05-05"]),
        ([datetime(2026, 5, 5), "13/03/2026"], ["2026-05-05", "2026-03-13"]),
    ],
)
def test_a_spreadsheet_may_have_swapped_day_and_month(
    tmp_path: Path, kind: str, cells: list[Any], right: list[str] | str
) -> None:
    heading, field = ("Cierre esperado", "date_deadline") if kind == "date" else ("Creado en", "create_date")
    found = read(written(tmp_path, XLSX, heading, cells), field)
    if isinstance(right, str):
        assert right.format(heading=heading) in found
        assert "export again from Odoo as .xlsx, or make dates of all cells in that column" in found
    else:
        assert [moment[:10] for moment in found] == right


@pytest.mark.parametrize(
    ("text", "right"),
    [("2026-03-05T23:30:00Z", ["2026-03-05"]), ("2026-03-05T00:00:00Z", two("2026-03-05", "2026-03-04"))],
)
def test_a_day_with_a_zone_may_be_another_day_here(tmp_path: Path, text: str, right: list[str] | str) -> None:
    found = read(written(tmp_path, SHEET, "Cierre esperado", [text]), "date_deadline", timezone="America/Santiago")
    assert right in found if isinstance(right, str) else found == right


def test_an_hour_that_the_clocks_go_through_twice_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, ODOO, "Creado en", ["2026-04-04 23:30:00", "2026-04-04 22:30:00", "2026-04-05 00:30:00"])
    server = from_export(path, "crm.lead", timezone="America/Santiago")
    assert server.notes == (
        "Creado en: 1 time is in an hour that the clocks of America/Santiago go through twice; the first is taken",
    )
    found = read(path, "create_date", timezone="America/Santiago")
    assert found == ["2026-04-05 02:30:00", "2026-04-05 01:30:00", "2026-04-05 04:30:00"]


def test_the_way_out_works(tmp_path: Path) -> None:
    with speaking("es"):
        refused = read(written(tmp_path, SHEET, "Cierre esperado", ["05/03/2026"]), "date_deadline", "es_PA")
    assert refused == (
        "export.csv:B2: Cierre esperado: 05/03/2026 puede leerse como 2026-03-05 y como 2026-05-03; "
        "escriba las fechas de esa columna como 2026-03-31"
    )
    assert read(written(tmp_path, SHEET, "Cierre esperado", ["2026-03-05"]), "date_deadline", "es_PA") == [MARCH_5]
