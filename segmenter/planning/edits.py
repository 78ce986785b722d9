"""What was edited between the specs of two plans: facts, with what each segment's was before and after.

The two texts are compared as the specs that they are, so comments, layout and other names of an id do not count. Where
this version no longer takes one of the texts, the heads of the plans are compared, which know no actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from typing import Any, Literal

from segmenter.conditions import All, Condition
from segmenter.conditions import Any as AnyOf
from segmenter.errors import SpecError
from segmenter.plans import Json, Plan, SegmentCount
from segmenter.plans.plan import Condition as Facts
from segmenter.spec.load import loads
from segmenter.spec.logic import implies
from segmenter.spec.model import Action, Limits, Segment, Spec

What = Literal[
    # of a segment
    "segment", "condition", "name", "color", "description", "value", "actions", "expect", "filter",
    # of a segmentation
    "segmentation", "order", "store", "contacts", "purpose",
    # of the whole spec
    "scope", "archived", "scope_expect", "protect", "limit", "approval",
    "filters", "tracking", "fields", "approver", "timezone", "language",
]  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """One thing of a spec that is otherwise in another.

    ``segmentation`` and ``segment``: as the newer spec names them, or the older one what is gone. ``limit``: which.
    ``before`` and ``after``: of a condition its facts (`conditions.facts`), of an order the names in it, of actions a
    mapping each, of what is expected a `Range`, of a limit an `Amount`; None where there was nothing, or is no more.
    A ``segment`` or ``segmentation`` that came has no ``before``, one that went no ``after``.

    ``reach``: of a condition, whether it takes ``more`` of the same records than before, ``less`` or the ``same``; ""
    where that is not certain.
    """

    what: What
    before: Any
    after: Any
    segmentation: str = ""
    segment: str = ""
    limit: str = ""
    reach: Literal["", "more", "less", "same"] = ""


@dataclass(frozen=True)
class Criteria:
    """The ``edits``, in the order of the newer spec. ``renamed``: segmentation -> older name of a segment -> newer."""

    edits: tuple[Edit, ...]
    renamed: Mapping[str, Mapping[str, str]]


def criteria(old: Plan, new: Plan) -> Criteria:
    """What was edited from the spec of ``old`` to that of ``new``."""
    specs = _spec(old), _spec(new)
    known = specs[0] is not None and specs[1] is not None
    before, after = (_divisions(plan, spec if known else None) for plan, spec in zip((old, new), specs, strict=True))
    renamed = {name: _renamed(before[name], after[name]) for name in after if name in before}
    edits = [*_top(old, new, *specs)]
    for name in [*after, *(name for name in before if name not in after)]:
        if name in before and name in after:
            edits += _inside(name, before[name], after[name], renamed[name])
        else:
            there = [name if name in side else None for side in (before, after)]
            edits.append(Edit("segmentation", there[0], there[1], name))
    return Criteria(tuple(edits), renamed)


def _spec(plan: Plan) -> Spec | None:
    """The spec of a plan; None where this version does not take its text."""
    try:
        return loads(plan.identity.spec_text, plan.identity.spec_file)
    except SpecError:
        return None


@dataclass(frozen=True)
class _Part:
    """One segment. ``compared``: its condition, for comparing; ``condition``: the facts of it. ``about``: the rest."""

    name: str
    is_default: bool
    compared: Any
    condition: Facts | None
    about: Mapping[What, Any]


@dataclass(frozen=True)
class _Division:
    """One segmentation. ``about``: what it has besides segments."""

    parts: Mapping[str, _Part]
    about: Mapping[What, Any]


def _divisions(plan: Plan, spec: Spec | None) -> dict[str, _Division]:
    """Segmentation -> what there is to compare of it."""
    counts = {name: list(some) for name, some in groupby(plan.counts.segments, key=lambda count: count.segmentation)}
    if spec is None:
        return {
            name: _Division({count.segment: _of_count(count) for count in some}, {}) for name, some in counts.items()
        }
    conditions = {(count.segmentation, count.segment): count.condition for count in plan.counts.segments}
    return {
        of.name: _Division(
            {part.name: _of_segment(part, conditions.get((of.name, part.name))) for part in of.all_segments},
            {
                "store": asdict(of.store) if of.store else None,
                "contacts": of.include_contacts,
                "purpose": of.description,
            },
        )
        for of in spec.segmentations
    }


def _of_count(count: SegmentCount) -> _Part:
    about: dict[What, Any] = {
        "color": count.color,
        "description": count.description,
        "expect": count.expected,
    }
    return _Part(count.segment, count.is_default, count.condition, count.condition, about)


def _of_segment(segment: Segment, condition: Facts | None) -> _Part:
    about: dict[What, Any] = {
        "color": segment.color,
        "description": segment.description,
        "value": segment.value,
        "actions": [_action(action) for action in segment.actions],
        "expect": segment.expect,
        "filter": segment.filter,
    }
    return _Part(segment.name, segment.condition is None, segment.condition, condition, about)


def _action(action: Action) -> dict[str, Json]:
    """``{"action": "SetValue", "field": "priority", "value": 3, ...}``."""
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(action).items()}
    facts.pop("path")
    return {"action": type(action).__name__, **facts}


def _renamed(before: _Division, after: _Division) -> dict[str, str]:
    """Older name -> newer name of the segments of one condition, or of the defaults."""
    found: dict[str, str] = {}
    for gone in (part for name, part in before.parts.items() if name not in after.parts):
        for name, part in after.parts.items():
            alike = (part.is_default, part.compared) == (gone.is_default, gone.compared)
            if alike and name not in before.parts and name not in found.values():
                found[gone.name] = name
                break
    return found


def _inside(name: str, before: _Division, after: _Division, renamed: Mapping[str, str]) -> Iterator[Edit]:
    """The edits of one segmentation."""
    yield from _differing(before.about, after.about, name)
    called = {new: old for old, new in renamed.items()}
    for part in after.parts.values():
        was = before.parts.get(called.get(part.name, part.name))
        if was is None:
            yield Edit("segment", None, part.name, name, part.name)
            continue
        if was.name != part.name:
            yield Edit("name", was.name, part.name, name, part.name)
        if was.compared != part.compared:
            reach = _reach(was.compared, part.compared)
            yield Edit("condition", was.condition, part.condition, name, part.name, reach=reach)
        yield from _differing(was.about, part.about, name, part.name)
    for part in before.parts.values():
        if renamed.get(part.name, part.name) not in after.parts:
            yield Edit("segment", part.name, None, name, part.name)
    order = [old for old in before.parts if renamed.get(old, old) in after.parts]
    now = [called.get(new, new) for new in after.parts]
    if order != [old for old in now if old in order]:
        yield Edit("order", list(before.parts), list(after.parts), name)


def _reach(before: object, after: object) -> Literal["", "more", "less", "same"]:
    """What the second condition takes of the records, beside the first. Facts of a plan's head prove nothing."""
    if not (isinstance(before, Condition) and isinstance(after, Condition)):
        return ""
    more, less = implies(before, after), implies(after, before)
    if more and less:
        return "same"
    return "more" if more else "less" if less else ""


