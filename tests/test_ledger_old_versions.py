"""Ledgers that earlier versions wrote: what they hold is shown, reported, proven, resumed and undone as ever."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from segmenter.cli import cli
from segmenter.embedded import demo_server
from segmenter.execution import preview_undo, resume, undo
from segmenter.ledger import Ledger, Who, open_ledger
from segmenter.ledger.schema import VERSION, entries
from segmenter.odoo.server import Server
from segmenter.plans.plan import Plan
from segmenter.record_set import RecordSet

FOLDER = Path(__file__).parent / "support" / "old_ledgers"
WHO = Who("ana", "laptop", "segmentacion@asesorateya.example", 5, "1.0")
EDITED = 2
"""The lead whose priority a person changed between plan P2 and its apply."""


@pytest.fixture(params=[1, 2])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a ledger as it was left then."""
    found = tmp_path / "segmenter.ledger"
    found.write_bytes(gzip.decompress((FOLDER / f"version{request.param}.sqlite.gz").read_bytes()))
    return found


@pytest.fixture
def old(file: Path) -> Iterator[Ledger]:
    with open_ledger(file) as ledger:
        yield ledger


@pytest.fixture
def crm(old: Ledger) -> Server:
    """The CRM as the runs of the ledger left it."""
    server = demo_server()
    with old._store.engine.connect() as connection:
        intents = connection.execute(select(entries).where(entries.c.kind == "intent").order_by(entries.c.seq)).all()
    edited = False
    for row in intents:
        if row.run == 3 and not edited:
            server.execute_kw("crm.lead", "write", [[EDITED], {"priority": "1"}], {})
            edited = True
        replay(server, json.loads(row.body))
    return server


def replay(server: Server, intent: dict[str, Any]) -> None:
    """Write again what a batch wrote."""
    values = dict(intent["values"])
    if intent["kind"] == "records":
        if intent["records"]:
            server.execute_kw("crm.lead", "write", [intent["records"], values], {})
        return
    model, id, gone = values.pop("model", ""), values.pop("id", None), values.pop("unlink", None)
    if model == "ir.filters" and "domain" in values:
        values["domain"] = str(values["domain"])
    if gone:
        server.execute_kw(model, "unlink", [[gone]], {})
    elif id:
        server.execute_kw(model, "write", [[id], values], {})
    elif model:
        server.execute_kw(model, "create", [values], {})


def state(server: Server) -> list[dict[str, Any]]:
    fields = ["id", "priority", "stage_id", "tag_ids", "user_id", "team_id", "probability"]
    rows: list[dict[str, Any]] = server.execute_kw("crm.lead", "search_read", [[]], {"fields": fields, "order": "id"})
    return rows


def test_it_is_brought_to_this_version_and_stays_proven(old: Ledger, file: Path) -> None:
    assert old.verify_chain().ok
    with old._store.engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM meta")) == str(VERSION)
    assert [one.id for one in old.plans()] == ["P1", "P2"]
    assert [(one.id, one.kind, one.status) for one in old.runs()] == [
        ("R1", "apply", "done"),
        ("R2", "undo", "done"),
        ("R3", "apply", "interrupted"),
    ]


def test_plans_are_told_in_the_shapes_of_today(old: Ledger) -> None:
    plan = old.plan("P2")
    assert isinstance(plan, Plan)
    assert (plan.identity.server["database"], plan.counts.tally.records, plan.rules.tracking_chosen) == (
        "viveros",
        420,
        False,
    )
    assert plan.side_effects
    assert plan.identity.spec_url == plan.identity.server["url"]
    assert old.plan_digest("P2") == plan.digest
    sets = old.change_sets("P2")
    assert sum(len(one.records) for one in sets if not one.pin) == plan.counts.tally.changes
    assert sum(len(one.records) for one in sets) == len(list(old.changes("P2")))
    first = next(iter(old.changes("P2")))
    assert (first.record, first.name, first.before) == (1, "Hotel Sol", [])
    assert old.names("P2", RecordSet([1])) == {1: "Hotel Sol"}


