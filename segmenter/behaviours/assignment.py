"""A new salesperson, or a new team without one: the dates of the lead, and the company that it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from segmenter.behaviours.behaviour import Behaviour, Cell, Reader, Tracking, number_of
from segmenter.notice import Notice
from segmenter.plans import Violation

COMPANY_FOLLOWS_SALESPERSON_SINCE = 15
"""A lead of no company gets its salesperson's; before, every lead has a company from the start (measured on Odoo 15 to
18, 2026-11-30; on 14 and 19 by the live tests)."""


@dataclass(frozen=True)
class Assignment(Behaviour):
    """``outside``: leads of a company that their new salesperson does not work in. ``of_team``: leads without a
    salesperson whose company becomes that of their team, or none."""

    outside: int = 0
    of_team: int = 0

    def watches(self) -> Collection[str]:
        written = self.intent.written
        if "user_id" in written:
            return ("company_id", "date_open", "user_id", "team_id")
        return ("company_id", "user_id", "team_id") if "team_id" in written else ()

    def watches_if_set(self) -> Collection[str]:
        return ("date_open",)

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        return replace(self, outside=_outside(cells, reader), of_team=self._of_team(cells, reader))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        assigned = [cell for cell in cells if "user_id" in cell.changed]
        dated = (cell for cell in assigned if cell.changed["user_id"].before or cell.row.get("date_open"))
        if number := number_of(dated):
            yield Notice("assignment.date_not_restored", {"number": number})
        if self.of_team:
            yield Notice("assignment.company_of_team", {"number": self.of_team})
        if not assigned:
            return
        yield Notice("assignment.sets_date", {"number": number_of(assigned)})
        if self.intent.version >= COMPANY_FOLLOWS_SALESPERSON_SINCE:
            yield Notice("assignment.company_of_salesperson")
        elif self.outside:
            yield Notice("assignment.not_seen", {"number": self.outside})

    def refusals(self, cells: Sequence[Cell]) -> Iterator[Violation]:
        """Measured: 19 moves such a lead to another company, or refuses the write where its team holds it."""
        if self.outside and self.intent.version >= COMPANY_FOLLOWS_SALESPERSON_SINCE:
            about = Notice("assignment.refused", {"number": self.outside, "version": self.intent.version})
            yield Violation("odoo", self.outside, 0, about)

    def _of_team(self, cells: Sequence[Cell], reader: Reader) -> int:
        """Measured on 19. On Odoo 15 to 18 such a lead loses its company with its salesperson where the team has none
        (measured, 2026-11-30); the rest is taken to be alike. Asked of the teams at once."""
        alone = Counter[tuple[int, int]]()
        for cell in cells:
            written, row = cell.written, cell.row
            person, team = written.get("user_id"), written.get("team_id")
            decides = "user_id" in cell.changed or "team_id" in cell.changed
            if decides and not (person.after if person else row.get("user_id")):
                of_team = team.after if team else row.get("team_id")
                alone[of_team or 0, row.get("company_id") or 0] += len(cell.records)
        if self.intent.version < COMPANY_FOLLOWS_SALESPERSON_SINCE or not alone:
            return 0
        if "company_id" not in reader.fields("crm.team"):
            return 0
        rows = reader.search_read("crm.team", [], ["company_id"], archived=True)
        companies = {row["id"]: row["company_id"] or 0 for row in rows}
        return sum(number for (team, company), number in alone.items() if companies.get(team, 0) != company)


def _outside(cells: Sequence[Cell], reader: Reader) -> int:
    """Asked of the new salespeople at once, and only of leads that have a company."""
    given = Counter[tuple[int, int]]()
    for cell in cells:
        person, company = cell.changed.get("user_id"), cell.row.get("company_id")
        if person and person.after and company:
            given[person.after, company] += len(cell.records)
    if not given or "company_ids" not in reader.fields("res.users"):
        return 0
    people = sorted({person for person, _company in given})
    rows = reader.search_read("res.users", [("id", "in", people)], ["company_ids"], archived=True)
    companies = {row["id"]: row["company_ids"] for row in rows}
    return sum(number for (person, company), number in given.items() if company not in companies.get(person, [company]))
