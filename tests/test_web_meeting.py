"""One meeting: edits that are made, undone and saved, and a file or a CRM that is not as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.editing import Put
from segmenter.embedded import demo_server
from segmenter.errors import SegmenterError, SpecError
from segmenter.measuring import Crm, Figures
from segmenter.web.meeting import Meeting
from tests.support.meetings import DEMO, demo_meeting, read_now

THRESHOLD = ("segmentations", 0, "segments", 0, "when", "expected_revenue", ">=")


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return read_now(demo_meeting(tmp_path))


def figures(meeting: Meeting) -> Figures:
    assert meeting.state.figures is not None
    return meeting.state.figures


def high(meeting: Meeting) -> int:
    return len(figures(meeting).segmentations[0].segments[0].records)


def test_a_lower_threshold_takes_more_and_undo_gives_the_first_text_back(meeting: Meeting) -> None:
    before, text, revision = high(meeting), meeting.state.text, meeting.revision
    meeting.change(Put(THRESHOLD, 4000000))
    assert high(meeting) > before
    assert meeting.unsaved
    assert meeting.revision > revision
    meeting.undo()
    assert (high(meeting), meeting.state.text, meeting.unsaved) == (before, text, False)
    meeting.redo()
    assert high(meeting) > before


def test_a_preview_changes_nothing(meeting: Meeting) -> None:
    state, revision = meeting.state, meeting.revision
    shown = meeting.preview(Put(THRESHOLD, 1))
    assert shown is not None
    assert len(shown.segmentations[0].segments[0].records) > high(meeting)
    assert (meeting.state, meeting.revision, meeting.unsaved) == (state, revision, False)


def test_saving_writes_one_line_and_keeps_the_former_file(meeting: Meeting) -> None:
    meeting.change(Put(THRESHOLD, 4000000))
    meeting.save()
    written, former = meeting.file.read_text("utf-8"), DEMO.read_text("utf-8")
    assert written == former.replace("5000000}", "4000000}", 1)
    assert (meeting.file.parent / "demo.yaml~").read_text("utf-8") == former
    assert not meeting.unsaved
    assert meeting.saved is meeting.state.figures


def test_a_file_that_somebody_else_changed_is_not_saved_over(meeting: Meeting) -> None:
    meeting.change(Put(THRESHOLD, 4000000))
    meeting.file.write_text("version: 1\n", "utf-8")
    with pytest.raises(SegmenterError, match="somebody else"):
        meeting.save()
    assert meeting.file.read_text("utf-8") == "version: 1\n"
    assert meeting.unsaved


def test_a_secret_is_not_saved(meeting: Meeting) -> None:
    meeting.replace(
        meeting.state.text.replace("approver: Paula Rojas", "password: hunter2hunter2\n  approver: Paula Rojas")
    )
    with pytest.raises(SegmenterError, match="secret"):
        meeting.save()
    assert "hunter2" not in meeting.file.read_text("utf-8")


def test_a_spec_with_problems_is_measured_as_far_as_it_goes(meeting: Meeting) -> None:
    others = [len(found.segments[0].records) for found in figures(meeting).segmentations[1:]]
    meeting.change(Put(THRESHOLD[:-1], {"bigger": 5}))
    assert [problem.path for problem in meeting.state.problems] == [(*THRESHOLD[:-1], "bigger")]
    assert not figures(meeting).segmentations[0].segments[0].sound
    assert [len(found.segments[0].records) for found in figures(meeting).segmentations[1:]] == others
    assert isinstance(meeting.drafted(), SpecError)


def test_a_text_that_is_no_yaml_is_shown_and_can_be_mended(tmp_path: Path) -> None:
    broken = tmp_path / "there" / "demo.yaml"
    broken.parent.mkdir()
    broken.write_text(DEMO.read_text("utf-8").replace("where: {type", "where: [type"), "utf-8")
    meeting = read_now(demo_meeting(tmp_path, spec=broken))
    assert meeting.document is None
    assert meeting.state.problems
    with pytest.raises(SegmenterError):
        meeting.save()
    meeting.replace(DEMO.read_text("utf-8"))
    assert not meeting.state.problems
    assert high(meeting) > 0
    meeting.save()
    assert meeting.file.read_text("utf-8") == DEMO.read_text("utf-8")


def test_the_plan_in_memory_has_the_counts_of_the_page(meeting: Meeting) -> None:
    meeting.change(Put(THRESHOLD, 4000000))
    made = meeting.drafted()
    assert not isinstance(made, SegmenterError)
    shown = {
        (segmentation.name, segment.name): len(segment.records)
        for segmentation in figures(meeting).segmentations
        for segment in segmentation.segments
    }
    assert {(count.segmentation, count.segment): count.taken for count in made.plan.counts.segments} == shown
    assert meeting.drafted() is made


def test_a_crm_that_cannot_be_read_says_so_and_is_tried_again(tmp_path: Path) -> None:
    tries = []

    def read(told: object) -> Crm:
        tries.append(told)
        raise SegmenterError("The server is away", todo="try again later")

    meeting = read_now(demo_meeting(tmp_path, read=read))
    assert meeting.reading is not None
    assert meeting.reading.failed == "The server is away; try again later"
    assert meeting.data is None
    read_now(meeting)
    assert len(tries) == 2


def test_reading_again_keeps_the_edits_and_the_beginning(meeting: Meeting) -> None:
    start = meeting.start
    meeting.change(Put(THRESHOLD, 4000000))
    then = high(meeting)
    read_now(meeting)
    assert meeting.start is start
    assert high(meeting) == then
    assert meeting.saved is not None
    assert len(meeting.saved.segmentations[0].segments[0].records) < then


def test_what_the_server_selects_otherwise_is_named(tmp_path: Path) -> None:
    assert read_now(demo_meeting(tmp_path)).data.differs == ()  # type: ignore[union-attr]
    server, live = demo_server(), demo_server()
    high = next(id for id, row in live.tables.rows["crm.lead"].items() if row.get("name") == "Hotel Sol")
    live.tables.put("crm.lead", high, {**live.tables.rows["crm.lead"][high], "expected_revenue": 1.0})
    meeting = read_now(demo_meeting(tmp_path, server=server, live=live))
    assert meeting.data is not None
    found = {(one.segmentation, one.segment): (set(one.missing), set(one.extra)) for one in meeting.data.differs}
    assert found == {
        ("Nivel de potencialidad", "Alto"): (set(), {high}),
        ("Nivel de potencialidad", "Medio"): (set(), {high}),
    }
