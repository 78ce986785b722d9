"""What a server is, as far as its name and its version tell, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segmenter.address import parse_address
from segmenter.checking.findings import Finding
from segmenter.errors import ConnectionFailed
from segmenter.i18n import N_, _
from segmenter.odoo.hosts import BUILDS, kind_of
from segmenter.odoo.server import ServerIdentity
from segmenter.odoo.versions import KNOWN_VERSIONS

ASSUMED: Mapping[str, str] = {
    "CLOSING_DATE_LEAVES_SINCE": N_("a closed lead that goes to a stage that is not won loses its closing date"),
    "WON_LEAVES_ARCHIVE_SINCE": N_("an archived lead that goes to a won stage comes out of the archive"),
    "STAGE_FOLLOWS_TEAM_SINCE": N_("a lead whose new team does not have its stage goes to that team's first one"),
    "COMPANY_FOLLOWS_SALESPERSON_SINCE": N_("a lead of no company gets the company of its salesperson"),
    "SCORING_READS_LANGUAGE_SINCE": N_("the lead scoring looks at the language, as it comes"),
    "NOTES_MAIL_SINCE": N_("a change that is noted in the chatter mails whoever subscribed"),
    "COMPANY_TAKES_FROM_PERSON_SINCE": N_("address and tax number of a contact go up to its company as well"),
    "MOVE_DATE_STAYS_SINCE": N_("the date of a lead's last move stays when its team is written"),
    "ACTIVITIES_STAY_SINCE": N_("what is planned on a record stays when it is archived"),
    "EMPTY_STAYS_ON_LEAD_SINCE": N_("a contact keeps its e-mail and phone when those of its lead are emptied"),
    "FAVOURITES_TELL_CAPITALS_SINCE": N_("two shared favourites may differ in capitals alone"),
    "KEYS_EXPIRE_SINCE": N_("API keys expire"),
    "GROUPS_MANY_SINCE": N_("records can be counted by a field that holds several values"),
    "LISTS_AMOUNTS_SINCE": N_("the amounts of many records come in one list"),
    "PATHS_SINCE": N_("records have addresses below /odoo/"),
    "ZERO_LEAVES_CLOSING_DATE_SINCE": N_("a closed lead whose probability becomes 0 keeps its closing date"),
    "CONTACT_NOTES_COMPANY_SINCE": N_("another company or tax number of a contact is noted in the chatter"),
    "CONTACT_NOTES_ADDRESS_SINCE": N_("another name or address of a contact is noted in the chatter"),
    "OTHER_KEYS_SINCE": N_("keys for AI assistants do not log in"),
    "CUTS_SINCE": N_("long names of tags and favourites are cut on the screens"),
    "GEAR_SINCE": N_("the menu of a list is a gear"),
    "NEW_BUTTON_SINCE": N_("the button that makes a record is called New"),
    "NEW_WORDS_SINCE": N_("the screens have the words of that version"),
}
"""The constant that the code goes by -> what holds from its version on."""


def version_findings(identity: ServerIdentity) -> Iterator[Finding]:
    """Of a version that nobody tested: what is assumed of it, since it cannot be asked."""
    if identity.major in KNOWN_VERSIONS:
        return
    yield Finding(
        "warning",
        "server",
        _("This tool has not been tested with Odoo {version}").format(version=identity.version),
        _("try it on a copy of the database first"),
    )
    if identity.major > KNOWN_VERSIONS[-1]:
        for what in ASSUMED.values():
            text = _("Assumed, as on Odoo {newest}: {what}").format(newest=KNOWN_VERSIONS[-1], what=_(what))
            yield Finding("note", "assumed", text)


def host_findings(identity: ServerIdentity) -> Iterator[Finding]:
    """Odoo Online, Odoo.sh, or a host of its own; nothing of a CRM in memory."""
    try:
        address = parse_address(identity.url, allow_http=True)
    except ConnectionFailed:
        return
    host = kind_of(address, identity.database)
    if host == "online":
        yield Finding(
            "note",
            "host",
            _("By its name this is Odoo Online, which asks for about one call a second: everything takes longer"),
            _("the external API is part of its Custom plan alone; another pace is odoo.pace"),
        )
    elif host == "odoo_sh" and BUILDS in f".{address.host}":
        yield Finding(
            "warning",
            "host",
            _("By its name this is a build of Odoo.sh, a copy for trying things, and not what the client works in"),
            _("check the url: the client's own has no .dev in it"),
        )
    elif host == "odoo_sh":
        yield Finding("note", "host", _("By its name this is Odoo.sh: no limit on calls is known"))
    else:
        yield Finding("ok", "host", _("By its name a host of its own: no limit on calls is known"))
