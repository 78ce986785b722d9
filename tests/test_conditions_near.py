from __future__ import annotations

from segmenter.conditions.near import did_you_mean, near_misses, slip


def test_case_and_accents_do_not_count() -> None:
    assert near_misses("calificacion", ["Nuevo", "Calificación"]) == ["Calificación"]


def test_the_likeliest_comes_first_and_none_twice() -> None:
    assert near_misses("state", ["statue_id", "state", "state", "states", "name"]) == ["state", "states", "statue_id"]


def test_without_a_near_miss_something_else_is_advised() -> None:
    assert did_you_mean("xyz", ["name"], "look it up") == "look it up"
    assert did_you_mean("nme", ["name"]) == "did you mean name?"


def test_a_number_makes_another_name_and_no_slip() -> None:
    assert slip("califcado", ["Nuevo", "Calificado"]) == "Calificado"
    assert slip("Ronda 2", ["Ronda 1", "Ronda 3"]) is None
    assert slip("ronda 2", ["Ronda 1", "Ronda 2"]) == "Ronda 2"
