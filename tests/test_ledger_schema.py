"""The version of a ledger: new ones are made, older ones brought up, newer and foreign ones refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, open_ledger, schema
from tests.support.ledgers import make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]


def rows(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    with ledger._store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def set_version(ledger: Ledger, version: str) -> None:
    with ledger._store.engine.connect() as connection:
        connection.execute(text("UPDATE meta SET value = :v"), {"v": version})
        connection.commit()


def test_a_new_ledger_is_of_this_version_and_stays_so(where: str) -> None:
    for __ in range(2):
        with open_ledger(where) as ledger:
            assert rows(ledger, "SELECT * FROM meta") == [("schema_version", "5")]


def add_colour(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE plans ADD COLUMN colour INTEGER"))


def paint(connection: Connection) -> None:
    connection.execute(text("UPDATE plans SET colour = 7"))


def test_an_older_ledger_is_brought_up_step_by_step(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_ledger(where) as ledger:
        ledger.save_plan(*make_plan())
    monkeypatch.setattr(schema, "VERSION", 7)
    monkeypatch.setattr(schema, "MIGRATIONS", {7: paint, 6: add_colour})
    for __ in range(2):
        with open_ledger(where) as ledger:
            assert rows(ledger, "SELECT colour FROM plans") == [(7,)]
            assert rows(ledger, "SELECT value FROM meta") == [("7",)]
            assert ledger.verify_chain().ok


def test_a_step_that_fails_leaves_the_ledger_as_it_was(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_ledger(where) as ledger:
        ledger.save_plan(*make_plan())

    def broken(connection: Connection) -> None:
        connection.execute(text("UPDATE plans SET no_such_column = 1"))

    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", 7)
        patch.setattr(schema, "MIGRATIONS", {6: add_colour, 7: broken})
        with pytest.raises(LedgerError, match="no_such_column"):
            open_ledger(where)
    with open_ledger(where) as ledger:
        assert rows(ledger, "SELECT value FROM meta") == [("5",)]
        with pytest.raises(Exception, match="colour"):
            rows(ledger, "SELECT colour FROM plans")


def test_a_newer_ledger_is_refused(where: str) -> None:
    with open_ledger(where) as ledger:
        set_version(ledger, "6")
    with pytest.raises(LedgerError) as caught:
        open_ledger(where)
    assert "is of version 6, from a newer segmenter; this one knows 5" in caught.value.what
    assert caught.value.todo == "update segmenter on this machine"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE invoices (id INTEGER)",
        "CREATE TABLE meta (key TEXT, value TEXT)",
        "CREATE TABLE entries (key TEXT); CREATE TABLE meta (key TEXT, value TEXT)",
        "CREATE TABLE entries (key TEXT); CREATE TABLE meta (id INTEGER)",
        "CREATE TABLE entries (key TEXT); CREATE TABLE meta (key TEXT, value TEXT);"
        "INSERT INTO meta VALUES ('schema_version', 'one')",
    ],
)
def test_a_database_of_something_else_is_refused_and_left_as_it_was(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"other\.db is a database, but not a ledger of segmenter"):
        open_ledger(path)
    assert path.read_bytes() == before
