"""What the board shows: figures as words and numbers, a card for each segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from segmenter import i18n
from segmenter.conditions import words
from segmenter.errors import Path, Problem
from segmenter.i18n import _, ngettext
from segmenter.measuring import Figures, Move, SegmentationFigures, SegmentFigures, moves
from segmenter.measuring.checking import Difference
from segmenter.plans import full_name
from segmenter.reports.colours import tone
from segmenter.reports.notices import range_in_words
from segmenter.reports.text import Style
from segmenter.spec.model import Spec

Shown = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """How figures are worded for one client."""

    style: Style
    currency: str

    def money(self, amount: float | None) -> str:
        """An amount in the client's currency; "" for none."""
        return "" if amount is None else self.style.money(amount, self.currency)

    def condition(self, facts: Mapping[str, Any] | None) -> str:
        """A condition as a sentence."""
        if facts is None:
            return ""
        amount = partial(i18n.money, currency=self.currency, locale=self.style.locale)
        return words(facts, amount if self.currency else None)


@dataclass(frozen=True)
class Board:
    """Everything that the board goes by.

    ``start``, ``saved``: figures that today's are compared with. ``records``: what the client calls the records of the
    scope. ``differs``: what the server itself selects otherwise.
    """

    spec: Spec
    figures: Figures
    problems: Sequence[Problem]
    start: Figures | None
    saved: Figures | None
    words: Words
    records: str
    open: Mapping[str, str]
    differs: Sequence[Difference] = ()


def query(**about: object) -> str:
    """Which panel to open, as the query of an address."""
    return urlencode({name: value for name, value in about.items() if value is not None})


def board(about: Board) -> Shown:
    """The board as `templates/board.html` shows it."""
    figures, style = about.figures, about.words.style
    before = {"saved": about.saved, "start": about.start} if about.saved is not about.start else {"start": about.start}
    moved = [(name, moves(then, figures)) for name, then in before.items() if then is not None]
    return {
        "scope": {
            "count": len(figures.scope),
            "number": style.number(len(figures.scope)),
            "what": about.records,
            "revenue": about.words.money(figures.revenue),
            "words": about.words.condition(figures.scope_condition) or _("All of them."),
            "records": query(show="records", of="scope"),
            "expected": _expected(figures.scope_expected, style),
            "met": figures.scope_met,
            "problems": [problem.what for problem in about.problems if problem.path[:1] in (("scope",), ("protect",))],
        },
        "protected": {
            "number": style.number(len(figures.protected)) if figures.protected else "",
            "what": _("never touched"),
            "records": query(show="records", of="protected"),
        },
        "differs": [
            {
                "text": _("{name}: the server selects {number} records otherwise than this page").format(
                    name=full_name(found.segmentation, found.segment) if found.segment else _("Which records"),
                    number=style.number(len(found.missing | found.extra)),
                ),
                "query": query(show="records", of="differs", first=found.segmentation, second=found.segment),
            }
            for found in about.differs
        ],
        "sections": [_section(about, place, found, moved) for place, found in enumerate(figures.segmentations)],
    }


def _section(about: Board, at: int, figures: SegmentationFigures, moved: Sequence[tuple[str, Sequence[Move]]]) -> Shown:
    path: Path = ("segmentations", at)
    inside = (*path, "segments")
    own = [problem for problem in about.problems if problem.path[:2] == path and problem.path[2:3] != inside[2:]]
    last = sum(not segment.is_default for segment in figures.segments) - 1
    cards = [_card(about, at, g, segment, last) for g, segment in enumerate(figures.segments)]
    if figures.uncovered:
        cards.append(_rest(about, at, figures))
    return {
        "at": at,
        "count": last + 1,
        "name": figures.name,
        "description": about.spec.segmentations[at].description,
        "problems": [str(problem.what) for problem in own if "default" not in problem.path],
        "cards": cards,
        "moves": [group for name, found in moved if (group := _moves(about, name, found, figures.name))],
        "overlaps": [
            {
                "text": _("{number} fit {first} and {second} too").format(
                    number=about.words.style.number(len(overlap.records)), first=overlap.first, second=overlap.second
                ),
                "query": query(show="records", of="overlap", s=at, first=overlap.first, second=overlap.second),
            }
            for overlap in figures.overlaps
        ],
        "overlaps_title": ngettext(
            "{number} pair of segments shares records; the upper one takes them",
            "{number} pairs of segments share records; the upper one takes them",
            len(figures.overlaps),
        ).format(number=len(figures.overlaps)),
    }


