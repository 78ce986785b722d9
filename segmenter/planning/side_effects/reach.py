"""Fields whose write goes on to other records, and which ones those are. All of it measured on Odoo 14 and 19.

A lead's e-mail and phone are its contact's, and so those of every other lead of that contact. An address and what
identifies a company belong to the company and its contacts together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.conditions import any_of
from segmenter.i18n import _
from segmenter.odoo import values
from segmenter.odoo.questions import MOST_IDS, chunks
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import COMPANY_TAKES_FROM_PERSON_SINCE, EMPTY_STAYS_ON_LEAD_SINCE
from segmenter.planning.model import Json

ON_CONTACT = {"email_from": "email", "phone": "phone"}
"""Fields of a lead, and what its contact calls them."""
ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
COMMERCIAL = ("vat", "company_id", "company_registry", "industry_id", "credit_limit")
OF_ALL_BELOW = "company_id"
"""Goes down to every contact below, companies of their own too; what else is commercial stops at those (measured)."""
REACHES_OTHERS: Mapping[str, frozenset[str]] = {
    "crm.lead": frozenset({*ON_CONTACT, "partner_id"}),
    "res.partner": frozenset({*ON_CONTACT.values(), *ADDRESS, *COMMERCIAL}),
}
"""Fields that a spec may set only with `reaches_other_records: true`. With another ``partner_id`` a lead takes over the
e-mail and phone of that contact, and from then on these reach it (`planning.linking`)."""
UPWARD = frozenset({*ADDRESS, "vat"})
"""What a contact hands up to its company on Odoo 19, and perhaps before; on 14 it keeps it to itself."""
MOST_NAMES = 20


def unsaid(model: str, name: str) -> str:
    """Why a field is refused that a spec sets as if it were the record's alone."""
    if name == "partner_id":
        return _("With another {field} a lead takes over the e-mail and phone of that contact").format(field=name)
    if model == "crm.lead":
        return _("Writing {field} on a lead also changes its contact and the contact's other leads").format(field=name)
    return _("Writing {field} on a contact also changes its leads, or the other contacts of its company").format(
        field=name
    )


@dataclass
class Meeting:
    """What the plan writes at one contact, by however many of its records: the values after, and those before."""

    after: set[Json] = field(default_factory=set)
    before: set[Json] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Reached:
    """Other records that one field's write changes. ``names``: up to `MOST_NAMES`, contacts first.

    ``lost``: those of them that an undo does not give their own value back, but the written record's, or none;
    ``strayed``: others that hold what is written already, and that an undo gives the written record's value of before.
    ``torn``: contacts whose records the plan gives several values; ``mixed``: whose records hold several now.
    """

    field: str
    contacts: int
    leads: int
    names: tuple[str, ...]
    lost: int
    torn: int = 0
    mixed: int = 0
    strayed: int = 0


def key_of(model: str, name: str, row: Mapping[str, Json], major: int) -> int | None:
    """The contact through which the write of a field goes on: None when it stays with the record.

    ``row`` holds what `keys` names.
    """
    if model == "crm.lead":
        return row["partner_id"] or None
    if name in ON_CONTACT.values():
        return int(row["id"])
    if name == OF_ALL_BELOW:
        return int(row["id"])
    company = row["commercial_partner_id"]
    shared = name not in ADDRESS or row["type"] == "contact"
    reaches = company == row["id"] or (name in UPWARD and shared and major >= COMPANY_TAKES_FROM_PERSON_SINCE)
    return company if reaches and company else None


def empty_stays(reader: OdooReader) -> bool:
    """Whether a lead may be without the e-mail or phone of its contact: emptied, it leaves the contact's."""
    return reader.identity.major >= EMPTY_STAYS_ON_LEAD_SINCE


def goes_on(name: str, row: Mapping[str, Json], value: Json) -> bool:
    """Whether this value goes on: a tax number that is taken from a contact is not taken from its company."""
    return bool(value) or name != "vat" or row["commercial_partner_id"] == row["id"]


def keys(model: str) -> tuple[str, ...]:
    """The fields that `key_of` needs."""
    return ("partner_id",) if model == "crm.lead" else ("commercial_partner_id", "type")


def reached(
    model: str,
    name: str,
    meetings: Mapping[int, Meeting],
    own: frozenset[int],
    moved: frozenset[int],
    reader: OdooReader,
) -> Reached | None:
    """The others of one field; ``own``: records on which the plan itself writes it; ``moved``: those that it archives
    or brings back. A question per portion of the contacts, and kind of record."""
    if name == "partner_id" or not meetings:
        return None
    found = list(_others(model, name, meetings, own, moved, reader))
    others = [one for one in found if one.changes]
    strayed = len(found) - len(others)
    contacts = sum(one.is_contact for one in others)
    leads = len(others) - contacts
    lost = sum(not _comes_back(name, one) for one in others)
    names = [one.name for one in others[:MOST_NAMES]]
    torn = sum(len(meeting.after) > 1 for meeting in meetings.values())
    mixed = sum(len(meeting.before) > 1 for meeting in meetings.values())
    if not (others or torn or mixed or strayed):
        return None
    return Reached(name, contacts, leads, tuple(names), lost, torn, mixed, strayed)


@dataclass(frozen=True, slots=True)
class _Other:
    """A record that changes along: what it is called and holds now, and what it meets. ``changes``: with the run, and
    not with its undo alone. ``missed``: it may be in the archive when an undo comes by, and a company hands on to
    contacts in use alone (measured on 14 and 19)."""

    is_contact: bool
    name: str
    value: Json
    meeting: Meeting
    changes: bool
    missed: bool = False


