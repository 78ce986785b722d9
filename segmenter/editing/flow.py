"""Entries between brackets that come, go and move."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from segmenter.editing.layout import Entry, Layout, Splice, applied

_BEHIND_COMMA = re.compile(r"(?:[ \t]*,)?([ \t]*(?:#.*)?)")


def rearranged(
    layout: Layout,
    entries: Sequence[Entry],
    inner: Mapping[int, list[Splice]],
    order: Sequence[tuple[int | None, str]],
) -> list[Splice]:
    """The splices for entries in a new order: the number of one that stays, or the text of a new one.

    ``inner``: the splices within those that stay, of which there is at least one.
    """
    if lines := _lines(layout, entries):
        return [_lined(layout, entries, lines, inner, order)]
    kept = [index for index, _new in order if index is not None]
    if kept != sorted(kept):
        return [_mixed(layout, entries, inner, order)]
    splices = [splice for splices in inner.values() for splice in splices]
    splices += _without(entries, [index for index in range(len(entries)) if index not in kept])
    last, waiting = -1, []
    for index, new in order:
        if index is None:
            waiting.append(new)
            continue
        if waiting:
            splices.append(_in_front(layout, waiting, entries[index]))
            waiting = []
        last = index
    if waiting:
        splices.append(_behind(layout, waiting, entries[last]))
    return splices


def _mixed(
    layout: Layout,
    entries: Sequence[Entry],
    inner: Mapping[int, list[Splice]],
    order: Sequence[tuple[int | None, str]],
) -> Splice:
    """Entries in another order, with what stood between them where it was."""
    text = layout.text
    pieces = [
        new if index is None else applied(text, inner.get(index, []), entries[index].start, entries[index].end)
        for index, new in order
    ]
    between = [text[one.end : other.start] for one, other in pairwise(entries)]
    between += [", "] * (len(pieces) - 1 - len(between))
    result = pieces[0] + "".join(gap + piece for gap, piece in zip(between, pieces[1:], strict=False))
    return (entries[0].start, entries[-1].end, result)


def _lines(layout: Layout, entries: Sequence[Entry]) -> list[tuple[int, int, str]]:
    """For entries between brackets with a line for each: where the line begins, with the comments above it, where
    it ends, and what stands behind the comma. Nothing where they are laid out otherwise.
    """
    found: list[tuple[int, int, str]] = []
    floor = layout.text.rfind("\n", 0, entries[0].start)
    for one in entries:
        line, end = layout.line_start(one.start), layout.line_end(one.end)
        behind = _BEHIND_COMMA.fullmatch(layout.text, one.end, end)
        if floor < 0 or line <= floor or layout.text[line : one.start].strip(" ") or behind is None:
            return []
        found.append((layout.with_comments_above(line, one.start - line, floor), end, behind[1]))
        floor = end
    return found


def _lined(
    layout: Layout,
    entries: Sequence[Entry],
    lines: Sequence[tuple[int, int, str]],
    inner: Mapping[int, list[Splice]],
    order: Sequence[tuple[int | None, str]],
) -> Splice:
    """Lines between brackets in another order; each but the last has a comma, and that as it was."""
    margin = " " * (entries[0].start - layout.line_start(entries[0].start))
    last = layout.text[entries[-1].end : lines[-1][1]].lstrip().startswith(",")
    pieces = []
    for position, (index, new) in enumerate(order):
        comma = "," if last or position + 1 < len(order) else ""
        if index is None:
            pieces.append(f"{margin}{new}{comma}")
        else:
            start, _end, behind = lines[index]
            pieces.append(applied(layout.text, inner.get(index, []), start, entries[index].end) + comma + behind)
    return (lines[0][0], lines[-1][1], layout.line_break.join(pieces))


def _without(entries: Sequence[Entry], gone: Sequence[int]) -> list[Splice]:
    """Takes entries out, each with one comma."""
    splices: list[Splice] = []
    run: list[int] = []
    for index in [*gone, -1]:
        if run and index != run[-1] + 1:
            first, last = run[0], run[-1]
            if last + 1 < len(entries):
                splices.append((entries[first].start, entries[last + 1].start, ""))
            else:
                splices.append((entries[first - 1].end, entries[last].end, ""))
            run = []
        run.append(index)
    return splices


def _in_front(layout: Layout, pieces: Sequence[str], following: Entry) -> Splice:
    """New entries in front of one, on lines of their own where it has one."""
    margin = layout.text[layout.line_start(following.start) : following.start]
    between = ", " if margin.strip(" ") else f",{layout.line_break}{margin}"
    return (following.start, following.start, "".join(piece + between for piece in pieces))


def _behind(layout: Layout, pieces: Sequence[str], last: Entry) -> Splice:
    """New entries behind the last one that stays."""
    margin = layout.text[layout.line_start(last.start) : last.start]
    between = ", " if margin.strip(" ") else f",{layout.line_break}{margin}"
    return (last.end, last.end, "".join(between + piece for piece in pieces))
