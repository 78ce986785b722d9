"""Who belongs where: first match wins. The algebra of sets does it, so every number here is a size of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.record_set import RecordSet
from segmenter.resolving.resolved import ResolvedSegmentation


@dataclass(frozen=True)
class Overlapping:
    """Records that match two segments (by position); the first one takes them, of those that match."""

    first: int
    second: int
    records: RecordSet


@dataclass(frozen=True)
class Places:
    """One segmentation's result, one set for each segment in order, the default last.

    ``matched``: the records that a segment's condition takes; ``taken``: those that are its own. ``uncovered``: the
    records of the scope that no segment takes.
    """

    segmentation: ResolvedSegmentation
    matched: tuple[RecordSet, ...]
    taken: tuple[RecordSet, ...]
    uncovered: RecordSet
    overlaps: tuple[Overlapping, ...]


def place(segmentation: ResolvedSegmentation, matches: Sequence[RecordSet], scope: RecordSet) -> Places:
    """Divide a scope. ``matches``: the records of each segment with a condition; a ``many`` store keeps all of them."""
    rest = scope
    first_matches: list[RecordSet] = []
    overlaps: list[Overlapping] = []
    inside = [records & scope for records in matches]
    for position, records in enumerate(inside):
        for earlier, taken in enumerate(first_matches):
            if shared := taken & records:
                overlaps.append(Overlapping(earlier, position, shared))
        first_matches.append(records & rest)
        rest = rest - records
    taken_by = inside if segmentation.many else first_matches
    matched = inside
    if len(segmentation.segments) > len(inside):  # the default takes the rest
        matched, taken_by, rest = [*matched, rest], [*taken_by, rest], RecordSet()
    overlaps.sort(key=lambda overlap: (overlap.first, overlap.second))
    return Places(segmentation, tuple(matched), tuple(taken_by), rest, tuple(overlaps))
