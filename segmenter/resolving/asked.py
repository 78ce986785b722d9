"""What the conditions and effects of a spec are together: the lists and dates asked, and what does not go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmenter.conditions import Bound, BoundRelated
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.odoo.questions import PORTION
from segmenter.plans.expected import Period
from segmenter.resolving.effects import TEAM, SetProperty
from segmenter.resolving.resolved import ResolvedSegmentation


def listings(bound: Bound) -> Iterator[BoundRelated]:
    """The comparisons of a condition with what lists give, those inside of others too."""
    for related in bound.related():
        yield related
        if related.where is not None:
            yield from listings(related.where)


def periods(bound: Bound) -> Iterator[Period]:
    """What the relative dates of a condition stand for."""
    inside = [related.where for related in listings(bound) if related.where is not None]
    leaves = [*bound.leaves(), *(leaf for where in inside for leaf in where.leaves())]
    for leaf in [*leaves, *(related.compared for related in listings(bound))]:
        if leaf.span is not None:
            for start, end in leaf.ranges:
                yield Period(leaf.name, leaf.operator, leaf.span.count, leaf.span.unit, start, end)


def lists_too_many(scope: Bound, number: int) -> Problem:
    what = _(
        "The scope goes by a list that {number} records meet, and every question to Odoo repeats them: at most {most}"
    )
    path = next((related.path for related in scope.related()), scope.path)
    return Problem(path, what.format(number=number, most=PORTION), _("ask for it in the segments instead"))


def teams_beside_properties(segmentations: Sequence[ResolvedSegmentation]) -> Iterator[Problem]:
    """A team that is written beside a property: it has other properties, and takes the lead's away."""
    segments = [segment for of in segmentations for segment in of.segments]
    effects = [(segment, effect) for segment in segments for effect in segment.effects]
    if any(isinstance(effect, SetProperty) for _segment, effect in effects):
        for segment, effect in effects:
            if effect.field.name == TEAM:
                what = _("The team of a lead is written beside a property, which is its team's")
                yield Problem(segment.path, what, _("give the team first, and the property in a plan after it"))
