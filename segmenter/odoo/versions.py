"""What differs between the versions of Odoo that we know, in one place.

What a server can be asked is asked, never guessed from its number: an upgrade or a module of the client's may have
moved it. The number decides only where nothing can be asked. ``docs/compatibility.md`` shows what 14 and 19 do, row by
row, each held against live servers; here is where the code holds it. When a thing changed in between was measured too,
on servers of 15 to 18; of what was not, the OpenUpgrade project's analyses of each version tell. A thing of which
neither does counts as new in 15: a plan then warns once too often, never once too little.

| what | on 14 | on 19 | how it is known |
|---|---|---|---|
| names of fields | ``old`` of `RENAMED` | ``new`` of `RENAMED` | asked: ``fields_get`` tells which one is there |
| types of fields | text | html, some | asked: ``fields_get`` |
| path of a related field | a list | a text with dots | `odoo.described` reads both |
| rights on a model | ``check_access_rights`` | ``has_access`` too | asked: `OdooReader.may` |
| groups of a user | ``has_group(xmlid)`` | ``has_group([uid], xmlid)`` | asked: `OdooReader.has_group` |
| counting by the server | ``read_group`` | ``formatted_read_group`` too | asked: `odoo.groups` |
| a shared favourite | ``user_id`` empty | ``user_ids`` empty | asked: the field's name |
| favourites that differ in capitals | one, the second is refused | two | number |
| the user's language and zone | ``context_get`` fails | it works | the user's own record is read on both |
| end of API keys | never | ``expiration_date`` | number: `KEYS_EXPIRE_SINCE` |
| what is done when records change | before the constants ``..._SINCE`` | since them | number |
| silence of a write | the same keys for all | one that a version does not know does nothing | `odoo.writer` |
| words of the screens | `by_hand.OLD` | `by_hand.NEW` | number: `odoo.by_hand`, `reports.guide` |
| addresses of records | ``/web#id=`` | ``/odoo/`` | number, kept in the plan: `reports.links` |
"""

from __future__ import annotations

from dataclasses import dataclass

OLDEST = 14
KNOWN_VERSIONS = range(OLDEST, 20)
"""The versions that this tool is tested or read to work with."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A field that has another name ``since`` a version. Its type may differ too: one team became several."""

    model: str
    old: str
    new: str
    since: int


RENAMED = (
    Renamed("crm.lead", "lost_reason", "lost_reason_id", 16),
    Renamed("crm.lead", "date_action_last", "date_automation_last", 17),
    Renamed("crm.stage", "team_id", "team_ids", 19),
    Renamed("ir.filters", "user_id", "user_ids", 19),
    Renamed("res.users", "groups_id", "group_ids", 19),
)

KEYS_EXPIRE_SINCE = 18
"""Keys of salespeople end, within 90 days as a rule. A key that has no end may also be of a user whose groups allow
that, and the work user may not see its own keys: so it cannot be asked."""

FAVOURITES_TELL_CAPITALS_SINCE = 18
"""Two shared favourites may differ in capitals alone; before, Odoo refuses the second (measured, 14 to 19)."""

# What a server does when records change: it does not tell, so the number decides.
CLOSING_DATE_LEAVES_SINCE = 16
"""A closed lead that goes to a stage that is not won loses its closing date; before, it keeps it."""
WON_LEAVES_ARCHIVE_SINCE = 19
"""A lead that goes to a won stage comes out of the archive; before, it stays there."""
STAGE_FOLLOWS_TEAM_SINCE = 19
"""A lead whose new team does not have its stage goes to that team's first one; before, it stays."""
COMPANY_FOLLOWS_SALESPERSON_SINCE = 15
"""A lead of no company gets its salesperson's; before, every lead has a company from the start."""
SCORING_READS_LANGUAGE_SINCE = 15
"""The lead scoring looks at the language too, as it comes."""
NOTES_MAIL_SINCE = 16
"""Subscribers are mailed of what is tracked; before, a key of the context makes it a note that mails nobody."""
COMPANY_TAKES_FROM_PERSON_SINCE = 19
"""Some fields of a contact go up to its company when written; before, they only come down."""
MOVE_DATE_STAYS_SINCE = 16
"""Writing its team leaves a lead the date of its last move; before, that becomes the moment of the write."""
ACTIVITIES_STAY_SINCE = 19
"""Archiving a record leaves what is planned on it; before, it deletes that."""
EMPTY_STAYS_ON_LEAD_SINCE = 18
"""Emptying a lead's e-mail or phone leaves its contact's; before, it empties that too."""


def other_names(model: str, field: str) -> tuple[str, ...]:
    """What a field may be called on another version."""
    pairs = [(one.old, one.new) for one in RENAMED if one.model == model]
    return tuple(other for pair in pairs if field in pair for other in pair if other != field)
