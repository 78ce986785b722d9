"""Which records are out of place, and what their segments want of them. No record is read."""

from __future__ import annotations

from collections import Counter as Numbers
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from segmenter.conditions import Domain, any_of, domain
from segmenter.odoo.pages import IDS_PER_QUESTION
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import ConvertLead, Effect, SetTo, out_of_place
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
    """Which records are out of place: a search per `IDS_PER_QUESTION` ids, and no read."""
    parts: dict[tuple[int, ...], tuple[Part, ...]] = {}
    todo: list[int] = []
    ask: list[tuple[Domain, list[int]]] = []
    for masks, records in placement.groups().items():
        parts[masks] = _brought_back(
            tuple(_part(one.segmentation, mask) for one, mask in zip(placement.memberships, masks, strict=True))
        )
        effects = [effect for part in parts[masks] for effect in part.effects]
        if not effects:
            continue
        wrong = out_of_place(effects)
        if wrong is None:
            todo.extend(records)
        else:
            ask.append((domain(wrong), records))
    for wrong_ones in reader.search_each(resolved.model, list(_questions(ask)), archived=resolved.archived):
        todo.extend(wrong_ones)
    return Work(placement, parts, sorted(todo))


def _part(segmentation: ResolvedSegmentation, mask: int) -> Part:
    positions = segments_of(mask)
    names = ", ".join(segmentation.segments[position].name for position in positions)
    return Part(segmentation.name, names, tuple(positions), tuple(segmentation.effects(positions)))


def _brought_back(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same parts; what they take out of the archive, they convert too."""
    effects = [effect for part in parts for effect in part.effects]
    if not any(isinstance(effect, SetTo) and effect.field.name == "active" and effect.value for effect in effects):
        return parts
    return tuple(replace(part, effects=tuple(_of_archived_too(effect) for effect in part.effects)) for part in parts)


def _of_archived_too(effect: Effect) -> Effect:
    return effect.of_archived_too() if isinstance(effect, ConvertLead) else effect


def _questions(ask: list[tuple[Domain, list[int]]]) -> Iterator[Domain]:
    """Domains for "which of these are out of place", each with a bounded number of ids. ``ask``: complete terms."""
    terms: list[Domain] = []
    room = IDS_PER_QUESTION
    for wrong, records in ask:
        start = 0
        while start < len(records):
            some = records[start : start + room]
            terms.append(["&", ("id", "in", some), *wrong])
            start, room = start + len(some), room - len(some)
            if not room:
                yield any_of(*terms)
                terms, room = [], IDS_PER_QUESTION
    if terms:
        yield any_of(*terms)
