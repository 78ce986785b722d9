"""Properties of a lead as Odoo 19 keeps them: what its team made up, with the lead's own values.

A cell of a lead maps names to values; that of a team holds its descriptions. All measured on 19.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from segmenter.embedded.names import display_name
from segmenter.embedded.tables import Tables

Held = dict[str, Any]
FIELD, DEFINITION = "lead_properties", "lead_properties_definition"


def to_cell(kind: str, value: Any) -> Any:
    """As they come in a write: a mapping of names, or descriptions with values. What is not among them is emptied."""
    if kind == "properties_definition":
        return [dict(one) for one in value or ()]
    if isinstance(value, Mapping):
        return dict(value)
    return {one["name"]: one["value"] for one in value or () if "value" in one}


def of_team(tables: Tables, team: int | None) -> Sequence[Mapping[str, Any]]:
    """What a team made up; none has nothing."""
    return (tables.cell("crm.team", team, DEFINITION) or []) if team else []


def followed(tables: Tables, old: Mapping[str, Any] | None, new: Mapping[str, Any], given: Collection[str]) -> Held:
    """What a lead holds after it was put. A team that is written, even as it was, fills in its defaults; not where the
    properties are written too. ``given``: the fields that are."""
    made_up, held = of_team(tables, new.get("team_id")), new.get(FIELD) or {}
    names = [str(one["name"]) for one in made_up]
    defaults = {str(one["name"]): one["default"] for one in made_up if one.get("default")}
    by_team = old is None or "team_id" in given or old.get("team_id") != new.get("team_id")
    filled = {**defaults, **held} if by_team and FIELD not in given else held
    return {name: filled[name] for name in names if name in filled}


def to_wire(tables: Tables, team: int | None, held: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """As ``read`` answers them: each description, with the value where one was written."""
    return [
        {**one, "value": _named(tables, one, (held or {})[one["name"]])} if one["name"] in (held or {}) else dict(one)
        for one in of_team(tables, team)
    ]


def _named(tables: Tables, one: Mapping[str, Any], value: Any) -> Any:
    """Ids of a relation with their names."""

    def pair(record: int) -> list[Any]:
        return [record, display_name(tables, one["comodel"], record)]

    if one["type"] == "many2many":
        ids: Iterable[int] = value or ()
        return [pair(record) for record in ids]
    if one["type"] == "many2one":
        # A pair, as it is read, empties it.
        return pair(value) if value and isinstance(value, int) else False
    return value
