"""A spec on one CRM: its names are ids, its conditions domains, and what a segment does are effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmenter.conditions import Bound, Field
from segmenter.errors import Path
from segmenter.planning.effects import Effect, Hold
from segmenter.planning.model import ConfigChange, Json
from segmenter.spec.model import Range


@dataclass(frozen=True)
class ResolvedSegment:
    """One segment on this CRM. ``tag``: the id its store holds (negative: to be created), None for other stores."""

    name: str
    is_default: bool
    bound: Bound | None
    domain: tuple[Json, ...]
    words: str
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
            add = frozenset(tag for one in taken if (tag := self.segments[one].tag) is not None)
            effects.append(Hold(self.store, add, self.owned - add))
        seen: set[str] = set()
        for position in taken:
            here = [effect for effect in self.segments[position].effects if effect.field.name not in seen]
            effects.extend(here)
            seen.update(effect.field.name for effect in here if not isinstance(effect, Hold))
        return effects


@dataclass(frozen=True)
class Resolved:
    """A whole spec on one CRM. ``owned``: many-valued field -> ids that the spec names in it.

    ``absent``: fields of the model that the plan itself creates, so that no record holds anything in them yet.
    """

    model: str
    archived: bool
    scope_domain: tuple[Json, ...]
    protect_domain: tuple[Json, ...]
    segmentations: tuple[ResolvedSegmentation, ...]
    config: tuple[ConfigChange, ...]
    forbidden: tuple[str, ...]
    owned: Mapping[str, frozenset[int]]
    bounds: Mapping[str, str]
    scope: Bound | None = None
    protect: Bound | None = None
    absent: Mapping[str, Field] = field(default_factory=dict)

    def effects(self) -> list[Effect]:
        """Every effect the spec could have, whether or not a record of this server meets it."""
        return [
            effect
            for segmentation in self.segmentations
            for position in range(len(segmentation.segments))
            for effect in segmentation.effects([position])
        ]
