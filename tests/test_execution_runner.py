"""The order of every batch: look, commit the intent, look again, write once, read back, commit the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segmenter.execution.apply import _settled
from segmenter.execution.run import InFlight
from segmenter.ledger import Ledger, Outcome, open_ledger
from tests.support.engagement import ANA, Embedded, Engagement
from tests.support.fakes import Recording
from tests.support.ledgers import WHO, make_draft


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


class Log(Recording):
    """Calls of the connection and commits of the ledger, in one list."""

    def __init__(self, server: Any, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(server)
        for name in ("intend", "settle"):
            monkeypatch.setattr(ledger, name, self._noting(name, getattr(ledger, name)))

    def _noting(self, name: str, commit: Any) -> Any:
        def noted(*args: Any) -> Any:
            self.calls.append(("ledger", name, list(args), {}))
            return commit(*args)

        return noted


def logged(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, *, person: bool = False) -> tuple[Engagement, list[Any]]:
    """An apply of one batch, and what happened in it from the first look at the leads on."""
    e = Engagement(Embedded(), ledger)
    alike = {"user_id": False, "team_id": e.crm.teams["Ventas Cono Sur"]}
    e.make_leads(4, expected_revenue=9000, priority="0", **alike)
    e.apply(e.plan(e.spec(e.levels()), "manager"), "manager")
    levels = e.levels(user_id={"assign": [ANA]})
    levels["segments"][0]["set"] |= {"priority": 1}
    plan = e.plan(e.spec(levels))
    if person:
        e.crm.write("crm.lead", [e.leads[1]], priority="2")
    logs: list[Log] = []

    def wrap(server: Any) -> Log:
        logs.append(Log(server, ledger, monkeypatch))
        return logs[-1]

    e.apply(plan, wrap=wrap, connections=1, look_every=None)
    calls = [call for call in logs[0].calls if call[1] != "fields_get"]
    return e, calls


def test_the_order_of_a_batch(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    e, calls = logged(ledger, monkeypatch)
    batch = [
        *("crm.lead.search_read", "crm.lead.search", "crm.lead.search"),
        *("ledger.intend", "crm.lead.search", "crm.lead.read", "crm.lead.write", "crm.lead.search", "ledger.settle"),
    ]
    assert [f"{model}.{method}" for model, method, _args, _kw in calls] == batch, (
        "the read: of who was written just now"
    )
    ids, values = calls[6][2]
    assert calls[3][2][2] == {"kind": "records", "records": ids, "values": values}
    assert (ids, values["user_id"], values["priority"]) == (e.leads, e.crm.people[ANA], "1")


def test_what_a_person_changed_is_read_and_settled_before_the_rest_is_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    e, calls = logged(ledger, monkeypatch, person=True)
    names = [f"{model}.{method}" for model, method, _args, _kw in calls]
    assert names[:6] == [
        *("crm.lead.search_read", "crm.lead.search", "crm.lead.search", "crm.lead.read"),
        *("ledger.intend", "ledger.settle"),
    ]
    assert calls[3][2][0] == [e.leads[1]], "those alone are read that the search did not find unchanged"
    settled = {one.record: one.outcome for run in ledger.runs()[-1:] for one in ledger.outcomes(run.id)}
    assert settled == {one: "conflict" if one == e.leads[1] else "applied" for one in e.leads}
    (written,) = [args[0] for _model, method, args, _kw in calls if method == "write"]
    assert written == [one for one in e.leads if one != e.leads[1]]


def started(ledger: Ledger, *batches: list[Outcome] | None) -> Any:
    """A run with one batch each of records 1 and 2; None: never settled."""
    if not ledger.plans():
        ledger.save_plan(make_draft())
    root = ledger.runs()[0].id if ledger.runs() else None
    run = ledger.start_run("resume" if root else "apply", "P1", WHO, root=root)
    for seq, outcomes in enumerate(batches, 1):
        ledger.intend(run.id, seq, {"kind": "records", "records": [1, 2], "values": {"priority": "3"}})
        if outcomes is not None:
            ledger.settle(run.id, seq, outcomes)
    return run


@pytest.mark.parametrize("swapped", [False, True])
def test_a_record_that_was_left_in_part_counts_as_left(ledger: Ledger, swapped: bool) -> None:
    parts = [Outcome(1, "priority", "failed"), Outcome(1, "tag_ids", "applied"), Outcome(2, "", "applied")]
    run = started(ledger, parts[1::-1] + parts[2:] if swapped else parts)
    assert _settled(ledger, [run]) == {1: "failed", 2: "applied"}
    # A later run has the last word.
    again = started(ledger, [Outcome(1, "", "applied")])
    assert _settled(ledger, [run, again]) == {1: "applied", 2: "applied"}


def test_in_flight_is_what_no_later_run_decided(ledger: Ledger) -> None:
    first = started(ledger, [Outcome(2, "", "applied")], None)
    assert InFlight.of(ledger, [first]).records == {1, 2}
    second = started(ledger, [Outcome(1, "", "conflict"), Outcome(2, "", "unknown")])
    assert InFlight.of(ledger, [first, second]).records == {2}
    third = started(ledger, [Outcome(2, "", "applied")])
    assert InFlight.of(ledger, [first, second, third]).records == frozenset()
    ever = InFlight.ever(ledger, [first, second, third])
    assert (ever.records, ever.decided) == (frozenset(), {1, 2})


def test_a_whole_record_that_failed_may_have_been_written_and_a_field_that_failed_was(ledger: Ledger) -> None:
    first = started(ledger, [Outcome(1, "", "failed"), Outcome(2, "priority", "failed", "", "1")])
    assert InFlight.of(ledger, [first]).records == {1}
    assert InFlight.ever(ledger, [first, started(ledger, [Outcome(1, "", "missing")])]).decided == {1}
