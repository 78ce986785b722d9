"""Segments that no record can ever reach, where that can be proven without a server."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.conditions import All, Condition
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.spec.logic import implies, never
from segmenter.spec.model import Segment, Spec

_MOST_COMPARED = 300
"""Segments compared with those above them; more would take seconds, and no person writes so many by hand."""


def unreachable(spec: Spec) -> Iterator[Problem]:
    """One problem for each segment, and for a scope, that takes nothing whatever the CRM holds."""
    where = spec.scope.where
    if where and never(where):
        yield Problem(("scope", "where"), _("No record can meet this condition"), _contradiction())
        where = None
    for segmentation in spec.segmentations:
        above: list[tuple[Segment, Condition]] = []
        # What is asked of a company is not comparable with what is asked of its contact.
        around, protect = (None, ()) if segmentation.include_contacts else (where, spec.protect)
        for segment in segmentation.segments[:_MOST_COMPARED]:
            if segment.condition is None:
                continue
            if problem := _why_not(segment, segment.condition, around, above, protect):
                yield problem
            elif not segmentation.many:
                above.append((segment, segment.condition))


def _why_not(
    segment: Segment,
    own: Condition,
    where: Condition | None,
    above: list[tuple[Segment, Condition]],
    protect: tuple[Condition, ...],
) -> Problem | None:
    path = (*segment.path, "when")
    if never(own):
        what = _("No record can meet the condition of {name}").format(name=segment.name)
        return Problem(path, what, _contradiction())
    within = All((where, own)) if where else own
    if never(within):
        what = _("No record of the scope can meet the condition of {name}").format(name=segment.name)
        return Problem(path, what, _("compare it with scope: where"))
    if any(implies(within, protected) for protected in protect):
        what = _("Every record that {name} would take is protected").format(name=segment.name)
        return Problem(path, what, _("compare it with protect:"))
    for other, condition in above:
        if implies(within, condition):
            what = _("{name} is never reached: {other}, above it, takes every record that it would")
            todo = _("put {name} above {other}, or narrow {other}")
            names = {"name": segment.name, "other": other.name}
            return Problem(path, what.format(**names), todo.format(**names))
    return None


def _contradiction() -> str:
    return _("two of its parts exclude each other; change one, or put them under any:")
