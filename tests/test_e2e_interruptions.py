"""Runs that something stops half way, on both CRMs: nothing is lost, nothing done twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from segmenter.errors import ExitCode, LedgerError, UsageError
from segmenter.execution import Progress
from segmenter.ledger import Outcome
from segmenter.spec.model import Spec
from tests.support import troubles
from tests.support.engagement import LUIS, Engagement
from tests.support.troubles import Trouble

pytest_plugins = ["tests.support.engagement_fixtures"]

State = dict[int, dict[str, Any]]
SLOW = {"connections": 1, "batch_size": 4}


def prepared(e: Engagement, number: int = 20) -> tuple[Spec, State, State]:
    """Leads, a spec, their state before it and after an uninterrupted run (which is undone)."""
    e.make_leads(number)
    first = e.state()
    spec = e.spec(e.levels(stage_id={"to": "Calificado", "from": ["Nueva"]}))
    report = e.apply(e.plan(spec))
    goal = e.state()
    e.undo(report.run.id)
    assert e.state() == first
    return spec, first, goal


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
def test_a_server_that_dies_in_mid_batch(engagement: Engagement, trouble: Any) -> None:
    e = engagement
    spec, first, goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=trouble(3), **SLOW)
    assert (report.exit_code, report.run.status) == (ExitCode.PARTLY, "partly")
    assert report.error.startswith("It is not known whether write of crm.lead was done")
    settled, unknown = report.counts["applied"], report.counts["unknown"]
    assert (settled > 0, unknown > 0) == (True, True)
    again = e.resume(report.run.id, **SLOW)
    assert (again.exit_code, again.left) == (ExitCode.DONE, ())
    assert again.counts == {"applied": 20 - settled}, "what the server did unheard is ours all the same"
    assert e.state() == goal
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == first


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
def test_undo_straight_after_a_server_died(engagement: Engagement, trouble: Any) -> None:
    e = engagement
    spec, first, _goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=trouble(3), **SLOW)
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert e.state() == first
    with pytest.raises(UsageError, match="nothing to resume"):
        e.resume(report.run.id)


@pytest.mark.parametrize("trouble", [troubles.silence_before, troubles.silence_after])
def test_a_server_that_dies_under_an_undo(engagement: Engagement, trouble: Any) -> None:
    e = engagement
    spec, first, _goal = prepared(e)
    report = e.apply(e.plan(spec))
    back = e.undo(report.run.id, wrap=trouble(2), **SLOW)
    assert (back.exit_code, back.run.status) == (ExitCode.PARTLY, "partly")
    again = e.resume(back.run.id)
    assert (again.run.kind, again.exit_code, again.left) == ("undo", ExitCode.DONE, ())
    assert e.state() == first
    with pytest.raises(UsageError, match="already undone"):
        e.undo(report.run.id)


def test_stopped_between_batches_and_resumed(engagement: Engagement) -> None:
    e = engagement
    spec, first, goal = prepared(e)
    stop = threading.Event()
    seen: list[Progress] = []

    def progress(now: Progress) -> None:
        seen.append(now)
        if now.phase == "records" and now.done >= 8:
            stop.set()

    report = e.apply(e.plan(spec), progress=progress, stop=stop, **SLOW)
    assert (report.exit_code, report.run.status) == (ExitCode.PARTLY, "interrupted")
    assert 8 <= report.counts["applied"] < 20
    assert {one.total for one in seen if one.phase == "records"} == {20}
    again = e.resume(report.run.id)
    assert (again.exit_code, again.counts) == (ExitCode.DONE, {"applied": 20 - report.counts["applied"]})
    assert e.state() == goal
    e.undo(again.run.id)
    assert e.state() == first


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """A shell makes what it runs in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_is_heard")
def test_ctrl_c_stops_between_batches(engagement: Engagement) -> None:
    e = engagement
    spec, _first, goal = prepared(e)

    def press(now: Progress) -> None:
        if now.phase == "records" and now.done == 4:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)  # the main thread hears of it, and not this one

    report = e.apply(e.plan(spec), progress=press, **SLOW)
    assert report.run.status == "interrupted"
    assert e.resume(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == goal


def test_a_write_conflict_is_tried_once_more(engagement: Engagement) -> None:
    e = engagement
    spec, first, goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=troubles.busy(2), **SLOW)
    assert (report.exit_code, report.counts) == (ExitCode.DONE, {"applied": 20})
    assert e.state() == goal
    e.undo(report.run.id)
    assert e.state() == first


