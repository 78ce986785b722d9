from __future__ import annotations

from dataclasses import replace

from segmenter.i18n import use_language
from segmenter.plans import ConfigChange
from segmenter.reports import plan as plans
from tests.support.heads import altered
from tests.support.report_samples import CHANGES, NOTHING, PLAN, printed
from tests.support.sets import gathered


def _shown(most: int | None = 10) -> str:
    return printed(plans.terminal(PLAN, gathered(CHANGES, most)))


def test_gathering_counts_without_pins_and_keeps_the_first() -> None:
    some = gathered(CHANGES, 2)
    assert some.by_field == {"tag_ids": 1, "priority": 1, "expected_revenue": 1}
    assert some.pins == 1
    assert [change.field for change in some.sample] == ["tag_ids", "priority"]
    assert len(gathered(CHANGES, None).sample) == 3


def test_the_head_says_where_and_how_many() -> None:
    said = _shown()
    assert "https://v.example, database viveros, Odoo 19.0, as s@v.example" in said
    assert "1,500 prospects" in said
    assert "12 prospects, which are never touched" in said
    assert "the last 90 days: from August 24, 2026 on" in said


def test_a_protection_of_no_record_is_told_as_one() -> None:
    leaf = {"field": "x", "labels": ["Etapa"], "operator": "=", "values": ["Ganado"], "kind": "many2one"}
    nobody = altered(PLAN, protected=0, protect_condition=leaf)
    lines = [line.split() for line in printed(plans.terminal(nobody, gathered(CHANGES))).splitlines()]
    told = lines.index(["Protected", "0", "prospects,", "which", "are", "never", "touched"])
    assert lines[told + 1] == ["Etapa:", "Ganado"]


def test_each_segment_has_its_numbers_and_what_the_client_expects() -> None:
    rows = [line.split() for line in _shown().splitlines()]
    assert [
        "Alto",
        "●",
        "green",
        "Revenue",
        "is",
        "at",
        "least",
        "5",
        "300",
        "300",
        "20.0",
        "%",
        "0",
        "✗",
        "..10%",
    ] in rows
    assert ["Bajo", "(all", "the", "rest)", "900", "60.0", "%", "0"] in rows


def test_overlaps_say_who_takes_the_records() -> None:
    assert "Nivel: matching both Alto and Medio, taken by Alto: 240" in _shown()
    assert "Nivel: in no segment: 40" in _shown()


def test_in_a_store_that_holds_many_nobody_takes_from_anybody() -> None:
    segments = tuple(replace(one, taken=one.matched) for one in PLAN.counts.segments)
    said = printed(plans.terminal(altered(PLAN, segments=segments), gathered(CHANGES)))
    assert "Nivel: in both Alto and Medio: 240" in said


def test_configuration_shows_names_instead_of_ids_to_come() -> None:
    said = _shown()
    assert "● red → ● yellow" in said
    assert "Etiquetas: Alto" in said
    assert "shared favourite" in said


def test_a_live_favourite_is_told_in_words() -> None:
    live = ConfigChange(-9, "ir.filters", "1 Alto", {"name": "1 Alto", "domain": "[('city', '=', 'Lima')]"})
    said = printed(plans.terminal(altered(PLAN, config=(live,)), gathered(CHANGES, 10)))
    assert "who meets the criteria on the day" in said
    assert "city" not in said


def test_changes_are_shown_by_name() -> None:
    rows = [line.split() for line in _shown().splitlines()]
    assert ["7", "Hotel", "Sol", "Etiquetas", "-VIP", "+Alto", "Nivel:", "Alto"] in rows
    assert ["Prioridad", "Baja", "→", "Muy", "alta", "Nivel:", "Alto"] in rows
    assert "The first 1 of 3 changes" in _shown(1)
    assert "All changes" in _shown(None)


def test_what_stands_against_it_comes_last() -> None:
    said = _shown()
    against = "Nivel: Alto has 300 records; the client expects 10\N{NO-BREAK SPACE}% at most"
    assert said.rstrip().endswith(f"✗ what the client expects (expect): {against}")
    assert said.index("lose a value that was there: 1") < said.index("stands against applying")


def test_a_plan_of_nothing_says_so() -> None:
    said = printed(plans.terminal(NOTHING, gathered([])))
    assert "Nothing has to change" in said
    assert "Configuration" not in said


def test_an_export_is_no_server() -> None:
    said = printed(plans.heading(altered(PLAN, source="export"), plans.Values(PLAN)))
    assert "Export" in said
    assert "database" not in said


def test_names_cannot_steer_the_terminal() -> None:
    nasty = replace(CHANGES[0], name="Hotel \x1b[2J[bold]Sol")
    said = printed(plans.terminal(PLAN, gathered([nasty])))
    assert "\x1b" not in said
    assert "Hotel �[2J[bold]Sol" in said


def test_numbers_follow_the_language() -> None:
    use_language("es")
    assert "1.500" in printed(plans.heading(PLAN, plans.Values(PLAN)))
