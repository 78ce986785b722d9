"""Ledgers, plans and runs that cannot be used: one sentence in each language, and nothing lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from segmenter.cli import connection
from segmenter.cli.settings import LEDGER
from segmenter.ledger import open_ledger, store
from segmenter.ledger.schema import VERSION
from tests.support.bad_input import LEADS, Office, add_leads, connected, says, shared
from tests.support.bad_input import office as office
from tests.support.fakes import Recording

__all__ = ["connected", "shared"]

ONE_PLAN = "the latest is {ids}"
NO_PLAN = "There is no plan {id} in the ledger {where}", ONE_PLAN
NO_RUN = "There is no run {id} in the ledger {where}", "apply a plan first: segmenter apply PLAN"
FULL = (
    "There is no space left to write the ledger {where}; nothing of this step was kept",
    "free some space on its disk and in the temporary folder, and try again",
)
FILLED_UP = (
    "{run} broke off: there is no space left to write the ledger {where}",
    "free some space on its disk and in the temporary folder, and go on: segmenter resume {run}",
)
READ_ONLY = (
    "The ledger {where} cannot be written: the file or its folder is read-only",
    "ask for the right to write there, or name another ledger",
)


@pytest.fixture
def planned(connected: Office) -> Office:
    connected.done("plan", "viveros.yaml")
    return connected


@pytest.fixture
def shared_plan(shared: Office, connected: Office) -> Office:
    """Like `planned`, in a folder that any user may reach."""
    assert shared is connected
    connected.done("plan", "viveros.yaml")
    return connected


def _where(office: Office) -> Path:
    return office.folder / LEDGER


def test_a_plan_that_does_not_exist(planned: Office) -> None:
    planned.refuses("apply", "R1", "--yes", code=1, says=says("{id} is a run, not a plan", ONE_PLAN, id="R1", ids="P1"))
    for id in ("P9", "1", "viveros.yaml", "P99999999999999999999", "P"):
        planned.refuses("apply", id, "--yes", code=1, says=says(*NO_PLAN, id=id, where=_where(planned), ids="P1"))


def test_a_run_that_does_not_exist(planned: Office) -> None:
    planned.refuses("undo", "P1", code=1, says=says("{id} is a plan, not a run", NO_RUN[1], id="P1"))
    for words, id in ((["undo"], "R9"), (["resume"], "R9"), (["undo", "--yes"], "R9"), (["show"], "R9")):
        planned.refuses(words[0], id, *words[1:], code=1, says=says(*NO_RUN, id=id, where=_where(planned)))


def test_a_plan_of_another_database(planned: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spec's text is in the plan, so this takes a server that has become another one behind its address."""
    plan = says(
        "{plan} is of the database {theirs} at {their_url}, not of {ours} at {our_url}",
        "make a plan against this database",
        plan="P1",
        theirs="viveros",
        their_url=planned.url,
        ours="otra",
        our_url=planned.url,
    )
    real = connection.connect

    def elsewhere(*where: str, **how: Any) -> Recording:
        server = Recording(real(*where, **how))
        monkeypatch.setattr(Recording, "identity", replace(server.server.identity, database="otra"))
        return server

    monkeypatch.setattr(connection, "connect", elsewhere)
    planned.refuses("apply", "P1", "--yes", code=4, says=plan)


def test_a_plan_of_an_export(office: Office) -> None:
    headings = "id,Oportunidad,Ingreso esperado,Etapa,Etiquetas,Prioridad,Tipo"
    (office.folder / "e.csv").write_text(f"{headings}\n1,Hotel Sol,9000,Nuevo,,Baja,Oportunidad\n", "utf-8")
    office.write()
    office.done("plan", "viveros.yaml", "--from", "e.csv")
    told = says(
        "{plan} was made from an export: there is no server to write to", "plan again without --from", plan="P1"
    )
    office.refuses("apply", "P1", "--yes", code=2, says=told)


def test_a_ledger_of_a_newer_version(planned: Office) -> None:
    with sqlite3.connect(_where(planned)) as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    database.close()
    before = _where(planned).read_bytes()
    for words in (["plan", "viveros.yaml"], ["apply", "P1", "--yes"], ["runs", "--verify"], ["history", "1"]):
        result = planned.run(*words)
        told = says(
            "The ledger {where} is of version {theirs}, from a newer segmenter; this one knows {ours}",
            "update segmenter on this machine",
            where=_where(planned),
            theirs=99,
            ours=VERSION,
        )
        assert (result.exit_code, result.output) == (1, f"{told}\n")
        planned.speaks(result.output)
    assert _where(planned).read_bytes() == before


