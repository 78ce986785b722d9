"""The sheet of the workbook that sums up: the segments in figures, and as charts."""

from __future__ import annotations

from segmenter.i18n import _
from segmenter.reports.notices import range_in_words
from segmenter.reports.review.content import Review
from segmenter.reports.review.page import heading
from segmenter.reports.sheet_looks import Bars
from segmenter.reports.sheets import Book, Column, Sheet, Toned
from segmenter.reports.values import Values

MILLION = 1_000_000
WIDTH = 450
"""Pixels of a chart: it is over the columns of its half of the sheet."""


def summary(book: Book, review: Review, say: Values) -> None:
    """A row for each segment, and under them charts of their records and of the money in them."""
    begun = any(segment.before for part in review.segmentations for segment in part.segments)
    before, amount = [Column(_("Before"), "number")] if begun else [], money(review)
    columns = [
        *(Column(_("Segmentation")), Column(_("Segment"), width=28), *before, Column(_("After"), "number")),
        *(Column(_("By the criteria"), "number"), Column(_("Share of the scope"), "share"), *amount),
        *(Column(_("You expected"), width=18), Column(_("Met"), width=8)),
        *(Column(_("The criteria in words"), "long"), Column(_("Description"), "long")),
    ]
    figures = " · ".join(f"{say.style.number(figure.number)} {figure.label}" for figure in review.figures)
    title = f"{review.plan.identity.spec_name} – {heading(review)}"
    above = [line for line in (title, review.call_first, review.headline, figures) if line]
    sheet = book.sheet(_("Summary"), columns, above=above, printed=len(columns) - 2)
    first = []
    for segmentation in review.segmentations:
        first.append(sheet.rows + 1)
        for segment in segmentation.segments:
            met = {None: "", True: _("yes"), False: _("no")}[segment.met]
            range = range_in_words(segment.expected, say.style.number) if segment.expected else ""
            sheet.add(
                [
                    *(segmentation.name, Toned(segment.short, segment.tone)),
                    *([segment.before] if begun else []),
                    *(segment.after, segment.taken, segment.share),
                    *([segment.revenue] if amount else []),
                    *(range, met, segment.words, segment.description),
                ]
            )
    _charts(sheet, review, first, after=len(before) + 2)


def _charts(sheet: Sheet, review: Review, first: list[int], *, after: int) -> None:
    """Beside each other the records and the money of a segmentation, one below the other the segmentations.

    ``first``: where the rows of each begin. ``after``: the column of what a segment holds in the end; beside it is what
    the criteria give it, the share, and the money.
    """
    row = 2
    for segmentation, begin in zip(review.segmentations, first, strict=True):
        tones = [segment.tone for segment in segmentation.segments]
        end = begin + len(tones) - 1
        title = f"{segmentation.name}: {review.noun.many}"
        held = after if segmentation.dated else after + 1
        rows = sheet.chart(Bars(title, 1, held, begin, end, tones), column=0, row=row, width=WIDTH)
        if review.revenue:
            most = max(segment.revenue or 0 for segment in segmentation.segments)
            title, form = _("{segmentation}: expected revenue"), "#,##0"
            if most >= MILLION:
                title, form = _("{segmentation}: expected revenue, in millions"), "#,##0.0,,"
            title = title.format(segmentation=segmentation.name)
            bars = Bars(title, 1, after + 3, begin, end, tones, form)
            sheet.chart(bars, column=after + 1, row=row, width=WIDTH)
        row += rows


def money(review: Review) -> list[Column]:
    """The column of expected revenue, where any is known. It is what the plan saw: a run does not look again."""
    label = _("Expected revenue") if review.run is None else _("Expected revenue, as planned")
    if review.plan.counts.currency:
        label = f"{label} ({review.plan.counts.currency})"
    return [Column(label, "money")] if review.revenue else []
