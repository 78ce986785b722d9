"""What stands in a sheet and is no record: refused with its place, or left out and told; and records that look so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from segmenter.embedded import from_export
from segmenter.errors import SegmenterError
from tests.live.servers import start
from tests.support.exports import read
from tests.support.versions import LIVE
from tests.support.web import Web

HEAD = ("Oportunidad", "Etapa", "Ingreso esperado")
SOL, LUNA = ("Hotel Sol", "Nuevo", 3), ("Hotel Luna", "Ganado", 4)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*rows: Sequence[Any], merged: str = "") -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        if merged:
            sheet.merge_cells(merged)
        book.save(tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return write


REFUSED: dict[str, tuple[list[Sequence[Any]], str]] = {
    "groups": ([("Nuevo (1)", None, 3), SOL, ("Ganado (1)", None, 4), LUNA], "A2: Nuevo (1) is the heading of a group"),
    "groups within groups": ([("Nuevo (1)",), ("    Ana (1)",), SOL], "A2: Nuevo (1) is the heading of a group"),
    "groups with totals as texts": ([("Nuevo (2)", None, "7.0"), SOL, LUNA], "A2: Nuevo (2) is the heading of a group"),
    "a group in the middle": ([SOL, ("Ganado (1)", None, 4), LUNA], "A3: Ganado (1) is the heading of a group"),
    "a total": ([SOL, LUNA, ("Total", None, 7)], "A4: Row 4 holds totals"),
    "a total in another column": ([SOL, LUNA, (None, "TOTAL GENERAL:", 7)], "B4: Row 4 holds totals"),
    "a sum without a word": ([SOL, LUNA, (None, None, 7)], "C4: Row 4 holds totals"),
    "a sum after an empty row": ([SOL, LUNA, (), (None, None, "7,00")], "C5: Row 5 holds totals"),
    "a total with how many": ([SOL, LUNA, ("Total: 2", None, 7)], "A4: Row 4 holds totals"),
    "how many": ([SOL, LUNA, ("2 registros",)], "A4: Row 4 holds a remark"),
    "a total between two lists": ([SOL, ("Subtotal", None, 3), (), LUNA], "A3: Row 3 holds totals"),
    "a remark at the end": ([SOL, LUNA, (), ("Impreso por Ana el lunes",)], "A5: Row 5 holds a remark"),
    "another list below": (
        [SOL, (), ("Etapa", "Oportunidad", "Ingreso esperado"), ("x", "y", 1)],
        "A4: Row 4 holds hea",
    ),
    "a cell beside the list": ([(*SOL, None, "ver con Ana"), LUNA], "E2: Row 2 has a cell under no heading"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_record_is_refused_with_its_place(write: Write, case: str) -> None:
    rows, sentence = REFUSED[case]
    with pytest.raises(SegmenterError) as caught:
        from_export(write(HEAD, *rows), "crm.lead")
    assert str(caught.value).startswith(f"a.xlsx:{sentence}")
    assert caught.value.todo


LEFT_OUT: dict[str, tuple[list[Sequence[Any]], str]] = {
    "a title": ([("Prospectos",), HEAD, SOL, LUNA], "Row 2 holds the headings; what stands above it is left out"),
    "a title and a filter": (
        [("Prospectos de Chile",), ("Etapa:", "todas"), (), HEAD, SOL, LUNA],
        "Row 4 holds the headings; what stands above it is left out",
    ),
    "headings once more": ([HEAD, SOL, HEAD, LUNA], "Row 3 repeats the headings and is left out"),
    "headings on each page": ([HEAD, SOL, HEAD, LUNA, HEAD], "Row 3, 5 repeats the headings and is left out"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_left_out_is_told(write: Write, case: str) -> None:
    rows, note = LEFT_OUT[case]
    server = from_export(write(*rows), "crm.lead")
    assert read(server, "name", "stage_id") == [["Hotel Sol", "Nuevo"], ["Hotel Luna", "Ganado"]]
    assert server.notes == (note,)


RECORDS: dict[str, list[Sequence[Any]]] = {
    "called as a group": [("name", "expected_revenue"), ("Local (2)", 5), ("Hotel", 4), ("Casa", 1), ("Bodega", 1)],
    "called as a group, later": [HEAD, SOL, ("Local (2)", None, 5), LUNA],
    "called Total": [HEAD, ("Total", "Nuevo", 5), SOL],
    "called Total Chile": [HEAD, SOL, ("Total Chile", None, 5)],
    "called by numbers": [("name", "city"), ("a", "Arica"), ("b", "Lima"), ("2025", None)],
    "with a name alone": [HEAD, SOL, ("Hotel Luna",)],
    "after an empty row": [HEAD, SOL, (), LUNA],
    "of the type that a heading is called by": [("name", "type"), ("Oportunidad", "Oportunidad"), ("x", "Oportunidad")],
}


@pytest.mark.parametrize("case", RECORDS)
def test_records_that_look_otherwise_are_read(write: Write, case: str) -> None:
    head, *rows = RECORDS[case]
    server = from_export(write(head, *rows), "crm.lead")
    assert [name for (name,) in read(server, "name")] == [row[0] for row in rows if row]


def test_cells_may_be_merged_above_the_headings_alone(write: Write) -> None:
    title = write(("Prospectos",), HEAD, SOL, merged="A1:C1")
    assert read(from_export(title, "crm.lead"), "name") == [["Hotel Sol"]]
    for merged in ("A2:B2", "B3:B4", "A3:C3"):
        with pytest.raises(SegmenterError, match=f"a.xlsx:{merged}: Cells {merged} are merged"):
            from_export(write(("Prospectos",), HEAD, SOL, LUNA, merged=merged), "crm.lead")


@pytest.mark.parametrize("version", LIVE)
@pytest.mark.parametrize("groups", [["stage_id"], ["stage_id", "user_id"], ["create_date:month"], ["active"]])
@pytest.mark.parametrize(
    "names", [["name", "stage_id", "expected_revenue"], ["name", "expected_revenue"], ["tag_ids", "name"]]
)
def test_what_a_real_odoo_exports_grouped(tmp_path: Path, version: str, groups: list[str], names: list[str]) -> None:
    known = start(version).connection()
    web = Web(known["url"], known["database"], "admin", known["admin_password"], version)
    path = tmp_path / "a.xlsx"
    path.write_bytes(web.export("crm.lead", names, kind="xlsx", again=False, language="es_CL", groups=groups))
    with pytest.raises(SegmenterError, match="is the heading of a group, not a record"):
        from_export(path, "crm.lead")
