"""A spec on one CRM: its names are ids, its conditions domains, and what a segment does are effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.conditions import Bound, Field
from segmenter.errors import Path, Problem, SegmenterError, SpecError
from segmenter.notice import Notice
from segmenter.plans.changes import ConfigChange, Json
from segmenter.plans.expected import Period, Range
from segmenter.resolving.custom_fields import DeclaredField
from segmenter.resolving.effects import Effect, Hold, MoveTo, SetTo, is_new
from segmenter.resolving.rights import Rights


@dataclass(frozen=True)
class ResolvedSegment:
    """One segment on this CRM. ``tag``: the id its store holds (negative: to be created), None for other stores."""

    name: str
    is_default: bool
    bound: Bound | None
    domain: tuple[Json, ...]
    color: int | None
    description: str
    expect: Range | None
    tag: int | None
    effects: tuple[Effect, ...]
    path: Path


@dataclass(frozen=True)
class ResolvedSegmentation:
    """One segmentation on this CRM. ``store``: its many-valued field, ``owned`` the tags it names there."""

    name: str
    many: bool
    store: Field | None
    owned: frozenset[int]
    segments: tuple[ResolvedSegment, ...]

    def effects(self, taken: list[int]) -> list[Effect]:
        """What is done to a record that these segments (positions, in order) take: the first to set a field wins."""
        effects: list[Effect] = []
        if self.store is not None and self.owned:
            add = frozenset(tag for position in taken if (tag := self.segments[position].tag) is not None)
            effects.append(Hold(self.store, add, self.owned - add))
        seen: set[str] = set()
        for position in taken:
            here = [effect for effect in self.segments[position].effects if effect.field.name not in seen]
            effects.extend(here)
            seen.update(effect.field.name for effect in here if not isinstance(effect, Hold))
        return effects


@dataclass(frozen=True)
class Resolved:
    """A whole spec on one CRM: all that it needs of it.

    ``owned``: many-valued field -> ids that the spec names in it. ``config``: what the plan creates or alters first.
    ``rights``: what the work user must be allowed to; ``forbidden``: what it may not, which stands against the plan.
    ``absent``: fields of the model that the plan itself creates, so that no record holds anything in them yet.
    ``problems``: what does not resolve, each at its place; where there are any, the rest is only what does.
    ``failure``: the first error of the server behind a problem.
    """

    model: str
    archived: bool = False
    scope_domain: tuple[Json, ...] = ()
    protect_domain: tuple[Json, ...] = ()
    segmentations: tuple[ResolvedSegmentation, ...] = ()
    config: tuple[ConfigChange, ...] = ()
    forbidden: tuple[Notice, ...] = ()
    owned: Mapping[str, frozenset[int]] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    scope: Bound | None = None
    protect: Bound | None = None
    absent: Mapping[str, Field] = field(default_factory=dict)
    fields: tuple[DeclaredField, ...] = ()
    rights: Rights = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    failure: SegmenterError | None = None

    def complete(self) -> Resolved:
        """The same, where everything resolves. Raises `SpecError` with every problem, or the server's own error."""
        if self.failure is not None:
            raise self.failure
        if self.problems:
            raise SpecError(self.problems)
        return self

    def segments(self) -> list[ResolvedSegment]:
        """The segments of all segmentations."""
        return [segment for segmentation in self.segmentations for segment in segmentation.segments]

    def stages(self) -> frozenset[int]:
        """The existing stages that records are moved to."""
        stages: set[int] = set()
        for effect in self.effects():
            if effect.field.relation != "crm.stage":
                continue
            if isinstance(effect, MoveTo) and not is_new(effect.to):
                stages.add(effect.to)
            elif isinstance(effect, SetTo) and effect.value is not None:
                stages.add(effect.value)
        return frozenset(stages)

    @property
    def reaches_archived(self) -> bool:
        """Whether archived records may be in the scope: a search leaves them out unless it speaks of them."""
        return self.archived or any(leaf[0] == "active" for leaf in self.scope_domain if not isinstance(leaf, str))

    def effects(self) -> list[Effect]:
        """Every effect the spec could have, whether or not a record of this server meets it."""
        return [
            effect
            for segmentation in self.segmentations
            for position in range(len(segmentation.segments))
            for effect in segmentation.effects([position])
        ]