def _card(about: Board, s: int, g: int, segment: SegmentFigures, last: int) -> Shown:
    place: int | str = "default" if segment.is_default else g
    path = ("segmentations", s, *(("default",) if segment.is_default else ("segments", g)))
    style, count = about.words.style, len(segment.records)
    paint, colour = tone(segment.color)
    here = about.open.get("s") == str(s) and about.open.get("g") == str(place)
    return {
        "id": f"s{s}-{place}",
        "g": place,
        "name": segment.name,
        "tone": paint,
        "color": colour,
        "sound": segment.sound,
        "here": here,
        "movable": not segment.is_default,
        "first": g == 0,
        "last": g == last,
        "only": last == 0,
        "count": count,
        "number": style.number(count),
        "share": style.share(count, len(about.figures.scope)),
        "revenue": about.words.money(segment.revenue),
        "words": about.words.condition(segment.condition) if not segment.is_default else _("All the rest"),
        "today": None if segment.today is None else len(segment.today),
        "today_words": ""
        if segment.today is None
        else _("today {number}").format(number=style.number(len(segment.today))),
        "expected": _expected(segment.expected, style),
        "met": segment.met,
        "changes": list(_changes(about, about.figures.segmentations[s].name, segment)),
        "problems": [problem.what for problem in about.problems if problem.path[: len(path)] == path],
        "edit": query(show="segment", s=s, g=place),
        "records": query(show="records", of="segment", s=s, g=place),
    }


def _rest(about: Board, s: int, figures: SegmentationFigures) -> Shown:
    """A card for the records that no segment takes."""
    style, count = about.words.style, len(figures.uncovered)
    return {
        "id": f"s{s}-rest",
        "g": "rest",
        "name": _("In no segment"),
        "tone": "",
        "color": "",
        "sound": True,
        "here": False,
        "movable": False,
        "first": True,
        "last": True,
        "only": True,
        "count": count,
        "number": style.number(count),
        "share": style.share(count, len(about.figures.scope)),
        "revenue": "",
        "words": "",
        "today": None,
        "today_words": "",
        "expected": "",
        "met": None,
        "changes": [],
        "problems": [],
        "edit": "",
        "records": query(show="records", of="rest", s=s),
    }


def _changes(about: Board, segmentation: str, segment: SegmentFigures) -> Iterator[str]:
    """How many more or fewer than when the meeting began."""
    then = about.start.segmentation(segmentation) if about.start else None
    before = then.segment(segment.name) if then else None
    if before is not None and (more := len(segment.records) - len(before.records)):
        yield f"{'+' if more > 0 else '−'}{about.words.style.number(abs(more))}"


def _moves(about: Board, name: str, moved: Sequence[Move], segmentation: str) -> Shown | None:
    """Who moved since a moment, by segment left and segment entered; None where nobody did."""
    found = [move for move in moved if move.segmentation == segmentation]
    if not found:
        return None
    titles = {"start": _("Since the beginning:"), "saved": _("Since it was saved:")}
    return {
        "name": name,
        "title": titles[name],
        "moves": [
            {
                "text": _("{number} from {origin} to {target}").format(
                    number=about.words.style.number(len(move.records)),
                    origin=move.origin or _("none"),
                    target=move.target or _("none"),
                ),
                "query": query(
                    show="records",
                    of="move",
                    since=name,
                    segmentation=segmentation,
                    origin=move.origin,
                    target=move.target,
                ),
            }
            for move in sorted(found, key=lambda move: -len(move.records))
        ],
    }


def _expected(expected: Any, style: Style) -> str:
    return _("expected {range}").format(range=range_in_words(expected, style.number)) if expected else ""
