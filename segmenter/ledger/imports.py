"""What people are to import by hand where there is no API: made when a run begins, told by reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmenter.ledger.endings import Left
from segmenter.ledger.records import Run
from segmenter.plans.plan import Plan

Value = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """Rows that write the same fields. ``rows``: an External ID, then the value of each field; None empties it."""

    fields: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class NewRecords:
    """Tags, categories or stages that come first. ``rows``: a value for each of the ``fields``; ``names``: of each."""

    model: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Import:
    """What somebody is to import. ``back``: what gives the former values back; ``new``: what comes first; ``left``:
    what is not in it, because somebody changed it since."""

    plan: Plan
    run: Run
    sheets: Sequence[Sheet]
    back: Sequence[Sheet]
    new: Sequence[NewRecords]
    left: Sequence[Left]

    @property
    def records(self) -> int:
        """How many records are imported; each is in one sheet."""
        return sum(len(sheet.rows) for sheet in self.sheets)