@pytest.mark.parametrize("read_only", ["file", "folder"])
def test_a_read_only_ledger(shared: Office, read_only: str) -> None:
    shared.write()
    open_ledger(shared.folder / LEDGER).close()
    before = (shared.folder / LEDGER).read_bytes()
    (shared.folder / LEDGER).chmod(0o444)
    if read_only == "folder":
        shared.folder.chmod(0o555)
    told = says(*READ_ONLY, where=_where(shared))
    result = shared.run("apply", "P1", "--yes", as_anybody=True)
    shared.folder.chmod(0o777)
    assert (result.exit_code, result.output) == (1, f"{told}\n")
    shared.speaks(result.output)
    assert (shared.folder / LEDGER).read_bytes() == before


@pytest.mark.parametrize("read_only", ["file", "folder"])
def test_a_read_only_ledger_can_be_read(shared_plan: Office, read_only: str) -> None:
    words = ["runs", "--verify"], ["show", "P1"], ["status"], ["log"]
    before = [shared_plan.run(*line).stdout for line in words]
    (shared_plan.folder / LEDGER).chmod(0o444)
    if read_only == "folder":
        shared_plan.folder.chmod(0o555)
    after = [shared_plan.run(*line, as_anybody=True) for line in words]
    shared_plan.folder.chmod(0o777)
    assert [(one.exit_code, one.stdout) for one in after] == [(0, told) for told in before]


