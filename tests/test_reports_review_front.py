"""The first page: whom to call, what to decide, who signs; in words that a client knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmenter.cli.connection import open_crm
from segmenter.drafting import draft
from segmenter.embedded import demo_server
from segmenter.i18n import speaking, use_language
from segmenter.ledger import Ledger, open_ledger
from segmenter.plans import Tally
from segmenter.plans.changes import Change
from segmenter.reports.review import page
from segmenter.reports.review.build import review
from segmenter.reports.review.decisions import decisions
from segmenter.reports.review.picture import picture
from segmenter.reports.text import Style
from segmenter.spec import load
from segmenter.spec.model import Consultant
from segmenter.spec.starters import ready_spec
from tests.support import review_samples as samples
from tests.support.heads import altered
from tests.test_reports_review_page import Read


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def planned(ledger: Ledger, name: str) -> str:
    """The plan of one of the ready specs on the demo."""
    spec = load(ready_spec(name))
    crm = open_crm(spec, demo_server())
    return ledger.save_plan(*draft(spec, crm.reader, crm.catalog, crm.clock).to_save()).id


def decided(ledger: Ledger, id: str) -> list[tuple[str, str]]:
    found = review(ledger, id)
    return [(one.text, one.part) for one in decisions(found, found.noun, Style("en_US", "UTC"))]


def test_a_plan_asks_what_the_client_has_to_decide(ledger: Ledger) -> None:
    samples.save(ledger, 30, uncovered={"Nivel": 4}, violations=())
    assert decided(ledger, "P1") == [
        (
            "Whether 10 prospects in Alto are right: you expected from 5\N{NO-BREAK SPACE}% to 25\N{NO-BREAK SPACE}%.",
            "s1",
        ),
        ("What to do with 1 of your own examples, which comes out otherwise.", "examples"),
        ("Whether 3 prospects may lose a value that somebody wrote.", "losses"),
        ("What to do with 4 prospects that fit no segment of Nivel.", "s1"),
        ("Whether we go ahead: your signature is on the last page.", "record"),
    ]


def test_what_was_applied_is_decided_and_a_run_asks_for_what_was_left(ledger: Ledger) -> None:
    plan = samples.save(ledger, 30)
    run = samples.run(ledger, plan, conflicts=[2, 3])
    assert decided(ledger, "P1") == []
    assert decided(ledger, run) == [
        ("What to do with 2 prospects that could not be written: they were left as they were.", "left"),
        ("When to repeat it: what comes into Odoo from now on is not in a segment by itself.", ""),
    ]
    assert decided(ledger, samples.undo(ledger, plan, run)) == []


def test_whom_to_call_first_goes_by_the_segmentation_that_gives_stars(ledger: Ledger) -> None:
    found = review(ledger, planned(ledger, "distribuidora"))
    assert [one.name for one in found.segmentations][:2] == ["Canal", "Volumen"]
    assert found.ranking == "Volumen"
    assert found.call_first.startswith("To call first: 153 opportunities in Volumen A, worth ")
    first = next(found.records())
    assert [segment.short for segment in first.segments[1]] == ["Volumen A"]


def test_a_picture_of_many_segments_has_room_on_the_first_page(ledger: Ledger) -> None:
    found = review(ledger, planned(ledger, "distribuidora"))
    assert {bar.name: bar.whole for bar in picture(found, Style("es_CL"))} == {
        "Canal": False,
        "Volumen": True,
        "Ruta": True,
        "Reactivación": True,
    }
    found = review(ledger, planned(ledger, "demo"))
    assert all(bar.whole for bar in picture(found, Style("es_CL")))


def test_nothing_before_is_not_told(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    assert "today" in Read(page.html(review(ledger, "P1"))).text
    planned(ledger, "demo")
    text = Read(page.html(review(ledger, "P2"))).text
    assert "today" not in text
    assert not any(one.dated for one in review(ledger, "P2").segmentations)


def test_the_consultant_signs_with_a_logo_that_is_an_image(ledger: Ledger) -> None:
    samples.save(ledger, 6)
    plain = page.html(review(ledger, "P1"))
    assert 'class="consultant"' not in plain
    assert "<img" not in plain
    logo = "data:image/svg+xml;base64,PHN2Zy8+"
    who = Consultant(firm="AsesórateYa <Ltda>", name="Andrés Muñoz", email="a@b.example", picture=logo)
    read = Read(page.html(review(ledger, "P1"), who))
    assert [held for tag, held in read.tags if tag == "img"] == [{"src": logo, "alt": "AsesórateYa <Ltda>"}]
    assert read.text.count("Andrés Muñoz") == 2  # above, and below the line to sign on
    assert "The consultant" not in read.text


OURS = {
    "es": r"huella|bitácora|chatter|alcance|registros?\b|segmenter (?:plan|show|apply|report|validate)|--\w",
    "en": r"digest|ledger|chatter|\bscope\b|segmenter (?:plan|show|apply|report|validate)|--\w",
}


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", ["demo", "vivero-minorista"])
def test_no_word_is_ours_alone(ledger: Ledger, language: str, name: str) -> None:
    with speaking(language):
        said = Read(page.html(review(ledger, planned(ledger, name)))).text
    assert {found[0] for found in re.finditer(OURS[language], said, re.IGNORECASE)} == set()


def test_a_plan_without_segments_has_a_first_page_too(ledger: Ledger) -> None:
    ledger.save_plan(*samples.plan_of((), altered(samples.facts(3), segments=(), overlaps=(), uncovered={})))
    use_language("es")
    assert "Viveros del Maipo" in Read(page.html(review(ledger, "P1"))).text


HELD = {1: None, 2: 4, 3: None}


def test_who_had_no_salesperson_changes_no_hands(ledger: Ledger) -> None:
    found = review(ledger, planned(ledger, "demo"))
    changes = [change for change in ledger.changes("P1") if change.field == "user_id"]
    given = sum(change.before is None for change in changes)
    assert given == len(changes) == found.plan.counts.tally.assigned > 0
    assert [one.number for one in found.figures if one.label == "would get a salesperson"] == [given]
    assert not any("change hands" in text for text, _part in decided(ledger, "P1"))


def test_given_and_handed_over_are_told_apart(ledger: Ledger) -> None:
    changes = [Change(one, samples.name(one), "user_id", before, 7, "Nivel", "Alto") for one, before in HELD.items()]
    plan, *rest = samples.plan_of(changes, samples.facts(3))
    ledger.save_plan(altered(plan, tally=Tally(records=3, changes=3, assigned=3, overwrites=1)), *rest)
    told = {one.label: one.number for one in review(ledger, "P1").figures}
    assert (told["would get another salesperson"], told["would get a salesperson"]) == (1, 2)
    assert "Whether 1 prospect may change hands." in [text for text, _part in decided(ledger, "P1")]
