"""A plan or a run in one sentence and four figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmenter.i18n import _, all_of, ngettext
from segmenter.ledger import ENDED, Run
from segmenter.planning.model import Plan
from segmenter.reports.review.content import Figure, Reach
from segmenter.reports.text import Style


def of_plan(plan: Plan, runs: Sequence[Run], style: Style) -> str:
    """What will change, or what came of it; ``runs``: those of the plan, in their order."""
    number = style.number
    if not plan.tally.records:
        said = _("Every record in the scope is in its place: nothing has to change.")
        return " ".join((said, *_since(runs, style)))
    names = list(dict.fromkeys(one.segmentation for one in plan.segments))
    said = ngettext(
        "Of {scope} records in the scope, {number} would change, so that it is where your criteria put it: {names}.",
        "Of {scope} records in the scope, {number} would change, so that each is where your criteria put it: {names}.",
        plan.tally.records,
    ).format(scope=number(plan.scope_count), number=number(plan.tally.records), names=all_of(names))
    return " ".join((said, *(_since(runs, style) or [_("Nothing has been written yet.")])))


def _since(runs: Sequence[Run], style: Style) -> list[str]:
    """What was done with a plan since it was made: applied, undone."""
    forwards = [run for run in runs if run.kind != "undo"][-1:]
    back = [run for run in runs if run.kind == "undo"][-1:]
    whole, part = _("It was applied on {day} ({run})."), _("It was applied in part on {day} ({run}).")
    undone, half = _("It was undone on {day} ({run})."), _("It was undone in part on {day} ({run}).")
    return [
        (ended if run.status == "done" else begun).format(day=style.day(run.started_at), run=run.id)
        for some, ended, begun in ((forwards, whole, part), (back, undone, half))
        for run in some
    ]


def of_run(run: Run, reach: Reach, style: Style) -> str:
    """What changed, and what did not."""
    if run.kind == "undo":
        said = ngettext(
            "On {day}, {number} record was given its former values back.",
            "On {day}, {number} records were given their former values back.",
            reach.done,
        )
    else:
        said = ngettext(
            "On {day}, {number} record was put where your criteria place it.",
            "On {day}, {number} records were put where your criteria place them.",
            reach.done,
        )
    done = said.format(day=style.day(run.started_at), number=style.number(reach.done))
    return " ".join((done, *_rest(run, reach, style)))


def _rest(run: Run, reach: Reach, style: Style) -> Iterator[str]:
    if reach.earlier:
        yield ngettext(
            "An earlier run had already done {number} record.",
            "An earlier run had already done {number} records.",
            reach.earlier,
        ).format(number=style.number(reach.earlier))
    if reach.left and run.kind == "undo":
        # An undo goes field by field.
        yield ngettext(
            "{number} record was not given back in whole, and is named below.",
            "{number} records were not given back in whole, and are named below.",
            reach.left,
        ).format(number=style.number(reach.left))
    elif reach.left:
        yield ngettext(
            "{number} record was left as it was, and is named below.",
            "{number} records were left as they were, and are named below.",
            reach.left,
        ).format(number=style.number(reach.left))
    if broken := broke_off(run, reach, style):
        yield broken
    elif not reach.left:
        yield _("None was left out.")


def broke_off(run: Run, reach: Reach, style: Style) -> str:
    """That a run did not come to its end; "" where it came to each of its records."""
    if reach.unreached:
        return ngettext(
            "{number} record was not reached: the work broke off before.",
            "{number} records were not reached: the work broke off before.",
            reach.unreached,
        ).format(number=style.number(reach.unreached))
    return "" if reach.left or run.status in ENDED else _("The work broke off before its end.")


def figures_of_plan(plan: Plan, style: Style) -> Iterator[Figure]:
    """Four numbers that a client understands."""
    yield Figure(plan.scope_count, _("records in the scope"), _("those that you agreed to work on"))
    part = style.share(plan.tally.records, plan.scope_count)
    yield Figure(plan.tally.records, _("records would change"), _("{share} of the scope").format(share=part))
    yield Figure(plan.tally.overwrites, _("would lose a value"), _("one that was there, not counting tags and stages"))
    yield Figure(plan.protected, _("protected records"), _("never touched"))


def figures_of_run(plan: Plan, run: Run, reach: Reach, style: Style) -> Iterator[Figure]:
    """The same of a run."""
    if run.kind == "undo":
        yield Figure(reach.records, _("records to give back"), run.root)
    else:
        yield Figure(reach.records, _("records in the plan"), plan.id)
    by_others = _("{number} of them by an earlier run").format(number=style.number(reach.earlier))
    yield Figure(
        reach.done + reach.earlier, _("records done"), by_others if reach.earlier else _("written, or already so")
    )
    if reach.unreached:
        note = _("{number} of them were not reached").format(number=style.number(reach.unreached))
        yield Figure(reach.left + reach.unreached, _("records not done"), note)
    else:
        label = _("records not given back in whole") if run.kind == "undo" else _("records left as they were")
        yield Figure(reach.left, label, _("the reasons are below") if reach.left else "")
    yield Figure(plan.protected, _("protected records"), _("never touched"))
