"""The review as a workbook: the same content as the page, and every change of the plan, however many there are."""

from __future__ import annotations

from pathlib import Path

from segmenter.i18n import _
from segmenter.planning.limits import range_in_words
from segmenter.reports.review import records
from segmenter.reports.review.content import Review
from segmenter.reports.review.page import facts, heading
from segmenter.reports.sheets import Book, Column
from segmenter.reports.values import Values, called
from segmenter.spec.model_names import model_name


def write(review: Review, file: Path) -> None:
    """Write ``file``. Memory does not grow with the plan. Raises `OSError` when it cannot be written."""
    say = Values(review.plan, review.names)
    with Book(file, f"{review.plan.spec_name} – {heading(review)}") as book:
        _summary(book, review, say)
        _segments(book, review, say)
        _portions(book, review)
        records.changes(book, review, say)
        records.left(book, review, say)
        records.overlaps(book, review)
        records.protected(book, review, say)
        _examples(book, review)
        _workload(book, review)
        _evolution(book, review, say)


def _summary(book: Book, review: Review, say: Values) -> None:
    sheet = book.sheet(_("Summary"), [Column(_("What"), width=34), Column(_("Value"), "long", 90)])
    plan = review.plan
    sheet.add([_("Client"), plan.spec_name])
    sheet.add([heading(review), review.headline])
    for figure in review.figures:
        sheet.add([figure.label, figure.number])
    scope = range_in_words(plan.scope_expected, say.style.number) if plan.scope_expected else ""
    about = [
        (_("In the scope"), plan.scope_words),
        (_("You expected"), f"{scope} ({_('met') if plan.scope_met else _('not met')})" if scope else ""),
        (_("Never touched"), plan.protect_words),
    ]
    for label, text in about:
        if text:
            sheet.add([label, text])
    for label, text in facts(review, say):
        sheet.add([label, text])
    sheet.add([_("Digest of the plan"), plan.digest])
    for one in review.approvals:
        sheet.add([_("Approved by"), f"{one.by}, {say.style.moment(one.at)}: {one.evidence}"])
    for violation in () if review.applied else plan.violations:
        sheet.add([_("Before this can be applied"), violation.sentence])
    for warning in plan.warnings:
        sheet.add([_("To be looked at"), warning])
    for effect in plan.side_effects:
        sheet.add([_("Odoo also does this by itself"), effect])
    for change in plan.config:
        sheet.add(
            [_("New in Odoo") if change.creates else _("Altered in Odoo"), f"{model_name(change.model)}: {change.name}"]
        )


def _segments(book: Book, review: Review, say: Values) -> None:
    columns = [
        Column(_("Segmentation")),
        Column(_("Segment")),
        Column(_("Before"), "number"),
        Column(_("After"), "number"),
        Column(_("By the criteria"), "number"),
        Column(_("Share of the scope"), "share"),
        *_money(review),
        Column(_("You expected"), width=18),
        Column(_("Met"), width=8),
        Column(_("The criteria in words"), "long"),
        Column(_("Description"), "long"),
    ]
    sheet = book.sheet(_("Segments"), columns)
    for one in review.segmentations:
        for segment in one.segments:
            met = {None: "", True: _("yes"), False: _("no")}[segment.met]
            range = range_in_words(segment.expected, say.style.number) if segment.expected else ""
            sheet.add(
                [
                    *(one.name, segment.name, segment.before, segment.after, segment.taken, segment.share),
                    *([segment.revenue] if review.revenue else []),
                    *(range, met, segment.words, segment.description),
                ]
            )


def _portions(book: Book, review: Review) -> None:
    if not review.plan.portions:
        return
    columns = [
        Column(_("Segmentation")),
        Column(_("Segment")),
        Column(_("Stage")),
        Column(_("Salesperson")),
        Column(_("Records"), "number"),
        *_money(review),
    ]
    sheet = book.sheet(_("By stage and salesperson"), columns)
    for one in review.plan.portions:
        revenue = [one.revenue] if review.revenue else []
        sheet.add([one.segmentation, one.segment, one.stage, one.person, one.records, *revenue])


def _examples(book: Book, review: Review) -> None:
    if not review.examples:
        return
    columns = [
        Column(_("Example"), width=38),
        Column(_("Segmentation")),
        Column(_("You expected")),
        Column(_("By the criteria") if review.run else _("It comes out as")),
        Column(_("Result")),
    ]
    sheet = book.sheet(_("Your own examples"), columns)
    for one in review.examples:
        for name, segment in one.expected.items():
            got = one.got.get(name, "")
            result = _("as expected") if got == segment else _("otherwise")
            if one.record in review.unwritten:
                result = _("not written")
            sheet.add([called(one.label), name, segment or _("(none)"), got or _("(none)"), result])


def _workload(book: Book, review: Review) -> None:
    if not review.workload:
        return
    columns = [Column(_("Salesperson"), width=32), Column(_("Before"), "number"), Column(_("After"), "number")]
    sheet = book.sheet(_("Workload"), columns)
    for person, (before, after) in review.workload.items():
        sheet.add([person, before, after])


def _evolution(book: Book, review: Review, say: Values) -> None:
    if review.months:
        columns = [
            Column(_("Month")),
            Column(_("Runs"), "number"),
            Column(_("Records written"), "number", 18),
            Column(_("Records given back"), "number", 18),
            Column(_("Written less given back, until then"), "number", 34),
        ]
        sheet = book.sheet(_("Evolution"), columns)
        for one in review.months:
            sheet.add([say.style.month(one.first), one.runs, one.written, one.given_back, one.net])
    if review.earlier:
        columns = [
            Column(_("Plan"), width=10),
            Column(_("When"), width=22),
            Column(_("Segmentation")),
            Column(_("Segment")),
            Column(_("Records"), "number"),
            Column(_("Note")),
        ]
        sheet = book.sheet(_("Segments, plan by plan"), columns)
        for past in review.earlier:
            undone = _("undone since") if past.undone else ""
            for name, segments in past.taken.items():
                for segment, taken in segments.items():
                    sheet.add([past.plan, say.style.moment(past.at), name, segment, taken, undone])


def _money(review: Review) -> list[Column]:
    """The column of expected revenue, where any is known. It is what the plan saw: a run does not look again."""
    label = _("Expected revenue") if review.run is None else _("Expected revenue, as planned")
    if review.plan.currency:
        label = f"{label} ({review.plan.currency})"
    return [Column(label, "money")] if review.revenue else []
