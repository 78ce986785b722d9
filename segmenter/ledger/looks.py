"""What looks for drift found, so that a board of all engagements can tell of the last one."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import Connection, select

from segmenter.ledger.chain import append
from segmenter.ledger.decoding import facts_of
from segmenter.ledger.records import Author, Look
from segmenter.ledger.schema import entries

KIND = "look"


def add(connection: Connection, look: Look) -> Look:
    """Keep one; gives it with its moment."""
    facts = {name: value for name, value in asdict(look).items() if name != "at"}
    __, at = append(connection, KIND, facts)
    return replace(look, at=at)


def listed(connection: Connection) -> list[Look]:
    """All of them, oldest first."""
    rows = connection.execute(select(entries).where(entries.c.kind == KIND).order_by(entries.c.seq))
    return [Look(**{**(facts := facts_of(row)), "who": Author(**facts["who"])}, at=row.at) for row in rows]
