"""Leads into opportunities: what is written besides the type, and which contact each of them gets.

It is one plain write, and so undone to the field. Odoo's own `convert_opportunity` is not called: over XML-RPC it takes
a lead's contact away (Odoo 19 accepts no id there, and both count "none" as an order to empty it), moves the dates of
what is an opportunity already, and writes one record at a time. What it leaves of a lead without a contact is the same,
save that Odoo 14 sets an assignment date although nobody is assigned. All measured: tests/test_e2e_conversion.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from segmenter.behaviours.behaviour import CONTACTS, Behaviour, Cell, Intent, Reader, Tracking
from segmenter.behaviours.contact_of_lead import LINK, Contact, shared_with_contact, taken_over
from segmenter.notice import Notice
from segmenter.odoo.questions import chunks_of_texts
from segmenter.plans import ChangeSet, ConfigChange, Json
from segmenter.resolving.effects import ConvertLead, SetTo
from segmenter.resolving.shared_fields import ON_CONTACT

DATE = "date_conversion"
COPIED = ("phone", "mobile", "function", "street", "street2", "city", "zip", "state_id", "country_id")
"""What a new contact gets of the lead that it is made from, besides names and e-mail (the same name on both)."""
LEFT = ("unknown", "several", "nobody", "nameless")
"""Why a lead gets no contact although one was asked for: only the server can tell which, several contacts have its
e-mail, none has it, or it names nobody and has no e-mail."""


@dataclass(frozen=True)
class Conversion(Behaviour):
    """``converts``: whether any lead is converted. ``contacts``: lead -> the contact that it gets; ``created``: those
    of them that are created. ``left``: how many leads get none, by the reasons of `LEFT`."""

    converts: bool = False
    contacts: Mapping[int, Contact] = field(default_factory=dict)
    created: tuple[ConfigChange, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def learn(cls, intent: Intent, reader: Reader) -> Self:
        """Reads the leads that are to get a contact, and searches their e-mails among the contacts."""
        wanted = [(cell, effect) for cell in intent.cells if (effect := conversion_of(cell))]
        with_contact = [(cell, effect) for cell, effect in wanted if effect.customer != "none"]
        if not with_contact:
            return cls(intent, bool(wanted))
        if not {LINK, "email_normalized"} <= intent.fields.keys():
            # An export holds no contacts.
            return cls(intent, bool(wanted), left={"unknown": sum(len(cell.records) for cell, _effect in with_contact)})
        search = _Search(intent, reader)
        search.find(with_contact)
        return cls(intent, bool(wanted), search.contacts, tuple(search.created), search.left)

    def watches(self) -> Collection[str]:
        date = self.intent.known([DATE]) if self.converts else ()
        return (*date, *(shared_with_contact(self.intent) if self.contacts else ()))

    def splits(self) -> Sequence[Mapping[int, Hashable]]:
        return [{record: contact.id for record, contact in self.contacts.items()}] if self.contacts else []

    def creates(self) -> Sequence[ConfigChange]:
        return self.created

    def along(self, cell: Cell) -> Iterator[ChangeSet]:
        """The date of the conversion, and the contact with what comes along with it."""
        reason = cell.changed.get("type")
        if reason is None or not conversion_of(cell):
            return
        if DATE in cell.row:
            yield cell.change(reason, DATE, cell.row[DATE], self.intent.at)
        if LINK not in cell.written and (contact := self.contacts.get(cell.records.min())):
            link = cell.change(reason, LINK, cell.row[LINK], contact.id)
            yield link
            yield from taken_over(cell, link, contact, self.intent)

    def notices(self, cells: Sequence[Cell], tracking: Tracking) -> Iterator[Notice]:
        if self.converts:
            yield Notice("conversion.date")

    def warnings(self) -> Iterator[Notice]:
        """Leads that are converted without a contact although one was asked for, in numbers, by reason."""
        for reason in LEFT:
            if number := self.left.get(reason):
                yield Notice(f"conversion.{reason}", {"number": number})


def conversion_of(cell: Cell) -> ConvertLead | None:
    """How the leads of a cell are converted, if they are."""
    return next((effect for effect in cell.effects if isinstance(effect, ConvertLead)), None)


class _Search:
    """Finds the contact of each lead, or makes one."""

    def __init__(self, intent: Intent, reader: Reader) -> None:
        self._intent, self._reader, self._next_ref = intent, reader, intent.first_ref
        self.contacts: dict[int, Contact] = {}
        self.created: list[ConfigChange] = []
        self.left: Counter[str] = Counter()

    def find(self, wanted: Sequence[tuple[Cell, ConvertLead]]) -> None:
        how = {record: (cell, effect) for cell, effect in wanted for record in cell.records}
        asked = ("type", "active", "probability", LINK, "email_normalized", "email_from", "contact_name")
        names = self._intent.known([*asked, "partner_name", *COPIED])
        leads = []
        for row in self._reader.read(self._intent.model, sorted(how), names):
            cell, effect = how[row["id"]]
            if not row[LINK] and effect.wants(row):
                # What the spec writes on a lead reaches its contact: a new one holds it from the start.
                leads.append({**row, **_set_by_spec(cell)})
        # One that the spec gives a contact itself needs none.
        leads = [row for row in leads if not row[LINK]]
        emails = {str(row["email_normalized"]) for row in leads if row.get("email_normalized")}
        known = _by_email(sorted(emails), self._reader)
        for row in leads:
            email = row.get("email_normalized")
            contacts = known.get(email, []) if email else []
            if len(contacts) == 1:
                self.contacts[row["id"]] = contacts[0]
            elif contacts:
                self.left["several"] += 1
            elif how[row["id"]][1].customer == "link":
                self.left["nobody"] += 1
            elif (made := self._create(row)) is None:
                self.left["nameless"] += 1
            else:
                self.contacts[row["id"]] = made
                if email:
                    # The next lead of this e-mail is of the same person.
                    known[email] = [made]

    def _create(self, row: Mapping[str, Json]) -> Contact | None:
        """A contact made of what the lead says; None when it says not even a name or an e-mail."""
        person, company = row.get("contact_name"), row.get("partner_name")
        name = person or company or row.get("email_from")
        if not name:
            return None
        fields = self._reader.fields(CONTACTS)
        after: dict[str, Json] = {
            "name": name,
            "is_company": bool(company and not person),
            "email": row.get("email_from"),
        }
        if person and company:
            after["company_name"] = company
        after |= {name: row[name] for name in COPIED if row.get(name) and name in fields}
        ref = self._next_ref
        self._next_ref -= 1
        self.created.append(ConfigChange(ref, CONTACTS, str(name), after))
        return Contact(ref, {theirs: after.get(theirs) for theirs in ON_CONTACT.values()})


def _set_by_spec(cell: Cell) -> dict[str, Json]:
    return {effect.field.name: effect.value for effect in cell.effects if isinstance(effect, SetTo)}


def _by_email(emails: Sequence[str], reader: Reader) -> dict[str, list[Contact]]:
    """The contacts in use that have one of these (normalised) e-mails."""
    contacts: dict[str, list[Contact]] = {}
    for portion in chunks_of_texts(emails):
        domain = [("email_normalized", "in", portion)]
        for row in reader.search_read(CONTACTS, domain, ["email_normalized", *ON_CONTACT.values()]):
            holds = {theirs: row[theirs] for theirs in ON_CONTACT.values()}
            contacts.setdefault(str(row["email_normalized"]), []).append(Contact(row["id"], holds))
    return contacts
