"""Which records are out of place, and what their segments want of them. No record is read."""

from __future__ import annotations

from collections import Counter as Numbers
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from segmenter.conditions import Domain, domain
from segmenter.odoo.questions import joined
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import ConvertLead, Effect, Hold, SetTo, out_of_place
from segmenter.planning.model import Json
from segmenter.planning.placement import Placement, segments_of
from segmenter.planning.resolved import Resolved, ResolvedSegmentation


@dataclass(frozen=True)
class Part:
    """What one segmentation does to a record: for the reason that a change gives."""

    segmentation: str
    segment: str
    positions: tuple[int, ...]
    effects: tuple[Effect, ...]
    many: bool = False

    def pieces(self) -> Iterator[tuple[Effect, ...]]:
        """The effects that go into one condition.

        A record is in one segment of most segmentations: what that one wants is asked as a whole. Where it can be in
        several, each combination of them would be a condition of its own: there each effect is asked by itself, and
        each tag.
        """
        if not self.many:
            if self.effects:
                yield self.effects
            return
        for effect in self.effects:
            for one in effect.tag_by_tag() if isinstance(effect, Hold) else (effect,):
                yield (one,)


@dataclass
class Work:
    """Which records must change and how; ``changed`` counts, while the changes are made, (segmentation, position)."""

    placement: Placement
    parts: Mapping[tuple[int, ...], tuple[Part, ...]]
    todo: list[int] = field(default_factory=list)
    changed: Numbers[tuple[str, int]] = field(default_factory=Numbers)

    def parts_of(self, record: int) -> tuple[Part, ...]:
        return self.parts[tuple(one.masks.get(record, 0) for one in self.placement.memberships)]

    def effects(self) -> list[Effect]:
        return [effect for parts in self.parts.values() for part in parts for effect in part.effects]

    def said(self, record: int) -> dict[str, Json]:
        """The values that a record is to hold: field -> value."""
        return {
            effect.field.name: effect.value
            for part in self.parts_of(record)
            for effect in part.effects
            if isinstance(effect, SetTo)
        }

    def conversions(self) -> dict[int, ConvertLead]:
        """The records that are out of place and of a segment that converts, and how it does."""
        if not any(isinstance(effect, ConvertLead) for effect in self.effects()):
            return {}
        return {
            record: effect
            for record in self.todo
            for part in self.parts_of(record)
            for effect in part.effects
            if isinstance(effect, ConvertLead)
        }


def find_work(resolved: Resolved, placement: Placement, reader: OdooReader) -> Work:
    """Which records are out of place: searches for those of each segment that do not hold what it wants; no read.

    Asked segment by segment, so that neither the searches nor what they cost grow with the combinations of segments
    that records are in.
    """
    parts: dict[tuple[int, ...], tuple[Part, ...]] = {}
    wanted: dict[tuple[Effect, ...], list[int]] = {}
    known: dict[tuple[str, int], Part] = {}
    for masks, records in placement.groups().items():
        here = []
        for one, mask in zip(placement.memberships, masks, strict=True):
            key = (one.segmentation.name, mask)
            if key not in known:
                known[key] = _part(one.segmentation, mask)
            here.append(known[key])
        parts[masks] = _brought_back(tuple(here))
        for effects in {piece: None for part in parts[masks] for piece in part.pieces()}:
            wanted.setdefault(effects, []).extend(records)
    certain: set[int] = set()
    ask: list[tuple[Domain, list[int]]] = []
    for effects, records in wanted.items():
        wrong = out_of_place(effects)
        if wrong is None:
            certain.update(records)
        else:
            ask.append((domain(wrong), records))
    todo = set(certain)
    questions = joined((wrong, [one for one in records if one not in certain]) for wrong, records in ask)
    for wrong_ones in reader.search_each(resolved.model, list(questions), archived=resolved.archived):
        todo.update(wrong_ones)
    return Work(placement, parts, sorted(todo))


def _part(segmentation: ResolvedSegmentation, mask: int) -> Part:
    positions = segments_of(mask)
    names = ", ".join(segmentation.segments[position].name for position in positions)
    return Part(segmentation.name, names, tuple(positions), tuple(segmentation.effects(positions)), segmentation.many)


def _brought_back(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same parts; what they take out of the archive, they convert too."""
    effects = [effect for part in parts for effect in part.effects]
    if not any(isinstance(effect, SetTo) and effect.field.name == "active" and effect.value for effect in effects):
        return parts
    return tuple(replace(part, effects=tuple(_of_archived_too(effect) for effect in part.effects)) for part in parts)


def _of_archived_too(effect: Effect) -> Effect:
    return effect.of_archived_too() if isinstance(effect, ConvertLead) else effect
