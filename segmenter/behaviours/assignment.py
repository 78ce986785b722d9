"""A new salesperson: the dates of the lead, and whether that person works in its company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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
    """``outside``: leads of a company that their new salesperson does not work in."""

    outside: int = 0

    def watches(self) -> Collection[str]:
        return ("company_id", "date_open") if "user_id" in self.intent.written else ()

    def watches_if_set(self) -> Collection[str]:
        return ("date_open",)

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        return replace(self, outside=_outside(cells, reader))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        assigned = [cell for cell in cells if "user_id" in cell.changed]
        dated = (cell for cell in assigned if cell.changed["user_id"].before or cell.row.get("date_open"))
        if number := number_of(dated):
            yield Notice("assignment.date_not_restored", {"number": number})
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


def _outside(cells: Sequence[Cell], reader: Reader) -> int:
    """Asked only of leads that have a company, or get one with their team."""
    given = Counter[tuple[int, int]]()
    for cell in cells:
        person, moved = cell.changed.get("user_id"), cell.changed.get("company_id")
        company = moved.after if moved else cell.row.get("company_id")
        if person and person.after and company:
            given[person.after, company] += len(cell.records)
    return works_elsewhere(given, reader)


def works_elsewhere(records: Mapping[tuple[int, int], int], reader: Reader) -> int:
    """How many records are of a company that their salesperson does not work in. ``records``: by both; asked of all
    people at once."""
    if not records or "company_ids" not in reader.fields("res.users"):
        return 0
    people = sorted({person for person, _company in records})
    rows = reader.search_read("res.users", [("id", "in", people)], ["company_ids"], archived=True)
    companies = {row["id"]: row["company_ids"] for row in rows}
    return sum(
        number for (person, company), number in records.items() if company not in companies.get(person, [company])
    )
