"""What is to become of single records: which fields go from which value to which, and what is found instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from segmenter.conditions import Field
from segmenter.odoo import values
from segmenter.planning.model import Change, Json, Plan
from segmenter.planning.side_effects.reach import REACHES_OTHERS


@dataclass(frozen=True, slots=True)
class Step:
    """All changes of one record, in the direction of the run (an undo turns them round)."""

    record: int
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Terms:
    """What values mean in one run: field types, tags that are ours, ids of what the plan created (``refs``).

    ``shared``: fields whose write goes on to other records (`side_effects.reach`).
    """

    fields: Mapping[str, Field]
    owned: Mapping[str, frozenset[int]]
    refs: Mapping[int, int]
    shared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, plan: Plan, fields: Mapping[str, Field], refs: Mapping[int, int]) -> Terms:
        owned = {name: frozenset(refs.get(one, one) for one in ids) for name, ids in plan.owned.items()}
        known = {name: fields[name] for name in plan.field_types if name in fields}
        return cls(known, owned, refs, REACHES_OTHERS.get(plan.model, frozenset()))

    def value(self, field: str, value: Json) -> Json:
        """A planned value with the ids that the server gave to what the plan created."""
        if not self.refs or self.fields[field].relation is None:
            return value
        return (
            sorted(self.refs.get(one, one) for one in value) if isinstance(value, list) else self.refs.get(value, value)
        )

    def current(self, field: str, value: Json) -> Json:
        """A value read from the server, of tags those alone that are ours."""
        return sorted(self.owned[field].intersection(value)) if isinstance(value, list) else value

    def same(self, field: str, a: Json, b: Json) -> bool:
        return values.same(self.fields[field].type, a, b)

    def wire(self, field: str, now: Json, wanted: Json) -> Any:
        """What `write` takes: a delta for tags, the value for anything else."""
        if isinstance(wanted, list):
            return values.delta(now, wanted)
        return values.to_wire(self.fields[field], wanted)


def steps(changes: Iterable[Change], terms: Terms, *, backwards: bool) -> Iterator[Step]:
    """One step a record from changes in order of record, negative ids resolved.

    A field that was deleted from Odoo since has nothing to put back; going forwards that has been refused before.
    """
    for record, some in groupby(changes, key=lambda change: change.record):
        turned = tuple(_turned(change, terms, backwards=backwards) for change in some if change.field in terms.fields)
        if turned:
            yield Step(record, turned[0].name, turned)


def _turned(change: Change, terms: Terms, *, backwards: bool) -> Change:
    before, after = terms.value(change.field, change.before), terms.value(change.field, change.after)
    if backwards:
        before, after = after, before
    # Not `replace`: this runs for every change of a plan, and that is four times slower.
    return Change(change.record, change.name, change.field, before, after, change.segmentation, change.segment)


GO_WITH = {"email_from": "partner_id", "phone": "partner_id"}
"""Fields of a lead that reach its contact: put back only together with that contact, never into another one."""


@dataclass(frozen=True)
class Verdict:
    """One record as it is found. ``ready``: what to write now; ``differing``: changes that a person's edit forbids."""

    step: Step
    ready: tuple[Change, ...]
    differing: tuple[tuple[Change, Json], ...]
    arrived: bool
    pins: tuple[tuple[str, Json], ...]


def judge(step: Step, row: Mapping[str, Json], terms: Terms, *, by_field: bool) -> Verdict:
    """Compare a record with what the plan saw. ``by_field``: one changed field does not keep the others from being
    written (undo); otherwise it does (apply)."""
    pins = tuple((change.field, row[change.field]) for change in step.changes if change.pin)
    ready, there, differing = [], [], []
    for change in step.changes:
        if change.pin:
            continue
        now = terms.current(change.field, row[change.field])
        if terms.same(change.field, now, change.before):
            ready.append(change)
        elif terms.same(change.field, now, change.after):
            there.append(change)
        else:
            differing.append((change, now))
    arrived = not ready and not differing
    kept = {change.field for change, _now in differing}
    held = [change for change in ready if GO_WITH.get(change.field) in kept]
    differing += [(change, terms.current(change.field, row[change.field])) for change in held]
    ready = [change for change in ready if change not in held]
    # A value shared with other records may have arrived with one of them, by our own hand.
    half = [change for change in there if ready and change.field not in terms.shared]
    if not by_field and (differing or half):
        differing += [(change, terms.current(change.field, row[change.field])) for change in half]
        ready = []
    return Verdict(step, tuple(ready), tuple(differing), arrived, pins)


def untouched(step: Step) -> Verdict:
    """The verdict on a record that is known to hold what the plan saw, pins included."""
    ready = tuple(change for change in step.changes if not change.pin)
    pins = tuple((change.field, change.before) for change in step.changes if change.pin)
    return Verdict(step, ready, (), arrived=False, pins=pins)


def values_to_write(verdict: Verdict, terms: Terms) -> dict[str, Any]:
    """Wire values for what is ready, and the pins that go with a new salesperson."""
    written = {change.field: terms.wire(change.field, change.before, change.after) for change in verdict.ready}
    if written:
        written |= {field: values.to_wire(terms.fields[field], value) for field, value in verdict.pins}
    return written


def fields_of(some: Sequence[Step]) -> list[str]:
    """Every field that these steps are about."""
    return sorted({change.field for step in some for change in step.changes})