def _differing(
    before: Mapping[What, Any], after: Mapping[What, Any], segmentation: str = "", segment: str = ""
) -> Iterator[Edit]:
    for what, value in after.items():
        if before[what] != value:
            yield Edit(what, before[what], value, segmentation, segment)


def _top(old: Plan, new: Plan, old_spec: Spec | None, new_spec: Spec | None) -> Iterator[Edit]:
    """The edits of what stands around the segmentations."""
    rules = old.rules, new.rules
    scopes: Sequence[Any] = [plan.rules.scope_condition for plan in (old, new)]
    protects: Sequence[Any] = [plan.rules.protect_condition for plan in (old, new)]
    if old_spec and new_spec:
        scopes, protects = (old_spec.scope.where, new_spec.scope.where), (old_spec.protect, new_spec.protect)
    if scopes[0] != scopes[1]:
        reach = _reach(*(scope or All(()) for scope in scopes))
        yield Edit("scope", rules[0].scope_condition, rules[1].scope_condition, reach=reach)
    if protects[0] != protects[1]:
        reach = _reach(*(AnyOf(tuple(parts)) if isinstance(parts, tuple) else parts for parts in protects))
        yield Edit("protect", rules[0].protect_condition, rules[1].protect_condition, reach=reach)
    expected = [plan.counts.scope_expected for plan in (old, new)]
    if expected[0] != expected[1]:
        yield Edit("scope_expect", expected[0], expected[1])
    if old_spec and new_spec:
        yield from _differing(_settings(old_spec), _settings(new_spec))
        yield from _limits(old_spec.limits, new_spec.limits)


def _settings(spec: Spec) -> dict[What, Any]:
    return {
        "archived": spec.scope.archived,
        "filters": asdict(spec.filters) if spec.filters else None,
        "tracking": spec.tracking,
        "fields": [field.name for field in spec.fields],
        "approver": spec.client.approver,
        "approval": spec.limits.require_approval,
        "timezone": spec.client.timezone,
        "language": spec.client.language,
    }


def _limits(before: Limits, after: Limits) -> Iterator[Edit]:
    for field in fields(Limits):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if field.name != "require_approval" and was != now:
            yield Edit("limit", was, now, limit=field.name)
