"""What the limits of a spec are called, with the key that an override names."""

from __future__ import annotations

from segmenter.i18n import N_, _

_NAMES = {
    "changes": N_("records that change"),
    "overwrites": N_("values that are replaced"),
    "removed_tags": N_("tags that are lost"),
    "moved_stages": N_("changes of stage"),
    "portfolio": N_("share of the portfolio"),
    "new_contacts": N_("new contacts"),
    "expect": N_("what the client expects"),
    "examples": N_("the client's examples"),
    "rights": N_("rights of the work user"),
    "tracking": N_("notes in the chatter"),
    "odoo": N_("what Odoo would refuse"),
    "settling": N_("records that never come to rest"),
}


def limit_name(limit: str) -> str:
    """``values that are replaced (overwrites)``."""
    return _("{name} ({key})").format(name=_(_NAMES[limit]), key=limit) if limit in _NAMES else limit
