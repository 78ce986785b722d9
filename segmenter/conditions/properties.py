"""Properties: values of a record whose fields its team made up (Odoo 16 and newer), as a server tells and takes them.

It tells a list with a description of each, and takes a mapping of names alone (measured on 19: what is not in it is
emptied, and no default fills it; a pair for a relation empties it). Normalised they are one text, or None where nothing
is filled in: JSON of ``[name, value, label, value in words]``. The last two are for people, and not compared.
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
    """What is filled in. ``key``: where a value is told: ``value`` of a record, ``default`` of a definition."""
    return packed(_entry(one, one.get(key)) for one in raw or () if _filled(one.get(key)))


def packed(entries: Iterable[list[Any]]) -> str | None:
    """Normalised; in order of name, whatever order a team gives them."""
    some = sorted(entries, key=lambda entry: str(entry[0]))
    return json.dumps(some, ensure_ascii=False) if some else None


def entries(value: str | None) -> list[list[Any]]:
    """What `packed` packs."""
    return list(json.loads(value)) if value else []


def to_wire(value: str | None) -> dict[str, Any]:
    """As a write takes them: all that is not named is emptied."""
    return {name: one for name, one, _label, _words in entries(value)}


def same(a: str | None, b: str | None) -> bool:
    """Whether they hold the same, whatever it is called."""
    return to_wire(a) == to_wire(b)


def taken_over(entry: list[Any], old: Described, new: Described) -> list[Any] | None:
    """What a team keeps of a value that another team's property of the same name held; None where it keeps nothing.

    Teams that were copied have properties of one name, and people alter one team's later. Measured on 19: a choice or
    tag that the new team does not offer reads as empty; of another kind or model it is empty, another value or a fault.
    """
    value = entry[1]
    if any(old.get(key) != new.get(key) for key in ("type", "comodel")):
        return None
    if new.get("type") == "selection":
        return entry if value in dict(map(tuple, new.get("selection") or ())) else None
    if new.get("type") == "tags":
        offered = {key for key, *_called in new.get("tags") or ()}
        stays = [key for key in value if key in offered]
        return entry if stays == value else _entry(new, stays) if stays else None
    return entry


def in_words(value: str) -> str:
    """``Cultivo: olivo; Riego: Goteo``."""
    return "; ".join(f"{label}: {words}" for _name, _value, label, words in entries(value))


def _filled(value: Any) -> bool:
    """A 0 is filled in; a box that is not ticked is like one that nobody saw."""
    return not (value is None or value is False or value in ("", []))


def _entry(one: Described, value: Any) -> list[Any]:
    label, kind = str(one.get("string") or one["name"]), one.get("type")
    if kind == "many2one":
        return [one["name"], value[0], label, str(value[1])]
    if kind == "many2many":
        return [one["name"], [id for id, _name in value], label, ", ".join(str(name) for _id, name in value)]
    if kind == "selection":
        return [one["name"], value, label, str(dict(map(tuple, one.get("selection") or ())).get(value, value))]
    if kind == "tags":
        called = {key: name for key, name, *_color in one.get("tags") or ()}
        return [one["name"], value, label, ", ".join(str(called.get(key, key)) for key in value)]
    return [one["name"], value, label, _("yes") if value is True else str(value)]
