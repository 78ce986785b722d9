"""``segmenter diff``: two plans of a ledger, in words and as JSON."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.command_line import SPEC, Desk, desk

__all__ = ["desk"]

OLD = Path(__file__).parent / "support" / "old_ledgers"
LOWER = SPEC.replace("5000000", "4000000")


@pytest.fixture
def two(desk: Desk) -> Desk:
    """P1, and P2 for which Alto begins at 4 million."""
    desk.done("plan", "viveros.yaml")
    desk.spec.write_text(LOWER, "utf-8")
    desk.done("plan", "viveros.yaml")
    return desk


def between(desk: Desk) -> list[int]:
    """The opportunities of 4 to 5 million that are not won."""
    domain = [["type", "=", "opportunity"], ["expected_revenue", ">=", 4e6], ["expected_revenue", "<", 5e6]]
    rows = desk.server.execute_kw("crm.lead", "search_read", [[*domain, ["stage_id.name", "!=", "Ganado"]]], {})
    return sorted(row["id"] for row in rows)


def test_who_moves_because_of_which_criterion(two: Desk) -> None:
    found = two.data("diff", "P1", "P2", "--all")
    (move,) = found["moves"]
    assert (move["segmentation"], move["origin"], move["target"]) == (
        "Nivel",
        {"where": "segment", "segment": "Medio"},
        {"where": "segment", "segment": "Alto"},
    )
    assert between(two)
    assert [one["record"] for one in move["records"]] == between(two)
    assert all(one["name"] for one in move["records"])
    (edit,) = found["edits"]
    assert (edit["what"], edit["segment"], edit["reach"], move["because"]) == ("condition", "Alto", "more", [0])
    assert (edit["before"]["values"], edit["after"]["values"]) == ([5000000], [4000000])
    assert (found["old"], found["new"], found["differs"], found["exact"]) == ("P1", "P2", True, True)
    taken = {one["segment"]: one["new"] - one["old"] for one in found["segments"]}
    assert taken == {"Alto": move["number"], "Medio": -move["number"], "Bajo": 0}


def plain(desk: Desk, *words: str) -> str:
    """What a comparison prints, without the breaks of its lines."""
    return " ".join(desk.done("diff", *words).stdout.split())


def test_it_says_so_in_words(two: Desk) -> None:
    number = len(between(two))
    shown = plain(two, "P1", "P2", "--lang", "en")
    assert f"From P1 to P2: 1 edit of the criteria, {number} records elsewhere." in shown
    assert "Nivel: Alto: criteria" in shown
    assert f"Nivel Medio Alto {number} the criteria of Alto were edited" in shown
    assert f"and {number - 5} more" in shown
    assert f"and {number - 5} more" not in plain(two, "P1", "P2", "--all", "--lang", "en")
    assert "Quiénes se mueven por eso" in plain(two, "P1", "P2", "--lang", "es")
    (edit,) = two.data("diff", "P1", "P2", "--lang", "en")["edits"]
    assert edit["text"] == "Nivel: Alto: criteria"
    assert ("5,000,000" in edit["before_text"], "4,000,000" in edit["after_text"]) == (True, True)


def test_the_order_is_as_typed(two: Desk) -> None:
    (move,) = two.data("diff", "p2", "p1")["moves"]
    assert (move["origin"]["segment"], move["target"]["segment"]) == ("Alto", "Medio")


def test_a_plan_and_itself(two: Desk) -> None:
    assert two.done("diff", "P2", "P2", "--lang", "en").stdout == "P2 is the same plan: nothing differs.\n"
    assert two.data("diff", "P2", "P2")["differs"] is False


def test_two_plans_of_the_same(two: Desk) -> None:
    two.done("plan", "viveros.yaml")
    assert two.done("diff", "P2", "P3", "--lang", "en").stdout == "Nothing differs between P2 and P3.\n"


def test_what_people_did_meanwhile_is_told_apart(two: Desk) -> None:
    record = between(two)[0]
    two.write(record, expected_revenue=10.0)
    two.done("plan", "viveros.yaml")
    (move,) = two.data("diff", "P2", "P3")["moves"]
    assert (move["target"]["segment"], move["because"], [one["record"] for one in move["records"]]) == (
        *("Bajo", []),
        [record],
    )
    shown = two.done("diff", "P1", "P3", "--lang", "en").stdout
    assert "Who moves because of that" in shown
    assert "Who moves without an edited criterion that explains it" in shown


def test_plans_of_other_records_are_refused(two: Desk) -> None:
    contacts = LOWER.replace("crm.lead, where: {type: opportunity}", "res.partner").replace("{tags:", "{categories:")
    contacts = contacts.replace("protect:\n  - stage_id: [Ganado]\n", "").replace("expected_revenue", "id")
    contacts = contacts.replace("        set: {priority: 3}\n", "")
    two.spec.write_text(contacts, "utf-8")
    two.done("plan", "viveros.yaml")
    said = two.done("diff", "P1", "P3", "--lang", "en", code=1).stderr
    assert said.startswith("P1 and P3 cannot be compared: P1 is about crm.lead of viveros")
    assert "P3 about res.partner of viveros" in said


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["R1", "P1"], 2, "R1 is no plan"),
        (["P1", "x"], 2, "x is no plan"),
        (["P1"], 2, "Missing argument"),
        (["P1", "P9"], 1, "There is no plan P9"),
    ],
)
def test_what_cannot_be_is_said(two: Desk, words: list[str], code: int, sentence: str) -> None:
    assert sentence in two.done("diff", *words, "--lang", "en", code=code).stderr


def test_the_report_says_what_changed_since_the_plan_that_was_shown_before(two: Desk) -> None:
    two.done("report", "P1", "--lang", "en")
    assert "since plan" not in (two.folder / "report-P1.html").read_text("utf-8")
    two.done("plan", "viveros.yaml")  # the same as P2: the one that differs from it is P1
    for id in ("P2", "P3"):
        two.done("report", id, "--lang", "en", "--xlsx")
        page = (two.folder / f"report-{id}.html").read_text("utf-8")
        assert "<h2>What changed since plan P1</h2>" in page
        section = page.partition("<h2>What changed since plan P1</h2>")[2].partition("</details>")[0]
        assert "the criteria of Alto were edited" in section
        book = load_workbook(two.folder / f"report-{id}.xlsx")
        rows = list(book["Moved since P1"].iter_rows(values_only=True))
        assert ("Nivel", "Medio", "Alto", len(between(two)), "the criteria of Alto were edited") in [
            row[:5] for row in rows
        ]
        assert "Edited since P1" in book.sheetnames
    two.done("report", "P2", "--lang", "es")
    assert "Qué cambió desde el plan P1" in (two.folder / "informe-P2.html").read_text("utf-8")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_plan_of_an_older_ledger_is_compared_by_its_changes(desk: Desk, version: int) -> None:
    ledger = desk.folder / "segmenter.ledger"
    ledger.write_bytes(gzip.decompress((OLD / f"version{version}.sqlite.gz").read_bytes()))
    found = desk.data("diff", "P1", "P2")
    assert found["exact"] is False
    assert "An older version made one of these plans" in desk.done("diff", "P1", "P2", "--lang", "en").stdout
    if version == 3:
        (edit,) = found["edits"]
        (move,) = found["moves"]
        assert (edit["what"], edit["segment"]) == ("condition", "Alto")
        assert (move["origin"]["segment"], move["target"]["segment"], move["number"]) == ("Medio", "Alto", 3)
        assert move["because"] == [0]
    else:
        assert found["moves"] == []
