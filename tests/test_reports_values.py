from __future__ import annotations

from segmenter.planning.model import Change
from segmenter.reports.values import Values
from tests.support.report_samples import CHANGES, PLAN

say = Values(PLAN)


def test_ids_and_keys_are_shown_by_name() -> None:
    assert say.value("team_id", 2) == "Ventas"
    assert say.value("priority", "3") == "Muy alta"
    assert say.value("tag_ids", [3, -1]) == "VIP, Alto"
    assert say.field("priority") == "Prioridad"


def test_what_has_no_name_is_shown_as_it_is() -> None:
    assert say.value("x_text", "a\x1bb") == "a�b"
    assert say.value("expected_revenue", 1234567.5) == "1,234,567.5"
    assert say.value("team_id", 1234) == "1234"
    assert say.value("x_flag", True) == "yes"
    assert say.field("x_flag") == "x_flag"


def test_emptiness_is_said() -> None:
    assert say.value("x_text", None) == "(empty)"
    assert say.value("tag_ids", []) == "(none)"


def test_a_change_of_tags_shows_what_comes_and_goes() -> None:
    assert say.change(CHANGES[0]) == "-VIP +Alto"
    assert say.change(CHANGES[1]) == "Baja → Muy alta"


def test_what_several_segmentations_do_is_paired() -> None:
    change = Change(1, "x", "tag_ids", [], [3], "Nivel + Zona", "Alto + Zona: Lima")
    assert say.because(change.segmentation, change.segment) == "Nivel: Alto + Zona: Lima"
    assert say.because("A + B", "only one") == "A + B: only one"
