"""Which changes of a plan hold after some of the runs of its family."""

from __future__ import annotations

from collections.abc import Iterable

from segmenter.ledger import Outcome
from segmenter.planning.model import Change
from segmenter.reports.runs import WRITTEN

Words = dict[int, dict[str, Outcome]]
"""Record -> field -> the last word on it; under "" the word on every field that was written."""


class Standing:
    """Takes in the outcomes of a family, run by run in their order."""

    def __init__(self) -> None:
        self._written: Words = {}
        self._undone: Words = {}

    def take(self, outcomes: Iterable[Outcome], *, undo: bool) -> Words:
        """Fold one run in; gives the last words of that run alone."""
        words: Words = {}
        for one in outcomes:
            _note(words, one)
            _note(self._undone if undo else self._written, one)
        return words

    def holds(self, change: Change) -> bool:
        """Whether the record has, as far as the ledger knows, what the change gives it."""
        return _done(self._written, change) and not _done(self._undone, change)


def word(words: Words, change: Change) -> Outcome | None:
    """The last word on one change; None when its record was not reached."""
    said = words.get(change.record, {})
    return said.get(change.field) or said.get("")


def _done(words: Words, change: Change) -> bool:
    last = word(words, change)
    return last is not None and last.outcome in WRITTEN


def _note(words: Words, one: Outcome) -> None:
    fields = words.setdefault(one.record, {})
    if one.field:
        # Tried again field by field: the word on the whole no longer stands.
        fields.pop("", None)
    else:
        fields.clear()
    fields[one.field] = one
