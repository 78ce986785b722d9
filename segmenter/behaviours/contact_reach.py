"""E-mail, phone, address and what identifies a company: their write goes on to other records, and an undo too.

A lead's e-mail and phone are its contact's, and so those of every other lead of that contact. An address and what
identifies a company belong to the company and its contacts together. All of it measured on Odoo 14 and 19.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Reader, Tracking
from segmenter.behaviours.contact_of_lead import LINK
from segmenter.behaviours.reached import OtherRecords, Shared
from segmenter.notice import Notice
from segmenter.record_set import RecordSet
from segmenter.resolving.shared_fields import ADDRESS, COMMERCIAL, OF_ALL_BELOW, ON_CONTACT, REACHES_OTHERS

COMPANY_TAKES_FROM_PERSON_SINCE = 19
"""Some fields of a contact go up to its company when written; before, they only come down (measured on Odoo 15 to 18,
2026-11-30; on 14 and 19 by the live tests)."""

UPWARD = frozenset({*ADDRESS, "vat"})
"""What a contact hands up to its company on Odoo 19; before, it keeps it to itself."""
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """Other records that one field's write changes. ``names``: up to `MOST_NAMES`, contacts first.

    ``not_restored``: those of them that an undo does not give their own value back, but the written record's, or none;
    ``by_undo``: others that hold what is written already, and that an undo gives the written record's value of before.
    ``several_after``: contacts whose records the plan gives several values; ``several_before``: whose records hold
    several now.
    """

    field: str
    contacts: int
    leads: int
    names: tuple[str, ...]
    not_restored: int
    by_undo: int
    several_after: int
    several_before: int


@dataclass(frozen=True)
class ContactReach(Behaviour):
    """``reached``: the others of each field that reaches any."""

    reached: tuple[Reached, ...] = ()

    MODELS: ClassVar = frozenset({LEADS, CONTACTS})
    # E-mail, phone and address would go on to another contact.
    GOES_WITH: ClassVar = {
        LEADS: dict.fromkeys(ON_CONTACT, frozenset({LINK})),
        CONTACTS: dict.fromkeys((*ADDRESS, *COMMERCIAL), frozenset({"parent_id"})),
    }
    GUARDS: ClassVar = frozenset({LINK, "parent_id"})

    @property
    def _fields(self) -> frozenset[str]:
        """The fields that the plan writes and that go on."""
        return REACHES_OTHERS[self.intent.model] & self.intent.written

    def watches(self) -> Collection[str]:
        if self.intent.of_leads:
            return (LINK,) if self._fields else ()
        of_company = not self._fields.isdisjoint({*ADDRESS, *COMMERCIAL})
        return ("commercial_partner_id", "parent_id", "type") if of_company else ()

    def look(self, cells: Sequence[Cell], reader: Reader) -> Self:
        changed = [cell for cell in cells if not self._fields.isdisjoint(cell.changed)]
        archiving = RecordSet()
        for cell in cells if self._fields else ():
            if "active" in cell.changed:
                archiving |= cell.records
        reached = list[Reached]()
        for name in sorted(self._fields - {LINK}):
            writing = [cell for cell in changed if name in cell.changed]
            shared = self._shared(name, writing)
            own = RecordSet()
            for cell in writing:
                own |= cell.records
            others = OtherRecords(self.intent.model, name, shared, own, archiving, reader)
            if shared and (found := _reached(name, others)):
                reached.append(found)
        return replace(self, reached=tuple(reached))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        leads = any(reached.leads for reached in self.reached)
        if leads and tracking == "silent":
            yield Notice("contact_reach.noted_on_leads")
        for reached in self.reached:
            yield from _notices(reached, self.intent.fields[reached.field].label)
        if leads:
            yield Notice("contact_reach.probability_of_leads")

    def _shared(self, name: str, cells: Sequence[Cell]) -> dict[int, Shared]:
        """Contact -> what the plan writes in this field at it."""
        met: dict[int, Shared] = {}
        for cell in cells:
            change, link = cell.changed[name], cell.changed.get(LINK) if self.intent.of_leads else None
            for contact, records in self._through(name, cell):
                shared = met.setdefault(contact, Shared())
                # A tax number that is taken from a contact is not taken from its company.
                own = name != "vat" or any(record == contact for record in records)
                if change.after or own:
                    shared.after.add(change.after)
                # An undo gives a lead its former contact back, and what it writes does not reach the new one.
                if not link and (change.before or own):
                    shared.before.add(change.before)
        # It reaches the former one, if no lead that kept it gives its own value back there.
        given = {contact for contact, shared in met.items() if not shared.before} if self.intent.of_leads else set()
        for cell in cells:
            if LINK in cell.changed and (former := cell.row.get(LINK)) in given:
                met[former].before.add(cell.changed[name].before)
        return met

    def _through(self, name: str, cell: Cell) -> Iterator[tuple[int, Iterable[int]]]:
        """The contacts through which the write of a field goes on, with the records of the cell that it is written
        on. It stays with records of none."""
        if self.intent.of_leads:
            link = cell.changed.get(LINK)
            if contact := link.after if link else cell.row.get(LINK):
                yield contact, cell.records
            return
        if name in ON_CONTACT.values() or name == OF_ALL_BELOW:
            yield from ((record, [record]) for record in cell.records)
            return
        company = cell.row.get("commercial_partner_id")
        if not company:
            return
        shared = name not in ADDRESS or cell.row.get("type") == "contact"
        upward = name in UPWARD and shared and self.intent.version >= COMPANY_TAKES_FROM_PERSON_SINCE
        records = [record for record in cell.records if upward or record == company]
        if records:
            yield company, records


def _reached(name: str, others: OtherRecords) -> Reached | None:
    records = list(others.records())
    changing = [record for record in records if record.changes]
    several_after = sum(len(shared.after) > 1 for shared in others.shared.values())
    several_before = sum(len(shared.before) > 1 for shared in others.shared.values())
    if not (records or several_after or several_before):
        return None
    contacts = sum(record.is_contact for record in changing)
    return Reached(
        field=name,
        contacts=contacts,
        leads=len(changing) - contacts,
        names=tuple(record.name for record in changing[:MOST_NAMES]),
        not_restored=sum(not record.comes_back(name) for record in changing),
        by_undo=len(records) - len(changing),
        several_after=several_after,
        several_before=several_before,
    )


def _notices(reached: Reached, label: str) -> Iterator[Notice]:
    """What becomes of other records by the write of one field."""
    of: Mapping[str, str] = {"field": label}
    if number := reached.contacts + reached.leads:
        counts = {"number": number, "contacts": reached.contacts, "leads": reached.leads}
        yield Notice("contact_reach.changes_others", counts, {**of, "records": reached.names})
        if reached.not_restored:
            yield Notice("contact_reach.not_restored", {"number": reached.not_restored}, of)
        else:
            yield Notice("contact_reach.restored", {"number": number}, of)
    if reached.by_undo:
        yield Notice("contact_reach.changed_by_undo", {"number": reached.by_undo}, of)
    if reached.several_after:
        yield Notice("contact_reach.several_after", {"number": reached.several_after}, of)
    if reached.several_before:
        yield Notice("contact_reach.several_before", {"number": reached.several_before}, of)
