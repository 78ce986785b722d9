"""Whether the login is one made for this work, with no more rights than the work needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from segmenter.checking.findings import Finding, Level
from segmenter.errors import SegmenterError
from segmenter.i18n import _, ngettext
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import KEYS_EXPIRE_SINCE
from segmenter.resolving.mentions import segments_of
from segmenter.spec.model import Assign, Spec

ADMINISTRATORS = ("base.group_system", "base.group_erp_manager")
SOON = 30
"""Days before its end from which on a key is warned of: about as long as an engagement with its waits."""
MANAGER = "sales_team.group_sale_manager"


def work_user_findings(
    spec: Spec, reader: OdooReader, forced_reason: str | None, key_ends: date | None = None
) -> Iterator[Finding]:
    """Administrator, portal, a person's own login, keys that expire. ``key_ends``: as the client said."""
    yield from privileges(reader, forced_reason)
    yield from _dedicated(spec, reader)
    yield from _keys(reader, key_ends)


def privileges(reader: OdooReader, forced_reason: str | None) -> Iterator[Finding]:
    """Whether the login is an administrator's or a portal user's."""
    if any(reader.has_group(group) for group in ADMINISTRATORS):
        yield _refused(_("The login {login} is an administrator: far more than this work needs"), reader, forced_reason)
    elif not reader.has_group("base.group_user"):
        yield _refused(_("The login {login} is a portal user, not an internal one"), reader, forced_reason)
    elif reader.has_group(MANAGER):
        yield Finding(
            "note",
            "privileges",
            _("The work user is an administrator of Sales, which is needed to create stages and for nothing else"),
            _("the group Sales: all documents is enough otherwise"),
        )
    else:
        yield Finding("ok", "privileges", _("The work user is neither an administrator nor a portal user"))


def _refused(sentence: str, reader: OdooReader, forced_reason: str | None) -> Finding:
    text = sentence.format(login=reader.identity.login)
    if forced_reason:
        return Finding("warning", "privileges", text, _("forced: {reason}").format(reason=forced_reason))
    return Finding(
        "error",
        "privileges",
        text,
        _(
            "have a user made for this work with the group Sales: all documents, "
            "or say why it must be this one: --force-user REASON"
        ),
    )


def _dedicated(spec: Spec, reader: OdooReader) -> Iterator[Finding]:
    """Signs that the login is somebody's own."""
    login = reader.identity.login
    signs = []
    if login.casefold() in (spec.client.approver or "").casefold():
        signs.append(_("it is the login of whoever approves the result"))
    actions = [action for segment in segments_of(spec) for action in segment.actions]
    people = {str(person).casefold() for action in actions if isinstance(action, Assign) for person in action.people}
    if login.casefold() in people:
        signs.append(_("the spec gives it records to work on"))
    held = reader.count("crm.lead", [["user_id", "=", reader.identity.uid]]) if reader.may("crm.lead", "read") else 0
    if held:
        sentence = ngettext("{count} record of the CRM is assigned to it", "{count} records are assigned to it", held)
        signs.append(sentence.format(count=held))
    level: Level = "warning" if signs else "ok"
    if signs:
        yield Finding(
            level,
            "dedicated",
            _("The login {login} looks like a person's own: {signs}").format(login=login, signs="; ".join(signs)),
            _("have a user made for this work, so that the audit tells people and tool apart"),
        )
    else:
        yield Finding(level, "dedicated", _("Nothing says that {login} is a person's own login").format(login=login))


def _keys(reader: OdooReader, agreed: date | None) -> Iterator[Finding]:
    """When the key ends: as the server tells, else as the client said."""
    ends = _first_end(reader) or agreed
    if ends is not None:
        days = (ends - datetime.now(UTC).date()).days
        text = _("The work user's API keys expire; the first on {date}").format(date=ends.isoformat())
        level: Level = "warning" if days < SOON else "note"
        yield Finding(level, "keys", text, _("renew the key in time: runs stop when it expires"))
    elif reader.identity.major >= KEYS_EXPIRE_SINCE:
        text = _("API keys of this version expire, within 90 days as a rule")
        todo = _("ask when this one ends, and keep it: segmenter log add --kind access --until DATE")
        yield Finding("note", "keys", text, todo)


def _first_end(reader: OdooReader) -> date | None:
    """The day on which the first key of the work user ends; None if the server does not tell, or none ends."""
    if reader.identity.major < KEYS_EXPIRE_SINCE:
        return None
    try:
        keys = reader.search_read(
            "res.users.apikeys", [["user_id", "=", reader.identity.uid]], ["name", "expiration_date"]
        )
    except SegmenterError:
        keys = []  # the work user may not see its own keys: the general note has to do
    return min((date.fromisoformat(str(end)[:10]) for key in keys if (end := key["expiration_date"])), default=None)
