"""What each segment is worth today: records and expected revenue by stage and salesperson, counted by the server.

One question a segment, and no record is read. The figures are frozen in the plan, so that the report of a plan says
the same whenever it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from segmenter.conditions import WITH_ARCHIVED, Bound, BoundAll, BoundNot, Domain, domain, negatable
from segmenter.odoo.group_rows import Group
from segmenter.odoo.pages import AT_ONCE
from segmenter.odoo.questions import MOST_JOINED, chunks, size
from segmenter.odoo.reader import OdooReader
from segmenter.planning.model import Overlap, Portion, Sample
from segmenter.planning.placement import Membership, Placement
from segmenter.planning.resolved import Resolved, ResolvedSegmentation

BY = ("stage_id", "user_id")
REVENUE = "expected_revenue"

Question = tuple[int, int, Domain]
"""Position of the segmentation, position of the segment, and a domain."""


def portions(
    resolved: Resolved, placement: Placement, reader: OdooReader, *, with_revenue: bool = True
) -> tuple[Portion, ...]:
    """The portions of every segment that takes anything, most records first; none where there is nothing to count by.

    Revenue is counted where the model has it (leads), unless it is in several currencies (``with_revenue``). Records
    outside the work user's sight count nowhere.
    """
    known = reader.fields(resolved.model)
    by = [name for name in BY if name in known and known[name].stored]
    sums = [REVENUE] if with_revenue and REVENUE in known else []
    if not by:
        return ()

    def ask(question: Question) -> list[Group]:
        return reader.groups(resolved.model, question[2], by, sums)

    questions = list(_questions(resolved, placement))
    found: dict[tuple[int, int], dict[tuple[str, str], tuple[int, float]]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # The first answer alone: it settles how this server is asked.
        answers = [*map(ask, questions[:1]), *pool.map(ask, questions[1:])]
        for (segmentation, position, _domain), groups in zip(questions, answers, strict=True):
            cells = found.setdefault((segmentation, position), {})
            for group in groups:
                label = dict(zip(by, group.labels, strict=True))
                cell = (label.get("stage_id", ""), label.get("user_id", ""))
                records, revenue = cells.get(cell, (0, 0.0))
                cells[cell] = (records + group.count, revenue + group.sums.get(REVENUE, 0.0))
    return tuple(
        Portion(one.name, one.segments[position].name, stage, person, records, revenue)
        for (number, position), cells in found.items()
        for one in [resolved.segmentations[number]]
        for (stage, person), (records, revenue) in sorted(cells.items(), key=lambda cell: (-cell[1][0], cell[0]))
    )


def _questions(resolved: Resolved, placement: Placement) -> Iterator[Question]:
    for number, membership in enumerate(placement.memberships):
        for position, taken in enumerate(membership.taken):
            if not taken:
                continue
            condition = _takes(resolved, membership.segmentation, position)
            question = [*resolved.scope_domain, *domain(condition)] if condition is not None else []
            if question and size(question).fits(MOST_JOINED):
                yield number, position, question
                continue
            ids = _ids(placement, membership, position)
            for some in chunks(ids):
                yield number, position, [*WITH_ARCHIVED, ("id", "in", some)]


def _takes(resolved: Resolved, segmentation: ResolvedSegmentation, position: int) -> Bound | None:
    """The condition for the records that a segment takes: its own, not an earlier one's, not what is protected.

    None when something would have to be negated that cannot be, alike on all versions.
    """
    segment = segmentation.segments[position]
    others = () if segmentation.many and not segment.is_default else segmentation.segments[:position]
    excluded = [one.bound for one in others if one.bound is not None]
    if resolved.protect is not None:
        excluded.append(resolved.protect)
    if not all(map(negatable, excluded)):
        return None
    own = (segment.bound,) if segment.bound is not None else ()
    return BoundAll((*own, *(BoundNot(one) for one in excluded)))


def _ids(placement: Placement, membership: Membership, position: int) -> list[int]:
    return [record for record in placement.scope if membership.masks.get(record, 0) >> position & 1]


@dataclass(frozen=True)
class Samples:
    """The first few records of what needs a look, by name."""

    overlaps: tuple[Overlap, ...]
    protected: Sample
    uncovered: Mapping[str, Sample]


def samples(resolved: Resolved, placement: Placement, reader: OdooReader) -> Samples:
    """Names in one read, and none where there is nothing to name."""
    wanted = {*placement.first_protected}
    for one in placement.memberships:
        wanted.update(one.left_out, *one.overlapping)
    # A lead is shown by its name, as in its changes.
    shown = "name" if resolved.model == "crm.lead" else "display_name"
    rows = reader.read(resolved.model, sorted(wanted), [shown]) if wanted else ()
    names = {row["id"]: row[shown] or "" for row in rows}

    def named(ids: tuple[int, ...]) -> Sample:
        return tuple((id, names[id]) for id in ids if id in names)

    return Samples(
        tuple(
            replace(overlap, sample=named(ids))
            for one in placement.memberships
            for overlap, ids in zip(one.overlaps, one.overlapping, strict=True)
        ),
        named(placement.first_protected),
        {one.segmentation.name: named(one.left_out) for one in placement.memberships if one.left_out},
    )
