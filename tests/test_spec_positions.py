"""Paths to places."""

from __future__ import annotations

from segmenter.errors import Problem
from segmenter.spec.positions import Positions, order

POSITIONS = Positions("f.yaml", {(): (1, 1), ("a",): (2, 3), ("a", 0): (10, 5)})


def test_the_nearest_place_around_a_path() -> None:
    assert POSITIONS.place(("a", 0, "b", "c")) == "f.yaml:10:5"
    assert POSITIONS.place(("a", 1)) == "f.yaml:2:3"
    assert POSITIONS.place(("z",)) == "f.yaml:1:1"
    assert Positions("f.yaml").place(("z",)) == "f.yaml"


def test_a_place_already_known_stays() -> None:
    assert POSITIONS.located(Problem(("a",), "x", place="f.yaml:9:9")).place == "f.yaml:9:9"


def test_order_is_by_number_and_survives_colons_in_the_name() -> None:
    places = ["C:\\f:10:1", "C:\\f:9:12", "C:\\f:9:2"]
    assert [p.place for p in sorted((Problem((), "x", place=p) for p in places), key=order)] == places[::-1]
    assert order(Problem((), "x")) == (0, 0)
