"""CSV files as Odoo and spreadsheets write them: encodings, separators, quotes, and rows that are cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from segmenter.embedded import from_export
from segmenter.errors import SegmenterError
from tests.support.exports import read

File = Callable[[str | bytes], Path]


@pytest.fixture
def file(tmp_path: Path) -> File:
    def write(content: str | bytes) -> Path:
        (tmp_path / "a.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / "a.csv"

    return write


def refusal(path: Path) -> str:
    with pytest.raises(SegmenterError) as caught:
        from_export(path, "crm.lead")
    return str(caught.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "mac_roman"]
)
def test_every_usual_encoding_is_found_out(file: File, encoding: str) -> None:
    path = file("Oportunidad;Ciudad\nAño nuevo;Ñuñoa\nCafé;Copiapó\n".encode(encoding))
    assert read(from_export(path, "crm.lead"), "name", "city") == [["Año nuevo", "Ñuñoa"], ["Café", "Copiapó"]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "above",
    ["", "\n\n", "Prospectos de la zona norte\n\n", "Exportado: por Ana, el lunes; a las 3\n", "Filtro,a,b,c,d,e\n"],
)
def test_the_separator_is_that_of_the_headings(file: File, mark: str, above: str) -> None:
    path = file(above + mark.join(("Oportunidad", "Etapa")) + "\n" + mark.join(("Hotel Sol", "Nuevo")) + "\n")
    assert read(from_export(path, "crm.lead"), "name", "stage_id") == [["Hotel Sol", "Nuevo"]]


@pytest.mark.parametrize("mark", ["|", ";", ","])
def test_a_first_line_that_tells_the_separator(file: File, mark: str) -> None:
    server = from_export(file(f"sep={mark}\r\nOportunidad{mark}Etapa\r\nHotel{mark}Nuevo\r\n"), "crm.lead")
    assert read(server, "name", "stage_id") == [["Hotel", "Nuevo"]]
    assert server.notes == ()


READ: dict[str, tuple[str, list[list[object]]]] = {
    "blank lines and blanks": ("name,city\n\n  ,\nx,Arica\n\n\n", [["x", "Arica"]]),
    "empty cells that are left out": ("name,city,phone\nx\ty,\n", [["x\ty", False]]),
    "a line break in a text": ('name,city\n"one\ntwo",Arica\n', [["one\ntwo", "Arica"]]),
    "lines with separators in a text": ('name,city\n"a, b\nc, d",Arica\n', [["a, b\nc, d", "Arica"]]),
    "a quotation mark in a text": ('name,city\n27" screen,Arica\n', [['27" screen', "Arica"]]),
    "doubled quotation marks": ('name,city\n"say ""hi""",Arica\n', [['say "hi"', "Arica"]]),
    "a text of several lines": ('name,city\n"x\ny, z",Arica\n', [["x\ny, z", "Arica"]]),
    "a text of several lines as Odoo quotes it": ('"name","city"\n"a,b\nc","Arica"\n', [["a,b\nc", "Arica"]]),
    "remarks of several lines": ('name,zip,city\nx,1,"a\nb, c, d"\n', [["x", "a\nb, c, d"]]),
    "old Macs' line ends": ("name,city\rx,Arica\r", [["x", "Arica"]]),
    "separators at each end": ("name,city,,\nx,Arica,,\n", [["x", "Arica"]]),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_read(file: File, case: str) -> None:
    text, rows = READ[case]
    assert read(from_export(file(text), "crm.lead"), "name", "city") == rows


REFUSED: dict[str, tuple[str, str]] = {
    "a quotation mark closed rows later": ('name;city\nx;y\n"z;y\nw";y\n', "a.csv:A3: In row 3 a quotation mark is o"),
    "and in the last column": ('name;zip;city\nx;1;"y\nz;2;y\nw;3;y"\n', "a.csv:A2: In row 2 a quotation mark is op"),
    "a quotation mark left open": ('name;city\nx;y\n"z;y\nw;y\n', "a.csv:A3: In row 3 a quotation mark is opened"),
    "one closed by the next": ('name;city\n"x;y\nz;"w"\n', "a.csv:A2: In row 2 a quotation mark"),
    "one that swallows a row": ('name;city;phone\n"x;a;1\ny;b";2\n', "a.csv:A2: Row 2 has 2 of 3 cells"),
    "a comma outside quotation marks": ("name,city\na,b\nPaz, Rojas,Arica\n", "a.csv:C3: Row 3 has a cell under no"),
    "an empty cell too many": ("name,city\na,b\nPaz, Rojas,\n", "a.csv:C3: Row 3 has a cell under no heading"),
    "a cell under no heading": ("name,,city\na,,b\na,c,b\n", "a.csv:B3: Row 3 has a cell under no heading"),
    "headings alone": ("name,city\n", "a.csv is empty"),
    "one line of something else": ("hola\n", "a.csv: No heading of the export is a field of crm.lead: hola"),
    "a line that is cut": ("name,city\nHotel\nSol,Arica\n", "a.csv:A2: Row 2 has 1 of 2 cells: it is cut"),
    "an error of a spreadsheet": ("name,city\nx,#¡REF!\n", "a.csv:B2: The cell holds an error, #¡REF!"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_with_its_row(file: File, case: str) -> None:
    text, sentence = REFUSED[case]
    assert refusal(file(text)).startswith(sentence)


@pytest.mark.parametrize(
    "data", [b"\xff\xfen\x00a\x00m", b"name\n\x00\x01\x02\x03x", "\ufeffname".encode("utf-16")[:-1]]
)
def test_bytes_that_are_no_text(file: File, data: bytes) -> None:
    assert refusal(file(data)).startswith("a.csv is no text in an encoding that can be read; save it as CSV in UTF-8")
