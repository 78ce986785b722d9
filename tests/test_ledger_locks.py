"""One apply at a time on a ledger and a database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.errors import LedgerError
from segmenter.ledger import Ledger, open_ledger

pytest_plugins = ["tests.support.ledger_fixtures"]

KEY = "https://crm.example|crm"
ROOT = Path(__file__).parent.parent
HOLDER = """
import sys, time
from segmenter.ledger import open_ledger
with open_ledger(sys.argv[1]) as ledger, ledger.lock(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(ledger: Ledger, where: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, where, KEY], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_another_process_is_named_and_its_death_lets_go(
    ledger: Ledger, where: str, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(LedgerError) as caught, ledger.lock(KEY):
        pass
    assert caught.value.what.startswith("Another apply is at work on this database through this ledger (")
    named = f"segmenter {holder.pid}@" if "://" in where else f"process {holder.pid} of "
    assert named in caught.value.what
    assert socket.gethostname()[:20] in caught.value.what
    assert caught.value.todo == "wait until it is done, or stop it first"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    if "://" in where:  # the server notices a moment later
        _until_free(ledger)
    with ledger.lock(KEY):
        pass


def _until_free(ledger: Ledger) -> None:
    pause = threading.Event()
    for __ in range(100):
        try:
            with ledger.lock(KEY):
                return
        except LedgerError:
            pause.wait(0.05)


def test_the_same_process_cannot_hold_it_twice(ledger: Ledger) -> None:
    with ledger.lock(KEY), pytest.raises(LedgerError, match=str(os.getpid())), ledger.lock(KEY):
        pass
    with ledger.lock(KEY):
        pass


def test_other_databases_and_other_ledgers_are_free(ledger: Ledger, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "another.db") as another, ledger.lock(KEY), another.lock(KEY), ledger.lock(f"{KEY}2"):
        pass


def test_an_error_inside_lets_go(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.lock(KEY):
        raise KeyError
    with ledger.lock(KEY):
        pass


def test_a_note_that_cannot_be_read_names_nobody(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger, ledger.lock(KEY):
        (note,) = tmp_path.glob("*.holder")
        note.write_text("")
        with pytest.raises(LedgerError, match="unknown process"), ledger.lock(KEY):
            pass


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        with ledger.lock(KEY):
            (lock,) = tmp_path.glob("*.lock")
        lock.unlink(missing_ok=True)
        lock.mkdir()
        with pytest.raises(LedgerError, match=f"The lock {lock} cannot be taken"), ledger.lock(KEY):
            pass
