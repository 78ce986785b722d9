"""Every apply of an engagement, with its resumes and the undo that took it back: what was done, whichever came last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.i18n import _, ngettext
from segmenter.ledger import Ledger, Run
from segmenter.reports import past
from segmenter.reports.runs import status_name
from segmenter.reports.text import Style


@dataclass(frozen=True)
class Family:
    """``runs``: the apply and its resumes; ``undo``: the last run that took it back. ``written``: how many records it
    wrote; ``kept``: how many of them no undo gave back.
    """

    runs: tuple[Run, ...]
    undo: Run | None
    written: int
    kept: int

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
    def stands(self) -> bool:
        """Whether nobody began to take it back."""
        return self.undo is None


def families(ledger: Ledger, runs: Sequence[Run]) -> list[Family]:
    """Those of these runs, in the order in which they began."""
    found: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        found[run.root].append(run)
    return [_family(ledger, some) for some in found.values()]


def _family(ledger: Ledger, some: Sequence[Run]) -> Family:
    forwards = tuple(run for run in some if run.kind != "undo")
    words: past.Words = {}
    for run in forwards:
        past.note(words, ledger.outcomes(run.id))
    written = {
        record
        for record, fields in words.items()
        if record >= 0 and any(one.outcome == "applied" for one in fields.values())
    }
    undo = next((run for run in reversed(some) if run.kind == "undo"), None)
    kept = written & ledger.applied(some[0].root).records if undo else written
    return Family(forwards, undo, len(written), len(kept))


def applied_line(family: Family, style: Style) -> str:
    """``Applied on … by run R1: done. It wrote 420 records.``, and what became of it since."""
    wrote = ngettext("It wrote {number} record.", "It wrote {number} records.", family.written)
    parts = [_applied(family, style), wrote.format(number=style.number(family.written))]
    if undo := family.undo:
        back = _("Taken back on {moment} by run {run}: {status}.")
        parts.append(back.format(run=undo.id, moment=style.moment(undo.started_at), status=status_name(undo.status)))
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
    told = {"moment": style.moment(first.started_at), "first": first.id, "status": status_name(last.status)}
    if last is first:
        return _("Applied on {moment} by run {first}: {status}.").format(**told)
    done = _("Applied on {moment} by run {first}, and ended by run {run} on {end}: {status}.")
    return done.format(**told, run=last.id, end=style.moment(last.started_at))


def listed(some: Sequence[Family], style: Style) -> list[str]:
    """A line for each, for a mail."""
    return [_("Plan {plan}: {applied}").format(plan=one.plan, applied=applied_line(one, style)) for one in some]
