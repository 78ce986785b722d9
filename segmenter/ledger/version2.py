"""What ledgers of versions 1 and 2 hold: changes and outcomes record by record, read as the sets of today.

Nothing here writes. The rows stay as they are, since the hashes in the chain are of just these.
"""

from __future__ import annotations

import hashlib
import json
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Row, select

from segmenter.i18n import kept
from segmenter.ledger import heads
from segmenter.ledger.decoding import changes_of_row, outcome_of_row
from segmenter.ledger.records import Outcome
from segmenter.ledger.schema import changes, outcomes
from segmenter.notice import AS_WRITTEN, as_written
from segmenter.plans.changes import Change, ChangeSet, Json
from segmenter.plans.digest import canonical, head
from segmenter.plans.expected import Period
from segmenter.plans.plan import PARTS, Plan
from segmenter.record_set import RecordSet

_PAGE = 2000
_TOGETHER = 500  # changes in one call of the encoder
_TRACKING = re.compile(r"^tracking\s*:", re.MULTILINE)
"""Where a spec says what to do about the chatter."""
_URL = re.compile(r"^\s+(?:odoo\s*:\s*\{\s*)?url\s*:\s*[\"']?(?P<url>https?://[^\s\"',}]+)", re.MULTILINE)
"""Where a spec says where the CRM is."""
_LEAF = re.compile(
    r"(?P<field>\S+) (?P<operator>within|older_than|next) (?P<count>\d+) (?P<unit>days|weeks|months|years)"
)
_DATES = re.compile(r"(?:(?P<low>[\d: -]+) <= )?\w+(?: < (?P<high>[\d: -]+?))?(?: \(UTC\))?")


def wrote(entry: Mapping[str, Json]) -> bool:
    """Whether an entry of a plan or of a batch is of version 1 or 2."""
    return "rows" in entry


def head_of(number: int, text: str) -> Plan:
    """The head of a plan. Sentences that it kept, in one language or in several, are shown as they were written."""
    facts: dict[str, Any] = json.loads(text)
    languages = facts.get("said", {})
    for at, segment in enumerate(facts["segments"]):
        segment["expected"] = _range(segment["expected"])
        segment["condition"] = _condition(
            segment["words"], {code: language["words"][at] for code, language in languages.items()}
        )
    for which in ("scope", "protect"):
        translated = {code: language[which] for code, language in languages.items() if language.get(which)}
        facts[f"{which}_condition"] = _condition(facts.get(f"{which}_words", ""), translated)
    facts["scope_expected"] = _range(facts.get("scope_expected", ""))
    facts["periods"] = [asdict(period) for period in periods(facts["bounds"])]
    for key in ("warnings", "side_effects"):
        facts[key] = [_notice(sentence, _in_languages(languages, key, at)) for at, sentence in enumerate(facts[key])]
    for at, violation in enumerate(facts["violations"]):
        violation["about"] = _notice(violation["sentence"], _in_languages(languages, "violations", at))
    written_url = _URL.search(facts["spec_text"])
    facts["spec_url"] = written_url["url"] if written_url else facts["server"]["url"]
    facts.setdefault("tracking_chosen", bool(_TRACKING.search(facts["spec_text"])))
    return heads.of_facts(number, _in_parts(facts))


def _in_parts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A flat head, cut into the parts of today's plan."""
    parts = {part: {f.name: facts[f.name] for f in fields(kind) if f.name in facts} for part, kind in PARTS.items()}
    return {**facts, **parts}


def _condition(sentence: str, languages: Mapping[str, str]) -> dict[str, Any] | None:
    return {AS_WRITTEN: {**languages, "sentence": sentence}} if sentence else None


def _notice(sentence: str, languages: Mapping[str, str]) -> dict[str, Any]:
    return asdict(as_written(sentence, languages))


def _in_languages(languages: Mapping[str, Any], key: str, at: int) -> dict[str, str]:
    """One sentence of a list in the languages in which it was kept."""
    return {code: sentences[key][at] for code, sentences in languages.items() if key in sentences}


def _range(text: str) -> dict[str, Any] | None:
    """``5%..25%``."""
    low, _dots, high = text.partition("..")
    return {"least": _amount(low), "most": _amount(high)} if text else None


def _amount(text: str) -> dict[str, Any] | None:
    return {"number": float(text.removesuffix("%")), "percent": text.endswith("%")} if text else None


def periods(bounds: Mapping[str, str]) -> tuple[Period, ...]:
    """``create_date within 90 days`` -> ``2026-08-24 04:00:00 <= create_date (UTC)``, as facts."""
    return tuple(_period(leaf, dates) for leaf, dates in bounds.items())


