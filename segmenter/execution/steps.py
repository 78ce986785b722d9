"""What is to become of single records: which fields go from which value to which, and what is found instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from segmenter.conditions import Field
from segmenter.odoo import values
from segmenter.odoo.reader import OdooReader
from segmenter.planning.linking import FILLED, LINK
from segmenter.planning.model import Change, Json, Plan
from segmenter.planning.side_effects.reach import ON_CONTACT, REACHES_OTHERS, empty_stays
from segmenter.planning.staying import Staying
from segmenter.planning.together import FOLLOWS, GOES_WITH, Others, is_guard
from segmenter.planning.won import WonStages


@dataclass(frozen=True, slots=True)
class Step:
    """All changes of one record, in the direction of the run (an undo turns them round).

    ``quiet``: fields of which nothing is said where they hold something else: it was said before, and whether they were
    ever written is not known.
    """

    record: int
    name: str
    changes: tuple[Change, ...]
    quiet: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Terms:
    """What values mean in one run: field types, tags that are ours, ids of what the plan created (``refs``).

    ``staying``: which stages Odoo would move; ``won``: which take a lead out of the archive, None where nothing does;
    ``empty_stays``: whether a lead may be without the e-mail or phone of its contact.
    """

    model: str
    fields: Mapping[str, Field]
    owned: Mapping[str, frozenset[int]]
    refs: Mapping[int, int]
    staying: Staying = field(default_factory=Staying)
    won: WonStages | None = None
    empty_stays: bool = False

    @classmethod
    def of(cls, plan: Plan, reader: OdooReader, refs: Mapping[int, int]) -> Terms:
        fields = reader.fields(plan.model)
        owned = {name: frozenset(refs.get(one, one) for one in ids) for name, ids in plan.owned.items()}
        known = {name: fields[name] for name in plan.field_types if name in fields}
        won = WonStages(reader) if {"stage_id", "active"} <= known.keys() else None
        return cls(plan.model, known, owned, refs, Staying.of(plan.model, known, reader), won, empty_stays(reader))

    @property
    def shared(self) -> frozenset[str]:
        """Fields whose write goes on to other records."""
        return REACHES_OTHERS.get(self.model, frozenset())

    @property
    def follows(self) -> Others:
        """What Odoo computes anew with what."""
        return FOLLOWS.get(self.model, {})

    def goes_with(self, change: Change) -> frozenset[str]:
        """What a person must not have changed for this to be written."""
        if change.field == LINK and change.after is None:
            # Without a contact nothing overwrites what the lead holds.
            return frozenset()
        return GOES_WITH.get(self.model, {}).get(change.field, frozenset())

    def revives(self, stage: Json) -> bool:
        """Whether going to this stage takes a lead out of the archive."""
        return self.won is not None and self.won.revives(stage)

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


@dataclass(frozen=True)
class Verdict:
    """One record as it is found. ``ready``: what to write now; ``there``: what needs no write, and is not part of a
    conflict.

    ``differing``: changes that a person's edit forbids, each with what is found; ``held``: those that go with one of
    them. ``pins``: what is written along as it is found, since Odoo would compute it anew.
    """

    step: Step
    ready: tuple[Change, ...]
    there: tuple[Change, ...] = ()
    differing: tuple[tuple[Change, Json], ...] = ()
    held: tuple[tuple[Change, Json], ...] = ()
    pins: tuple[tuple[str, Json], ...] = ()

    @property
    def arrived(self) -> bool:
        """Whether everything is as it is to be."""
        return not self.ready and not self.differing


def judge(step: Step, row: Mapping[str, Json], terms: Terms, *, by_field: bool) -> Verdict:
    """Compare a record with what the plan saw. ``by_field``: one changed field does not keep the others from being
    written, but for those that go with it (undo); otherwise it does (apply)."""
    ready, there, differing = [], [], []
    for change in step.changes:
        if change.pin:
            continue
        now = terms.current(change.field, row[change.field])
        if terms.same(change.field, now, change.before):
            ready.append(change)
        elif terms.same(change.field, now, change.after):
            there.append(change)
        elif by_field and change.field == LINK and now is None and _is_half_way(step, row, terms):
            ready.append(change)
        else:
            differing.append((change, now))
    going_with = {name for change in ready for name in terms.goes_with(change)}
    differing += [
        (change, row[change.field])
        for change in step.changes
        if is_guard(change)
        and change.field in going_with
        and not terms.same(change.field, row[change.field], change.before)
    ]
    held: list[Change] = []
    if by_field:
        ready, held = _held(ready, {change.field for change, _now in differing}, terms)
    else:
        # A value shared with other records may have arrived with one of them, by our own hand.
        half = [change for change in there if ready and change.field not in terms.shared]
        if differing or half:
            differing += [(change, terms.current(change.field, row[change.field])) for change in half]
            ready, there = [], [] if ready else there
    return Verdict(
        step,
        tuple(ready),
        tuple(there),
        tuple(differing),
        tuple((change, terms.current(change.field, row[change.field])) for change in held),
        _pins(step, ready, row, terms),
    )


def _is_half_way(step: Step, row: Mapping[str, Json], terms: Terms) -> bool:
    """Whether an undo that broke off gave a lead without a contact its e-mail and phone back (see `calls`)."""
    shared = [change for change in step.changes if change.field in ON_CONTACT and not change.pin]
    return bool(shared) and all(terms.same(one.field, row[one.field], one.after) for one in shared)


def _held(ready: Sequence[Change], kept: set[str], terms: Terms) -> tuple[list[Change], list[Change]]:
    """What may be written although the fields ``kept`` are not, and what goes with one of them."""
    free, held = list(ready), list[Change]()
    while some := [change for change in free if not kept.isdisjoint(terms.goes_with(change))]:
        free = [change for change in free if change not in some]
        held += some
        kept = kept | {change.field for change in some}
    return free, held


def _pins(step: Step, ready: Sequence[Change], row: Mapping[str, Json], terms: Terms) -> tuple[tuple[str, Json], ...]:
    """Of the fields that stay, those that Odoo would compute anew with what is written, as they are found."""
    if not ready or len(ready) == len(step.changes):
        return ()
    written = {change.field: change.after for change in ready}
    stays = {change.field for change in step.changes} - set(written)
    pins: dict[str, Json] = {}
    for name, with_ in terms.follows.items():
        if name not in stays or with_.isdisjoint(written | pins):
            continue
        if name == "stage_id" and not terms.staying.moves(row[name], (written | pins).get("team_id")):
            continue
        if name == "active" and (row[name] or not terms.revives(written.get("stage_id"))):
            continue
        if name in ON_CONTACT and (row[name] or not terms.empty_stays or written.get(LINK) is None):
            continue
        pins[name] = row[name]
    return tuple(pins.items())


def untouched(step: Step, terms: Terms) -> Verdict:
    """The verdict on a record that is known to hold what the plan saw, pins included."""
    ready = tuple(change for change in step.changes if not change.pin)
    seen = {change.field: change.before for change in step.changes}
    return Verdict(step, ready, pins=_pins(step, ready, seen, terms))


def values_to_write(verdict: Verdict, terms: Terms) -> dict[str, Any]:
    """Wire values for what is ready, and the pins that go along."""
    written = {change.field: terms.wire(change.field, change.before, change.after) for change in verdict.ready}
    return written | {field: values.to_wire(terms.fields[field], value) for field, value in verdict.pins}


def calls(values: Mapping[str, Any], terms: Terms, *, backwards: bool) -> list[dict[str, Any]]:
    """The writes that these values take.

    A lead goes into the archive after it went to a won stage, or not at all. An undo that gives it a contact back
    writes e-mail and phone first, while it has none: the contact may hold others by now, and keeps them.
    """
    first, then = dict(values), dict[str, Any]()
    if values.get("active") is False and terms.revives(values.get("stage_id")):
        then["active"] = first.pop("active")
    if backwards and values.get(LINK) and any(values.get(name) for name in ON_CONTACT):
        first[LINK] = False
        then |= {name: values[name] for name in (LINK, *FILLED) if name in values}
        if terms.empty_stays:
            then |= {name: values[name] for name in ON_CONTACT if name in values and not values[name]}
    return [first, then] if then else [first]


def fields_of(some: Sequence[Step]) -> list[str]:
    """Every field that these steps are about."""
    return sorted({change.field for step in some for change in step.changes})
