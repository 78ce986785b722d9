"""Why a record is where it is: each segment's condition, leaf by leaf, with what the record holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmenter.conditions import (
    Bound,
    BoundAll,
    BoundAny,
    BoundLeaf,
    BoundNot,
    BoundRelated,
    Clock,
    Record,
    domain,
    evaluate,
    words,
)
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import Json
from segmenter.resolving.records import LiveRecord, find_record, reference
from segmenter.resolving.resolve import resolve
from segmenter.resolving.resolved import Resolved, ResolvedSegmentation
from segmenter.spec.model import Spec


@dataclass(frozen=True)
class Reason:
    """A part of a condition and whether it holds. A leaf has its words and what the record holds there.

    ``type``: Odoo's, of the leaf's field.
    """

    kind: Literal["all", "any", "not", "leaf"]
    holds: bool
    words: str = ""
    found: Json = None
    parts: tuple[Reason, ...] = ()
    type: str = ""


@dataclass(frozen=True)
class SegmentReason:
    """One segment: whether its condition holds, whether it takes the record, and why.

    ``takes`` is never so of a record that is not touched; ``would_take``: if it were.
    """

    segment: str
    holds: bool
    takes: bool
    would_take: bool
    reason: Reason | None


@dataclass(frozen=True)
class Explanation:
    """One record against a whole spec. ``in_scope`` and ``protected`` say whether it may be touched at all.

    ``reference``: which record it is, beside its name; ``row``: where in an export it stands, None on a server.
    """

    record: int
    name: str
    reference: str
    row: int | None
    in_scope: bool
    protected: bool
    segmentations: tuple[tuple[str, tuple[SegmentReason, ...]], ...]


def explain(spec: Spec, wanted: str | int, reader: OdooReader, catalog: Catalog, clock: Clock) -> Explanation:
    """Explain the record that ``wanted`` names, as `find_record` takes it."""
    resolved = resolve(spec, reader, catalog, clock)
    record = LiveRecord(reader, resolved.model, find_record(reader, resolved.model, wanted))
    inside, protected = in_scope(resolved, record, reader), is_protected(resolved, record)
    touched = inside and not protected
    return Explanation(
        record.id,
        str(record.value("display_name") or ""),
        reference(reader, record.id),
        reader.rows.by_record.get(record.id) if reader.rows else None,
        inside,
        protected,
        tuple(
            (segmentation.name, segment_reasons(segmentation, record, touched=touched))
            for segmentation in resolved.segmentations
        ),
    )


def in_scope(resolved: Resolved, record: LiveRecord, reader: OdooReader) -> bool:
    """Asked of the server, which knows about archived and hidden records too."""
    domain = [*resolved.scope_domain, ("id", "=", record.id)]
    return bool(reader.search(resolved.model, domain))


def is_protected(resolved: Resolved, record: Record) -> bool:
    return bool(resolved.protect_domain) and evaluate(list(resolved.protect_domain), record)


def takers(segmentation: ResolvedSegmentation, record: Record) -> list[int]:
    """Positions of the segments that take a record: the first that matches, all of them in a ``many`` store."""
    taking: list[int] = []
    for position, segment in enumerate(segmentation.segments):
        if taking and (segment.is_default or not segmentation.many):
            continue
        if segment.is_default or evaluate(list(segment.domain), record):
            taking.append(position)
    return taking


def segment_reasons(
    segmentation: ResolvedSegmentation, record: Record, *, touched: bool = True
) -> tuple[SegmentReason, ...]:
    """Why each segment takes a record or does not; one that is not ``touched`` is in none."""
    taking = takers(segmentation, record)
    reasons = []
    for position, segment in enumerate(segmentation.segments):
        reason = None if segment.bound is None else _reason(segment.bound, record)
        holds = True if reason is None else reason.holds
        reasons.append(SegmentReason(segment.name, holds, touched and position in taking, position in taking, reason))
    return tuple(reasons)


def _reason(bound: Bound, record: Record) -> Reason:
    holds = evaluate(domain(bound), record)
    if isinstance(bound, BoundNot):
        return Reason("not", holds, parts=(_reason(bound.part, record),))
    if isinstance(bound, BoundAll | BoundAny):
        parts = tuple(_reason(part, record) for part in bound.parts)
        return Reason("all" if isinstance(bound, BoundAll) else "any", holds, parts=parts)
    if isinstance(bound, BoundRelated):
        return Reason("leaf", holds, words(bound), _gives(bound, record), type=bound.compared.field.type)
    if not isinstance(bound, BoundLeaf):
        return Reason("leaf", holds, words(bound))
    return Reason("leaf", holds, words(bound), _held(bound, record), type=bound.field.type)


def _gives(related: BoundRelated, record: Record) -> Json:
    """What the record's list gives: the number found."""
    owners = _held_ids(related.owners, record)
    return related.held.get(owners[0], related.nothing) if owners else related.nothing


def _held_ids(leaf: BoundLeaf, record: Record) -> list[int]:
    holders = [record]
    for step in leaf.fields if leaf.field.name != "id" else ():
        holders = [related for holder in holders for related in holder.related(step.name)]
    return [holder.value("id") for holder in holders]  # type: ignore[misc]


def _held(leaf: BoundLeaf, record: Record) -> Json:
    """What the record holds at the end of the leaf's path, names instead of ids where there are any."""
    holders = [record]
    for step in leaf.fields[:-1]:
        holders = [related for holder in holders for related in holder.related(step.name)]
    last = leaf.field
    if last.relation:
        values = [related.value("display_name") for holder in holders for related in holder.related(last.name)]
    else:
        labels = dict(last.selection)
        values = [labels.get(str(value), value) for value in (holder.value(last.name) for holder in holders)]
    return values[0] if len(values) == 1 else values or None
