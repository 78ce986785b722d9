from __future__ import annotations

from segmenter.reports.colours import COLOURS, GREY, chip, tone


def test_every_colour_of_odoo_has_a_name_of_its_own() -> None:
    assert len({name for _tone, name in COLOURS}) == len(COLOURS) == 12


def test_the_name_is_there_for_whoever_sees_no_colours() -> None:
    assert chip(10).plain == "● green"
    assert chip(0).plain == "● grey"
    assert chip(None).plain == ""


def test_a_tone_can_be_painted() -> None:
    assert tone(10) == ("#30c381", "green")
    assert tone(0) == (GREY, "grey")
    assert tone(None) == (GREY, "")
    assert tone(22) == tone(10)
