"""What people write while a batch is checked, written or read back: it stays theirs, and is named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from segmenter.errors import ExitCode
from segmenter.execution import meanwhile
from segmenter.execution.meanwhile import Moments, Since, among
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.record_set import RecordSet
from tests.support import troubles
from tests.support.engagement import Engagement
from tests.support.fakes import Recording, Scripted

pytest_plugins = ["tests.support.engagement_fixtures"]

ONE = {"connections": 1}
RIGHT_AFTER = "right after our write; the rest of the record is written"
GIVEN_BACK = "while it was being written; their value was put back"
WRITTEN_OVER = "while it was being written, and written over: put their value back by hand"


def prepared(e: Engagement, number: int = 6) -> Any:
    """Leads of priority 0 that the plan gives 3 and a tag."""
    e.make_leads(number, expected_revenue=9000, priority="0", user_id=False)
    return e.plan(e.spec(e.levels()))


def priorities(e: Engagement) -> list[str]:
    return e.column("priority")


def tagged(e: Engagement) -> list[bool]:
    return [bool(row["tag_ids"]) for row in e.state().values()]


class UntilLooked:
    """Holds the first write of leads until ``happens`` was done and somebody has looked at the leads since."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self.happens, self.held, self.looked = happens, False, threading.Event()
        self._done = threading.Event()

    def __call__(self, server: Server) -> Server:
        return _Held(self, server)


class _Held:
    def __init__(self, until: UntilLooked, server: Server) -> None:
        self.until, self.server, self.identity = until, server, server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        until, mine = self.until, threading.current_thread()
        if (model, method) == ("crm.lead", "write") and not until.held:
            until.held = True
            until.happens()
            until._done.set()
            assert until.looked.wait(30), "nobody looked while the batch was being written"
            return self.server.execute_kw(model, method, args, kwargs)
        since = until._done.is_set()
        answer = self.server.execute_kw(model, method, args, kwargs)
        if since and mine.name == "looking" and method == "read":
            until.looked.set()  # what it found was read as well
        return answer


def test_what_a_person_writes_between_write_and_read_back_is_a_conflict_and_never_undone(
    engagement: Engagement,
) -> None:
    e = engagement
    plan = prepared(e)
    first, theirs = e.state(), e.leads[2]
    report = e.apply(plan, wrap=troubles.after(1, lambda: e.crm.write("crm.lead", [theirs], priority="1")), **ONE)
    assert (report.exit_code, report.run.status) == (ExitCode.STALE, "conflicts")
    told = [(one.record, one.field, one.outcome, one.expected, one.found, one.detail) for one in report.left]
    assert told == [(theirs, "priority", "conflict", "3", "1", RIGHT_AFTER)]
    assert report.counts == {"applied": 5, "conflict": 1}
    assert (e.ledger.applied(report.run.id).altered, tagged(e)) == ({}, [True] * 6)

    assert e.preview_undo(report.run.id).left == ()
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == first | {theirs: first[theirs] | {"priority": "1"}}


def test_a_person_takes_what_the_server_had_made_of_our_value(engagement: Engagement) -> None:
    """First the server alters it, so it is ours; then a person changes it, and a resume says so: it is theirs."""
    e = engagement
    plan = prepared(e)
    first, theirs = e.state(), e.leads[1]

    def alter(do: Any, args: Any) -> Any:
        args[1].update({"priority": "1"} if "priority" in args[1] else {})
        return do()

    report = e.apply(plan, wrap=troubles.Trouble(1, alter, "crm.lead"), **ONE)
    assert {one.outcome for one in report.left} == {"failed"}
    e.crm.write("crm.lead", [theirs], priority="2")
    again = e.resume(report.run.id)
    assert [(one.record, one.field, one.outcome, one.found) for one in again.left][:1] == [
        (theirs, "priority", "conflict", "2")
    ]
    e.crm.write("crm.lead", [theirs], priority="1")  # as the server had made it, but by hand
    e.undo(report.run.id)
    assert e.state() == first | {theirs: first[theirs] | {"priority": "1"}}


