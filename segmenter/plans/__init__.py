"""What a plan is made of: facts alone. Everything that makes, keeps, applies or shows plans stands on this."""

from segmenter.plans.changes import Change, ChangeSet, ConfigChange, FieldChange, Json, changes_by_record, with_ids
from segmenter.plans.expected import Amount, Period, Range
from segmenter.plans.plan import (
    Condition,
    ExampleResult,
    Members,
    Overlap,
    Plan,
    PlanRefused,
    Portion,
    SegmentCount,
    Tally,
    Violation,
    full_name,
)

__all__ = [
    "Amount",
    "Change",
    "ChangeSet",
    "Condition",
    "ConfigChange",
    "ExampleResult",
    "FieldChange",
    "Json",
    "Members",
    "Overlap",
    "Period",
    "Plan",
    "PlanRefused",
    "Portion",
    "Range",
    "SegmentCount",
    "Tally",
    "Violation",
    "changes_by_record",
    "full_name",
    "with_ids",
]
