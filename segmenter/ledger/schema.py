"""The tables, their version, and the steps from one version to the next.

One table of entries is the journal and the hash chain at once: runs, overrides, intents and outcomes are entries, so
there is no second copy of them to disagree. Only what is many (changes, outcomes) and what is big (a plan's head)
lies in tables of its own; the entry of a plan or of a batch holds the hash of those rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)

from segmenter.errors import LedgerError
from segmenter.i18n import _

VERSION = 2


def _nothing(connection: Connection) -> None:
    """Version 2 has the tables of version 1: its plans say more, and it has entries that version 1 cannot read."""


MIGRATIONS: Mapping[int, Callable[[Connection], None]] = {2: _nothing}
"""Version -> the function that brings a ledger there from the version before."""

metadata = MetaData()

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

plans = Table(
    "plans",
    metadata,
    Column("plan", Integer, primary_key=True, autoincrement=False),
    Column("header", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("changes", Text, nullable=False),  # [[field, before, after, segmentation, segment], ...]
    sqlite_with_rowid=False,  # one tree, in the order it is written and read
)

entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("run", Integer),
    Column("batch", Integer),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("entries_by_kind", "kind", "run", "batch"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("entry", ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("record", BigInteger, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("found", Text, nullable=False),
    sqlite_with_rowid=False,
)


def version_of(connection: Connection, where: str) -> int | None:
    """The version of the ledger, None for an empty database; raises `LedgerError` for a database of something else."""
    there = set(inspect(connection).get_table_names())
    # A SQLite file is ours alone; a PostgreSQL database may hold tables of others, as long as none has our names.
    foreign = there if connection.dialect.name == "sqlite" else there & set(metadata.tables)
    if not foreign:
        return None
    columns = {c["name"] for c in inspect(connection).get_columns("meta")} if {"meta", "entries"} <= there else set()
    found = None
    if columns == {"key", "value"}:
        found = connection.scalar(select(meta.c.value).where(meta.c.key == "schema_version"))
    if not isinstance(found, str) or not found.isdecimal() or int(found) < 1:
        raise LedgerError(
            _("{where} is a database, but not a ledger of segmenter").format(where=where),
            todo=_("name another file or database for the ledger"),
        )
    if int(found) > VERSION:
        raise LedgerError(
            _("The ledger {where} is of version {theirs}, from a newer segmenter; this one knows {ours}").format(
                where=where, theirs=found, ours=VERSION
            ),
            todo=_("update segmenter on this machine"),
        )
    return int(found)


def prepare(connection: Connection, where: str) -> None:
    """Create the tables or bring them to this version, inside the caller's transaction: all of it or nothing."""
    version = version_of(connection, where)
    if version is None:
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(meta).values(key="schema_version", value=str(VERSION)))
        return
    for step in range(version + 1, VERSION + 1):
        MIGRATIONS[step](connection)
    connection.execute(update(meta).where(meta.c.key == "schema_version").values(value=str(VERSION)))
