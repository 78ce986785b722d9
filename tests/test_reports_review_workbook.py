from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from segmenter.ledger import Ledger, open_ledger
from segmenter.reports.colours import tone
from segmenter.reports.review import workbook
from segmenter.reports.review.build import review
from segmenter.reports.sheet_looks import pale
from tests.support import review_samples as samples
from tests.support.heads import altered


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def written(ledger: Ledger, id: str, folder: Path, **options: Any) -> Workbook:
    file = folder / "review.xlsx"
    workbook.write(review(ledger, id, **options), file)
    return load_workbook(file)


def test_the_sheets_come_in_the_order_in_which_they_are_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    book = written(ledger, "P1", tmp_path)
    assert book.sheetnames == [
        "Prospects",
        "Summary",
        "Values that are lost",
        "Protected records",
        "Overlaps and gaps",
        "Your own examples",
        "Workload",
        "By stage and salesperson",
        "Nivel",
        "About this segmentation",
    ]
    for sheet in book:
        assert str(sheet.freeze_panes).endswith("7" if sheet.title == "Summary" else "2")
        assert sheet.auto_filter.ref or sheet.tables
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.print_title_rows) in ((None, "$1:$1"), (None, "$6:$6"))
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["By stage and salesperson"].max_row == 1 + 12
    figures = dict(book["About this segmentation"].iter_rows(min_row=4, max_row=7, values_only=True))
    assert figures["would change"] == 48
    assert figures["would lose a value"] == 3
    protected = list(book["Protected records"].iter_rows(min_row=2, values_only=True))
    assert protected == [("[NO TOCAR] <b>", 900), ("and 11 more", None)]


