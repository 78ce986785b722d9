"""Plain data -> the dataclasses, word by word of the language."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import Leaf
from segmenter.errors import Problem
from segmenter.spec.build import build, build_example
from segmenter.spec.document import read
from segmenter.spec.model import (
    Action,
    Amount,
    Assign,
    Client,
    Connection,
    Example,
    Favourites,
    Limits,
    Range,
    Scope,
    Segment,
    Segmentation,
    SetStage,
    SetTags,
    SetValue,
    Spec,
    Store,
)

Y = "version: 1\nclient: {name: X}\n"


def built(text: str) -> Spec:
    problems: list[Any] = []
    spec = build(read(text, "x").data, problems)
    assert not problems
    return spec


def segment(text: str) -> Segment:
    return (
        built(f"segmentations:\n  - name: S\n    segments:\n      - {{name: A, when: {{a: 1}}, {text}}}")
        .segmentations[0]
        .segments[0]
    )


def test_the_head() -> None:
    spec = built(
        "client: {name: V, approver: Paula, language: es_PE, timezone: America/Lima}\n"
        "odoo: {url: 'https://v.example', database: d, user: u}\n"
        "scope: {model: res.partner, where: {a: 1}, archived: true, expect: 400..1500}\n"
        "protect: [{b: 2}, {c: 3}]\nfilters: shared\n"
    )
    assert spec.client == Client("V", "Paula", "es_PE", "America/Lima")
    assert spec.odoo == Connection("https://v.example", "d", "u")
    assert spec.scope == Scope("res.partner", Leaf("a", "=", 1), True, Range(Amount(400), Amount(1500)))
    assert spec.protect == (Leaf("b", "=", 2), Leaf("c", "=", 3))
    assert spec.protect[1].path[:2] == ("protect", 1)
    assert spec.filters == Favourites()


def test_what_is_not_said() -> None:
    spec = built(Y)
    assert spec.client == Client("X", None, "es_CL", "America/Santiago")
    assert (spec.odoo, spec.protect, spec.filters, spec.limits, spec.examples) == (None, (), None, Limits(), ())


@pytest.mark.parametrize(
    ("store", "model", "wanted"),
    [
        ("{tags: exclusive}", "crm.lead", Store("tags", "tag_ids")),
        ("{tags: many}", "crm.lead", Store("tags", "tag_ids", exclusive=False)),
        ("{categories: exclusive}", "res.partner", Store("categories", "category_id")),
        ("{categories: many}", "res.partner", Store("categories", "category_id", exclusive=False)),
        ("{field: source_id}", "crm.lead", Store("field", "source_id")),
        ("null", "crm.lead", None),
    ],
)
def test_stores(store: str, model: str, wanted: Store | None) -> None:
    spec = built(f"scope: {{model: {model}}}\nsegmentations: [{{name: S, store: {store}, segments: []}}]")
    assert spec.segmentations[0].store == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("priority: 3", SetValue("priority", 3)),
        ("source_id: null", SetValue("source_id", None)),
        ("x_vip: true", SetValue("x_vip", True)),
        ("stage_id: Calificado", SetStage("stage_id", "Calificado")),
        ("stage_id: null", SetValue("stage_id", None)),
        ("stage_id: {to: Calificado, from: Nuevo}", SetStage("stage_id", "Calificado", ("Nuevo",))),
        ("stage_id: {to: C, from: [A, B]}", SetStage("stage_id", "C", ("A", "B"))),
        ("user_id: {assign: ana}", Assign("user_id", ("ana",), "round_robin", True, None)),
        (
            "user_id: {assign: [ana, luis], by: least_loaded, only_if_empty: false, cap: 5}",
            Assign("user_id", ("ana", "luis"), "least_loaded", False, 5),
        ),
        ("tag_ids: {add: VIP}", SetTags("tag_ids", ("VIP",))),
        ("tag_ids: {add: [A], remove: [B, C]}", SetTags("tag_ids", ("A",), ("B", "C"))),
    ],
)
def test_actions(text: str, wanted: Action) -> None:
    (action,) = segment(f"set: {{{text}}}").actions
    assert action == wanted
    assert action.path == ("segmentations", 0, "segments", 0, "set", wanted.field)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("400..1500", Range(Amount(400), Amount(1500))),
        ("5%..25%", Range(Amount(5, percent=True), Amount(25, percent=True))),
        ("'2,5%..'", Range(Amount(2.5, percent=True), None)),
        ("..10", Range(None, Amount(10))),
        ("3 .. 4", Range(Amount(3), Amount(4))),
        ("7", Range(Amount(7), Amount(7))),
        ("10%", Range(Amount(10, percent=True), Amount(10, percent=True))),
    ],
)
def test_ranges(text: str, wanted: Range) -> None:
    assert segment(f"expect: {text}").expect == wanted


@pytest.mark.parametrize(("text", "wanted"), [("green", 10), ("azul_oscuro", 8), ("0", 0), ("11", 11), ("gris", 0)])
def test_colours(text: str, wanted: int) -> None:
    assert segment(f"color: {text}").color == wanted


def test_a_segment_and_its_default() -> None:
    one = built(
        "segmentations:\n  - name: S\n    description: d\n    segments:\n"
        "      - {name: A, when: {a: 1}, description: e, value: 5}\n    default: {name: B, set: {priority: 0}}\n"
    ).segmentations[0]
    first, default = one.all_segments
    assert (one.description, first.description, first.value, first.stored, first.condition) == (
        "d",
        "e",
        5,
        5,
        Leaf("a", "=", 1),
    )
    assert (default.condition, default.stored, default.actions) == (None, "B", (SetValue("priority", 0),))
    assert (one.path, first.path, default.path) == (
        ("segmentations", 0),
        ("segmentations", 0, "segments", 0),
        ("segmentations", 0, "default"),
    )


def test_limits() -> None:
    spec = built("limits: {changes: off, overwrites: 25%, removed_tags: 7, portfolio: '50', require_approval: true}")
    assert spec.limits == Limits(
        changes=None,
        overwrites=Amount(25, percent=True),
        removed_tags=Amount(7),
        moved_stages=Limits().moved_stages,
        portfolio=Amount(50),
        require_approval=True,
    )


@pytest.mark.parametrize("text", ["5", "[]", "{scope: 5, client: [], odoo: x, segmentations: {a: 1}, examples: [5]}"])
def test_any_form_gives_a_spec(text: str) -> None:
    assert built(text).segmentations == ()


def named(name: str, kind: Store | None, *segments: str, default: str | None = None) -> Segmentation:
    return Segmentation(
        name, kind, tuple(Segment(s, None) for s in segments), Segment(default, None) if default else None
    )


SEGMENTATIONS = (
    named("Nivel", Store("tags", "tag_ids"), "Alto", "Medio", default="Sin evaluar"),
    named("Interés", Store("tags", "tag_ids", exclusive=False), "Riego", "Plantas"),
)


def read_example(text: str) -> tuple[Example, list[Problem]]:
    data = read(text, "x").data
    assert isinstance(data, dict)
    problems: list[Problem] = []
    return build_example(data, ("examples", 0), SEGMENTATIONS, problems), problems


@pytest.mark.parametrize(
    ("expect", "wanted"),
    [
        ("{Nivel: Alto}", {"Nivel": "Alto"}),
        ("{Nivel: Sin evaluar, Interés: null}", {"Nivel": "Sin evaluar", "Interés": ""}),
        ("{Interés: [Plantas, Riego]}", {"Interés": "Riego, Plantas"}),
        ("{Interés: Plantas}", {"Interés": "Plantas"}),
    ],
)
def test_what_is_expected(expect: str, wanted: dict[str, str]) -> None:
    found, problems = read_example(f"{{given: {{name: x}}, expect: {expect}}}")
    assert (found.expect, problems) == (wanted, [])


def test_given_and_record() -> None:
    assert read_example("{given: {a: [1, 2], b.c: x}, expect: {}}")[0].given == {"a": [1, 2], "b.c": "x"}
    assert read_example("{record: 5, expect: {}}")[0].record == 5
    assert read_example("{record: ana@x.example, expect: {}}")[0].record == "ana@x.example"


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ("{Zona: x}", "There is no segmentation Zona in this spec; there are Nivel, Interés"),
        ("{nivel: Alto}", "There is no segmentation nivel in this spec; did you mean Nivel?"),
        ("{Nivel: Enorme}", "Nivel has no segment Enorme; there are Alto, Medio, Sin evaluar"),
        ("{Nivel: [Alto, Medio]}", "A record belongs to one segment of Nivel at most; name one, or null for none"),
    ],
)
def test_what_cannot_be_expected(expect: str, sentence: str) -> None:
    _found, problems = read_example(f"{{record: x, expect: {expect}}}")
    assert [str(problem) for problem in problems] == [sentence]
    assert problems[0].path[:3] == ("examples", 0, "expect")
