"""The hash chain through all entries of a ledger, and appending to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from segmenter.ledger.schema import entries
from segmenter.plans.changes import Json
from segmenter.plans.digest import canonical

_FACTS = ("seq", "at", "kind", "run", "batch", "body")
_append = insert(entries)
_head = select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)


def now() -> str:
    """This moment, UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def link(previous: str, facts: Mapping[str, Any]) -> str:
    """The hash of an entry, over the hash before it and all its own facts."""
    return hashlib.sha256((previous + canonical({name: facts[name] for name in _FACTS})).encode()).hexdigest()


def append(
    connection: Connection, kind: str, body: Mapping[str, Json], *, run: int | None = None, batch: int | None = None
) -> tuple[int, str]:
    """Add one entry; gives its number and time. The caller's transaction holds the ledger's write lock."""
    last = connection.execute(_head).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, "")
    row = {"seq": seq, "at": now(), "kind": kind, "run": run, "batch": batch, "body": canonical(body)}
    connection.execute(_append, {**row, "previous": previous, "hash": link(previous, row)})
    return seq, str(row["at"])
