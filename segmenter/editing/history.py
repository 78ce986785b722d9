"""The edits of a meeting in their order, each undone and redone at will, and what each one changed as facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from segmenter.editing.document import SpecDocument, differences, open_document
from segmenter.editing.edits import Edit, Insert, Move, Remove, at, edit
from segmenter.errors import Path
from segmenter.spec.document import Data


@dataclass(frozen=True)
class Change:
    """One place of the spec that an edit changed.

    ``before`` of what was added and ``after`` of what was removed are None. What moved is the same before and after;
    ``target`` is the path that it has since. ``names``: of the segmentation and the segment that the path leads to.
    """

    kind: Literal["set", "added", "removed", "moved"]
    path: Path
    before: Data
    after: Data
    target: Path = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """Something that was done at a time (aware, UTC): an edit, or one undone or redone, with what that changed."""

    at: datetime
    action: Literal["edit", "undo", "redo"]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Step:
    """One edit that can be undone or redone: the texts, which alone are kept, and its changes.

    ``quick``: both texts may be read quickly.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    quick: bool


@dataclass(frozen=True)
class History:
    """A document with the steps that led to it and those that were undone, the next one last; and all that was done."""

    document: SpecDocument
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()
    entries: tuple[Entry, ...] = ()

    def edited(self, change: Edit, now: datetime) -> History:
        """With one edit more; what was undone is given up. An edit that changes nothing leaves no trace.

        Raises what `edit` raises.
        """
        before, after = self.document, edit(self.document, change)
        if after.text == before.text:
            return self
        found = changes_of(before.data, after.data, change)
        changes = tuple(_named(made, after.data if made.kind == "added" else before.data) for made in found)
        step = Step(before.text, after.text, changes, before.quick and after.quick)
        return History(after, (*self.done, step), (), (*self.entries, Entry(_utc(now), "edit", changes)))

    def replaced(self, document: SpecDocument, now: datetime) -> History:
        """With another text in the place of this one, which is one edit."""
        if document.text == self.document.text:
            return self
        changes = (Change("set", (), self.document.data, document.data),)
        step = Step(self.document.text, document.text, changes, self.document.quick and document.quick)
        return History(document, (*self.done, step), (), (*self.entries, Entry(_utc(now), "edit", changes)))

    def undo(self, now: datetime) -> History:
        """With the last edit undone, to the byte; the same where there is none."""
        if not self.done:
            return self
        *done, step = self.done
        entry = Entry(_utc(now), "undo", tuple(_reversed(change) for change in reversed(step.changes)))
        document = open_document(step.before, self.document.name, quick=step.quick)
        return History(document, tuple(done), (*self.undone, step), (*self.entries, entry))

    def redo(self, now: datetime) -> History:
        """With the edit that was undone last; the same where there is none."""
        if not self.undone:
            return self
        *undone, step = self.undone
        document = open_document(step.after, self.document.name, quick=step.quick)
        entry = Entry(_utc(now), "redo", step.changes)
        return History(document, (*self.done, step), tuple(undone), (*self.entries, entry))


def changes_of(before: Data, after: Data, change: Edit) -> Iterator[Change]:
    """What an edit changed, as facts."""
    if isinstance(change, Remove):
        yield Change("removed", change.path, at(before, change.path), None)
    elif isinstance(change, Insert):
        yield Change("added", (*change.path, change.index), None, change.value)
    elif isinstance(change, Move):
        item = at(before, (*change.path, change.origin))
        yield Change("moved", (*change.path, change.origin), item, item, (*change.path, change.target))
    else:
        for path in differences(before, after):
            was, has = _has(before, path), _has(after, path)
            kind: Literal["set", "added", "removed"] = "set" if was and has else "added" if has else "removed"
            yield Change(kind, path, at(before, path) if was else None, at(after, path) if has else None)


def _named(change: Change, data: Data) -> Change:
    """The change with the names of the items of lists, and of the default, that its path leads through."""
    names: list[str] = []
    found: Data = data
    for step in change.path:
        try:
            found = found[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        name = found.get("name") if isinstance(found, dict) else None
        if (isinstance(step, int) or step == "default") and isinstance(name, str):
            names.append(name)
    return dataclasses.replace(change, names=tuple(names))


def _has(data: Data, path: Path) -> bool:
    """Whether a key is there; only the last step of a path can be missing."""
    if not path or not isinstance(path[-1], str):
        return True
    parent = at(data, path[:-1])
    return isinstance(parent, dict) and path[-1] in parent


def _reversed(change: Change) -> Change:
    if change.kind == "moved":
        return dataclasses.replace(change, path=change.target, target=change.path)
    kinds: dict[str, Literal["set", "added", "removed"]] = {"added": "removed", "removed": "added"}
    return dataclasses.replace(change, kind=kinds.get(change.kind, "set"), before=change.after, after=change.before)


def _utc(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return now.astimezone(UTC)
