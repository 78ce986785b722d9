"""The tables, their version, and the steps from one version to the next.

One table of entries is the journal and the hash chain at once: runs, overrides, intents and outcomes are entries, so
there is no second copy of them to disagree. Only what is many (changes, names, outcomes) and what is big (a plan's
head) lies in tables of its own; the entry of a plan or of a batch holds the hash of those rows.

The tables ``changes`` and ``outcomes`` hold what versions 1 and 2 kept record by record. Nothing is written to them any
more, and what lies there stays as it is: the chain proves just that (see `version2`).
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
    LargeBinary,
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

VERSION = 5

metadata = MetaData()

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

plans = Table(
    "plans",
    metadata,
    Column("plan", Integer, primary_key=True, autoincrement=False),
    Column("header", Text, nullable=False),
)

change_sets = Table(
    "change_sets",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("change", Text, nullable=False),  # [field, before, after, segmentation, segment]
    Column("records", LargeBinary, nullable=False),
)

names = Table(
    "names",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("names", LargeBinary, nullable=False),  # of the records from first to last: [[record, ...], [name, ...]]
)

members = Table(
    "members",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),  # the scope, the protected, each segment
    Column("records", LargeBinary, nullable=False),
)

holdings = Table(
    "holdings",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("held", Text, nullable=False),  # [field, value, label]
    Column("records", LargeBinary, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("plan", ForeignKey("plans.plan"), primary_key=True, autoincrement=False),
    Column("what", Text, primary_key=True),  # as in `rosters`: "revenue", "moved" (to its stage), "city", "external"...
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("read", LargeBinary, nullable=False),  # of the records from first to last: [[record, ...], [value, ...]]
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


outcome_sets = Table(
    "outcome_sets",
    metadata,
    Column("entry", ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),  # [field, outcome, detail, found, ref of a configuration change]
    Column("records", LargeBinary, nullable=False),
)


def _nothing(connection: Connection) -> None:
    """Version 2 has the tables of version 1: its plans say more, and it has entries that version 1 cannot read."""


def _sets(connection: Connection) -> None:
    """Version 3 keeps sets of records, in tables of their own. What older versions wrote is read where it lies."""
    metadata.create_all(connection, tables=[change_sets, names, outcome_sets])


def _members(connection: Connection) -> None:
    """Version 4 keeps which records a plan is about, and those of each segment. Older plans have none."""
    metadata.create_all(connection, tables=[members])


def _roster(connection: Connection) -> None:
    """Version 5 keeps what the records of a plan held. Older plans have none of it."""
    metadata.create_all(connection, tables=[holdings, readings])


MIGRATIONS: Mapping[int, Callable[[Connection], None]] = {2: _nothing, 3: _sets, 4: _members, 5: _roster}
"""Version -> the function that brings a ledger there from the version before."""


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
