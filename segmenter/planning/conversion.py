"""Leads into opportunities: what is written besides the type, and which contact each of them gets.

It is one plain write, and so undone to the field. Odoo's own `convert_opportunity` is not called: over XML-RPC it takes
a lead's contact away (Odoo 19 accepts no id there, and both count "none" as an order to empty it), moves the dates of
what is an opportunity already, and writes one record at a time. What it leaves of a lead without a contact is the same,
save that Odoo 14 sets an assignment date although nobody is assigned. All measured: tests/test_e2e_conversion.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from segmenter.conditions import Field
from segmenter.i18n import NN_, _, ngettext
from segmenter.odoo.questions import chunks_of_texts
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import ConvertLead
from segmenter.planning.linking import LINK, Contact
from segmenter.planning.model import Change, ConfigChange, Json
from segmenter.planning.side_effects.reach import ON_CONTACT

DATE = "date_conversion"
COPIED = ("phone", "mobile", "function", "street", "street2", "city", "zip", "state_id", "country_id")
"""What a new contact gets of the lead that it is made from, besides names and e-mail (the same name on both)."""
LEFT = {
    "unknown": NN_(
        "{number} lead is to get a contact: which one, only the server can tell",
        "{number} leads are to get a contact: which one, only the server can tell",
    ),
    "several": NN_(
        "{number} lead is converted without a contact: several contacts have its e-mail",
        "{number} leads are converted without a contact: several contacts have their e-mail",
    ),
    "nobody": NN_(
        "{number} lead is converted without a contact: none has its e-mail",
        "{number} leads are converted without a contact: none has their e-mail",
    ),
    "nameless": NN_(
        "{number} lead is converted without a contact: it names nobody and has no e-mail",
        "{number} leads are converted without a contact: they name nobody and have no e-mail",
    ),
}
"""Why a lead gets no contact although one was asked for."""


Said = Callable[[int], Mapping[str, Json]]
"""What the spec sets on a record besides: field -> value."""


class Conversions:
    """The contacts of the leads that a plan converts. ``config``: those to create.

    ``left``: how many leads get none, by the reasons of `LEFT`. ``wanted``: lead -> how it is converted. Reads these
    leads, and searches their e-mails among the contacts.
    """

    def __init__(
        self,
        model: str,
        wanted: Mapping[int, ConvertLead],
        said: Said,
        reader: OdooReader,
        at: str,
        *,
        first_ref: int,
    ) -> None:
        """``at``: the moment of the conversion (UTC); ``first_ref``: the id of the first contact that is created."""
        self._at, self._next, self.wanted = at, first_ref, wanted
        self._fields: Mapping[str, Field] = reader.fields(model) if wanted else {}
        self.contacts: dict[int, Contact] = {}
        self.config: list[ConfigChange] = []
        self.left: Counter[str] = Counter()
        with_contact = {record: how for record, how in wanted.items() if how.customer != "none"}
        if with_contact and {LINK, "email_normalized"} <= set(self._fields):
            self._find(model, with_contact, said, reader)
        else:
            # An export holds no contacts.
            self.left["unknown"] = len(with_contact)

    def fields(self) -> dict[str, Field]:
        """The fields, beside the type and what goes with a contact, that a conversion of this plan can be about."""
        return {name: self._fields[name] for name in (DATE, "team_id") if name in self._fields}

    def changes(self, row: Mapping[str, Json], reason: Change) -> Iterator[Change]:
        """What goes with the change ``reason`` of a lead's type: its date and its contact."""
        if DATE in row:
            yield reason.along(DATE, row[DATE], self._at)
        if contact := self.contacts.get(reason.record):
            yield reason.along(LINK, row[LINK], contact.id)

    def warnings(self) -> Iterator[str]:
        """Leads that are converted without a contact although one was asked for, in numbers, by reason."""
        for reason, (one, many) in LEFT.items():
            if number := self.left[reason]:
                yield ngettext(one, many, number).format(number=number)

    def side_effects(self) -> Iterator[str]:
        """What comes with the conversions (measured)."""
        if self.wanted:
            yield _("A lead that becomes an opportunity gets the moment of this plan as its conversion date")

    def _find(self, model: str, wanted: Mapping[int, ConvertLead], said: Said, reader: OdooReader) -> None:
        asked = [LINK, "email_normalized", "email_from", "contact_name", "partner_name", *COPIED]
        names = [name for name in ("type", "active", "probability", *asked) if name in self._fields]
        rows = reader.read(model, sorted(wanted), names)
        # What the spec writes on a lead reaches its contact: a new one holds it from the start.
        leads = [{**row, **said(row["id"])} for row in rows if not row[LINK] and wanted[row["id"]].wants(row)]
        # And one that the spec gives a contact itself needs none.
        leads = [row for row in leads if not row[LINK]]
        there = _by_email(
            sorted({str(row["email_normalized"]) for row in leads if row.get("email_normalized")}), reader
        )
        for row in leads:
            email = row.get("email_normalized")
            found = there.get(email, []) if email else []
            if len(found) == 1:
                self.contacts[row["id"]] = found[0]
            elif found:
                self.left["several"] += 1
            elif wanted[row["id"]].customer == "link":
                self.left["nobody"] += 1
            elif (made := self._create(row, reader)) is None:
                self.left["nameless"] += 1
            else:
                self.contacts[row["id"]] = made
                if email:
                    # The next lead of this e-mail is of the same person.
                    there[email] = [made]

    def _create(self, row: Mapping[str, Json], reader: OdooReader) -> Contact | None:
        """A contact made of what the lead says; None when it says not even a name or an e-mail."""
        person, company = row.get("contact_name"), row.get("partner_name")
        name = person or company or row.get("email_from")
        if not name:
            return None
        known = reader.fields("res.partner")
        after: dict[str, Json] = {
            "name": name,
            "is_company": bool(company and not person),
            "email": row.get("email_from"),
        }
        if person and company:
            after["company_name"] = company
        after |= {field: row[field] for field in COPIED if row.get(field) and field in known}
        ref = self._next
        self._next -= 1
        self.config.append(ConfigChange(ref, "res.partner", str(name), after))
        return Contact(ref, {theirs: after.get(theirs) for theirs in ON_CONTACT.values()})


def _by_email(emails: Sequence[str], reader: OdooReader) -> dict[str, list[Contact]]:
    """The contacts in use that have one of these (normalised) e-mails."""
    found: dict[str, list[Contact]] = {}
    for some in chunks_of_texts(emails):
        domain = [("email_normalized", "in", some)]
        for row in reader.search_read("res.partner", domain, ["email_normalized", *ON_CONTACT.values()]):
            holds = {theirs: row[theirs] for theirs in ON_CONTACT.values()}
            found.setdefault(str(row["email_normalized"]), []).append(Contact(row["id"], holds))
    return found
