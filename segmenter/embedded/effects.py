"""What Odoo 19 changes by itself when a record is created or written: stages, teams, dates, names.

Lead scoring is not computed from history: a lead's automatic probability is its stage's place in the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segmenter.embedded import properties
from segmenter.embedded.faults import ValidationError
from segmenter.embedded.names import ordered, partner_name, places
from segmenter.embedded.tables import Row, Tables

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """The tables, the user and the time of one call."""

    tables: Tables
    uid: int
    now: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row before it is put: the old row (None: it is new), the new row, and the fields that the caller set."""

    moment: Moment
    old: Row | None
    new: Values
    given: frozenset[str]

    @property
    def tables(self) -> Tables:
        return self.moment.tables


def lead_values(moment: Moment, rows: Iterable[Row], values: Values) -> Values:
    """The values of a write to all ``rows``, with those that ``crm.lead.write`` adds."""
    rows, values, tables = list(rows), dict(values), moment.tables
    moved = "stage_id" in values and any(row.get("stage_id") != values["stage_id"] for row in rows)
    won = moved and _won(tables, values["stage_id"])
    if moved:
        values["date_last_stage_update"] = moment.now
    if won:
        values |= {"active": True, "probability": 100.0, "automated_probability": 100.0}
    if "user_id" in values:
        if not values["user_id"]:
            values["date_open"] = None
        elif any(row.get("user_id") != values["user_id"] for row in rows):
            values["date_open"] = moment.now
    if values.get("probability", 0) >= 100 or not values.get("active", True):
        values["date_closed"] = moment.now
    elif values.get("probability", 0) > 0 or (moved and not won and "probability" not in values):
        values["date_closed"] = None
    return values


def lead(change: Change) -> None:
    """Computes the dependent fields of a lead; fields that the caller set are kept."""
    tables, new, given, now = change.tables, change.new, change.given, change.moment.now
    old = change.old or {}
    if "team_id" not in given and given & {"user_id", "type"} and new.get("user_id"):
        new["team_id"] = _team(tables, new)
    if properties.FIELD in tables.models["crm.lead"].fields:
        new[properties.FIELD] = properties.put_along(tables, change.old, new, given)
    if "company_id" not in given and (not old or given & {"user_id", "team_id", "partner_id", "type"}):
        new["company_id"] = _company(tables, new)
    looked_at = not old or bool(given & {"user_id", "team_id", "type"})
    if "stage_id" not in given and looked_at and (not new.get("stage_id") or not _fits(tables, new)):
        new["stage_id"] = _first_stage(tables, new.get("team_id"))
    new["date_last_stage_update"] = new.get("date_last_stage_update") or now
    if new.get("user_id") and not new.get("date_open"):
        new["date_open"] = now
    _probability(change)
    won = _won(tables, new["stage_id"])
    if won and _won(tables, old.get("stage_id")) and "stage_id" in given:
        new["date_closed"] = old["date_closed"]
    if won and not old and not new.get("date_closed"):
        new["date_closed"] = now
    if won and new["probability"] != 100:
        raise ValidationError("A lead in a Won stage cannot be lost. Move it to another stage first.")
    if not 0 <= new["probability"] <= 100:
        raise ValidationError(
            "The operation cannot be completed: The probability of closing the deal should be between 0% and 100%!"
        )
    lost = not new["active"] and new["probability"] == 0
    new["won_status"] = "won" if won else "lost" if lost else "pending"
    new["prorated_revenue"] = round((new.get("expected_revenue") or 0.0) * new["probability"] / 100, 2)
    for name, until in (("day_open", new.get("date_open")), ("day_close", new.get("date_closed"))):
        new[name] = _days(new.get("create_date") or now, until)
    new["email_normalized"] = normalized(new.get("email_from"))


def _won(tables: Tables, stage: int | None) -> bool:
    return bool(stage and tables.cell("crm.stage", stage, "is_won"))


def _probability(change: Change) -> None:
    """Updates the automatic probability after a move; a probability set by hand, or of an archived lead, stays."""
    old, new = change.old, change.new
    if old is not None and old["stage_id"] == new["stage_id"]:
        return
    automated = automated_probability(change.tables, new["stage_id"])
    followed = new["active"] and (old is None or abs(old["probability"] - old["automated_probability"]) < 0.005)
    if "probability" not in change.given and followed:
        new["probability"] = automated
    new["automated_probability"] = automated


def automated_probability(tables: Tables, stage: int | None) -> float:
    """Replaces Odoo's lead scoring: the stage's place in the pipeline, 100 for a won stage."""
    if not stage:
        return 0.0
    if tables.cell("crm.stage", stage, "is_won"):
        return 100.0
    place = places(tables, "crm.stage")
    return round(100 * (place[stage] + 0.5) / (len(place) + 1), 2)


def _team(tables: Tables, new: Row) -> int | None:
    """The lead's team if the salesperson is in it, else the salesperson's first team, else the first team."""
    user, uses = new["user_id"], "use_leads" if new.get("type") == "lead" else "use_opportunities"

    def theirs(team: int) -> bool:
        return user in tables.cell("crm.team", team, "member_ids") or user == tables.cell("crm.team", team, "user_id")

    if new.get("team_id") and theirs(new["team_id"]):
        return int(new["team_id"])
    teams = ordered(tables, "crm.team", tables.active("crm.team", tables.rows["crm.team"]))
    own = [team for team in teams if theirs(team)] or teams
    return next((team for team in own if tables.cell("crm.team", team, uses)), own[0] if own else None)


