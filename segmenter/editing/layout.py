"""Where things stand in the text of a spec: keys, dashes, values, and the comments that belong to them.

PyYAML's marks tell where nodes begin. What they do not tell is found in the text: where the content of a block ends,
where an alias stands, where a dash is. What is not understood (``? key``, odd line breaks) raises `Unsure`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from segmenter.editing.document import SpecDocument

Splice = tuple[int, int, str]
"""From where to where in the text, and what comes in its place."""

_BLANK = re.compile(r"[ \t]*\r?$")
_COMMENT = re.compile(r"[ \t]*#")
_INDENT = re.compile(r" *")
_BEFORE_VALUE = re.compile(r"(?:[ \t\r\n]|(?:(?<=[\s])|^)#[^\n]*)*")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t]*)+")
_ODD_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


class Unsure(Exception):
    """The text is laid out in a way that is not spliced."""


@dataclass(frozen=True)
class Entry:
    """A key with its value, or an item. ``start``: of the key, dash or (in flow) value; ``head``: behind the colon or
    dash; ``at`` and ``end``: of the value. Offsets into the text. ``key`` is None for items and for what is no data.
    """

    key: str | None
    node: Node
    start: int
    head: int
    at: int
    end: int
    alias: bool = False


@dataclass(frozen=True)
class Chunk:
    """An entry with its comments: whole lines from ``start`` to ``end``, without the last line break.

    ``mid_line``: the first line begins behind a dash.
    """

    start: int
    end: int
    mid_line: bool


def applied(text: str, splices: Iterable[Splice], start: int = 0, end: int | None = None) -> str:
    """The text from ``start`` to ``end`` with the splices made in it."""
    end = len(text) if end is None else end
    pieces, at = [], start
    for first, last, new in sorted(splices):
        if first < at or last > end:
            raise Unsure
        pieces += [text[at:first], new]
        at = last
    return "".join((*pieces, text[at:end]))


def is_merge(key: Node) -> bool:
    """Whether a key is ``<<``."""
    return isinstance(key, ScalarNode) and key.value == "<<" and key.style is None


def is_comment(line: str) -> bool:
    """Whether a line holds a comment alone."""
    return _COMMENT.match(line) is not None


class Layout:
    """The places of one document. Raises `Unsure` for a text with line breaks that are not those of files."""

    def __init__(self, document: SpecDocument) -> None:
        self.document, self.text = document, document.text
        if _ODD_BREAKS.search(self.text):
            raise Unsure
        self.line_break = "\r\n" if "\r\n" in self.text else "\n"
        self.ends: dict[int, int] = {}
        self._dash: int | None = None

    def entries(self, node: Node) -> list[Entry]:
        """The entries of a collection, in the order of the file."""
        if isinstance(node, SequenceNode):
            return self._items(node)
        if isinstance(node, MappingNode):
            return self._pairs(node)
        raise Unsure

    def _items(self, node: SequenceNode) -> list[Entry]:
        found = []
        at = node.start_mark.index
        if properties := _PROPERTIES.match(self.text, at):
            at = properties.end()
        at += bool(node.flow_style)
        for item in node.value:
            start = at
            if not node.flow_style:
                start = self._skipped(at)
                if self.text[start : start + 1] != "-":
                    raise Unsure
            head = start + (not node.flow_style)
            one = self._placed(None, item, start, head)
            found.append(one if not node.flow_style else Entry(None, item, one.at, one.at, one.at, one.end, one.alias))
            at = one.end
        return found

    def _pairs(self, node: MappingNode) -> list[Entry]:
        found: list[Entry] = []
        at = node.start_mark.index
        for key, item in node.value:
            start, end = key.start_mark.index, key.end_mark.index
            is_word = isinstance(key, ScalarNode) and not is_merge(key)
            if start < at or "\n" in self.text[start:end]:
                raise Unsure
            colon = self._skipped(end)
            if self.text[colon : colon + 1] != ":":
                raise Unsure
            one = self._placed(key.value if is_word else None, item, start, colon + 1)
            found.append(one)
            at = one.end
        return found

    def _placed(self, key: str | None, node: Node, start: int, head: int) -> Entry:
        if node.start_mark.index >= head:
            return Entry(key, node, start, head, node.start_mark.index, self.end_of(node))
        aliases = self.document.aliases
        first = bisect_left(aliases, (head, 0))
        if first == len(aliases):
            raise Unsure
        return Entry(key, node, start, head, *aliases[first], alias=True)

    def end_of(self, node: Node) -> int:
        """Where the content of a node ends; PyYAML's mark of a block stands at what comes next."""
        end: int = node.end_mark.index
        if isinstance(node, ScalarNode):
            if node.style not in ("|", ">"):
                return end
            header = self.text[node.start_mark.index :].split("\n", 1)[0]
            block_text = self.text[node.start_mark.index : end]
            if "+" in header.split("#")[0]:
                return node.start_mark.index + len(block_text.removesuffix("\n").removesuffix("\r"))
            return node.start_mark.index + len(block_text.rstrip("\r\n "))
        if not isinstance(node, CollectionNode) or node.flow_style:
            return end
        if id(node) not in self.ends:
            self.ends[id(node)] = self.entries(node)[-1].end
        return self.ends[id(node)]

    def _skipped(self, at: int) -> int:
        """Past blanks, line breaks and comments."""
        match = _BEFORE_VALUE.match(self.text, at)
        return match.end() if match else at

    def line_start(self, at: int) -> int:
        """The start of the line."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The end of the line, without its break."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def dash(self) -> int:
        """How far the dashes of this file stand to the right of the key above them."""
        if self._dash is None:
            self._dash = next(self._dashes(self.document.root), 2)
        return self._dash

    def _dashes(self, node: Node) -> Iterator[int]:
        if isinstance(node, MappingNode) and not node.flow_style:
            for key, item in node.value:
                if (
                    isinstance(item, SequenceNode)
                    and not item.flow_style
                    and item.start_mark.index > key.end_mark.index
                ):
                    first = self._items(item)[0]
                    yield first.start - self.line_start(first.start) - key.start_mark.column
                yield from self._dashes(item)
        elif isinstance(node, SequenceNode) and not node.flow_style:
            for item in node.value:
                yield from self._dashes(item)

    def step(self) -> int:
        """How far the keys of this file stand to the right of the key above them."""
        root = self.document.root
        if isinstance(root, MappingNode) and not root.flow_style:
            for key, item in root.value:
                if isinstance(item, MappingNode) and not item.flow_style and item.start_mark.line > key.end_mark.line:
                    return max(1, int(item.start_mark.column) - int(key.start_mark.column))
        return 2

    # Comments.

    def chunks(self, entries: Sequence[Entry]) -> list[Chunk]:
        """The entries of a collection in block style, with their comments."""
        found: list[Chunk] = []
        floor = self._floor(entries[0].start)
        for index, one in enumerate(entries):
            line = self.line_start(one.start)
            column = one.start - line
            mid_line = bool(self.text[line : one.start].strip(" "))
            if mid_line and (index or self.text[line : one.start].strip(" -")):
                raise Unsure
            start = one.start if mid_line else self.with_comments_above(line, column, floor)
            end = self._with_comments_below(self.line_end(one.end), column)
            found.append(Chunk(start, end, mid_line))
            floor = end
        return found

    def _floor(self, start: int) -> int:
        """From where on the comments above a first entry may begin: behind the last line of content above it."""
        line = self.line_start(start)
        while line:
            above = self.line_start(line - 1)
            content = self.text[above : line - 1]
            if not _BLANK.match(content) and not is_comment(content):
                return line - 1
            line = above
        return 0

    def with_comments_above(self, line: int, column: int, floor: int) -> int:
        """The start of the comment lines directly above; those at the head of a file are the file's."""
        start = line
        while start > floor + 1 if floor else start:
            above = self.line_start(start - 1)
            content = self.text[above : start - 1]
            if not is_comment(content) or _indent(content) > column or above < floor:
                break
            if not above:
                return line
            start = above
        return start

    def _with_comments_below(self, end: int, column: int) -> int:
        """The end of the last comment line below that is indented deeper than the entry."""
        at = end
        while at < len(self.text):
            start = self.text.find("\n", at) + 1
            if not start or start >= len(self.text):
                break
            at = self.line_end(start)
            content = self.text[start:at]
            if _BLANK.match(content):
                continue
            if not is_comment(content) or _indent(content) <= column:
                break
            end = at
        return end

    def usual_gap(self, gaps: Sequence[str]) -> str:
        """What stands between new entries: a blank line where most of the others have one."""
        blank = [gap.count("\n") > 1 for gap in gaps]
        return self.line_break * (2 if blank and Counter(blank)[True] * 2 > len(blank) else 1)


def _indent(line: str) -> int:
    match = _INDENT.match(line)
    return match.end() if match else 0
