"""Plans in the ledger: saved as a stream, read back as a stream, and proved to be what was saved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Select, Table, func, insert, literal, select

from segmenter.errors import LedgerError
from segmenter.i18n import _
from segmenter.ledger import heads
from segmenter.ledger.chain import append
from segmenter.ledger.decoding import UNFIT, changes_of_row, damaged, facts_of
from segmenter.ledger.records import Draft, PlanRow
from segmenter.ledger.schema import changes, entries, plans
from segmenter.ledger.store import Store, insert_many
from segmenter.planning.digest import Digest, canonical, head
from segmenter.planning.model import Change, Json, Plan

_PAGE = 2000
_IDS = 500  # in one IN, well under SQLite's number of variables
_COLUMNS = [c.name for c in changes.columns if c.name != "plan"]

staged = Table(
    "staged_changes",
    MetaData(),
    *(c._copy() for c in changes.columns if c.name != "plan"),
    prefixes=["TEMPORARY"],
)


def save(store: Store, draft: Draft) -> Plan:
    """Store a plan and its changes; gives it with its id.

    A draft reads its server while it streams, for minutes perhaps. Its changes gather in a temporary table, so that
    the ledger is locked only while they are moved over, all at once, with the head and its entry.
    """
    with store.alone() as connection:
        staged.create(connection, checkfirst=False)
        connection.commit()
        rows, names = _stage(connection, draft)
        plan = draft.plan()
        header = heads.written(plan)
        with store.writing(connection):
            number = (connection.scalar(select(func.max(plans.c.plan))) or 0) + 1
            connection.execute(insert(plans).values(plan=number, header=header))
            moved = select(literal(number), *staged.columns).order_by(staged.c.record)
            connection.execute(insert(changes).from_select(["plan", *_COLUMNS], moved))
            append(connection, "plan-saved", _entry(number, plan, header, rows, names))
    return heads.read(number, header)


def _stage(connection: Connection, draft: Draft) -> tuple[int, str]:
    """Write the draft into the temporary table; the number of rows and the hash of the display names."""
    by_record, names = groupby(draft, key=lambda change: change.record), hashlib.sha256()
    rows, last = 0, 0
    while chunk := [(record, list(some)) for record, some in islice(by_record, _PAGE)]:
        for record, __ in chunk:
            if record <= last:
                raise ValueError(f"changes of record {record} after those of {last}: a draft goes by record")
            last = record
        for record, some in chunk:
            _name(names, record, some[0].name)
        insert_many(connection, staged, [(record, some[0].name, _written(some)) for record, some in chunk])
        connection.commit()
        rows += len(chunk)
    return rows, names.hexdigest()


def _written(some: list[Change]) -> str:
    return canonical([[c.field, c.before, c.after, c.segmentation, c.segment] for c in some])


def _name(names: Any, record: int, name: str) -> None:
    """The digest leaves display names out, so the entry of a plan holds a hash of them."""
    names.update(f"{record}:{len(name)}:{name}\n".encode())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(number: int, plan: Plan, header: str, rows: int, names: str) -> dict[str, Json]:
    return {
        "plan": f"P{number}",
        "made_at": plan.made_at,
        "model": plan.model,
        "url": plan.server["url"],
        "database": plan.server["database"],
        "spec_name": plan.spec_name,
        "spec_digest": plan.spec_digest,
        "source": plan.source,
        "records": plan.tally.records,
        "changes": plan.tally.changes,
        "digest": plan.digest,
        "rows": rows,
        "names": names,
        "header": _hash(header),
    }


def number_of(text: str, letter: str) -> int | None:
    """``P12`` -> 12; None when it is no such id."""
    digits = text.strip()[1:]
    return int(digits) if text.strip()[:1].upper() == letter and digits.isdecimal() and len(digits) < 10 else None


def load(connection: Connection, plan_id: str, where: str) -> Plan:
    """The head of one plan."""
    number = find(connection, plan_id, where)
    header = connection.scalar(select(plans.c.header).where(plans.c.plan == number))
    if isinstance(header, str) and _hash(header) == _saved(connection, number).get("header"):
        with suppress(*UNFIT):
            return heads.read(number, header)
    raise damaged(_("plan {plan}").format(plan=f"P{number}"))


def _saved(connection: Connection, number: int) -> Mapping[str, Json]:
    """The facts of the entry that was written with a plan."""
    entries_of_plans = connection.execute(select(entries).where(entries.c.kind == "plan-saved"))
    return next((facts for row in entries_of_plans if (facts := facts_of(row))["plan"] == f"P{number}"), {})


def find(connection: Connection, plan_id: str, where: str) -> int:
    """The number of a plan that is there."""
    number = number_of(plan_id, "P")
    if number is None or not connection.scalar(select(plans.c.plan).where(plans.c.plan == number)):
        latest = connection.scalars(select(plans.c.plan).order_by(plans.c.plan.desc()).limit(5)).all()
        raise LedgerError(
            _("There is no plan {id} in the ledger {where}").format(id=plan_id, where=where),
            todo=_("the latest are {ids}").format(ids=", ".join(f"P{n}" for n in latest))
            if latest
            else _("make one first: segmenter plan SPEC"),
        )
    return number


def listed(connection: Connection) -> list[PlanRow]:
    """All plans, oldest first, without their heads."""
    rows = []
    for row in connection.execute(select(entries).where(entries.c.kind == "plan-saved").order_by(entries.c.seq)):
        b = facts_of(row)
        rows.append(
            PlanRow(
                id=b["plan"],
                saved_at=row.at,
                **{
                    name: b[name]
                    for name in (
                        *("made_at", "model", "url", "database", "spec_name", "spec_digest"),
                        *("source", "records", "changes", "digest"),
                    )
                },
            )
        )
    return rows


Opening = Callable[[], AbstractContextManager[Connection]]
"""Gives a connection to read one page with."""


def read_changes(opening: Opening, number: int, records: Sequence[int] | None = None) -> Iterator[Change]:
    """Changes in order of record, a page at a time; between pages nothing is held open."""
    for row in _rows(opening, number, records):
        yield from changes_of_row(row)


def _rows(opening: Opening, number: int, records: Sequence[int] | None = None) -> Iterator[Row[Any]]:
    query = select(changes).where(changes.c.plan == number)
    if records is None:
        yield from _paged(opening, query)
        return
    ids = sorted(set(records))
    for start in range(0, len(ids), _IDS):
        yield from _paged(opening, query.where(changes.c.record.in_(ids[start : start + _IDS])))


def _paged(opening: Opening, query: Select[Any]) -> Iterator[Row[Any]]:
    last, query = 0, query.order_by(changes.c.record).limit(_PAGE)
    while True:
        with opening() as connection:
            page = connection.execute(query.where(changes.c.record > last)).fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].record


def fingerprint(opening: Opening, number: int, plan: Plan) -> tuple[int, str, str]:
    """Of a plan's changes as they stand: how many rows, the hash of their display names, the digest of the plan."""
    digest = Digest(head(plan.server, plan.model, plan.spec_digest, plan.now, plan.config))
    rows, names = 0, hashlib.sha256()
    for row in _rows(opening, number):
        rows += 1
        _name(names, row.record, row.name)
        for change in changes_of_row(row):
            digest.add(change)
    return rows, names.hexdigest(), digest.hexdigest(plan.tracking)


def matches(connection: Connection, entry: Mapping[str, Json]) -> bool:
    """Whether a plan's rows are still what its entry was written for."""
    number = number_of(entry["plan"], "P") or 0
    header = connection.scalar(select(plans.c.header).where(plans.c.plan == number))
    if header is None or _hash(header) != entry["header"]:
        return False
    try:
        stands = fingerprint(lambda: nullcontext(connection), number, heads.read(number, header))
    except (LedgerError, *UNFIT):  # a value that is no JSON any more
        return False
    return stands == (entry["rows"], entry["names"], entry["digest"])


def as_saved(connection: Connection, number: int) -> bool:
    """Whether a plan still is what its entry was written for, every row of it."""
    saved = _saved(connection, number)
    return bool(saved) and matches(connection, saved)


def changes_of(connection: Connection, numbers: Sequence[int], record: int) -> dict[str, list[Change]]:
    """What each of these plans would change on one record, for those that would: plan id -> changes."""
    query = select(changes).where(changes.c.plan.in_(numbers), changes.c.record == record)
    return {f"P{row.plan}": changes_of_row(row) for row in connection.execute(query.order_by(changes.c.plan))}
