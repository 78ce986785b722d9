"""What stands against a plan: limits of the spec that it breaks, ranges and examples of the client's that it misses."""

from __future__ import annotations

from collections.abc import Iterable

from segmenter.notice import Notice
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import ExampleResult, SegmentCount, Tally, Violation
from segmenter.spec.model import Limits

Counted = tuple[SegmentCount, Range | None]
"""What a segment takes, and what the client expects of it."""
NOT_OVERRIDABLE = ("rights", "examples", "tracking", "odoo", "settling")


def violations(limits: Limits, tally: Tally, scope: int) -> list[Violation]:
    """Every limit that the tally breaks, in the order in which the spec lists them."""
    found = {
        "changes": (limits.changes, tally.records),
        "overwrites": (limits.overwrites, tally.overwrites),
        "removed_tags": (limits.removed_tags, tally.removed_tags),
        "moved_stages": (limits.moved_stages, tally.moved_stages),
        "new_contacts": (limits.new_contacts, tally.new_contacts),
        "portfolio": (limits.portfolio, tally.records),
    }
    return [
        Violation(name, number, limit.of(scope), _share(limit))
        for name, (limit, number) in found.items()
        if limit is not None and number > limit.of(scope)
    ]


def _share(limit: Amount) -> Notice | None:
    """That a limit is a share of the scope."""
    return Notice("limit.share", {"percent": limit.number}) if limit.percent else None


def unmet(expected: Range, number: int, scope: int, segmentation: str = "", segment: str = "") -> Violation | None:
    """The violation when ``number`` lies outside what the client expects of a segment, or of the scope; None when it
    is inside."""
    if within(expected, number, scope):
        return None
    allowed = expected.most if expected.most is not None and number > expected.most.of(scope) else expected.least
    bound = allowed.of(scope) if allowed is not None else 0
    ends = {"least": expected.least, "most": expected.most}
    counts = {f"{name}_percent" if end.percent else name: end.number for name, end in ends.items() if end is not None}
    names = {"segmentation": segmentation, "segment": segment} if segmentation else {}
    return Violation("expect", number, bound, Notice("expectation.unmet", counts, names))


def within(expected: Range, number: int, scope: int) -> bool:
    """Both ends included."""
    low = expected.least is None or number >= expected.least.of(scope)
    return low and (expected.most is None or number <= expected.most.of(scope))


def expectations(scope_range: Range | None, scope: int, segments: Iterable[Counted]) -> list[Violation]:
    """What the client expected and did not get, of the scope and of each segment."""
    unexpected = [unmet(scope_range, scope, scope)] if scope_range else []
    unexpected += [
        unmet(expected, count.taken, scope, count.segmentation, count.segment)
        for count, expected in segments
        if expected is not None
    ]
    return [violation for violation in unexpected if violation is not None]


def failed(examples: Iterable[ExampleResult]) -> list[Violation]:
    """The violation, when an example comes out otherwise than the client expects."""
    wrong = sum(not example.met for example in examples)
    return [Violation("examples", wrong, 0)] if wrong else []
