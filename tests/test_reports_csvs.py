from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.i18n import speaking
from segmenter.reports import csvs


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\u00a0=1"])
def test_what_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert csvs.neutral(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Hotel Sol", "a=b", "", -5, -1.5, None])
def test_everything_else_stays(cell: object) -> None:
    assert csvs.neutral(cell) == cell


@pytest.mark.parametrize(("language", "line"), [("es", "a;1,5\r\n"), ("en", 'a,"1,5"\r\n')])
def test_the_separator_is_that_of_the_readers_spreadsheet(language: str, line: str) -> None:
    out = io.StringIO(newline="")
    with speaking(language):
        csvs.write(out, ["a", "1,5"], [])
    assert out.getvalue() == line


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_file_begins_a_formula(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csvs.write(out, ["a", "b"], rows)
    out.seek(0)
    read = list(csv.reader(out))
    assert len(read) == len(rows) + 1
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in read for cell in row)
