"""Log entries out of nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segmenter.ledger import Author, LogEntry

AUTHOR = Author("ana", "portatil", "0.1.0")


def entry(kind: str, at: str, **about: Any) -> LogEntry:
    """One entry of an engagement; ``minutes`` are 30 for a joint session."""
    usual: dict[str, Any] = {
        "activity": f"Actividad: {kind}",
        "result": "Acordado",
        "minutes": 30 if kind in ("definition", "review", "work") else None,
        "client": "Viveros",
        "timezone": "America/Santiago",
        "who": AUTHOR,
    }
    return LogEntry(kind=kind, at=at, **(usual | about))  # type: ignore[arg-type]


def written(*entries: LogEntry) -> list[LogEntry]:
    """The same as a ledger gives them back: with ids, and each knowing what replaced it."""
    log = [replace(one, id=f"L{number}") for number, one in enumerate(entries, 1)]
    newer = {one.replaces: one.id for one in log if one.replaces}
    return [replace(one, replaced_by=newer.get(one.id, "")) for one in log]
