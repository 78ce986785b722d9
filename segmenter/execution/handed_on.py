"""E-mail and phone of leads that share contacts: in which order an undo gives them back, and what is of its own hand.

A write on a lead goes on to its contact, and from there to the other leads of the contact. Where a plan gives some of
these leads another contact as well, it depends on the order what a lead holds when its turn comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.behaviours.contact_of_lead import LINK
from segmenter.execution.cells import PendingSets, cells_of
from segmenter.plans.changes import Json
from segmenter.record_set import union
from segmenter.resolving.shared_fields import ON_CONTACT

Place = tuple[Json, str]
"""A contact, and the field of its leads that is shared with it."""


@dataclass(frozen=True)
class HandedOn:
    """What the leads of one plan hand on to their contacts: ``by_run``, ``by_undo``."""

    by_run: Mapping[Place, list[Json]] = field(default_factory=dict)
    by_undo: Mapping[Place, list[Json]] = field(default_factory=dict)

    @classmethod
    def of(cls, backwards: PendingSets) -> HandedOn:
        """``backwards``: the changes of the plan in the direction of an undo, with their pins."""
        by_run, by_undo = defaultdict[Place, list[Json]](list), defaultdict[Place, list[Json]](list)
        looked_at = [(records, change) for records, change in backwards if change.field in (LINK, *ON_CONTACT)]
        for cell in cells_of(looked_at):
            link = next((change for change in cell.changes if change.field == LINK), None)
            for change in cell.changes if link else ():
                if link and change.field != LINK and not change.pin:
                    by_run[link.before, change.field].append(change.before)
                    by_undo[link.after, change.field].append(change.after)
        return cls(by_run, by_undo)


def in_turns(pending: PendingSets) -> list[PendingSets]:
    """An undo in two turns: last come the leads that get a contact back.

    Odoo gives them the e-mail and phone that the contact holds by then, and the other leads of that contact have given
    it its own back.
    """
    linked = (some for some, change in pending if change.field == LINK and not change.pin and change.after is not None)
    last = union(linked)
    first = [(some - last, change) for some, change in pending if some - last]
    then = [(some & last, change) for some, change in pending if some & last]
    return [turn for turn in (first, then) if turn]
