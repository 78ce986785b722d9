"""The whole job through the command line, on the CRM in memory: what is printed, and the exit code of each end."""

from __future__ import annotations

import csv
import io
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from psycopg.errors import DiskFull, OperationalError

from segmenter.cli import connection, executing
from segmenter.embedded import EmbeddedServer
from segmenter.errors import LedgerError
from segmenter.i18n import use_language
from segmenter.ledger import Ledger, OutcomeSet
from segmenter.ledger.store import _explain
from segmenter.odoo.pacing import HostPace
from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]


def test_check_says_who_the_work_user_is(desk: Desk) -> None:
    said = desk.done("check", "viveros.yaml").stdout
    assert "✓ server: Odoo 19.0" in said
    found = desk.data("check", "viveros.yaml")
    assert found["kind"] == "check"
    assert found["ok"]
    assert {"level", "topic", "text", "todo"} == set(found["findings"][0])


def test_check_knows_from_the_log_when_the_key_ends(desk: Desk) -> None:
    access = ("log", "add", "viveros.yaml", "--kind", "access", "--activity", "Usuario de trabajo")
    ends = (date.today() + timedelta(days=20)).isoformat()
    desk.done(*access, "--until", "2026-01-01")
    desk.done(*access, "--replaces", "L1", "--until", ends)
    (found,) = [one for one in desk.data("check", "viveros.yaml")["findings"] if one["topic"] == "keys"]
    assert (found["level"], ends in found["text"]) == ("warning", True)
    assert ends in desk.done("log", "viveros.yaml", "--format", "json").stdout
    assert desk.data("status", "viveros.yaml")["dates"]["key_ends"] == ends
    assert "The work user's key ends" in desk.done("status", "viveros.yaml").stdout
    assert "2027-13-01 is not a day" in desk.done(*access, "--until", "2027-13-01", code=2).stderr
    told = desk.done("log", "add", "viveros.yaml", "--kind", "answer", "--activity", "x", "--until", ends, code=2)
    assert "--until belongs to an access that was given" in told.stderr


def test_check_answers_1_when_something_is_missing(desk: Desk) -> None:
    desk.spec.write_text(desk.spec.read_text("utf-8").replace("Ganado", "Gando"), "utf-8")
    assert "Gando" in desk.done("check", "viveros.yaml", code=1).stdout


def test_validate_asks_the_server_for_names(desk: Desk) -> None:
    assert "its names on embedded:" in desk.done("validate", "viveros.yaml").stderr
    assert "the file alone" in desk.done("validate", "viveros.yaml", "--offline").stderr
    desk.spec.write_text(desk.spec.read_text("utf-8").replace("Ganado", "Gando"), "utf-8")
    assert "viveros.yaml:6:" in desk.done("validate", "viveros.yaml", code=1).stderr
    assert desk.data("validate", "viveros.yaml", code=1)["problems"][0]["place"].startswith("viveros.yaml:6:")


def test_validate_without_a_key_checks_the_file_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGMENTER_API_KEY")
    said = desk.done("validate", "viveros.yaml").stderr
    assert "Not checked against the server" in said
    assert "viveros.yaml holds (the file alone)" in said


def test_validate_lists_every_problem(desk: Desk) -> None:
    desk.spec.write_text(
        desk.spec.read_text("utf-8").replace("exclusive", "exklusive").replace("set:", "sett:"), "utf-8"
    )
    said = desk.done("validate", "viveros.yaml", "--offline", code=1)
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 2


def test_validate_says_what_a_wrong_file_kept_from_being_looked_at(desk: Desk) -> None:
    good = desk.spec.read_text("utf-8")
    desk.spec.write_text(good.replace("exclusive", "exklusive").replace("Ganado", "Gando"), "utf-8")
    *problems, last = desk.done("validate", "viveros.yaml", code=1).stderr.splitlines()
    assert len(problems) == 1
    assert last.startswith("The names in it (stages, tags, people) were not looked up in Odoo yet; ")
    assert len(desk.data("validate", "viveros.yaml", code=1)["problems"]) == 1
    desk.spec.write_text(good.replace("Ganado", "Gando"), "utf-8")
    assert "looked up" not in desk.done("validate", "viveros.yaml", code=1).stderr


