"""The review as one HTML file: opens from an e-mail attachment, prints, reads on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from segmenter import __version__
from segmenter.i18n import _, all_of, reworded
from segmenter.ledger import Left
from segmenter.model_names import model_name
from segmenter.planning.approval import called as approver_called
from segmenter.plans.plan import ExampleResult
from segmenter.reports import links
from segmenter.reports.limit_names import limit_name
from segmenter.reports.notices import example_got, example_label, range_in_words, sentence
from segmenter.reports.pages import page
from segmenter.reports.periods import periods
from segmenter.reports.review.content import Loss, Review, Segmentation
from segmenter.reports.review.decisions import decisions
from segmenter.reports.review.headline import broke_off
from segmenter.reports.review.new_records import new_records
from segmenter.reports.review.picture import picture
from segmenter.reports.review.table import LETTERS, shown, table
from segmenter.reports.runs import by, end_name, kind_name, left_whole, why
from segmenter.reports.text import Style, clean, shortened
from segmenter.reports.values import Values, called, placed
from segmenter.spec.model import Consultant

NOBODY = Consultant()

MOST_LEFT = 200
MOST_LOSSES = 300
FOLDED = 20
"""Records of those left that are shown at once."""
FIRST = 10
"""Records to call first that the first page names."""


def html(review: Review, consultant: Consultant = NOBODY) -> str:
    """The whole file. Its size grows with `Review.most`, not with the plan. ``consultant``: who signs it."""
    plan = review.plan
    say = Values(plan, review.names)
    losses = [] if review.undo else list(islice(review.losses(), MOST_LOSSES + 1))
    titles = _titles(review, say.style)
    data = table(review, say)
    return page(
        "review.html",
        say.style,
        css=("table.css", "review.css", "front.css"),
        js=("table.js", "folds.js"),
        review=review,
        consultant=consultant,
        heading=heading(review),
        titles=titles,
        bars=picture(review, say.style),
        first=[] if review.undo else list(islice(review.records(), FIRST)),
        decisions=decisions(review, review.noun, say.style),
        nested=lambda segmentation: _nested(segmentation, say.style),
        examples=_by_outcome(review),
        folded=FOLDED,
        parts_there=set(_parts(review, losses)),
        signed=_signed(review),
        link=links.around(plan),
        data=data,
        static=list(shown(data, say.style)),
        losses=losses[:MOST_LOSSES],
        more_losses=len(losses) > MOST_LOSSES,
        left=[_left(left, say) for left in review.left[:MOST_LEFT]],
        left_whole=review.noun.said(left_whole(review.run, review.left)) if review.run else "",
        unfinished=broke_off(review.run, review.reach, say.style) if review.run else "",
        facts=list(facts(review, say)),
        new_records=list(new_records(review)),
        signers=[
            approver_called(plan.rules.approver) or plan.identity.spec_name,
            consultant.name or consultant.firm or _("The consultant"),
        ],
        exported=plan.identity.source == "export" and not plan.identity.importable,
        by_hand=plan.identity.importable and review.run is None,
        tagged="many2many" in plan.names.field_types.values(),
        busiest=max((max(pair) for pair in review.workload.values()), default=0),
        most=max((max(month.written, month.given_back) for month in review.months), default=0),
        model_name=model_name,
        called=called,
        placed=placed,
        shortened=shortened,
        sentence=lambda notice: review.noun.said(sentence(notice)),
        example_label=example_label,
        example_got=example_got,
        criteria=say.criteria,
        expected=lambda range: range_in_words(range, say.style.number),
        stopped=_stopped(review),
        version=__version__,
    )


def _stopped(review: Review) -> str:
    """What stopped a run, without what its consultant is told to do about it."""
    return clean(reworded(review.past.error).partition("; ")[0]) if review.past else ""


def heading(review: Review) -> str:
    """``Segmentation plan P1`` or ``Segmentation undone (R2)``."""
    if review.run is None:
        return _("Segmentation plan {id}").format(id=review.plan.id)
    if review.waits:
        told = _("Undo to be imported ({id})") if review.undo else _("Segmentation to be imported ({id})")
        return told.format(id=review.run.id)
    told = _("Segmentation undone ({id})") if review.undo else _("Segmentation applied ({id})")
    return told.format(id=review.run.id)


def _titles(review: Review, style: Style) -> dict[str, str]:
    listed = review.noun(review.listed, style)
    if review.undo:
        whole = _("What was given back: {prospects}")
    elif review.run is None or review.waits:
        whole = _("The whole list: {prospects}")
    else:
        whole = _("The whole list, as it is now: {prospects}")
    return {
        "since": _("What changed since plan {id}").format(id=review.since.old) if review.since else "",
        "list": whole.format(prospects=listed),
        "losses": _("What is lost, by name") if review.run is None or review.waits else _("What was replaced, by name"),
        "scope": _("Which {prospects} were looked at").format(prospects=review.noun.many),
        "examples": _("Your own examples"),
        "workload": _("Workload"),
        "evolution": _("Evolution"),
        "left": _("To be looked at") if review.run is None else _("What is not done"),
        "record": _("Sign-off"),
        "technical": _("Technical notes"),
    }


def _signed(review: Review) -> str:
    """What the signatures are for."""
    if review.run is None:
        told = _("We agree to plan {id}, as this report shows it.")
        return told.format(id=review.plan.id)
    return _("We have seen what was done, as this report shows it.")


def _parts(review: Review, losses: Sequence[Loss]) -> Iterator[str]:
    """The ids of the parts that the page has, below the first screen."""
    plan = review.plan
    there = {
        "since": review.since,
        "losses": losses,
        "scope": plan.rules.scope_condition or plan.counts.scope_expected or plan.counts.protected,
        "examples": review.examples,
        "workload": review.workload,
        "evolution": review.months or review.earlier,
        "left": review.left or review.run or plan.warnings,
        # What cannot be applied is not signed either, nor what is taken back or waits for its import.
        "record": (plan.identity.source != "export" or plan.identity.importable) and not (review.undo or review.waits),
    }
    yield from ("list", "technical", *(f"s{number}" for number, _one in enumerate(review.segmentations, 1)))
    yield from (part for part, has in there.items() if has)


def _nested(segmentation: Segmentation, style: Style) -> str:
    """One line for all segments whose criteria contain those of the segments before them."""
    cases = [
        _("the {number} of {first} also meet {others}").format(
            number=style.number(records), first=first, others=all_of(others)
        )
        for first, (records, others) in segmentation.nested.items()
    ]
    return _("Where one contains another, the order decides: {cases}. Each stays in the first.").format(
        cases="; ".join(cases)
    )


def _by_outcome(review: Review) -> tuple[list[ExampleResult], list[ExampleResult]]:
    """The client's examples: those that come out otherwise, or were not written, and those as expected."""
    odd = [one for one in review.examples if not one.met or one.record in review.unwritten]
    return odd, [one for one in review.examples if one not in odd]


