from __future__ import annotations

import pytest
from openpyxl import load_workbook

from segmenter.i18n import _, speaking
from tests.support.command_line import Desk, desk

__all__ = ["desk"]


def test_the_report_of_a_plan_and_of_its_run(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    said = desk.done("report", "P1", "--lang", "en")
    assert said.stdout == ""
    assert "Written: report-P1.html" in said.stderr
    page = (desk.folder / "report-P1.html").read_text("utf-8")
    assert "Nothing has been written in your Odoo yet." in page
    assert '<html lang="en">' in page
    desk.done("apply", "P1", "--yes")
    desk.done("report", "r1", "--xlsx", "--lang", "en")
    assert "where your criteria place them" in (desk.folder / "report-R1.html").read_text("utf-8")
    assert "Summary" in load_workbook(desk.folder / "report-R1.xlsx").sheetnames


def test_it_is_in_the_clients_language_whatever_ours_is(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    said = desk.done("report", "P1")
    with speaking("es"):
        file = desk.folder / f"{_('report')}-P1.html"
    assert "Written:" in said.stderr
    assert '<html lang="es-CL">' in file.read_text("utf-8")


def test_files_of_other_names_and_places(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml", "--ledger", "other.ledger")
    (desk.folder / "out").mkdir()
    found = desk.data(
        *("report", "P1", "--ledger", "other.ledger", "--html", "out/a.html", "--xlsx", "out/b.xlsx", "--lang", "en")
    )
    assert (found["kind"], found["html"], found["xlsx"]) == ("report", "out/a.html", "out/b.xlsx")
    assert (desk.folder / "out" / "a.html").exists()
    assert (desk.folder / "out" / "b.xlsx").exists()


def test_the_pages_of_the_salespeople(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    said = desk.done("report", "P1", "--people")
    for file in ("informe-P1-vendedores.html", "informe-P1-vendedores.xlsx", "informe-P1-vendedores.txt"):
        assert f"Written: {file}" in said.stderr
    assert "Empiece por" in (desk.folder / "informe-P1-vendedores.txt").read_text("utf-8")
    assert "Vendedores" in load_workbook(desk.folder / "informe-P1-vendedores.xlsx").sheetnames
    assert not (desk.folder / "informe-P1.html").exists()
    found = desk.data("report", "P1", "--people", "--html", "team.html", "--xlsx", "team.xlsx", "--lang", "en")
    assert (found["html"], found["xlsx"], found["mails"]) == ("team.html", "team.xlsx", "team.txt")
    assert '<html lang="en">' in (desk.folder / "team.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["X1"], 2, "neither a plan nor a run"),
        (["P9"], 1, "There is no plan P9"),
        (["R9"], 1, "There is no run R9"),
        (["P1", "--html", "viveros.yaml"], 2, "does not end in .html"),
        (["P1", "--xlsx", "viveros.yaml"], 2, "does not end in .xlsx"),
        (["P1", "--html", "nowhere/a.html"], 1, "cannot be written"),
        (["P1", "--html", "a.html", "--xlsx", "nowhere/a.xlsx"], 1, "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, words: list[str], code: int, sentence: str) -> None:
    desk.done("plan", "viveros.yaml")
    assert sentence in desk.done("report", *words, code=code).stderr
    assert desk.spec.read_text("utf-8").startswith("version")
