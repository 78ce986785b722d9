"""Fields whose write goes on to other records, and which ones those are. All of it measured on Odoo 14 and 19.

A lead's e-mail and phone are its contact's, and so those of every other lead of that contact. An address and what
identifies a company belong to the company and its contacts together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.conditions import any_of
from segmenter.i18n import _
from segmenter.odoo import values
from segmenter.odoo.pages import chunks
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
"""Fields that a spec may set only with `reaches_other_records: true`. A lead's ``partner_id`` rewrites the lead's own
e-mail, phone and address, and from then on these reach the new contact."""
UPWARD = frozenset({*ADDRESS, "vat"})
"""What a contact hands up to its company on Odoo 19, and perhaps before; on 14 it keeps it to itself."""
MOST_NAMES = 20


def unsaid(model: str, name: str) -> str:
    """Why a field is refused that a spec sets as if it were the record's alone."""
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

    ``lost``: those of them that an undo does not give their own value back, but the written record's, or none.
    ``torn``: contacts whose records the plan gives several values; ``mixed``: whose records hold several now.
    """

    field: str
    contacts: int
    leads: int
    names: tuple[str, ...]
    lost: int
    torn: int = 0
    mixed: int = 0


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
    goes_on = company == row["id"] or (name in UPWARD and shared and major >= COMPANY_TAKES_FROM_PERSON_SINCE)
    return company if goes_on and company else None


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
    others = list(_others(model, name, meetings, own, moved, reader))
    contacts = sum(one.is_contact for one in others)
    leads = len(others) - contacts
    lost = sum(not _comes_back(name, one) for one in others)
    names = [one.name for one in others[:MOST_NAMES]]
    torn = sum(len(meeting.after) > 1 for meeting in meetings.values())
    mixed = sum(len(meeting.before) > 1 for meeting in meetings.values())
    if not (others or torn or mixed):
        return None
    return Reached(name, contacts, leads, tuple(names), lost, torn, mixed)


@dataclass(frozen=True, slots=True)
class _Other:
    """A record that changes along: what it is called and holds now, and what it meets. ``missed``: it may be in the
    archive when an undo comes by, and a company hands on to contacts in use alone (measured on 14 and 19)."""

    is_contact: bool
    name: str
    value: Json
    meeting: Meeting
    missed: bool = False


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
    """Contacts whose leads are written. A lead that is emptied empties its contact on Odoo 14; on 19 it does not."""
    empties = reader.identity.major < EMPTY_STAYS_ON_LEAD_SINCE
    for row in _rows(reader, "res.partner", ("id",), list(meetings), ["display_name", name]):
        meeting = meetings[row["id"]]
        arriving = [one for one in meeting.after if one or empties]
        if any(_differ(reader, "res.partner", name, one, row[name]) for one in arriving):
            yield _Other(True, row["display_name"] or "", row[name], meeting)


def _leads(name: str, meetings: Mapping[int, Meeting], own: frozenset[int], reader: OdooReader) -> Iterator[_Other]:
    """Leads of these contacts; nothing empties them."""
    filled = [contact for contact, meeting in meetings.items() if any(meeting.after)]
    for row in _rows(reader, "crm.lead", ("partner_id",), filled, ["name", name, "partner_id"]):
        meeting = meetings[row["partner_id"]]
        arriving = [one for one in meeting.after if one and row["id"] not in own]
        if any(_differ(reader, "crm.lead", name, one, row[name]) for one in arriving):
            yield _Other(False, row["name"] or "", row[name], meeting)


def _relatives(
    name: str, meetings: Mapping[int, Meeting], own: frozenset[int], moved: frozenset[int], reader: OdooReader
) -> Iterator[_Other]:
    """A company and what is below it: an address is its contacts' too, companies or not; a number is no other's."""
    if name == OF_ALL_BELOW:
        yield from _below(name, meetings, moved, reader)
        return
    through = ("commercial_partner_id", "parent_id") if name in ADDRESS else ("commercial_partner_id",)
    wanted = ["display_name", name, "type", "commercial_partner_id", "parent_id"]
    for row in _rows(reader, "res.partner", through, list(meetings), wanted):
        meeting = next(meetings[row[one]] for one in through if row[one] in meetings)
        shares = name not in ADDRESS or row["type"] == "contact" or row["id"] in meetings
        arriving = meeting.after if shares and row["id"] not in own else ()
        if any(_differ(reader, "res.partner", name, one, row[name]) for one in arriving):
            yield _Other(True, row["display_name"] or "", row[name], meeting, missed=row["id"] in moved)


def _below(name: str, meetings: Mapping[int, Meeting], moved: frozenset[int], reader: OdooReader) -> Iterator[_Other]:
    """What is below these contacts, down to the last: a question for each level."""
    above, seen = dict(meetings), set(meetings)
    while above:
        rows = list(_rows(reader, "res.partner", ("parent_id",), list(above), ["display_name", name, "parent_id"]))
        below = {row["id"]: above[row["parent_id"]] for row in rows if row["id"] not in seen}
        for row in rows:
            if row["id"] in below and any(
                _differ(reader, "res.partner", name, one, row[name]) for one in below[row["id"]].after
            ):
                yield _Other(True, row["display_name"] or "", row[name], below[row["id"]], missed=row["id"] in moved)
        seen |= below.keys()
        above = below


def _comes_back(name: str, other: _Other) -> bool:
    """Whether an undo, which writes the records' values of before, leaves this other record as it is now."""
    empties = name in ADDRESS or name in COMMERCIAL
    return not other.missed and other.meeting.before == {other.value} and (bool(other.value) or empties)


def _differ(reader: OdooReader, model: str, name: str, one: Json, other: Json) -> bool:
    return not values.same(reader.fields(model)[name].type, one, other)


def _rows(
    reader: OdooReader, model: str, through: Sequence[str], ids: Sequence[int], fields: Sequence[str]
) -> Iterator[dict[str, Json]]:
    for some in chunks(ids):
        domain = any_of(*([(name, "in", some)] for name in through))
        yield from reader.search_read(model, domain, fields, archived=True)
