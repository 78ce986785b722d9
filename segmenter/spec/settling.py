"""Fields that a spec both asks for and writes: after an apply, records may belong elsewhere. That can be meant.

A fact about the spec, and nothing wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segmenter.conditions import All, Any, Condition, Leaf, Not, RawDomain, Related
from segmenter.conditions.domain import first_steps
from segmenter.errors import Path, Problem
from segmenter.i18n import _, all_of, some_of
from segmenter.plans import full_name
from segmenter.spec.model import Action, Convert, Segment, Segmentation, SetTags, Spec

MOST_NAMED = 3
"""Segments that are named of those that write a field, or ask for it."""
LATER_NAMES = {"lost_reason": "lost_reason_id", "date_action_last": "date_automation_last"}
"""Field of older versions of Odoo -> what it is called since."""
_BY_NAME = ("=", "in", "not", "not_in", "has_any", "has_all", "has_none")


@dataclass
class _Use:
    """``writing``, ``asking``: segments, in the order of the spec; ``path``: where a condition asks for it first."""

    writing: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    path: Path = ()


@dataclass(frozen=True)
class _Asked:
    """One comparison with a field of the records. ``names``: of the tags that it is about; None for any value."""

    field: str
    names: frozenset[str] | None
    path: Path


def asked_and_written(spec: Spec) -> list[Problem]:
    """One for each field that a condition asks for and a segment writes, at the condition that asks for it first."""
    written = _written(spec)
    uses: dict[str, _Use] = {}
    for who, condition in _conditions(spec):
        for asked in _asked(condition):
            writing = [name for name, values in written.get(asked.field, {}).items() if _meet(asked.names, values)]
            if writing:
                use = uses.setdefault(asked.field, _Use(path=asked.path))
                use.asking += [who] if who not in use.asking else []
                use.writing += [name for name in writing if name not in use.writing]
    return [_fact(name, use) for name, use in uses.items()]


def _fact(name: str, use: _Use) -> Problem:
    what = _(
        "{field} is asked for by {asking} and written by {writing}: records may belong elsewhere once the spec is "
        "applied"
    )
    return Problem(use.path, what.format(field=name, asking=_some(use.asking), writing=_some(use.writing)))


def _some(names: list[str]) -> str:
    return all_of(names) if len(names) <= MOST_NAMED else some_of(names[:MOST_NAMED], len(names))


def _meet(names: frozenset[str] | None, values: frozenset[str] | None) -> bool:
    return names is None or values is None or not names.isdisjoint(values)


def _conditions(spec: Spec) -> Iterator[tuple[str, Condition]]:
    """Every condition, and who asks it."""
    if spec.scope.where is not None:
        yield "scope", spec.scope.where
    for condition in spec.protect:
        yield "protect", condition
    for segmentation in spec.segmentations:
        for segment in segmentation.segments:
            if segment.condition is not None:
                yield full_name(segmentation.name, segment.name), segment.condition


def _asked(condition: Condition) -> Iterator[_Asked]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked(part)
        case Not(part):
            yield from _asked(part)
        case RawDomain(domain, path):
            for name in sorted(first_steps(domain)):
                yield _Asked(_later(name), None, path)
        case Related(name, path=path):
            yield _Asked(_later(name.partition(".")[0]), None, path)
        case Leaf(name, operator, value, path):
            values = value if isinstance(value, tuple) else (value,)
            by_name = operator in _BY_NAME and "." not in name and all(isinstance(one, str) for one in values)
            names = frozenset(str(one).casefold() for one in values) if by_name else None
            yield _Asked(_later(name.partition(".")[0]), names, path)


def _later(name: str) -> str:
    return LATER_NAMES.get(name, name)


def _written(spec: Spec) -> Mapping[str, Mapping[str, frozenset[str] | None]]:
    """Field -> segment -> the tags that it gives and takes there; None of a field of one value."""
    found: dict[str, dict[str, frozenset[str] | None]] = {}
    for segmentation in spec.segmentations:
        for segment in segmentation.all_segments:
            name = full_name(segmentation.name, segment.name)
            for written, values in _writes(segmentation, segment):
                here = found.setdefault(_later(written), {})
                before = here.get(name, frozenset())
                here[name] = None if values is None or before is None else before | values
    return found


def _writes(segmentation: Segmentation, segment: Segment) -> Iterator[tuple[str, frozenset[str] | None]]:
    store = segmentation.store
    if store is not None and store.kind == "field":
        yield store.field, None
    elif store is not None:  # whoever gets one of these tags loses the others
        yield store.field, _folded(str(one.stored) for one in segmentation.all_segments)
    for action in segment.actions:
        yield from _writes_of(action)


def _writes_of(action: Action) -> Iterator[tuple[str, frozenset[str] | None]]:
    if isinstance(action, SetTags):
        yield action.field, _folded(str(tag) for tag in (*action.add, *action.remove))
        return
    yield action.field, None
    if isinstance(action, Convert) and action.customer != "none":
        yield "partner_id", None


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
