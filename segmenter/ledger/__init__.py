"""The ledger: the database of plans, runs, outcomes, approvals and the log; what audit, resume and undo stand on."""

from segmenter.ledger.ledger import Ledger, open_ledger
from segmenter.ledger.records import (
    Applied,
    Approval,
    Batch,
    ChainReport,
    Draft,
    Event,
    LogEntry,
    LogKind,
    Outcome,
    OutcomeKind,
    Override,
    PlanRow,
    Run,
    RunKind,
    RunStatus,
    Scribe,
    Who,
)

__all__ = [
    "Applied",
    "Approval",
    "Batch",
    "ChainReport",
    "Draft",
    "Event",
    "Ledger",
    "LogEntry",
    "LogKind",
    "Outcome",
    "OutcomeKind",
    "Override",
    "PlanRow",
    "Run",
    "RunKind",
    "RunStatus",
    "Scribe",
    "Who",
    "open_ledger",
]
