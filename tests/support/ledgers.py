"""Plans out of nothing, for tests of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segmenter.ledger import Who
from segmenter.plans.changes import Change, ChangeSet
from segmenter.plans.plan import Plan, Tally
from tests.support.heads import altered, head_of
from tests.support.sets import as_sets

WHO = Who("ana", "portatil", "segmentacion@example.com", 7, "0.1.0")
SERVER = {"url": "https://crm.example", "database": "crm", "version": "19.0", "login": "work", "uid": 7}


def make_head(**facts: Any) -> Plan:
    """The head of a plan with as little in it as may be."""
    empty_tuples = ["scope_domain", "segments", "overlaps", "config", "examples", "warnings", "side_effects", "periods"]
    empty_mappings = ["uncovered", "labels", "field_types", "value_names", "owned", "workload"]
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
    return head_of(**(usual | facts))


Made = tuple[Plan, list[ChangeSet], list[tuple[int, str]]]
"""What `Ledger.save_plan` takes."""


def make_plan(records: Iterable[int] = (1, 2, 3), **facts: Any) -> Made:
    """A plan of `make_changes`."""
    return plan_of(make_changes(records), make_head(**facts))


def plan_of(changes: Iterable[Change], head: Plan) -> Made:
    """A plan of any changes, in order of record."""
    sets, names = as_sets(changes)
    tally = Tally(records=len(names), changes=sum(len(one.records) for one in sets))
    return altered(head, tally=tally), sets, names


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
