"""A lead and the contact that a plan gives it, by converting it or as a value: what else is written, so that it stays.

Odoo fills names and address of the lead from its new contact, and overwrites its e-mail and phone. The names and the
address are pinned as they are. E-mail and phone are the contact's from then on, so they are written as changes to what
the contact holds: a plan shows them, nothing goes on to the contact, and an undo puts them back together with the
contact or not at all. All measured: tests/test_e2e_contact.py, tests/test_e2e_conversion.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Intent, Reader, Tracking, number_of
from segmenter.notice import Notice
from segmenter.plans import ChangeSet, Json
from segmenter.resolving.effects import SetTo
from segmenter.resolving.shared_fields import ON_CONTACT

LINK = "partner_id"
FILLED = (
    *("contact_name", "partner_name", "function", "website", "lang_id", "mobile", "title"),
    *("street", "street2", "city", "zip", "state_id", "country_id"),
)
"""Fields of a lead that Odoo fills from a new contact, unless they are written too: pinned, so linking only links."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact to link; ``id`` is negative for one that the plan creates. ``holds``: its e-mail and phone."""

    id: int
    holds: Mapping[str, Json]


@dataclass(frozen=True)
class ContactOfLead(Behaviour):
    """The contacts that a spec sets as a value. ``links``: whether it sets any, or takes one away."""

    links: bool = False
    contacts: Mapping[int, Contact] = field(default_factory=dict)

    FOLLOWS: ClassVar = {LEADS: dict.fromkeys((*FILLED, *ON_CONTACT), frozenset({LINK}))}
    # A contact overwrites e-mail and phone of its lead.
    GOES_WITH: ClassVar = {LEADS: {LINK: frozenset(ON_CONTACT)}}
    GUARDS: ClassVar = frozenset(ON_CONTACT)

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        wanted = {effect.value for effect in intent.effects if isinstance(effect, SetTo) and effect.field.name == LINK}
        if not wanted:
            return cls(intent)
        return cls(intent, True, _read(sorted(wanted - {None}), intent, reader))

    def watches(self) -> Collection[str]:
        return shared_with_contact(self.intent) if self.links else ()

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        if link := cell.changed.get(LINK):
            yield from taken_over(cell, link, self.contacts.get(link.after), self.intent)

    def guards(self, cell: Cell) -> Iterator[ChangeSet]:
        """E-mail and phone, unless the spec writes them itself on leads: then they move during the run."""
        return (pin for pin in super().guards(cell) if pin.field not in moving(self.intent))

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        linked = [cell for cell in cells if LINK in cell.changed]
        written = moving(self.intent)
        apart = [cell for cell in linked if cell.changed[LINK].after and written <= cell.changed.keys()]
        if number := number_of(apart):
            yield Notice("contact_of_lead.taken_over", {"number": number})
        if number := number_of(cell for cell in linked if not written <= cell.changed.keys()):
            yield Notice("contact_of_lead.written_meanwhile", {"number": number})


def taken_over(cell: Cell, link: ChangeSet, contact: Contact | None, intent: Intent) -> Iterator[ChangeSet]:
    """What goes with the change ``link`` of a lead's contact: its e-mail and phone, and pins.

    E-mail or phone that the spec itself writes on leads go on to contacts during the run: what a contact holds by then
    is left to Odoo.
    """
    for ours, theirs in ON_CONTACT.items():
        held = contact.holds.get(theirs) if contact else None
        if held and ours in cell.row and ours not in moving(intent) and held != cell.row[ours]:
            yield cell.change(link, ours, cell.row[ours], held)
    for name in FILLED:
        if name in cell.row:
            yield cell.pin(link, name)


def moving(intent: Intent) -> frozenset[str]:
    """E-mail or phone, where the spec writes it on leads."""
    return intent.written & ON_CONTACT.keys()


def shared_with_contact(intent: Intent) -> tuple[str, ...]:
    """What is looked at, and may be written along, where a lead gets a contact or loses one."""
    return intent.known([LINK, *ON_CONTACT, *FILLED])


def _read(ids: list[int], intent: Intent, reader: Reader) -> dict[int, Contact]:
    """These contacts. An export does not tell what they hold."""
    names = list(ON_CONTACT.values())
    if not ids or intent.exported or not set(names) <= reader.fields(CONTACTS).keys():
        return {}
    rows = reader.read(CONTACTS, ids, names)
    return {row["id"]: Contact(row["id"], {name: row[name] for name in names}) for row in rows}
