"""Edits of a spec as data, and the text with one made in it as if a person had edited the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from segmenter.editing.alignment import Plan
from segmenter.editing.document import SpecDocument, open_document, reordered, same
from segmenter.editing.layout import Unsure
from segmenter.editing.splicing import spliced
from segmenter.editing.whole import with_aliases_written_out, written_as_a_whole
from segmenter.errors import Path, SegmenterError, SpecError
from segmenter.i18n import _
from segmenter.spec.document import Data

Collection = TypeVar("Collection", dict[str, Data], list[Data])


@dataclass(frozen=True)
class Put:
    """Set the value at a path. A key that is not there is added, and so are the mappings on the way to it; the position
    behind the last item of a list adds one."""

    path: Path
    value: Data


@dataclass(frozen=True)
class Remove:
    """Take away a key with its value, or an item."""

    path: Path


@dataclass(frozen=True)
class Insert:
    """A new item in a list, in front of the one at ``index`` or, at the list's length, behind the last."""

    path: Path
    index: int
    value: Data


@dataclass(frozen=True)
class Move:
    """An item to another position of its list: ``target`` is the one that it has afterwards."""

    path: Path
    origin: int
    target: int


Edit = Put | Remove | Insert | Move


def edit(document: SpecDocument, change: Edit) -> SpecDocument:
    """The document with one change made, and all else as it was, byte by byte.

    Raises SegmenterError where the document has no such place, or where the changed text would not be read as what is
    meant; SpecError where it could not be read at all.
    """
    after, path, plan = changed(document.data, change)
    if plan is None and same(document.data, after) and not reordered(document.data, after):
        return document
    unread: SpecError | None = None
    for text in _texts(document, after, path, plan):
        try:
            result = open_document(text, document.name, quick=document.quick)
        except SpecError as error:
            unread = error
            continue
        if same(result.data, after):
            return result
    raise unread or SegmenterError(
        _("This change cannot be written into {file}").format(file=document.name),
        todo=_("make it in the file itself, with an editor, and open the page again"),
    )


def _texts(document: SpecDocument, after: Data, path: Path, plan: Plan | None) -> Iterator[str]:
    """Texts to try, from the one that leaves most as it was."""
    ways: tuple[Callable[[], str], ...] = (
        lambda: spliced(document, after, path, plan),
        lambda: spliced(with_aliases_written_out(document), after, path, plan),
        lambda: written_as_a_whole(document, after),
    )
    for way in ways:
        try:
            yield way()
        except Unsure:
            continue


def changed(data: Data, change: Edit) -> tuple[Data, Path, Plan | None]:
    """The data with the change made; and, for lists, which items stay, in their new order.

    Raises SegmenterError where the data has no such place.
    """
    if isinstance(change, Put):
        return _put(data, change.path, change.value, ()), (), None
    if isinstance(change, Remove):
        *above, last = change.path or (None,)
        parent = at(data, tuple(above))
        if isinstance(parent, dict) and last in parent:
            return replaced(data, tuple(above), {key: item for key, item in parent.items() if key != last}), (), None
        if isinstance(parent, list) and isinstance(last, int) and 0 <= last < len(parent):
            order: list[int | None] = [index for index in range(len(parent)) if index != last]
            return _in_order(data, tuple(above), parent, order)
        raise _no_place(change.path)
    items = at(data, change.path)
    if not isinstance(items, list):
        raise _no_place(change.path)
    if isinstance(change, Insert):
        if not 0 <= change.index <= len(items):
            raise _no_place((*change.path, change.index))
        order = [*range(change.index), None, *range(change.index, len(items))]
        return _in_order(data, change.path, items, order, change.value)
    if not (0 <= change.origin < len(items) and 0 <= change.target < len(items)):
        raise _no_place((*change.path, change.origin))
    order = [index for index in range(len(items)) if index != change.origin]
    order.insert(change.target, change.origin)
    return _in_order(data, change.path, items, order)


def at(data: Data, path: Path) -> Data:
    """What stands at a path. Raises SegmenterError where nothing does."""
    found = data
    for step in path:
        if isinstance(found, dict) and step in found:
            found = found[str(step)]
        elif isinstance(found, list) and isinstance(step, int) and 0 <= step < len(found):
            found = found[step]
        else:
            raise _no_place(path)
    return found


def replaced(data: Data, path: Path, value: Data) -> Data:
    """The data with another value at a path that it has."""
    if not path:
        return value
    first, *rest = path
    inner = replaced(at(data, (first,)), tuple(rest), value)
    if isinstance(data, dict):
        return {**data, str(first): inner}
    return [inner if index == first else item for index, item in enumerate(data)] if isinstance(data, list) else data


def _in_order(
    data: Data, path: Path, items: list[Data], order: list[int | None], new: Data = None
) -> tuple[Data, Path, Plan | None]:
    return replaced(data, path, [new if index is None else items[index] for index in order]), path, order


def _put(data: Data, path: Path, value: Data, above: Path) -> Data:
    if not path:
        return value
    first, *rest = path
    if isinstance(data, list) and isinstance(first, int) and 0 <= first <= len(data):
        before = data[first] if first < len(data) else None
        return [*data[:first], _put(before, tuple(rest), value, (*above, first)), *data[first + 1 :]]
    if isinstance(first, str) and (isinstance(data, dict) or data is None):
        known = data or {}
        return {**known, first: _put(known.get(first), tuple(rest), value, (*above, first))}
    raise _no_place((*above, *path))


def _no_place(path: Path) -> SegmenterError:
    return SegmenterError(
        _("The spec has nothing at {path}").format(path=" / ".join(map(str, path))),
        todo=_("open the page again: the spec was changed since"),
    )
