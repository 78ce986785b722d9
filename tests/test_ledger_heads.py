"""The head of a plan as text and back."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

from segmenter.ledger import heads
from segmenter.planning.model import ConfigChange, ExampleResult, Overlap, Portion, Said, SegmentCount, Tally, Violation
from tests.support.ledgers import make_head

FULL = make_head(
    scope_domain=(["type", "=", "opportunity"],),
    uncovered={"Nivel": 4},
    segments=(SegmentCount("Nivel", "Alto", False, 10, "d", "w", ("&", ["a", "=", 1]), 7, 5, 4, "5%..25%", True),),
    overlaps=(Overlap("Nivel", "Alto", "Medio", 2, ((7, "Hotel"), (9, "Sol"))),),
    config=(
        ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10}),
        ConfigChange(-2, "crm.tag", "Medio", {"color": 1}, {"color": 2}, 31, "Nivel"),
    ),
    bounds={"create_date: {within: 90 days}": "2025-12-02..2026-03-02"},
    examples=(ExampleResult("Hotel Sol", {"Nivel": "Alto"}, {"Nivel": "Medio"}),),
    warnings=("a", "b"),
    side_effects=("c",),
    labels={"priority": "Prioridad"},
    field_types={"priority": "selection"},
    value_names={"priority:3": "Muy alta"},
    owned={"tag_ids": (5, 8)},
    workload={"ana": (3, 9)},
    tally=Tally(5, 9, 1, 0, 2, 3),
    violations=(Violation("overwrites", 12.5, 10, "too many"),),
    source="export",
    digest="cd" * 32,
    portions=(Portion("Nivel", "Alto", "Nuevo", "", 5, 1200.5),),
    currency="CLP",
    protected_sample=((3, "No"),),
    uncovered_sample={"Nivel": ((4, "Nada"),)},
    said={"es": Said(("w",), ("a", "b"), ("c",), ("demasiado",), "s", "p")},
    scope_words="Tipo es Oportunidad",
    protect_words="Nombre contiene NO",
    scope_expected="400..1500",
    scope_met=True,
    client_language="es_CL",
)


def test_everything_comes_back() -> None:
    assert heads.read(3, heads.written(FULL)) == replace(FULL, id="P3")


def test_a_head_of_an_older_version_is_read() -> None:
    old = json.loads(heads.written(FULL))
    for name in ("portions", "currency", "protected_sample", "uncovered_sample", "said", "client_language"):
        del old[name]
    for overlap in old["overlaps"]:
        del overlap["sample"]
    for count in old["segments"]:
        del count["field"], count["value"]
    for name in ("scope_words", "protect_words", "scope_expected", "scope_met"):
        del old[name]
    del old["examples"][0]["record"]
    read = heads.read(3, json.dumps(old))
    assert (read.portions, read.said, read.overlaps[0].sample) == ((), {}, ())
    assert read.segments == FULL.segments
    assert (read.scope_words, read.scope_expected, read.examples) == ("", "", FULL.examples)


def test_sentences_of_an_older_version_are_read() -> None:
    old = json.loads(heads.written(FULL))
    del old["said"]["es"]["scope"], old["said"]["es"]["protect"]
    assert heads.read(3, json.dumps(old)).said == {"es": Said(("w",), ("a", "b"), ("c",), ("demasiado",))}


def test_the_text_is_canonical_and_has_no_id() -> None:
    again = heads.written(replace(FULL, id="P9", labels=MappingProxyType(dict(FULL.labels))))
    assert again == heads.written(FULL)
    assert "P9" not in again
