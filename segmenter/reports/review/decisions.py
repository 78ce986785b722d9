"""What the client has to decide, as one says it across a table; each with the part of the page that shows more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmenter.i18n import _, ngettext
from segmenter.reports.notices import range_in_words, violation
from segmenter.reports.nouns import Noun
from segmenter.reports.review.content import Review
from segmenter.reports.text import Style

MOST = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """One of them. ``part``: the id of the part of the page that shows more, "" for none."""

    text: str
    part: str = ""


def decisions(review: Review, noun: Noun, style: Style) -> tuple[Decision, ...]:
    """The first few; none of an undo that was done, nor of a plan that was applied since."""
    if review.waits:
        told = _("When the file is imported, and who exports a list after it: that list proves what came of it.")
        return (Decision(told, "left"),)
    if review.undo or (review.run is None and review.applied):
        return ()
    if review.run is not None:
        return tuple(_of_run(review, noun, style))
    *found, last = _of_plan(review, noun, style)
    return (*found[: MOST - 1], last)


def _of_run(review: Review, noun: Noun, style: Style) -> Iterator[Decision]:
    if left := review.reach.left:
        yield Decision(
            ngettext(
                "What to do with {prospects} that could not be written: it was left as it was.",
                "What to do with {prospects} that could not be written: they were left as they were.",
                left,
            ).format(prospects=noun(left, style)),
            "left",
        )
    if review.reach.unreached:
        yield Decision(_("When the rest is to be done: the work broke off."), "left")
    yield Decision(_("When to repeat it: what comes into Odoo from now on is not in a segment by itself."))


def _against(review: Review, noun: Noun, style: Style) -> Iterator[Decision]:
    """What stands against the plan: the client's expectations and examples first, then limits as they are."""
    plan = review.plan
    if plan.counts.scope_expected and plan.counts.scope_met is False:
        told = _("Whether {prospects} are all that there are: you expected {range}.")
        expected = range_in_words(plan.counts.scope_expected, style.number)
        yield Decision(told.format(prospects=noun(plan.counts.scope_count, style), range=expected), "scope")
    for number, one in enumerate(review.segmentations, 1):
        for segment in one.segments:
            if segment.expected and segment.met is False:
                told = _("Whether {prospects} in {segment} are right: you expected {range}.")
                expected = range_in_words(segment.expected, style.number)
                told = told.format(prospects=noun(segment.taken, style), segment=segment.short, range=expected)
                yield Decision(told, f"s{number}")
    if odd := sum(not example.met for example in review.examples):
        yield Decision(
            ngettext(
                "What to do with {number} of your own examples, which comes out otherwise.",
                "What to do with {number} of your own examples, which come out otherwise.",
                odd,
            ).format(number=style.number(odd)),
            "examples",
        )
    for broken in plan.violations:
        if broken.limit not in ("expect", "examples"):
            yield Decision(noun.said(violation(broken, plan)))


def _of_plan(review: Review, noun: Noun, style: Style) -> Iterator[Decision]:
    plan, tally = review.plan, review.plan.counts.tally
    yield from _against(review, noun, style)
    if tally.overwrites:
        yield Decision(
            _("Whether {prospects} may lose a value that somebody wrote.").format(
                prospects=noun(tally.overwrites, style)
            ),
            "losses",
        )
    if review.handed:
        told = _("Whether {prospects} may change hands.").format(prospects=noun(review.handed, style))
        yield Decision(told, "workload" if review.workload else "list")
    for number, one in enumerate(review.segmentations, 1):
        if one.uncovered:
            told = _("What to do with {prospects} that fit no segment of {segmentation}.")
            yield Decision(told.format(prospects=noun(one.uncovered, style), segmentation=one.name), f"s{number}")
    if plan.identity.source == "export" and not plan.identity.importable:
        yield Decision(
            _("When we get access to your Odoo: this comes from an exported list, and cannot be applied as it is.")
        )
    elif tally.records:
        yield Decision(_("Whether we go ahead: your signature is on the last page."), "record")
    else:
        yield Decision(_("Whether the criteria still hold: nothing has to change."))
