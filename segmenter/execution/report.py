"""What a run tells while it goes and at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmenter.errors import ExitCode
from segmenter.ledger import Run
from segmenter.planning.model import ConfigChange, Json, Plan


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` records are settled. ``phase``: ``config`` or ``records``."""

    done: int
    total: int
    phase: str


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not written, by name. ``expected`` and ``found`` are normalised values.

    ``record`` is negative, and ``field`` empty, for a configuration change.
    """

    record: int
    name: str
    field: str
    outcome: str
    expected: Json
    found: Json
    detail: str


@dataclass(frozen=True)
class RunReport:
    """The end of a run. ``counts``: outcome -> records. ``config``: what was created, altered or removed.

    ``kept``: what an undo leaves because the work user may not delete it. ``error``: the sentence of what
    stopped the run, if anything did.
    """

    run: Run
    counts: Mapping[str, int]
    left: tuple[Left, ...]
    config: tuple[ConfigChange, ...]
    seconds: float
    kept: tuple[ConfigChange, ...] = ()
    error: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """0 done, 4 conflicts left, 5 partly applied."""
        if self.run.status in ("partly", "interrupted"):
            return ExitCode.PARTLY
        return ExitCode.STALE if self.run.status == "conflicts" else ExitCode.DONE


@dataclass(frozen=True)
class UndoPreview:
    """What an undo would do. ``restorable``: records; ``left``: what a person changed since, by name."""

    plan: Plan
    root: str
    restorable: int
    left: tuple[Left, ...]
    not_undoable: tuple[str, ...]
