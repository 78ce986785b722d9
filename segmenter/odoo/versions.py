"""What differs between the versions of Odoo that we know, in one place.

What a server can be asked is asked, never guessed from its number: an upgrade or a module of the client's may have
moved it. The number decides only where nothing can be asked. ``docs/compatibility.md`` shows what 14 and 19 do, row by
row, each held against live servers, and what was measured on Odoo 15 to 18, 2026-11-30; here is where the code holds
it. Of what nobody measured between, the screens and how a list of amounts is sent, the older way is taken that works on
both, or Odoo's sources tell.

| what | on 14 | on 19 | how it is known |
|---|---|---|---|
| names of fields | ``old`` of `RENAMED` | ``new`` of `RENAMED` | asked: ``fields_get`` tells which one is there |
| types of fields | text | html, some | asked: ``fields_get`` |
| path of a related field | a list | a text with dots | `odoo.values` reads both |
| rights on a model | ``check_access_rights`` | ``has_access`` too | asked: `OdooReader.may` |
| groups of a user | ``has_group(xmlid)`` | ``has_group([uid], xmlid)`` | asked: `OdooReader.has_group` |
| counting by the server | ``read_group`` | ``formatted_read_group`` too | asked: `odoo.groups` |
| a shared favourite | ``user_id`` empty | ``user_ids`` empty | asked: the field's name |
| favourites that differ in capitals | one, the second is refused | two | number |
| the user's language and zone | ``context_get`` fails | it works | the user's own record is read on both |
| end of API keys | never | ``expiration_date`` | number: `KEYS_EXPIRE_SINCE` |
| what is done when records change | before the constants ``..._SINCE`` | since them | number: `behaviours` |
| silence of a write | the same keys for all | one that a version does not know does nothing | `odoo.writer` |
| words of the screens | `by_hand.OLD` | `by_hand.NEW` | number: `checking.by_hand`, `reports.guide` |
| addresses of records | ``/web#id=`` | ``/odoo/`` | number, kept in the plan: `reports.links` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from segmenter.errors import UnknownCall

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

JSON_2_SINCE = 19
"""The version with which the wire JSON-2 came."""
XML_RPC_GOES = (22, 0)
XML_RPC_GOES_ONLINE = (21, 1)
"""The versions of which Odoo announced that they have no XML-RPC: of Odoo, and of Odoo Online (``saas~21.1``)."""

KEYS_EXPIRE_SINCE = 18
"""Keys of salespeople end, within 90 days as a rule (measured on Odoo 15 to 18, 2026-11-30). A key that has no end may
also be of a user whose groups allow that, and the work user may not see its own keys: so it cannot be asked."""

FAVOURITES_TELL_CAPITALS_SINCE = 18
"""Two shared favourites may differ in capitals alone; before, Odoo refuses the second (measured on Odoo 16 to 18,
2026-11-30; on 14 and 19 by the live tests; 15 is taken to be alike)."""


def has_xml_rpc(version: str) -> bool:
    """Whether a version of Odoo (``19.0``, ``saas~19.2``) is to be asked over XML-RPC."""
    major, minor = ([int(digits) for digits in re.findall(r"\d{1,3}", version)[:2]] + [0, 0])[:2]
    return (major, minor) < (XML_RPC_GOES_ONLINE if version.startswith("saas") else XML_RPC_GOES)


def other_names(model: str, field: str) -> tuple[str, ...]:
    """What a field may be called on another version."""
    pairs = [(renamed.old, renamed.new) for renamed in RENAMED if renamed.model == model]
    return tuple(other for pair in pairs if field in pair for other in pair if other != field)


Answer = TypeVar("Answer")


class Probe:
    """Remembers, for one session, which of several calls the server knows."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def ask(self, question: str, *ways: Callable[[], Answer]) -> Answer:
        """Tries the ways in turn; the first that works is used for all later calls of the same ``question``.

        Raises whatever a way raises, except for `UnknownCall` of any way but the last.
        """
        settled = self._known.get(question)
        if settled is not None:
            return ways[settled]()
        last = len(ways) - 1
        for number, way in enumerate(ways[:last]):
            try:
                answer = way()
            except UnknownCall:
                continue
            self._known[question] = number
            return answer
        answer = ways[last]()
        self._known[question] = last
        return answer
