"""Heads of plans from flat facts: tests name a fact and need not know in which part of a plan it is."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from segmenter.plans.plan import PARTS, Plan

PART_OF = {field.name: part for part, kind in PARTS.items() for field in fields(kind)}
"""Fact -> the part of a plan that has it."""


def head_of(**facts: Any) -> Plan:
    """A plan of these facts."""
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    own = {}
    for name, value in facts.items():
        if name in PART_OF:
            parts[PART_OF[name]][name] = value
        else:
            own[name] = value
    return Plan(**{part: PARTS[part](**given) for part, given in parts.items()}, **own)


def altered(plan: Plan, **facts: Any) -> Plan:
    """The plan with other facts."""
    for name, value in facts.items():
        if part := PART_OF.get(name):
            value = replace(getattr(plan, part), **{name: value})
        plan = replace(plan, **{part or name: value})
    return plan
