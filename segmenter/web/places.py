"""Reading and writing places of a spec's data, as the page's actions need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmenter.editing import Edit, Put, Remove
from segmenter.errors import Path, SegmenterError, UsageError
from segmenter.i18n import _
from segmenter.spec.document import Data, read

Form = Mapping[str, str]


def at(data: Data, path: Path) -> Any:
    """What stands at a path of the spec. Raises KeyError, IndexError or TypeError where nothing does."""
    found: Any = data
    for step in path:
        found = found[step]
    return found


def has(data: Data, path: Path) -> bool:
    """Whether something stands there."""
    try:
        return at(data, path) is not None
    except (KeyError, IndexError, TypeError):
        return False


def put_text(path: Path, form: Form, data: Data) -> Edit:
    """What was typed into a field, put at a path; an empty one takes the key away."""
    text = form["value"].strip()
    if not text and path[-1] != "name":
        return Remove(path) if has(data, path) else Put(path[:-1], at(data, path[:-1]))
    return Put(path, text)


def from_yaml(text: str) -> Data:
    """YAML that a person typed, as data. Raises `UsageError` for what is none."""
    try:
        return read(text, _("the text")).data
    except SegmenterError as error:
        raise UsageError(str(error), todo=_("mend the text and take it over again")) from None


def all_names(data: Data) -> list[str]:
    """The names of all segments: tags of different segmentations may not be called alike."""
    found: list[str] = []
    for segmentation in at(data, ("segmentations",)) if has(data, ("segmentations",)) else []:
        items = [*(segmentation.get("segments") or []), segmentation.get("default") or {}]
        found += [str(item.get("name") or "") for item in items if isinstance(item, dict)]
    return found


def free_name(name: str, taken: list[Any]) -> str:
    """The name, with a number where it is taken."""
    number, tried = 1, name
    while tried in taken:
        number += 1
        tried = f"{name} {number}"
    return tried


def within(place: int, items: list[Any]) -> int:
    """The nearest position that a list has."""
    return max(0, min(place, len(items) - 1))
