"""The domain of a favourite that shows a segment's condition itself, so that new records show where they belong.

It asks what a plan asks: the scope, less what is protected, the condition, less those of the segments before it where
the first match wins. What the plan takes away from sets must here be said in one domain, and not all can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmenter.conditions import (
    WITH_ARCHIVED,
    Bound,
    BoundAll,
    BoundDomain,
    BoundLeaf,
    BoundNot,
    BoundRelated,
    Field,
    domain,
)
from segmenter.conditions.portable import Refusal, refusals
from segmenter.conditions.web_client import moving, text_of, unreadable
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.odoo.questions import Size
from segmenter.resolving.resolved import ResolvedSegmentation
from segmenter.spec.favourites import Wanted

MOST_TERMS = 100
"""The most comparisons of a live favourite. People click it all day, and PostgreSQL compiles much larger ones first."""


@dataclass(frozen=True)
class LiveFavourites:
    """Makes the domains of live favourites. ``scope`` and ``protect``: of the spec; ``company``: the way from a contact
    to the company of which its conditions are asked, where they are."""

    scope: Bound | None
    protect: Bound | None
    archived: bool
    company: Field | None

    def text(self, segmentation: ResolvedSegmentation, wanted: Wanted, problems: list[Problem]) -> str | None:
        """What Odoo keeps; None where the condition does not resolve, or after reporting why it cannot be said."""
        own = segmentation.segments[wanted.position]
        # Where a record may belong to several segments, only the default is what the others leave.
        first_wins = own.is_default or not segmentation.many
        before = segmentation.segments[: wanted.position] if first_wins else ()
        if any(segment.bound is None and not segment.is_default for segment in (*before, own)):
            return None
        earlier = [segment.bound for segment in before if segment.bound is not None]
        refused = list(self._refused(earlier, own.bound))
        if refused:
            problems += [_unsayable(part, why, wanted) for part, why in refused]
            return None
        asked = [bound for bound in (self.scope, own.bound) if bound is not None]
        taken_away = [bound for bound in (self.protect, *earlier) if bound is not None]
        whole = BoundAll((*asked, *map(BoundNot, taken_away)))
        said = domain(moving(whole))
        if self.archived:
            said = ["&", *WITH_ARCHIVED, *said]
        text = text_of(said)
        size = Size(sum(not isinstance(item, str) for item in said), len(text.encode()))
        if not size.fits(MOST_TERMS):
            problems.append(_too_large(size, wanted))
            return None
        return text

    def _refused(
        self, earlier: list[Bound], own: Bound | None
    ) -> Iterator[tuple[BoundLeaf | BoundDomain | BoundRelated, Refusal]]:
        if self.protect is not None:
            yield from refusals(self.protect, negated=True)
        for bound in earlier:
            yield from refusals(bound, negated=True, asked_of=self.company)
        for part in (self.scope, self.protect, *earlier, own):
            if part is not None:
                yield from unreadable(part)


def _instead(wanted: Wanted) -> str:
    if wanted.segmentation.store is None:
        return _("write filter: none in that segment")
    return _("write filter: holds in that segment")


def _unsayable(part: BoundLeaf | BoundDomain | BoundRelated, why: Refusal, wanted: Wanted) -> Problem:
    what = _("The favourite of {segment} cannot be live because of this comparison: {why}")
    return Problem(part.path, what.format(segment=wanted.segment.name, why=why.what), _instead(wanted))


def _too_large(size: Size, wanted: Wanted) -> Problem:
    what = _(
        "The live favourite of {segment} would ask too much of Odoo at each click: {terms} comparisons, with those of "
        "the segments before it, and {kilobytes} KB; at most {most}"
    )
    said = what.format(segment=wanted.segment.name, terms=size.terms, kilobytes=-(-size.bytes // 1024), most=MOST_TERMS)
    return Problem((*wanted.segment.path, "name"), said, _instead(wanted))
