"""One apply at a time on a ledger and a database, whatever becomes of the process that holds the lock."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text

from segmenter.errors import LedgerError
from segmenter.files import refuse_shared_link
from segmenter.i18n import _, why
from segmenter.ledger.chain import now
from segmenter.ledger.store import Store, explained

_HOLDER = text(
    "SELECT a.application_name, a.backend_start::text FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND l.classid = :high AND l.objid = :low"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def hold(store: Store, server_key: str) -> Iterator[None]:
    """Hold the lock of one database, or raise at once. The system lets go of it when the process dies."""
    digest = hashlib.sha256(server_key.encode())
    if store.path:
        with _file(store.path.with_name(f"{store.path.name}.{digest.hexdigest()[:12]}.lock")):
            yield
    else:
        with _advisory(store, int.from_bytes(digest.digest()[:8], "big", signed=True)):
            yield


def _refusal(holder: str) -> LedgerError:
    return LedgerError(
        _("Another apply is at work on this database through this ledger ({holder})").format(holder=holder),
        todo=_("wait until it is done, or stop it first"),
    )


@contextmanager
def _file(path: Path) -> Iterator[None]:
    # Who holds it lies beside it: the lock file itself may be truncated by whoever tries the lock.
    note = path.with_suffix(".holder")
    for file in (path, note):
        refuse_shared_link(file)
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise _refusal(_read(note)) from None
    except OSError as error:
        raise LedgerError(
            _("The lock {where} cannot be taken: {said}").format(where=path, said=why(error)),
            todo=_("ask for the right to write there, or name another ledger"),
        ) from error
    try:
        facts = {"pid": os.getpid(), "host": socket.gethostname(), "user": _user(), "since": now()}
        with suppress(OSError):  # the lock holds without its note
            note.write_text(json.dumps(facts), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in containers
        return ""


def _read(note: Path) -> str:
    try:
        facts = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _("unknown process")  # it has the lock and has not written its note yet
    return _("process {pid} of {user} on {host} since {since}").format(**facts)


@contextmanager
def _advisory(store: Store, key: int) -> Iterator[None]:
    with explained(store.where), store.engine.connect() as connection:
        # A session's lock: no transaction stays open while it is held, and it goes with the connection.
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            raise _refusal(_holder(connection, key))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _holder(connection: Connection, key: int) -> str:
    halves = {"high": key >> 32 & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}
    found = connection.execute(_HOLDER, halves).first()
    if found is None:
        return _("unknown process")
    return _("{program} since {since}").format(program=found[0], since=found[1])