def test_validate_names_what_an_example_seems_to_mean(desk: Desk) -> None:
    example = "examples:\n  - {record: Hotel Soll, expect: {Nivel: Alto}}\n"
    described = "  - {given: {nam: x, stage_id: Calificad}, expect: {Nivel: Alto}}\n"
    desk.spec.write_text(desk.spec.read_text("utf-8").partition("examples:")[0] + example + described, "utf-8")
    said = desk.done("validate", "viveros.yaml", code=1).stderr
    for name in ("Hotel Sol", "name", "Calificado"):
        assert f"did you mean {name}?" in said


def test_plan_shows_what_would_change_and_the_next_command(desk: Desk) -> None:
    said = desk.done("plan", "viveros.yaml")
    assert "opportunities would change" in said.stdout
    assert "Apply it with: segmenter apply P1\n" in said.stderr
    assert (desk.folder / "segmenter.ledger").exists()


def test_the_next_command_names_a_ledger_that_it_would_not_find(desk: Desk) -> None:
    said = desk.done("plan", "viveros.yaml", "--ledger", "other.ledger")
    assert "segmenter apply P1 --ledger other.ledger\n" in said.stderr


def test_a_host_with_a_limit_is_told_beforehand_and_the_plan_keeps_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[HostPace | None] = []
    connect = connection.connect
    monkeypatch.setattr(connection, "connect", lambda *where, **how: asked.append(how["pace"]) or connect(*where))
    where, user = '"http://127.0.0.1:1", database: viveros', "segmentacion@asesorateya.example"
    desk.spec.write_text(SPEC.replace(user, f"{user}, pace: {{calls_per_second: 0.5}}"), "utf-8")
    told = "127.0.0.1 is asked at a pace of 0.5 a second: about {} calls, 1 minute"
    assert told.format(38) in desk.done("plan", "viveros.yaml").stderr
    assert "about 42 calls" in desk.done("apply", "P1", "--yes").stderr
    assert "about 42 calls" in desk.done("undo", "R1", "--yes").stderr
    assert asked == [HostPace(0.5)] * 3
    desk.spec.write_text(SPEC.replace(where, '"https://viveros.odoo.com", database: viveros'), "utf-8")
    assert "viveros.odoo.com is asked at a pace of 1 a second" in desk.done("plan", "viveros.yaml").stderr
    desk.spec.write_text(SPEC, "utf-8")
    assert "a second" not in desk.done("plan", "viveros.yaml").stderr


def test_plan_in_json_holds_every_change(desk: Desk) -> None:
    plan = desk.data("plan", "viveros.yaml")
    assert (plan["kind"], plan["id"]) == ("plan", "P1")
    assert sum(not change["pin"] for change in plan["changes"]) == plan["tally"]["changes"]
    assert plan == desk.data("show", "P1")


