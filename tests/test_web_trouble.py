"""The meeting page in trouble: odd values, errors nobody foresaw, data that cannot be read again, a second close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.embedded import demo_server
from segmenter.errors import SegmenterError
from segmenter.i18n import speaking
from segmenter.ledger import read_ledger
from segmenter.measuring import Crm
from segmenter.web.meeting import Reading
from segmenter.web.sources import Progress
from tests.support.meetings import crm_of, demo_meeting, read_now
from tests.test_web_routes import WHEN, Page, count

SMALL = """\
version: 1
client: {name: Viveros del Maipo, language: es_CL}
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        when: {expected_revenue: {">=": 9000000}}   # por ahora
    default: {name: Sin evaluar}
"""


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    with speaking("es"):
        yield


def opened(folder: Path, text: str = SMALL) -> Page:
    file = folder / "texts" / "viveros.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    page = Page(read_now(demo_meeting(folder, spec=file)))
    page.get("/")
    return page


@pytest.mark.parametrize(
    "typed", ["NaN", "inf", "-Infinity", "--5", "1e400", "1e999999999", "9" * 5000, "5,000,000", ""]
)
def test_what_is_no_number_is_said_and_changes_nothing(tmp_path: Path, typed: str) -> None:
    page = opened(tmp_path)
    for action in ("row.value", "value.add"):
        shown = page.post("/edit", action=action, path=WHEN, address="0", value=typed)
        assert 'class="message bad"' in shown
        assert "cargarla" not in shown  # as if the page were old
        assert page.meeting.state.text == SMALL


@pytest.mark.parametrize("number", [0.125, 2.5, -3, 12345678.5])
def test_a_number_is_shown_as_it_may_be_typed(tmp_path: Path, number: float) -> None:
    for language in ("es", "en"):
        with speaking(language):
            page = opened(tmp_path, SMALL.replace("9000000", str(number)))
            shown = page.get("/panel", show="segment", s=0, g=0)
            text = shown.split('class="number"')[0].rpartition('value="')[2].partition('"')[0]
            page.post("/edit", action="row.value", path=WHEN, address="0", value="1")
            page.post("/edit", action="row.value", path=WHEN, address="0", value=text)
            when = page.meeting.document.data["segmentations"][0]["segments"][0]["when"]  # type: ignore
            assert when == {"expected_revenue": {">=": number}}


def test_a_scale_keeps_its_numbers_whatever_the_comparison(tmp_path: Path) -> None:
    page = opened(tmp_path, SMALL.replace('{expected_revenue: {">=": 9000000}}', "{priority: [2]}"))
    for operator in (">=", "in", "between", "<", "not_in", ">="):
        page.post("/edit", action="row.operator", path=WHEN, address="0", value=operator)
        assert page.meeting.state.problems == (), operator
    assert '{priority: {">=": 2}}' in page.meeting.state.text
    page.post("/edit", action="row.field", path=WHEN, address="0", value="city")
    page.post("/edit", action="row.field", path=WHEN, address="0", value="priority")
    page.post("/edit", action="row.operator", path=WHEN, address="0", value=">=")
    assert page.meeting.state.problems == ()


def test_a_choice_whose_name_others_have_too_is_taken_by_its_id(tmp_path: Path) -> None:
    page = opened(tmp_path, SMALL.replace('{expected_revenue: {">=": 9000000}}', "{source_id: [Referido]}"))
    page.post("/edit", action="value.add", path=WHEN, address="0", value="3", id="1")
    when = page.meeting.document.data["segmentations"][0]["segments"][0]["when"]  # type: ignore
    assert when == {"source_id": ["Referido", 3]}


def test_an_error_that_nobody_foresaw_is_a_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(tmp_path)
    before = page.meeting.state.text

    def broken(_spec: object) -> None:
        raise ZeroDivisionError

    assert page.meeting.data is not None
    monkeypatch.setattr(page.meeting.data.measurer, "measure", broken)
    shown = page.post("/edit", action="segment.name", s=0, g=0, value="Altísimo")
    assert "ZeroDivisionError" in shown
    assert page.meeting.state.text == before
    monkeypatch.undo()
    assert "Altísimo" in page.post("/edit", action="segment.name", s=0, g=0, value="Altísimo")
    monkeypatch.setattr("segmenter.web.routes.stage", broken)
    answer = page.ask("GET", "/panel", params={"show": "text"})
    assert answer.status_code == 500
    assert "terminal" in answer.text


def test_a_spec_without_segmentations_gets_its_first_one(tmp_path: Path) -> None:
    page = opened(tmp_path, SMALL.partition("segmentations:")[0])
    page.post("/edit", action="segmentation.add")
    assert page.meeting.state.problems == ()
    assert count(page.get("/"), "s0-0") > 0
    page.post("/undo")
    assert page.meeting.state.text == SMALL.partition("segmentations:")[0]


def test_a_body_that_is_no_form_is_answered_with_a_sentence(tmp_path: Path) -> None:
    page = opened(tmp_path)
    answer = page.ask("POST", "/edit", content=b"{}", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/plain; charset=utf-8")
    assert "formulario" in answer.text


def test_data_that_cannot_be_read_again_leaves_what_was_read(tmp_path: Path) -> None:
    server, fails = demo_server(), [False]

    def read(_told: Progress) -> Crm:
        if fails[0]:
            raise SegmenterError("El servidor no responde")
        return crm_of(server)

    meeting = read_now(demo_meeting(tmp_path, read=read))
    page = Page(meeting)
    before, fails[0] = count(page.get("/"), "s0-0"), True
    read_now(meeting)
    shown = page.get("/panel", show="segment", s=0, g=0)
    assert "El servidor no responde" in shown
    assert count(shown, "s0-0") == before
    page.post("/edit", action="segment.name", s=0, g=0, value="Altísimo")
    assert "Altísimo" in meeting.state.text
    fails[0] = False
    page.get("/")
    revision = meeting.revision
    page.post("/read")
    read_now(meeting)
    assert meeting.reading is None or not meeting.reading.failed
    assert meeting.revision == revision  # an edit that was on its way meanwhile is still good


def test_while_it_is_read_again_only_the_progress_is_replaced(tmp_path: Path) -> None:
    page = opened(tmp_path)
    page.meeting.reading = Reading(3, 10)
    answer = page.ask("GET", "/reading", params={"show": "segment", "s": 0, "g": 0})
    assert "<progress" in answer.text
    assert 'id="stage"' not in answer.text
    assert "hx-retarget" not in answer.headers
    assert count(page.get("/"), "s0-0") > 0  # the board stays, and can be worked on
    page.meeting.reading = None
    answer = page.ask("GET", "/reading", params={"show": "segment", "s": 0, "g": 0})
    assert answer.headers["hx-retarget"] == "#stage"
    assert 'id="stage"' in answer.text


def test_a_meeting_is_kept_once(tmp_path: Path) -> None:
    page = opened(tmp_path)
    other = Page(page.meeting)
    other.get("/")
    form = {"kind": "definition", "minutes": "28", "activity": "Criterios", "result": "Una"}
    assert 'class="message good"' in page.post("/close", **form)
    assert 'class="message bad"' in other.post("/close", **form)
    with read_ledger(str(tmp_path / "segmenter.ledger")) as ledger:
        assert len(list(ledger.log())) == 1


@pytest.mark.parametrize("at", ["2026-01-15 10:30", "2026-01-15"])
def test_a_moment_is_shown_with_its_hour_and_may_be_typed(tmp_path: Path, at: str) -> None:
    page = opened(tmp_path, SMALL.replace('{expected_revenue: {">=": 9000000}}', f'{{create_date: {{">=": {at}}}}}'))
    shown = page.get("/panel", show="segment", s=0, g=0)
    assert f'value="{at}"' in shown
    assert ('type="date"' in shown) == (len(at) == 10)
    page.post("/edit", action="row.value", path=WHEN, address="0", value="2026-02-01 08:15")
    assert page.meeting.state.problems == ()
    assert "2026-02-01 08:15" in page.meeting.state.text


def test_a_comparison_that_begins_anew_begins_in_the_middle(tmp_path: Path) -> None:
    page = opened(tmp_path)
    for operator in ("empty", ">="):
        page.post("/edit", action="row.operator", path=WHEN, address="0", value=operator)
    shown = page.get("/")
    assert 0 < count(shown, "s0-0") < count(shown, "s0-0") + count(shown, "s0-default")
    when = page.meeting.document.data["segmentations"][0]["segments"][0]["when"]  # type: ignore
    assert when["expected_revenue"][">="] > 0
