"""How much of a file is read: each limit is told, and reached without reading on."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.embedded import from_export
from segmenter.embedded.export import csv, limits, package, sheet
from segmenter.errors import SegmenterError
from tests.support.exports import HEADINGS, MAIN, parts, read, rows

ONE = parts(("Datos", "visible", rows(("Oportunidad",), ("Hotel Sol",))))
SHEET = "xl/worksheets/sheet1.xml"
OPEN = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()


def refusal(path: Path) -> str:
    with pytest.raises(SegmenterError) as caught:
        from_export(path, "crm.lead")
    return str(caught.value)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv"):
        assert refusal(tmp_path / name).startswith(f"{name} is no regular file; name a file that Odoo exported")
    (tmp_path / "folder.csv").mkdir()
    assert refusal(tmp_path / "folder.csv").startswith("folder.csv")


@pytest.mark.parametrize(
    ("module", "limit", "least", "text", "told"),
    [
        (limits, "MOST_BYTES", 20, "name\n" + "x" * 20, "0 MB"),
        (limits, "MOST_ROWS", 2, "name\na\nb\n", "2 rows"),
        (limits, "MOST_CELLS", 4, "name,city\na,b\nc,d\n", "4 cells"),
        (sheet, "MOST_COLUMNS", 2, "name,city,phone\na,b,c\n", "2 columns"),
        (sheet, "MOST_CELLS", 3, "name,city\na,\nc,\n", "3 cells"),
    ],
)
def test_each_limit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, least: int, text: str, told: str
) -> None:
    (tmp_path / "a.csv").write_text(text)
    from_export(tmp_path / "a.csv", "crm.lead")
    monkeypatch.setattr(module, limit, least)
    assert refusal(tmp_path / "a.csv") == (
        f"a.csv holds more than {told}, the most that is read of an export; "
        "export only the records and the columns that the spec needs"
    )


def test_a_cell_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (csv, package):
        monkeypatch.setattr(module, "MOST_LETTERS", 50)
    (tmp_path / "a.csv").write_text("name\n" + "x" * 60)
    assert "In row 2 a cell holds more than 50 characters" in refusal(tmp_path / "a.csv")
    path = pieces(
        tmp_path, iter([OPEN, b'<row r="1"><c t="str"><v>', b"x" * 60, b"</v></c></row></sheetData></worksheet>"])
    )
    assert refusal(path).startswith("a.xlsx holds more than 50 characters in a cell")


def pieces(folder: Path, content: Iterator[bytes], part: str = SHEET) -> Path:
    """A workbook of which one part is written piece by piece."""
    with zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ONE.items():
            if name != part:
                archive.writestr(name, text)
        with archive.open(part, "w") as stream:
            for piece in content:
                stream.write(piece)
    return folder / "a.xlsx"


def test_parts_that_hold_no_cells_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pieces(tmp_path, iter([b" " * 1_000_000]), part="xl/theme/theme1.xml")
    monkeypatch.setattr(package, "MOST_UNPACKED", 100_000)
    assert read(from_export(path, "crm.lead"), "name") == [["Hotel Sol"]]


def test_what_is_unpacked_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_UNPACKED", 1_000_000)
    path = pieces(tmp_path, iter([OPEN, HEADINGS.encode(), b"<!-- x -->" * 150_000]))
    assert refusal(path).startswith("a.xlsx holds more than 1 MB, unpacked, the most that is read")


def test_cells_without_anything_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_MOST_ELEMENTS", 1000)
    path = pieces(tmp_path, iter([OPEN, HEADINGS.encode(), b'<row r="2">', b"<c/>" * 1000]))
    assert "cells, the most that is read of an export" in refusal(path)


@pytest.mark.parametrize("start", [b"<a", b'<row r="'])
def test_a_tag_without_end_is_damage(tmp_path: Path, start: bytes) -> None:
    path = pieces(tmp_path, iter([OPEN, start, b"1" * 2_000_000]))
    assert "is not a workbook that can be opened" in refusal(path)


def test_an_archive_of_too_many_parts_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_MOST_PARTS", 3)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}", b"")
    assert "is not a workbook that can be opened" in refusal(tmp_path / "a.xlsx")
