"""Which changes of a plan hold after some of the runs of its family."""

from __future__ import annotations

from collections.abc import Iterable

from segmenter.ledger import WRITTEN, Outcome
from segmenter.planning.model import Change
from segmenter.reports.past import Words, note


class Standing:
    """Takes in the outcomes of a family, run by run in their order.

    ``written`` and ``undone``: the last words of the runs in each direction.
    """

    def __init__(self) -> None:
        self.written: Words = {}
        self.undone: Words = {}

    def take(self, outcomes: Iterable[Outcome], *, undo: bool) -> None:
        """Fold one run in."""
        note(self.undone if undo else self.written, outcomes)

    def holds(self, change: Change) -> bool:
        """Whether the record has, as far as the ledger knows, what the change gives it."""
        return _done(self.written, change) and not _done(self.undone, change)


def word(words: Words, change: Change) -> Outcome | None:
    """The last word on one change; None when its record was not reached."""
    said = words.get(change.record, {})
    return said.get(change.field) or said.get("")


def _done(words: Words, change: Change) -> bool:
    last = word(words, change)
    return last is not None and last.outcome in WRITTEN
