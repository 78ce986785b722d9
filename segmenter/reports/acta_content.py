"""The agreement as data, for the page, the mail and JSON; and what is known of the CRM beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segmenter.plans.changes import ConfigChange
from segmenter.plans.plan import ExampleResult, Plan
from segmenter.reports.actions import Names

Key = tuple[str, str]
"""Segmentation and segment."""


@dataclass(frozen=True)
class Figures:
    """What is known of the CRM besides the agreement; all of it may be unknown.

    ``counts``: the records of each segment and their expected revenue (None where unknown), in ``currency``.
    ``scope``: records in all, without the ``protected`` ones. ``uncovered``: segmentation -> records of no segment.
    ``examples``: what came of the client's own cases. ``config``: what is created or altered around the records.
    ``names``: see `actions.Names`.
    """

    counts: Mapping[Key, tuple[int, float | None]] = field(default_factory=dict)
    scope: int | None = None
    protected: int | None = None
    uncovered: Mapping[str, int] = field(default_factory=dict)
    currency: str = ""
    examples: Sequence[ExampleResult] = ()
    config: Sequence[ConfigChange] = ()
    names: Names = field(default_factory=dict)


@dataclass(frozen=True)
class AgreedSegment:
    """One segment. ``criterion``: "" for what no other takes, None where it is not agreed yet. ``does``: sentences."""

    name: str
    description: str
    criterion: str | None
    does: tuple[str, ...]
    tone: str
    colour: str
    records: int | None = None
    revenue: float | None = None
    expected: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class AgreedSegmentation:
    """One way to divide. ``order``: how its segments go together, in a sentence."""

    name: str
    description: str
    order: str
    segments: tuple[AgreedSegment, ...]


@dataclass(frozen=True)
class AgreedExample:
    """A case of the client's. ``about``: its values. ``expected``: ``Level: High``. ``met``: None if not tried."""

    name: str
    about: str
    expected: tuple[str, ...]
    met: bool | None = None


@dataclass(frozen=True)
class Acta:
    """The agreement; every text is in one language.

    ``at``: ISO 8601. ``records``: their name in plural. ``scope``: which of them. ``new``: what is made in Odoo.
    """

    client: str
    approver: str
    consultant: str
    at: str
    language: str
    timezone: str
    records: str
    scope: str
    scope_count: int | None
    scope_expected: str
    scope_met: bool | None
    protect: tuple[str, ...]
    protected: int | None
    segmentations: tuple[AgreedSegmentation, ...]
    examples: tuple[AgreedExample, ...]
    limits: tuple[str, ...]
    new: tuple[str, ...]
    open: tuple[str, ...]
    currency: str = ""


def figures(plan: Plan, names: Names | None = None) -> Figures:
    """What a plan of the same spec knows."""
    revenue: dict[Key, float] = {}
    for portion in plan.counts.portions if plan.counts.currency else ():
        key = (portion.segmentation, portion.segment)
        revenue[key] = revenue.get(key, 0.0) + portion.revenue
    some = any(revenue.values())
    taken = {(count.segmentation, count.segment): count.taken for count in plan.counts.segments}
    return Figures(
        {key: (number, revenue.get(key, 0.0) if some else None) for key, number in taken.items()},
        plan.counts.scope_count,
        plan.counts.protected,
        plan.counts.uncovered,
        plan.counts.currency,
        plan.examples,
        plan.config if plan.identity.source == "server" else (),
        names or {},
    )
