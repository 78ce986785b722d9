"""A contact that becomes a company, or is none any more: what is below it belongs to another company then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import CONTACTS, Behaviour, Cell, Reader, Tracking
from segmenter.behaviours.related import rows_through
from segmenter.notice import Notice
from segmenter.record_set import union


@dataclass(frozen=True)
class CompanyOfContact(Behaviour):
    """``below``: contacts that belong to another company from then on."""

    below: int = 0

    MODELS: ClassVar = frozenset({CONTACTS})

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        """A question for each level."""
        contacts = set(union(cell.records for cell in cells if "is_company" in cell.changed))
        seen, above = set(contacts), set(contacts)
        while above:
            rows = rows_through(reader, CONTACTS, ("parent_id",), sorted(above), ["is_company"])
            above = {row["id"] for row in rows if not row["is_company"]} - seen
            seen |= above
        return replace(self, below=len(seen) - len(contacts))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if self.below:
            yield Notice("company_of_contact.changes_below", {"number": self.below})
