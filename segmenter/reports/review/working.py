"""The sheet that the client works with, a row for each record; and the values that are lost, by name."""

from __future__ import annotations

from collections.abc import Sequence

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.review.content import Record, Review, Segment, Segmentation
from segmenter.reports.sheets import Book, Cell, Column, Link, Toned


def portfolio(book: Book, review: Review) -> None:
    """A table: name, one column for each segmentation, what is known of the record, where it is; what changes, and why.

    The last two do not go to paper: on A4 the others could not be read beside them.
    """
    columns = [
        Column(capitalised(review.noun.one), width=36),
        *(Column(segmentation.name, width=_width(segmentation)) for segmentation in review.segmentations),
        *(column for known, column in _known(review) if known in review.known),
        *([Column(_("In Odoo"), width=9)] if links.around(review.plan) else []),
    ]
    run = [] if review.run is None else [Column(_("Result"), width=26)]
    aside = [*run, Column(_("What changes"), width=44), Column(_("Why"), width=60)]
    sheet = book.sheet(capitalised(review.noun.many), [*columns, *aside], table=True, frozen=1, printed=len(columns))
    for record in review.records():
        if not sheet.add(_cells(review, record)):
            break


def capitalised(noun: str) -> str:
    """The noun as a heading; capitals in it stay."""
    return noun[:1].upper() + noun[1:]


def _known(review: Review) -> list[tuple[str, Column]]:
    """What may be known of a record, as `Review.known` calls it, and its column."""
    currency = review.plan.counts.currency
    return [
        ("person", Column(_("Salesperson"), width=18)),
        ("stage", Column(_("Stage"), width=15)),
        ("amount", Column(f"{_('Amount')} ({currency})" if currency else _("Amount"), "money", 15)),
        ("city", Column(_("City"), width=16)),
        ("phone", Column(_("Phone"), width=17)),
        ("email", Column(_("E-mail"), width=32)),
    ]


def _cells(review: Review, record: Record) -> list[Cell]:
    link = links.address(review.plan, record.record)
    told: dict[str, Cell] = {
        "person": record.person or _("No salesperson"),
        "stage": record.stage,
        "amount": record.amount or None,
        "city": record.city,
        "phone": record.phone,
        "email": record.email,
    }
    return [
        record.name,
        *(_placed(segments) for segments in record.segments),
        *(told[known] for known, _column in _known(review) if known in review.known),
        *([Link(_("Open"), link)] if link else []),
        *([] if review.run is None else [record.result]),
        "; ".join(record.changes),
        "; ".join(record.because),
    ]


def _placed(segments: Sequence[Segment]) -> Cell:
    """Where a record belongs, in the colour of the first of its segments."""
    if not segments:
        return None
    return Toned(", ".join(segment.short for segment in segments), segments[0].tone)


def _width(segmentation: Segmentation) -> int:
    """Of a column: its segments fit, and its head in two lines."""
    return min(
        28,
        max(
            20 if segmentation.shared else 14,
            len(segmentation.name) // 2 + 6,
            *(2 + len(one.short) for one in segmentation.segments),
        ),
    )


def losses(book: Book, review: Review) -> None:
    """The values that somebody gave and that are replaced; no sheet where there are none."""
    columns = [
        Column(_("Record"), width=38),
        Column(_("Salesperson")),
        Column(_("Field")),
        Column(_("What is lost") if review.run is None else _("What it held"), width=32),
        Column(_("In its place"), width=32),
        Column(_("Because"), "long", 44),
    ]
    sheet = None
    for loss in review.losses():
        sheet = sheet or book.sheet(_("Values that are lost"), columns)
        cells = [
            loss.name,
            loss.person or _("No salesperson"),
            loss.field,
            loss.lost,
            loss.instead,
            loss.because,
        ]
        if not sheet.add(cells, link=links.address(review.plan, loss.record)):
            break
