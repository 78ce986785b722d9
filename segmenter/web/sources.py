"""Where the data of a meeting comes from, and where what it leaves behind goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmenter.conditions import Clock
from segmenter.errors import Problem
from segmenter.ledger import Author
from segmenter.measuring import Crm
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.plans import Plan
from segmenter.spec.model import Consultant, Spec

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Live:
    """The server itself, opened for reading: plans that can be applied are made on it."""

    reader: OdooReader
    catalog: Catalog
    clock: Clock


@dataclass(frozen=True)
class Sources:
    """``read`` opens the CRM in memory, again for "read again"; ``live`` opens the server itself, None of an export.

    ``plan``: the plan that the meeting is about. ``author``: who closes the meeting. ``failed`` is told of errors that
    nobody foresaw. ``address``: where a record is in the client's Odoo. ``suited``: the CRM with what a spec names
    newly, and what of the spec it cannot tell. ``consultant``: who signs the report of a plan. All may
    be called from any thread.
    """

    spec_file: Path
    ledger_place: str
    read: Callable[[Progress], Crm]
    live: Callable[[], Live] | None = None
    plan: str | None = None
    author: Author | None = None
    failed: Callable[[Exception], None] = lambda _error: None
    address: Callable[[int], str] = lambda _record: ""
    consultant: Callable[[Plan], Consultant] = lambda _plan: Consultant()
    suited: Callable[[Crm, Spec], tuple[Crm, Sequence[Problem]]] = lambda crm, _spec: (crm, ())

    @property
    def can_plan(self) -> bool:
        """Whether a plan can be made that can be applied."""
        return self.live is not None

    def link(self, record: int) -> str:
        """Where a record is in the client's Odoo; "" where there is no address to lead to."""
        return self.address(record)
