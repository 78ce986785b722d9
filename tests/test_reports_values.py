from __future__ import annotations

from segmenter.plans.changes import Change
from segmenter.reports.values import Values, because, called, placed
from tests.support.heads import altered
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
    assert say.value("team_id", 1234) == "(another value, id 1234)"
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
    assert because(change.segmentation, change.segment) == "Nivel: Alto + Zona: Lima"
    assert because("A + B", "only one") == "A + B: only one"


def test_leaving_every_segment_is_a_reason() -> None:
    assert because("Interés", "") == placed("Interés", "") == "Interés: (none)"
    assert because("Nivel + Zona", " + Lima") == "Nivel: (none) + Zona: Lima"


def test_a_record_without_a_name_is_something_to_see() -> None:
    assert called("  ") == "(no name)"
    assert called("a\x1bb") == "a�b"


def test_the_numbers_of_an_export_are_not_called_ids() -> None:
    assert say.id_head == "Id"
    for numbers, head in (("id", "Id"), ("row", "Row"), ("either", "Row or id")):
        server = {**PLAN.identity.server, "numbers": numbers}
        assert Values(altered(PLAN, source="export", server=server)).id_head == head
    assert Values(altered(PLAN, source="export")).id_head == "Row or id"


def test_names_that_were_found_later_are_known_too() -> None:
    assert Values(PLAN, {"team_id:1234": "Posventa"}).value("team_id", 1234) == "Posventa"
