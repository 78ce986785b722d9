from __future__ import annotations

import io
import json
from dataclasses import replace

from segmenter.ledger import Left, RunReport
from segmenter.reports import runs
from tests.support.report_samples import PLAN, RUN, printed

LEFT = Left(9, "=cmd()", "expected_revenue", "conflict", 1234567.5, 10, "")
MADE, STAYS = PLAN.config[:1], PLAN.config[1:2]
PAST = RunReport(RUN, {"applied": 1200, "conflict": 1}, (LEFT,), MADE, 2.0, STAYS, "the server went away")


def test_a_run_says_what_it_wrote_and_what_it_left() -> None:
    said = printed(runs.terminal(PAST, PLAN))
    assert "R1 (apply, P1)" in said
    assert "segmentacion@asesorateya.example, by ana at laptop" in said
    assert "1,200 records" in said
    assert "tag Alto" in said
    assert "tag Medio" in said
    assert "the server went away" in said
    row = next(line.split() for line in said.splitlines() if "=cmd()" in line)
    assert row == ["9", "=cmd()", "Ingreso", "changed", "by", "somebody", "since", "1,234,567.5", "10"]


def test_a_record_with_a_conflict_is_left_whole_and_that_is_said() -> None:
    said = "was left whole: its other changes were not written either"
    assert said in printed(runs.terminal(PAST, PLAN))
    assert said not in printed(runs.terminal(replace(PAST, run=replace(RUN, kind="undo")), PLAN))
    assert said not in printed(runs.terminal(replace(PAST, left=(replace(LEFT, outcome="refused"),)), PLAN))


def test_a_value_that_the_plan_did_not_know_has_the_name_that_the_run_found() -> None:
    met = replace(LEFT, field="team_id", found=44)
    assert "(another value, id 44)" in printed(runs.terminal(replace(PAST, left=(met,)), PLAN))
    named = replace(PAST, left=(met,), run=replace(RUN, summary={"names": {"team_id:44": "Posventa"}}))
    assert "Posventa" in printed(runs.terminal(named, PLAN))


def test_a_run_that_was_silent_unlike_its_plan_says_why() -> None:
    silenced = replace(PAST, run=replace(RUN, summary={"silenced": "Nothing was noted in it."}))
    assert "Nothing was noted in it." in printed(runs.terminal(silenced, PLAN))
    assert "Chatter" not in printed(runs.terminal(PAST, PLAN))


def test_a_run_in_json() -> None:
    out = io.StringIO()
    runs.write_json(PAST, out)
    found = json.loads(out.getvalue())
    assert found["counts"] == {"applied": 1200, "conflict": 1}
    assert found["left"][0]["found"] == 10
    assert [one["name"] for one in found["kept"]] == ["Medio"]


def test_a_run_in_csv_runs_nothing() -> None:
    out = io.StringIO(newline="")
    runs.write_csv(PAST, PLAN, out)
    assert "9,'=cmd(),expected_revenue,changed by somebody since" in out.getvalue()


def test_every_status_and_outcome_has_words() -> None:
    assert runs.status_name("interrupted") == "interrupted"
    assert runs.kind_name("undo") == "undo"
    assert runs.outcome_name("unknown") == "not known: no answer came"
    assert runs.outcome_name("overwritten") == "written over by a later run"


def test_nobody_is_said_to_have_changed_what_is_only_in_use() -> None:
    used = replace(LEFT, record=-2, name="Alto", field="", detail="3 records still use it")
    assert runs.why(used) == "left as it is: 3 records still use it"
    assert "changed by somebody" not in printed(runs.terminal(replace(PAST, left=(used,)), PLAN))
