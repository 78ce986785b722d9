"""Plans in the ledger: a head, sets of changes, the names of their records, and who belongs where; proved to be what
was saved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from segmenter.errors import LedgerError
from segmenter.i18n import _, ngettext
from segmenter.ledger import blobs, heads, rosters, version2
from segmenter.ledger.blobs import Fingerprint
from segmenter.ledger.chain import append
from segmenter.ledger.decoding import UNFIT, damaged, facts_of
from segmenter.ledger.records import PlanRow
from segmenter.ledger.schema import change_sets, entries, holdings, plans, readings
from segmenter.ledger.schema import members as members_table
from segmenter.ledger.schema import names as names_table
from segmenter.ledger.store import Store, insert_many
from segmenter.plans.changes import ChangeSet, Json
from segmenter.plans.digest import plan_digest
from segmenter.plans.plan import Members, Plan
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet

PROVEN = {
    "sets": "change_sets",
    "name_blobs": "names",
    "member_sets": "members",  # of version 4 on
    "holding_sets": "holdings",  # of version 5 on
    "reading_blobs": "readings",
}
"""What the entry of a plan says of its rows: the keys of how many there are in each table, and of their hash."""


def save(
    store: Store,
    plan: Plan,
    sets: Sequence[ChangeSet],
    names: Iterable[tuple[int, str]],
    members: Members | None,
    roster: Roster | None,
) -> Plan:
    """Store a plan with its changes, the names of its records, who belongs where, and what they held; gives it with its
    id and digest.

    The names may come from a server, for minutes perhaps: they are taken before the ledger is locked.
    """
    sets = [change for change in sets if change.records]
    plan = replace(plan, digest=plan_digest(plan, sets))
    set_rows = [(at, blobs.change_to_text(change), blobs.set_to_blob(change.records)) for at, change in enumerate(sets)]
    name_rows = list(blobs.values_to_blobs(names))
    kept = (members.scope, members.protected, *members.taken) if members else ()
    member_rows = [(at, blobs.set_to_blob(records)) for at, records in enumerate(kept)]
    holding_rows = rosters.set_rows(roster) if roster else []
    reading_rows = list(rosters.value_rows(roster)) if roster else []
    header = heads.written(plan)
    proof = _proof(set_rows, name_rows, member_rows, holding_rows, reading_rows)
    with store.writing() as connection:
        number = (connection.scalar(select(func.max(plans.c.plan))) or 0) + 1
        connection.execute(insert(plans).values(plan=number, header=header))
        insert_many(connection, change_sets, [(number, *row) for row in set_rows])
        insert_many(connection, names_table, [(number, *row) for row in name_rows])
        insert_many(connection, members_table, [(number, *row) for row in member_rows])
        insert_many(connection, holdings, [(number, *row) for row in holding_rows])
        insert_many(connection, readings, [(number, *row) for row in reading_rows])
        append(connection, "plan-saved", _entry(number, plan, header, proof))
    return heads.read(number, header)


def _proof(*tables: Iterable[Sequence[object]]) -> dict[str, Json]:
    """What the entry of a plan says of its rows: ``tables`` are those of `PROVEN`, in its order."""
    proof: dict[str, Json] = {}
    for (count, hashed), rows in zip(PROVEN.items(), tables, strict=True):
        found = Fingerprint()
        for row in rows:
            found.add(row)
        proof |= {count: found.rows, hashed: found.hexdigest()}
    return proof


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(number: int, plan: Plan, header: str, proof: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "plan": f"P{number}",
        "made_at": plan.identity.made_at,
        "model": plan.identity.model,
        "url": plan.identity.server["url"],
        "database": plan.identity.server["database"],
        "spec_name": plan.identity.spec_name,
        "spec_digest": plan.identity.spec_digest,
        "source": plan.identity.source,
        "importable": plan.identity.importable,
        "records": plan.counts.tally.records,
        "changes": plan.counts.tally.changes,
        "digest": plan.digest,
        "header": _hash(header),
        **proof,
    }


def number_of(text: str, letter: str) -> int | None:
    """``P12`` -> 12; None when it is no such id."""
    digits = text.strip()[1:]
    return int(digits) if text.strip()[:1].upper() == letter and digits.isdecimal() and len(digits) < 10 else None


def load(connection: Connection, plan_id: str, where: str) -> Plan:
    """The head of one plan."""
    number = find(connection, plan_id, where)
    header = connection.scalar(select(plans.c.header).where(plans.c.plan == number))
    entry = saved_as(connection, number)
    if isinstance(header, str) and _hash(header) == entry.get("header"):
        with suppress(*UNFIT):
            return _head(entry, number, header)
    raise damaged(_("plan {plan}").format(plan=f"P{number}"))


def _head(entry: Mapping[str, Json], number: int, text: str) -> Plan:
    return version2.head_of(number, text) if version2.wrote(entry) else heads.read(number, text)


def saved_as(connection: Connection, number: int) -> Mapping[str, Json]:
    """The facts of the entry that was written with a plan."""
    entries_of_plans = connection.execute(select(entries).where(entries.c.kind == "plan-saved"))
    return next((facts for row in entries_of_plans if (facts := facts_of(row))["plan"] == f"P{number}"), {})


def find(connection: Connection, plan_id: str, where: str) -> int:
    """The number of a plan that is there."""
    number = number_of(plan_id, "P")
    if number is None or not connection.scalar(select(plans.c.plan).where(plans.c.plan == number)):
        latest = connection.scalars(select(plans.c.plan).order_by(plans.c.plan.desc()).limit(5)).all()
        if number_of(plan_id, "R"):
            what = _("{id} is a run, not a plan").format(id=plan_id)
        else:
            what = _("There is no plan {id} in the ledger {where}").format(id=plan_id, where=where)
        raise LedgerError(
            what,
            todo=ngettext("the latest is {ids}", "the latest are {ids}", len(latest)).format(
                ids=", ".join(f"P{n}" for n in latest)
            )
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
                importable=b.get("importable", False),
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


def sets_of(connection: Connection, number: int) -> tuple[ChangeSet, ...]:
    """The changes of a plan, in the order in which they were saved. Call `as_saved` first."""
    if version2.wrote(saved_as(connection, number)):
        return version2.change_sets(connection, number)
    with shaped(number):
        rows = connection.execute(_set_rows(number))
        return tuple(blobs.change_from_text(row.change, blobs.set_from_blob(row.records)) for row in rows)


def names_of(connection: Connection, number: int, records: RecordSet | None) -> dict[int, str]:
    """Record -> its name when the plan was made, of ``records`` alone if given."""
    if version2.wrote(saved_as(connection, number)):
        return version2.names(connection, number, records)
    query = _name_rows(number)
    if records is not None:
        if not records:
            return {}
        query = query.where(names_table.c.last >= records.min(), names_table.c.first <= records.max())
    found: dict[int, str] = {}
    with shaped(number):
        for row in connection.execute(query):
            if records is None or records.range_cardinality(row.first, row.last + 1):
                found |= blobs.values_from_blob(row.names, records)
    return found


def members_of(connection: Connection, number: int) -> Members | None:
    """Who belongs where; None of a plan that an older version saved. Call `as_saved` first."""
    with shaped(number):
        kept = [blobs.set_from_blob(row.records) for row in connection.execute(_member_rows(number))]
        return Members(kept[0], kept[1], tuple(kept[2:])) if kept else None


def roster_of(connection: Connection, number: int) -> Roster | None:
    """What the records held when the plan was made; None where that was not kept. Call `as_saved` first."""
    with shaped(number):
        return rosters.roster_of(connection, number)


def _set_rows(number: int) -> Select[Any]:
    return select(*change_sets.columns[1:]).where(change_sets.c.plan == number).order_by(change_sets.c.position)


def _member_rows(number: int) -> Select[Any]:
    table = members_table
    return select(*table.columns[1:]).where(table.c.plan == number).order_by(table.c.position)


def _name_rows(number: int) -> Select[Any]:
    return select(*names_table.columns[1:]).where(names_table.c.plan == number).order_by(names_table.c.first)


@contextmanager
def shaped(number: int) -> Iterator[None]:
    """What is read of a plan inside is of the shape that it was written in; raises `LedgerError` if not."""
    try:
        yield
    except UNFIT as error:
        raise damaged(_("plan {plan}").format(plan=f"P{number}")) from error


def matches(connection: Connection, entry: Mapping[str, Json], *, digest: bool = False) -> bool:
    """Whether a plan's rows are still what its entry was written for: one pass over them as they lie there.

    With ``digest`` that is computed anew too, from the changes themselves.
    """
    number = number_of(entry["plan"], "P") or 0
    header = connection.scalar(select(plans.c.header).where(plans.c.plan == number))
    if header is None or _hash(header) != entry["header"]:
        return False
    try:
        plan = _head(entry, number, header)
        if version2.wrote(entry):
            return version2.matches(connection, entry, number, plan)
        queries = (
            *(_set_rows(number), _name_rows(number), _member_rows(number)),
            *(rosters.rows_of_sets(number), rosters.rows_of_values(number)),
        )
        proof = _proof(*map(connection.execute, queries))
        if proof != {name: entry.get(name, nothing) for name, nothing in _proof(*[()] * len(PROVEN)).items()}:
            return False
        return not digest or plan_digest(plan, sets_of(connection, number)) == entry["digest"]
    except (LedgerError, *UNFIT):  # a value that is no JSON any more
        return False


def as_saved(connection: Connection, number: int) -> bool:
    """Whether a plan still is what its entry was written for, every row of it."""
    saved = saved_as(connection, number)
    return bool(saved) and matches(connection, saved)


def digest_now(connection: Connection, number: int, plan: Plan) -> str:
    """The digest of a plan, computed anew from its changes as they lie there."""
    entry = saved_as(connection, number)
    if version2.wrote(entry):
        return version2.digest_now(connection, number, plan)
    return plan_digest(plan, sets_of(connection, number)) if matches(connection, entry) else ""
