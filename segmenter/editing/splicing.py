"""Takes a change of data over into a text, and leaves what did not change as it is, byte by byte.

The text is cut by the marks of its nodes. A block mapping or list is a row of chunks with gaps between them: a chunk is
an entry with the comments directly above it, the comment behind it and those below it that are indented deeper; a gap
is blank lines, and comments that stand between blank lines. Chunks move, gaps stay.

Whoever calls checks the result by reading it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yaml.nodes import CollectionNode, ScalarNode

from segmenter.editing.alignment import Plan, aligned_items, aligned_keys
from segmenter.editing.document import SpecDocument, reordered, same
from segmenter.editing.flow import rearranged
from segmenter.editing.layout import Entry, Layout, Splice, Unsure, applied, is_comment
from segmenter.editing.writing import (
    WIDTH,
    block,
    entry,
    fits_in_flow,
    in_flow,
    is_short,
    key_text,
    list_item,
    literal,
    scalar,
)
from segmenter.errors import Path
from segmenter.spec.document import Data


def spliced(document: SpecDocument, after: Data, path: Path = (), plan: Plan | None = None) -> str:
    """The text with the data ``after``. ``plan``: which entries of the collection at ``path`` stay, in which order;
    without it, that is found by comparing. Raises `Unsure`.
    """
    return applied(document.text, _Splicer(document, path, plan).changes(after))


class _Splicer(Layout):
    """Splices for one document."""

    def __init__(self, document: SpecDocument, path: Path, plan: Plan | None) -> None:
        super().__init__(document)
        self.path, self.plan = path, plan

    def changes(self, after: Data) -> list[Splice]:
        root = self.document.root
        start = root.start_mark.index
        whole = Entry(None, root, start, start, start, self.end_of(root))
        return self.value(whole, self.document.data, after, (), flow=False)

    # One value.

    def value(self, place: Entry, before: Data, after: Data, path: Path, *, flow: bool) -> list[Splice]:
        plan = self.plan if path == self.path and self.plan is not None else None
        if plan is None and same(before, after) and not reordered(before, after):
            return []
        node = place.node
        if not place.alias and after and isinstance(before, dict) and isinstance(after, dict):
            plan = plan or aligned_keys(before, after)
        elif not place.alias and after and isinstance(before, list) and isinstance(after, list):
            plan = plan or aligned_items(before, after)
        else:
            return self.replaced(place, after, flow=flow)
        if not isinstance(node, CollectionNode) or not node.value:
            return self.replaced(place, after, flow=flow)
        if not node.flow_style:
            return self.rows(place, before, after, plan, path)
        splices = self.flowing(place, before, after, plan, path, flow=flow)
        can_open = not flow and place.head > place.start and "\n" not in self.text[place.at : place.end]
        if (
            can_open
            and any(origin is not None for origin in plan)
            and (self.is_too_wide(place, splices) or (is_short(before) and not is_short(after)))
        ):
            return self.opened(place, before, after, plan, path)
        return splices

    def is_too_wide(self, place: Entry, splices: list[Splice]) -> bool:
        """Whether a line that fitted before would not."""
        if any(first < place.at or last > place.end for first, last, _new in splices):
            return False  # it was replaced, and not in flow style
        before = self.text[place.at : place.end]
        after = applied(self.text, splices, place.at, place.end)
        column = place.at - self.line_start(place.at)
        return column + len(after) > max(WIDTH, column + len(before))

    def opened(self, place: Entry, before: Data, after: Data, plan: Plan, path: Path) -> list[Splice]:
        """A collection in flow style taken apart into lines, with its entries as they are written."""
        entries = self.entries(place.node)
        inner, order = self.inner(entries, before, after, plan, path, flow=True)
        column = self.inner_column(place, after)
        lines: list[str] = []
        for position, (index, key) in enumerate(order):
            if index is None:
                lines += self.new_lines(after, position, key, column)
            else:
                written = applied(self.text, inner.get(index, []), entries[index].start, entries[index].end)
                lines.append(" " * column + ("" if isinstance(after, dict) else "- ") + written)
        return self.put_below(place, lines)

    def new_lines(self, after: Data, position: int, key: str | int, column: int) -> list[str]:
        """The lines of a new entry in block style."""
        if isinstance(after, dict):
            return entry(str(key), after[str(key)], column, dash=self.dash())
        return list_item(after[position] if isinstance(after, list) else after, column, dash=self.dash())

    def inner_column(self, place: Entry, after: Data) -> int:
        """Where the entries of a collection in block style begin, under a key or behind a dash."""
        column = place.start - self.line_start(place.start)
        if self.is_item(place):
            return column + 2
        return column + (self.dash() if isinstance(after, list) else self.step())

    def is_item(self, place: Entry) -> bool:
        return self.text[place.start] == "-" and place.head == place.start + 1

    def put_below(self, place: Entry, lines: Sequence[str]) -> list[Splice]:
        """Lines in the place of a value: below its key, behind its dash."""
        if self.is_item(place):
            return [(place.head, place.end, " " + self.line_break.join(lines).lstrip())]
        new = "".join(self.line_break + line for line in lines)
        if "\n" in self.text[place.head : place.at]:
            return [(self.line_end(place.head), self.line_end(place.end), new)]
        return [(place.head, place.end, ""), (self.line_end(place.end), self.line_end(place.end), new)]

    def replaced(self, place: Entry, after: Data, *, flow: bool) -> list[Splice]:
        """Another value in the place of one."""
        quotes = place.node.style if isinstance(place.node, ScalarNode) and not place.alias else None
        text = self.text
        if flow:
            new = scalar(after, flow=True, quotes=quotes) if not isinstance(after, dict | list) else in_flow(after)
            return [(place.at, place.end, new if text[place.at - 1 : place.at] in " [{,\n" else f" {new}")]
        if place.head == place.start:  # the whole document
            written = self.line_break.join(block(after, 0, dash=self.dash())) if after else in_flow(after)
            return [(place.at, place.end, written)]
        head_column = place.head - self.line_start(place.head)
        is_block = isinstance(after, dict | list) and bool(after)
        if is_block and not (
            fits_in_flow(after, head_column + 1) and not (self.is_item(place) and isinstance(after, dict))
        ):
            return self.put_below(place, block(after, self.inner_column(place, after), dash=self.dash()))
        if isinstance(after, str) and (lines := literal(after, self.inner_column(place, {}))):
            return self.put_literal(place, lines)
        new = in_flow(after) if isinstance(after, dict | list) else scalar(after, flow=False, quotes=quotes)
        if "\n" in text[place.head : place.at]:
            return [(place.head, place.head, f" {new}"), (self.line_end(place.head), self.line_end(place.end), "")]
        return [(place.at, place.end, new if text[place.at - 1] in " \t" else f" {new}")]

    def put_literal(self, place: Entry, lines: Sequence[str]) -> list[Splice]:
        """A text of several lines in the place of a value: ``|`` behind its key, the text below."""
        below = "".join(self.line_break + line for line in lines[1:])
        if "\n" in self.text[place.head : place.at]:
            return [
                (place.head, place.head, f" {lines[0]}"),
                (self.line_end(place.head), self.line_end(place.end), below),
            ]
        return [(place.head, place.end, f" {lines[0]}"), (self.line_end(place.end), self.line_end(place.end), below)]

    # Block style: rows of chunks.

    def rows(self, place: Entry, before: Data, after: Data, plan: Plan, path: Path) -> list[Splice]:
        entries = self.entries(place.node)
        inner, order = self.inner(entries, before, after, plan, path, flow=False)
        kept = [index for index, _key in order if index is not None]
        if kept == list(range(len(entries))) and len(order) == len(kept):
            return [splice for splices in inner.values() for splice in splices]
        if not kept:
            return self.replaced(place, after, flow=False)
        chunks = self.chunks(entries)
        text = self.text
        gaps = [text[one.end : other.start] for one, other in pairwise(chunks)]
        usual = self.usual_gap(gaps)
        column = entries[0].start - self.line_start(entries[0].start)
        standing = _gaps_left(sorted(kept), gaps)
        region_end = chunks[-1].end
        pieces: list[str] = []
        used = 0
        for position, (index, key) in enumerate(order):
            if index is not None:
                chunk = chunks[index]
                piece = applied(text, inner.get(index, []), chunk.start, chunk.end)
                piece = " " * column + piece if chunk.mid_line else piece
            else:
                piece = self.line_break.join(self.new_lines(after, position, key, column))
            if position:
                follows_new = order[position - 1][0] is None
                is_last_kept_before = index is None and used >= len(kept)
                pieces.append(usual if follows_new or is_last_kept_before else standing[used - 1])
            used += index is not None
            pieces.append(piece)
        result = "".join(pieces)
        start = chunks[0].start
        if chunks[0].mid_line:
            first_line = result[: result.find("\n")] if "\n" in result else result
            if is_comment(first_line):
                while text[start - 1] == " ":
                    start -= 1
                result = self.line_break + result
            else:
                result = result.lstrip(" ")
        return [(start, region_end, result)]

    def inner(
        self, entries: Sequence[Entry], before: Data, after: Data, plan: Plan, path: Path, *, flow: bool
    ) -> tuple[dict[int, list[Splice]], list[tuple[int | None, str | int]]]:
        """The splices within each entry that stays, and the entries in their new order: (index, key or position)."""
        inner: dict[int, list[Splice]] = {}
        order: list[tuple[int | None, str | int]] = []
        if isinstance(before, list) and isinstance(after, list):
            for position, origin in enumerate(plan):
                if isinstance(origin, int):
                    one = self.value(entries[origin], before[origin], after[position], (*path, origin), flow=flow)
                    inner[origin] = one
                order.append((origin if isinstance(origin, int) else None, position))
            return inner, order
        if not isinstance(before, dict) or not isinstance(after, dict):
            raise Unsure
        places: dict[str, int] = {}
        others: list[int] = []  # merges, keys that are no words, and keys that stand there a second time
        for index, found in enumerate(entries):
            if found.key is None or (found.key in places and found.key in after):
                others.append(index)
            else:
                places.setdefault(found.key, index)
        if any(key not in places and key not in after for key in before):
            raise Unsure  # a merged key is to go
        for key in after:
            if key in places:
                index = places[key]
                inner[index] = self.value(entries[index], before[key], after[key], (*path, key), flow=flow)
                order.append((index, key))
            elif key not in before or not same(before[key], after[key]):
                order.append((None, key))
        for index in others:
            before_it = [place for place, (found, _key) in enumerate(order) if found is not None and found < index]
            order.insert(before_it[-1] + 1 if before_it else 0, (index, ""))
        return inner, order

    # Flow style.

    def flowing(self, place: Entry, before: Data, after: Data, plan: Plan, path: Path, *, flow: bool) -> list[Splice]:
        entries = self.entries(place.node)
        inner, order = self.inner(entries, before, after, plan, path, flow=True)
        kept = [index for index, _key in order if index is not None]
        if kept == list(range(len(entries))) and len(order) == len(kept):
            return [splice for splices in inner.values() for splice in splices]
        if not kept:
            return self.replaced(place, after, flow=flow)
        written = [(index, "" if index is not None else self.new_in_flow(after, key)) for index, key in order]
        return rearranged(self, entries, inner, written)

    def new_in_flow(self, after: Data, key: str | int) -> str:
        """A new entry between brackets."""
        if isinstance(after, dict):
            return f"{key_text(str(key), flow=True)}: {in_flow(after[str(key)])}"
        return in_flow(after[int(key)] if isinstance(after, list) else after)


def _gaps_left(kept: Sequence[int], gaps: Sequence[str]) -> list[str]:
    """The gaps between the chunks that stay, in the order of the file; what is not blank in a gap stays."""
    left: list[str] = []
    for one, other in pairwise(kept):
        between = list(gaps[one:other])
        gap = between[0]
        for further in between[1:]:
            if further.strip():
                gap = gap + further if gap.strip() else further
        left.append(gap)
    return left
