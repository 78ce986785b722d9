"""Every apply of an engagement, with its resumes and the undo that took it back: what was done, whichever came last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.i18n import N_, _, ngettext
from segmenter.ledger import Ledger, Run
from segmenter.reports import past
from segmenter.reports.runs import end_name
from segmenter.reports.text import Style


@dataclass(frozen=True)
class Family:
    """``runs``: the apply and its resumes; ``undo``: the last run that took it back. ``written``: how many records it
    wrote; ``kept``: how many of them no undo gave back; ``given_back``: the others.
    """

    runs: tuple[Run, ...]
    undo: Run | None
    written: int
    kept: int
    given_back: frozenset[int] = frozenset()

    @property
    def plan(self) -> str:
        """What was applied."""
        return self.runs[0].plan

    @property
    def last(self) -> Run:
        """The run that ended it."""
        return self.runs[-1]

    @property
    def told(self) -> Run:
        """The run whose report tells how it is with this plan now."""
        return self.undo or self.last

    @property
    def waits(self) -> bool:
        """Whether it is an import of which no export has told anything yet."""
        return all(run.waits for run in self.runs)

    @property
    def stands(self) -> bool:
        """Whether nobody began to take it back."""
        return self.undo is None


def families(ledger: Ledger, runs: Sequence[Run]) -> list[Family]:
    """Those of these runs, in the order in which they began."""
    found: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        found[run.root].append(run)
    return [_family(ledger, runs) for runs in found.values()]


def _family(ledger: Ledger, runs: Sequence[Run]) -> Family:
    forwards = tuple(run for run in runs if run.kind != "undo")
    words: past.Words = {}
    for run in forwards:
        past.note(words, ledger.outcomes(run.id))
    written = {
        record
        for record, fields in words.items()
        if record >= 0 and any(outcome.outcome == "applied" for outcome in fields.values())
    }
    undo = next((run for run in reversed(runs) if run.kind == "undo" and not run.by_admin and not run.waits), None)
    kept = written.intersection(ledger.applied(runs[0].root).records) if undo else written
    return Family(forwards, undo, len(written), len(kept), frozenset(written - kept))


_ENDS = {
    "conflicts": N_("what somebody had changed meanwhile was left as it was"),
    "partly": N_("it did not come to its end"),
    "interrupted": N_("it did not come to its end"),
    None: N_("it did not come to its end"),
}
"""How a run ended, to the client; nothing is said of one that was done."""


def applied_line(family: Family, style: Style) -> str:
    """``Applied on …. 420 were changed.``, and what became of it since."""
    changed = ngettext("{number} was changed.", "{number} were changed.", family.written)
    parts = [_applied(family, style), changed.format(number=style.number(family.written))]
    if undo := family.undo:
        parts.append(_ended(_("Taken back on {moment}").format(moment=style.moment(undo.started_at)), undo))
    if family.undo and family.kept:
        left = ngettext(
            "{number} of them was not given back in whole.",
            "{number} of them were not given back in whole.",
            family.kept,
        )
        parts.append(left.format(number=style.number(family.kept)))
    return " ".join(parts)


def _applied(family: Family, style: Style) -> str:
    first, last = family.runs[0], family.last
    told = _("Applied on {moment}") if last is first else _("Applied on {moment}, and ended on {end}")
    return _ended(told.format(moment=style.moment(first.started_at), end=style.moment(last.started_at)), last)


def _ended(told: str, run: Run) -> str:
    if run.waits:
        return f"{told}: {end_name(run)}."
    return f"{told}: {_(_ENDS[run.status])}." if run.status in _ENDS else f"{told}."


def listed(families: Sequence[Family], style: Style) -> list[str]:
    """A line for each, for a mail."""
    return [
        _("Plan {plan}: {applied}").format(plan=family.plan, applied=applied_line(family, style)) for family in families
    ]
