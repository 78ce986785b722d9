"""A plan or a run at a glance: whom to call first, one sentence, four figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from segmenter.i18n import _, ngettext
from segmenter.ledger import ENDED, Run
from segmenter.plans.plan import Plan
from segmenter.reports.nouns import Noun
from segmenter.reports.review.content import Figure, Reach, Segmentation
from segmenter.reports.text import Style

FIGURES = 4


def call_first(segmentations: Sequence[Segmentation], ranking: str, currency: str, noun: Noun, style: Style) -> str:
    """The first segment of the segmentation by which records are ranked; "" where nothing is in any."""
    ranked = next((one for one in segmentations if one.name == ranking), None)
    held = [segment for segment in ranked.segments if segment.taken and not segment.is_default] if ranked else []
    if not held:
        return ""
    first = held[0]
    if first.revenue:
        told = _("To call first: {prospects} in {segment}, worth {money}")
        money = style.round_money(first.revenue, currency)
        return told.format(prospects=noun(first.taken, style), segment=first.short, money=money)
    return _("To call first: {prospects} in {segment}").format(prospects=noun(first.taken, style), segment=first.short)


def of_plan(plan: Plan, runs: Sequence[Run], noun: Noun, style: Style) -> str:
    """What will change, or what came of it; ``runs``: those of the plan, in their order."""
    looked = _("We went through {prospects} with the criteria that we agreed on").format(
        prospects=noun(plan.counts.scope_count, style)
    )
    if not plan.counts.tally.records:
        told = _("{looked}: everything is in its place, and nothing has to change.").format(looked=looked)
        return " ".join((told, *_since(runs, style)))
    number = style.number(plan.counts.tally.records)
    if since := _since(runs, style):
        return " ".join((_("{looked}: {number} were to change.").format(looked=looked, number=number), *since))
    if plan.identity.source == "export":
        nothing = _("This was worked out on an exported list: nothing has been written in Odoo.")
    else:
        nothing = _("Nothing has been written in your Odoo yet.")
    return " ".join((_("{looked}: {number} would change.").format(looked=looked, number=number), nothing))


def _since(runs: Sequence[Run], style: Style) -> list[str]:
    """What was done with a plan since it was made: applied, undone."""
    runs = [run for run in runs if not run.waits]
    forwards = [run for run in runs if run.kind != "undo"][-1:]
    back = [run for run in runs if run.kind == "undo" and not run.by_admin][-1:]
    whole, part = _("It was applied on {day}."), _("It was applied in part on {day}.")
    undone, half = _("It was undone on {day}."), _("It was undone in part on {day}.")
    return [
        (ended if run.status == "done" else begun).format(day=style.day(run.started_at))
        for some, ended, begun in ((forwards, whole, part), (back, undone, half))
        for run in some
    ]


def of_run(run: Run, reach: Reach, noun: Noun, style: Style) -> str:
    """What changed, and what did not; of an import that waits, what is to come."""
    if run.waits:
        return " ".join(_awaited(run, reach, noun, style))
    if run.kind == "undo":
        told = _("On {day}, {prospects} got their former values back.")
    else:
        told = _("On {day} your Odoo was put in order: {prospects} are where your criteria place them.")
    done = told.format(day=style.day(run.started_at), prospects=noun(reach.done, style))
    return " ".join((done, *_rest(run, reach, style)))


def _awaited(run: Run, reach: Reach, noun: Noun, style: Style) -> Iterator[str]:
    if run.kind == "undo":
        told = _("On {day} the file was made that gives {prospects} their former values back.")
    else:
        told = _("On {day} the file was made that puts {prospects} where your criteria place them.")
    waiting = reach.unreached + reach.left
    yield told.format(day=style.day(run.started_at), prospects=noun(waiting, style))
    yield broke_off(run, reach, style)
    if reach.earlier:
        yield _("{number} were done before that.").format(number=style.number(reach.earlier))


def _rest(run: Run, reach: Reach, style: Style) -> Iterator[str]:
    if reach.earlier:
        yield _("{number} were done before that.").format(number=style.number(reach.earlier))
    if reach.left and run.kind == "undo":
        # An undo goes field by field.
        yield ngettext(
            "{number} was not given back in whole, and is named below.",
            "{number} were not given back in whole, and are named below.",
            reach.left,
        ).format(number=style.number(reach.left))
    elif reach.left:
        yield ngettext(
            "{number} was left as it was, and is named below.",
            "{number} were left as they were, and are named below.",
            reach.left,
        ).format(number=style.number(reach.left))
    if broken := broke_off(run, reach, style):
        yield broken
    elif not reach.left:
        yield _("None was left out.")


def broke_off(run: Run, reach: Reach, style: Style) -> str:
    """That a run did not come to its end, or waits; "" where it came to each of its records."""
    if run.waits:
        return _("It waits for the import: what came of it is known with a list exported after that.")
    if reach.unreached:
        return ngettext(
            "{number} was not reached: the work broke off before.",
            "{number} were not reached: the work broke off before.",
            reach.unreached,
        ).format(number=style.number(reach.unreached))
    return "" if reach.left or run.status in ENDED else _("The work broke off before its end.")


def figures_of_plan(plan: Plan, fields: Mapping[str, int], handed: int, noun: Noun, style: Style) -> Iterator[Figure]:
    """What would change in four numbers.

    ``fields``: label of a field -> how many records it changes of. ``handed``: as in a `Review`.
    """
    tally, scope = plan.counts.tally, plan.counts.scope_count
    part = _("{share} of {prospects}").format(share=style.share(tally.records, scope), prospects=noun(scope, style))
    yield Figure(tally.records, _("would change"), part if tally.records < scope else _("all that was looked at"))
    own = [plan.names.labels.get(name, "") for name in ("stage_id", "user_id")]
    others = [
        Figure(number, _("would change in “{field}”").format(field=label))
        for label, number in fields.items()
        if label not in own
    ]
    told = [
        Figure(tally.converted, _("would become opportunities"), _("they are leads today")),
        Figure(tally.moved_stages, _("would move to another stage")),
        Figure(handed, _("would get another salesperson")),
        Figure(tally.assigned - handed, _("would get a salesperson"), _("nobody has them so far")),
        *(figure for figure in others if figure.number < tally.records),
    ]
    some = [figure for figure in told if figure.number][: FIGURES - 2]
    yield from some
    lost = _("each is named below") if tally.overwrites else _("nobody's work is replaced")
    yield Figure(tally.overwrites, _("would lose a value"), lost)
    protected = Figure(plan.counts.protected, _("are protected"), _("never touched"))
    every = [figure for figure in others if figure.number == tally.records]
    more = [protected, *every] if protected.number else [*every, protected]
    yield from more[: FIGURES - 2 - len(some)]


def figures_of_run(plan: Plan, run: Run, reach: Reach, style: Style) -> Iterator[Figure]:
    """The same of a run."""
    if run.kind == "undo":
        yield Figure(reach.records, _("to give back"))
        after = _("with their former values")
    else:
        yield Figure(reach.records, _("to be changed"))
        after = _("as planned")
    by_others = _("{number} of them before").format(number=style.number(reach.earlier))
    yield Figure(reach.done + reach.earlier, after, by_others if reach.earlier else _("written, or already so"))
    if run.waits:
        yield Figure(reach.left + reach.unreached, _("wait for the import"))
    elif reach.unreached:
        note = _("{number} of them were not reached").format(number=style.number(reach.unreached))
        yield Figure(reach.left + reach.unreached, _("not done"), note)
    else:
        label = _("not given back in whole") if run.kind == "undo" else _("left as they were")
        yield Figure(reach.left, label, _("the reasons are below") if reach.left else "")
    yield Figure(plan.counts.protected, _("are protected"), _("never touched"))
