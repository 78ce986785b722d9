"""Properties of leads that a server has and cannot send.

Odoo 16 to 18 read a lead as without a value (None) where it holds some properties and its team got another one since,
17 and 18 also where its team has a heading among them. XML-RPC carries no None, so the whole read ends in a fault, for
whoever asks (measured on 16, 17 and 18; 19 leaves the value out). 17 and 18 answer the same by groups, property by
property; 16 cannot group by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segmenter.conditions.model import PROPERTIES
from segmenter.conditions.properties import Described
from segmenter.errors import ServerError
from segmenter.odoo.calls import Call

TEAMS, LEADS, DEFINITION = "crm.team", "crm.lead", "lead_properties_definition"
_AS_IT_IS = frozenset({"char", "integer", "float", "boolean", "selection", "many2one"})
"""Types of which a group tells the value itself."""
_HEADING = "separator"
"""The type of what stands between properties, and holds nothing."""


def by_groups(call: Call, leads: Sequence[int]) -> dict[int, list[Described]]:
    """Lead -> its properties as a read would send them. Without those leads of which groups do not tell the whole: on
    16 none; with a time in a property; of a team whose property is another thing in another team."""
    rows = call(LEADS, "read", [list(leads), ["team_id"]], {"load": None}, archived=True)
    team_of: dict[int, int] = {row["id"]: row["team_id"] or 0 for row in rows}
    teams = {
        row["id"]: row[DEFINITION] or []
        for row in call(TEAMS, "search_read", [[], [DEFINITION]], {"order": "id"}, archived=True)
    }
    told: dict[int, dict[str, Any]] = {lead: {} for lead in team_of}
    untold = set[str]()
    for name, about in _defined(teams).items():
        having = [team for team, all_ in teams.items() if any(one["name"] == name for one in all_)]
        having_leads = [lead for lead, team in team_of.items() if team in having]
        try:
            held = list(_held(call, about, having, having_leads)) if about is not None and having_leads else []
        except ServerError:
            about = None
        if about is None:
            untold.add(name)
            continue
        for lead, value in held:
            if lead in told:
                told[lead][name] = value
    found: dict[int, list[Described]] = {}
    for lead, team in team_of.items():
        described = teams.get(team, [])
        values = [told[lead].get(one["name"], False) for one in described]
        if untold.isdisjoint(one["name"] for one in described) and None not in values:
            found[lead] = [{**one, "value": value} for one, value in zip(described, values, strict=True)]
    return found


def _defined(teams: Mapping[int, Sequence[Described]]) -> dict[str, Described | None]:
    """Name -> the property, None where teams that were copied made different things of it: a server takes any of
    these definitions for that of all."""
    found: dict[str, Described | None] = {}
    for one in (one for described in teams.values() for one in described if one.get("type") != _HEADING):
        first = found.setdefault(one["name"], one)
        if first is not None and any(
            first.get(key) != one.get(key) for key in ("type", "comodel", "selection", "tags")
        ):
            found[one["name"]] = None
    return found


def _held(call: Call, about: Described, teams: Sequence[int], leads: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """Each lead of these, and perhaps others, that holds something; None for what a group does not tell.

    The domain is short, because every row repeats it.
    """
    name, kind = f"{PROPERTIES}.{about['name']}", about["type"]
    spec = f"{name}:day" if kind in ("date", "datetime") else name
    domain = [["team_id", "in", list(teams)], ["id", ">=", min(leads)], ["id", "<=", max(leads)]]
    many: dict[int, list[Any]] = {}
    for row in call(LEADS, "read_group", [domain, ["ids:array_agg(id)"], [spec]], {"lazy": False}, archived=True):
        value = row[spec]
        if value is False:
            continue
        if kind in ("tags", "many2many"):
            for lead in row["ids"]:
                many.setdefault(lead, []).append(value[0] if kind == "tags" else value)
            continue
        if kind == "date":
            value = row["__range"][spec]["from"]
        elif kind not in _AS_IT_IS:
            value = None
        yield from ((lead, value) for lead in row["ids"])
    yield from many.items()
