"""The saved favourites that a spec wants: which segments have one, what it shows, and a name that Odoo has room for.

Odoo lists favourites by name, so their names begin with numbers: that of the segmentation, where there are several, and
that of the segment. From Odoo 17 on the menu of the search bar cuts names, and the bar too, but later. So what tells
one from the other comes first: ``1.2 Medio · Nivel de potencialidad``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.spec.model import Segment, Segmentation, Spec

IN_MENU, IN_BAR = 15, 40
"""Characters of a favourite's name that Odoo shows before it cuts: in the menu of a window of 1280 pixels (a window of
1920 has room for 30), and in the search bar. Measured on 19, in a wide font. Odoo 14 cuts neither."""
SEPARATOR = " · "


@dataclass(frozen=True)
class Wanted:
    """One favourite. ``position``: of the segment among all of its segmentation. ``short``: what of its name tells it
    from the others; ``former``: what earlier versions of this tool called it."""

    segmentation: Segmentation
    segment: Segment
    position: int
    show: Literal["holds", "live"]
    short: str
    name: str
    former: str


def wanted(spec: Spec) -> Iterator[Wanted]:
    """The favourites of a spec, in its order. A segment that is stored nowhere can only have a live one."""
    if spec.filters is None:
        return
    several = len(spec.segmentations) > 1
    for number, segmentation in enumerate(spec.segmentations, 1):
        segments = segmentation.all_segments
        width = len(str(len(segments)))
        ahead = f"{number:0{len(str(len(spec.segmentations)))}}." if several else ""
        for position, segment in enumerate(segments):
            show = segment.filter or spec.filters.show
            if show == "none" or (show == "holds" and segmentation.store is None):
                continue
            short = f"{ahead}{position + 1:0{width}} {_own(segment.name, segmentation.name)}"
            whole, former = _whole(short, segmentation.name), _former(segmentation, segment)
            yield Wanted(segmentation, segment, position, show, short, whole, former)


def _own(segment: str, segmentation: str) -> str:
    """A segment's name less that of its segmentation: ``Zona: Lima`` is ``Lima`` of the segmentation ``Zona``."""
    rest = segment[len(segmentation) :]
    if segment.casefold().startswith(segmentation.casefold()) and not rest[:1].isalnum():
        return rest.lstrip(" :-–/·") or segment
    return segment


def _whole(short: str, segmentation: str) -> str:
    """With as many words of the segmentation's name as the bar has room for."""
    words = segmentation.split()
    for count in range(len(words), 0, -1):
        whole = f"{short}{SEPARATOR}{' '.join(words[:count])}{'' if count == len(words) else '…'}"
        if len(whole) <= IN_BAR:
            return whole
    return short


def _former(segmentation: Segmentation, segment: Segment) -> str:
    """``Nivel: Alto``; a segment whose name begins with its segmentation's ("Zona: Lima") had it once."""
    named = segment.name.startswith(segmentation.name)
    return segment.name if named else f"{segmentation.name}: {segment.name}"


def check_favourites(spec: Spec) -> Iterator[Problem]:
    """Segments that say what a favourite shows, where there is none, or nothing that it could show."""
    for segmentation in spec.segmentations:
        for segment in segmentation.all_segments:
            path = (*segment.path, "filter")
            if segment.filter not in (None, "none") and spec.filters is None:
                what = _("Segment {name} says what its favourite shows, and the spec makes no favourites")
                todo = _("add filters: shared at the top level, or leave filter out")
                yield Problem(path, what.format(name=segment.name), todo)
            elif segment.filter == "holds" and segmentation.store is None:
                what = _("Segment {name} is written nowhere, so nothing holds it")
                yield Problem(path, what.format(name=segment.name), _("write filter: live, or add a store"))
