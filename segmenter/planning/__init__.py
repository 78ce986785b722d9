"""Who belongs where, what must change, is it safe: pure functions over a reader, which cannot write."""

from segmenter.planning.draft import Draft
from segmenter.planning.explain import Explanation, Reason, SegmentReason, explain
from segmenter.planning.limits import NOT_OVERRIDABLE
from segmenter.planning.model import Change, ConfigChange, ExampleResult, Plan, SegmentCount, Violation
from segmenter.planning.rights import cannot_delete, undeletable

__all__ = [
    "NOT_OVERRIDABLE",
    "Change",
    "ConfigChange",
    "Draft",
    "ExampleResult",
    "Explanation",
    "Plan",
    "Reason",
    "SegmentCount",
    "SegmentReason",
    "Violation",
    "cannot_delete",
    "explain",
    "undeletable",
]
