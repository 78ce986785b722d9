"""The whole segmentation as one picture: each segment in its colour, with count and money.

Nothing in it needs its colours: each number stands beside the segment's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from segmenter.i18n import _
from segmenter.reports import colours
from segmenter.reports.review.content import Review, Segmentation
from segmenter.reports.text import Style

ROOM = 0.06
"""The part of a bar that a number needs to be read in it."""
ROOMY = 17.5
"""Lines that the first page has for the picture. Where that is too little, the segmentations with the most segments are
one bar of pieces each, but never the one that ranks."""
HEADING, ONE_BAR = 1.35, 2.0
"""Lines that the name of a segmentation takes, and that such a bar takes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment. ``start`` and ``width``: of its piece of the bar of all, in percent; ``part``: of the largest.

    ``name``: without that of its segmentation; ``ink``: what is read on its ``tone``. ``number``: "" where the piece
    has no room for it. ``counted``: ``94 opportunities``.
    """

    name: str
    tone: str
    ink: str
    start: float
    width: float
    part: float
    number: str
    records: str
    counted: str
    money: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One segmentation. ``id``: of its own part of the page; ``whole``: told line by line, not as one bar."""

    id: str
    name: str
    pieces: tuple[Piece, ...]
    shared: bool
    whole: bool


def picture(review: Review, style: Style) -> tuple[Bar, ...]:
    """Each segmentation: as it will be, or as it is after the run."""
    pieces = [tuple(_pieces(one, review, style)) for one in review.segmentations]
    cut = _cut({one.name: len(found) for one, found in zip(review.segmentations, pieces, strict=True)}, review.ranking)
    return tuple(
        Bar(f"s{number}", one.name, found, one.shared, one.name not in cut)
        for number, (one, found) in enumerate(zip(review.segmentations, pieces, strict=True), 1)
    )


def _cut(lines: Mapping[str, int], ranking: str) -> set[str]:
    """The segmentations that have no room to be told line by line; ``lines``: what each would take."""
    cut = set[str]()
    room = ROOMY - sum(HEADING + number for number in lines.values())
    for name, number in sorted(lines.items(), key=lambda pair: -pair[1]):
        if room < 0 and name != ranking and number > ONE_BAR:
            cut.add(name)
            room += number - ONE_BAR
    return cut


def _pieces(one: Segmentation, review: Review, style: Style) -> Iterator[Piece]:
    scope, currency = review.plan.counts.scope_count, review.plan.counts.currency
    held = [(segment, segment.taken if segment.after is None else segment.after) for segment in one.segments]
    rest = one.uncovered if one.shared else max(0, scope - sum(records for _segment, records in held))
    whole = max(1, sum(records for _segment, records in held) + rest)
    rows = [(segment.short, segment.tone, records, segment.revenue) for segment, records in held]
    if rest:
        rows.append((_("in no segment"), "#ffffff", rest, None))
    most = max([1, *(records for _name, _tone, records, _revenue in rows)])
    start = 0.0
    for name, tone, records, revenue in rows:
        width = 100 * records / whole
        yield Piece(
            name=name,
            tone=tone,
            ink=colours.ink(tone),
            start=start,
            width=width,
            part=100 * records / most,
            number=style.number(records) if records / whole >= ROOM else "",
            records=style.number(records),
            counted=review.noun(records, style),
            money=style.round_money(revenue, currency) if revenue else "",
        )
        start += width
