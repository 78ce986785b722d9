"""The state as one HTML file: the segments, and every record once, under its segment of the first segmentation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from segmenter.i18n import _
from segmenter.reports import links
from segmenter.reports.nouns import noun
from segmenter.reports.pages import page
from segmenter.reports.state.build import Held, Placed, State
from segmenter.reports.text import Style
from segmenter.reports.values import Values
from segmenter.spec.model import Consultant

FIRST, MOST = 15, 300
"""Records of a segment that the page shows at once, and those that it holds; the workbook has all of them."""


@dataclass(frozen=True)
class Group:
    """The records of one segment of the first segmentation; ``held`` is None for those of none."""

    held: Held | None
    records: tuple[Placed, ...]
    number: int


def html(state: State, consultant: Consultant) -> str:
    """The whole file. Its size grows with the segments, not with the records."""
    style = Values(state.plan).style
    names = list(state.segmentations)
    return page(
        "state.html",
        style,
        css=("people.css", "state.css"),
        state=state,
        consultant=consultant,
        client=state.plan.identity.spec_name,
        lead=lead(state, style),
        noun=noun(state.plan),
        groups=list(_groups(state, names[0] if names else "")),
        others=names[1:],
        short=_short(state),
        most={name: max((one.records for one in held), default=0) for name, held in state.segmentations.items()},
        money=lambda amount: style.money(amount, state.plan.counts.currency),
        link=links.around(state.plan),
        first=FIRST,
    )


def lead(state: State, style: Style) -> str:
    """How many records there are, of when that is, and what it does not know."""
    counted = _("{prospects} in their place, as the work of {day} left them.")
    told = counted.format(prospects=noun(state.plan)(len(state.placed), style), day=style.day(state.at))
    return f"{told} {_('What was changed in Odoo since then is not in it.')}"


def _groups(state: State, segmentation: str) -> list[Group]:
    found = []
    for held in state.segmentations.get(segmentation, ()):
        inside = (one for one in state.placed if held.segment.name in one.segments.get(segmentation, ()))
        if held.records:
            found.append(Group(held, tuple(islice(inside, MOST)), held.records))
    rest = [one for one in state.placed if not one.segments.get(segmentation)]
    if rest:
        found.append(Group(None, tuple(rest[:MOST]), len(rest)))
    return found


def _short(state: State) -> dict[tuple[str, str], str]:
    """Segmentation and segment -> its name without that of the segmentation."""
    return {(name, one.segment.name): one.segment.short for name, held in state.segmentations.items() for one in held}
