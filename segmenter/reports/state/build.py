"""One record, one place: what the plans that stand left behind, folded together in the order in which they ran.

It is what the ledger knows. What people changed since the last run is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from segmenter.ledger import ENDED, Ledger, Run
from segmenter.plans.plan import Plan
from segmenter.reports.families import Family
from segmenter.reports.review.build import review
from segmenter.reports.review.content import Record, Segment, Segmentation


@dataclass(frozen=True, slots=True)
class Placed:
    """A record where it is now. ``segments``: segmentation -> its segments there; ``note``: what the last plan about it
    did not write, and why.
    """

    record: Record
    segments: Mapping[str, tuple[str, ...]]
    plan: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A segment as it is now: its records, and their expected revenue (None where nobody knows any)."""

    segment: Segment
    records: int
    revenue: float | None


@dataclass(frozen=True)
class State:
    """``plan``: the last that stands; ``at``: when its last run began. ``segmentations``: by name, in
    order.

    ``placed``: those of the first segment first, and of these the largest amount. ``known``: as `Review.known`.
    """

    plan: Plan
    at: str
    segmentations: Mapping[str, tuple[Held, ...]]
    placed: tuple[Placed, ...]
    known: frozenset[str]


def state(ledger: Ledger, families: Sequence[Family]) -> State | None:
    """What stands now; None where nothing was applied, or all of it was taken back."""
    now: dict[int, Placed] = {}
    before: dict[str, dict[int, Placed]] = {}
    described: dict[str, dict[str, Segment]] = {}
    known = frozenset[str]()
    for run, family in _events(families):
        if not family.written and run.status not in ENDED:
            continue  # it only began: an import by hand that is still to come
        if run.kind == "undo":
            _take_back(now, family, before[family.plan])
            continue
        before[family.plan] = dict(now)
        told = review(ledger, run.id)
        known |= told.known
        for part in told.segmentations:
            # The newer plan says how its segments are called and in which order; what only an older one has comes last.
            newer = {one.name: one for one in part.segments}
            older = described.get(part.name, {})
            described[part.name] = newer | {name: one for name, one in older.items() if name not in newer}
        _fold(now, told.records(), told.segmentations, family.plan)
    if not now:
        return None
    last = next(family for family in reversed(families) if family.plan in {one.plan for one in now.values()})
    order = {(name, segment): at for name, held in described.items() for at, segment in enumerate(held)}
    first = next(iter(described), "")
    placed = sorted(now.values(), key=lambda one: (_rank(one, first, order), -one.record.amount, one.record.record))
    return State(
        ledger.plan(last.plan),
        last.last.started_at,
        {name: tuple(_held(one, name, placed) for one in segments.values()) for name, segments in described.items()},
        tuple(placed),
        known,
    )


def _events(families: Sequence[Family]) -> list[tuple[Run, Family]]:
    """The end of each apply, and its undo, in the order in which they ran."""
    ends = [(run, family) for family in families for run in (family.last, family.undo) if run is not None]
    return sorted(ends, key=lambda end: int(end[0].id[1:]))


def _fold(now: dict[int, Placed], records: Iterable[Record], segmentations: Sequence[Segmentation], plan: str) -> None:
    """Takes in the records of a plan."""
    for record in records:
        older = now.get(record.record)
        segments = dict(older.segments) if older else {}
        if not record.left:
            for part, found in zip(segmentations, record.segments, strict=True):
                segments[part.name] = tuple(segment.name for segment in found)
        # The row of the page needs neither the changes nor the reasons.
        bare = replace(record, changes=(), because=(), segments=())
        now[record.record] = Placed(bare, segments, plan, record.result if record.left else "")


def _take_back(now: dict[int, Placed], family: Family, before: Mapping[int, Placed]) -> None:
    """Puts back where they were what an undo gave back; once it gave all back, what only this plan told of too. A
    record that it left stays: it is where the plan, or whoever came later, put it."""
    for record, placed in list(now.items()):
        told = placed.plan == family.plan and not family.kept
        if record not in family.given_back and not told:
            continue
        if record in before:
            now[record] = before[record]
        else:
            del now[record]


def _rank(one: Placed, segmentation: str, order: Mapping[tuple[str, str], int]) -> int:
    return min((order[segmentation, name] for name in one.segments.get(segmentation, ())), default=len(order))


def _held(segment: Segment, segmentation: str, placed: Sequence[Placed]) -> Held:
    inside = [one.record.amount for one in placed if segment.name in one.segments.get(segmentation, ())]
    return Held(segment, len(inside), sum(inside) if any(inside) else None)
