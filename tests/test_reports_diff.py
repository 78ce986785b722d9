"""Two plans against each other, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from segmenter.i18n import speaking
from segmenter.planning.comparing import PlanDiff, compare
from segmenter.planning.edits import Edit
from segmenter.planning.moves import Move, Place, Side
from segmenter.plans.changes import ChangeSet
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import Plan
from segmenter.record_set import RecordSet
from segmenter.reports import pages
from segmenter.reports.diff import Told, place_name, told
from segmenter.reports.diff_output import document, terminal
from segmenter.reports.edit_words import edit_line, reason
from segmenter.reports.text import Style
from segmenter.reports.values import called
from tests.support.heads import altered
from tests.support.report_samples import NOTHING, PLAN, printed, written

SAME = compare(Side(PLAN, ()), Side(PLAN, ()))


def words(edit: Edit) -> tuple[str, str, str]:
    line = edit_line(edit, SAME)
    return line.about, line.before, line.after


ASSIGN = {
    "action": "Assign",
    "field": "team_id",
    "people": ["ana@v.example", "luis@v.example"],
    "by": "round_robin",
    "only_if_empty": True,
    "cap": 9,
}
STORE = {"kind": "tags", "field": "tag_ids", "exclusive": True}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("color", None, 10, "Nivel", "Alto"), ("Nivel: Alto: colour", "none", "green")),
        (Edit("description", "a", "b", "Nivel", "Alto"), ("Nivel: Alto: description", "a", "b")),
        (
            Edit("condition", written("x is 1"), None, "Nivel", "Alto"),
            ("Nivel: Alto: criteria", "x is 1", "everything that no other segment takes"),
        ),
        (Edit("segment", None, "Alto", "Nivel", "Alto"), ("Nivel: Alto: new segment", "", "Revenue is at least 5")),
        (
            Edit("segment", "Bajo", None, "Nivel", "Bajo"),
            ("Nivel: Bajo: segment that is gone", "everything that no other segment takes", ""),
        ),
        (Edit("segmentation", None, "Nivel", "Nivel"), ("Nivel: new segmentation", "", "Alto, Medio, Bajo")),
        (Edit("segmentation", "Nivel", None, "Nivel"), ("Nivel: segmentation that is gone", "Alto, Medio, Bajo", "")),
        (Edit("name", "Alto", "Grande", "Nivel", "Grande"), ("Nivel: Grande: name", "Alto", "Grande")),
        (
            Edit("expect", None, Range(Amount(5, True), None), "Nivel", "Alto"),
            ("Nivel: Alto: records that you expect", "", "5\N{NO-BREAK SPACE}% or more"),
        ),
        (Edit("order", ["A", "B"], ["B", "A"], "Nivel"), ("Nivel: order of the segments", "A, B", "B, A")),
        (
            Edit("store", STORE, {**STORE, "kind": "categories", "exclusive": False}, "Nivel"),
            ("Nivel: where it is stored", "tags, one of them at most", "contact tags, several of them"),
        ),
        (
            Edit("store", None, {"kind": "field", "field": "source_id", "exclusive": True}, "Nivel"),
            ("Nivel: where it is stored", "nowhere", "source_id"),
        ),
        (Edit("contacts", False, True, "Nivel"), ("Nivel: contacts follow their company", "no", "yes")),
        (Edit("scope", None, written("x")), ("Which records", "all records", "x")),
        (Edit("protect", None, written("x")), ("Protected records", "none", "x")),
        (
            Edit("limit", Amount(5000), None, limit="changes"),
            ("Limit: records that change (changes)", "5,000", "no limit"),
        ),
        (
            Edit("filters", None, {"people": (), "show": "live"}),
            ("Favourites in Odoo", "no", "for everybody: who meets the criteria on the day"),
        ),
        (
            Edit("filters", {"people": ("ana@v.example",), "show": "holds"}, None),
            ("Favourites in Odoo", "ana@v.example: who has the tag or value", "no"),
        ),
        (
            Edit("filter", None, "live", "Nivel", "Alto"),
            ("Nivel: Alto: what its favourite shows", "as the others", "who meets the criteria on the day"),
        ),
        (Edit("tracking", None, "keep"), ("Notes in the chatter", "where they mail nobody", "yes")),
        (
            Edit("actions", [], [{"action": "SetValue", "field": "priority", "value": 3}], "Nivel", "Alto"),
            ("Nivel: Alto: what is done with its records", "nothing", "Prioridad: Muy alta"),
        ),
        (
            Edit(
                "actions",
                [ASSIGN, {**ASSIGN, "by": "least_loaded", "only_if_empty": False, "cap": None}],
                [
                    {"action": "SetTags", "field": "tag_ids", "add": ["VIP"], "remove": ["Frío"]},
                    {"action": "SetStage", "field": "stage_id", "to": "Calificado", "come_from": ["Nuevo"]},
                    {"action": "SetStage", "field": "stage_id", "to": "Ganado", "come_from": []},
                    {"action": "Convert", "field": "type", "customer": "link"},
                ],
                *("Nivel", "Alto"),
            ),
            (
                "Nivel: Alto: what is done with its records",
                "Equipo: ana@v.example, luis@v.example (in turn, only where there is nobody, 9 records at most); "
                "Equipo: ana@v.example, luis@v.example (to whoever has fewest)",
                "Etiquetas: +VIP -Frío; stage_id: Calificado (only from Nuevo); stage_id: Ganado; "
                "becomes an opportunity of the contact with its e-mail",
            ),
        ),
    ],
)
def test_each_edit_in_words(edit: Edit, expected: tuple[str, str, str]) -> None:
    assert words(edit) == expected


def test_reasons_and_places() -> None:
    assert reason(Edit("condition", 1, 2, "Nivel", "Alto")) == "the criteria of Alto were edited"
    assert reason(Edit("segment", None, "Alto", "Nivel", "Alto")) == "Alto is a new segment"
    assert reason(Edit("segment", "Alto", None, "Nivel", "Alto")) == "Alto is no segment any more"
    assert reason(Edit("name", "Alto", "Grande", "Nivel", "Grande")) == "Alto is called Grande now"
    places = [Place("segment", "Alto"), Place("none"), Place("out", "Alto"), Place("protected"), Place("outside")]
    assert [place_name(place) for place in places] == [
        *("Alto", "(no segment)", "(not in Alto)", "(protected)", "(outside the scope)"),
    ]


def moved(number: int) -> PlanDiff:
    """A move of one record each, half of them explained."""
    edit = Edit("condition", written("x"), written("y"), "Nivel", "Alto")
    moves = [
        Move(f"S{at}", Place("none"), Place("segment", "Alto"), RecordSet([at]), (edit,) * (at % 2))
        for at in range(1, number + 1)
    ]
    new = altered(PLAN, scope_count=7)
    return replace(SAME, new=replace(new, id="P2"), edits=(edit,), moves=tuple(moves), figures={"scope_count": (5, 7)})


def test_a_page_folds_what_is_beyond_ten_lines_and_says_everything_safely() -> None:
    lines = told(moved(24), lambda records: dict.fromkeys(records, "<b>"))
    assert (len(lines.moves), len(lines.drift)) == (12, 12)
    with speaking("es"):
        shown = compared(told(moved(24), lambda records: {}))
    assert shown.count("2 líneas más") == 2
    assert "(sin nombre)" in shown
    assert "&lt;b&gt;" in compared(lines)
    assert "<b>" not in compared(lines)
    assert compared(lines).count("<details>") == 2


def compared(lines: Told) -> str:
    template = pages._environment().from_string(
        '{% import "diff.html" as diffs with context %}{{ diffs.compared(lines, link, whole=true) }}'
    )
    return template.render(lines=lines, link=("https://v.example/", ""), say=Style("es_CL"), called=called)


def test_everything_else_is_a_line() -> None:
    changes = [ChangeSet(RecordSet([7]), "priority", "0", "3", "Nivel", "Alto")]
    new: Plan = replace(altered(NOTHING, workload={"Eva": (1, 2)}), id="P2")
    found = compare(Side(PLAN, changes), Side(new, [replace(changes[0], after="0", before="1"), *changes[:0]]))
    rest = {(line.about, line.before, line.after) for line in told(found, lambda records: {}).rest}
    assert {
        ("Records that would change", "2", "0"),
        ("Prioridad: records that would get another value", "", "1"),
        ("Open records of Ana Soto", "14", "–"),
        ("Open records of Eva", "–", "2"),
        ("Example: Hotel Luna", "✗ Nivel: Bajo", "–"),
        ("New in Odoo", "tag: Alto", ""),
        ("Altered in Odoo", "tag: Medio", ""),
    } <= rest
    text = printed(terminal(found, lambda records: {}))
    assert "What else differs" in text
    assert "An older version made one of these plans" in text
    made = document(found, lambda records: {})
    assert made["violations"]["only_old"][0]["limit"] == "expect"
    assert made["writes"] == [
        {"field": "priority", "field_label": "Prioridad", "only_old": 0, "only_new": 0, "other": 1}
    ]


def test_the_same_plan() -> None:
    assert told(SAME, lambda records: {}).headline == "P1 is the same plan: nothing differs."
    assert printed(terminal(SAME, lambda records: {})).splitlines()[0] == "P1 is the same plan: nothing differs."
