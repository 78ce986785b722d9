"""What of the benchmarks needs no server: their specs are valid, and their sums and comparisons right."""

from __future__ import annotations

import pytest

from benchmarks.bands import PORTFOLIO as BANDS
from benchmarks.meeting import measure, p95, spent, table
from benchmarks.meeting_crm import SPEC, crm_of, server_of
from benchmarks.portfolio import Portfolio, unlike
from benchmarks.realistic import PORTFOLIO as REALISTIC
from benchmarks.realistic import TAGS
from benchmarks.wire import Call, Recorder, busy, sums
from segmenter.measuring import measure as figures_of
from segmenter.odoo.server import ServerIdentity
from segmenter.spec import loads
from tests.live.servers import Server

SERVER = Server("19", "http://127.0.0.1:1", "crm", "admin", "admin", None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("portfolio", [BANDS, REALISTIC], ids=lambda portfolio: portfolio.name)
def test_the_spec_is_valid(portfolio: Portfolio) -> None:
    spec = loads(portfolio.spec_of(SERVER), "spec.yaml")
    assert spec.odoo is not None
    assert spec.odoo.database == "benchmark"


def test_the_tags_of_the_realistic_spec_are_there_before_it_is_applied() -> None:
    spec = loads(REALISTIC.spec_of(SERVER), "spec.yaml")
    tagged = [one for one in spec.segmentations if one.store is not None and one.name not in ("Urgency", "Zone")]
    segments = [segment.name for one in tagged for segment in (*one.segments, one.default) if segment is not None]
    assert sorted(segments) == sorted(TAGS)


def test_time_with_two_calls_under_way_counts_once() -> None:
    def call(started: float, seconds: float) -> Call:
        return Call("apply", "crm.lead", "write", "", seconds, 0.0, started)

    assert busy([call(0, 2), call(1, 3), call(1, 1), call(10, 1)]) == 5
    assert busy([]) == 0


def test_a_call_is_noted_in_its_phase_and_summed_by_method() -> None:
    class Answering:
        identity = ServerIdentity("http://127.0.0.1:1", "crm", "19.0", "work", 7)

        def execute_kw(self, *_call: object) -> list[int]:
            return [1, 2, 3]

    recorder = Recorder(Answering())
    recorder.begin("plan")
    assert recorder.execute_kw("crm.lead", "search", [[["id", "in", [1, 2, 3]]]], {}) == [1, 2, 3]
    (call,) = recorder.calls
    assert (call.phase, call.about) == ("plan", "[[id, in, 3 ids]] -> 3")
    assert sums(recorder.calls, {"plan": 1.0})[2].startswith("| plan | `crm.lead.search` | 1 |")


def test_leads_that_ended_otherwise_are_shown_with_both_ends() -> None:
    assert unlike(["1|a", "2|b"], ["1|a", "2|c"]) == ["2|b   against   2|c"]
    assert unlike(["1|a"], []) == ["1 leads against 0"]


def test_the_invented_crm_of_a_meeting_fills_every_segment_and_is_as_large_as_wanted() -> None:
    server = server_of(1_000)
    assert len(server.tables.rows["crm.lead"]) == 1_000
    figures = figures_of(loads(SPEC, "spec.yaml"), crm_of(server))
    assert figures.problems == ()
    assert [len(found.segments) for found in figures.segmentations] == [5, 5, 4, 5, 4]
    assert all(segment.records for found in figures.segmentations for segment in found.segments)


def test_edits_are_summed_by_kind_and_what_is_only_looked_at_apart() -> None:
    assert p95(list(range(1, 201))) == 190
    assert p95([7.0]) == 7.0
    assert table({"undo": [10.0, 30.0, 20.0], "panel opened": [500.0]})[2:] == [
        "| undo | 3 | 20 | 30 | 30 |",
        "| all edits | 3 | 20 | 30 | 30 |",
        "| panel opened | 1 | 500 | 500 | 500 |",
    ]
    answer = {"edit": [0.02, 0.01], "measure": [0.01, 0.01], "render": [0.03, 0.02]}
    assert spent([answer])[2] == "| edit | 20 | 20 | 10 |"
    assert spent([answer])[-1] == "| all | 60 | 60 | 40 |"


@pytest.mark.browser
def test_every_kind_of_edit_of_a_meeting_is_made_and_seen() -> None:
    printed = measure(700, 8)
    assert [line.split("|")[1:3] for line in printed if line.endswith("|")][2:10] == [
        [f" {kind} ", " 1 "]
        for kind in (
            *("threshold typed", "value added", "value removed", "comparison changed", "segment moved"),
            *("segment renamed", "example added", "undo"),
        )
    ]