def test_the_first_sheet_is_a_table_to_work_with(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    sheet = written(ledger, "P1", tmp_path)["Prospects"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [
        *("Prospect", "Nivel", "Salesperson", "Stage", "Amount (CLP)", "City", "Phone", "E-mail", "In Odoo"),
        *("What changes", "Why"),
    ]
    (table,) = sheet.tables.values()
    assert (table.ref, table.autoFilter.ref, table.column_names) == ("A1:K49", "A1:K49", heads)
    assert (sheet.freeze_panes, sheet.print_area) == ("B2", "'Prospects'!$A$1:$I$49")
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert len(rows) == 48
    row = rows["Jardín Ñandú 3"]
    assert [cell.value for cell in row] == [
        *("Jardín Ñandú 3", "Alto", "Ana <Soto>", "Nuevo", 47_000, "Viña del Mar", "+56 9 3", "cliente3@example.com"),
        *("Open", "Etiquetas: -Medio +Alto; Prioridad: Media → Muy alta", "Nivel: Alto – Ingreso > 5 & más"),
    ]
    assert row[8].hyperlink.target == "https://v.example/odoo/crm.lead/3"
    assert row[4].number_format == "#,##0"
    assert rows["Jardín Ñandú 2"][2].value == "No salesperson"


def test_segments_are_in_their_colours(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    book = written(ledger, "P1", tmp_path)
    cells = {row[1].value: row[1].fill.fgColor.rgb for row in book["Prospects"].iter_rows(min_row=2)}
    assert set(cells) == set(samples.LEVELS)
    assert cells["Alto"] == f"FF{pale(tone(10)[0])[1:].upper()}"
    assert len(set(cells.values())) == 3
    summed = {row[1].value: row[1].fill.fgColor.rgb for row in book["Summary"].iter_rows(min_row=7, max_row=9)}
    assert summed == cells


def test_the_summary_has_figures_and_native_charts(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    sheet = written(ledger, "P1", tmp_path)["Summary"]
    assert sheet["A1"].value == "Viveros del Maipo – Segmentation plan P1"
    assert "To call first: 16 prospects in Alto" in sheet["A2"].value
    rows = list(sheet.iter_rows(min_row=7, max_row=9, values_only=True))
    assert [row[:5] for row in rows] == [("Nivel", one, 3, 16, 16) for one in samples.LEVELS]
    with ZipFile(tmp_path / "review.xlsx") as parts:
        charts = [parts.read(name).decode() for name in sorted(parts.namelist()) if "/charts/chart" in name]
    assert len(charts) == 2
    assert "Summary!$B$7:$B$9" in charts[0]
    assert "Summary!$D$7:$D$9" in charts[0]
    assert "<c:v>16</c:v>" in charts[0]  # kept in the file, for what shows it without counting
    assert "Summary!$G$7:$G$9" in charts[1]
    assert tone(10)[0][1:].upper() in charts[0]


def test_what_is_lost_is_a_list_by_name(ledger: Ledger, tmp_path: Path) -> None:
    changes = [replace(one, before="1") if one.field == "priority" else one for one in samples.changes(3)]
    ledger.save_plan(*samples.plan_of(changes, samples.facts(3)), samples.members(3), samples.roster(3))
    book = written(ledger, "P1", tmp_path)
    assert book.sheetnames[2] == "Values that are lost"
    sheet = book["Values that are lost"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("Record", "Salesperson", "Field", "What is lost", "In its place", "Because"),
        ("Jardín Ñandú 3", "Ana <Soto>", "Prioridad", "Media", "Muy alta", "Nivel: Alto"),
        ("Jardín Ñandú 1", "Ana <Soto>", "Prioridad", "Media", "2", "Nivel: Medio"),
    ]
    assert sheet["A2"].hyperlink.target == "https://v.example/odoo/crm.lead/3"


def test_of_an_export_nothing_leads_to_odoo(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 9, source="export", server={"url": "", "database": "leads.xlsx", "version": "", "login": ""})
    sheet = written(ledger, "P1", tmp_path)["Prospects"]
    assert "In Odoo" not in [cell.value for cell in sheet[1]]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert sheet.max_row == 1 + 9


def test_a_segmentation_that_is_called_like_a_column(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.facts(6)
    named = [replace(one, segmentation="city") for one in plan.counts.segments]
    changes = [replace(one, segmentation="city") for one in samples.changes(6)]
    ledger.save_plan(
        *samples.plan_of(changes, altered(plan, segments=tuple(named))), samples.members(6), samples.roster(6)
    )
    sheet = written(ledger, "P1", tmp_path)["Prospects"]
    assert {"city", "City (2)"} <= {cell.value for cell in sheet[1]}
    assert len(sheet.tables) == 1


def test_every_change_is_there_whatever_the_page_shows(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    book = written(ledger, "P1", tmp_path, most=5)
    sheet = book["Nivel"]
    assert sheet.max_row == 1 + 96
    assert sheet["A2"].hyperlink.target == "https://v.example/odoo/crm.lead/1"
    names = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert samples.HOSTILE[4] in names  # the text of a formula, as a text
    for page in book:
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    first = {cell.value: cell for cell in book["Prospects"]["A"]}
    assert first[samples.HOSTILE[4]].quotePrefix


def test_a_run_says_what_became_of_each_change(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.save(ledger, 48)
    run = samples.run(ledger, plan, conflicts=[11])
    book = written(ledger, run, tmp_path)
    results = {row[-1] for row in book["Nivel"].iter_rows(min_row=2, values_only=True)}
    assert results == {"written", "changed by somebody since", "left, because another field of the record was"}
    heads = [cell.value for cell in book["Prospects"][1]]
    told = {row[0]: row[heads.index("Result")] for row in book["Prospects"].iter_rows(min_row=2, values_only=True)}
    assert told["Jardín Ñandú 3"] == "written"
    assert set(told.values()) == {"written", "changed by somebody since"}
    assert book.sheetnames.index("Left as found") < book.sheetnames.index("Nivel")
    assert [row[1] for row in book["Left as found"].iter_rows(min_row=2, values_only=True)] == [11]
    assert book["Evolution"]["C2"].value == 47


def test_an_undo_tells_of_no_revenue(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.save(ledger, 48)
    root = samples.run(ledger, plan)
    heads = [
        [cell.value for cell in written(ledger, id, tmp_path)["Summary"][6 if id != "R2" else 5]]
        for id in (plan.id, root, samples.undo(ledger, plan, root))
    ]
    assert [[one for one in head if "revenue" in one] for head in heads] == [
        ["Expected revenue (CLP)"],
        ["Expected revenue, as planned (CLP)"],
        [],
    ]


def test_a_change_of_two_segmentations_is_in_the_sheets_of_both(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.facts(1)
    other = replace(plan.counts.segments[0], segmentation="Zona + Ruta", segment="Norte", value=99)
    change = samples.Change(1, "Hotel", "tag_ids", [], [4, 99], "Nivel + Zona + Ruta", "Medio + Norte")
    ledger.save_plan(*samples.plan_of([change], altered(plan, segments=(*plan.counts.segments, other))))
    book = written(ledger, "P1", tmp_path)
    assert book["Nivel"]["A2"].value == book["Zona + Ruta"]["A2"].value == "Hotel"
