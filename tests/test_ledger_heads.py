"""The head of a plan as text and back."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from types import MappingProxyType

from segmenter.ledger import heads, version2
from segmenter.notice import Notice, as_written
from segmenter.plans.changes import ConfigChange
from segmenter.plans.expected import Amount, Period, Range
from segmenter.plans.plan import PARTS, ExampleResult, Overlap, Plan, Portion, SegmentCount, Tally, Violation
from tests.support.heads import PART_OF, altered
from tests.support.ledgers import make_head

CITY = {"field": "city", "labels": ["Ciudad"], "kind": "text", "operator": "=", "values": ["Lima"]}
SHARE = Range(Amount(5, percent=True), Amount(25, percent=True))
FULL = make_head(
    scope_domain=(["type", "=", "opportunity"],),
    uncovered={"Nivel": 4},
    segments=(SegmentCount("Nivel", "Alto", False, 10, "d", CITY, ("&", ["a", "=", 1]), 7, 5, 4, SHARE, True),),
    overlaps=(Overlap("Nivel", "Alto", "Medio", 2, ((7, "Hotel"), (9, "Sol"))),),
    config=(
        ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10}),
        ConfigChange(-2, "crm.tag", "Medio", {"color": 1}, {"color": 2}, 31, "Nivel"),
    ),
    periods=(Period("create_date", "within", 90, "days", "2025-12-02 03:00:00", "2026-03-03 03:00:00"),),
    examples=(ExampleResult("Hotel Sol", {"Nivel": "Alto"}, {"Nivel": "Medio"}),),
    warnings=(Notice("placement.empty", names={"segmentation": "Nivel", "segment": "Alto"}), as_written("b")),
    side_effects=(Notice("followers", {"number": 3}, {"people": ("Ana", "Luis")}),),
    labels={"priority": "Prioridad"},
    field_types={"priority": "selection"},
    value_names={"priority:3": "Muy alta"},
    owned={"tag_ids": (5, 8)},
    workload={"ana": (3, 9)},
    tally=Tally(5, 9, 1, 0, 2, 3),
    violations=(Violation("overwrites", 12.5, 10, Notice("limit.share", {"percent": 5})), Violation("changes", 9, 5)),
    source="export",
    digest="cd" * 32,
    portions=(Portion("Nivel", "Alto", "Nuevo", "", 5, 1200.5),),
    currency="CLP",
    protected_sample=((3, "No"),),
    uncovered_sample={"Nivel": ((4, "Nada"),)},
    scope_condition={"any": [{"not": CITY}, CITY]},
    protect_condition=CITY,
    scope_expected=Range(Amount(400), Amount(1500)),
    scope_met=True,
    client_language="es_CL",
)


def test_everything_comes_back() -> None:
    assert heads.read(3, heads.written(FULL)) == replace(FULL, id="P3")


def test_a_head_of_an_older_version_is_read() -> None:
    old = json.loads(heads.written(FULL))
    for overlap in old["counts"]["overlaps"]:
        del overlap["sample"]
    for count in old["counts"]["segments"]:
        del count["field"], count["value"]
    lacking = ("portions", "currency", "protected_sample", "uncovered_sample", "client_language")
    for name in (*lacking, "scope_condition", "protect_condition", "scope_expected", "scope_met"):
        del old[PART_OF[name]][name]
    del old["examples"][0]["record"]
    read = heads.read(3, json.dumps(old))
    assert (read.counts.portions, read.counts.overlaps[0].sample) == ((), ())
    assert read.counts.segments == FULL.counts.segments
    assert (read.rules.scope_condition, read.counts.scope_expected, read.examples) == (None, None, FULL.examples)


def test_sentences_of_an_older_version_are_read() -> None:
    facts = json.loads(heads.written(FULL))
    old = {name: value for part in PARTS for name, value in facts.pop(part).items()} | facts
    old |= {"warnings": ["a", "b"], "side_effects": ["c"]}
    old["violations"] = [{"limit": "overwrites", "found": 12.5, "allowed": 10, "sentence": "too many"}]
    del old["segments"][0]["condition"], old["periods"], old["scope_condition"], old["protect_condition"]
    old["segments"][0] |= {"words": "w", "expected": "5%..25%"}
    old |= {"scope_words": "s", "protect_words": "", "scope_expected": "..1500", "bounds": {}}
    kept = {"warnings": ["x", "y"], "side_effects": ["z"], "violations": ["demasiado"], "scope": "e", "protect": ""}
    old["said"] = {"es": {"words": ["p"], **kept}}
    read = version2.head_of(3, json.dumps(old))
    assert read.counts.segments == (
        replace(FULL.counts.segments[0], condition={"as_written": {"sentence": "w", "es": "p"}}),
    )
    assert read.rules.scope_condition == {"as_written": {"sentence": "s", "es": "e"}}
    assert (read.rules.protect_condition, read.counts.scope_expected) == (None, Range(None, Amount(1500)))
    assert heads.read(3, heads.written(read)) == read
    assert read.warnings == (as_written("a", {"es": "x"}), as_written("b", {"es": "y"}))
    assert read.side_effects == (as_written("c", {"es": "z"}),)
    assert read.violations == (Violation("overwrites", 12.5, 10, as_written("too many", {"es": "demasiado"})),)


def test_the_text_is_canonical_and_has_no_id() -> None:
    again = heads.written(altered(FULL, id="P9", labels=MappingProxyType(dict(FULL.names.labels))))
    assert again == heads.written(FULL)
    assert "P9" not in again


def test_no_two_parts_of_a_plan_have_a_fact_of_one_name() -> None:
    names = [field.name for kind in (*PARTS.values(), Plan) for field in fields(kind)]
    assert sorted(set(names)) == sorted(names)
    assert set(PARTS) < set(names)
