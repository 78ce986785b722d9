"""Plans out of nothing, for tests of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from segmenter.ledger import Who
from segmenter.planning.digest import Digest, head
from segmenter.planning.model import Change, Plan, Tally

WHO = Who("ana", "portatil", "segmentacion@example.com", 7, "0.1.0")
SERVER = {"url": "https://crm.example", "database": "crm", "version": "19.0", "login": "work", "uid": 7}


def make_head(**facts: Any) -> Plan:
    """The head of a plan with as little in it as may be."""
    empty_tuples = ["scope_domain", "segments", "overlaps", "config", "examples", "warnings", "side_effects"]
    empty_mappings = ["uncovered", "bounds", "labels", "field_types", "value_names", "owned", "workload"]
    usual: dict[str, Any] = {
        "id": "",
        "made_at": "2026-03-02T12:00:00+00:00",
        "model": "crm.lead",
        "server": SERVER,
        "spec_name": "Viveros",
        "spec_file": "viveros.yaml",
        "spec_text": "version: 1\n",
        "spec_digest": "ab" * 32,
        "now": "2026-03-02T12:00:00+00:00",
        "timezone": "America/Santiago",
        "language": "es_CL",
        "scope_count": 3,
        "protected": 0,
        **dict.fromkeys(empty_tuples, ()),
        **{name: {} for name in empty_mappings},
    }
    return Plan(**(usual | facts))


@dataclass
class MadeDraft:
    """A draft of the changes given; its digest is computed while they stream, as a real one does."""

    changes: Iterable[Change]
    facts: Plan

    def __iter__(self) -> Iterator[Change]:
        f = self.facts
        self._digest = Digest(head(f.server, f.model, f.spec_digest, f.now, f.config))
        self._records: set[int] = set()
        self._count = 0
        for change in self.changes:
            self._digest.add(change)
            self._records.add(change.record)
            self._count += 1
            yield change

    def plan(self) -> Plan:
        tally = Tally(records=len(self._records), changes=self._count)
        return replace(self.facts, digest=self._digest.hexdigest(), tally=tally)


def make_changes(records: Iterable[int]) -> list[Change]:
    """Two fields a record: a tag and a priority."""
    return [
        change
        for record in records
        for change in (
            Change(record, f"Cliente {record} ñ", "tag_ids", [3], [5, 8], "Nivel", "Alto"),
            Change(record, f"Cliente {record} ñ", "priority", "0", "3", "Nivel", "Alto"),
        )
    ]


def make_draft(records: Iterable[int] = (1, 2, 3), **facts: Any) -> MadeDraft:
    """A draft of `make_changes`."""
    return MadeDraft(make_changes(records), make_head(**facts))
