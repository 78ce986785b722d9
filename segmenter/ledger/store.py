"""One database: how it is opened, its short transactions, and every failure of it as one clear sentence."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from segmenter.errors import LedgerError, LedgerFull
from segmenter.files import refuse_shared_link
from segmenter.i18n import _
from segmenter.ledger import schema

_WRITE_KEY = 0x5E63E47E  # PostgreSQL's advisory lock of whoever appends to the chain
_WRITES = "segmenter_writes"
_SECRETS = ("password", "sslpassword")  # a URL may hold them in its query too


class Store:
    """An opened ledger database. Threads may share it: writers take turns, readers do not wait."""

    def __init__(self, engine: Engine, where: str, path: Path | None, patience: float) -> None:
        self.engine, self.where, self.path, self._patience = engine, where, path, patience
        self._writer = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with one consistent view of the ledger."""
        with explained(self.where), self.engine.connect() as connection:
            if self.path is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that alone may write, committed to the disk at the end or not at all."""
        with explained(self.where), self._writer, self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                if self.path is None:
                    connection.execute(text(f"SET LOCAL lock_timeout = {round(self._patience * 1000)}"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_KEY})
                yield connection

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def without_password(where: str) -> str:
    """A ledger's place as it may be shown: a URL with ``***`` for its password."""
    if "://" not in where:
        return where
    try:
        return make_url(where).difference_update_query(_SECRETS).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "***"


def open_store(where: str | Path, *, create: bool, patience: float, read: bool = False) -> Store:
    """Open the database, create its tables or bring them to this version.

    With ``read`` a file that may not be written is opened too, as it lies there.
    """
    url = _url(where)
    path = Path(str(url.database)).absolute() if url.drivername == "sqlite" else None
    shown = str(path) if path else url.difference_update_query(_SECRETS).render_as_string(hide_password=True)
    if path:
        refuse_shared_link(path)
    if path and not _writable(path, create=create):
        if not read or not _complete(path):
            raise _read_only(str(path))
        # Reading would write too: SQLite keeps who reads beside the file. What nobody can write needs none of it.
        url = url.set(database=path.as_uri(), query={"mode": "ro", "immutable": "1", "uri": "true"})
    store = Store(_engine(url, path, patience), shown, path, patience)
    try:
        _prepare(store, create=create)
    except BaseException:
        store.close()
        raise
    return store


def _url(where: str | Path) -> URL:
    if "://" not in str(where):
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(str(where))
    except (ArgumentError, ValueError):
        # Without the text itself: it may hold a password.
        raise LedgerError(_("The URL of the ledger cannot be read"), todo=_how_to_name_it()) from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise LedgerError(_("A ledger cannot be kept in {kind}").format(kind=kind), todo=_how_to_name_it())
    if not url.database or url.database == ":memory:":
        raise LedgerError(_("A ledger in memory would be lost at the end"), todo=_how_to_name_it())
    return url.set(drivername="sqlite")


def _how_to_name_it() -> str:
    return _("give the path of a file, or postgresql://user@host/database")


def _writable(path: Path, *, create: bool) -> bool:
    """Whether the file may be written; raises what SQLite would say in fewer words, or in the middle of the work."""
    if not path.parent.is_dir():
        raise LedgerError(
            _("The folder {folder} of the ledger does not exist").format(folder=path.parent), todo=_("create it first")
        )
    if path.is_dir():
        raise LedgerError(_("{where} is a folder, not a ledger").format(where=path), todo=_how_to_name_it())
    if not create and not path.exists():
        raise LedgerError(
            _("There is no ledger at {where}").format(where=path), todo=_("make a plan first: segmenter plan SPEC")
        )
    # SQLite keeps its journal beside the file, so the folder must be writable too.
    return _may(path.parent, os.W_OK | os.X_OK) and (not path.exists() or _may(path, os.R_OK | os.W_OK))


def _complete(path: Path) -> bool:
    """Whether the file can be read and holds everything: nothing waits in the journal beside it."""
    journal = path.with_name(f"{path.name}-wal")
    return path.exists() and _may(path, os.R_OK) and not (journal.exists() and journal.stat().st_size)


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _engine(url: URL, path: Path | None, patience: float) -> Engine:
    if path is None:
        arguments = {"application_name": f"segmenter {os.getpid()}@{socket.gethostname()}"[:63], "connect_timeout": 10}
        try:
            return create_engine(url, connect_args=arguments)
        except ModuleNotFoundError:
            raise LedgerError(
                _("A ledger in PostgreSQL needs the package psycopg"),
                todo=_("install it: pip install 'segmenter[postgresql]'"),
            ) from None
    engine = create_engine(url, connect_args={"timeout": patience})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Taking the write lock at once means that no transaction fails half way for want of it.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _prepare(store: Store, *, create: bool) -> None:
    with store.reading() as connection:
        version = schema.version_of(connection, store.where)
    if version == schema.VERSION:
        return
    if version is None and not create:
        raise LedgerError(
            _("There is no ledger at {where}").format(where=store.where),
            todo=_("make a plan first: segmenter plan SPEC"),
        )
    if store.path:
        with explained(store.where):
            connection_of_driver = store.engine.raw_connection()
            try:
                connection_of_driver.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                connection_of_driver.close()
    with store.writing() as connection:
        schema.prepare(connection, store.where)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turns what the database or its driver raises inside into a `LedgerError`."""
    try:
        yield
    except DBAPIError as error:
        raise _explain(error.orig, where) from error
    except sqlite3.Error as error:
        raise _explain(error, where) from error


def insert_many(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of the columns and need no conversion.

    It spares what SQLAlchemy does to each single parameter, which would cost more than the insertion.
    """
    if not rows:
        return
    compiled = insert(table).compile(connection)
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), rows)
    else:
        names = [column.name for column in table.columns]
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in rows])


def _read_only(where: str) -> LedgerError:
    return LedgerError(
        _("The ledger {where} cannot be written: the file or its folder is read-only").format(where=where),
        todo=_("ask for the right to write there, or name another ledger"),
    )


def _explain(error: Any, where: str) -> LedgerError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF or getattr(error, "sqlstate", None)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, "25006"):
        return _read_only(where)
    if code in (sqlite3.SQLITE_FULL, "53100"):
        return LedgerFull(
            _("There is no space left to write the ledger {where}; nothing of this step was kept").format(where=where),
            todo=_("free some space on its disk and in the temporary folder, and try again"),
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03"):
        return LedgerError(
            _("The ledger {where} is locked by another program").format(where=where),
            todo=_("wait until it is done, and try again"),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return LedgerError(
            _("{where} is not a ledger, or is damaged").format(where=where),
            todo=_("name another file, or bring back a copy of it"),
        )
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return LedgerError(
        _("The ledger {where} cannot be used: {said}").format(where=where, said=reason),
        todo=_("check that its disk or its database server works"),
    )
