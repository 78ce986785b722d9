"""What a run tells while it goes; at its end it gives a `ledger.RunReport`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` records are settled. ``phase``: ``config`` or ``records``."""

    done: int
    total: int
    phase: str
