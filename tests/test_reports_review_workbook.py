from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from segmenter.ledger import Ledger, open_ledger
from segmenter.reports.review import workbook
from segmenter.reports.review.build import review
from tests.support import review_samples as samples


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def written(ledger: Ledger, id: str, folder: Path, **options: Any) -> Workbook:
    file = folder / "review.xlsx"
    workbook.write(review(ledger, id, **options), file)
    return load_workbook(file)


def test_the_workbook_holds_what_the_page_holds(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    book = written(ledger, "P1", tmp_path)
    assert book.sheetnames == [
        "Summary",
        "Segments",
        "By stage and salesperson",
        "Nivel",
        "Overlaps and gaps",
        "Protected records",
        "Your own examples",
        "Workload",
    ]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
    rows = list(book["Segments"].iter_rows(min_row=2, values_only=True))
    assert [row[:5] for row in rows] == [("Nivel", one, 3, 16, 16) for one in samples.LEVELS]
    assert book["By stage and salesperson"].max_row == 1 + 12
    figures = dict(book["Summary"].iter_rows(min_row=4, max_row=7, values_only=True))
    assert figures["records in the scope"] == 48
    assert figures["protected records"] == 12
    protected = list(book["Protected records"].iter_rows(min_row=2, values_only=True))
    assert protected == [("[NO TOCAR] <b>", 900), ("and 11 more", None)]


def test_every_change_is_there_whatever_the_page_shows(ledger: Ledger, tmp_path: Path) -> None:
    samples.save(ledger, 48)
    book = written(ledger, "P1", tmp_path, most=5)
    sheet = book["Nivel"]
    assert sheet.max_row == 1 + 96
    assert sheet["A2"].hyperlink.target == "https://v.example/odoo/crm.lead/1"
    names = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert samples.HOSTILE[4] in names  # the text of a formula, as a text
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_run_says_what_became_of_each_change(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.save(ledger, 48)
    run = samples.run(ledger, plan, conflicts=[11])
    book = written(ledger, run, tmp_path)
    results = {row[-1] for row in book["Nivel"].iter_rows(min_row=2, values_only=True)}
    assert results == {"written", "changed by somebody since", "left, because another field of the record was"}
    assert [row[1] for row in book["Left as found"].iter_rows(min_row=2, values_only=True)] == [11]
    assert book["Evolution"]["C2"].value == 47


def test_an_undo_tells_of_no_revenue(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.save(ledger, 48)
    root = samples.run(ledger, plan)
    heads = [
        [cell.value for cell in written(ledger, id, tmp_path)["Segments"][1]]
        for id in (plan.id, root, samples.undo(ledger, plan, root))
    ]
    assert [[one for one in head if "revenue" in one] for head in heads] == [
        ["Expected revenue (CLP)"],
        ["Expected revenue, as planned (CLP)"],
        [],
    ]


def test_a_change_of_two_segmentations_is_in_the_sheets_of_both(ledger: Ledger, tmp_path: Path) -> None:
    plan = samples.facts(1)
    other = samples.replace(plan.segments[0], segmentation="Zona + Ruta", segment="Norte", value=99)
    change = samples.Change(1, "Hotel", "tag_ids", [], [4, 99], "Nivel + Zona + Ruta", "Medio + Norte")
    draft = samples.SampleDraft([change], samples.replace(plan, segments=(*plan.segments, other)))
    ledger.save_plan(draft)
    book = written(ledger, "P1", tmp_path)
    assert book["Nivel"]["A2"].value == book["Zona + Ruta"]["A2"].value == "Hotel"
