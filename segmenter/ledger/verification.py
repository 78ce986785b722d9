"""Proving that nothing in a ledger was altered since it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from segmenter.i18n import _, ngettext
from segmenter.ledger import outcomes, plans
from segmenter.ledger.chain import link
from segmenter.ledger.records import ChainReport
from segmenter.ledger.schema import change_sets, entries, holdings, members, names, outcome_sets, readings
from segmenter.ledger.schema import changes as changes_table
from segmenter.ledger.schema import outcomes as outcomes_table
from segmenter.ledger.schema import plans as plans_table

_PAGE = 200
_HELD = (plans_table, change_sets, names, members, holdings, readings, outcome_sets, changes_table, outcomes_table)
"""The tables whose rows belong to entries."""


def _entries(connection: Connection) -> Iterator[Row[Any]]:
    last = -1
    while True:
        page = connection.execute(
            select(entries).where(entries.c.seq > last).order_by(entries.c.seq).limit(_PAGE)
        ).fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].seq


class _Verification:
    """One walk along the chain; ``fault`` is the first thing found wrong."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._claimed = {table.name: 0 for table in _HELD}
        self.count, self.head = 0, ""
        self.hashes: set[str] = set()

    def walk(self) -> tuple[int | None, str] | None:
        for row in _entries(self._connection):
            fault = self._entry(row)
            if fault:
                return row.seq, fault
            self.count, self.head = row.seq, row.hash
            self.hashes.add(row.hash)
        return self._strays()

    def _entry(self, row: Row[Any]) -> str | None:
        if row.seq != self.count + 1:
            return _("an entry before it is missing")
        if row.previous != self.head or row.hash != link(self.head, row._asdict()):
            return _("it was altered, or does not follow the entry before it")
        body = json.loads(row.body)
        if row.kind == "plan-saved":
            self._claimed["plans"] += 1
            self._claimed["changes"] += body.get("rows", 0)
            for count, table in plans.PROVEN.items():
                self._claimed[table] += body.get(count, 0)
            if not plans.matches(self._connection, body, digest=True):
                return _("plan {plan} is not what was saved then").format(plan=body["plan"])
        if row.kind == "outcome":
            self._claimed["outcomes"] += body.get("rows", 0)
            self._claimed["outcome_sets"] += body.get("sets", 0)
            if not outcomes.holds(self._connection, row):
                return _("the outcomes of batch {batch} of run {run} are not what was written then").format(
                    batch=row.batch, run=f"R{row.run}"
                )
        return None

    def _strays(self) -> tuple[None, str] | None:
        """Every entry's own rows are right by now, so a row too many belongs to no entry."""
        for table in _HELD:
            there = self._connection.scalar(select(func.count()).select_from(table)) or 0
            if there != self._claimed[table.name]:
                stray = there - self._claimed[table.name]
                return None, ngettext(
                    "{count} row of the table {table} belongs to no entry",
                    "{count} rows of the table {table} belong to no entry",
                    stray,
                ).format(count=stray, table=table.name)
        return None


def verify(connection: Connection, kept: str | None = None) -> ChainReport:
    """Recompute the whole chain and all that hangs on it. ``kept``: a head noted down earlier, to be found in it.

    Entries cut off the end, or a chain rewritten from some point on, hold together in themselves: only a head that
    was kept elsewhere shows them.
    """
    walked = _Verification(connection)
    fault = walked.walk()
    if fault is None and kept and kept.strip().lower() not in walked.hashes:
        why = _("the head {head} kept from before is not in it: its end was cut off or rewritten").format(head=kept)
        fault = None, why
    if fault is None:
        return ChainReport(
            True,
            walked.count,
            walked.head,
            None,
            _(
                "The ledger is whole: {entries} entries, head {head}. "
                "Keep the head elsewhere: entries cut off the end show only against it."
            ).format(entries=walked.count, head=walked.head or "-"),
        )
    broken_at, why = fault
    sentence = (
        _("The ledger was altered: {why}.").format(why=why)
        if broken_at is None
        else _("The ledger was altered at entry {entry}: {why}.").format(entry=broken_at, why=why)
    )
    return ChainReport(False, walked.count, walked.head, broken_at, sentence)
