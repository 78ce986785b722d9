"""Which other records change when a field is written that records share, and which of them an undo gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Reader
from segmenter.behaviours.contact_of_lead import LINK
from segmenter.behaviours.related import rows_through
from segmenter.odoo import values
from segmenter.plans import Json
from segmenter.record_set import RecordSet
from segmenter.resolving.shared_fields import ADDRESS, COMMERCIAL, OF_ALL_BELOW, ON_CONTACT

EMPTY_STAYS_ON_LEAD_SINCE = 18
"""Emptying a lead's e-mail or phone leaves its contact's; before, it empties that too (measured on Odoo 15 to 18,
2026-11-30; on 14 and 19 by the live tests)."""


def empty_stays(version: int) -> bool:
    """Whether a lead may be without the e-mail or phone of its contact: emptied, it leaves the contact's."""
    return version >= EMPTY_STAYS_ON_LEAD_SINCE


@dataclass
class Shared:
    """What the plan writes at one contact, by however many of its records: the values after, and those before."""

    after: set[Json] = field(default_factory=set)
    before: set[Json] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Other:
    """A record that changes along: what it is called and holds now, and what is written at its contact.

    ``changes``: with the run, and not with its undo alone. ``missed``: it may be in the archive when an undo comes by,
    and a company hands on to contacts in use alone (measured on 14 and 19).
    """

    is_contact: bool
    name: str
    value: Json
    shared: Shared
    changes: bool
    missed: bool = False

    def comes_back(self, name: str) -> bool:
        """Whether an undo, which writes the records' values of before, leaves it as it is now."""
        empties = name in ADDRESS or name in COMMERCIAL
        return not self.missed and self.shared.before == {self.value} and (bool(self.value) or empties)


@dataclass(frozen=True)
class OtherRecords:
    """The other records of one field. ``shared``: by contact; ``own``: records on which the plan itself writes the
    field; ``archiving``: those that it archives or brings back. A question per portion of the contacts, and kind of
    record."""

    model: str
    name: str
    shared: Mapping[int, Shared]
    own: RecordSet
    archiving: RecordSet
    reader: Reader

    def records(self) -> Iterator[Other]:
        """Contacts first."""
        if self.model == LEADS:
            yield from self._contacts(ON_CONTACT[self.name])
            yield from self._leads(self.name, self.own)
        elif self.name in ON_CONTACT.values():
            ours = next(ours for ours, theirs in ON_CONTACT.items() if theirs == self.name)
            yield from self._leads(ours, RecordSet())
        elif self.name == OF_ALL_BELOW:
            yield from self._below()
        else:
            yield from self._relatives()

    def _contacts(self, name: str) -> Iterator[Other]:
        """Contacts whose leads are written. A lead that is emptied empties its contact up to Odoo 17."""
        empties = not empty_stays(self.reader.version)
        for row in rows_through(self.reader, CONTACTS, ("id",), sorted(self.shared), ["display_name", name]):
            yield from self._changing(CONTACTS, name, row, self.shared[row["id"]], lambda value: bool(value) or empties)

    def _leads(self, name: str, own: RecordSet) -> Iterator[Other]:
        """Leads of these contacts; nothing empties them."""
        filled = sorted(contact for contact, shared in self.shared.items() if any(shared.after | shared.before))
        for row in rows_through(self.reader, LEADS, (LINK,), filled, ["name", name, LINK]):
            if row["id"] not in own:
                yield from self._changing(LEADS, name, row, self.shared[row[LINK]], bool)

    def _relatives(self) -> Iterator[Other]:
        """A company and what is below it: an address is its contacts' too, companies or not; a number is no other's."""
        address = self.name in ADDRESS
        through: Sequence[str] = ("commercial_partner_id", "parent_id") if address else ("commercial_partner_id",)
        wanted = ["display_name", self.name, "type", "commercial_partner_id", "parent_id"]
        for row in rows_through(self.reader, CONTACTS, through, sorted(self.shared), wanted):
            shared = next(self.shared[row[link]] for link in through if row[link] in self.shared)
            takes = not address or row["type"] == "contact" or row["id"] in self.shared
            if takes and row["id"] not in self.own:
                yield from self._changing(CONTACTS, self.name, row, shared, lambda _value: True)

    def _below(self) -> Iterator[Other]:
        """What is below these contacts, down to the last: a question for each level."""
        above, seen = dict(self.shared), set(self.shared)
        while above:
            below: dict[int, Shared] = {}
            wanted = ["display_name", self.name, "parent_id"]
            for row in rows_through(self.reader, CONTACTS, ("parent_id",), sorted(above), wanted):
                if row["id"] not in seen:
                    below[row["id"]] = above[row["parent_id"]]
                    yield from self._changing(CONTACTS, self.name, row, below[row["id"]], lambda _value: True)
            seen |= below.keys()
            above = below

    def _changing(
        self, model: str, name: str, row: Mapping[str, Json], shared: Shared, passes: Callable[[Json], bool]
    ) -> Iterator[Other]:
        """The record of this row, if the run or its undo changes it. ``passes``: whether a value gets to it."""
        value, kind = row[name], self.reader.fields(model)[name].type
        run, undo = (
            any(passes(new) and not values.same(kind, new, value) for new in written)
            for written in (shared.after, shared.before)
        )
        if run or undo:
            called = row["name"] if model == LEADS else row["display_name"]
            missed = self.model == CONTACTS and model == CONTACTS and row["id"] in self.archiving
            yield Other(model == CONTACTS, called or "", value, shared, changes=run, missed=missed)
