"""Which changes Odoo notes in the chatter, and of which of them subscribers are mailed. Measured on 14 and 19.

Looks at changes alone, so that a plan can ask for them and, later, a run again.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.planning.model import Change

TRACKED: Mapping[str, frozenset[str]] = {
    "crm.lead": frozenset(
        {"user_id", "team_id", "stage_id", "type", "active", "partner_id", "email_from", "phone", "contact_name"}
        | {"partner_name", "expected_revenue", "recurring_revenue", "lost_reason", "lost_reason_id"}
    ),
    "res.partner": frozenset({"name", "email", "phone", "user_id", "parent_id", "vat"}),
}
"""Fields whose change Odoo notes in the chatter. A server does not tell salespeople which they are (14 and 19)."""
MOVING = frozenset({"stage_id", "active"})
"""Fields of a lead whose change can be a win, a loss, or a step on the way, of which subscribers are mailed."""
REASONS = frozenset({"lost_reason", "lost_reason_id"})
"""The same, where a reason is given; taking it away is a note."""
CAN_MAIL = MOVING | REASONS | {"probability"}


def is_noted(model: str, real: Mapping[str, Change], *, archived: bool) -> bool:
    """Whether a record's changes (field -> change, no pins) leave a note. ``archived``: see `turns`."""
    return not real.keys().isdisjoint(TRACKED.get(model, ())) or (model == "crm.lead" and turns(real, archived))


def turns(real: Mapping[str, Change], archived: bool) -> bool:
    """Whether a probability makes a lead a lost one, or takes that from it. ``archived``: it is, on a version newer
    than 14: a lead in use is not lost by 0 on any version, and on 14 nothing is noted of a probability."""
    chance = real.get("probability")
    return archived and chance is not None and bool(chance.before) != bool(chance.after)


@dataclass
class Mailing:
    """Leads with a change that can be mailed, at 8 bytes each; beside each the team and the new salesperson that are
    written, or 0. ``former_teams``: how many of them come from another team, which an undo writes."""

    leads: array[int] = field(default_factory=lambda: array("q"))
    teams: array[int] = field(default_factory=lambda: array("q"))
    people: array[int] = field(default_factory=lambda: array("q"))
    former_teams: int = 0

    def see(self, record: int, changes: Mapping[str, Change], *, archived: bool) -> None:
        """All changes of one lead by their field, pins among them: what is written mails as what is changed does."""
        real = {name: change for name, change in changes.items() if not change.pin}
        reasons = REASONS & real.keys()
        moves = not MOVING.isdisjoint(real) or any(real[name].after for name in reasons)
        if not (moves or turns(real, archived)):
            return
        team, person = changes.get("team_id"), real.get("user_id")
        self.leads.append(record)
        self.teams.append(team.after or 0 if team else 0)
        self.people.append(person.after or 0 if person else 0)
        self.former_teams += bool(team and not team.pin and team.before)
