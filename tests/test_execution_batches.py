"""The order of every batch: look, commit the intent, look again, write once, read back, commit the outcome."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import OutcomeUnknown
from segmenter.execution.family import InFlight, last_outcomes
from segmenter.execution.run import BATCH_SIZE
from segmenter.ledger import Ledger, Outcome, open_ledger
from segmenter.odoo import json2
from segmenter.odoo import wire as xml
from segmenter.odoo.writer import SILENT
from segmenter.plans import Plan
from segmenter.record_set import RecordSet
from tests.support.engagement import ANA, Embedded, Engagement
from tests.support.fakes import Recording
from tests.support.ledgers import WHO, make_plan


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


@pytest.mark.parametrize("wire", ["xmlrpc", "json2"])
def test_no_write_comes_near_what_a_proxy_lets_through(wire: str) -> None:
    """nginx takes 1 MB where nobody said otherwise. Questions are bounded by `tests.support.bounded`."""
    tags = {"tag_ids": [[operation, tag, 0] for operation in (3, 4) for tag in range(10**6, 10**6 + 100)]}
    args = [[2**31 - 1] * BATCH_SIZE, tags]
    context = {"context": {**SILENT, "lang": "es_CL", "tz": "America/Santiago"}}
    call = ["viveros", 7, "key", "crm.lead", "write", args, context]
    body = json2.encode("write", args, context) if wire == "json2" else xml.encode("execute_kw", call)
    assert 20_000 < len(body) < 200_000


def test_the_order_of_a_batch(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    e, calls = logged(ledger, monkeypatch)
    batch = [
        *("crm.lead.search_read", "crm.lead.search", "crm.lead.search", "crm.lead.search"),
        *("ledger.intend", "crm.lead.search", "crm.lead.read", "crm.lead.write", "crm.lead.search", "ledger.settle"),
    ]
    assert [f"{model}.{method}" for model, method, _args, _kw in calls] == batch, (
        "the read: of who was written just now"
    )
    ids, values = calls[7][2]
    assert calls[4][2][2] == {"kind": "records", "records": ids, "values": values}
    assert (ids, values["user_id"], values["priority"]) == (e.leads, e.crm.people[ANA], "1")


def test_what_a_person_changed_is_read_and_settled_before_the_rest_is_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    e, calls = logged(ledger, monkeypatch, person=True)
    names = [f"{model}.{method}" for model, method, _args, _kw in calls]
    assert names[:7] == [
        *("crm.lead.search_read", "crm.lead.search", "crm.lead.search", "crm.lead.search", "crm.lead.read"),
        *("ledger.intend", "ledger.settle"),
    ]
    assert calls[4][2][0] == [e.leads[1]], "those alone are read that the search did not find unchanged"
    settled = {one.record: one.outcome for run in ledger.runs()[-1:] for one in ledger.outcomes(run.id)}
    assert settled == {one: "conflict" if one == e.leads[1] else "applied" for one in e.leads}
    (written,) = [args[0] for _model, method, args, _kw in calls if method == "write"]
    assert written == [one for one in e.leads if one != e.leads[1]]


def of_their_own(ledger: Ledger, number: int = 3) -> tuple[Engagement, Plan]:
    """A plan that gives each lead a value of its own, so that each takes a call."""
    e = Engagement(Embedded(), ledger)
    e.make_leads(number, city=False)
    segments = [{"name": name, "when": {"name": name}, "set": {"city": name}} for name in names_of(e)]
    return e, e.plan(e.spec({"name": "Ciudad", "segments": segments}))


def names_of(e: Engagement) -> list[str]:
    return [row["name"] for row in e.crm.find("crm.lead", [("id", "in", e.leads)], ["name"])]


def test_calls_for_few_records_are_compared_and_read_back_together(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    e, plan = of_their_own(ledger)
    logs: list[Log] = []

    def wrap(server: Any) -> Log:
        logs.append(Log(server, ledger, monkeypatch))
        return logs[-1]

    e.apply(plan, wrap=wrap, connections=1, look_every=None)
    calls = [f"{model}.{method}" for model, method, _args, _kw in logs[0].calls if method != "fields_get"]
    # The read: of who was written just now.
    write = ["ledger.intend", "crm.lead.search", "crm.lead.read", "crm.lead.write"]
    end = ["crm.lead.search", *["ledger.settle"] * 3]
    assert calls == [*("crm.lead.search_read", *["crm.lead.search"] * 3), *write * 3, *end]


class Then(Recording):
    """Lets something happen at the n-th write."""

    def __init__(self, server: Any, at: int, happens: Any) -> None:
        super().__init__(server)
        self.at, self.happens = at, happens

    def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
        self.at -= method == "write"
        if method == "write" and self.at == 0:
            self.happens()
        return super().execute_kw(model, method, args, kwargs)


def outcomes(ledger: Ledger) -> dict[int, str]:
    return {one.record: one.outcome for run in ledger.runs()[-1:] for one in ledger.outcomes(run.id)}


def test_what_a_person_changes_before_a_later_call_of_the_batch_is_theirs(ledger: Ledger) -> None:
    e, plan = of_their_own(ledger)

    def person() -> None:
        e.crm.write("crm.lead", [e.leads[2]], city="Lima")

    e.apply(plan, wrap=lambda server: Then(server, 2, person), connections=1, look_every=None)
    assert outcomes(ledger) == dict(zip(e.leads, ("applied", "applied", "conflict"), strict=True))
    assert e.crm.find("crm.lead", [("id", "=", e.leads[2])], ["city"])[0]["city"] == "Lima"


def test_a_time_out_leaves_the_calls_before_it_to_the_resume(ledger: Ledger) -> None:
    e, plan = of_their_own(ledger)

    def time_out() -> None:
        raise OutcomeUnknown("no answer")

    report = e.apply(plan, wrap=lambda server: Then(server, 2, time_out), connections=1, look_every=None)
    assert (report.run.status, report.counts) == ("partly", {"unknown": 2})
    assert outcomes(ledger) == dict.fromkeys(e.leads[:2], "unknown")
    again = e.resume(report.run.id)
    assert (again.run.status, again.counts) == ("done", {"applied": 3})
    assert [row["city"] for row in e.crm.find("crm.lead", [("id", "in", e.leads)], ["city"])] == names_of(e)


def test_a_run_that_is_stopped_makes_no_other_call_and_reads_back_what_it_wrote(ledger: Ledger) -> None:
    e, plan = of_their_own(ledger)
    stop = threading.Event()
    wrap = partial(Then, at=2, happens=stop.set)
    report = e.apply(plan, wrap=wrap, stop=stop, connections=1, look_every=None)
    assert (report.run.status, report.counts) == ("interrupted", {"applied": 2})
    assert e.resume(report.run.id).counts == {"applied": 1}


def started(ledger: Ledger, *batches: list[Outcome] | None) -> Any:
    """A run with one batch each of records 1 and 2; None: never settled."""
    if not ledger.plans():
        ledger.save_plan(*make_plan())
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
    assert last_outcomes(ledger, [run]) == {1: "failed", 2: "applied"}
    # A later run has the last word.
    again = started(ledger, [Outcome(1, "", "applied")])
    assert last_outcomes(ledger, [run, again]) == {1: "applied", 2: "applied"}


def test_in_flight_is_what_no_later_run_decided(ledger: Ledger) -> None:
    first = started(ledger, [Outcome(2, "", "applied")], None)
    assert InFlight.of(ledger, [first]).records == RecordSet([1, 2])
    second = started(ledger, [Outcome(1, "", "conflict"), Outcome(2, "", "unknown")])
    assert InFlight.of(ledger, [first, second]).records == RecordSet([2])
    third = started(ledger, [Outcome(2, "", "applied")])
    assert InFlight.of(ledger, [first, second, third]).records == RecordSet()
    ever = InFlight.ever(ledger, [first, second, third])
    assert (ever.records, ever.decided) == (RecordSet(), RecordSet([1, 2]))


def test_a_whole_record_that_failed_may_have_been_written_and_a_field_that_failed_was(ledger: Ledger) -> None:
    first = started(ledger, [Outcome(1, "", "failed"), Outcome(2, "priority", "failed", "", "1")])
    assert InFlight.of(ledger, [first]).records == RecordSet([1])
    assert InFlight.ever(ledger, [first, started(ledger, [Outcome(1, "", "missing")])]).decided == RecordSet([1])
