"""Which records are elsewhere in another plan, and which edited criteria decide that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from segmenter.planning.edits import Criteria, Edit
from segmenter.plans import ChangeSet, Members, Plan
from segmenter.record_set import RecordSet, union

Where = Literal["segment", "none", "out", "protected", "outside"]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where a record is in one plan's segmentation.

    ``segment``: in that segment; ``none``: in no segment; ``out``: not in that segment, where a record may be in
    several; ``protected``; ``outside``: out of the scope, or not there at all.
    """

    where: Where
    segment: str = ""


@dataclass(frozen=True)
class Side:
    """A plan as the ledger keeps it. ``members``: None of one that an older version saved."""

    plan: Plan
    changes: Sequence[ChangeSet]
    members: Members | None = None


@dataclass(frozen=True)
class Move:
    """Records that are elsewhere in the newer plan. ``because``: the edits that decide between the two places.

    Without any, the criteria that decide are the same in both plans: it is the data, or the day, that differs.
    """

    segmentation: str
    origin: Place
    target: Place
    records: RecordSet
    because: tuple[Edit, ...] = ()


Places = Mapping[Place, RecordSet]
"""The records of each place. They may be all that a plan is about, or those of which it is known."""


def moves(old: Side, new: Side, edited: Criteria) -> tuple[Move, ...]:
    """Which records are elsewhere, in every segmentation that both plans have; most records first.

    Where a plan does not keep who belongs where, of those records of which the changes of both tell.
    """
    found = [move for name in edited.renamed for move in _moves(name, old, new, edited)]
    return tuple(sorted(found, key=lambda move: (-len(move.records), move.segmentation, move.records.min())))


def _moves(name: str, old: Side, new: Side, edited: Criteria) -> Iterator[Move]:
    """The moves inside a segmentation that both plans have."""
    deciding = _Deciding(name, old.plan, new.plan, edited)
    if not (_shared(name, old.plan) or _shared(name, new.plan)):
        yield from _between(_places(name, old), _places(name, new), deciding)
    elif old.members and new.members:
        before, after = _taken(name, old), _taken(name, new)
        for segment in before:
            if (now := deciding.renamed.get(segment, segment)) in after:
                yield from _between(
                    _alone(segment, before[segment], old.members), _alone(now, after[now], new.members), deciding
                )


def _between(before: Places, after: Places, deciding: _Deciding) -> Iterator[Move]:
    known = union(before.values()), union(after.values())
    for origin, were in _with_outside(before, known[1] - known[0]).items():
        for target, are in _with_outside(after, known[0] - known[1]).items():
            if (records := were & are) and deciding.apart(origin, target):
                yield Move(deciding.name, origin, target, records, tuple(deciding.edits(origin, target)))


def _with_outside(places: Places, others: RecordSet) -> Places:
    """With the records of the other plan that this one is not about, where it says which it is about."""
    return {**places, Place("outside"): others} if Place("protected") in places else places


def _shared(name: str, plan: Plan) -> bool:
    """Whether some record is in several segments."""
    taken = sum(count.taken for count in plan.counts.segments if count.segmentation == name)
    return taken + plan.counts.uncovered.get(name, 0) != plan.counts.scope_count


def _taken(name: str, side: Side) -> dict[str, RecordSet]:
    """Segment -> its records; of a plan that does not keep them, those of which its changes tell."""
    segments = [(at, count.segment) for at, count in enumerate(side.plan.counts.segments) if count.segmentation == name]
    if side.members:
        return {segment: side.members.taken[at] for at, segment in segments}
    found = {segment: RecordSet() for _at, segment in segments}
    for change in side.changes:
        # Of what several segmentations want, each has its own segment.
        for why in zip(change.segmentation.split(" + "), change.segment.split(" + "), strict=False):
            if why[0] == name and why[1] in found:
                found[why[1]] = found[why[1]] | change.records
    return found


def _places(name: str, side: Side) -> Places:
    """Of a segmentation in which each record has one place."""
    taken = _taken(name, side)
    found = {Place("segment", segment): records for segment, records in taken.items()}
    if side.members:
        found[Place("none")] = side.members.scope - union(taken.values())
        found[Place("protected")] = side.members.protected
    return found


def _alone(segment: str, records: RecordSet, members: Members) -> Places:
    """Of one segment by itself."""
    return {
        Place("segment", segment): records,
        Place("out", segment): members.scope - records,
        Place("protected"): members.protected,
    }


class _Deciding:
    """Which edits decide between two places of one segmentation, ``name``. ``renamed``: older name -> newer name."""

    def __init__(self, name: str, old: Plan, new: Plan, edited: Criteria) -> None:
        self.name, self.renamed = name, edited.renamed[name]
        self._orders = [
            [count.segment for count in plan.counts.segments if count.segmentation == name] for plan in (old, new)
        ]
        self._orders[0] = [self.renamed.get(segment, segment) for segment in self._orders[0]]
        self._around = [edit for edit in edited.edits if edit.what in ("scope", "archived")]
        self._protect = [edit for edit in edited.edits if edit.what == "protect"]
        self._inside = [edit for edit in edited.edits if edit.segmentation == name]

    def apart(self, origin: Place, target: Place) -> bool:
        """Whether a record that goes from one to the other moves: not if it is in no segment before and after."""
        return origin != target and bool({origin.where, target.where} & {"segment", "none"})

    def edits(self, origin: Place, target: Place) -> list[Edit]:
        """The edits for which a record may be in ``target`` and no longer in ``origin``."""
        both = {origin.where, target.where}
        if "outside" in both:
            return [edit for edit in self._around if edit.reach not in _cannot(enters=origin.where == "outside")]
        if "protected" in both:
            return [edit for edit in self._protect if edit.reach not in _cannot(enters=target.where == "protected")]
        wide = [edit for edit in self._inside if edit.what == "contacts"]
        old, new = self.renamed.get(origin.segment, origin.segment), target.segment
        leaving = self._of(old, enters=False) if origin.where == "segment" else []
        entering = self._of(new, enters=True) if target.where == "segment" else []
        if old == new:  # renamed, or a segment by itself
            renamed = [edit for edit in self._inside if edit.what == "name" and edit.segment == new]
            return wide + renamed + leaving + entering
        pairs = [(self._position(order, old), self._position(order, new)) for order in self._orders]
        if any(None in pair for pair in pairs):
            return wide + leaving + entering
        first = [before < after for before, after in pairs if before is not None and after is not None]
        if first[0] != first[1]:
            return wide + [edit for edit in self._inside if edit.what == "order"] + leaving + entering
        # The first match wins: what the earlier of the two takes decides.
        return wide + (leaving if first[0] else entering)

    def _of(self, segment: str, *, enters: bool) -> list[Edit]:
        """What was edited of which records a segment takes, if records may enter it (or leave it) for that."""
        edits = [edit for edit in self._inside if edit.segment == segment and edit.what in ("segment", "condition")]
        return [edit for edit in edits if edit.reach not in _cannot(enters=enters)]

    def _position(self, order: Sequence[str], segment: str) -> int | None:
        """When the criteria come to a segment, None if they never do. To be in no segment (``""``) comes after all."""
        if not segment:
            return len(order)
        return order.index(segment) if segment in order else None


def _cannot(*, enters: bool) -> tuple[str, str]:
    """The reach of edits for which no record enters, or leaves."""
    return ("same", "less") if enters else ("same", "more")
