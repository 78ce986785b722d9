"""The picture of the whole segmentation: its pieces fill the bar, and can be read without their colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.ledger import Ledger, open_ledger
from segmenter.plans.plan import Overlap
from segmenter.reports import colours
from segmenter.reports.review import page
from segmenter.reports.review.build import review
from segmenter.reports.review.picture import Bar, picture
from segmenter.reports.text import Style
from tests.support import review_samples as samples


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def bar(ledger: Ledger, id: str) -> Bar:
    (one,) = picture(review(ledger, id), Style("en_US", "UTC"))
    return one


def test_the_pieces_fill_the_bar_in_the_order_of_the_segments(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    one = bar(ledger, "P1")
    assert [(piece.name, piece.records, piece.counted) for piece in one.pieces] == [
        (name, "10", "10 prospects") for name in ("Alto", "Medio", "Bajo")
    ]
    assert sum(piece.width for piece in one.pieces) == pytest.approx(100)
    assert [piece.start for piece in one.pieces] == pytest.approx([0, 100 / 3, 200 / 3])
    assert all(piece.money for piece in one.pieces)


def test_what_is_in_no_segment_is_a_piece_too(ledger: Ledger) -> None:
    samples.save(ledger, 30, scope_count=40)
    rest = bar(ledger, "P1").pieces[-1]
    assert (rest.name, rest.records, rest.width) == ("in no segment", "10", 25)


def test_a_run_shows_what_its_records_hold_then(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    run = samples.run(ledger, plan, conflicts=[2, 3])
    assert [piece.records for piece in bar(ledger, run).pieces] == ["10", "11", "9"]


def test_a_small_piece_has_its_number_in_the_list_alone(ledger: Ledger) -> None:
    samples.save(ledger, 3, scope_count=1000)
    small, *_others, rest = bar(ledger, "P1").pieces
    assert (small.number, small.records) == ("", "1")
    assert rest.number == "997"


@given(st.sampled_from([hexed for hexed, _name in colours.COLOURS if hexed] + [colours.GREY, "#ffffff"]))
def test_a_number_can_be_read_on_every_colour_of_odoo(tone: str) -> None:
    assert colours._contrast(colours.ink(tone), tone) >= 4


def test_overlaps_of_nested_thresholds_are_one_line(ledger: Ledger) -> None:
    samples.save(ledger, 30, overlaps=(Overlap("Nivel", "Alto", "Medio", 10, ((1, "Uno"),)),))
    (nivel,) = review(ledger, "P1").segmentations
    assert nivel.nested == {"Alto": (10, ("Medio",))}
    shown = page.html(review(ledger, "P1"))
    assert "the 10 of Alto also meet Medio. Each stays in the first." in shown
    assert "records match both Alto and" not in shown


def test_other_overlaps_are_told_one_by_one(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    assert review(ledger, "P1").segmentations[0].nested == {}
    assert "7 prospects would fit both Alto and Medio; Alto takes them." in page.html(review(ledger, "P1"))
