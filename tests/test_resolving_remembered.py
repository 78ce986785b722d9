from __future__ import annotations

from segmenter.cli.connection import open_crm
from segmenter.conditions import words
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.resolving.remembered import references, remembered
from segmenter.resolving.resolve import resolve, survey
from segmenter.spec import load, loads
from segmenter.spec.starters import ready_spec
from tests.support.heads import altered

SPEC = load(ready_spec("demo"))


def test_a_spec_reads_as_on_the_crm_that_the_plan_was_made_on() -> None:
    crm = open_crm(SPEC, demo_server())
    there = draft(SPEC, crm.reader, crm.catalog, crm.clock)
    here = open_crm(SPEC, remembered(SPEC, there.plan))
    found = resolve(SPEC, here.reader, here.catalog, here.clock)
    for known, told in zip(there.resolved.segmentations, found.segmentations, strict=True):
        for one, other in zip(known.segments, told.segments, strict=True):
            assert (one.bound and words(one.bound)) == (other.bound and words(other.bound))
    assert here.reader.count("crm.lead", []) == 0


def test_a_field_of_the_clients_own_has_the_label_of_the_plan() -> None:
    leaf = {
        "field": "x_zona",
        "labels": ["Zona"],
        "kind": "selection",
        "operator": "=",
        "values": ["n"],
        "names": ["Norte"],
    }
    crm = open_crm(SPEC, demo_server())
    plan = altered(draft(SPEC, crm.reader, crm.catalog, crm.clock).plan, scope_condition={"all": [leaf]})
    text = """\
version: 1
client: {name: Viveros del Maipo, language: es_CL}
scope: {model: crm.lead, where: {x_zona: Norte}}
segmentations: [{name: A, segments: [{name: B, when: {x_otra: x}}]}]
"""
    spec = loads(text, "x.yaml")
    here = open_crm(spec, remembered(spec, plan))
    found = survey(spec, here.reader, here.catalog, here.clock)
    assert found.scope is not None
    assert words(found.scope) == "Zona: Norte"
    assert [problem.path for problem in found.problems] == [("segmentations", 0, "segments", 0, "when", "x_otra")]


def test_what_references_are_called() -> None:
    crm = open_crm(SPEC, demo_server())
    resolved = resolve(SPEC, crm.reader, crm.catalog, crm.clock)
    called = references(SPEC, resolved, crm.catalog)
    assert called["user_id", "ana@viveros.example"] == "Ana Soto"
    assert called["stage_id", "Calificado"] == "Calificado"
