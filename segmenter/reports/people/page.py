"""The pages of the salespeople as one HTML file: an index, then a page each, on paper too."""

from __future__ import annotations

from segmenter import __version__
from segmenter.reports import links
from segmenter.reports.pages import page
from segmenter.reports.people import words
from segmenter.reports.people.content import Card, People, Person
from segmenter.reports.text import Style
from segmenter.reports.values import Values

FIRST, MOST = 12, 100
"""Records of a segment that a page shows at once, and those that it holds; the workbook has all of them."""
ON_PAPER = 24
"""Records that an A4 page has room for, were there no headings: each of those takes as much as two."""


def html(people: People) -> str:
    """The whole file. Its size grows with salespeople and segments, not with the records."""
    style = Values(people.plan).style
    return page(
        "people.html",
        style,
        css=("people.css",),
        people=people,
        plan=people.plan,
        heading=words.heading(people),
        lead=words.lead(people, style),
        pending=words.pending(people),
        called=words.name_of,
        segment_called=words.segment_called,
        opening=lambda person: words.opening(person, style),
        note=words.note,
        since=lambda card: _day(card, style),
        money=lambda amount: style.money(amount, people.plan.counts.currency),
        link=links.around(people.plan),
        on_paper=on_paper,
        first=FIRST,
        most=MOST,
        version=__version__,
    )


def on_paper(person: Person) -> list[int]:
    """How many records of each group are printed, so that a person has one page: half of them of the first segment."""
    rows = max(ON_PAPER - 2 * len(person.groups), 8)
    first = min(len(person.groups[0].cards), FIRST, rows // 2 if person.groups[1:] else rows)
    each = max(2, (rows - first) // max(1, len(person.groups) - 1))
    return [first, *(min(len(group.cards), FIRST, each) for group in person.groups[1:])]


def _day(card: Card, style: Style) -> str:
    day = words.since(card, style)
    return style.moment(day.isoformat()) if day else "–"
