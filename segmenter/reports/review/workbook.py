"""The review as a workbook: first the sheet to work with, then what to know of it, last what an expert asks for."""

from __future__ import annotations

from pathlib import Path

from segmenter.i18n import _
from segmenter.model_names import model_name
from segmenter.reports.notices import example_got, example_label, range_in_words, sentence, violation
from segmenter.reports.review import records, working
from segmenter.reports.review.content import Review
from segmenter.reports.review.page import facts, heading
from segmenter.reports.review.summary import money, summary
from segmenter.reports.sheets import Book, Column
from segmenter.reports.values import Values, called


def write(review: Review, file: Path) -> None:
    """Write ``file``. Every change goes to the disk as it comes; a row for each record is kept.

    Raises `OSError` when it cannot be written.
    """
    say = Values(review.plan, review.names)
    with Book(file, f"{review.plan.identity.spec_name} – {heading(review)}") as book:
        working.portfolio(book, review)
        summary(book, review, say)
        working.losses(book, review)
        records.protected(book, review, say)
        records.left(book, review, say)
        records.overlaps(book, review)
        _examples(book, review)
        _workload(book, review)
        _portions(book, review)
        _evolution(book, review, say)
        _since(book, review)
        records.changes(book, review, say)
        _about(book, review, say)


def _about(book: Book, review: Review, say: Values) -> None:
    sheet = book.sheet(_("About this segmentation"), [Column(_("What"), width=34), Column(_("Value"), "long", 90)])
    plan = review.plan
    sheet.add([_("Client"), plan.identity.spec_name])
    sheet.add([heading(review), review.headline])
    for figure in review.figures:
        sheet.add([figure.label, figure.number])
    scope = range_in_words(plan.counts.scope_expected, say.style.number) if plan.counts.scope_expected else ""
    about = [
        (_("In the scope"), say.criteria(plan.rules.scope_condition)),
        (_("You expected"), f"{scope} ({_('met') if plan.counts.scope_met else _('not met')})" if scope else ""),
        (_("Never touched"), say.criteria(plan.rules.protect_condition)),
    ]
    for label, text in about:
        if text:
            sheet.add([label, text])
    for label, text in facts(review, say):
        sheet.add([label, text])
    sheet.add([_("Digest of the plan"), plan.digest])
    for approval in review.approvals:
        sheet.add([_("Approved by"), f"{approval.by}, {say.style.moment(approval.at)}: {approval.evidence}"])
    for broken in () if review.applied else plan.violations:
        sheet.add([_("Before this can be applied"), violation(broken, plan)])
    for warning in plan.warnings:
        sheet.add([_("To be looked at"), sentence(warning)])
    for effect in plan.side_effects:
        sheet.add([_("Odoo also does this by itself"), sentence(effect)])
    for change in plan.config:
        sheet.add(
            [_("New in Odoo") if change.creates else _("Altered in Odoo"), f"{model_name(change.model)}: {change.name}"]
        )


def _since(book: Book, review: Review) -> None:
    """What was edited since an earlier plan, and who moves."""
    if review.since is None:
        return
    told = review.since
    edited = [Column(_("What"), width=44), Column(_("Before"), "long"), Column(_("After"), "long")]
    sheet = book.sheet(_("Edited since {id}").format(id=told.old), edited)
    for sentence_of in (told.headline, told.note):
        if sentence_of:
            sheet.add([sentence_of, "", ""])
    for edit in told.edits:
        sheet.add([edit.about, edit.before, edit.after])
    for segment in told.segments:
        sheet.add([segment.about, segment.before, segment.after])
    if not (told.moves or told.drift):
        return
    columns = [
        *(Column(_("Segmentation")), Column(_("From"), width=28), Column(_("To"), width=28)),
        *(Column(_("Records"), "number"), Column(_("Because"), "long"), Column(_("The first of them"), "long")),
    ]
    sheet = book.sheet(_("Moved since {id}").format(id=told.old), columns)
    for move in (*told.moves, *told.drift):
        because = move.because or _("no edited criterion: the data changed, or the day")
        names = ", ".join(called(name) for _id, name in move.names)
        sheet.add([move.segmentation, move.origin, move.target, move.number, because, names])


def _portions(book: Book, review: Review) -> None:
    if not review.plan.counts.portions:
        return
    columns = [
        Column(_("Segmentation")),
        Column(_("Segment")),
        Column(_("Stage")),
        Column(_("Salesperson")),
        Column(_("Records"), "number"),
        *money(review),
    ]
    sheet = book.sheet(_("By stage and salesperson"), columns)
    for portion in review.plan.counts.portions:
        revenue = [portion.revenue] if review.revenue else []
        sheet.add([portion.segmentation, portion.segment, portion.stage, portion.person, portion.records, *revenue])


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
    for example in review.examples:
        for name, segment in example.expected.items():
            got = example_got(example, name)
            result = _("as expected") if got == segment else _("otherwise")
            if example.record in review.unwritten:
                result = _("not written")
            sheet.add([called(example_label(example)), name, segment or _("(none)"), got or _("(none)"), result])


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
        for month in review.months:
            sheet.add([say.style.month(month.first), month.runs, month.written, month.given_back, month.net])
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
