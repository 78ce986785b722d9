"""A lead and the contact that a plan gives it, by converting it or as a value: what else is written, so that it stays.

Odoo fills names and address of the lead from its new contact, and overwrites its e-mail and phone. The names and the
address are pinned as they are found. E-mail and phone are the contact's from then on, so they are written as changes to
what the contact holds: a plan shows them, nothing goes on to the contact, and an undo puts them back together with the
contact or not at all (`planning.together`). All measured: tests/test_e2e_contact.py, tests/test_e2e_conversion.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segmenter.conditions import Field
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import Effect, SetTo
from segmenter.planning.model import Change, Json
from segmenter.planning.side_effects.reach import ON_CONTACT

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
class Linking:
    """The contacts that a plan gives to leads, by id. ``fields``: what is looked at and may be written along; nothing
    where no lead gets a contact or loses one. ``moving``: e-mail or phone, where the spec itself writes it on leads: it
    goes on to contacts during the run, so what they hold by then is left to Odoo."""

    contacts: Mapping[int, Contact]
    fields: Mapping[str, Field]
    moving: frozenset[str] = frozenset()

    @classmethod
    def of(cls, model: str, effects: Iterable[Effect], linked: Iterable[Contact], reader: OdooReader) -> Linking:
        """``effects``: what the plan does to records; ``linked``: the contacts of those that it converts."""
        contacts = {contact.id: contact for contact in linked}
        if model != "crm.lead":
            return cls({}, {})
        effects = list(effects)
        moving = frozenset(effect.field.name for effect in effects if effect.field.name in ON_CONTACT)
        wanted = {effect.value for effect in effects if isinstance(effect, SetTo) and effect.field.name == LINK}
        if not wanted and not contacts:
            return cls({}, {})
        contacts |= _read(sorted(wanted - {None} - contacts.keys()), reader)
        known = reader.fields(model)  # an export need not have them
        fields = {name: known[name] for name in (LINK, *ON_CONTACT, *FILLED) if name in known}
        return cls(contacts, fields, moving)

    def changes(self, row: Mapping[str, Json], link: Change) -> Iterator[Change]:
        """What goes with the change ``link`` of a lead's contact: its e-mail and phone, and pins."""
        contact = self.contacts.get(link.after)
        for ours, theirs in ON_CONTACT.items():
            held = contact.holds.get(theirs) if contact else None
            if held and ours in row and ours not in self.moving and held != row[ours]:
                yield link.along(ours, row[ours], held)
        for name in FILLED:
            if name in row:
                yield link.along(name, row[name], row[name])


def _read(ids: list[int], reader: OdooReader) -> dict[int, Contact]:
    """These contacts. An export does not tell what they hold."""
    names = list(ON_CONTACT.values())
    if not ids or reader.identity.exported or not set(names) <= reader.fields("res.partner").keys():
        return {}
    return {
        row["id"]: Contact(row["id"], {name: row[name] for name in names})
        for row in reader.read("res.partner", ids, names)
    }