def _period(leaf: str, dates: str) -> Period:
    asked, found = _LEAF.fullmatch(leaf), _DATES.fullmatch(dates)
    if asked is None or found is None:
        return Period(f"{leaf}: {dates}", "", 0, "", None, None)
    return Period(asked["field"], asked["operator"], int(asked["count"]), asked["unit"], found["low"], found["high"])


def change_sets(connection: Connection, number: int) -> tuple[ChangeSet, ...]:
    """The changes of a plan, a set for each field, value before, value after and segment."""
    ids: dict[str, array[int]] = {}
    made: dict[str, tuple[Json, ...]] = {}
    for row in _rows(connection, number):
        for change in changes_of_row(row):
            facts = (change.field, change.before, change.after, change.segmentation, change.segment)
            ids.setdefault(text := canonical(facts), array("I")).append(change.record)
            made.setdefault(text, facts)
    return tuple(ChangeSet(RecordSet(records), *made[text]) for text, records in ids.items())


def names(connection: Connection, number: int, records: RecordSet | None) -> dict[int, str]:
    """Record -> its name."""
    rows = _rows(connection, number)
    return {row.record: row.name for row in rows if records is None or row.record in records}


def matches(connection: Connection, entry: Mapping[str, Json], number: int, plan: Plan) -> bool:
    """Whether the rows of a plan are still what its entry was written for."""
    return _fingerprint(connection, number, plan) == (entry["rows"], entry["names"], entry["digest"])


def digest_now(connection: Connection, number: int, plan: Plan) -> str:
    """The digest of a plan, computed anew from its rows."""
    return _fingerprint(connection, number, plan)[2]


def _fingerprint(connection: Connection, number: int, plan: Plan) -> tuple[int, str, str]:
    """How many rows a plan has, the hash of their names (the digest leaves them out), the digest of the plan."""
    digest = Digest(head(plan.identity, plan.config))
    rows, hash_of_names = 0, hashlib.sha256()
    for row in _rows(connection, number):
        rows += 1
        hash_of_names.update(f"{row.record}:{len(row.name)}:{row.name}\n".encode())
        for change in changes_of_row(row):
            digest.add(change)
    return rows, hash_of_names.hexdigest(), digest.hexdigest(plan.rules.tracking)


def outcomes_of(connection: Connection, entry: int, facts: Mapping[str, Json]) -> list[Outcome]:
    """The outcomes that one entry stands for, record by record. Raises `ValueError` unless they are what it says."""
    found = [outcome_of_row(row) for row in connection.execute(select(outcomes).where(outcomes.c.entry == entry))]
    ordered = sorted(found, key=lambda o: (o.record, o.field))
    text = canonical([[o.record, o.field, o.outcome, kept(o.detail), o.found] for o in ordered])
    if (len(found), hashlib.sha256(text.encode()).hexdigest()) != (facts["rows"], facts["hash"]):
        raise ValueError(entry)
    return found


def _rows(connection: Connection, number: int) -> Iterator[Row[Any]]:
    """The changes of a plan record by record, a page at a time."""
    last, query = 0, select(changes).where(changes.c.plan == number).order_by(changes.c.record).limit(_PAGE)
    while page := connection.execute(query.where(changes.c.record > last)).fetchall():
        yield from page
        last = page[-1].record


class Digest:
    """The digest of a plan whose changes are kept record by record, and taken in order of record."""

    def __init__(self, facts: Mapping[str, Json]) -> None:
        """``facts``: what `head` gives."""
        self._hash = hashlib.sha256(canonical(facts).encode())
        self._waiting: list[list[Json]] = []

    def add(self, change: Change) -> None:
        """Take in the next change (its display name does not count: renaming a record changes no plan)."""
        c = change
        self._waiting.append([c.record, c.field, c.before, c.after, c.segmentation, c.segment])
        if len(self._waiting) == _TOGETHER:
            self._take_in()

    def hexdigest(self, tracking: str = "silent") -> str:
        """The digest of what is taken in so far, written so: 64 hexadecimal digits.

        Silence leaves no mark: plans of before there was a choice were silent, and keep their digest.
        """
        self._take_in()
        whole = self._hash.copy()
        if tracking != "silent":
            whole.update(f";tracking={tracking}".encode())
        return whole.hexdigest()

    def _take_in(self) -> None:
        # The text is the same however many changes are encoded together: ``,[...],[...]``.
        if self._waiting:
            self._hash.update(f",{canonical(self._waiting)[1:-1]}".encode())
            self._waiting.clear()