def test_a_read_only_ledger_with_a_journal_beside_it_is_not_read_in_part(shared_plan: Office) -> None:
    (shared_plan.folder / f"{LEDGER}-wal").write_bytes(b"not yet in the ledger")
    (shared_plan.folder / LEDGER).chmod(0o444)
    result = shared_plan.run("runs", as_anybody=True)
    assert (result.exit_code, result.output) == (1, f"{says(*READ_ONLY, where=_where(shared_plan))}\n")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Under every ledger that is opened from here on; ``pages``: how many pages (of 4 KiB) it may still grow by."""
    free: dict[str, int] = {}
    real = store._engine

    def engine(*about: Any) -> Engine:
        made = real(*about)
        event.listen(made, "checkout", limit)
        return made

    def limit(connection: Any, *_about: object) -> None:
        if "pages" in free:
            if "most" not in free:
                (there,) = connection.execute("PRAGMA page_count").fetchone()
                free["most"] = there + free["pages"]
            connection.execute(f"PRAGMA max_page_count={free['most']}")

    monkeypatch.setattr(store, "_engine", engine)
    return free


def test_a_full_disk_under_a_plan(planned: Office, disk: dict[str, int]) -> None:
    disk["pages"] = 0
    result = planned.run("plan", "viveros.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{says(*FULL, where=_where(planned))}\n"
    planned.speaks(result.stderr)
    disk.clear()
    planned.proves()
    with open_ledger(_where(planned)) as ledger:
        assert [plan.id for plan in ledger.plans()] == ["P1"]
    planned.done("plan", "viveros.yaml")


@pytest.mark.parametrize("pages", [0, 1])
def test_a_full_disk_under_an_apply(connected: Office, disk: dict[str, int], pages: int) -> None:
    """Wherever it fills up: what was done is known, and a resume ends as if it never had."""
    planned = connected
    add_leads(planned.crm, 300)
    planned.done("plan", "viveros.yaml")
    before = planned.leads()
    disk["pages"] = pages
    result = planned.run("apply", "P1", "--yes")
    with open_ledger(_where(planned)) as ledger:
        begun = [run.id for run in ledger.runs()]
    sentence = says(*FILLED_UP, where=_where(planned), run="R1") if begun else says(*FULL, where=_where(planned))
    assert (result.exit_code, result.stdout) == (5 if begun else 1, "")
    assert result.stderr == f"{sentence}\n"
    planned.speaks(result.stderr)
    disk.clear()
    planned.proves()
    if begun:
        planned.done("resume", "R1")
    else:
        assert planned.leads() == before
        planned.done("apply", "P1", "--yes")
    assert [lead["priority"] for lead in planned.leads()[:LEADS]] == ["0"] * 5 + ["3"] * (LEADS - 5)
    planned.done("undo", "R1", "--yes")
    assert planned.leads() == before


def test_a_folder_for_a_ledger(connected: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_LEDGER", str(connected.folder))
    told = says(
        "{where} is a folder, not a ledger",
        "give the path of a file, or postgresql://user@host/database",
        where=connected.folder,
    )
    for words in (["plan", "viveros.yaml"], ["apply", "P1", "--yes"], ["runs"], ["history", "1"]):
        connected.refuses(*words, code=1, says=told)


def test_a_ledger_in_a_folder_that_is_not_there(connected: Office) -> None:
    told = says(
        "The folder {folder} of the ledger does not exist", "create it first", folder=connected.folder / "nowhere"
    )
    connected.refuses("plan", "viveros.yaml", "--ledger", "nowhere/a.ledger", code=1, says=told)


def test_something_else_for_a_ledger(connected: Office) -> None:
    told = says(
        "{where} is not a ledger, or is damaged",
        "name another file, or bring back a copy of it",
        where=connected.folder / "viveros.yaml",
    )
    connected.refuses("runs", "--ledger", "viveros.yaml", code=1, says=told)


def test_no_ledger_at_all(connected: Office) -> None:
    told = says("There is no ledger at {where}", "make a plan first: segmenter plan SPEC", where=_where(connected))
    for words in (["apply", "P1", "--yes"], ["show", "R1"], ["runs", "--verify"], ["history", "1"]):
        connected.refuses(*words, code=1, says=told)


def test_a_plan_that_was_applied(planned: Office) -> None:
    planned.done("apply", "P1", "--yes")
    again = says(
        "{plan} was already applied, by run {run}", "make a new plan, which will hold what is left", plan="P1", run="R1"
    )
    planned.refuses("apply", "P1", "--yes", code=4, says=again)
    ended = says("{run} came to its end: there is nothing to resume", "see it: segmenter show {run}", run="R1")
    planned.refuses("resume", "R1", code=2, says=ended)
    planned.done("undo", "R1", "--yes")
    ended = says("{root} was already undone, by run {run}", "see it: segmenter show {run}", root="R1", run="R2")
    planned.refuses("undo", "R1", "--preview", code=2, says=ended)


def test_an_override_without_its_reason(planned: Office) -> None:
    told = says("Every --override needs a --reason of its own", "say them in pairs: --override LIMIT --reason TEXT")
    for words in (["--override", "changes"], ["--reason", "agreed"]):
        planned.refuses("apply", "P1", "--yes", *words, code=2, says=told)


def test_an_override_of_a_limit_that_holds_or_is_none(planned: Office) -> None:
    for limit in ("changes", "nothing"):
        told = says("{plan} does not break the limit {limit}", "leave that override out", plan="P1", limit=limit)
        planned.refuses("apply", "P1", "--yes", "--override", limit, "--reason", "agreed", code=2, says=told)


def test_nobody_to_ask(planned: Office) -> None:
    told = says("There is nobody to ask", "say --yes to go ahead without a question")
    planned.refuses("apply", "P1", code=2, says=told)
    planned.done("apply", "P1", "--yes")
    planned.refuses("undo", "R1", code=2, says=told)


def test_what_is_neither_a_plan_nor_a_run(planned: Office) -> None:
    told = says("{id} is neither a plan nor a run", "say P1 or R1; the list is in: segmenter runs", id="viveros.yaml")
    planned.refuses("show", "viveros.yaml", code=2, says=told)


def test_a_run_has_no_file(planned: Office) -> None:
    planned.done("apply", "P1", "--yes")
    told = says(
        "--output writes plans, and {id} is a run",
        "print it into a file: segmenter show {id} --format csv > FILE",
        id="R1",
    )
    planned.refuses("show", "R1", "--output", "run.csv", code=2, says=told)


def test_a_record_that_was_never_touched(planned: Office) -> None:
    told = says("The ledger knows of nothing that was done to {record}", record="crm.lead, id 424242")
    assert planned.done("history", "424242").output == f"{told}\n"
