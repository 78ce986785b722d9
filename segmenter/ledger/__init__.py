"""The ledger: the database of plans, runs, outcomes and, later, approvals; what audit, resume and undo stand on."""

from segmenter.ledger.ledger import Ledger, open_ledger
from segmenter.ledger.records import (
    Applied,
    Batch,
    ChainReport,
    Draft,
    Event,
    Outcome,
    OutcomeKind,
    Override,
    PlanRow,
    Run,
    RunKind,
    RunStatus,
    Who,
)

__all__ = [
    "Applied",
    "Batch",
    "ChainReport",
    "Draft",
    "Event",
    "Ledger",
    "Outcome",
    "OutcomeKind",
    "Override",
    "PlanRow",
    "Run",
    "RunKind",
    "RunStatus",
    "Who",
    "open_ledger",
]
