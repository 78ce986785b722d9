"""What each segment takes, in numbers, beside what the client expects of it."""

from __future__ import annotations

from segmenter.planning.effects import MoveTo, SetTo
from segmenter.planning.limits import Counted, spelled, within
from segmenter.planning.model import SegmentCount
from segmenter.planning.placement import Membership
from segmenter.planning.work import Work
from segmenter.spec.model import Spec


def segment_counts(spec: Spec, work: Work) -> list[Counted]:
    """One a segment, in the order of the spec, with the client's range; once all changes were made."""
    scope = len(work.placement.scope)
    stores = {one.name: one.store.field if one.store else "" for one in spec.segmentations}
    return [
        (_count(membership, position, stores[membership.segmentation.name], scope, work), segment.expect)
        for membership in work.placement.memberships
        for position, segment in enumerate(membership.segmentation.segments)
    ]


def _count(membership: Membership, position: int, store: str, scope: int, work: Work) -> SegmentCount:
    """``store``: the field that holds membership, "" for none; ``scope``: how many records there are."""
    segment, taken = membership.segmentation.segments[position], membership.taken[position]
    stored = {one.field.name: one.after(None) for one in segment.effects if isinstance(one, SetTo | MoveTo)}
    return SegmentCount(
        segmentation=membership.segmentation.name,
        segment=segment.name,
        is_default=segment.is_default,
        color=segment.color,
        description=segment.description,
        words=segment.words,
        domain=segment.domain,
        matched=membership.matched[position],
        taken=taken,
        changed=work.changed[membership.segmentation.name, position],
        expected=spelled(segment.expect) if segment.expect else "",
        met=within(segment.expect, taken, scope) if segment.expect else None,
        field=store,
        value=segment.tag if segment.tag is not None else stored.get(store),
    )
