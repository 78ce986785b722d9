"""What lies in the tables as text, taken out: held against its hash where it has one, and against its shape.

A ledger may come back from a bad disk, or from somebody's editor. Whatever is not what was written ends here, in one
sentence that says where.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, get_args

from sqlalchemy import Row

from segmenter.errors import LedgerError
from segmenter.i18n import _, reworded
from segmenter.ledger.chain import link
from segmenter.ledger.records import Outcome, OutcomeKind
from segmenter.plans.changes import Change, Json

UNFIT = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError, zlib.error)
"""What Python raises at data of another form than it was given."""


def damaged(place: str) -> LedgerError:
    """The error for something that is not what was written; ``place`` as in "entry 12"."""
    return LedgerError(
        _("The ledger is damaged at {place}: that is not what was written there").format(place=place),
        todo=_("restore a copy of it; segmenter runs --verify tells the first entry that does not hold"),
    )


def facts_of(row: Row[Any]) -> dict[str, Any]:
    """The facts of an entry; ``row`` holds all its columns. Raises `LedgerError` unless its hash is of just these."""
    try:
        if row.hash == link(row.previous, row._asdict()):
            facts = json.loads(row.body)
            if isinstance(facts, dict):
                return facts
    except UNFIT:
        pass
    raise damaged(_("entry {entry}").format(entry=row.seq))


def changes_of_row(row: Row[Any]) -> list[Change]:
    """The changes of one record in a plan."""
    try:
        made = [
            Change(row.record, row.name, field, before, after, segmentation, segment)
            for field, before, after, segmentation, segment in json.loads(row.changes)
        ]
    except UNFIT:
        made = []
    texts = [row.name, *(text for c in made for text in (c.field, c.segmentation, c.segment))]
    if not made or not isinstance(row.record, int) or not all(isinstance(text, str) for text in texts):
        raise damaged(_("record {record} of plan {plan}").format(record=row.record, plan=f"P{row.plan}"))
    return made


def outcome_of_row(row: Row[Any]) -> Outcome:
    """What became of one record, or of one field of it."""
    try:
        found: Json = None if row.found == "null" else json.loads(row.found)
    except UNFIT:
        found = row
    texts = all(isinstance(text, str) for text in (row.field, row.detail))
    if found is row or not texts or not isinstance(row.record, int) or row.outcome not in get_args(OutcomeKind):
        raise damaged(_("record {record} of entry {entry}").format(record=row.record, entry=row.entry))
    return Outcome(row.record, row.field, row.outcome, reworded(row.detail), found)
