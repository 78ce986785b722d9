"""What is to be done with records as they are found: what is written, what stays, and what a person changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from segmenter.behaviours.company_of_lead import FIELD as COMPANY
from segmenter.behaviours.contact_of_lead import FILLED, LINK
from segmenter.behaviours.together import is_guard
from segmenter.execution.cells import Cell, Pending
from segmenter.execution.rules import Rules
from segmenter.odoo import values
from segmenter.plans.changes import Json
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet
from segmenter.resolving.shared_fields import ON_CONTACT

Row = Mapping[str, Json]


@dataclass(frozen=True)
class Verdict:
    """What is to be done with the records of a cell. ``ready``: what to write now; ``there``: what needs no write, and
    is not part of a conflict.

    ``differing``: changes that a person's edit forbids, each with the value that the record holds; ``held``: those that
    go with one of them. ``pins``: what is written along as it is, since Odoo would compute it anew.
    """

    cell: Cell
    ready: tuple[Pending, ...]
    there: tuple[Pending, ...] = ()
    differing: tuple[tuple[Pending, Json], ...] = ()
    held: tuple[tuple[Pending, Json], ...] = ()
    pins: tuple[tuple[str, Json], ...] = ()

    @property
    def records(self) -> RecordSet:
        return self.cell.records

    @property
    def record(self) -> int:
        """The record, of a verdict on a single one."""
        return int(self.cell.records[0])

    @property
    def arrived(self) -> bool:
        """Whether everything is as it is to be."""
        return not self.ready and not self.differing

    def of(self, records: RecordSet) -> Verdict:
        """The verdict on some of its records."""
        return replace(self, cell=self.cell.of(records))


def as_planned(cell: Cell, rules: Rules) -> Verdict:
    """The verdict on records that are known to hold what is expected, pins included."""
    ready = tuple(change for change in cell.changes if not change.pin)
    seen = {change.field: change.before for change in cell.changes}
    return Verdict(cell, ready, pins=_pins(cell, ready, seen, rules))


def judge(cell: Cell, row: Row, rules: Rules, *, by_field: bool) -> Verdict:
    """Compare the single record of a cell with what is expected of it. ``by_field``: one changed field does not keep
    the others from being written, but for those that go with it (undo); otherwise it does (apply)."""
    ready, there, differing = [], [], []
    for change in cell.changes:
        if change.pin:
            continue
        now = rules.current(change.field, row[change.field])
        if rules.same(change.field, now, change.before):
            ready.append(change)
        elif rules.same(change.field, now, change.after):
            there.append(change)
        elif by_field and _is_of_the_undo(change, now, cell, row, rules):
            ready.append(change)
        else:
            differing.append((change, now))
    going_with = {name for change in ready for name in rules.together.goes_with(change)}
    differing += [
        (change, row[change.field])
        for change in cell.changes
        if is_guard(change)
        and change.field in going_with
        and not rules.same(change.field, row[change.field], change.before)
    ]
    held: list[Pending] = []
    if by_field:
        ready, held = _held(ready, {change.field for change, _now in differing}, rules)
    else:
        # A value shared with other records may have arrived with one of them, by our own hand.
        half = [change for change in there if ready and change.field not in rules.shared]
        if differing or half:
            differing += [(change, rules.current(change.field, row[change.field])) for change in half]
            ready, there = [], [] if ready else there
    return Verdict(
        cell,
        tuple(ready),
        tuple(there),
        tuple(differing),
        tuple((change, rules.current(change.field, row[change.field])) for change in held),
        _pins(cell, ready, row, rules),
    )


def _is_of_the_undo(change: Pending, now: Json, cell: Cell, row: Row, rules: Rules) -> bool:
    """Whether an undo itself put there what is found of a lead that is to leave its contact.

    The undo of another lead of that contact handed on its e-mail or phone. Or one broke off half way: the lead has its
    e-mail and phone again, and no contact (see `calls`).
    """
    if change.field in ON_CONTACT:
        leaves = any(one.field == LINK and not one.pin and one.before == row[LINK] for one in cell.changes)
        return leaves and rules.came_by_undo(row[LINK], change.field, now)
    shared = [one for one in cell.changes if one.field in ON_CONTACT and not one.pin]
    there = all(rules.same(one.field, row[one.field], one.after) for one in shared)
    return change.field == LINK and now is None and bool(shared) and there


def _held(ready: Sequence[Pending], kept: set[str], rules: Rules) -> tuple[list[Pending], list[Pending]]:
    """What may be written although the fields ``kept`` are not, and what goes with one of them."""
    free, held = list(ready), list[Pending]()
    while bound := [change for change in free if not kept.isdisjoint(rules.together.goes_with(change))]:
        free = [change for change in free if change not in bound]
        held += bound
        kept = kept | {change.field for change in bound}
    return free, held


def _pins(cell: Cell, ready: Sequence[Pending], row: Row, rules: Rules) -> tuple[tuple[str, Json], ...]:
    """Of the fields that stay, those that Odoo would compute anew with what is written, as the record holds them."""
    if not ready or len(ready) == len(cell.changes):
        return ()
    written = {change.field: change.after for change in ready}
    stays = cell.fields - set(written)
    pins: dict[str, Json] = {}
    for name, with_ in rules.together.follows.items():
        if name not in stays or with_.isdisjoint(written | pins):
            continue
        if name == "stage_id" and not rules.together.stage_moves(row[name], (written | pins).get("team_id")):
            continue
        if name == "active" and (row[name] or not rules.together.revives(written.get("stage_id"))):
            continue
        if name in ON_CONTACT and (row[name] or not rules.together.empty_stays or written.get(LINK) is None):
            continue
        pins[name] = row[name]
    return tuple(pins.items())


def values_to_write(verdict: Verdict, rules: Rules) -> dict[str, Any]:
    """Wire values for what is ready, and the pins that go along."""
    written = {change.field: rules.wire(change.field, change.before, change.after) for change in verdict.ready}
    return written | {field: values.to_wire(rules.fields[field], value) for field, value in verdict.pins}


def alike(verdicts: Iterable[Verdict], rules: Rules) -> Iterator[tuple[dict[str, Any], list[Verdict]]]:
    """Verdicts that need the same call, with its values."""
    groups: dict[str, tuple[dict[str, Any], list[Verdict]]] = {}
    for verdict in verdicts:
        values = values_to_write(verdict, rules)
        groups.setdefault(canonical(values), (values, []))[1].append(verdict)
    yield from groups.values()


def calls(
    values: Mapping[str, Any],
    rules: Rules,
    *,
    backwards: bool,
    ours: Collection[str] = (),
    by_odoo: Collection[str] = (),
) -> list[dict[str, Any]]:
    """The writes that these values take. ``by_odoo``: fields that Odoo itself sets so with the others.

    A lead goes into the archive after it went to a won stage, or not at all. An undo that gives it a contact back
    writes e-mail and phone first, while it has none: the contact may hold others by now, and keeps them. ``ours``:
    those of which it holds what the run wrote; they are written with the contact, and go on to it.
    """
    first, then = {name: value for name, value in values.items() if name not in by_odoo}, dict[str, Any]()
    if values.get("active") is False and rules.together.revives(values.get("stage_id")):
        then["active"] = first.pop("active")
    if backwards and values.get(LINK) and any(values.get(name) for name in ON_CONTACT):
        first[LINK] = False
        then |= {name: values[name] for name in (LINK, *FILLED, COMPANY) if name in values}
        if rules.together.empty_stays:
            then |= {name: values[name] for name in ON_CONTACT if name in values and not values[name]}
        then |= {name: values[name] for name in ours}
    return [first, then] if then else [first]
