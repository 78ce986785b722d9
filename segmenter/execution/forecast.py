"""How many calls a run will take, for hosts that may be asked only so often."""

from __future__ import annotations

from collections.abc import Iterable

from segmenter.execution.cells import Pending
from segmenter.execution.run import batches_of
from segmenter.plans import ChangeSet, Plan

FIXED, CONFIGURED, COMPARED, WRITTEN = 12, 2, 4, 2
"""Calls of any run; of each configuration change; of each batch, which compares and reads back; of each write, with its
look."""


def calls_of(plan: Plan, changes: Iterable[ChangeSet]) -> int:
    """The calls of an apply of the whole plan, or of its undo, about. ``changes``: the plan's."""
    pending = [(one.records, Pending(one.field, one.before, one.after)) for one in changes]
    batches = batches_of(pending, noted=plan.rules.tracking == "keep") if pending else []
    return FIXED + CONFIGURED * len(plan.config) + COMPARED * len(batches) + WRITTEN * sum(map(len, batches))
