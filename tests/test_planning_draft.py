"""A plan in the making: what its head says about the records, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.drafting import Draft, draft
from segmenter.errors import SpecError
from segmenter.ledger import open_ledger
from segmenter.plans import Plan
from segmenter.reports.notices import example_got
from tests.support.engagement import ANA, LUIS, Embedded, Engagement
from tests.support.words import sentences


@pytest.fixture
def e(tmp_path: Path) -> Iterator[Engagement]:
    """On the CRM in memory alone."""
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield Engagement(Embedded(), ledger)


def finished(draft: Draft) -> Plan:
    list(draft)
    return draft.plan


def test_every_name_that_does_not_resolve_is_told_at_its_place_before_a_record_is_asked_for(e: Engagement) -> None:
    levels = e.levels(user_id={"assign": ["nadie@viveros.example"]}, medium_id="Telefno")
    levels["segments"][1]["when"] = {"cty": "Lima"}
    spec = e.spec(levels, examples=[{"given": {"source_id": "Refrido"}, "expect": {"Nivel": e.tag("Alto")}}])
    with pytest.raises(SpecError) as refused:
        e.draft(spec)
    text = str(refused.value)
    for wrong in ("nadie@viveros.example", "Telefno", "cty"):
        assert wrong in text
    assert all(problem.place.startswith("spec.yaml:") for problem in refused.value.problems)


@pytest.mark.parametrize("field", ["email_from", "phone", "partner_id"])
def test_a_field_whose_write_reaches_other_leads_is_refused(e: Engagement, field: str) -> None:
    with pytest.raises(SpecError, match=r"also changes its contact|takes over the e-mail and phone"):
        e.draft(e.spec(e.levels(**{field: "x"})))


@pytest.mark.parametrize("field", ["create_date", "day_open", "won_status"])
def test_a_computed_field_is_refused(e: Engagement, field: str) -> None:
    with pytest.raises(SpecError, match="computed by Odoo"):
        e.draft(e.spec(e.levels(**{field: "2026-01-01"})))


def test_the_head_names_values_counts_and_warnings(e: Engagement) -> None:
    e.make_leads(12)
    move = {"to": "Calificado", "from": ["Nueva"]}
    levels = e.levels(stage_id=move, user_id={"assign": [ANA, LUIS]})
    levels["segments"].append({"name": e.tag("Nunca"), "when": {"city": "Iquique"}})
    plan = finished(e.draft(e.spec(levels, protect=[{"name": {"contains": "0003"}}])))
    assert (plan.counts.scope_count, plan.counts.protected, plan.counts.uncovered) == (11, 1, {"Nivel": 0})
    assert f"Nivel: nothing falls into {e.tag('Nunca')}" in sentences(plan.warnings)
    stage, new = e.crm.stages["Calificado"], plan.config[0]
    assert plan.names.value_names[f"stage_id:{stage}"] == "Calificado"
    assert plan.names.value_names[f"tag_ids:{new.ref}"] == e.tag("Alto")
    assert plan.names.value_names["priority:3"] == "Muy alta"
    assert plan.names.labels["stage_id"] == "Etapa"
    assert plan.names.field_types["team_id"] == "many2one"
    assert sorted(plan.rules.owned["tag_ids"]) == [-4, -3, -2, -1]
    assert set(plan.counts.workload) == {"Ana Soto", "Luis Paredes"}
    assert any("no mail is sent" in sentence for sentence in sentences(plan.side_effects))


def test_a_record_that_no_segment_takes_is_counted(e: Engagement) -> None:
    e.make_leads(6)
    levels = e.levels()
    del levels["default"]
    plan = finished(e.draft(e.spec(levels)))
    assert plan.counts.uncovered == {"Nivel": 3}
    assert "Nivel: no segment takes 3 records, and there is no default" in sentences(plan.warnings)


def test_the_same_crm_and_moment_give_the_same_digest_and_another_crm_another(e: Engagement) -> None:
    e.make_leads(6)
    spec = e.spec(e.levels())
    reader, catalog, clock = e.look(spec, e.crm.connect())

    def digest() -> str:
        return draft(spec, reader, catalog, clock).plan.digest

    first = digest()
    assert digest() == first
    e.crm.write("crm.lead", [e.leads[5]], priority="1")
    assert digest() != first


def test_examples_of_live_records_say_why_they_have_no_segment(e: Engagement) -> None:
    e.make_leads(3)
    e.crm.create("crm.lead", {"name": "Ajeno"})
    nivel = {"Nivel": e.tag("Bajo")}
    names = ("Ajeno", "Nadie", f"{e.mark} lead 0001", f"{e.mark} lead 0002")
    examples = [{"record": name, "expect": nivel} for name in names]
    spec = e.spec(e.levels(), examples=examples, protect=[{"name": {"contains": "0001"}}])
    plan = finished(e.draft(spec))
    assert [example_got(one, "Nivel") for one in plan.examples] == [
        "(outside the scope)",
        "There is no record “Nadie” on crm.lead that the work user can see",
        "(protected)",
        e.tag("Bajo"),
    ]
    assert [one.met for one in plan.examples] == [False, False, False, True]
