"""Changes written one by one, for tests, as the sets that a plan is made of."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import groupby

from segmenter.plans.changes import Change, ChangeSet, Json
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet
from segmenter.reports.plan import SAMPLE, Gathered, gather


def as_sets(changes: Iterable[Change]) -> tuple[list[ChangeSet], list[tuple[int, str]]]:
    """Changes record by record as sets of them, and the records with their names."""
    ids: dict[str, array[int]] = {}
    made: dict[str, tuple[Json, ...]] = {}
    places: dict[str, int] = {}
    names: list[tuple[int, str]] = []
    for record, some in groupby(changes, key=lambda change: change.record):
        for place, change in enumerate(some):
            facts = (change.field, change.before, change.after, change.segmentation, change.segment)
            text = canonical(facts)
            ids.setdefault(text, array("I")).append(record)
            made.setdefault(text, facts)
            places[change.field] = max(place, places.get(change.field, 0))
            if not place:
                names.append((record, change.name))
    # A record goes through the sets in order, and so gets its changes in the order in which they were made.
    ordered = sorted(made, key=lambda text: places[str(made[text][0])])
    return [ChangeSet(RecordSet(ids[text]), *made[text]) for text in ordered], names


def gathered(changes: Iterable[Change], most: int | None = SAMPLE) -> Gathered:
    """What `reports.plan.gather` makes of changes that are written one by one."""
    sets, names = as_sets(changes)
    return gather(sets, lambda records: {record: name for record, name in names if record in records}, most)
