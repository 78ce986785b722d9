"""What the spec asks of each record: decided once for all records that are in the same segments and hold the same.

No record is looked at by itself, save where people are to be given records in turn (`planning.loads`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmenter.behaviours.behaviour import Cell
from segmenter.conditions import Holding, compiled, domain
from segmenter.planning.places import Places
from segmenter.plans import ChangeSet, Json
from segmenter.portfolio import Column, alike
from segmenter.record_set import RecordSet
from segmenter.resolving.effects import ConvertLead, Effect, Give, SetProperty, SetTo
from segmenter.resolving.resolved import ResolvedSegmentation


@dataclass(frozen=True)
class Part:
    """What one segmentation does to a record: the reason that a change gives. ``positions``: of its segments."""

    segmentation: str
    segment: str
    positions: tuple[int, ...]
    effects: tuple[Effect, ...]

    def change(self, records: RecordSet, field: str, before: Json, after: Json) -> ChangeSet:
        """A change for this reason."""
        return ChangeSet(records, field, before, after, self.segmentation, self.segment)


@dataclass
class Affected:
    """Records that something changes on, all alike. ``acting``: the parts that do it; ``gives``: who is still to be
    given them, each with its part."""

    cell: Cell
    parts: tuple[Part, ...]
    acting: tuple[Part, ...]
    gives: tuple[tuple[Part, Give], ...] = ()

    def on(self, records: RecordSet, row: Mapping[str, Json]) -> Affected:
        """The same for a part of these records, of which more is known (``row``)."""
        changes = [replace(change, records=records) for change in self.cell.changes]
        cell = Cell(records, {**self.cell.row, **row}, self.cell.effects, changes)
        return Affected(cell, self.parts, self.acting, self.gives)


def find_affected(places: Sequence[Places], scope: RecordSet, columns: Mapping[str, Column]) -> list[Affected]:
    """The records that the spec changes. ``columns``: what they hold in every field that it writes or that decides on
    it. A record of which one of these could not be read is left alone."""
    owner = [(number, position) for number, placed in enumerate(places) for position in range(len(placed.taken))]
    sets = [taken for placed in places for taken in placed.taken]
    parts_of: dict[tuple[int, ...], tuple[Part, ...]] = {}
    tests = _Tests()
    affected: list[Affected] = []
    for same in alike(scope, sets, columns):
        if len(same.row) < len(columns):
            continue
        parts = parts_of.get(same.positions)
        if parts is None:
            taking: list[list[int]] = [[] for _placed in places]
            for at in same.positions:
                number, position = owner[at]
                taking[number].append(position)
            parts = _reviving(_part(placed.segmentation, taken) for placed, taken in zip(places, taking, strict=True))
            parts_of[same.positions] = parts
        cell = Cell(same.records, same.row, [effect for part in parts for effect in part.effects])
        if (found := _decide(parts, cell, tests)) is not None:
            affected.append(found)
    return affected


def refine(
    affected: Iterable[Affected],
    columns: Mapping[str, Column],
    splits: Sequence[Mapping[int, Json]] = (),
) -> Iterator[Affected]:
    """The same records in cells that are alike in more fields too. What could not be read is left alone."""
    for group in affected:
        for same in alike(group.cell.records, [], columns, splits):
            if len(same.row) == len(columns):
                yield group.on(same.records, same.row)


def change_sets(affected: Iterable[Affected]) -> tuple[ChangeSet, ...]:
    """The changes of all cells; those that are equal but for their records are put together.

    A record that goes through the sets in order gets its changes in the order in which they were decided.
    """
    records: dict[tuple[str, ...], RecordSet] = {}
    example: dict[tuple[str, ...], ChangeSet] = {}
    places: dict[str, int] = {}
    for group in affected:
        for place, change in enumerate(group.cell.changes):
            # By their text: True is not 1, and a list of tags is not hashable.
            key = (change.field, repr(change.before), repr(change.after), change.segmentation, change.segment)
            if key in records:
                records[key] |= change.records
            else:
                records[key], example[key] = RecordSet(change.records), change
            places[change.field] = max(place, places.get(change.field, 0))
    sets = [replace(change, records=records[key]) for key, change in example.items()]
    return tuple(sorted(sets, key=lambda change: places[change.field]))


def _part(segmentation: ResolvedSegmentation, positions: list[int]) -> Part:
    names = ", ".join(segmentation.segments[position].name for position in positions)
    return Part(segmentation.name, names, tuple(positions), tuple(segmentation.effects(positions)))


def _reviving(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts; what they take out of the archive, they convert too: a second plan would do it otherwise."""
    made = tuple(parts)
    effects = [effect for part in made for effect in part.effects]
    if not any(isinstance(effect, SetTo) and effect.field.name == "active" and effect.value for effect in effects):
        return made
    return tuple(
        replace(
            part,
            effects=tuple(
                effect.of_archived_too() if isinstance(effect, ConvertLead) else effect for effect in part.effects
            ),
        )
        for part in made
    )


def _decide(parts: tuple[Part, ...], cell: Cell, tests: _Tests) -> Affected | None:
    """What the effects do to these records, and which parts do it; None where nothing changes.

    One change a field: a tag field gathers what several segmentations do, and names them all.
    """
    before: dict[str, Json] = {}
    after: dict[str, Json] = {}
    reasons: dict[str, list[Part]] = {}
    gives: list[tuple[Part, Give]] = []
    effects = [(part, effect) for part in parts for effect in part.effects]
    for part, effect in effects:
        name = effect.field.name
        if name not in before:
            before[name] = after[name] = cell.row[name]
        now = after[name]
        if isinstance(effect, Give):
            if effect.wants(now):
                gives.append((part, effect))
            continue
        if isinstance(effect, ConvertLead):
            after[name] = "opportunity" if effect.wants(cell.row) else now
        elif isinstance(effect, SetProperty):
            after[name] = effect.after_in(now, cell.row)
        elif not (isinstance(effect, SetTo) and tests.hold(effect, now)):
            after[name] = effect.after(now)
        if after[name] != now:
            reasons.setdefault(name, []).append(part)
    for name, why in reasons.items():
        if after[name] != before[name]:
            cell.changes.append(_change(cell.records, name, before[name], after[name], why))
    changed = {change.field for change in cell.changes}
    acting = tuple(part for part in parts if any(part in reasons[name] for name in changed))
    return Affected(cell, parts, acting, tuple(gives)) if changed or gives else None


def _change(records: RecordSet, name: str, before: Json, after: Json, why: Sequence[Part]) -> ChangeSet:
    return ChangeSet(
        records,
        name,
        before,
        after,
        " + ".join(part.segmentation for part in why),
        " + ".join(part.segment for part in why),
    )


class _Tests:
    """Whether a field holds what it is set to already: a date on the day that is meant does, at whatever moment."""

    def __init__(self) -> None:
        self._known: dict[tuple[SetTo, str], bool] = {}

    def hold(self, effect: SetTo, value: Json) -> bool:
        """``value``: what the field holds."""
        if effect.holds is None:
            return False
        key = (effect, repr(value))
        if key not in self._known:
            test = compiled(domain(effect.holds), type_of=lambda _path: effect.field.type)
            self._known[key] = test(Holding(effect.field.name, value))
        return self._known[key]