def _left(left: Left, say: Values) -> dict[str, Any]:
    return {
        "record": left.record,
        "name": shortened(called(left.name), LETTERS),
        "field": say.field(left.field) if left.field else "",
        "why": why(left),
        "expected": shortened(say.value(left.field, left.expected), LETTERS) if left.field else "",
        "found": shortened(say.value(left.field, left.found), LETTERS) if left.field else "",
    }


def facts(review: Review, say: Values) -> Iterator[tuple[str, str]]:
    """Who did what, when, against what: (label, text)."""
    plan, run, style = review.plan, review.run, say.style
    server = plan.identity.server
    if plan.identity.source == "export":
        yield _("Export"), str(server["database"])
    else:
        line = _("{url}, database {database}, Odoo {version}, as {login}")
        yield _("Server"), line.format(**server)
    yield _("Plan made"), f"{style.moment(plan.identity.made_at)} ({plan.identity.timezone})"
    yield _("Criteria"), PurePath(plan.identity.spec_file).name
    for period in periods(plan, style):
        yield _("Dates"), period
    if run is not None:
        yield _("Run"), f"{run.id} ({kind_name(run.kind)}, {run.plan}): {end_name(run)}"
        yield _("Began"), style.moment(run.started_at)
        if run.finished_at:
            yield _("Ended"), style.moment(run.finished_at)
        yield _("Who"), by(run)
        for override in run.overrides:
            yield _("Set aside"), f"{limit_name(override.limit)}: {override.reason}"
        if run.note:
            yield _("Note"), run.note