def test_plan_answers_10_only_when_asked_to(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml", "--exit-code", code=10)
    desk.done("apply", "P1", "--yes")
    desk.done("plan", "viveros.yaml", "--exit-code", code=0)


def test_plan_to_a_file(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml", "--output", "plan.csv")
    rows = list(csv.reader(io.StringIO((desk.folder / "plan.csv").read_text("utf-8-sig"))))
    assert rows[0][:3] == ["Id", "Record", "Field"]
    assert len(rows) - 1 == desk.data("show", "P1")["tally"]["changes"]
    assert "neither .json nor .csv" in desk.done("plan", "viveros.yaml", "--output", "plan.pdf", code=2).stderr
    assert [plan["id"] for plan in desk.data("runs")["plans"]] == ["P1"]
    assert "neither .json nor .csv" in desk.done("show", "P1", "--output", "plan.txt", code=2).stderr
    assert "cannot be written" in desk.done("show", "P1", "--output", "nowhere/plan.csv", code=1).stderr


def test_a_plan_over_a_limit_answers_3_and_needs_a_reason(desk: Desk) -> None:
    desk.spec.write_text(desk.spec.read_text("utf-8").replace("changes: 5000", "changes: 5"), "utf-8")
    said = desk.done("plan", "viveros.yaml", code=3)
    assert "the limit is 5" in said.stdout
    assert "the limit is 5" in desk.done("apply", "P1", "--yes", code=3).stderr
    assert "--reason" in desk.done("apply", "P1", "--yes", "--override", "changes", code=2).stderr
    desk.done("apply", "P1", "--yes", "--override", "changes", "--reason", "agreed with Paula")
    assert desk.data("show", "R1")["run"]["overrides"][0]["reason"] == "agreed with Paula"
    assert "agreed with Paula" in desk.done("show", "R1").stdout


def test_apply_verify_undo(desk: Desk) -> None:
    desk.done("verify", "viveros.yaml", code=10)
    desk.done("plan", "viveros.yaml")
    applied = desk.done("apply", "P1", "--yes")
    assert "segmenter undo R1" in applied.stderr
    assert "No drift" in desk.done("verify", "viveros.yaml").stdout
    assert desk.data("verify", "viveros.yaml")["drift"] is False
    preview = desk.data("undo", "R1", "--preview")
    assert preview["restorable"] == desk.data("show", "P1")["tally"]["records"]
    desk.done("undo", "R1", "--yes")
    desk.done("verify", "viveros.yaml", code=10)


def test_what_a_person_changed_is_named_and_answers_4(desk: Desk) -> None:
    changed = desk.data("plan", "viveros.yaml")["changes"]
    one = next(change for change in changes_of(changed, "priority"))
    desk.write(one["record"], priority="1" if one["before"] != "1" else "0")
    said = desk.done("apply", "P1", "--yes", code=4)
    assert "changed by somebody since" in said.stdout
    assert one["name"] in said.stdout
    left = desk.data("show", "R1")["left"]
    assert [(row["record"], row["field"]) for row in left] == [(one["record"], "priority")]
    assert one["name"] in desk.done("show", "R1", "--format", "csv").stdout


def changes_of(changes: list[dict[str, object]], field: str) -> list[dict[str, object]]:
    return [change for change in changes if change["field"] == field]


def test_explain_says_why(desk: Desk) -> None:
    said = desk.done("explain", "viveros.yaml", "Hotel Sol").stdout
    assert "← it is here" in said
    found = desk.data("explain", "viveros.yaml", "1")
    assert found["segmentations"][0]["name"] == "Nivel"
    assert "no record" in desk.done("explain", "viveros.yaml", "Nobody at all", code=1).stderr


def test_runs_and_history(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    assert "R1" in desk.done("runs").stdout
    assert [run["id"] for run in desk.data("runs")["runs"]] == ["R1"]
    chain = desk.data("runs", "--verify")
    assert chain["ok"]
    desk.done("runs", "--verify", "--head", chain["head"])
    desk.done("runs", "--head", "0" * 64, code=1)
    record = desk.data("show", "P1")["changes"][0]["record"]
    assert {event["run"] for event in desk.data("history", str(record))["events"]} == {"R1"}
    assert "R1 (apply)" in desk.done("history", str(record)).stdout
    assert desk.data("history", "999999")["events"] == []


def test_apply_asks_where_somebody_can_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.done("plan", "viveros.yaml")
    assert "say --yes" in desk.done("apply", "P1", code=2).stderr
    monkeypatch.setattr(executing, "somebody_there", lambda: True)
    refused = desk.run("apply", "P1", answer="n\n")
    assert refused.exit_code == 1
    assert "Change 422 records in viveros at embedded:?" in refused.stderr
    assert refused.stderr.endswith("Nothing was written\n")
    assert desk.data("runs")["runs"] == []
    desk.done("apply", "P1", answer="y\n")
    use_language("es")
    asked = desk.run("undo", "R1", answer="\n")
    assert asked.exit_code == 1
    assert asked.stderr.endswith("¿Deshacer R1? [s/N]: \nNo se escribió nada\n")
    desk.done("undo", "R1", answer="sí\n")


def test_what_is_not_there(desk: Desk) -> None:
    assert "There is no ledger" in desk.done("show", "P1", code=1).stderr
    desk.done("plan", "viveros.yaml")
    assert "There is no plan P7" in desk.done("apply", "P7", "--yes", code=1).stderr
    assert "There is no run R7" in desk.done("undo", "R7", "--yes", code=1).stderr
    assert "neither a plan nor a run" in desk.done("show", "X1", code=2).stderr
    assert "There is no file nowhere.yaml" in desk.done("plan", "nowhere.yaml", code=1).stderr


class _Interrupted:
    """A connection whose first write to leads is met by a Ctrl-C of whoever sits there."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server, self.identity, self._done = server, server.identity, False

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if (model, method) == ("crm.lead", "write") and not self._done:
            self._done = True
            os.kill(os.getpid(), signal.SIGINT)
        return self._server.execute_kw(model, method, args, kwargs)


def test_ctrl_c_stops_between_batches_and_resume_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.done("plan", "viveros.yaml")
    server = _Interrupted(desk.server)
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: server)
    said = desk.done("apply", "P1", "--yes", "--connections", "1", code=5)
    assert "Stopping after the batches" in said.stderr
    assert "It can go on with: segmenter resume R1\n" in said.stderr
    assert desk.data("show", "R1")["run"]["status"] == "interrupted"
    desk.done("verify", "viveros.yaml", code=10)
    desk.done("resume", "R1")
    desk.done("verify", "viveros.yaml")
    desk.done("undo", "R1", "--yes")


def test_a_plan_is_applied_once(desk: Desk) -> None:
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    assert "already applied" in desk.done("apply", "P1", "--yes", code=4).stderr
    assert "nothing to resume" in desk.done("resume", "R1", code=2).stderr


def test_an_undo_after_an_undo_tells_the_first_one(desk: Desk) -> None:
    """The first may have been killed at its very end, before it could say so."""
    desk.done("plan", "viveros.yaml")
    desk.done("apply", "P1", "--yes")
    first = desk.data("undo", "R1", "--yes")
    for words in (("R1", "--yes"), ("R1",), ("R2", "--yes")):
        again = desk.done("undo", *words)
        assert "R1 was already undone, by run R2\n" in again.stderr
        assert "R2 (undo, P1)" in again.stdout
    again = desk.data("undo", "R1", "--yes")
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    assert [run["id"] for run in desk.data("runs")["runs"]] == ["R1", "R2"]
    use_language("es")
    assert "R1 ya se deshizo, en la ejecución R2\n" in desk.done("undo", "R1", "--yes").stderr


def test_an_undo_that_left_conflicts_answers_4_again(desk: Desk) -> None:
    changed = desk.data("plan", "viveros.yaml")["changes"]
    desk.done("apply", "P1", "--yes")
    one = next(change for change in changes_of(changed, "priority"))
    desk.write(one["record"], priority="1" if one["before"] != "1" else "0")
    left = desk.data("undo", "R1", "--yes", code=4)["left"]
    assert desk.data("undo", "R1", "--yes", code=4)["left"] == left


def test_a_ledger_that_fails_under_a_run_answers_5_and_how_to_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails of it: here the database server of a ledger in PostgreSQL has no space, then is gone."""
    desk.done("plan", "viveros.yaml", "--ledger", "other.ledger")
    settle, met = Ledger.settle, list[LedgerError]()

    def fails(self: Ledger, run: str, seq: int, outcomes: Any) -> None:
        if met and any(isinstance(one, OutcomeSet) for one in outcomes):
            raise met.pop()
        settle(self, run, seq, outcomes)

    monkeypatch.setattr(Ledger, "settle", fails)
    full, gone = (_explain(error, "pg") for error in (DiskFull("no space"), OperationalError("server closed")))
    met.append(full)
    said = desk.done("apply", "P1", "--yes", "--ledger", "other.ledger", code=5).stderr
    assert said == (
        f"R1 broke off: there is no space left to write the ledger {desk.folder}/other.ledger; free some space on its "
        "disk and in the temporary folder, and go on: segmenter resume R1 --ledger other.ledger\n"
    )
    met.append(gone)
    use_language("es")
    said = desk.done("resume", "R1", "--ledger", "other.ledger", code=5).stderr
    assert "R2 quedó a medias: " in said
    assert "server closed" in said
    assert said.endswith("siga: segmenter resume R2 --ledger other.ledger\n")
    use_language("en")
    desk.done("resume", "R2", "--ledger", "other.ledger")
    desk.done("verify", "viveros.yaml")
    met.append(full)
    assert "segmenter resume R4" in desk.done("undo", "R1", "--yes", "--ledger", "other.ledger", code=5).stderr
    desk.done("resume", "R4", "--ledger", "other.ledger")
    desk.done("plan", "viveros.yaml", "--exit-code", "--ledger", "other.ledger", code=10)


def test_the_ledger_can_be_named_in_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_LEDGER", str(desk.folder / "audit.db"))
    assert "segmenter apply P1\n" in desk.done("plan", "viveros.yaml").stderr
    desk.done("show", "P1")
    assert (desk.folder / "audit.db").exists()
    assert not (desk.folder / "segmenter.ledger").exists()
