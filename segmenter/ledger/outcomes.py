"""What became of the records of each batch: kept as sets, since most records of a batch end alike."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, get_args

from sqlalchemy import Connection, Row, select

from segmenter.errors import LedgerError
from segmenter.i18n import _, kept, reworded
from segmenter.ledger import version2
from segmenter.ledger.blobs import Fingerprint, set_from_blob, set_to_blob
from segmenter.ledger.decoding import UNFIT, damaged, facts_of
from segmenter.ledger.records import WRITTEN, Applied, Outcome, OutcomeKind, OutcomeSet, RunKind
from segmenter.ledger.schema import entries, outcome_sets
from segmenter.ledger.store import insert_many
from segmenter.plans.changes import Json
from segmenter.plans.digest import canonical
from segmenter.record_set import RecordSet, union

ENTRIES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Words:
    """The outcomes of a batch: of records as sets, of configuration changes one by one (``record`` is the ref)."""

    sets: tuple[OutcomeSet, ...] = ()
    config: tuple[Outcome, ...] = ()

    @property
    def records(self) -> RecordSet:
        """The records that have an outcome here."""
        return union(outcome.records for outcome in self.sets)

    def after(self, earlier: Words) -> Words:
        """These outcomes, and those of ``earlier`` for records that have none here: the later outcome counts."""
        again, refs = self.records, {outcome.record for outcome in self.config}
        rest = (replace(outcome, records=outcome.records - again) for outcome in earlier.sets)
        return Words(
            (*(left for left in rest if left.records), *self.sets),
            (*(outcome for outcome in earlier.config if outcome.record not in refs), *self.config),
        )

    def single(self) -> Iterator[Outcome]:
        """Outcome by outcome, in order of record."""
        yield from sorted(self.config, key=lambda outcome: outcome.record)
        of_record: dict[int, list[Outcome]] = defaultdict(list)
        for outcome in self.sets:
            for record in outcome.records:
                of_record[record].append(Outcome(record, outcome.field, outcome.outcome, outcome.detail, outcome.found))
        for record in sorted(of_record):
            yield from of_record[record]


def gathered(outcomes: Iterable[Outcome | OutcomeSet]) -> Words:
    """Outcomes with those that are alike put together. Raises `ValueError` where a field of a record comes twice."""
    whole: dict[str, OutcomeSet] = {}
    ids: dict[str, list[int]] = defaultdict(list)
    config: list[Outcome] = []
    for outcome in outcomes:
        if isinstance(outcome, Outcome) and outcome.record < 0:
            config.append(outcome)
            continue
        records = RecordSet() if isinstance(outcome, Outcome) else outcome.records
        text = canonical([outcome.field, outcome.outcome, kept(outcome.detail), outcome.found])
        if text not in whole:
            whole[text] = OutcomeSet(RecordSet(), outcome.field, outcome.outcome, outcome.detail, outcome.found)
        if isinstance(outcome, Outcome):
            ids[text].append(outcome.record)
        elif records:
            whole[text] = replace(whole[text], records=whole[text].records | records)
    sets = [replace(outcome, records=outcome.records | RecordSet(ids[text])) for text, outcome in whole.items()]
    seen: dict[str, RecordSet] = defaultdict(RecordSet)
    for outcome, text in zip(sets, whole, strict=True):
        if outcome.records & seen[outcome.field] or len(ids[text]) != len(set(ids[text])):
            raise ValueError(f"a record is settled twice, {outcome.outcome} the second time")
        seen[outcome.field] = seen[outcome.field] | outcome.records
    return Words(tuple(outcome for outcome in sets if outcome.records), tuple(config))


def rows_of(words: Words) -> list[tuple[int, str, bytes]]:
    """Position, all but the records, the records: as they lie in the table. A configuration change keeps its ref."""
    rows = [
        (canonical([o.field, o.outcome, kept(o.detail), o.found, None]), set_to_blob(o.records)) for o in words.sets
    ]
    rows += [(canonical([o.field, o.outcome, kept(o.detail), o.found, o.record]), b"") for o in words.config]
    return [(position, *row) for position, row in enumerate(rows)]


def proof_of(rows: Iterable[Sequence[object]]) -> dict[str, Json]:
    """What the entry of a settlement says of its rows."""
    whole = Fingerprint()
    for row in rows:
        whole.add(row)
    return {"sets": whole.rows, "hash": whole.hexdigest()}


def write(connection: Connection, entry: int, rows: Sequence[tuple[int, str, bytes]]) -> None:
    """Store the rows that an entry speaks of."""
    insert_many(connection, outcome_sets, [(entry, *row) for row in rows])


def read(connection: Connection, some: Sequence[Row[Any]]) -> Iterator[Words]:
    """The outcomes that each of these entries stands for, proven to be what was written with it; of an entry, all
    columns are given. A question for many entries: a run may have thousands of batches."""
    for at in range(0, len(some), ENTRIES_AT_ONCE):
        portion = some[at : at + ENTRIES_AT_ONCE]
        query = select(outcome_sets).where(outcome_sets.c.entry.in_([entry.seq for entry in portion]))
        rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for entry, *row in connection.execute(query.order_by(outcome_sets.c.entry, outcome_sets.c.position)):
            rows[entry].append(tuple(row))
        for entry in portion:
            yield _proven(connection, entry, rows[entry.seq])


def _proven(connection: Connection, entry: Row[Any], rows: Sequence[tuple[Any, ...]]) -> Words:
    facts = facts_of(entry)
    try:
        if version2.wrote(facts):
            return gathered(version2.outcomes_of(connection, entry.seq, facts))
        if proof_of(rows) == {name: facts[name] for name in ("sets", "hash")}:
            return _words(rows)
    except UNFIT:
        pass
    raise damaged(_("entry {entry}").format(entry=entry.seq))


def _words(rows: Iterable[tuple[Any, ...]]) -> Words:
    sets, config = list[OutcomeSet](), list[Outcome]()
    for _position, text, records in rows:
        field, outcome, detail, found, ref = json.loads(text)
        if outcome not in get_args(OutcomeKind):
            raise ValueError(outcome)
        detail = reworded(detail)
        if ref is None:
            sets.append(OutcomeSet(set_from_blob(records), field, outcome, detail, found))
        else:
            config.append(Outcome(ref, field, outcome, detail, found))
    return Words(tuple(sets), tuple(config))


def holds(connection: Connection, entry: Row[Any]) -> bool:
    """Whether the outcomes of an entry are what was written with it."""
    try:
        list(read(connection, [entry]))
    except LedgerError:
        return False
    return True


def settlements(connection: Connection, runs: Iterable[int]) -> Iterator[tuple[Row[Any], Words]]:
    """What was settled in these runs, in the order in which it was: the entry and what it says."""
    query = select(entries).where(entries.c.kind == "outcome", entries.c.run.in_(list(runs))).order_by(entries.c.seq)
    found = connection.execute(query).fetchall()
    yield from zip(found, read(connection, found), strict=True)


def last_words(connection: Connection, run: int) -> Iterator[tuple[int, Words]]:
    """Each settled batch of a run, in order of its number, with the last word on every record of it."""
    of_batch = sorted(settlements(connection, [run]), key=lambda settled: (settled[0].batch, settled[0].seq))
    for batch, again in groupby(of_batch, key=lambda settled: int(settled[0].batch)):
        words = Words()
        for _row, later in again:
            words = later.after(words)
        yield batch, words


def applied(connection: Connection, family: Mapping[int, RunKind]) -> Applied:
    """What a family of runs wrote and has not undone; in an undo, ``already`` back is as good as written back.

    A field that failed was written as well, and the server made something else of it; one in conflict is a person's.
    """
    fields = _fields_by_batch(connection, list(family))
    ours, back = defaultdict[str, RecordSet](RecordSet), defaultdict[str, RecordSet](RecordSet)
    altered = defaultdict[str, dict[int, Json]](dict)

    def settle(names: Iterable[str], records: RecordSet) -> None:
        """These fields do not hold any more what the server made of a value of ours."""
        for name in names:
            for record in records if altered.get(name) else ():
                altered[name].pop(record, None)

    for row, words in settlements(connection, family):
        for outcome in words.sets:
            if outcome.outcome == "failed" and outcome.field and family[row.run] != "undo":
                altered[outcome.field] |= dict.fromkeys(outcome.records, outcome.found)
            elif outcome.outcome == "conflict" and outcome.field:
                settle([outcome.field], outcome.records)
            elif outcome.outcome in WRITTEN and family[row.run] == "undo":
                names = [outcome.field] if outcome.field else [*ours, *altered]
                for name in names:
                    ours[name] = ours[name] - outcome.records
                settle(names, outcome.records)
                if outcome.field:
                    back[outcome.field] = back[outcome.field] | outcome.records
            elif outcome.outcome == "applied":
                names = [outcome.field] if outcome.field else fields.get((row.run, row.batch)) or [""]
                for name in names:
                    ours[name] = ours[name] | outcome.records
                    for gone in [name] if name else list(back):
                        back[gone] = back[gone] - outcome.records
                settle(names, outcome.records)
    return Applied(
        {name: records for name, records in ours.items() if records},
        {name: records for name, records in back.items() if records},
        {name: values for name, values in altered.items() if values},
    )


def config_ids(connection: Connection, family: Mapping[int, RunKind], *, ours: bool) -> dict[int, int]:
    """Ref -> server id of the configuration that a family made (``ours``), or made or met."""
    ids: dict[int, int] = {}
    for row, words in settlements(connection, family):
        for outcome in words.config:
            if outcome.outcome not in WRITTEN:
                continue
            if family[row.run] == "undo":
                ids.pop(outcome.record, None)
            elif isinstance(outcome.found, int) and (outcome.outcome == "applied" or not ours):
                ids[outcome.record] = outcome.found
    return ids


def _fields_by_batch(connection: Connection, runs: Sequence[int]) -> dict[tuple[int, int], list[str]]:
    """The fields that each batch was to write, by (run, batch)."""
    intents = connection.execute(select(entries).where(entries.c.kind == "intent", entries.c.run.in_(runs)))
    return {(row.run, row.batch): list(facts_of(row).get("values") or ()) for row in intents}
