"""References of cells, as workbooks write them."""

from __future__ import annotations

import pytest

from segmenter.embedded.export.grid import area, filled, position


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("A1", (1, 0)),
        ("B7", (7, 1)),
        ("AA10", (10, 26)),
        ("A0", None),
        ("7", None),
        ("ZZZZ1", None),
        ("A9999999", None),
    ],
)
def test_a_reference_names_a_cell_of_a_sheet_or_none(reference: str, place: tuple[int, int] | None) -> None:
    assert position(reference) == place


def test_an_area_is_a_rectangle_or_one_cell() -> None:
    merged, single = area("A2:C3"), area("B7")
    assert merged is not None
    assert (merged.rows, merged.columns) == ((2, 3), (0, 2))
    assert single is not None
    assert (single.rows, single.columns) == ((7, 7), (1, 1))
    assert area("A2:nonsense") is None


@pytest.mark.parametrize(("cell", "is_filled"), [(None, False), ("  ", False), ("x", True), (0, True), (False, True)])
def test_a_blank_cell_is_not_filled(cell: object, is_filled: bool) -> None:
    assert filled(cell) is is_filled