def test_a_write_conflict_that_lasts_is_no_endless_loop(engagement: Engagement) -> None:
    e = engagement
    spec, _first, goal = prepared(e)
    trouble = troubles.busy(2, forever=True)
    report = e.apply(e.plan(spec), wrap=trouble, **SLOW)
    assert report.exit_code == ExitCode.PARTLY
    assert set(report.counts) == {"applied", "failed"}
    assert sum(report.counts.values()) == 20
    assert {one.outcome for one in report.left} == {"failed"}
    assert trouble.count < 40, "each batch is tried twice"
    assert e.resume(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == goal


def test_a_batch_with_a_record_that_was_just_deleted_is_halved_until_it_stands_alone(engagement: Engagement) -> None:
    e = engagement
    spec, _first, goal = prepared(e)
    plan = e.plan(spec)
    gone = e.leads[1]
    delete = troubles.before(1, lambda: e.crm.call("crm.lead", "unlink", [gone]))
    report = e.apply(plan, wrap=delete, connections=1)
    assert report.exit_code == ExitCode.PARTLY
    assert report.counts == {"applied": 19, "refused": 1}
    assert [(one.record, one.name, one.outcome) for one in report.left] == [(gone, f"{e.mark} lead 0001", "refused")]
    e.leads.remove(gone)
    del goal[gone]
    assert e.state() == goal


def test_a_batch_with_a_record_that_was_just_hidden_is_halved_too(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6, user_id=False)
    plan = e.plan(e.spec(e.levels()), "own")
    taken = e.leads[1]
    hide = troubles.before(1, lambda: e.crm.write("crm.lead", [taken], user_id=e.crm.people[LUIS]))
    report = e.apply(plan, "own", wrap=hide, connections=1, batch_size=100)
    assert report.counts["applied"] == 5
    ((left),) = report.left
    assert (left.record, left.outcome) == (taken, "refused")
    assert e.state()[taken]["tag_ids"] == []


@pytest.mark.parametrize("undone", [True, False])
def test_what_the_server_alters_while_it_writes_is_a_failure_by_name(engagement: Engagement, undone: bool) -> None:
    e = engagement
    spec, first, goal = prepared(e)

    altered: list[int] = []

    def alter(do: Any, args: Any) -> Any:
        ids, values = args
        if "priority" in values and not altered:
            values["priority"] = "1"
            altered.extend(ids)
        return do()

    high = [record for record in e.leads if first[record]["expected_revenue"] >= 7000]
    plan = e.plan(spec)
    report = e.apply(plan, wrap=Trouble(1, alter, "crm.lead", forever=True), **SLOW)
    assert (report.exit_code, report.run.status) == (ExitCode.PARTLY, "partly")
    assert sorted(left.record for left in report.left) == sorted(altered)
    for left in report.left:
        assert (left.field, left.outcome, left.found) == ("priority", "failed", "1")
        assert left.expected == ("3" if left.record in high else "2")
        assert left.name == first[left.record]["name"]
    # What the server made of our value came of our write: a resume tries again from there, in vain here.
    altered.clear()
    again = e.resume(report.run.id, wrap=Trouble(1, alter, "crm.lead", forever=True))
    assert (again.exit_code, {one.outcome for one in again.left}) == (ExitCode.PARTLY, {"failed"})
    assert sorted(one.record for one in again.left) == sorted(altered)
    # An undo takes it back, and a resume without the trouble comes to the goal.
    if undone:
        assert e.undo(report.run.id).exit_code == ExitCode.DONE
        assert e.state() == first
    else:
        assert e.resume(report.run.id).exit_code == ExitCode.DONE
        assert e.state() == goal


def test_an_undo_looks_at_what_an_answer_of_something_in_between_called_failed(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger of before: a write that was carried out is in it as failed, and a resume has said what it made of it."""
    e = engagement
    spec, first, goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=troubles.silence_after(3), **SLOW)
    settle = e.ledger.settle

    def as_before(run: str, seq: int, outcomes: Any) -> None:
        settle(run, seq, [replace(one, outcome="failed") if one.outcome == "unknown" else one for one in outcomes])

    monkeypatch.setattr(e.ledger, "settle", as_before)
    (batch,) = e.ledger.unsettled(report.run.id)
    as_before(batch.run, batch.seq, [Outcome(one, "", "unknown") for one in batch.unknown])
    assert e.ledger.unsettled(report.run.id) == []
    taken, other = batch.unknown[:2]
    assert e.state()[other] == goal[other] != first[other]
    e.crm.write("crm.lead", [taken], priority="1" if first[taken]["priority"] != "1" else "2")
    edited = e.state()[taken]["priority"]
    back = e.undo(report.run.id)
    assert [(one.record, one.field, one.outcome) for one in back.left] == [(taken, "priority", "conflict")]
    assert e.state() == first | {taken: first[taken] | {"priority": edited}}


def test_an_undo_looks_again_at_what_a_resume_left_whole(engagement: Engagement) -> None:
    """The write went unheard but held; a resume met a person's edit in one field. The other one is still ours."""
    e = engagement
    spec, first, _goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=troubles.silence_after(3), **SLOW)
    ((batch),) = e.ledger.unsettled(report.run.id)
    taken = batch.unknown[0]
    e.crm.write("crm.lead", [taken], priority=first[taken]["priority"], city="Talca")
    e.resume(report.run.id)
    e.undo(report.run.id)
    assert e.state() == first | {taken: first[taken] | {"city": "Talca"}}


def test_an_undo_leaves_what_a_person_made_of_what_the_server_made_of_it(engagement: Engagement) -> None:
    e = engagement
    spec, first, _goal = prepared(e)

    def alter(do: Any, args: Any) -> Any:
        args[1].update({"priority": "1"} if "priority" in args[1] else {})
        return do()

    report = e.apply(e.plan(spec), wrap=Trouble(1, alter, "crm.lead", forever=True), **SLOW)
    taken, other = (one.record for one in report.left[:2])
    e.crm.write("crm.lead", [taken], priority="2" if first[taken]["priority"] != "2" else "3")
    edited = e.state()[taken]["priority"]
    assert [one.record for one in e.preview_undo(report.run.id).left] == [taken]
    assert [(one.record, one.field) for one in e.undo(report.run.id).left] == [(taken, "priority")]
    assert e.state()[taken]["priority"] == edited
    assert e.state()[other] == first[other]


def test_what_odoo_writes_otherwise_is_undone_as_well(engagement: Engagement) -> None:
    """Odoo completes the address of a website; the CRM in memory does not."""
    e = engagement
    e.make_leads(3, city="Lima")
    first = e.state()
    lima = {"name": "Lima", "when": {"city": "Lima"}, "set": {"website": "www.sol.example"}}
    report = e.apply(e.plan(e.spec({"name": "Web", "segments": [lima]})))
    assert report.exit_code == (ExitCode.DONE if e.crm.name == "embedded" else ExitCode.PARTLY)
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == first


class Together:
    """Holds a thread's first write of leads until the other thread has come to its own, and keeps who wrote what."""

    def __init__(self, server: Any) -> None:
        self.server, self.identity = server, server.identity
        self.first = threading.Barrier(2, timeout=20)
        self.written: dict[int, list[int]] = {}

    def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
        if (model, method) == ("crm.lead", "write"):
            mine = self.written.setdefault(threading.get_ident(), [])
            if not mine:
                self.first.wait()
            mine += args[0]
        return self.server.execute_kw(model, method, args, kwargs)


def test_two_connections_write_disjoint_records(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(24)
    plan = e.plan(e.spec(e.levels()))
    opened: list[Together] = []

    def wrap(server: Any) -> Together:
        opened.append(Together(server))
        return opened[-1]

    report = e.apply(plan, wrap=wrap, batch_size=4)
    assert (report.exit_code, len(opened)) == (ExitCode.DONE, 1)
    one, other = opened[0].written.values()
    assert sorted(one + other) == sorted(e.leads)
    assert e.ledger.verify_chain().ok


def test_two_applies_at_once_exclude_each_other(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(6)
    plan = e.plan(e.spec(e.levels()))
    other = e.plan(e.spec(e.levels()))
    refused: list[LedgerError] = []

    def another() -> None:
        with pytest.raises(LedgerError, match="Another apply is at work") as caught:
            e.apply(other)
        refused.append(caught.value)

    report = e.apply(plan, wrap=troubles.before(1, another))
    assert len(refused) == 1
    assert report.exit_code == ExitCode.DONE
    assert [run.plan for run in e.ledger.runs()] == [plan.id]
    # Once the first is done, the other finds everything in place already.
    assert e.apply(other).counts == {"already": 6}


def test_an_undo_says_nothing_of_a_record_that_a_resume_found_was_never_written(engagement: Engagement) -> None:
    e = engagement
    spec, first, _goal = prepared(e)
    report = e.apply(e.plan(spec), wrap=troubles.silence_before(3), **SLOW)
    (batch,) = e.ledger.unsettled(report.run.id)
    person = batch.unknown[0]
    e.crm.write("crm.lead", [person], priority="1" if first[person]["priority"] != "1" else "0")
    stands = e.state()[person]
    again = e.resume(report.run.id)
    assert (again.exit_code, [one.record for one in again.left]) == (ExitCode.STALE, [person])
    assert e.preview_undo(report.run.id).left == ()
    back = e.undo(report.run.id)
    assert (back.exit_code, back.left) == (ExitCode.DONE, ())
    assert e.state() == first | {person: stands}