@dataclass(frozen=True, slots=True)
class _Field:
    """A field as other records have it."""

    model: str
    name: str
    reader: OdooReader

    def met(
        self, row: Mapping[str, Json], meeting: Meeting, passes: Callable[[Json], bool], *, missed: bool = False
    ) -> Iterator[_Other]:
        """The record of this row, if the run or its undo changes it. ``passes``: whether a value gets to it."""
        value = row[self.name]
        run, undo = (
            any(passes(one) and self._differs(one, value) for one in some) for some in (meeting.after, meeting.before)
        )
        if run or undo:
            called = row["name"] if self.model == "crm.lead" else row["display_name"]
            yield _Other(self.model == "res.partner", called or "", value, meeting, changes=run, missed=missed)

    def _differs(self, one: Json, other: Json) -> bool:
        return not values.same(self.reader.fields(self.model)[self.name].type, one, other)


def _others(
    model: str,
    name: str,
    meetings: Mapping[int, Meeting],
    own: frozenset[int],
    moved: frozenset[int],
    reader: OdooReader,
) -> Iterator[_Other]:
    """Contacts first."""
    if model == "crm.lead":
        yield from _contacts(ON_CONTACT[name], meetings, reader)
        yield from _leads(name, meetings, own, reader)
    elif name in ON_CONTACT.values():
        ours = next(ours for ours, theirs in ON_CONTACT.items() if theirs == name)
        yield from _leads(ours, meetings, frozenset(), reader)
    else:
        yield from _relatives(name, meetings, own, moved, reader)


def _contacts(name: str, meetings: Mapping[int, Meeting], reader: OdooReader) -> Iterator[_Other]:
    """Contacts whose leads are written. A lead that is emptied empties its contact up to Odoo 17."""
    field, empties = _Field("res.partner", name, reader), not empty_stays(reader)
    for row in _rows(reader, "res.partner", ("id",), list(meetings), ["display_name", name]):
        yield from field.met(row, meetings[row["id"]], lambda one: bool(one) or empties)


def _leads(name: str, meetings: Mapping[int, Meeting], own: frozenset[int], reader: OdooReader) -> Iterator[_Other]:
    """Leads of these contacts; nothing empties them."""
    field = _Field("crm.lead", name, reader)
    filled = [contact for contact, meeting in meetings.items() if any(meeting.after | meeting.before)]
    for row in _rows(reader, "crm.lead", ("partner_id",), filled, ["name", name, "partner_id"]):
        if row["id"] not in own:
            yield from field.met(row, meetings[row["partner_id"]], bool)


def _relatives(
    name: str, meetings: Mapping[int, Meeting], own: frozenset[int], moved: frozenset[int], reader: OdooReader
) -> Iterator[_Other]:
    """A company and what is below it: an address is its contacts' too, companies or not; a number is no other's."""
    if name == OF_ALL_BELOW:
        yield from _below(name, meetings, moved, reader)
        return
    field = _Field("res.partner", name, reader)
    through = ("commercial_partner_id", "parent_id") if name in ADDRESS else ("commercial_partner_id",)
    wanted = ["display_name", name, "type", "commercial_partner_id", "parent_id"]
    for row in _rows(reader, "res.partner", through, list(meetings), wanted):
        meeting = next(meetings[row[one]] for one in through if row[one] in meetings)
        shares = name not in ADDRESS or row["type"] == "contact" or row["id"] in meetings
        if shares and row["id"] not in own:
            yield from field.met(row, meeting, lambda _value: True, missed=row["id"] in moved)


def _below(name: str, meetings: Mapping[int, Meeting], moved: frozenset[int], reader: OdooReader) -> Iterator[_Other]:
    """What is below these contacts, down to the last: a question for each level."""
    field, above, seen = _Field("res.partner", name, reader), dict(meetings), set(meetings)
    while above:
        rows = _rows(reader, "res.partner", ("parent_id",), list(above), ["display_name", name, "parent_id"])
        below: dict[int, Meeting] = {}
        for row in rows:
            if row["id"] not in seen:
                below[row["id"]] = above[row["parent_id"]]
                yield from field.met(row, below[row["id"]], lambda _value: True, missed=row["id"] in moved)
        seen |= below.keys()
        above = below


def of_another_company(contacts: Sequence[int], reader: OdooReader) -> int:
    """How many are below these, and so of another company once these become one, or are none any more."""
    seen, above = set(contacts), set(contacts)
    while above:
        rows = _rows(reader, "res.partner", ("parent_id",), sorted(above), ["is_company"])
        above = {row["id"] for row in rows if not row["is_company"]} - seen
        seen |= above
    return len(seen) - len(set(contacts))


def _comes_back(name: str, other: _Other) -> bool:
    """Whether an undo, which writes the records' values of before, leaves this other record as it is now."""
    empties = name in ADDRESS or name in COMMERCIAL
    return not other.missed and other.meeting.before == {other.value} and (bool(other.value) or empties)


def _rows(
    reader: OdooReader, model: str, through: Sequence[str], ids: Sequence[int], fields: Sequence[str]
) -> Iterator[dict[str, Json]]:
    for some in chunks(ids, MOST_IDS // len(through)):
        domain = any_of(*([(name, "in", some)] for name in through))
        yield from reader.search_read(model, domain, fields, archived=True)
