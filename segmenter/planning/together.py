"""Fields that stand together: what Odoo computes anew when another is written, and what is written only with another.

A plan keeps such a field beside its changes, as it is (`model.Change.pin`), so that a run looks at it: a person may
have edited it since. All of it measured on Odoo 14 and 19: tests/test_e2e_together.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segmenter.planning.linking import FILLED, LINK
from segmenter.planning.model import Change, Json
from segmenter.planning.side_effects.reach import ADDRESS, COMMERCIAL, ON_CONTACT

Others = Mapping[str, frozenset[str]]
"""Field -> other fields of the same record."""

FOLLOWS: Mapping[str, Others] = {
    "crm.lead": {
        "team_id": frozenset({"user_id", "type"}),
        "stage_id": frozenset({"user_id", "team_id", "type"}),
        "active": frozenset({"stage_id"}),
        "lead_properties": frozenset({"team_id"}),
        **dict.fromkeys((*FILLED, *ON_CONTACT), frozenset({LINK})),
    }
}
"""By model: a field and those with which Odoo computes it anew. Where it is not to become something else, it is written
along as it is found. In this order: whether the stage would move depends on the team that is written."""
GOES_WITH: Mapping[str, Others] = {
    "crm.lead": {
        **dict.fromkeys(ON_CONTACT, frozenset({LINK})),
        LINK: frozenset(ON_CONTACT),
        "stage_id": frozenset({"active"}),
        "team_id": frozenset({"lead_properties"}),
        "lead_properties": frozenset({"team_id"}),
        "probability": frozenset({"stage_id"}),
        "active": frozenset({"stage_id", "probability"}),
    },
    "res.partner": dict.fromkeys((*ADDRESS, *COMMERCIAL), frozenset({"parent_id"})),
}
"""By model: a field and those with which it goes: not written where one of them holds what a person gave it.

E-mail, phone and address would go on to another contact, and a contact overwrites those of its lead. A won stage takes
a lead out of the archive; and a lead that somebody moved on is not archived again. Another team takes the lead's
properties away, which are its own.
"""
GUARDS = frozenset({LINK, "parent_id", "active", *ON_CONTACT})
"""Fields of which a pin is looked at for the sake of others, and not written; save an ``active`` that says no, where a
won stage would take the lead out of the archive, and an e-mail or phone that is none, where a contact would fill it."""

_LOOKED_AT = GUARDS | {"lead_properties"}
"""Those, and one that `planning.properties` makes. It is written along, or the team's defaults would fill it."""


def is_guard(change: Change) -> bool:
    """Whether it only tells if others may be written."""
    return change.pin and change.field in _LOOKED_AT


def is_sure(change: Change) -> bool:
    """Whether it is written whatever else is found; of a stage that stays, the server's stages and teams decide."""
    return not change.pin or change.field not in (*_LOOKED_AT, "stage_id")


def guarding(model: str, written: Iterable[str]) -> frozenset[str]:
    """The guards of these fields."""
    others = GOES_WITH.get(model, {})
    return frozenset(name for one in written for name in others.get(one, ()) if name in GUARDS)


def guards(model: str, row: Mapping[str, Json], changes: Iterable[Change], names: Iterable[str]) -> Iterator[Change]:
    """Of the guards ``names``, those that these changes of a record go with, unless it is to change itself."""
    others = GOES_WITH.get(model, {})
    written = {change.field: change for change in changes if not change.pin}
    for name in sorted(names):
        reason = next((one for one in written.values() if name in others.get(one.field, ())), None)
        if reason and name in row and name not in written:
            yield Change(row["id"], reason.name, name, row[name], row[name], reason.segmentation, reason.segment)
