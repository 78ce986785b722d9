"""Fields that stand together, of all behaviours: what a run must know of them when it writes single records.

A plan keeps such a field beside its changes, as it is (a pin), so that a run looks at it: a person may have edited it
since. All of it measured on Odoo 14 and 19: tests/test_e2e_together.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

from segmenter.behaviours import BEHAVIOURS
from segmenter.behaviours.behaviour import LEADS, Others, Reader
from segmenter.behaviours.contact_of_lead import LINK
from segmenter.behaviours.reached import empty_stays
from segmenter.behaviours.settings import won_stages
from segmenter.behaviours.team_and_stage import Teams, stage_moves, stages_of_teams
from segmenter.behaviours.team_properties import FIELD
from segmenter.behaviours.won_stage import WON_LEAVES_ARCHIVE_SINCE
from segmenter.plans import FieldChange, Json

GUARDS = frozenset(name for behaviour in BEHAVIOURS for name in behaviour.GUARDS)
"""Fields whose pins are looked at for the sake of other fields, and not written. Two exceptions: ``active`` of an
archived lead, which a won stage would take out of the archive, and an empty e-mail or phone, which a contact would
fill."""

_LOOKED_AT = GUARDS | {FIELD}
"""The guards, and the properties of a team, which are written along: else the team's defaults would fill them."""


def is_guard(change: FieldChange) -> bool:
    """Whether a change only tells if other fields may be written."""
    return change.pin and change.field in _LOOKED_AT


def is_sure(change: FieldChange) -> bool:
    """Whether a change is written whatever the record holds. Of a pinned stage the server's teams decide."""
    return not change.pin or change.field not in (*_LOOKED_AT, "stage_id")


def follows(model: str) -> Others:
    """A field and those with which Odoo computes it anew. In this order: whether the stage would move depends on the
    team that is written."""
    return _merged(behaviour.FOLLOWS.get(model, {}) for behaviour in BEHAVIOURS)


def goes_with(model: str) -> Others:
    """A field and those with which it goes: not written where one of them holds what a person gave it."""
    return _merged(behaviour.GOES_WITH.get(model, {}) for behaviour in BEHAVIOURS)


def _merged(parts: Iterable[Others]) -> Others:
    whole: dict[str, frozenset[str]] = {}
    for part in parts:
        for name, others in part.items():
            whole[name] = whole.get(name, frozenset()) | others
    return whole


@dataclass(frozen=True)
class Together:
    """What stands together on the records of one model, on one server.

    ``ask_teams``, ``ask_won``: which stages are of certain teams alone, and which take a lead out of the archive; asked
    at most once, and only when it matters. ``empty_stays``: whether a lead may be without the e-mail or phone of its
    contact.
    """

    model: str
    ask_teams: Callable[[], Teams] = dict
    ask_won: Callable[[], Collection[int]] = frozenset
    empty_stays: bool = False

    @classmethod
    def of(cls, model: str, fields: Collection[str], reader: Reader) -> Self:
        """``fields``: those that the changes are about."""
        if model != LEADS:
            return cls(model)
        revives = reader.version >= WON_LEAVES_ARCHIVE_SINCE and {"stage_id", "active"} <= set(fields)
        return cls(
            model,
            partial(stages_of_teams, reader),
            partial(won_stages, reader) if revives else frozenset,
            empty_stays(reader.version),
        )

    @cached_property
    def follows(self) -> Others:
        return follows(self.model)

    @cached_property
    def _goes_with(self) -> Others:
        return goes_with(self.model)

    @cached_property
    def _teams(self) -> Teams:
        return self.ask_teams()

    @cached_property
    def _won(self) -> Collection[int]:
        return self.ask_won()

    def goes_with(self, change: FieldChange) -> frozenset[str]:
        """The fields that a person must not have changed, or this change is not written."""
        if change.field == LINK and change.after is None:
            # Without a contact nothing overwrites what the lead holds.
            return frozenset()
        return self._goes_with.get(change.field, frozenset())

    def stage_moves(self, stage: Json, team: Json) -> bool:
        """Whether Odoo would give another stage to a lead whose team is written."""
        return stage_moves(stage, team, self._teams if None not in (stage, team) else {})

    def revives(self, stage: Json) -> bool:
        """Whether going to this stage takes a lead out of the archive, even if it is told not to."""
        return stage is not None and stage in self._won
