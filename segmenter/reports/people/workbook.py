"""The pages of the salespeople as a workbook: who has how many, and a sheet each with every record."""

from __future__ import annotations

from pathlib import Path

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.people.content import Card, Group, People, Person
from segmenter.reports.people.words import heading, name_of, note, pending, segment_called, since
from segmenter.reports.sheets import Book, Cell, Column
from segmenter.reports.values import Values


def write(people: People, file: Path) -> None:
    """Write ``file``. Raises `OSError` when it cannot be written."""
    say = Values(people.plan)
    with Book(file, f"{people.plan.identity.spec_name} – {heading(people)}") as book:
        _index(book, people)
        for person in people.people:
            _person(book, people, person, say)


def _index(book: Book, people: People) -> None:
    columns = [
        Column(_("Salesperson"), width=32),
        Column(_("Prospects"), "number"),
        *(Column(segment_called(segment), "number", 16) for segment in people.segments),
        *_money(people),
    ]
    sheet = book.sheet(_("Salespeople"), columns, above=[said] if (said := pending(people)) else [])
    for person in people.people:
        counts: list[Cell] = [person.counts.get(segment, 0) for segment in people.segments]
        sheet.add(
            [name_of(person.name), person.records, *counts, *([person.revenue] if people.valued else [])],
        )


def _person(book: Book, people: People, person: Person, say: Values) -> None:
    noted = any(note(card) for group in person.groups for card in group.cards)
    columns = [
        Column(_("Prospect"), width=38),
        Column(say.id_head, "id"),
        Column(people.segmentation or _("Segment"), width=20),
        *([Column(_("Stage"))] if people.staged else []),
        *_money(people),
        *([Column(_("In this stage since"), "date", 18)] if people.dated else []),
        Column(_("Also in"), width=28),
        *([Column(_("Note"), width=36)] if noted else []),
        Column(_("Because"), "long", 60),
    ]
    sheet = book.sheet(name_of(person.name), columns)
    for group in person.groups:
        for card in group.cards:
            cells = _cells(people, group, card, say, noted=noted)
            sheet.add(cells, link=links.address(people.plan, card.record))


def _cells(people: People, group: Group, card: Card, say: Values, *, noted: bool) -> list[Cell]:
    return [
        *(card.name, card.record, segment_called(group.segment)),
        *([card.stage] if people.staged else []),
        *([card.revenue] if people.valued else []),
        *([since(card, say.style)] if people.dated else []),
        ", ".join(card.others),
        *([note(card)] if noted else []),
        group.reason,
    ]


def _money(people: People) -> list[Column]:
    label = _("Expected revenue")
    if people.plan.counts.currency:
        label = f"{label} ({people.plan.counts.currency})"
    return [Column(label, "money")] if people.valued else []
