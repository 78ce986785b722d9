"""The sheets of the workbook that name records: what was left, what needs a look, what is protected, every change."""

from __future__ import annotations

from segmenter.i18n import _, reworded
from segmenter.plans.plan import Sample
from segmenter.reports import links
from segmenter.reports.review.content import Review, Row
from segmenter.reports.runs import reason
from segmenter.reports.sheets import Book, Cell, Column, Sheet
from segmenter.reports.values import Values, called, placed


def changes(book: Book, review: Review, say: Values) -> None:
    """A sheet a segmentation, filled in one pass; a change that two of them ask for is in the sheets of both."""
    run = review.run is not None
    columns = [
        Column(_("Record"), width=38),
        Column(say.id_head, "id"),
        Column(_("Field")),
        Column(_("Before"), width=28),
        Column(_("After"), width=28),
        Column(_("Segment"), width=28),
        *([Column(_("Result"), width=32)] if run else []),
    ]
    sheets = {part.name: book.sheet(part.name, columns, streamed=True) for part in review.segmentations}
    full: set[str] = set()
    for row in review.rows():
        link = links.address(review.plan, row.record)
        for name, segment in _reasons(row, sheets):
            cells: list[Cell] = [row.name, row.record, row.field, row.before, row.after, segment or _("(none)")]
            if not sheets[name].add([*cells, row.result] if run else cells, link=link):
                full.add(name)
    if full:
        sheet = book.sheet(_("Not shown"), [Column(_("What"), "long", 90)])
        for name in sorted(full):
            line = _(
                "{segmentation} has more changes than a sheet has rows; the consultant can give you all of {id} as a "
                "CSV file"
            )
            sheet.add([line.format(segmentation=name, id=review.plan.id)])


def _reasons(row: Row, sheets: dict[str, Sheet]) -> list[tuple[str, str]]:
    """The segmentations that ask for a change, each with its segment."""
    names, segments = row.segmentation.split(" + "), row.segment.split(" + ")
    if len(names) == len(segments) and all(name in sheets for name in names):
        return list(zip(names, segments, strict=True))
    # A name of the client's own may hold the sign between two reasons.
    found = [name for name in sheets if name in row.segmentation]
    return [(name, row.segment) for name in found or list(sheets)[:1]]


def left(book: Book, review: Review, say: Values) -> None:
    """What a run did not write, and what it met instead."""
    if not review.left:
        return
    columns = [
        Column(_("Record"), width=38),
        Column(say.id_head, "id"),
        Column(_("Field")),
        Column(_("Why"), width=36),
        Column(_("Details"), "long"),
        Column(_("Expected"), width=28),
        Column(_("Found"), width=28),
    ]
    sheet = book.sheet(_("Left as found"), columns)
    for left in review.left:
        field = say.field(left.field) if left.field else ""
        values = [say.value(left.field, value) if left.field else "" for value in (left.expected, left.found)]
        link = links.address(review.plan, left.record) if left.record > 0 else ""
        sheet.add([called(left.name), left.record, field, reason(left), reworded(left.detail), *values], link=link)


def overlaps(book: Book, review: Review) -> None:
    """Records of two segments, and of none."""
    columns = [Column(_("What"), width=44), Column(_("Records"), "number"), Column(_("The first of them"), "long")]
    rows: list[list[Cell]] = []
    for segmentation in review.segmentations:
        for two in segmentation.meetings:
            label = f"{placed(segmentation.name, two.first)} + {two.second}"
            rows.append([label, two.records, _names(two.sample)])
        if segmentation.uncovered:
            label = _("{segmentation}: in no segment").format(segmentation=segmentation.name)
            rows.append([label, segmentation.uncovered, _names(segmentation.uncovered_sample)])
    if rows:
        sheet = book.sheet(_("Overlaps and gaps"), columns)
        for row in rows:
            sheet.add(row)


def _names(sample: Sample) -> str:
    return ", ".join(called(name) for _id, name in sample)


def protected(book: Book, review: Review, say: Values) -> None:
    """Those that are never touched, as many as the plan names."""
    plan = review.plan
    if not plan.counts.protected:
        return
    sheet = book.sheet(_("Protected records"), [Column(_("Record"), width=60), Column(say.id_head, "id")])
    for id, name in plan.names.protected_sample:
        sheet.add([called(name), id], link=links.address(plan, id))
    if more := plan.counts.protected - len(plan.names.protected_sample):
        sheet.add([_("and {number} more").format(number=say.style.number(more)), None])
