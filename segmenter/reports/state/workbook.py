"""The state as a workbook: every record once, to work with; then how many each segment holds."""

from __future__ import annotations

from pathlib import Path

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.nouns import noun
from segmenter.reports.sheets import Book, Cell, Column
from segmenter.reports.state.build import Placed, State
from segmenter.reports.values import Values


def write(state: State, file: Path) -> None:
    """Write ``file``. Raises `OSError` when it cannot be written."""
    say = Values(state.plan)
    with Book(file, f"{state.plan.identity.spec_name} – {_('The state today')}") as book:
        _records(book, state, say)
        _segments(book, state)


def _records(book: Book, state: State, say: Values) -> None:
    labels = {"person": _("Salesperson"), "stage": _("Stage"), "amount": _("Expected revenue"), "city": _("City")}
    labels |= {"phone": _("Phone"), "email": _("E-mail")}
    known, called = [what for what in labels if what in state.known], noun(state.plan)
    noted = any(one.note for one in state.placed)
    sheet = book.sheet(
        called.many.capitalize(),
        [
            Column(called.one.capitalize(), width=38),
            *(Column(name, width=24) for name in state.segmentations),
            *(Column(labels[what], "money" if what == "amount" else "text") for what in known),
            *([Column(_("Note"), width=36)] if noted else []),
            Column(_("Plan"), width=8),
            Column(say.id_head, "id"),
        ],
    )
    for one in state.placed:
        cells: list[Cell] = [one.record.name, *(_names(one, name, state) for name in state.segmentations)]
        cells += [getattr(one.record, what) or None for what in known]
        cells += [one.note] if noted else []
        sheet.add([*cells, one.plan, one.record.record], link=links.address(state.plan, one.record.record))


def _names(one: Placed, segmentation: str, state: State) -> str:
    short = {held.segment.name: held.segment.short for held in state.segmentations[segmentation]}
    return ", ".join(short[name] for name in one.segments.get(segmentation, ()))


def _segments(book: Book, state: State) -> None:
    columns = [
        Column(_("Segmentation"), width=28),
        Column(_("Segment"), width=28),
        Column(noun(state.plan).many.capitalize(), "number"),
        Column(_("Expected revenue"), "money"),
        Column(_("Criteria"), "long"),
    ]
    sheet = book.sheet(_("Segments"), columns)
    for name, held in state.segmentations.items():
        for one in held:
            sheet.add([name, one.segment.short, one.records, one.revenue, one.segment.words])
