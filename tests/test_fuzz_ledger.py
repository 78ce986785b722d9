"""A ledger that came back damaged: every command says so in one sentence, and where, or works on what still holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import chdir
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner

from segmenter.cli import cli
from segmenter.ledger import Author, LogEntry, open_ledger
from tests.support.fuzzing import Entrance, Fuzz
from tests.support.review_samples import run, save, undo

ENTRANCE = Entrance("ledger", ".json")
AUTHOR = Author("ana", "laptop", "0.1.0")
CELLS = {
    "entries": ("body", "kind", "at", "run", "batch", "hash", "previous"),
    "plans": ("header",),
    "change_sets": ("change", "records", "position"),
    "names": ("names", "first", "last"),
    "members": ("records", "position"),
    "outcome_sets": ("outcome", "records", "position"),
    "meta": ("value",),
}
COMMANDS = (
    ("show", "P1"),
    ("show", "R1", "--format", "json"),
    ("runs",),
    ("runs", "--verify"),
    ("report", "R1", "--html", "i.html"),
    ("status",),
    ("log",),
    ("log", "--email"),
    ("history", "3"),
    ("resume", "R1"),
    ("undo", "R1", "--preview"),
    ("approve", "P1", "--by", "Paula", "--evidence", "correo"),
    ("handover", "--output", "h.zip", "--force"),
)
DOCUMENTED = {0, 1, 2, 3, 4, 5, 10}
KEYS = {
    "entries": ("seq",),
    "plans": ("plan",),
    "change_sets": ("plan", "position"),
    "names": ("plan", "first"),
    "members": ("plan", "position"),
    "outcome_sets": ("entry", "position"),
    "meta": ("key",),
}
ODD: tuple[Any, ...] = (None, True, 0, -1, 2**70, 1.5, "", "x", "\u202e", [], {}, [[]], {"a": {}}, "P1", "2026-13-40")


@cache
def sound() -> bytes:
    """A ledger with two plans, an apply with conflicts, its undo, an apply that never ended, and a log."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "l"
        with open_ledger(file) as ledger:
            plan = save(ledger, 12)
            undo(ledger, plan, run(ledger, plan, conflicts=[3]))
            ledger.approve(plan.id, "Paula", "correo", AUTHOR)
            started = ledger.start_run("apply", save(ledger, 3).id, ledger.run("R1").who)
            ledger.intend(started.id, 1, {"kind": "records", "records": [1, 2], "values": {"priority": "3"}})
            at = "2026-11-24T15:30-03:00"
            zone = "America/Santiago"
            ledger.add_to_log(
                LogEntry("definition", at, "Criterios", "Acordados", 30, "Viveros del Maipo", zone, AUTHOR)
            )
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return file.read_bytes()


def opened(folder: Path) -> sqlite3.Connection:
    (folder / "segmenter.ledger").write_bytes(sound())
    return sqlite3.connect(folder / "segmenter.ledger")


def broken(random: Random) -> bytes:
    """One cell of one row, and what stands in it instead."""
    table = random.choice(list(CELLS))
    column = random.choice(CELLS[table])
    with TemporaryDirectory() as folder:
        database = opened(Path(folder))
        keys = KEYS[table]
        rows = database.execute(
            f"SELECT {', '.join((*keys, column))} FROM {table} ORDER BY {', '.join(keys)}"
        ).fetchall()
        database.close()
    *key, held = random.choice(rows)
    value = torn(held, random) if isinstance(held, bytes) else odd(held, random)
    case = {"table": table, "key": dict(zip(keys, key, strict=True)), "column": column, "value": value}
    return json.dumps(case, indent=1).encode()


def odd(held: Any, random: Random) -> Any:
    """Something else than what the cell holds: JSON with another node in it, a part of its text, another type."""
    try:
        data = json.loads(held)
    except (TypeError, ValueError):
        data = None
    if isinstance(data, dict | list) and data and random.random() < 0.7:
        node = data
        while True:
            place = random.choice(list(node) if isinstance(node, dict) else range(len(node)))
            inner = node[place]
            if not (isinstance(inner, dict | list) and inner and random.random() < 0.7):
                break
            node = inner
        if random.random() < 0.3:
            del node[place]
        else:
            node[place] = random.choice(ODD)
        return json.dumps(data)
    if isinstance(held, str) and held and random.random() < 0.6:
        at = random.randrange(len(held))
        return random.choice((held[:at], held[:at] + "\x00" + held[at:], held[at:], held[:at] + "7" + held[at + 1 :]))
    value = random.choice(ODD)
    return value if isinstance(value, str | int | float | None) and value != 2**70 else json.dumps(value)


def torn(held: bytes, random: Random) -> Any:
    """A blob that lost its end or a part of it, one with another byte in it, or no blob at all."""
    if random.random() < 0.2:
        return odd("", random)
    at, to = sorted(random.randrange(len(held) + 1) for _end in "ab")
    other = random.choice((held[:at], held[:at] + held[to:], held[:at] + random.randbytes(1) + held[at + 1 :]))
    return {"hex": other.hex()}


def holds(case: bytes) -> None:
    """Every command ends with a documented code, and without a word of what Python thinks of it."""
    told = json.loads(case)
    value = bytes.fromhex(told["value"]["hex"]) if isinstance(told["value"], dict) else told["value"]
    runner = CliRunner()
    with TemporaryDirectory() as folder, chdir(folder):
        database = opened(Path(folder))
        where = " AND ".join(f"{name} = ?" for name in told["key"])
        with database:
            database.execute(
                f"UPDATE OR IGNORE {told['table']} SET {told['column']} = ? WHERE {where}",
                (value, *told["key"].values()),
            )
        database.close()
        for words in COMMANDS:
            result = runner.invoke(cli, ["--lang", "en", *words])
            assert result.exit_code in DOCUMENTED, (words, result.exit_code, result.output)
            assert "Unexpected error" not in result.output, (words, result.output)
            assert "Traceback" not in result.output, (words, result.output)


@pytest.mark.parametrize("case", ENTRANCE.kept())
def test_what_was_kept(case: bytes) -> None:
    holds(case)


def test_whatever_comes(fuzz: Fuzz) -> None:
    fuzz.hunt(ENTRANCE, broken, holds)


def test_a_sound_ledger_serves_every_command() -> None:
    """Else the law would hold of commands that do nothing."""
    runner = CliRunner()
    with TemporaryDirectory() as folder, chdir(folder):
        opened(Path(folder)).close()
        for words in COMMANDS:
            result = runner.invoke(cli, ["--lang", "en", *words])
            assert "damaged" not in result.output, (words, result.output)
            if words[0] not in ("resume", "undo", "approve"):
                assert result.exit_code == 0, (words, result.output)


def test_damage_is_told_where_it_is() -> None:
    runner = CliRunner()
    with TemporaryDirectory() as folder, chdir(folder):
        database = opened(Path(folder))
        with database:
            database.execute("UPDATE plans SET header = substr(header, 1, 300) WHERE plan = 1")
        database.close()
        result = runner.invoke(cli, ["--lang", "en", "show", "P1"])
        assert result.exit_code == 1
        assert result.output == (
            "The ledger is damaged at plan P1: that is not what was written there; restore a copy of it; "
            "segmenter runs --verify tells the first entry that does not hold\n"
        )