def test_an_edit_between_the_check_and_the_write_leaves_the_record(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    e = engagement
    plan = prepared(e)
    first, theirs, intend = e.state(), e.leads[3], e.ledger.intend
    edits = [lambda: e.crm.write("crm.lead", [theirs], priority="1")]

    def intending(*args: Any) -> None:
        intend(*args)
        if args[2]["kind"] == "records" and edits:
            edits.pop()()

    monkeypatch.setattr(e.ledger, "intend", intending)
    seen: list[Recording] = []

    def wrap(server: Server) -> Server:
        seen.append(Recording(server))
        return seen[-1]

    report = e.apply(plan, wrap=wrap, **ONE)
    assert [(one.record, one.field, one.outcome, one.found) for one in report.left] == [
        (theirs, "priority", "conflict", "1")
    ]
    written = [args[0] for one in seen for model, method, args, _kw in one.calls if method == "write"]
    assert written == [[one for one in e.leads if one != theirs]], "it was written all the same"
    assert e.state()[theirs] == first[theirs] | {"priority": "1"}
    assert e.ledger.unsettled(report.run.id) == []


def test_an_edit_while_the_batch_is_being_written_is_put_back_and_the_record_left(engagement: Engagement) -> None:
    e = engagement
    plan = prepared(e)
    first, theirs = e.state(), e.leads[3]
    report = e.apply(plan, wrap=UntilLooked(lambda: e.crm.write("crm.lead", [theirs], priority="1")), **ONE)
    assert report.exit_code == ExitCode.STALE
    told = [(one.record, one.field, one.outcome, one.expected, one.found, one.detail) for one in report.left]
    assert told == [(theirs, "priority", "conflict", "0", "1", GIVEN_BACK)]
    assert e.state()[theirs] == first[theirs] | {"priority": "1"}, "the record is left as the person left it"
    assert report.counts == {"applied": 5, "conflict": 1}
    assert e.ledger.unsettled(report.run.id) == []
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert e.state() == first | {theirs: first[theirs] | {"priority": "1"}}


def test_an_edit_under_an_undo_is_put_back_and_the_other_fields_undone(engagement: Engagement) -> None:
    e = engagement
    plan = prepared(e)
    first, theirs = e.state(), e.leads[3]
    report = e.apply(plan)
    back = e.undo(report.run.id, wrap=UntilLooked(lambda: e.crm.write("crm.lead", [theirs], priority="1")), **ONE)
    told = [(one.record, one.field, one.outcome, one.expected, one.found, one.detail) for one in back.left]
    assert told == [(theirs, "priority", "conflict", "3", "1", GIVEN_BACK)]
    assert e.state() == first | {theirs: first[theirs] | {"priority": "1"}}


def test_an_edit_that_is_taken_back_before_our_write_is_none(engagement: Engagement) -> None:
    e = engagement
    plan = prepared(e)

    def twice() -> None:
        e.crm.write("crm.lead", [e.leads[0]], priority="1")
        e.crm.write("crm.lead", [e.leads[0]], priority="0")

    report = e.apply(plan, wrap=UntilLooked(twice), **ONE)
    assert (report.exit_code, priorities(e)) == (ExitCode.DONE, ["3"] * 6)


def test_an_edit_of_another_field_meanwhile_is_none(engagement: Engagement) -> None:
    e = engagement
    plan = prepared(e)
    report = e.apply(plan, wrap=UntilLooked(lambda: e.crm.write("crm.lead", e.leads[:1], city="Arica")), **ONE)
    assert (report.exit_code, priorities(e), e.column("city")[0]) == (ExitCode.DONE, ["3"] * 6, "Arica")


def test_a_tag_of_ours_that_a_person_gives_meanwhile_stays_theirs(engagement: Engagement) -> None:
    e = engagement
    e.make_tag(e.tag("Medio").removeprefix(f"{e.mark} "))
    plan = prepared(e)
    first, theirs = e.state(), e.leads[0]
    (medio,) = e.crm.ids("crm.tag", [["name", "=", e.tag("Medio")]])

    def give() -> None:
        e.crm.write("crm.lead", [theirs], tag_ids=[[4, medio, 0]])

    report = e.apply(plan, wrap=UntilLooked(give), **ONE)
    assert [(one.record, one.field, one.detail) for one in report.left] == [(theirs, "tag_ids", GIVEN_BACK)]
    assert e.state()[theirs] == first[theirs] | {"tag_ids": [e.tag("Medio")]}
    e.undo(report.run.id)
    assert e.state()[theirs]["tag_ids"] == [e.tag("Medio")]


def test_what_cannot_be_put_back_is_said_with_the_value(engagement: Engagement) -> None:
    e = engagement
    plan = prepared(e)
    theirs = e.leads[3]
    until = UntilLooked(lambda: e.crm.write("crm.lead", [theirs], priority="1"))
    dead = troubles.silence_before(2)
    report = e.apply(plan, wrap=lambda server: until(dead(server)), **ONE)
    told = [(one.record, one.field, one.outcome, one.found, one.detail) for one in report.left]
    assert told == [(theirs, "priority", "conflict", "1", WRITTEN_OVER)]
    assert priorities(e) == ["3"] * 6
    # Nobody knows what became of it, so an undo looks at it.
    e.undo(report.run.id)
    assert priorities(e) == ["0"] * 6


def test_tags_beside_ours_are_somebodys_even_where_the_server_is_blamed(engagement: Engagement) -> None:
    e = engagement
    e.make_tag("Medio")
    plan = prepared(e)
    (medio,) = e.crm.ids("crm.tag", [["name", "=", e.tag("Medio")]])

    def adds(do: Any, args: Any) -> Any:
        args[1]["tag_ids"] = [*args[1]["tag_ids"], [4, medio, 0]]
        return do()

    report = e.apply(plan, wrap=troubles.Trouble(1, adds, "crm.lead"), **ONE)
    assert {(one.field, one.outcome) for one in report.left} == {("tag_ids", "failed")}
    assert e.undo(report.run.id).exit_code == ExitCode.DONE
    assert [row["tag_ids"] for row in e.state().values()] == [[e.tag("Medio")]] * 6


@pytest.mark.parametrize("few", [1, 2])
def test_of_many_that_were_written_in_the_last_second_only_a_later_date_tells(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(meanwhile, "FEW", few)
    identity = ServerIdentity("https://crm.example", "crm", "19.0", "work@example.com", 7)
    about = {"write_date": {"type": "datetime", "string": "Changed on", "store": True}}
    server = Scripted([about, [{"id": 3, "write_date": "2026-11-30 10:59:59"}], [2, 3], [3]], identity=identity)
    reader = OdooReader(server)
    here = RecordSet([1, 2, 3])
    since = Since.now(reader, "crm.lead", here)
    assert since.written(reader, "crm.lead", among(here)) == RecordSet([3])
    date = "2026-11-30 10:59:59" if few == 2 else "2026-11-30 11:00:00"
    ((domain,),) = [args for _model, _method, args, _kw in server.calls[-1:]]
    assert domain == [("id", ">=", 1), ("id", "<=", 3), ("write_uid", "!=", 7), ("write_date", ">=", date)]


@pytest.mark.parametrize(
    ("fields", "noted", "seconds"),
    [(["city"], True, 0.02), (["city", "tag_ids"], True, 0.1), (["user_id"], True, 1.0), (["user_id"], False, 0.1)],
)
def test_the_pause_between_looks_is_shorter_than_any_write(fields: list[str], noted: bool, seconds: float) -> None:
    assert meanwhile.pause_for("crm.lead", fields, 2000, version=19, noted=noted) == pytest.approx(seconds)
    assert meanwhile.pause_for("res.partner", ["category_id"], 2000, version=19, noted=False) == pytest.approx(0.02)


@pytest.mark.parametrize(("version", "seconds"), [(16, 0.02), (17, 1.0)])
def test_the_pause_is_longer_where_the_version_notes_the_change(version: int, seconds: float) -> None:
    assert meanwhile.pause_for("res.partner", ["city"], 2000, version=version, noted=True) == pytest.approx(seconds)


def test_records_are_named_by_a_range_where_few_others_lie_between() -> None:
    assert among(RecordSet([1, 2, 3])) == (("id", ">=", 1), ("id", "<=", 3))
    assert among(RecordSet([3, 2, 90])) == (("id", "in", [2, 3, 90]),)


def test_a_moment_is_good_for_many_batches_and_taken_anew_after_a_while() -> None:
    clock = [0.0]
    about = {"write_date": {"type": "datetime", "string": "Changed on", "store": True}}
    server = Scripted([about, [], []])
    moments = Moments("crm.lead", RecordSet([1]), now=lambda: clock[0])
    reader = OdooReader(server)
    for at in (0, meanwhile.GOOD_FOR, meanwhile.GOOD_FOR + 1):
        clock[0] = at
        assert moments.since(reader) == Since("")
    assert [method for _model, method, _args, _kw in server.calls] == ["fields_get", "search_read", "search_read"]
