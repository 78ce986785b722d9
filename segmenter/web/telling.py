"""The edits of a meeting in words: what stood there, and what stands there now."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import yaml

from segmenter.editing import Change, Entry, History
from segmenter.i18n import N_, _, clock
from segmenter.reports.text import shortened
from segmenter.spec.document import Data

LETTERS = 90
_ACTIONS = {"undo": N_("Taken back: {what}"), "redo": N_("Made again: {what}")}
_KINDS = {
    "set": N_("{place}: {before} → {after}"),
    "added": N_("{place}: added {after}"),
    "removed": N_("{place}: removed {before}"),
    "moved": N_("{place}: moved"),
}


def told(history: History, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    """Time and sentence of each edit, the first one first."""
    for entry in history.entries:
        yield {"time": clock(entry.at.astimezone(zone).replace(second=0)), "text": in_words(entry)}


def in_words(entry: Entry) -> str:
    """One edit as a sentence."""
    what = "; ".join(_change(change) for change in entry.changes)
    return _(_ACTIONS[entry.action]).format(what=what) if entry.action in _ACTIONS else what


def _change(change: Change) -> str:
    return _(_KINDS[change.kind]).format(place=_place(change), before=_short(change.before), after=_short(change.after))


def _place(change: Change) -> str:
    """Where it is: the names of segmentation and segment, and the keys behind them."""
    keys = [str(step) for step in change.path if isinstance(step, str) and step not in ("segmentations", "segments")]
    if change.names and change.kind in ("added", "removed", "moved") and not keys:
        return " · ".join(change.names)
    return " · ".join((*change.names, ".".join(keys))) if keys else " · ".join(change.names) or _("the whole text")


def _short(value: Data) -> str:
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return f"«{value['name']}»"
    if value is None:
        return _("(none)")
    text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True, default_flow_style=True)
    return shortened(" ".join(text.replace("\n...", "").split()), LETTERS)
