"""Opening a database, and every way in which it can fail: one clear sentence, nothing half written."""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, Outcome, open_ledger
from tests.support.ledgers import WHO, make_plan

pytest_plugins = ["tests.support.ledger_fixtures"]


def pragma(ledger: Ledger, name: str) -> object:
    with ledger._store.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def refused(where: object, **options: object) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        open_ledger(where, **options)  # type: ignore[arg-type]
    return caught.value


def test_sqlite_is_durable(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert (pragma(ledger, "journal_mode"), pragma(ledger, "synchronous")) == ("wal", 2)
        assert pragma(ledger, "foreign_keys") == 1
        assert ledger.where == str(tmp_path / "ledger.db")


def test_a_path_and_a_url_name_the_same_file(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "a ledger.db") as ledger:
        ledger.save_plan(*make_plan())
    with open_ledger(f"sqlite:///{tmp_path}/a ledger.db", create=False) as ledger:
        assert [plan.id for plan in ledger.plans()] == ["P1"]


def test_a_relative_path_is_of_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_ledger("ledger.db") as ledger:
        assert ledger.where == str(tmp_path / "ledger.db")


def test_nothing_is_created_unless_asked(tmp_path: Path) -> None:
    error = refused(tmp_path / "ledger.db", create=False)
    assert str(error) == f"There is no ledger at {tmp_path}/ledger.db; make a plan first: segmenter plan SPEC"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "ledger.db").touch()
    assert refused(tmp_path / "ledger.db", create=False).what == error.what


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "no" / "ledger.db").what == f"The folder {tmp_path}/no of the ledger does not exist"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path).what == f"{tmp_path} is a folder, not a ledger"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_ledger_in_memory(url: str) -> None:
    assert refused(url).what == "A ledger in memory would be lost at the end"


def test_a_database_of_another_kind() -> None:
    assert refused("mysql://root:hunter2@h/db").what == "A ledger cannot be kept in mysql"


def test_a_url_that_is_none_does_not_show_its_password() -> None:
    error = refused("postgresql://ana:hunter2@host:port/db")
    assert error.what == "The URL of the ledger cannot be read"
    assert error.__suppress_context__


def test_a_database_server_that_does_not_answer() -> None:
    error = refused("postgres://ana:hunter2@127.0.0.1:1/crm?sslpassword=hunter2")
    assert re.match(r"The ledger postgresql\+psycopg://ana:\*\*\*@127.0.0.1:1/crm cannot be used: conn", error.what)
    assert "hunter2" not in str(error)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert str(refused("postgresql://h/d")) == (
        "A ledger in PostgreSQL needs the package psycopg; install it: pip install 'segmenter[postgresql]'"
    )


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("version: 1\nclient: {name: Viveros}\n" * 100)
    assert refused(path).what == f"{path} is not a ledger, or is damaged"


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with open_ledger(path) as ledger:
        ledger.save_plan(*make_plan(range(1, 2000)))
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(LedgerError, match="is not a ledger, or is damaged"), open_ledger(path) as ledger:
        ledger.verify_chain()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that any user may reach and write into."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_a_read_only_file(open_to_all: Path, ordinary_user: None) -> None:
    path = open_to_all / "ledger.db"
    with open_ledger(path):
        pass
    path.chmod(0o444)
    error = refused(path)
    assert error.what == f"The ledger {path} cannot be written: the file or its folder is read-only"
    assert error.todo == "ask for the right to write there, or name another ledger"


@pytest.mark.parametrize("there_already", [False, True])
def test_a_read_only_folder(open_to_all: Path, ordinary_user: None, there_already: bool) -> None:
    folder = open_to_all / "folder"
    folder.mkdir()
    if there_already:
        with open_ledger(folder / "ledger.db"):
            pass
    folder.chmod(0o555)
    assert "the file or its folder is read-only" in refused(folder / "ledger.db").what


def test_a_file_that_becomes_read_only_while_open(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        event.listen(ledger._store.engine, "checkout", lambda c, *_a: c.execute("PRAGMA query_only=ON"))
        with pytest.raises(LedgerError, match="the file or its folder is read-only"):
            ledger.save_plan(*make_plan())


def full_at(ledger: Ledger, pages: int) -> None:
    """From here on the disk is full once the file has grown by this many pages (of 4 KiB)."""
    most = int(str(pragma(ledger, "page_count"))) + pages
    event.listen(ledger._store.engine, "checkout", lambda c, *_a: c.execute(f"PRAGMA max_page_count={most}"))


def test_a_disk_that_fills_up_while_a_plan_is_saved(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.save_plan(*make_plan())
        full_at(ledger, 0)
        with pytest.raises(LedgerError) as caught:
            ledger.save_plan(*make_plan(range(1, 50000)))
        assert "There is no space left to write the ledger" in caught.value.what
        assert [plan.id for plan in ledger.plans()] == ["P1"]
        assert ledger.verify_chain().ok


def test_a_disk_that_fills_up_while_outcomes_are_written(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.save_plan(*make_plan())
        ledger.start_run("apply", "P1", WHO)
        ledger.intend("R1", 1, {"kind": "records", "records": [1], "values": {}})
        full_at(ledger, 10)
        with pytest.raises(LedgerError, match="no space left"):
            ledger.settle("R1", 1, [Outcome(n, "", "applied", f"{n}" * 50) for n in range(1, 5000)])
        assert list(ledger.outcomes("R1")) == []
        assert [batch.unknown for batch in ledger.unsettled("R1")] == [(1,)]
        assert ledger.verify_chain().ok


def test_a_locked_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with open_ledger(path, patience=0.05) as ledger:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError) as caught:
            ledger.save_plan(*make_plan())
        assert caught.value.what == f"The ledger {path} is locked by another program"
        assert ledger.plans() == []  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        assert ledger.save_plan(*make_plan()).id == "P1"


def test_programs_make_and_write_one_ledger_at_once(where: str) -> None:
    def program(_n: int) -> None:
        for __ in range(4):
            with open_ledger(where) as ledger:
                ledger.save_plan(*make_plan([1]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(program, range(4)))
    with open_ledger(where) as ledger:
        assert [plan.id for plan in ledger.plans()] == [f"P{n}" for n in range(1, 17)]
        assert ledger.verify_chain().ok
