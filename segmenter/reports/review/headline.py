"""A plan or a run in one sentence and four figures."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _, all_of, ngettext
from segmenter.planning.model import Plan
from segmenter.reports.past import PastRun
from segmenter.reports.review.content import Figure
from segmenter.reports.runs import WRITTEN
from segmenter.reports.text import Style


def sentence(plan: Plan, told: PastRun | None, style: Style) -> str:
    """What will change, or has changed."""
    number = style.number
    names = list(dict.fromkeys(one.segmentation for one in plan.segments))
    if told is not None:
        return _of_run(told, style)
    if not plan.tally.records:
        return _("Every record in the scope is in its place: nothing has to change.")
    said = ngettext(
        "Of {scope} records in the scope, {number} would change, so that it is where your criteria put it: "
        "{names}. Nothing has been written yet.",
        "Of {scope} records in the scope, {number} would change, so that each is where your criteria put it: "
        "{names}. Nothing has been written yet.",
        plan.tally.records,
    )
    return said.format(scope=number(plan.scope_count), number=number(plan.tally.records), names=all_of(names))


def _of_run(told: PastRun, style: Style) -> str:
    written = _written(told)
    left = sum(told.counts.values()) - written
    if told.run.kind == "undo":
        said = ngettext(
            "On {day}, {number} record was given its former values back.",
            "On {day}, {number} records were given their former values back.",
            written,
        )
    else:
        said = ngettext(
            "On {day}, {number} record was put where your criteria place it.",
            "On {day}, {number} records were put where your criteria place them.",
            written,
        )
    end = (
        ngettext(
            "{number} record was left as it was, and is named below.",
            "{number} records were left as they were, and are named below.",
            left,
        ).format(number=style.number(left))
        if left
        else _("None was left out.")
    )
    return f"{said.format(day=style.day(told.run.started_at), number=style.number(written))} {end}"


def figures(plan: Plan, told: PastRun | None, style: Style) -> Iterator[Figure]:
    """Four numbers that a client understands."""
    if told is None:
        yield Figure(plan.scope_count, _("records in the scope"), _("those that you agreed to work on"))
        part = style.share(plan.tally.records, plan.scope_count)
        yield Figure(plan.tally.records, _("records would change"), _("{share} of the scope").format(share=part))
        yield Figure(
            plan.tally.overwrites, _("would lose a value"), _("one that was there, not counting tags and stages")
        )
    else:
        written = _written(told)
        yield Figure(plan.tally.records, _("records in the plan"), plan.id)
        yield Figure(written, _("records done"), _("written, or already so"))
        yield Figure(sum(told.counts.values()) - written, _("records left as they were"), _("the reasons are below"))
    yield Figure(plan.protected, _("protected records"), _("never touched"))


def _written(told: PastRun) -> int:
    return sum(number for outcome, number in told.counts.items() if outcome in WRITTEN)
