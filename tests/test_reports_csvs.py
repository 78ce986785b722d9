from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.reports import csvs


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\u00a0=1"])
def test_what_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert csvs.neutral(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Hotel Sol", "a=b", "", -5, -1.5, None])
def test_everything_else_stays(cell: object) -> None:
    assert csvs.neutral(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_file_begins_a_formula(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csvs.write(out, ["a", "b"], rows)
    out.seek(0)
    read = list(csv.reader(out))
    assert len(read) == len(rows) + 1
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in read for cell in row)
