"""The text of a spec that is being edited, with the data and the nodes that were read of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node

from segmenter.editing.quick import read_alike, read_quickly
from segmenter.errors import Problem
from segmenter.spec.document import Data, Document, Positions, read


@dataclass(frozen=True)
class SpecDocument:
    """A spec as it would be saved.

    ``data``: what `spec.document.read` makes of ``text``, not to be changed in place. ``positions``: where in the text
    each path stands. ``problems``: what reading alone finds; all problems are those of `spec.loads`. ``root`` and
    ``aliases`` are the nodes of the text, by which it is edited. ``quick``: what it is edited to is read quickly.
    """

    text: str
    data: Data
    name: str
    positions: Positions = dataclasses.field(compare=False, repr=False)
    problems: tuple[Problem, ...] = dataclasses.field(compare=False, repr=False)
    root: Node = dataclasses.field(compare=False, repr=False)
    aliases: tuple[tuple[int, int], ...] = dataclasses.field(compare=False, repr=False)
    quick: bool = dataclasses.field(default=False, compare=False, repr=False)

    @property
    def as_read(self) -> Document:
        """What `spec.document.read` gave, so that nobody reads the text again."""
        return Document(self.data, self.positions, self.problems, self.root, self.aliases)


def open_document(text: str, name: str, *, quick: bool = False) -> SpecDocument:
    """The document of a text; ``name`` stands for the file in places. Raises SpecError if the text is no YAML.

    A spec with problems is opened as well: it is being edited. ``quick``: the text was edited from one that may be read
    quickly, see `editing.quick`.
    """
    text = text.removeprefix("\ufeff")
    quick = quick or read_alike(text)
    found = read_quickly(text, name) if quick else read(text, name)
    return SpecDocument(text, found.data, name, found.positions, found.problems, found.root, found.aliases, quick)


def same(one: object, other: object) -> bool:
    """Whether two values are alike in a spec: the order of keys does not count, and ``true`` is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def reordered(before: Data, after: Data) -> bool:
    """Whether keys of two values that are the same stand in another order."""
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) != list(after) or any(reordered(before[key], after[key]) for key in after)
    if isinstance(before, list) and isinstance(after, list):
        return any(map(reordered, before, after))
    return False


def differences(before: object, after: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The smallest paths at which two values differ; a list whose length differs counts as one place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            if key not in before or key not in after:
                yield (*path, key)
            else:
                yield from differences(before[key], after[key], (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, (*path, index))
    elif not same(before, after):
        yield path
