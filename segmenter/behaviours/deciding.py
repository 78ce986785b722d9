"""The steps in which a plan goes over the list of all behaviours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.behaviours import BEHAVIOURS
from segmenter.behaviours.behaviour import Behaviour, Cell, Intent, Reader, Tracking
from segmenter.behaviours.chatter import Chatter
from segmenter.notice import Notice
from segmenter.plans import Violation

TOLD = (
    *("automation_rules", "chatter", "last_move", "won_stage", "closing_date", "archiving", "assignment"),
    *("company_of_lead", "team_and_stage", "team_properties", "scoring", "display_order"),
    *("contact_of_lead", "company_of_contact", "contact_reach", "conversion"),
)
"""The modules in the order in which their notices are best told."""


def learn(intent: Intent, reader: Reader) -> tuple[Behaviour, ...]:
    """The behaviours that have to do with these records, with what they must know before the changes are made."""
    return tuple(behaviour.learn(intent, reader) for behaviour in BEHAVIOURS if intent.model in behaviour.MODELS)


def watched(behaviours: Sequence[Behaviour]) -> frozenset[str]:
    """The fields of the affected records that must be known, as far as the CRM has them."""
    return frozenset(name for behaviour in behaviours for name in behaviour.intent.known(behaviour.watches()))


def watched_if_set(behaviours: Sequence[Behaviour]) -> frozenset[str]:
    """Those of them that no behaviour needs the value of, nor the spec: only whether they hold anything."""
    if_set = frozenset(name for behaviour in behaviours for name in behaviour.watches_if_set())
    return if_set.difference(*(behaviour.intent.written for behaviour in behaviours))


def decide(cell: Cell, behaviours: Sequence[Behaviour]) -> None:
    """Add to a cell what is written along with its changes, then the guards by their names."""
    for behaviour in behaviours:
        for change in behaviour.along(cell):
            if change.field not in cell.written:
                cell.changes.append(change)
    guards = {pin.field: pin for behaviour in behaviours if behaviour.GUARDS for pin in behaviour.guards(cell)}
    cell.changes += [guards[name] for name in sorted(guards) if name not in cell.written]


@dataclass(frozen=True)
class Foreseen:
    """What comes with the changes of a plan. ``tracking``: whether its runs note their changes in the chatter;
    ``warnings``: what could not be done as the spec asks; ``refusals``: what stands against the plan."""

    tracking: Tracking
    notices: tuple[Notice, ...] = ()
    warnings: tuple[Notice, ...] = ()
    refusals: tuple[Violation, ...] = ()


def foresee(behaviours: Sequence[Behaviour], cells: Sequence[Cell], reader: Reader | None) -> Foreseen:
    """What the changes of these cells bring about. ``reader``: None where nobody can be asked."""
    looked = [behaviour.look(cells, reader) if reader is not None else behaviour for behaviour in behaviours]
    tracking: Tracking = next((chatter.tracking for chatter in looked if isinstance(chatter, Chatter)), "silent")
    looked.sort(key=lambda behaviour: TOLD.index(_module(behaviour)))
    return Foreseen(
        tracking,
        tuple(notice for behaviour in looked for notice in behaviour.notices(cells, tracking)),
        tuple(notice for behaviour in looked for notice in behaviour.warnings()),
        tuple(violation for behaviour in looked for violation in behaviour.refusals(cells)),
    )


def _module(behaviour: Behaviour) -> str:
    return type(behaviour).__module__.rpartition(".")[2]
