"""The review as a workbook: the same content as the page, and every change of the plan, however many there are."""

from __future__ import annotations

from pathlib import Path

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.configuration import model_name
from segmenter.reports.review.content import Review, Row
from segmenter.reports.review.page import expected, facts, heading
from segmenter.reports.runs import outcome_name
from segmenter.reports.sheets import Book, Cell, Column, Sheet
from segmenter.reports.values import Values


def write(review: Review, file: Path) -> None:
    """Write ``file``. Memory does not grow with the plan. Raises `OSError` when it cannot be written."""
    say = Values(review.plan)
    with Book(file, f"{review.plan.spec_name} – {heading(review)}") as book:
        _summary(book, review, say)
        _segments(book, review, say)
        _portions(book, review)
        _changes(book, review)
        _left(book, review, say)
        _look(book, review)
        _examples(book, review)
        _workload(book, review)
        _evolution(book, review, say)


def _summary(book: Book, review: Review, say: Values) -> None:
    sheet = book.sheet(_("Summary"), [Column(_("What"), width=34), Column(_("Value"), "long", 90)])
    plan = review.plan
    sheet.add([_("Client"), plan.spec_name])
    sheet.add([heading(review), review.headline])
    for figure in review.figures:
        sheet.add([figure.label, say.style.number(figure.number)])
    for label, text in facts(review, say):
        sheet.add([label, text])
    sheet.add([_("Digest of the plan"), plan.digest])
    for one in review.approvals:
        sheet.add([_("Approved by"), f"{one.by}, {say.style.moment(one.at)}: {one.evidence}"])
    for violation in plan.violations:
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
        Column(_("Records"), "number"),
        Column(_("Share of the scope"), "share"),
        Column(_money(_("Expected revenue"), review), "money"),
        Column(_("You expected"), width=18),
        Column(_("Met"), width=8),
        Column(_("The criteria in words"), "long"),
        Column(_("Description"), "long"),
    ]
    sheet = book.sheet(_("Segments"), columns)
    for one in review.segmentations:
        for segment in one.segments:
            met = {None: "", True: _("yes"), False: _("no")}[segment.met]
            range = expected(segment.expected, say.style) if segment.expected else ""
            sheet.add(
                [
                    *(one.name, segment.name, segment.before, segment.after, segment.taken, segment.share),
                    *(segment.revenue, range, met, segment.words, segment.description),
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
        Column(_money(_("Expected revenue"), review), "money"),
    ]
    sheet = book.sheet(_("By stage and salesperson"), columns)
    for one in review.plan.portions:
        sheet.add([one.segmentation, one.segment, one.stage, one.person, one.records, one.revenue])


def _changes(book: Book, review: Review) -> None:
    """A sheet a segmentation, filled in one pass; a change that two of them ask for is in the sheets of both."""
    run = review.run is not None
    columns = [
        Column(_("Record"), width=38),
        Column(_("Id"), "id"),
        Column(_("Field")),
        Column(_("Before"), width=28),
        Column(_("After"), width=28),
        Column(_("Segment"), width=28),
        *([Column(_("Result"), width=32)] if run else []),
    ]
    sheets = {one.name: book.sheet(one.name, columns) for one in review.segmentations}
    full: set[str] = set()
    for row in review.rows():
        link = links.address(review.plan, row.record)
        for name, segment in _reasons(row, sheets):
            cells: list[Cell] = [row.name, row.record, row.field, row.before, row.after, segment]
            if not sheets[name].add([*cells, row.result] if run else cells, link=link):
                full.add(name)
    if full:
        sheet = book.sheet(_("Not shown"), [Column(_("What"), "long", 90)])
        for name in sorted(full):
            line = _(
                "{segmentation} has more changes than a sheet has rows; all are in: segmenter show {id} --format csv"
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


def _left(book: Book, review: Review, say: Values) -> None:
    if not review.left:
        return
    columns = [
        Column(_("Record"), width=38),
        Column(_("Id"), "id"),
        Column(_("Field")),
        Column(_("Why"), width=36),
        Column(_("Details"), "long"),
        Column(_("Expected"), width=28),
        Column(_("Found"), width=28),
    ]
    sheet = book.sheet(_("Left as found"), columns)
    for one in review.left:
        field = say.field(one.field) if one.field else ""
        values = [say.value(one.field, value) if one.field else "" for value in (one.expected, one.found)]
        link = links.address(review.plan, one.record) if one.record > 0 else ""
        sheet.add([one.name, one.record, field, outcome_name(one.outcome), one.detail, *values], link=link)


def _look(book: Book, review: Review) -> None:
    plan = review.plan
    columns = [Column(_("What"), width=44), Column(_("Records"), "number"), Column(_("The first of them"), "long")]
    rows: list[list[Cell]] = []
    for one in review.segmentations:
        for two in one.meetings:
            label = f"{one.name}: {two.first} + {two.second}"
            rows.append([label, two.records, ", ".join(name for _id, name in two.sample)])
        if one.uncovered:
            label = _("{segmentation}: in no segment").format(segmentation=one.name)
            rows.append([label, one.uncovered, ", ".join(name for _id, name in one.uncovered_sample)])
    if plan.protected:
        rows.append([_("Protected"), plan.protected, ", ".join(name for _id, name in plan.protected_sample)])
    if rows:
        sheet = book.sheet(_("Overlaps and gaps"), columns)
        for row in rows:
            sheet.add(row)


def _examples(book: Book, review: Review) -> None:
    if not review.plan.examples:
        return
    columns = [
        Column(_("Example"), width=38),
        Column(_("Segmentation")),
        Column(_("You expected")),
        Column(_("It comes out as")),
        Column(_("Result")),
    ]
    sheet = book.sheet(_("Your own examples"), columns)
    for one in review.plan.examples:
        for name, segment in one.expected.items():
            got = one.got.get(name, "")
            result = _("as expected") if got == segment else _("otherwise")
            sheet.add([one.label, name, segment or _("(none)"), got or _("(none)"), result])


def _workload(book: Book, review: Review) -> None:
    if not review.plan.workload:
        return
    columns = [Column(_("Salesperson"), width=32), Column(_("Before"), "number"), Column(_("After"), "number")]
    sheet = book.sheet(_("Workload"), columns)
    for person, (before, after) in review.plan.workload.items():
        sheet.add([person, before, after])


def _evolution(book: Book, review: Review, say: Values) -> None:
    if review.months:
        columns = [
            Column(_("Month")),
            Column(_("Runs"), "number"),
            Column(_("Written"), "number"),
            Column(_("Given back"), "number"),
            Column(_("Written until then"), "number", 18),
        ]
        sheet = book.sheet(_("Evolution"), columns)
        for one in review.months:
            sheet.add([say.style.month(one.first), one.runs, one.written, one.given_back, one.cumulative])
    if review.earlier:
        columns = [
            Column(_("Plan"), width=10),
            Column(_("When"), width=22),
            Column(_("Segmentation")),
            Column(_("Segment")),
            Column(_("Records"), "number"),
        ]
        sheet = book.sheet(_("Segments, plan by plan"), columns)
        for past in review.earlier:
            for name, segments in past.taken.items():
                for segment, taken in segments.items():
                    sheet.add([past.plan, say.style.moment(past.at), name, segment, taken])


def _money(label: str, review: Review) -> str:
    return f"{label} ({review.plan.currency})" if review.plan.currency else label
