from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from segmenter.errors import LedgerError
from segmenter.i18n import use_language
from segmenter.ledger import Ledger, open_ledger
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import ExampleResult
from segmenter.reports import runs
from segmenter.reports.review.build import review
from segmenter.reports.review.content import Reach
from segmenter.reports.values import Values
from tests.support import review_samples as samples
from tests.support.engagement import ANA, Engagement
from tests.support.heads import altered
from tests.support.report_samples import printed
from tests.support.words import against, sentences

pytest_plugins = ["tests.support.engagement_fixtures"]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def numbers(ledger: Ledger, id: str) -> list[tuple[str, int | None, int | None]]:
    (nivel,) = review(ledger, id).segmentations
    return [(one.name, one.before, one.after) for one in nivel.segments]


def test_a_plan_compares_today_with_what_would_be(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    # Nine records hold the tag of the segment before theirs; each segment takes ten.
    assert numbers(ledger, "P1") == [("Alto", 3, 10), ("Medio", 3, 10), ("Bajo", 3, 10)]
    found = review(ledger, "P1")
    assert [(one.number, one.label) for one in found.figures] == [
        (30, "would change"),
        (3, "would lose a value"),
        (12, "are protected"),
        (30, "would change in “Etiquetas”"),
    ]
    assert found.headline.endswith("30 would change. Nothing has been written in your Odoo yet.")
    assert found.total == 60


def test_a_run_tells_what_came_of_it(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    run = samples.run(ledger, plan, conflicts=[2, 3])
    found = review(ledger, run)
    # Record 2 should go from Alto to Bajo, and 3 from Medio to Alto; neither was written.
    assert numbers(ledger, run) == [("Alto", 3, 10), ("Medio", 3, 11), ("Bajo", 3, 9)]
    assert [one.number for one in found.figures] == [30, 28, 2, 12]
    assert "28 prospects are where your criteria place them. 2 were left as they were" in found.headline
    left = {(row.record, row.field): row.result for row in found.rows() if row.left}
    assert left[2, "Prioridad"] == "changed by somebody since"
    assert left[2, "Etiquetas"] == "left, because another field of the record was"
    assert {record for record, _field in left} == {2, 3}
    assert {one.record for one in found.left} == {2, 3}


def test_an_undo_goes_back_to_where_the_plan_began(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    root = samples.run(ledger, plan, conflicts=[2])
    back = samples.undo(ledger, plan, root)
    after_apply = [(name, now) for name, _before, now in numbers(ledger, root)]
    assert [(name, before) for name, before, _now in numbers(ledger, back)] == after_apply
    assert [now for _name, _before, now in numbers(ledger, back)] == [3, 3, 3]
    rows = {(row.record, row.field): row for row in review(ledger, back).rows()}
    assert (rows[1, "Etiquetas"].before, rows[1, "Etiquetas"].after) == ("Medio", "Bajo")
    assert rows[2, "Etiquetas"].result == "nothing to give back"
    expected = [
        {one.expected for part in review(ledger, id).segmentations for one in part.segments} for id in (root, back)
    ]
    assert expected == [{Range(Amount(5, percent=True), Amount(25, percent=True)), None}, {None}]


def test_a_resume_adds_to_the_run_before(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    root = samples.run(ledger, plan, conflicts=[3])
    again = ledger.start_run("resume", plan.id, samples.WHO, root)
    ledger.intend(again.id, 1, {"kind": "records", "records": [3], "values": {}})
    ledger.settle(again.id, 1, [samples.Outcome(3, "", "applied")])
    ledger.finish_run(again.id, "done", {"counts": {"applied": 1}})
    assert numbers(ledger, again.id) == [("Alto", 9, 10), ("Medio", 11, 10), ("Bajo", 10, 10)]
    results = {row.record: row.result for row in review(ledger, again.id).rows()}
    assert (results[3], results[4]) == ("written", "written by an earlier run")


def test_a_run_that_was_killed_says_what_it_did_not_reach(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    run = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(run.id, 1, {"kind": "records", "records": [1, 2], "values": {}})
    ledger.settle(run.id, 1, [samples.Outcome(1, "", "applied"), samples.Outcome(2, "", "unknown")])
    found = review(ledger, run.id)
    assert {(row.record, row.result, row.left) for row in found.rows()} == {
        (1, "written", False),
        (2, "not known: no answer came", True),
        *((record, "not reached", True) for record in (3, 4, 5, 6)),
    }
    assert [one.number for one in found.figures][:3] == [6, 1, 5]
    assert found.figures[2].note == "4 of them were not reached"
    assert found.headline.endswith("4 were not reached: the work broke off before.")


def test_a_resume_counts_what_the_run_before_it_did_and_left(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    broken = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(broken.id, 1, {"kind": "records", "records": [1, 2, 3], "values": {}})
    ends = [samples.Outcome(1, "", "applied"), samples.Outcome(2, "priority", "conflict", found="2")]
    ledger.settle(broken.id, 1, [*ends, samples.Outcome(3, "", "refused")])
    again = ledger.start_run("resume", plan.id, samples.WHO, broken.id)
    ledger.intend(again.id, 1, {"kind": "records", "records": [3, 4, 5, 6], "values": {}})
    ledger.settle(again.id, 1, [samples.Outcome(one, "", "applied") for one in (3, 4, 5, 6)])
    ledger.finish_run(again.id, "done", {"counts": {"applied": 4}})
    found = review(ledger, again.id)
    assert found.reach == Reach(done=4, earlier=1, left=1)
    assert "4 prospects are where your criteria place them." in found.headline
    assert "1 were done before that. 1 was left as it was" in found.headline
    assert [(one.number, one.note) for one in found.figures][:2] == [(6, ""), (5, "1 of them before")]
    assert [(one.record, one.found) for one in found.left] == [(2, "2")]
    results = {row.record: row.result for row in found.rows() if row.field == "Prioridad"}
    assert (results[1], results[2]) == ("written by an earlier run", "changed by somebody since")
    # And the run before it is told as it ended.
    assert review(ledger, broken.id).reach == Reach(done=1, left=2, unreached=3)


def test_an_undo_that_broke_off_says_what_it_did_not_reach(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    root = samples.run(ledger, plan, conflicts=[2])
    back = ledger.start_run("undo", plan.id, samples.WHO, root)
    ledger.intend(back.id, 1, {"kind": "records", "records": [1], "values": {}})
    ledger.settle(back.id, 1, [samples.Outcome(1, "", "applied")])
    found = review(ledger, back.id)
    assert [one.number for one in found.figures][:3] == [5, 1, 4]
    assert "4 were not reached" in found.headline
    results = {row.record: (row.result, row.left) for row in found.rows() if row.field == "Etiquetas"}
    assert (results[2], results[3]) == (("nothing to give back", False), ("not reached", True))
    ended = samples.undo(ledger, plan, root)
    found = review(ledger, ended)
    assert found.reach == Reach(done=4, earlier=1)
    assert {row.result for row in found.rows() if row.record == 1} == {"given back by an earlier run"}


def test_what_a_plan_became_is_said_in_its_report(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    assert review(ledger, "P1").headline.endswith("Nothing has been written in your Odoo yet.")
    root = samples.run(ledger, plan)
    day = r"[A-Z][a-z]+ \d+, \d{4}"
    assert re.search(rf"to change\. It was applied on {day}\.$", review(ledger, "P1").headline)
    samples.undo(ledger, plan, root)
    assert re.search(rf"on {day}\. It was undone on {day}\.$", review(ledger, "P1").headline)
    other = samples.save(ledger, 6)
    ledger.start_run("apply", other.id, samples.WHO)
    assert re.search(rf"It was applied in part on {day}\.$", review(ledger, "P2").headline)


def test_figures_of_a_run_are_those_that_it_left_behind(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    root = samples.run(ledger, plan, conflicts=[2, 3])
    (nivel,) = review(ledger, root).segmentations
    assert [(one.after, round(one.share * 30)) for one in nivel.segments] == [(10, 10), (11, 11), (9, 9)]
    assert review(ledger, root).workload == {}
    back = review(ledger, samples.undo(ledger, plan, root))
    assert [round(one.share * 30) for one in back.segmentations[0].segments] == [3, 3, 3]
    assert not back.revenue
    assert (back.examples, back.workload) == ((), {})


def test_an_example_whose_record_was_not_written_is_known(ledger: Ledger) -> None:
    examples = tuple(ExampleResult(str(one), {"Nivel": "Alto"}, {"Nivel": "Alto"}, one) for one in (2, 3, 4, 99))
    plan = samples.save(ledger, 6, examples=examples)
    assert review(ledger, plan.id).unwritten == frozenset()
    assert review(ledger, samples.run(ledger, plan, conflicts=[3, 5])).unwritten == {3}


def test_revenue_needs_no_currency(ledger: Ledger) -> None:
    samples.save(ledger, 48, currency="")
    (nivel,) = review(ledger, "P1").segmentations
    assert [one.revenue for one in nivel.segments] == [16_000_000.0 * 4] * 3


def test_before_and_after_are_what_the_crm_holds(engagement: Engagement) -> None:
    e = engagement
    hand = {name: e.make_tag(name) for name in ("Alto", "Bajo")}
    e.make_leads(40, tag_ids=lambda n: [[6, 0, [hand["Alto"] if n % 3 else hand["Bajo"]] if n % 4 else []]])

    def held() -> list[int]:
        found = e.crm.find("crm.lead", [["id", "in", e.leads]], ["tag_ids"])
        tags = {row["id"]: row["name"] for row in e.crm.find("crm.tag", [], ["name"])}
        names = [tags[one] for row in found for one in row["tag_ids"]]
        return [names.count(e.tag(name)) for name in ("Alto", "Medio", "Bajo")]

    first = held()
    plan = e.plan(e.spec(e.levels()))
    (nivel,) = review(e.ledger, plan.id).segmentations
    assert [one.before for one in nivel.segments] == first
    e.crm.write("crm.lead", [e.leads[7], e.leads[9]], priority="2")  # a person, meanwhile
    report = e.apply(plan)
    assert report.counts["conflict"] == 2
    applied = report.run.id
    (nivel,) = review(e.ledger, applied).segmentations
    assert [one.before for one in nivel.segments] == first
    assert [one.after for one in nivel.segments] == held()
    back = e.undo(applied).run.id
    (nivel,) = review(e.ledger, back).segmentations
    assert [one.after for one in nivel.segments] == held() == first


def test_what_people_put_into_a_record_since_is_told_by_its_name(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12, stage_id=e.crm.stages["Nueva"], expected_revenue=9000, user_id=e.crm.people[ANA])
    high = e.levels(stage_id="Calificado")
    plan = e.plan(e.spec(high, examples=[{"record": e.leads[3], "expect": {"Nivel": e.tag("Alto")}}]))
    assert plan.examples[0].record == e.leads[3]
    moved = e.crm.stages["Propuesta"]
    assert f"stage_id:{moved}" not in plan.names.value_names
    e.crm.write("crm.lead", [e.leads[3]], stage_id=moved)  # a person, meanwhile
    report = e.apply(plan)
    names = {one["id"]: one["name"] for one in e.crm.find("crm.stage", [], ["name"])}
    assert [(one.record, one.found) for one in report.left] == [(e.leads[3], moved)]
    assert report.names == {f"stage_id:{moved}": names[moved]}
    assert names[moved] in printed(runs.terminal(report, plan))
    told = review(e.ledger, report.run.id)
    assert Values(plan, told.names).value("stage_id", told.left[0].found) == names[moved]
    assert told.unwritten == {e.leads[3]}

    e.crm.write("crm.lead", [e.leads[4]], stage_id=moved)
    assert e.preview_undo(report.run.id).names == {f"stage_id:{moved}": names[moved]}
    back = e.undo(report.run.id)
    assert back.names == {f"stage_id:{moved}": names[moved]}
    assert [one.number for one in review(e.ledger, back.run.id).figures][:3] == [11, 10, 1]


def test_a_value_that_two_segments_store_tells_nothing_of_before(ledger: Ledger) -> None:
    plan = samples.facts(30)
    segments = tuple(replace(one, value=4) for one in plan.counts.segments)
    ledger.save_plan(*samples.plan_of(samples.changes(30), altered(plan, segments=segments)))
    assert numbers(ledger, "P1") == [("Alto", None, None), ("Medio", None, None), ("Bajo", None, None)]


def test_sentences_are_in_the_language_of_the_report(ledger: Ledger) -> None:
    samples.save(ledger, 9)
    # None kept in English: as it was made.
    assert review(ledger, "P1").segmentations[0].segments[0].words == "Ingreso > 5 & más"
    use_language("es")
    found = review(ledger, "P1")
    plan = found.plan
    assert found.segmentations[0].segments[0].words == "Ingreso > 5 y más"
    assert sentences(plan.warnings) == ["Nivel: nada cae en Nada"]
    assert sentences(plan.side_effects) == ["Odoo puede recalcular la probabilidad"]
    assert against(plan)[0].startswith("Nivel: Alto: son 300, y el cliente")


def test_evolution_counts_by_month_and_names_earlier_plans(ledger: Ledger) -> None:
    first = samples.save(ledger, 12)
    root = samples.run(ledger, first)
    samples.undo(ledger, first, root)
    samples.save(ledger, 12, server={**first.identity.server, "database": "other"})
    ledger_run = samples.run(ledger, ledger.plan("P2"))
    samples.save(ledger, 24)
    found = review(ledger, "P3")
    (month,) = found.months
    assert (month.runs, month.written, month.given_back, month.net) == (2, 12, 12, 0)
    (before,) = found.earlier
    assert (before.plan, before.taken["Nivel"]["Alto"], before.undone) == ("P1", 4, True)
    assert (found.undone, review(ledger, "P1").undone, review(ledger, root).undone) == (False, True, False)
    assert review(ledger, ledger_run).months[0].runs == 1
    assert review(ledger, root).earlier == ()


def test_a_month_counts_what_a_killed_run_had_written(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    killed = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(killed.id, 1, {"kind": "records", "records": [1, 2], "values": {}})
    ledger.settle(killed.id, 1, [samples.Outcome(1, "", "applied"), samples.Outcome(2, "", "already")])
    (month,) = review(ledger, "P1").months
    assert (month.written, month.net) == (1, 1)


def test_stages_and_salespeople_add_up_to_the_segment(ledger: Ledger) -> None:
    samples.save(ledger, 48)
    (nivel,) = review(ledger, "P1").segmentations
    for one in nivel.segments:
        assert one.revenue == sum(part.revenue for part in one.stages) == sum(part.revenue for part in one.people)
        assert sum(part.records for part in one.stages) == sum(part.records for part in one.people) == one.taken
    assert nivel.names("people") == ("Ana Soto", "")


def test_what_is_not_there_is_said(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="P9"):
        review(ledger, "P9")
    with pytest.raises(LedgerError, match="R9"):
        review(ledger, "R9")
