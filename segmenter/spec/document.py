"""YAML text -> plain data and the position of every key and item.

Scalars are those of YAML 1.2's core schema, less what would lose a character of a code or telephone number: ``08001``
and ``+56`` stay text, as do ``NO``, ``yes``, ``12:30`` and dates (``2026-03-01``). Behind ``>=`` and its like
``3.000.000`` is a number; ``3.000``, which YAML takes for three, is refused. PyYAML scans and composes; values
are built here, so that each has a place, keys are unique and aliases cannot grow without bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yaml.error import Mark, MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from segmenter.conditions.meant import meant_operator
from segmenter.conditions.operators import COMPARISONS
from segmenter.conditions.text import AMBIGUOUS, grouped_number
from segmenter.errors import Path, Problem, SpecError
from segmenter.i18n import _
from segmenter.spec.yaml_nodes import TAG, Loader, explained

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]

MAX_CHARACTERS = 300_000
MAX_ALIASED = 10_000
"""The most values that aliases may repeat; a YAML bomb exceeds it in nine lines."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_UNPRINTABLE_VALUE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_COMPARING = {*COMPARISONS, "between"}
_PLAINTAGS = {TAG + kind for kind in ("str", "map", "seq", "null", "bool", "int", "float")}


@dataclass(frozen=True)
class Positions:
    """Path -> (line, column), from 1. A path that ends in a key stands where the key does, one that ends in a list
    position where the item does; so a problem is shown where a reader would look for it."""

    file: str = ""
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """``file:line:col`` of a path, or of the nearest thing around it that the file has."""
        for length in range(len(path), -1, -1):
            position = self.places.get(path[:length])
            if position is not None:
                return f"{self.file}:{position[0]}:{position[1]}"
        return self.file

    def located(self, problem: Problem) -> Problem:
        """The problem with its place, kept if it has one already."""
        return problem if problem.place else replace(problem, place=self.place(problem.path))


def place_in_file(problem: Problem) -> tuple[int, int]:
    """Sorts located problems as the file runs."""
    parts = problem.place.rsplit(":", 2)
    return (int(parts[1]), int(parts[2])) if len(parts) == 3 else (0, 0)


@dataclass(frozen=True)
class Document:
    """A spec's text as data. ``problems``: those that did not stop the reading (a repeated key, a tag...).

    ``root`` and ``aliases`` are for whoever edits the text: the nodes, and from where to where each alias stands.
    """

    data: Data
    positions: Positions
    problems: tuple[Problem, ...]
    root: Node
    aliases: tuple[tuple[int, int], ...]


