"""The company of a lead, which Odoo chooses anew when its salesperson, team, contact or type is written.

Measured on 15 to 19 (15 does not look at the contact, so that the company written along changes nothing there; on 14 a
lead keeps its company whatever is written): a team of another company takes the lead there. Without a salesperson a
lead has the company of its team, or else of its contact: one that somebody chose is lost, even if the team is written
as it was. With one it keeps its company, if the salesperson works there and the team is not of another.

A move to the company of the new team is planned as a change, so that a plan shows it and an undo gives the former
company back. Anywhere else the company is written along as it is. Odoo makes the move by itself: told the company, it
would refuse a salesperson or a contact of another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from segmenter.behaviours.assignment import COMPANY_FOLLOWS_SALESPERSON_SINCE, works_elsewhere
from segmenter.behaviours.behaviour import LEADS, Behaviour, Cell, Intent, Reader, Tracking, number_of
from segmenter.notice import Notice
from segmenter.plans import ChangeSet

FIELD, TEAM = "company_id", "team_id"
DECIDING = frozenset({"user_id", TEAM, "partner_id", "type"})
"""Fields whose write makes Odoo choose the company."""


@dataclass(frozen=True)
class CompanyOfLead(Behaviour):
    """``teams``: team -> its company; only teams that have one, and only where the spec writes teams. ``names``:
    company -> its name, of those that leads go to; ``unseen``: leads that their salesperson does not see there."""

    follows: bool = False
    teams: Mapping[int, int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    unseen: int = 0

    FOLLOWS: ClassVar = {LEADS: {FIELD: DECIDING}}
    # A lead is of the company of its team.
    GOES_WITH: ClassVar = {LEADS: {TEAM: frozenset({FIELD}), FIELD: frozenset({TEAM})}}

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        """Nothing is asked of an export: what an import makes of the company is left to Odoo."""
        new = intent.version >= COMPANY_FOLLOWS_SALESPERSON_SINCE and not intent.exported
        if not new or FIELD not in intent.fields or DECIDING.isdisjoint(intent.written):
            return cls(intent)
        if TEAM not in intent.written or FIELD not in reader.fields("crm.team"):
            return cls(intent, True)
        rows = reader.search_read("crm.team", [(FIELD, "!=", False)], [FIELD], archived=True)
        return cls(intent, True, {row["id"]: row[FIELD] for row in rows})

    def watches(self) -> Collection[str]:
        return (FIELD, "user_id", TEAM) if self.follows else ()

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        reason = next((change for change in cell.changes if change.field in DECIDING), None)
        if reason is None or FIELD not in cell.row or FIELD in cell.written or not self.follows:
            return
        if (to := self._moves_to(cell)) is not None:
            yield cell.change(cell.written[TEAM], FIELD, cell.row[FIELD], to)
        elif self._would_move(cell, undo=False) or self._would_move(cell, undo=True):
            yield cell.pin(reason, FIELD)

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        """Asked only of what moves: the names of the companies, and where the salespeople work that leads keep."""
        moving = [cell for cell in cells if self._moves(cell)]
        if not moving:
            return self
        to = sorted({cell.changed[FIELD].after for cell in moving})
        kept = Counter[tuple[int, int]]()
        for cell in moving:
            if "user_id" not in cell.changed and (person := cell.row["user_id"]):
                kept[person, cell.changed[FIELD].after] += len(cell.records)
        return replace(self, names=reader.names("res.company", to), unseen=works_elsewhere(kept, reader))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        going = Counter[int]()
        for cell in cells:
            if self._moves(cell):
                going[cell.changed[FIELD].after] += len(cell.records)
        for company, number in sorted(going.items()):
            name = self.names.get(company, str(company))
            yield Notice("company_of_lead.moves", {"number": number}, {"company": name})
        if self.unseen:
            yield Notice("company_of_lead.not_seen", {"number": self.unseen})
        pinned = (cell for cell in cells if (kept := cell.written.get(FIELD)) and kept.pin)
        if number := number_of(cell for cell in pinned if self._would_move(cell, undo=False)):
            yield Notice("company_of_lead.stays", {"number": number})

    def _moves(self, cell: Cell) -> bool:
        """Whether the team takes such leads to another company, and not a spec that sets the company itself."""
        return self.follows and {FIELD, TEAM} <= cell.changed.keys()

    def _moves_to(self, cell: Cell) -> int | None:
        """The company of the new team, where the lead is of another one, or of none."""
        team = cell.changed.get(TEAM)
        company = self.teams.get(team.after or 0) if team else None
        return company if company != cell.row[FIELD] else None

    def _would_move(self, cell: Cell, *, undo: bool) -> bool:
        """Whether Odoo would give such leads another company, or none. ``undo``: when the changes are taken back.

        A lead of no company that gets its first salesperson is of that person's company, as if a person had assigned
        it, and of none after the undo.
        """
        written, company = cell.written, cell.row[FIELD]
        person, team = written.get("user_id"), written.get(TEAM)
        holders = (person.before, person.after) if person else (cell.row["user_id"],) * 2
        if not company:
            return bool(holders[0])
        if holders[0 if undo else 1]:
            return False
        of_team = (team.before if undo else team.after) if team else cell.row[TEAM]
        return bool(self.teams.get(of_team or 0) != company)
