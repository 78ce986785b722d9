"""What the client will see in Odoo, and may not like: said of the spec, before any server is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmenter.errors import Path
from segmenter.notice import Notice
from segmenter.plans import full_name
from segmenter.spec.favourites import IN_MENU, wanted
from segmenter.spec.model import Segment, Segmentation, SetValue, Spec

ON_CARD = 44
"""Characters of a tag's name that a card of Odoo's pipeline shows before it cuts. Measured on 19, in a window of 1280
pixels and a wide font; 14 goes on in a second line."""
CUTS_SINCE = 15
"""Odoo 14 cuts neither tags nor favourites. Which of 15 to 18 do was not measured."""
PRIORITY, STARS_STAY = "priority", "looks.stars_stay"


@dataclass(frozen=True)
class Look:
    """One fact, and where the spec says what leads to it."""

    notice: Notice
    path: Path


def looks(spec: Spec, version: int = CUTS_SINCE) -> Iterator[Look]:
    """The facts. ``version``: of Odoo, where it is known."""
    yield from _colours(spec)
    yield from _stars(spec)
    if version >= CUTS_SINCE:
        yield from _cut_tags(spec)
        yield from _cut_favourites(spec)


def _colours(spec: Spec) -> Iterator[Look]:
    """One for each colour that tags of two segmentations have; tags of no colour are not on the cards."""
    seen: dict[int, list[tuple[Segmentation, Segment]]] = {}
    for segmentation in spec.segmentations:
        if segmentation.store is not None and segmentation.store.kind != "field":
            for segment in segmentation.all_segments:
                if segment.color:
                    seen.setdefault(segment.color, []).append((segmentation, segment))
    for color, found in seen.items():
        if len({segmentation.name for segmentation, _segment in found}) > 1:
            names = tuple(full_name(segmentation.name, segment.name) for segmentation, segment in found)
            yield Look(Notice("looks.colour", {"color": color}, {"segments": names}), (*found[-1][1].path, "color"))


def _stars(spec: Spec) -> Iterator[Look]:
    """Segments that leave the priority as it is, beside some that set it."""
    for segmentation in spec.segmentations:
        segments = segmentation.all_segments
        leave = [segment for segment in segments if not _sets_priority(segmentation, segment)]
        if 0 < len(leave) < len(segments):
            names = tuple(segment.name for segment in leave)
            yield Look(
                Notice(STARS_STAY, names={"segmentation": segmentation.name, "segments": names}),
                (*leave[0].path, "name"),
            )


def _sets_priority(segmentation: Segmentation, segment: Segment) -> bool:
    stored = segmentation.store is not None and segmentation.store.field == PRIORITY
    return stored or any(isinstance(action, SetValue) and action.field == PRIORITY for action in segment.actions)


def _cut_tags(spec: Spec) -> Iterator[Look]:
    for segmentation in spec.segmentations:
        if segmentation.store is not None and segmentation.store.kind != "field":
            for segment in segmentation.all_segments:
                tag = str(segment.stored)
                if len(tag) > ON_CARD:
                    notice = Notice("looks.tag_cut", {"most": ON_CARD}, {"tag": tag, "shown": _cut(tag, ON_CARD)})
                    yield Look(notice, (*segment.path, "name" if segment.value is None else "value"))


def _cut_favourites(spec: Spec) -> Iterator[Look]:
    """Favourites of which the menu does not show the whole segment's name."""
    for one in wanted(spec):
        if len(one.short) > IN_MENU:
            names = {"favourite": one.name, "shown": _cut(one.short, IN_MENU)}
            yield Look(Notice("looks.favourite_cut", {"most": IN_MENU}, names), (*one.segment.path, "name"))


def _cut(name: str, most: int) -> str:
    return f"{name[: most - 1].rstrip()}…"