def decode(raw: bytes, name: str) -> str:
    """The text of a file. Raises SpecError, with the line, if it is not UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise _stop(name, 1, 1, _("The file is written in UTF-16, not in UTF-8"), _save_as_utf8())
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        before = raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start]
        what = _("Line {line} is not written in UTF-8 (perhaps in Latin-1 or Windows-1252)").format(line=line)
        raise _stop(name, line, len(before.decode("utf-8", "replace")) + 1, what, _save_as_utf8()) from None


def read(text: str, name: str, by: Callable[[str], Any] = Loader) -> Document:
    """The plain data of one YAML document. ``by``: the loader. Raises SpecError if it cannot be read."""
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        raise too_long(name)
    if bad := UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise _stop(name, line, column, _control(bad.group()), _("delete it"))
    loader = by(text)
    try:
        node = loader.get_single_node()
    except (MarkedYAMLError, ValueError, OverflowError) as error:  # the latter two from escapes such as "\\UFFFFFFFF"
        what, todo = explained(error)
        mark = getattr(error, "problem_mark", None) or loader.get_mark()
        raise _stop(name, *_start(mark), what, todo) from None
    if node is None or node.tag == TAG + "null":
        raise _stop(name, 1, 1, _("The spec is empty"), _("`segmenter init CLIENT` writes one to start from"))
    builder = _Builder(name)
    data = builder.value(node, ())
    return Document(data, Positions(name, builder.places), tuple(builder.problems), node, tuple(loader.aliases))


def data_of(node: Node) -> Data:
    """The plain data of a node of a document that was read."""
    return _Builder("").value(node, ())


def too_long(name: str) -> SpecError:
    """The error for a spec that would take too long to read."""
    what = _("The spec is too long: at most {most} characters are read").format(most=MAX_CHARACTERS)
    return _stop(name, 1, 1, what, _("split it into one spec per purpose"))


class _Builder:
    """Turns nodes into data, and collects their positions and problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Path, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self.built: set[int] = set()
        self.open: set[int] = set()
        self.aliased = 0

    def value(self, node: Node, path: Path) -> Data:
        self.places.setdefault(path, _start(node.start_mark))
        if node.tag not in _PLAINTAGS:
            self.problem(path, node, _("Specs use no tags (words after !)"), _("delete it, or quote the text"))
        if isinstance(node, ScalarNode):
            self.count(node)
            return self.scalar(node, path)
        self.enter(node)
        try:
            if isinstance(node, SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return self.mapping(node, path)
        finally:
            self.open.discard(id(node))

    def mapping(self, node: Node, path: Path) -> dict[str, Data]:
        result: dict[str, Data] = {}
        for key, item in self.pairs(node, path):
            inner = (*path, key.value)
            self.places[inner] = _start(key.start_mark)
            result[self.text(key, inner)] = self.value(item, inner)
        return result

    def pairs(self, node: Node, path: Path) -> Iterator[tuple[ScalarNode, Node]]:
        """The pairs of a mapping; merged ones (``<<``) come last and only if the mapping does not have their key."""
        first: dict[str, int] = {}
        merged: list[Node] = []
        for key, item in node.value:
            if not isinstance(key, ScalarNode):
                what = _("A key must be a word, not a list or a mapping")
                self.problem(path, key, what, _("put text that begins with { or [ in quotes"))
            elif key.value == "<<" and key.style is None:
                merged += item.value if isinstance(item, SequenceNode) else [item]
            elif key.value in first:
                what = _("The key {key} stands here a second time; it is already on line {line}")
                self.problem(
                    (*path, key.value), key, what.format(key=key.value, line=first[key.value]), _("keep one of them")
                )
            else:
                first[key.value] = _start(key.start_mark)[0]
                yield key, item
        for other in merged:
            if not isinstance(other, MappingNode):
                self.problem(path, other, _("<< merges mappings, and this is none"), _("use <<: *name of a mapping"))
                continue
            self.enter(other)
            for key, item in list(self.pairs(other, path)):
                if key.value not in first:
                    first[key.value] = _start(key.start_mark)[0]
                    yield key, item
            self.open.discard(id(other))

    def scalar(self, node: ScalarNode, path: Path) -> Data:
        kind = node.tag.removeprefix(TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return bool(node.value.lower() == "true")
        if kind in ("int", "float"):
            if AMBIGUOUS.fullmatch(node.value):
                self.problem(path, node, *_ambiguous(node.value))
            number = _number(node.value)
            if number is None:
                what = _("This is not a number that a CRM can hold")
                self.problem(path, node, what, _("write a plain number, or put a code in quotes"))
                return 0
            return number
        if (number := grouped_number(node.value)) is not None and _is_compared(path):
            return number
        return self.text(node, path)

    def text(self, node: ScalarNode, path: Path) -> str:
        if bad := _UNPRINTABLE_VALUE.search(node.value):
            self.problem(path, node, _control(bad.group()), _("delete it"))
        return _UNPRINTABLE_VALUE.sub("\ufffd", str(node.value))

    def enter(self, node: Node) -> None:
        if id(node) in self.open:
            line, column = _start(node.start_mark)
            what = _("The anchor here holds an alias to itself")
            raise _stop(self.name, line, column, what, _("write the values out instead"))
        self.open.add(id(node))
        self.count(node)

    def count(self, node: Node) -> None:
        """Limits the values that aliases repeat, which could grow to billions from a few lines."""
        if id(node) not in self.built:
            self.built.add(id(node))
            return
        self.aliased += 1
        if self.aliased > MAX_ALIASED:
            line, column = _start(node.start_mark)
            what = _("The aliases (*name) repeat more than {most} values in all").format(most=MAX_ALIASED)
            raise _stop(self.name, line, column, what, _("write the values out instead"))

    def problem(self, path: Path, node: Node, what: str, todo: str) -> None:
        line, column = _start(node.start_mark)
        self.problems.append(Problem(path, what, todo, f"{self.name}:{line}:{column}"))


def _number(text: str) -> int | float | None:
    """The number, an int if it is whole; None for what no CRM can hold: infinite, not a number, or past 64 bits."""
    if text.lower().endswith(("inf", "nan")):
        return None
    if text[:2] in ("0o", "0x"):
        number: int | float = int(text[2:], 8 if text[1] == "o" else 16)
    elif text.lstrip("-").isdigit():
        number = int(text) if len(text) <= 20 else 2**63
    else:
        try:
            number = float(text)
        except ValueError:  # a tag says it is a number: !!int abc
            return None
        number = int(number) if number.is_integer() else number
    return number if abs(number) < 2**63 else None


def _ambiguous(text: str) -> tuple[str, str]:
    """What is wrong with ``3.000``, and what to do."""
    whole, number = text.replace(".", ""), float(text)
    exact = str(int(number)) if number.is_integer() else text + "0"
    what = _("{value} can be read as {first} and as {second}")
    todo = _("write {first} or {second}, or put it in quotes if it is a text")
    return what.format(value=text, first=whole, second=exact), todo.format(first=whole, second=exact)


def _is_compared(path: Path) -> bool:
    """Whether the operator of a comparison or a range stands before a value: it is a number or a date there."""
    keys = [step for step in path if isinstance(step, str)]
    return len(keys) > 1 and meant_operator(keys[-1]) in _COMPARING


def _start(mark: Mark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _stop(name: str, line: int, column: int, what: str, todo: str) -> SpecError:
    return SpecError([Problem((), what, todo, f"{name}:{line}:{column}")])


def _save_as_utf8() -> str:
    return _("save it as UTF-8 in your editor")


def _control(character: str) -> str:
    return _("There is a control character here (U+{code:04X}) that no CRM takes").format(code=ord(character))
