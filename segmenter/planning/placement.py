"""Who belongs where: one search per segment, then first match wins. Asks a reader for ids and for nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from segmenter.i18n import _, ngettext
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Overlap
from segmenter.planning.resolved import Resolved, ResolvedSegmentation

SAMPLE, SAMPLE_OF_PAIR, SAMPLE_PROTECTED = 20, 5, 1000
"""Ids that are kept of the records in no segment, of those that two segments match, and of those protected, which the
client looks through by name."""


@dataclass(frozen=True)
class Membership:
    """One segmentation's result. ``masks``: record -> bits, bit *n* set when segment *n* (default last) takes it.

    ``matched`` and ``taken``: numbers of records per segment, in the same order. ``overlapping``, as ``overlaps``, and
    ``left_out``: the first few ids of them. Memory: about 100 bytes a record.
    """

    segmentation: ResolvedSegmentation
    masks: Mapping[int, int]
    matched: tuple[int, ...]
    taken: tuple[int, ...]
    overlaps: tuple[Overlap, ...]
    uncovered: int
    overlapping: tuple[tuple[int, ...], ...] = ()
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True)
class Placement:
    """The whole scope, divided. ``scope`` excludes the protected records; ``first_protected``: a few of those."""

    scope: tuple[int, ...]
    protected: int
    memberships: tuple[Membership, ...]
    first_protected: tuple[int, ...] = ()

    def groups(self) -> dict[tuple[int, ...], list[int]]:
        """Records by their combination of masks, one mask per segmentation."""
        found: dict[tuple[int, ...], list[int]] = {}
        for record in self.scope:
            key = tuple(membership.masks.get(record, 0) for membership in self.memberships)
            found.setdefault(key, []).append(record)
        return found

    def warnings(self) -> Iterator[str]:
        """Segments that take nothing, and records that nothing takes."""
        for membership in self.memberships:
            name = membership.segmentation.name
            for segment, taken in zip(membership.segmentation.segments, membership.taken, strict=True):
                if not taken and not segment.is_default:
                    yield _("{segmentation}: nothing falls into {segment}").format(
                        segmentation=name, segment=segment.name
                    )
            if membership.uncovered:
                yield ngettext(
                    "{segmentation}: no segment takes {number} record, and there is no default",
                    "{segmentation}: no segment takes {number} records, and there is no default",
                    membership.uncovered,
                ).format(segmentation=name, number=membership.uncovered)


def segments_of(mask: int) -> list[int]:
    """Positions of the segments in a mask, in order: ``0b101`` -> ``[0, 2]``."""
    return [position for position in range(mask.bit_length()) if mask >> position & 1]


def place(resolved: Resolved, reader: OdooReader) -> Placement:
    """One search for the scope, one for what is protected where anything is, one per segment with a condition."""
    model = resolved.model
    ids = reader.search(model, list(resolved.scope_domain))
    protected: set[int] = set()
    if resolved.protect_domain:
        domain = [*resolved.scope_domain, *resolved.protect_domain]
        protected = set(reader.search(model, domain))
    scope = tuple(record for record in ids if record not in protected) if protected else tuple(ids)
    inside = set(scope)
    memberships = []
    for segmentation in resolved.segmentations:
        domains = [
            [*resolved.scope_domain, *segment.domain] for segment in segmentation.segments if not segment.is_default
        ]
        matches = list(reader.search_each(model, domains))
        memberships.append(divide(segmentation, matches, inside))
    return Placement(scope, len(protected), tuple(memberships), tuple(nsmallest(SAMPLE_PROTECTED, protected)))


def divide(segmentation: ResolvedSegmentation, matches: Sequence[Iterable[int]], scope: set[int]) -> Membership:
    """First match wins (a ``many`` store: all matches). ``matches``: ids per segment, the default's left out."""
    masks: dict[int, int] = {}
    matched, taken, shared = [], [], Counter[tuple[int, int]]()
    overlapping: dict[tuple[int, int], list[int]] = {}
    for position, ids in enumerate(matches):
        bit, seen, own = 1 << position, 0, 0
        for record in ids:
            if record not in scope:
                continue
            seen += 1
            mask = masks.get(record, 0)
            if mask:
                pair = (segments_of(mask)[0], position)
                shared[pair] += 1
                if shared[pair] <= SAMPLE_OF_PAIR:
                    overlapping.setdefault(pair, []).append(record)
            if not mask or segmentation.many:
                masks[record] = mask | bit
                own += 1
        matched.append(seen)
        taken.append(own)
    rest = len(scope) - len(masks)
    names = [segment.name for segment in segmentation.segments]
    uncovered, left_out = rest, tuple[int, ...]()
    if len(names) > len(matches):
        bit = 1 << len(matches)
        for record in scope:
            masks.setdefault(record, bit)
        matched.append(rest)
        taken.append(rest)
        uncovered = 0
    elif rest:
        left_out = tuple(nsmallest(SAMPLE, (record for record in scope if record not in masks)))
    overlaps = tuple(
        Overlap(segmentation.name, names[first], names[second], number)
        for (first, second), number in sorted(shared.items())
    )
    samples = tuple(tuple(ids) for _pair, ids in sorted(overlapping.items()))
    return Membership(segmentation, masks, tuple(matched), tuple(taken), overlaps, uncovered, samples, left_out)
