"""What a spec mentions: its conditions and their comparisons, the fields that it uses, the names that it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from segmenter.conditions import CURRENCY, All, Any, Condition, Leaf, Not, RawDomain, Related
from segmenter.errors import Path
from segmenter.odoo.currencies import AMOUNTS
from segmenter.spec.model import Action, Assign, Convert, Segment, SetStage, SetTags, SetValue, Spec

BY_NAME = frozenset({"=", "in", "not", "not_in", "has_any", "has_all", "has_none", "under"})
"""Operators whose values are names of records; the others compare text."""
RAW_BY_NAME = frozenset({"=", "!=", "in", "not in"})
"""The same of raw domains."""


@dataclass(frozen=True)
class Mention:
    """Values of a field (a dotted path), and where the spec says them.

    ``use``: records are looked for by them, they are written, or neither: a raw domain asks for a part of a text, an
    example gives a value.
    """

    field: str
    values: tuple[object, ...]
    path: Path
    use: Literal["compared", "written", "other"]


def segments_of(spec: Spec) -> list[Segment]:
    """All segments of a spec, in its order."""
    return [segment for segmentation in spec.segmentations for segment in segmentation.all_segments]


def conditions_of(spec: Spec) -> list[Condition]:
    """All conditions of a spec: its scope's, those of what is protected, those of its segments."""
    conditions = (spec.scope.where, *spec.protect, *(segment.condition for segment in segments_of(spec)))
    return [condition for condition in conditions if condition is not None]


def leaves(condition: Condition | None, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """The leaves of a condition as written, each with whether it is negated."""
    if isinstance(condition, Leaf):
        yield condition, negated
    elif isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from leaves(part, negated)
    elif isinstance(condition, Not):
        yield from leaves(condition.part, not negated)


def leaves_of(spec: Spec) -> Iterator[Leaf]:
    """The leaves of all conditions of a spec."""
    for condition in conditions_of(spec):
        yield from (leaf for leaf, _negated in leaves(condition))


def related_of(spec: Spec) -> Iterator[Related]:
    """What the conditions of a spec ask of lists."""
    waiting = conditions_of(spec)[::-1]
    while waiting:
        match waiting.pop():
            case Related() as related:
                yield related
            case All(parts) | Any(parts):
                waiting.extend(reversed(parts))
            case Not(part):
                waiting.append(part)


def currency_unnamed(spec: Spec) -> bool:
    """Whether some condition of the spec compares an amount of a lead and does not say in which currency."""
    return any(
        leaf.field in AMOUNTS and leaf.operator not in (CURRENCY, "empty") and not leaf.currency and _not_zero(leaf)
        for leaf in leaves_of(spec)
    )


def _not_zero(leaf: Leaf) -> bool:
    """Whether it compares with anything but 0, which is the same money everywhere."""
    return any(value not in (0, None) for value in _values(leaf.value))


def fields_used(spec: Spec) -> Iterator[tuple[str, Path]]:
    """Every field (a dotted path) that the spec compares or writes, and where."""
    yield from ((leaf.field, leaf.path) for leaf in leaves_of(spec))
    yield from ((related.field, related.path) for related in related_of(spec))
    for segmentation in spec.segmentations:
        if segmentation.store is not None:
            yield segmentation.store.field, (*segmentation.path, "store")
    yield from ((action.field, action.path) for action in _actions(spec))


def tags_of(spec: Spec) -> list[str]:
    """The tags and categories that the spec gives and takes, which a plan creates where they are missing."""
    names: list[object] = []
    for segmentation in spec.segmentations:
        segments = segmentation.all_segments
        if segmentation.store is not None and segmentation.store.kind != "field":
            names += [segment.stored for segment in segments]
        actions = [action for segment in segments for action in segment.actions if isinstance(action, SetTags)]
        names += [name for action in actions for name in (*action.add, *action.remove)]
    return [name for name in names if isinstance(name, str)]


def mentions(spec: Spec) -> Iterator[Mention]:
    """Every value that the spec compares by name, writes, or gives in an example; but not the tags that it writes."""
    for leaf in leaves_of(spec):
        if leaf.operator in BY_NAME:
            yield Mention(leaf.field, _values(leaf.value), leaf.path, "compared")
    for action in _actions(spec):
        yield Mention(action.field, _written(action), action.path, "written")
        if isinstance(action, SetStage):
            yield Mention(action.field, action.come_from, action.path, "compared")
    for segmentation in spec.segmentations:
        if segmentation.store is not None and segmentation.store.kind == "field":
            for segment in segmentation.all_segments:
                yield Mention(segmentation.store.field, (segment.stored,), segment.path, "written")
    for field, operator, values, path in _raw_terms(spec):
        yield Mention(field, values, path, "compared" if operator in RAW_BY_NAME else "other")
    for example in spec.examples:
        for field, value in (example.given or {}).items():
            yield Mention(field, _values(value), (*example.path, "given", field), "other")


def _actions(spec: Spec) -> Iterator[Action]:
    return (action for segment in segments_of(spec) for action in segment.actions)


def _raw_terms(spec: Spec) -> Iterator[tuple[str, object, tuple[object, ...], Path]]:
    """Each comparison of the raw domains: a field (a dotted path), the operator, the values, where."""
    waiting = conditions_of(spec)
    while waiting:
        match waiting.pop():
            case RawDomain() as raw:
                for term in raw.domain:
                    if isinstance(term, tuple) and len(term) == 3 and isinstance(term[0], str):
                        yield term[0], term[1], _values(term[2]), raw.path
            case All(parts) | Any(parts):
                waiting.extend(parts)
            case Not(part):
                waiting.append(part)


def _values(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _written(action: Action) -> tuple[object, ...]:
    match action:
        case Assign():
            return action.people
        case SetStage():
            return (action.to,)
        case Convert() | SetTags():
            return ()
        case SetValue():
            return (action.value,)
