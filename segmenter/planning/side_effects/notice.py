"""What a plan's changes bring about besides themselves, noticed while they are made: ids at 8 bytes each, and counts.

Noticing asks no server. What needs a question is asked once all changes are there: `ahead`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from segmenter.odoo.versions import NOTES_MAIL_SINCE
from segmenter.planning import properties
from segmenter.planning.model import Change, Json
from segmenter.planning.side_effects import closing
from segmenter.planning.side_effects.mailing import Mailing, is_noted
from segmenter.planning.side_effects.reach import ON_CONTACT, REACHES_OTHERS, Meeting, goes_on, key_of, keys
from segmenter.planning.won import CERTAIN

SCORING = frozenset(
    {"stage_id", "team_id", "tag_ids", "email_from", "phone", "partner_id"}
    | {"source_id", "state_id", "country_id", "lang_id"}
)
"""What the automatic probability of a lead is computed from: the fields of Odoo 19's default setting, and those of 14,
which does without the language. The server's own setting is for administrators alone. A new salesperson counts by the
team that is written along."""
MOST_SCORED = 2_000
"""How many of the records with a new probability are looked at, in one question."""


class Noticed:
    """Gathers, record by record. ``written``: the fields that effects write."""

    def __init__(self, model: str, written: Collection[str], *, major: int) -> None:
        self._model, self._major = model, major
        lead = model == "crm.lead"
        self._reaching = REACHES_OTHERS.get(model, frozenset()) & set(written)
        self.reads: tuple[str, ...] = (
            *(("date_closed",) if lead and not closing.WRITTEN.isdisjoint(written) else ()),
            *(("stage_id", "active") if lead and not {"stage_id", "probability"}.isdisjoint(written) else ()),
            *(("company_id", "date_open") if lead and "user_id" in written else ()),
            *(("company_id", "user_id", "team_id") if lead and not {"user_id", "team_id"}.isdisjoint(written) else ()),
            *(keys(model) if self._reaching else ()),
        )
        self.tracked = 0
        self.mailing = Mailing()
        self.teams: Counter[int] = Counter()
        self.companies: Counter[tuple[int, int]] = Counter()
        # Of leads that have no salesperson then: their team and their company, 0 for none.
        self.by_team_alone: Counter[tuple[int, int]] = Counter()
        self.stages: Counter[int] = Counter()
        self.unsure: Counter[tuple[int | None, bool]] = Counter()
        self.by_hand: Counter[int] = Counter()
        self.closings: Counter[closing.Case] = Counter()
        self.scored: array[int] = array("q")
        self.pins = self.held = self.stays = self.priority = self.scoring = 0
        # Leads that get a contact; and that get another or none while the plan writes e-mails or phones of contacts.
        self.contacts = self.crossing = 0
        self.archived = self.restored = self.given = self.former_people = self.former_teams = self.reassigned = 0
        self.scored_restored = self.scored_archived = 0
        # Contacts that become companies, or are none any more.
        self.companies_made: array[int] = array("q")
        # Leads that lose properties of their team, and how often each of those, by what it is called.
        self.stripped = 0
        self.lost_properties: Counter[str] = Counter()
        self.meetings: dict[str, dict[int, Meeting]] = {}
        self.own: dict[str, array[int]] = {}
        # Records that go into the archive or come out of it, in a plan that reaches others.
        self.moved: array[int] = array("q")

    def see(self, row: Mapping[str, Json], changes: Sequence[Change]) -> None:
        """All changes of one record, pins among them; ``row`` holds `reads`."""
        written = {change.field: change for change in changes}
        real = {name: change for name, change in written.items() if not change.pin}
        # Only since then is an archived lead lost by its probability.
        archived = self._major >= NOTES_MAIL_SINCE and not row.get("active", True)
        self.tracked += is_noted(self._model, real, archived=archived)
        if person := real.get("user_id"):
            self.given += bool(person.after)
            self.former_people += bool(person.before)
        if active := real.get("active"):
            self.archived += not active.after
            self.restored += bool(active.after)
            if self._reaching:
                self.moved.append(row["id"])
        self._see_reach(row, real)
        if self._model == "res.partner" and "is_company" in real:
            self.companies_made.append(row["id"])
        if self._model == "crm.lead":
            self.mailing.see(row["id"], written, archived=archived)
            self._see_people(row, written, real)
            self._see_stage(row, written, real)
            if held := real.get(properties.FIELD):
                lost = properties.lost(held)
                self.stripped += bool(lost)
                self.lost_properties.update(lost)
            self.priority += "priority" in real
            if gets := real.get("partner_id"):
                crossing = not (self._reaching & ON_CONTACT.keys() <= real.keys())
                self.crossing += crossing
                self.contacts += bool(gets.after) and not crossing

    def _see_people(self, row: Mapping[str, Json], written: Mapping[str, Change], real: Mapping[str, Change]) -> None:
        self.pins += "team_id" in written and "team_id" not in real
        if team := written.get("team_id"):
            if team.after:
                self.teams[team.after] += 1
            self.former_teams += bool(not team.pin and team.before)
        if person := real.get("user_id"):
            self.reassigned += bool(person.before or row.get("date_open"))
            if person.after and row.get("company_id"):
                self.companies[person.after, row["company_id"]] += 1

        user, now_of = written.get("user_id"), written.get("team_id")
        if (person or (team and not team.pin)) and not (user.after if user else row.get("user_id")):
            of_team = now_of.after if now_of else row.get("team_id")
            self.by_team_alone[of_team or 0, row.get("company_id") or 0] += 1

    def _see_stage(self, row: Mapping[str, Json], written: Mapping[str, Change], real: Mapping[str, Change]) -> None:
        """And the probability, which goes with it."""
        move, chance = real.get("stage_id"), real.get("probability")
        self.held += "stage_id" in written and move is None
        self.stays += "team_id" in written and move is None
        if move:
            self.stages[move.after or 0] += 1
        if chance:
            self.by_hand[(move.after or 0) if move else 0] += 1
            if chance.after != CERTAIN:
                self.unsure[move.after if move else row["stage_id"], move is not None] += 1
        if case := closing.case(bool(row.get("date_closed")), real):
            self.closings[case] += 1
        # Pins count too: a conversion alone writes no more, and Odoo computes anew (measured on 14 and 19).
        if not SCORING.isdisjoint(written):
            self.scoring += 1
            if (active := real.get("active")) and chance is None:
                self.scored_restored += bool(active.after)
                self.scored_archived += not active.after
            if len(self.scored) < MOST_SCORED:
                self.scored.append(row["id"])

    def _see_reach(self, row: Mapping[str, Json], real: Mapping[str, Change]) -> None:
        gets = real.get("partner_id")
        if gets and self._model == "crm.lead":
            row = {**row, "partner_id": gets.after}
        for name in self._reaching & real.keys():
            self.own.setdefault(name, array("q")).append(row["id"])
            contact = key_of(self._model, name, row, self._major)
            if contact is not None:
                meeting = self.meetings.setdefault(name, {}).setdefault(contact, Meeting())
                # An undo gives a lead its former contact back, and what it writes does not reach the new one.
                before = [] if gets else [real[name].before]
                meeting.after.update(one for one in [real[name].after] if goes_on(name, row, one))
                meeting.before.update(one for one in before if goes_on(name, row, one))
