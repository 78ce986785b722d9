"""The log of an engagement: joint sessions, formal requests, answers. What is wrong is replaced, never altered."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import Connection, select

from segmenter.errors import LedgerError
from segmenter.i18n import _
from segmenter.ledger.chain import append
from segmenter.ledger.decoding import facts_of
from segmenter.ledger.records import Author, LogEntry
from segmenter.ledger.schema import entries

KIND = "log"


def add(connection: Connection, where: str, entry: LogEntry) -> LogEntry:
    """Keep one entry; gives it with its id. One that it replaces must be there and stand."""
    so_far = listed(connection)
    if entry.replaces:
        _check_replaced(entry, so_far, where)
    facts = {name: value for name, value in asdict(entry).items() if name not in ("id", "saved_at", "replaced_by")}
    entry = replace(entry, id=f"L{len(so_far) + 1}")
    __, at = append(connection, KIND, {**facts, "id": entry.id})
    return replace(entry, saved_at=at)


def listed(connection: Connection) -> list[LogEntry]:
    """All entries in the order they were written, each knowing which one replaced it."""
    rows = connection.execute(select(entries).where(entries.c.kind == KIND).order_by(entries.c.seq))
    found: dict[str, LogEntry] = {}
    for row in rows:
        facts = facts_of(row)
        kept = {**facts, "who": Author(**facts["who"]), "edits": tuple(facts.get("edits", ()))}
        entry = LogEntry(**kept, saved_at=row.at)
        found[entry.id] = entry
        if entry.replaces in found:
            found[entry.replaces] = replace(found[entry.replaces], replaced_by=entry.id)
    return list(found.values())


def _check_replaced(entry: LogEntry, so_far: list[LogEntry], where: str) -> None:
    old = {earlier.id: earlier for earlier in so_far if earlier.client in ("", entry.client)}.get(entry.replaces)
    if old is None:
        raise LedgerError(
            _("There is no log entry {id} of this engagement in the ledger {where}").format(
                id=entry.replaces, where=where
            ),
            todo=_("see the list: segmenter log"),
        )
    if old.replaced_by:
        raise LedgerError(
            _("The log entry {id} was replaced by {newer} before").format(id=old.id, newer=old.replaced_by),
            todo=_("replace that one: --replaces {newer}").format(newer=old.replaced_by),
        )
