"""Workbooks by whoever wrote them: which sheet is read, and what a cell holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segmenter.embedded import from_export
from segmenter.errors import SegmenterError
from tests.support.exports import HEADINGS, MAIN, packed, parts, read, rows, sheet, text, workbook

ONE = rows(("Oportunidad", "Etapa"), ("Hotel Sol", "Nuevo"))
OTHER = rows(("Oportunidad", "Etapa"), ("Ejemplo", "Ganado"))
CHART = f'<chartsheet xmlns="{MAIN}"/>'
COVER = rows(("Informe de prospectos",), ("noviembre de 2026",))
CHOICES = rows(("Etapa",), ("Nuevo",), ("Ganado",))
SHEETS: dict[str, tuple[list[tuple[str, str, str]], str]] = {
    "a hidden one first": ([("Listas", "hidden", OTHER), ("Datos", "visible", ONE)], "Datos"),
    "one hidden for good first": ([("Listas", "veryHidden", OTHER), ("Datos", "visible", ONE)], "Datos"),
    "an empty cover": ([("Portada", "visible", ""), ("Datos", "visible", ONE)], "Datos"),
    "a cover with a title": ([("Portada", "visible", COVER), ("Datos", "visible", ONE)], "Datos"),
    "a chart": ([("Gráfico", "visible", CHART), ("Datos", "visible", ONE)], "Datos"),
    "a list of choices": ([("Etapas", "visible", CHOICES), ("Datos", "visible", ONE)], "Datos"),
    "another list behind": ([("Datos", "visible", ONE), ("Enero", "visible", OTHER)], "Datos"),
}


@pytest.mark.parametrize("case", SHEETS)
def test_the_first_visible_sheet_with_records_is_read_and_named(tmp_path: Path, case: str) -> None:
    sheets, name = SHEETS[case]
    server = from_export(workbook(tmp_path, parts(*sheets)), "crm.lead")
    assert read(server, "name", "stage_id") == [["Hotel Sol", "Nuevo"]]
    assert server.notes == (f"prospectos.xlsx has 2 sheets; {name} is read, the first visible one with records",)


def test_a_workbook_with_nothing_to_see(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path, parts(("Datos", "hidden", ONE)))).startswith(
        "prospectos.xlsx has no visible sheet"
    )
    empty = workbook(tmp_path, parts(("A", "visible", ""), ("B", "visible", "")))
    assert refusal(empty).startswith("prospectos.xlsx is empty")
    foreign = workbook(tmp_path, parts(("A", "visible", COVER)))
    assert refusal(foreign).startswith("prospectos.xlsx: No heading of the export is a field of crm.lead: Informe de")


def refusal(path: Path, **settings: Any) -> str:
    with pytest.raises(SegmenterError) as caught:
        from_export(path, "crm.lead", **settings)
    return str(caught.value)


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="dd\\/mm\\/yyyy"/></numFmts>'
    "<fills><fill/></fills>"
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/></cellXfs></styleSheet>'
)
TEXTS = (
    "<si><t>Hotel Sol</t></si>",
    "<si><r><t>Hotel </t></r><r><rPr><b/></rPr><t>Luna</t></r><rPh sb='0' eb='1'><t>ruido</t></rPh></si>",
    "<si><t>una_x000D_dos</t></si>",
)
CELLS: dict[str, tuple[str, str, Any]] = {
    "a text of the common ones": ("name", '<c r="B2" t="s"><v>0</v></c>', "Hotel Sol"),
    "a text in pieces": ("name", '<c r="B2" t="s"><v>1</v></c>', "Hotel Luna"),
    "a character that XML cannot carry": ("name", '<c r="B2" t="s"><v>2</v></c>', "una\rdos"),
    "a text of its own": ("name", text("B2", "Hotel &amp; Sol"), "Hotel & Sol"),
    "a cell that does not say where it is": ("name", '<c/><c t="str"><v>Hotel</v></c>', "Hotel"),
    "a number": ("expected_revenue", '<c r="B2"><v>1500.5</v></c>', 1500.5),
    "a number with an exponent": ("expected_revenue", '<c r="B2"><v>1.5E3</v></c>', 1500.0),
    "a yes": ("active", '<c r="B2" t="b"><v>1</v></c>', True),
    "a no": ("active", '<c r="B2" t="b"><v>0</v></c>', False),
    "a date by its built-in format": ("date_deadline", '<c r="B2" s="1"><v>46204</v></c>', "2026-07-01"),
    "a date by a format of its own": ("date_deadline", '<c r="B2" s="2"><v>46204</v></c>', "2026-07-01"),
    "a date written out": ("date_deadline", '<c r="B2" t="d"><v>2026-07-01</v></c>', "2026-07-01"),
    "a formula's number": ("expected_revenue", '<c r="B2"><f>A1+1</f><v>7</v></c>', 7.0),
    "a formula's text": ("name", '<c r="B2" t="str"><f>A1</f><v>Hotel</v></c>', "Hotel"),
    "a formula's empty text": ("city", '<c r="B2" t="str"><f>""</f><v></v></c>', False),
    "a style that is not there": ("expected_revenue", '<c r="B2" s="99"><v>7</v></c>', 7.0),
    "a style that is no number": ("expected_revenue", '<c r="B2" s="-1"><v>7</v></c>', 7.0),
    "an empty styled cell far away": ("expected_revenue", '<c r="B2"><v>7</v></c><c r="XFD2" s="1"/>', 7.0),
    "an empty text far away": ("expected_revenue", '<c r="B2"><v>7</v></c><c r="AZ2" t="s"><v>3</v></c>', 7.0),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_holds_what_a_person_sees_in_it(tmp_path: Path, case: str) -> None:
    field, cell, value = CELLS[case]
    data = f'<row r="1">{text("A1", "Ciudad" if field != "city" else "Oportunidad")}{text("B1", field)}</row>'
    data += f'<row r="2">{cell}</row><row r="3">{text("A3", "Arica")}</row>'
    whole = parts(("Datos", "visible", data), texts=(*TEXTS, "<si><t> </t></si>"), styles=STYLES)
    assert read(from_export(workbook(tmp_path, whole), "crm.lead"), field)[0] == [value]


def test_the_calendar_of_old_macs(tmp_path: Path) -> None:
    data = f'<row r="1">{text("A1", "name")}{text("B1", "date_deadline")}</row>'
    data += f'<row r="2">{text("A2", "x")}<c r="B2" s="1"><v>44742</v></c></row>'
    whole = parts(("Datos", "visible", data), styles=STYLES, properties='<workbookPr date1904="1"/>')
    assert read(from_export(workbook(tmp_path, whole), "crm.lead"), "date_deadline") == [["2026-07-01"]]


@pytest.mark.parametrize("styles", [STYLES[:150], "", "<styleSheet><cellXfs><xf/></cellXfs></styleSheet>"])
def test_styles_that_are_broken_or_of_another_writer_do_not_matter(tmp_path: Path, styles: str) -> None:
    path = workbook(tmp_path, {**parts(("Datos", "visible", ONE), styles=" "), "xl/styles.xml": styles})
    assert read(from_export(path, "crm.lead"), "name") == [["Hotel Sol"]]


@pytest.mark.parametrize("writer", ["strict", "prefixed", "backslashes", "unnumbered"])
def test_other_ways_to_write_a_workbook(tmp_path: Path, writer: str) -> None:
    whole = parts(("Datos", "visible", ONE))
    if writer == "strict":
        whole = {
            name: content.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            for name, content in whole.items()
        }
    elif writer == "prefixed":
        part = "xl/worksheets/sheet1.xml"
        whole[part] = whole[part].replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    elif writer == "backslashes":
        whole = {name.replace("/", "\\"): content for name, content in whole.items()}
    else:
        for place in ("A1", "B1", "A2", "B2", "1", "2"):
            whole["xl/worksheets/sheet1.xml"] = whole["xl/worksheets/sheet1.xml"].replace(f' r="{place}"', "")
    assert read(from_export(workbook(tmp_path, whole), "crm.lead"), "name", "stage_id") == [["Hotel Sol", "Nuevo"]]


DAMAGED: dict[str, dict[str, str]] = {
    "a sheet that is cut": {"xl/worksheets/sheet1.xml": sheet(ONE)[:-40]},
    "a sheet that is no XML": {"xl/worksheets/sheet1.xml": "nothing"},
    "no list of sheets": {"xl/workbook.xml": ""},
    "no relations": {"xl/_rels/workbook.xml.rels": "<Relationships/>"},
    "a text that is not there": {
        "xl/worksheets/sheet1.xml": sheet(HEADINGS + '<row r="2"><c t="s"><v>9</v></c></row>')
    },
    "a text before the first": {
        "xl/worksheets/sheet1.xml": sheet(HEADINGS + '<row r="2"><c t="s"><v>-1</v></c></row>')
    },
    "a number that is none": {"xl/worksheets/sheet1.xml": sheet(HEADINGS + '<row r="2"><c><v>x</v></c></row>')},
    "a number without end": {"xl/worksheets/sheet1.xml": sheet(HEADINGS + '<row r="2"><c><v>1e999</v></c></row>')},
    "a row beyond the last": {"xl/worksheets/sheet1.xml": sheet(HEADINGS + '<row r="9999999"/>')},
    "rows out of order": {"xl/worksheets/sheet1.xml": sheet(HEADINGS + HEADINGS)},
    "a cell of another row": {"xl/worksheets/sheet1.xml": sheet(HEADINGS + f'<row r="2">{text("A7", "x")}</row>')},
    "a cell twice": {
        "xl/worksheets/sheet1.xml": sheet(HEADINGS + f'<row r="2">{text("A2", "x")}{text("A2", "y")}</row>')
    },
    "entities": {"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + sheet(ONE)},
    "endless depth": {"xl/worksheets/sheet1.xml": "<a>" * 5000},
    "another kind of sheet": {"_rels/.rels": "<Relationships/>"},
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_workbook_is_refused(tmp_path: Path, case: str) -> None:
    path = workbook(tmp_path, parts(("Datos", "visible", ONE)) | DAMAGED[case])
    assert refusal(path) == (
        "prospectos.xlsx is not a workbook that can be opened; export again from Odoo's list view as .xlsx or .csv"
    )


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = packed(parts(("Datos", "visible", ONE)))
    for length in range(4, len(whole), 97):
        (tmp_path / "cut.xlsx").write_bytes(whole[:length])
        assert "cut.xlsx is not a workbook that can be opened" in refusal(tmp_path / "cut.xlsx")


KINDS: dict[str, tuple[str, bytes, str]] = {
    "with a password": (
        "a.xlsx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "is protected by a password",
    ),
    "of an older kind": ("a.xls", b"\xd0\xcf\x11\xe0 and the rest", "is a workbook of an older kind"),
    "an older one renamed": ("a.xlsx", b"\xd0\xcf\x11\xe0 and the rest", "is a workbook of an older kind"),
    "of LibreOffice": (
        "a.ods",
        packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "of another kind",
    ),
    "binary, renamed": ("a.xlsx", packed({"xl/workbook.bin": "x"}), "is a workbook of another kind"),
    "a page renamed": ("a.xlsx", b"<html><table/></html>", "is not a workbook that can be opened"),
    "empty": ("a.xlsx", b"", "is not a workbook that can be opened"),
}


@pytest.mark.parametrize("case", KINDS)
def test_other_kinds_of_files_are_called_by_their_kind(tmp_path: Path, case: str) -> None:
    name, data, sentence = KINDS[case]
    (tmp_path / name).write_bytes(data)
    assert sentence in refusal(tmp_path / name)


def test_a_workbook_under_another_name_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, parts(("Datos", "visible", ONE)), name="prospectos.csv")
    assert read(from_export(path, "crm.lead"), "name") == [["Hotel Sol"]]


def test_errors_and_formulas_without_a_result_are_refused_where_they_matter(tmp_path: Path) -> None:
    head = f'<row r="1">{text("A1", "Oportunidad")}{text("B1", "Etapa")}{text("C1", "Zodiaco")}</row>'
    for cell, sentence in (
        ('<c r="B2" t="e"><v>#N/A</v></c>', "prospectos.xlsx:B2: The cell holds an error, #N/A; replace it"),
        ('<c r="B2"><f>A1</f></c>', "prospectos.xlsx:B2: The cell holds a formula, =A1; replace it"),
    ):
        data = head + f'<row r="2">{text("A2", "x")}{cell}</row>'
        assert refusal(workbook(tmp_path, parts(("Datos", "visible", data)))).startswith(sentence)
        aside = data.replace("B2", "C2")
        assert read(from_export(workbook(tmp_path, parts(("Datos", "visible", aside))), "crm.lead"), "name") == [["x"]]


def test_a_zero_that_stands_for_a_result_is_none(tmp_path: Path) -> None:
    """Odoo 14 makes a formula of a name that begins with =, and computes nothing."""
    head = f'<row r="1">{text("A1", "Oportunidad")}{text("B1", "Ingreso esperado")}</row>'
    data = head + f'<row r="2">{text("A2", "x")}<c r="B2"><f>2*5</f><v>0</v></c></row>'
    whole = parts(("Datos", "visible", data))
    assert read(from_export(workbook(tmp_path, whole), "crm.lead"), "expected_revenue") == [[0.0]]
    whole["xl/workbook.xml"] = whole["xl/workbook.xml"].replace("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')
    assert refusal(workbook(tmp_path, whole)).startswith("prospectos.xlsx:B2: The cell holds a formula, =2*5; replace")
    whole["xl/worksheets/sheet1.xml"] = whole["xl/worksheets/sheet1.xml"].replace("<v>0</v>", "<v>10</v>")
    assert read(from_export(workbook(tmp_path, whole), "crm.lead"), "expected_revenue") == [[10.0]]


def test_what_nobody_sees_is_read_and_told(tmp_path: Path) -> None:
    data = rows(("Oportunidad", "Etapa"), ("Hotel Sol", "Nuevo"), ("Hotel Luna", "Ganado"))
    part = sheet(
        data.replace('<row r="3">', '<row r="3" hidden="1">'), before='<cols><col min="2" max="9" hidden="1"/></cols>'
    )
    server = from_export(workbook(tmp_path, parts(("Datos", "visible", part))), "crm.lead")
    assert read(server, "name", "stage_id") == [["Hotel Sol", "Nuevo"], ["Hotel Luna", "Ganado"]]
    assert server.notes == ("1 row that a filter hides is read too", "The hidden column Etapa is read too")
