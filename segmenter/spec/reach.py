"""Finds segments that no record can ever reach, if that can be proven without a server."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.conditions import All, Condition
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.spec.logic import implies, never, size
from segmenter.spec.model import Segment, Spec

MOST_COMPARED = 300_000
"""The most pairs of comparisons that are compared in one spec, about a second's work. Specs that people write stay far
below. Beyond it nothing more is proven, and a plan still shows which segments take nothing."""


class _Effort:
    """Counts the comparisons that are left for one spec."""

    def __init__(self) -> None:
        self.pairs = MOST_COMPARED

    def allows(self, first: Condition, second: Condition) -> bool:
        """Whether these two conditions may still be compared."""
        self.pairs -= size(first) * size(second)
        return self.pairs >= 0


def unreachable(spec: Spec) -> Iterator[Problem]:
    """One problem for each segment, and for a scope, that takes nothing whatever the CRM holds."""
    where, effort = spec.scope.where, _Effort()
    if where and effort.allows(where, where) and never(where):
        yield Problem(("scope", "where"), _("No record can meet this condition"), _contradiction())
        where = None
    for segmentation in spec.segmentations:
        above: list[tuple[Segment, Condition]] = []
        # Conditions on a company cannot be compared with conditions on its contact.
        around, protect = (None, ()) if segmentation.include_contacts else (where, spec.protect)
        for segment in segmentation.segments:
            if segment.condition is None:
                continue
            if problem := _why_not(segment, segment.condition, around, above, protect, effort):
                yield problem
            elif not segmentation.many:
                above.append((segment, segment.condition))


def _why_not(
    segment: Segment,
    own: Condition,
    where: Condition | None,
    above: list[tuple[Segment, Condition]],
    protect: tuple[Condition, ...],
    effort: _Effort,
) -> Problem | None:
    path = (*segment.path, "when")
    within = All((where, own)) if where else own
    if not effort.allows(within, within):
        return None
    if never(own):
        what = _("No record can meet the condition of {name}").format(name=segment.name)
        return Problem(path, what, _contradiction())
    if never(within):
        what = _("No record of the scope can meet the condition of {name}").format(name=segment.name)
        return Problem(path, what, _("compare it with scope: where"))
    if any(effort.allows(within, protected) and implies(within, protected) for protected in protect):
        what = _("Every record that {name} would take is protected").format(name=segment.name)
        return Problem(path, what, _("compare it with protect:"))
    for other, condition in above:
        if effort.allows(within, condition) and implies(within, condition):
            what = _("{name} is never reached: {other}, above it, takes every record that it would")
            todo = _("put {name} above {other}, or narrow {other}")
            names = {"name": segment.name, "other": other.name}
            return Problem(path, what.format(**names), todo.format(**names))
    return None


def _contradiction() -> str:
    return _("two of its parts exclude each other; change one, or put them under any:")
