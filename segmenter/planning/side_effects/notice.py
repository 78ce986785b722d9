"""What a plan's changes bring about besides themselves, noticed while they are made: ids at 8 bytes each, and counts.

Noticing asks no server. What needs a question is asked once all changes are there: `ahead`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from segmenter.planning.model import Change, Json
from segmenter.planning.side_effects.reach import REACHES_OTHERS, Meeting, key_of, keys
from segmenter.planning.won import CERTAIN

TRACKED: Mapping[str, frozenset[str]] = {
    "crm.lead": frozenset(
        {"user_id", "team_id", "stage_id", "type", "active", "partner_id", "email_from", "phone", "contact_name"}
        | {"partner_name", "expected_revenue", "recurring_revenue", "lost_reason", "lost_reason_id"}
    ),
    "res.partner": frozenset({"name", "email", "phone", "user_id", "parent_id", "vat"}),
}
"""Fields whose change Odoo notes in the chatter. A server does not tell salespeople which they are (14 and 19)."""
MAILING = frozenset({"stage_id", "active", "probability", "lost_reason", "lost_reason_id"})
"""Those of a lead of which subscribers can be told by mail: a stage, won, lost, restored (measured on 14 and 19)."""
SCORING = frozenset(
    {"stage_id", "team_id", "user_id", "tag_ids", "email_from", "phone", "partner_id"}
    | {"source_id", "state_id", "country_id", "lang_id"}
)
"""What the automatic probability of a lead is computed from: the fields of Odoo 19's default setting, and those of 14,
which does without the language. The server's own setting is for administrators alone."""
MOST_SCORED = 2_000
"""How many of the records with a new probability are looked at, in one question."""


class Noticed:
    """Gathers, record by record. ``written``: the fields that effects write."""

    def __init__(self, model: str, written: Collection[str], *, major: int) -> None:
        self._model, self._major = model, major
        lead = model == "crm.lead"
        self._reaching = REACHES_OTHERS.get(model, frozenset()) & set(written)
        self.reads: tuple[str, ...] = (
            *(("date_closed",) if lead and "stage_id" in written else ()),
            *(("stage_id",) if lead and "probability" in written else ()),
            *(keys(model) if self._reaching else ()),
        )
        self.tracked = 0
        # Leads with a change that can be mailed; beside each the team and the new salesperson that are written, or 0.
        self.mailing: array[int] = array("q")
        self.mailing_teams: array[int] = array("q")
        self.mailing_people: array[int] = array("q")
        self.teams: Counter[int] = Counter()
        self.people: Counter[int] = Counter()
        self.stages: Counter[int] = Counter()
        self.closed: Counter[int] = Counter()
        self.unsure: Counter[tuple[int | None, bool]] = Counter()
        self.scored: array[int] = array("q")
        self.pins = self.held = self.stays = self.priority = self.scoring = self.contacts = 0
        self.archived = self.restored = 0
        self.meetings: dict[str, dict[int, Meeting]] = {}
        self.own: dict[str, array[int]] = {}

    def see(self, row: Mapping[str, Json], changes: Sequence[Change]) -> None:
        """All changes of one record, pins among them; ``row`` holds `reads`."""
        real = {change.field: change for change in changes if not change.pin}
        after = {change.field: change.after for change in changes}
        self.tracked += not real.keys().isdisjoint(TRACKED.get(self._model, ()))
        if person := after.get("user_id") if "user_id" in real else None:
            self.people[person] += 1
        if "active" in real:
            self.archived += not after["active"]
            self.restored += bool(after["active"])
        self._see_reach(row, real)
        if self._model == "crm.lead":
            self._see_lead(row, real, after)

    def _see_lead(self, row: Mapping[str, Json], real: Mapping[str, Change], after: Mapping[str, Json]) -> None:
        team = after.get("team_id")
        person = after.get("user_id") if "user_id" in real else None
        self.pins += "team_id" in after and "team_id" not in real
        self.held += "stage_id" in after and "stage_id" not in real
        self.priority += "priority" in real
        self.contacts += "partner_id" in self._reaching & real.keys()
        if team:
            self.teams[team] += 1
        if not real.keys().isdisjoint(MAILING):
            self.mailing.append(row["id"])
            self.mailing_teams.append(team or 0)
            self.mailing_people.append(person or 0)
        if "stage_id" in real:
            self.stages[after["stage_id"]] += 1
            self.closed[after["stage_id"]] += bool(row.get("date_closed"))
        self.stays += "team_id" in after and "stage_id" not in real
        if "probability" in real and after["probability"] != CERTAIN:
            self.unsure[after.get("stage_id", row["stage_id"]), "stage_id" in real] += 1
        # Pins count too: a conversion alone writes no more, and Odoo computes anew (measured on 14 and 19).
        if not after.keys().isdisjoint(SCORING):
            self.scoring += 1
            if len(self.scored) < MOST_SCORED:
                self.scored.append(row["id"])

    def _see_reach(self, row: Mapping[str, Json], real: Mapping[str, Change]) -> None:
        for name in self._reaching & real.keys():
            self.own.setdefault(name, array("q")).append(row["id"])
            contact = key_of(self._model, name, row, self._major)
            if contact is not None:
                meeting = self.meetings.setdefault(name, {}).setdefault(contact, Meeting())
                meeting.after.add(real[name].after)
                meeting.before.add(real[name].before)