def test_outcomes_are_told_in_sets(old: Ledger) -> None:
    (applied, *_rest) = sets = [one for one in old.outcome_sets("R3") if one.outcome == "applied"]
    assert applied.field == ""
    assert sum(len(one.records) for one in sets) == 101
    (left,) = [one for one in old.outcome_sets("R3") if one.outcome == "conflict"]
    assert (left.records, left.field, left.found) == (RecordSet([EDITED]), "priority", "1")
    assert len(old.applied("R3").records) == 101
    assert len(old.applied("R1").records) == 0
    assert set(old.created("R3")) == {one.ref for one in old.plan("P2").config}


@pytest.mark.parametrize(
    "words",
    [
        ("show", "P1"),
        ("show", "P2", "--format", "json"),
        ("show", "P2", "--format", "csv"),
        ("show", "R1"),
        ("show", "R3", "--format", "json"),
        ("runs",),
        ("runs", "--verify"),
        ("history", "1"),
        ("history", str(EDITED), "--format", "json"),
        ("report", "P2", "--html", "p.html", "--xlsx", "p.xlsx"),
        ("report", "R1", "--html", "r.html"),
        ("status",),
        ("log",),
        ("handover", "--output", "h.zip"),
    ],
)
def test_every_command_reads_it(file: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    result = CliRunner().invoke(cli, ["--lang", "en", *words])
    assert result.exit_code == 0, result.output
    assert "damaged" not in result.output


def test_history_finds_a_record_in_every_run(old: Ledger) -> None:
    events = old.history("crm.lead", 1, database="viveros")
    assert {event.run for event in events} >= {"R1", "R2"}
    (conflict,) = [one for one in old.history("crm.lead", EDITED, database="viveros") if one.outcome == "conflict"]
    assert (conflict.run, conflict.field, conflict.found) == ("R3", "priority", "1")


def test_an_undo_foretells_and_does_the_same(old: Ledger, crm: Server) -> None:
    before = state(demo_server())
    foreseen = preview_undo("R3", old, lambda: crm)
    assert (foreseen.restorable, foreseen.left) == (101, ())
    report = undo("R3", old, lambda: crm, who=WHO)
    assert (report.run.status, dict(report.counts)) == ("done", {"applied": 101})
    after = [row | {"priority": "0"} if row["id"] == EDITED else row for row in state(crm)]
    assert after == before
    assert old.verify_chain().ok


def test_what_was_interrupted_goes_on(old: Ledger, crm: Server) -> None:
    report = resume("R3", old, lambda: crm, who=WHO)
    assert (report.run.status, dict(report.counts)) == ("done", {"applied": 420 - 102})
    assert len(old.applied("R3").records) == 419
    undone = undo("R3", old, lambda: crm, who=WHO)
    assert dict(undone.counts) == {"applied": 419}
    assert old.verify_chain().ok


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE changes SET name = 'Otra' WHERE plan = 1 AND record = 1", 1),
        ("UPDATE changes SET changes = replace(changes, 'Alto', 'Bajo') WHERE plan = 1 AND record = 1", 1),
        ("DELETE FROM changes WHERE plan = 1 AND record = 1", 1),
        ("UPDATE outcomes SET outcome = 'already' WHERE entry = 4", 4),
        ("DELETE FROM outcomes WHERE entry = 4", 4),
    ],
)
def test_what_is_altered_in_it_is_found(old: Ledger, statement: str, entry: int) -> None:
    with old._store.engine.connect() as connection:
        assert connection.execute(text(statement)).rowcount
        connection.commit()
    report = old.verify_chain()
    assert (report.ok, report.broken_at) == (False, entry)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET changes = 'x' WHERE plan = 1 AND record = 1",
        "UPDATE changes SET record = -7 WHERE plan = 1 AND record = 1",
        "UPDATE outcomes SET found = '{' WHERE entry = 4",
        "UPDATE plans SET header = substr(header, 1, 300) WHERE plan = 1",
    ],
)
def test_what_is_damaged_in_it_ends_in_one_sentence(
    file: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(file) as ledger, ledger._store.engine.connect() as connection:
        assert connection.execute(text(statement)).rowcount
        connection.commit()
    monkeypatch.chdir(file.parent)
    runner = CliRunner()
    for words in (("show", "P1"), ("show", "R1"), ("history", "1"), ("runs", "--verify")):
        result = runner.invoke(cli, ["--lang", "en", *words])
        assert result.exit_code in (0, 1), result.output
        assert "Unexpected error" not in result.output
    assert result.exit_code == 1
