"""The properties of leads as Odoo 19 keeps them: a team defines them, each lead holds values.

The cell of a lead maps names to values; the cell of a team holds the definitions. All measured on 19.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from segmenter.embedded.names import display_name
from segmenter.embedded.tables import Tables

Values = dict[str, Any]
FIELD, DEFINITION = "lead_properties", "lead_properties_definition"


def to_cell(kind: str, value: Any) -> Any:
    """The cell for a written value: a mapping of names, or definitions with values. A write replaces all properties."""
    if kind == "properties_definition":
        return [dict(definition) for definition in value or ()]
    if isinstance(value, Mapping):
        return dict(value)
    return {entry["name"]: entry["value"] for entry in value or () if "value" in entry}


def of_team(tables: Tables, team: int | None) -> Sequence[Mapping[str, Any]]:
    """The properties that a team defines; none without a team."""
    return (tables.cell("crm.team", team, DEFINITION) or []) if team else []


def put_along(tables: Tables, old: Mapping[str, Any] | None, new: Mapping[str, Any], given: Collection[str]) -> Values:
    """The properties of a lead after a write. ``given``: the written fields.

    A written team, even the same one, fills in its defaults, unless the properties are written too.
    """
    definitions, held = of_team(tables, new.get("team_id")), new.get(FIELD) or {}
    names = [str(definition["name"]) for definition in definitions]
    defaults = {
        str(definition["name"]): definition["default"] for definition in definitions if definition.get("default")
    }
    by_team = old is None or "team_id" in given or old.get("team_id") != new.get("team_id")
    filled = {**defaults, **held} if by_team and FIELD not in given else held
    return {name: filled[name] for name in names if name in filled}


def to_wire(tables: Tables, team: int | None, held: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The properties as ``read`` returns them: each definition, with the lead's value if it has one."""
    return [
        {**definition, "value": _named(tables, definition, (held or {})[definition["name"]])}
        if definition["name"] in (held or {})
        else dict(definition)
        for definition in of_team(tables, team)
    ]


def _named(tables: Tables, one: Mapping[str, Any], value: Any) -> Any:
    """A value as ``read`` returns it: the ids of a relation with their names."""

    def pair(record: int) -> list[Any]:
        return [record, display_name(tables, one["comodel"], record)]

    if one["type"] == "many2many":
        ids: Iterable[int] = value or ()
        return [pair(record) for record in ids]
    if one["type"] == "many2one":
        # A pair, as it is read, empties the property when it is written.
        return pair(value) if value and isinstance(value, int) else False
    return value
