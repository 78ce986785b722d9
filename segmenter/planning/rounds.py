"""Plans in a row: what the next one would find and change, once the one before is applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from segmenter.planning.cells import Affected, change_sets, find_affected
from segmenter.planning.loads import Loads, assign
from segmenter.planning.places import Places, place
from segmenter.plans import ChangeSet
from segmenter.portfolio import Column, Listed, alike
from segmenter.portfolio.formula import Formula, Truths, records_of
from segmenter.record_set import RecordSet, union

STAMPED: Mapping[str, frozenset[str]] = {"write_date": frozenset(), "date_last_stage_update": frozenset(("stage_id",))}
"""Field that Odoo sets to the moment of a change -> of which fields, any where none is named."""


@dataclass(frozen=True)
class Round:
    """One plan in a row: what it finds, and what it changes."""

    scope: RecordSet
    places: tuple[Places, ...]
    matches: tuple[tuple[RecordSet, ...], ...]
    truths: Truths
    columns: Mapping[str, Column]
    now: str
    affected: Sequence[Affected]

    @cached_property
    def in_play(self) -> RecordSet:
        """The records that it changes."""
        return union(affected.cell.records for affected in self.affected)

    @cached_property
    def changes(self) -> dict[str, list[ChangeSet]]:
        """Field -> its changes, those that Odoo makes to its own dates among them."""
        found: dict[str, list[ChangeSet]] = {}
        for change in change_sets(self.affected):
            if not change.pin:
                found.setdefault(change.field, []).append(change)
        stamps = {
            name: [ChangeSet(records, name, None, self.now, *reason) for reason, records in _by_reason(sets).items()]
            for name, triggers in STAMPED.items()
            if (
                sets := [
                    change for field, sets in found.items() if not triggers or field in triggers for change in sets
                ]
            )
        }
        return found | stamps

    def next(self, loads: Loads) -> Round:
        """The plan that would follow."""
        changes = self.changes
        truths = self.truths.after(changes)
        scope = _inside(truths, self.scope)
        matches = tuple(
            tuple(
                _again(records, self.truths.segments.get((number, at)), truths.segments.get((number, at)), self.scope)
                for at, records in enumerate(conditions)
            )
            for number, conditions in enumerate(self.matches)
        )
        places = tuple(
            place(placed.segmentation, records, scope) for placed, records in zip(self.places, matches, strict=True)
        )
        columns = {name: _patched(column, changes.get(name, ())) for name, column in self.columns.items()}
        # What a plan does not change, the next one leaves as it is, too.
        affected = assign(find_affected(places, self.in_play & scope, columns), loads)
        return Round(scope, places, matches, truths, columns, self.now, list(affected))


def _by_reason(changes: Iterable[ChangeSet]) -> dict[tuple[str, str], RecordSet]:
    """(segmentation, segment) -> the records that are changed for this reason."""
    found: dict[tuple[str, str], RecordSet] = {}
    for change in changes:
        reason = (change.segmentation, change.segment)
        found[reason] = found.get(reason, RecordSet()) | change.records
    return found


def _inside(truths: Truths, scope: RecordSet) -> RecordSet:
    inside = records_of(truths.scope, scope) if truths.scope else scope
    return inside - records_of(truths.protect, inside) if truths.protect else inside


def _again(records: RecordSet, before: Formula | None, now: Formula | None, scope: RecordSet) -> RecordSet:
    """What a condition takes now. Where nothing changed for a record, what the server answered stands."""
    if before is None or now is None:
        return records
    had, has = records_of(before, scope), records_of(now, scope)
    return (records - (had - has)) | (has - had)


def _patched(column: Column, changes: Sequence[ChangeSet]) -> Column:
    """A column with these changes made."""
    if not changes:
        return column
    if isinstance(column, Listed):
        values = dict(column.values)
        for change in changes:
            values.update(dict.fromkeys(change.records, change.after))
        return replace(column, values=values)
    sets = dict(column.sets)
    for change in changes:
        held = change.after if column.many else [change.after]
        for value in dict.fromkeys([*sets, *held]):
            members = sets.get(value, RecordSet())
            sets[value] = members | change.records if value in held else members - change.records
    return replace(column, sets=sets)


def acting_segmentations(affected: Affected) -> set[str]:
    """The segmentations that change these records."""
    return {part.segmentation for part in affected.acting} | {part.segmentation for part, _give in affected.gives}


State = tuple[tuple[int, ...], str]


def states(found: Round, records: RecordSet) -> dict[State, RecordSet]:
    """The records by all that decides what happens to them next."""
    sets = [comparison.records for comparison in found.truths.comparisons()]
    divided: dict[State, RecordSet] = {}
    for same in alike(records, sets, found.columns):
        key: State = (same.positions, repr(sorted(same.row.items())))
        divided[key] = divided.get(key, RecordSet()) | same.records
    return divided


def written_fields(affected: Iterable[Affected]) -> set[str]:
    """The fields that a plan changes, and the dates that Odoo changes with them."""
    changed = {name for moved in affected for name in moved.cell.changed}
    stamped = {name for name, triggers in STAMPED.items() if not triggers or triggers & changed}
    return changed | stamped if changed else changed
