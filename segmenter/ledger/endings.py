"""What a run tells at its end, and an undo before it begins: made while it goes, or told again from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.errors import ExitCode
from segmenter.i18n import reworded
from segmenter.ledger.records import ENDED, OutcomeKind, Run
from segmenter.notice import Notice
from segmenter.plans.changes import ConfigChange, Json
from segmenter.plans.plan import Plan


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not written, by name. ``expected`` and ``found`` are normalised values.

    ``record`` is negative, and ``field`` empty, for a configuration change.
    """

    record: int
    name: str
    field: str
    outcome: OutcomeKind
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
    def names(self) -> Mapping[str, str]:
        """Names of values that were met and that the plan did not know, as `Plan.value_names`."""
        found: Mapping[str, str] = self.run.summary.get("names", {})
        return found

    @property
    def silenced(self) -> str:
        """Why it noted nothing in the chatter although the plan does; "" where it went as planned."""
        return reworded(self.run.summary.get("silenced", ""))

    @property
    def exit_code(self) -> ExitCode:
        """0 done, 4 conflicts left, 5 partly applied."""
        if self.run.status not in ENDED:
            return ExitCode.PARTLY
        return ExitCode.STALE if self.run.status == "conflicts" else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that the runs created and that is still there after an undo. ``uses``: how many records hold it."""

    change: ConfigChange
    id: int
    uses: int


@dataclass(frozen=True)
class UndoPreview:
    """What an undo would do. ``restorable``: records; ``left``: what a person or a later run of ours changed since.

    ``partly``: of the restorable records, those of which something is left. ``names``: as in a `RunReport`. ``runs``:
    those that it takes back. ``later``: runs of ours, the newest first, and
    how many records each has to give back first.
    """

    plan: Plan
    root: str
    restorable: int
    left: tuple[Left, ...]
    not_undoable: tuple[Notice, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    later: Mapping[str, int] = field(default_factory=dict)
    partly: int = 0
