"""The review as one HTML file: opens from an e-mail attachment, prints, reads on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmenter import __version__
from segmenter.i18n import _
from segmenter.ledger import Left
from segmenter.planning.limits import range_in_words
from segmenter.reports import links
from segmenter.reports.limit_names import limit_name
from segmenter.reports.pages import page
from segmenter.reports.periods import periods
from segmenter.reports.review.content import Review
from segmenter.reports.review.headline import broke_off
from segmenter.reports.runs import kind_name, left_whole, status_name, why
from segmenter.reports.text import clean, shortened
from segmenter.reports.values import Values, called, placed
from segmenter.spec.model_names import model_name

ROWS_AT_ONCE = 25
MOST_LEFT = 200
LETTERS = 160
"""Letters of a text in a row of the table; the workbook has all of them."""


def html(review: Review) -> str:
    """The whole file. Its size grows with `Review.sample`, not with the plan."""
    plan = review.plan
    say = Values(plan, review.names)
    titles = _titles(review)
    return page(
        "review.html",
        say.style,
        css=("table.css", "review.css"),
        js=("table.js",),
        review=review,
        heading=heading(review),
        titles=titles,
        contents=list(_contents(review, titles)),
        link=links.around(plan),
        data=table(review, say),
        left=[_left(one, say) for one in review.left[:MOST_LEFT]],
        left_whole=left_whole(review.run, review.left) if review.run else "",
        unfinished=broke_off(review.run, review.reach, say.style) if review.run else "",
        facts=list(facts(review, say)),
        signers=[plan.approver or plan.spec_name, _("The consultant")],
        tagged="many2many" in plan.field_types.values(),
        busiest=max((max(pair) for pair in review.workload.values()), default=0),
        most=max((max(one.written, one.given_back) for one in review.months), default=0),
        model_name=model_name,
        called=called,
        placed=placed,
        expected=lambda range: range_in_words(range, say.style.number),
        stopped=_stopped(review),
        version=__version__,
    )


def _stopped(review: Review) -> str:
    """What stopped a run, without what its consultant is told to do about it."""
    return clean(review.past.error.partition("; ")[0]) if review.past else ""


def heading(review: Review) -> str:
    """``Plan P1`` or ``Run R1 (undo)``."""
    if review.run is None:
        return _("Segmentation plan {id}").format(id=review.plan.id)
    return _("Segmentation run {id} ({kind})").format(id=review.run.id, kind=kind_name(review.run.kind))


def table(review: Review, say: Values) -> dict[str, Any]:
    """What ``table.js`` shows: ``{columns, texts, rows, link, labels, page}``; see there."""
    places: dict[str, int] = {}

    def text(said: str) -> int:
        return places.setdefault(shortened(clean(said), LETTERS), len(places))

    run = review.run is not None
    columns: list[dict[str, Any]] = [
        {"title": _("Record"), "kind": "text", "link": 2},
        {"title": say.id_head, "kind": "number"},
        {"title": _("Field"), "kind": "text"},
        {"title": _("Before"), "kind": "text"},
        {"title": _("After"), "kind": "text"},
        {"title": _("Because of"), "kind": "text"},
        *([{"title": _("Result"), "kind": "text"}] if run else []),
    ]
    rows = [
        [
            text(row.name),
            row.record,
            *(text(said) for said in (row.field, row.before, row.after, row.because)),
            *([text(row.result), *([1] if row.left else [])] if run else []),
        ]
        for row in review.sample
    ]
    labels = {
        "search": _("Search in all columns"),
        "all": _("(all)"),
        "clear": _("Clear filters"),
        "back": _("Previous"),
        "next": _("Next"),
        "shown": _("Rows {from} to {to} of {total}"),
        "none": _("No row matches these filters."),
    }
    return {
        "columns": columns,
        "texts": list(places),
        "rows": rows,
        "link": links.around(review.plan),
        "labels": labels,
        "page": ROWS_AT_ONCE,
    }


def _titles(review: Review) -> dict[str, str]:
    return {
        "scope": _("Which records"),
        "changes": _("Where each record goes, and why") if review.run is None else _("What was done, record by record"),
        "examples": _("Your own examples"),
        "workload": _("Workload"),
        "evolution": _("Evolution"),
        "left": _("What is not done, and what else happens"),
        "record": _("The record, and sign-off"),
    }


def _contents(review: Review, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    plan = review.plan
    there = {
        "scope": plan.scope_words or plan.scope_expected or plan.protected,
        "examples": review.examples,
        "workload": review.workload,
        "evolution": review.months or review.earlier,
    }
    for id, title in titles.items():
        if there.get(id, True):
            yield id, title
        if id == "scope":
            yield from ((f"s{number}", one.name) for number, one in enumerate(review.segmentations, 1))


def _left(one: Left, say: Values) -> dict[str, Any]:
    return {
        "record": one.record,
        "name": shortened(called(one.name), LETTERS),
        "field": say.field(one.field) if one.field else "",
        "why": why(one),
        "expected": shortened(say.value(one.field, one.expected), LETTERS) if one.field else "",
        "found": shortened(say.value(one.field, one.found), LETTERS) if one.field else "",
    }


def facts(review: Review, say: Values) -> Iterator[tuple[str, str]]:
    """Who did what, when, against what: (label, text)."""
    plan, run, style = review.plan, review.run, say.style
    server = plan.server
    if plan.source == "export":
        yield _("Export"), str(server["database"])
    else:
        line = _("{url}, database {database}, Odoo {version}, as {login}")
        yield _("Server"), line.format(**server)
    yield _("Plan made"), f"{style.moment(plan.made_at)} ({plan.timezone})"
    yield _("Criteria"), plan.spec_file
    for period in periods(plan, style):
        yield _("Dates"), period
    if run is not None:
        yield _("Run"), f"{run.id} ({kind_name(run.kind)}, {run.plan}): {status_name(run.status)}"
        yield _("Began"), style.moment(run.started_at)
        if run.finished_at:
            yield _("Ended"), style.moment(run.finished_at)
        by = _("{work_user}, by {os_user} at {host}")
        yield _("Who"), by.format(work_user=run.who.work_user, os_user=run.who.os_user, host=run.who.host)
        for override in run.overrides:
            yield _("Set aside"), f"{limit_name(override.limit)}: {override.reason}"
        if run.note:
            yield _("Note"), run.note