def _company(tables: Tables, new: Row) -> int | None:
    """The lead's own company where its team leaves it, and it has a salesperson or is of that company by its team or
    contact; else that of its team, of its salesperson, of its contact. Everybody works in every company."""
    own, user = new.get("company_id"), new.get("user_id")
    team = tables.cell("crm.team", new.get("team_id") or 0, "company_id")
    contact = tables.cell("res.partner", new.get("partner_id") or 0, "company_id")
    if own and own == (team or own) and (user or own in (team, contact)):
        return int(own)
    of_user = tables.cell("res.users", user or 0, "company_id") or min(tables.rows["res.company"], default=None)
    return team or (of_user if user else contact) or None


def _fits(tables: Tables, new: Row) -> bool:
    """Whether the stage is open to the lead's team."""
    teams = tables.cell("crm.stage", new["stage_id"], "team_ids")
    return not teams or not new.get("team_id") or new["team_id"] in teams


def _first_stage(tables: Tables, team: int | None) -> int | None:
    for stage in places(tables, "crm.stage"):
        teams = tables.cell("crm.stage", stage, "team_ids")
        if not tables.cell("crm.stage", stage, "fold") and (not teams or team in teams):
            return stage
    return None


def _days(since: str, until: str | None) -> float:
    if not until:
        return 0.0
    return float(abs((datetime.fromisoformat(until) - datetime.fromisoformat(since)).days))


def normalized(address: str | None) -> str | None:
    """The e-mail address alone, in lower case; None if there is not exactly one."""
    text = (address or "").strip().lower()
    text = text[text.rfind("<") + 1 :].rstrip(">") if text.endswith(">") else text
    return text if text.count("@") == 1 and " " not in text else None


def partner(change: Change) -> None:
    """Computes the full name, company and normalized e-mail of a contact."""
    tables, new, parent = change.tables, change.new, change.new.get("parent_id")
    new["complete_name"] = partner_name(tables, parent, new.get("name"), new.get("is_company"))
    new["commercial_partner_id"] = new["id"]
    if parent and not new.get("is_company"):
        new["commercial_partner_id"] = tables.cell("res.partner", parent, "commercial_partner_id") or parent
    new["email_normalized"] = normalized(new.get("email"))


def unique_tag(change: Change) -> None:
    """Raises ValidationError if another tag has the same name in all languages."""
    tables, record, name = change.tables, change.new["id"], change.new.get("name")
    same = [other for other, row in tables.rows["crm.tag"].items() if row.get("name") == name and other != record]
    words = tables.words("crm.tag", record, "name")
    if any(tables.words("crm.tag", other, "name") == words for other in same):
        raise ValidationError("The operation cannot be completed: Tag name already exists!")


def _others(change: Change, model: str) -> set[str]:
    """The names of the model's other records."""
    return {row["name"] for record, row in change.tables.rows[model].items() if record != change.new["id"]}


def numbered(model: str) -> Callable[[Change], None]:
    """An effect that makes names of sources, mediums and campaigns unique: ``Feria``, ``Feria [2]``."""

    def effect(change: Change) -> None:
        new, number = change.new, 1
        if model == "utm.campaign":
            new["title"] = new.get("title") or new.get("name")
            new["name"] = new.get("name") or new["title"]
        name = new.get("name")
        while new.get("name") in _others(change, model):
            number += 1
            new["name"] = f"{name} [{number}]"

    return effect


EFFECTS: dict[str, Callable[[Change], None]] = {
    "crm.lead": lead,
    "res.partner": partner,
    "crm.tag": unique_tag,
    **{model: numbered(model) for model in ("utm.source", "utm.medium", "utm.campaign")},
}

RESTRICTED = {
    ("crm.lead", "stage_id"),
    ("crm.lead", "lost_reason_id"),
    ("crm.stage", "team_ids"),
    ("res.users", "partner_id"),
}
"""Fields that forbid deleting the record they point to; other fields are emptied then."""
CASCADING = {("res.partner.category", "parent_id")}
"""Fields whose records are deleted with the record they point to."""


def defaults(moment: Moment, model: str, record: int) -> Values:
    """The default values of a new record."""
    tables = moment.tables
    found: Values = {"active": True} if "active" in tables.models[model].fields else {}
    if model == "crm.lead":
        with_leads = "crm.group_use_lead" in tables.groups.get(moment.uid, ())
        found |= {"user_id": moment.uid, "type": "lead" if with_leads else "opportunity", "priority": "0"}
    elif model == "crm.stage":
        found |= {"sequence": 1}
    elif model == "crm.tag":
        found |= {"color": 1 + record % 11}
    elif model == "crm.team":
        found |= {"sequence": 10, "use_opportunities": True, "use_leads": True}
    elif model == "res.partner":
        found |= {"type": "contact", "lang": tables.cell("res.users", moment.uid, "lang")}
    elif model == "res.partner.category":
        found |= {"color": 1 + record % 11}
    elif model == "utm.campaign":
        found |= {"user_id": moment.uid}
    elif model == "ir.filters":
        found |= {"domain": "[]", "context": "{}", "sort": "[]"}
    return found
