"""Whose a value is that is not what we wrote: by who wrote the record last, and when."""

from __future__ import annotations

from typing import Any

import pytest

from segmenter.behaviours.together import Together
from segmenter.execution.cells import Cell, Pending
from segmenter.execution.journal import Settlement
from segmenter.execution.judging import as_planned
from segmenter.execution.readback import read_back
from segmenter.execution.rules import Rules
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import ServerIdentity
from segmenter.record_set import RecordSet
from tests.support.fakes import Scripted

IDENTITY = ServerIdentity("https://crm.example", "crm", "19.0", "work@example.com", 7)
OURS, LATER = "2026-11-30 11:00:00", "2026-11-30 11:00:01"
ABOUT = {
    "priority": {"type": "selection", "string": "Priority", "store": True, "selection": [["0", "Low"], ["3", "High"]]},
    "write_uid": {"type": "many2one", "string": "By", "store": True, "relation": "res.users"},
    "write_date": {"type": "datetime", "string": "On", "store": True},
}


def row(record: int, priority: str, uid: int, date: str) -> dict[str, Any]:
    return {"id": record, "priority": priority, "write_uid": uid, "write_date": date}


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ([row(1, "1", 7, OURS)], "failed"),  # the server made it of ours
        ([row(1, "1", 9, OURS)], "conflict"),  # another user, in the second of our call
        ([row(1, "1", 1, LATER)], "conflict"),  # OdooBot, for whoever stands behind it
        ([row(1, "1", 7, LATER)], "conflict"),  # as the work user, but not in our call
        ([row(1, False, 9, OURS)], "conflict"),
        ([], "unknown"),  # gone, or hidden by our own write
        ([row(1, "3", 9, LATER)], "applied"),  # somebody wrote another field
    ],
)
def test_whose_it_is(found: list[dict[str, Any]], outcome: str) -> None:
    server = Scripted([ABOUT, [1], [*found, row(2, "3", 7, OURS)]], identity=IDENTITY)
    reader = OdooReader(server)
    rules = Rules("crm.lead", {"priority": reader.fields("crm.lead")["priority"]}, {}, {}, Together("crm.lead"))
    verdict = as_planned(Cell(RecordSet([1, 2]), (Pending("priority", "0", "3"),)), rules)
    if not found:
        server.answers.append([])  # asked for once more, by itself
    settled = Settlement()
    (back,) = read_back(reader, "crm.lead", [[verdict]], rules, RecordSet())
    back.settle(verdict, settled)
    assert {record: kind for records, kind in settled.sets for record in records} == {1: outcome, 2: "applied"}
    assert [one.outcome for one in settled.left] == [one for one in [outcome] if one != "applied"]
    assert server.calls[2][2][0] == [1, 2], "one that is as we wrote it tells when we wrote"
