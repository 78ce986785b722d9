"""Properties: values of a lead in fields that its team defines (Odoo 16 and newer), as a server sends and takes them.

A server sends a list with the definition of each, and takes a mapping of names to values. Measured on 19: a write
empties every property that is not in the mapping, fills in no default, and a pair for a relation empties it.
Normalised, all properties of a record are one text, None where nothing is filled in: JSON of
``[name, value, label, value in words]``. The last two are for people and are not compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from segmenter.i18n import _

PROPERTIES = "properties"
"""The type of such a field."""

Described = Mapping[str, Any]
"""One property with its value, or (of a definition) its default."""


def from_wire(raw: Any, key: str = "value") -> str | None:
    """The normalised properties that are filled in. ``key``: ``value`` for a record, ``default`` for a definition."""
    return packed(entry(each, each.get(key)) for each in raw or () if _filled(each.get(key)))


def packed(entries: Iterable[list[Any]]) -> str | None:
    """Packs entries into one text, sorted by name: teams may order them differently."""
    by_name = sorted(entries, key=lambda one: str(one[0]))
    return json.dumps(by_name, ensure_ascii=False) if by_name else None


def entries(value: str | None) -> list[list[Any]]:
    """The entries in a text of `packed`."""
    return list(json.loads(value)) if value else []


def to_wire(value: str | None) -> dict[str, Any]:
    """The mapping for a write, which empties every property that is not in it."""
    return {name: held for name, held, _label, _words in entries(value)}


def same(a: str | None, b: str | None) -> bool:
    """Whether two normalised texts hold the same values; labels do not count."""
    return to_wire(a) == to_wire(b)


def taken_over(own: list[Any], old: Described, new: Described) -> list[Any] | None:
    """What is left of an entry when a lead moves to another team; None if nothing is left.

    Copied teams have properties of the same names, which people may alter later. Measured on 19: an option or tag that
    the new team does not offer reads as empty; with another type or model the value is empty, different, or a fault.
    """
    value = own[1]
    if any(old.get(key) != new.get(key) for key in ("type", "comodel")):
        return None
    if new.get("type") == "selection":
        return own if value in dict(map(tuple, new.get("selection") or ())) else None
    if new.get("type") == "tags":
        offered = {key for key, *_called in new.get("tags") or ()}
        stays = [key for key in value if key in offered]
        return own if stays == value else entry(new, stays) if stays else None
    return own


def in_words(value: str) -> str:
    """``Cultivo: olivo; Riego: Goteo``."""
    return "; ".join(f"{label}: {words}" for _name, _value, label, words in entries(value))


def _filled(value: Any) -> bool:
    """Whether a value counts as filled in: 0 does, an unset boolean does not."""
    return not (value is None or value is False or value in ("", []))


def entry(one: Described, value: Any) -> list[Any]:
    """The entry of a property with its value, as a server sends it."""
    label, kind = str(one.get("string") or one["name"]), one.get("type")
    if kind == "many2one":
        id_, words = _record(value)
        return [one["name"], id_, label, words]
    if kind == "many2many":
        records = [_record(each) for each in value]
        return [one["name"], [id_ for id_, _words in records], label, ", ".join(words for _id, words in records)]
    if kind == "selection":
        return [one["name"], value, label, str(dict(map(tuple, one.get("selection") or ())).get(value, value))]
    if kind == "tags":
        called = {key: name for key, name, *_color in one.get("tags") or ()}
        return [one["name"], value, label, ", ".join(str(called.get(key, key)) for key in value)]
    return [one["name"], value, label, _("yes") if value is True else str(value)]


def _record(sent: Any) -> tuple[int, str]:
    """A record that a property leads to, and its name. 16 sends its number alone, unless all names are asked for; a
    name that the work user may not read is None."""
    id_, name = sent if isinstance(sent, list) else (sent, None)
    return id_, str(name or f"#{id_}")
