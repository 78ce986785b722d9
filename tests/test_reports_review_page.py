from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from segmenter.i18n import use_language
from segmenter.ledger import Author, Ledger, open_ledger
from segmenter.plans import ConfigChange
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import ExampleResult
from segmenter.reports.review import page
from segmenter.reports.review.build import review
from segmenter.reports.review.table import LETTERS
from segmenter.reports.text import clean
from tests.support import review_samples as samples
from tests.support.heads import altered
from tests.support.report_samples import written


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


class Read(HTMLParser):
    """The elements of a page, and the text outside of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._quiet = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._quiet = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._quiet = False

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text += data


def data_of(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="list-data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_hostile_names_are_there_as_the_text_they_are(ledger: Ledger) -> None:
    samples.save(ledger, 120)
    html = page.html(review(ledger, "P1"))
    read = Read(html)
    assert {tag for tag, _attributes in read.tags} & {"b", "img", "iframe", "object"} == set()
    assert sum(tag == "script" for tag, _attributes in read.tags) == 2
    assert not any(name.startswith("on") or name == "style" for _tag, held in read.tags for name in held)
    texts = data_of(html)["texts"]
    for name in samples.HOSTILE:
        assert page.shortened(clean(name), LETTERS) in texts
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_the_table_holds_each_text_once(ledger: Ledger) -> None:
    samples.save(ledger, 200)
    data = data_of(page.html(review(ledger, "P1")))
    assert len(data["texts"]) == len(set(data["texts"]))
    assert len(data["rows"]) == 200
    assert [one["title"] for one in data["columns"]] == [
        *("Name", "Salesperson", "Stage", "Amount", "City", "Nivel", "What changes", "Why")
    ]
    record, *cells = data["rows"][0]
    row = dict(zip([one["title"] for one in data["columns"]], cells, strict=True))
    assert (record, row["Amount"]) == (3, 199_000)
    told = {title: data["texts"][row[title]] for title in row if title != "Amount"}
    assert told == {
        "Name": "Jardín Ñandú 3",
        "Salesperson": "Ana <Soto>",
        "Stage": "Nuevo",
        "City": "Viña del Mar",
        "Nivel": "Alto",
        "What changes": "Etiquetas: -Medio +Alto; Prioridad: Media → Muy alta",
        "Why": "Nivel: Alto – Ingreso > 5 & más",
    }
    assert data["link"] == ["https://v.example/odoo/crm.lead/", ""]


def test_5000_records_stay_far_below_3_mb(ledger: Ledger) -> None:
    long = "á" * 400
    plan = samples.facts(6000)
    named = (replace(one, name=f"{one.record} {long}") for one in samples.changes(6000))
    ledger.save_plan(*samples.plan_of(named, plan), samples.members(6000), samples.roster(6000))
    assert len(page.html(review(ledger, "P1")).encode()) < 3_000_000


def test_beyond_that_it_holds_the_first_ones_and_says_where_the_rest_is(ledger: Ledger) -> None:
    samples.save(ledger, 30)
    html = page.html(review(ledger, "P1", most=20))
    assert len(data_of(html)["rows"]) == 20
    assert "These are the first 20 of 30 prospects; all of them are in the workbook of this report." in html


def test_everything_the_client_asks_for_is_there(ledger: Ledger) -> None:
    plan = samples.save(ledger, 48)
    said = Read(page.html(review(ledger, "P1"))).text
    for text in (
        "Viveros del Maipo",
        "We went through 48 prospects with the criteria that we agreed on: 48 would change.",
        "To call first: 16 prospects in Alto, worth CLP\N{NO-BREAK SPACE}64 million",
        "✗ from 5\N{NO-BREAK SPACE}% to 25\N{NO-BREAK SPACE}%",
        "Ingreso > 5 & más",
        "Descripción <Alto>",
        "By stage",
        "<Propuesta>",
        "Your own examples",
        "Hotel Luna",
        "What each salesperson to whom the criteria give any has open",
        "What is lost, by name",
        "[NO TOCAR] <b>",
        "Whether 16 prospects in Alto are right: you expected from 5\N{NO-BREAK SPACE}% to 25\N{NO-BREAK SPACE}%.",
        "7 prospects would fit both Alto and Medio; Alto takes them",
        "Odoo may recompute the probability",
        "https://v.example, database viveros, Odoo 19.0",
        "Name, signature and date",
        plan.digest,
    ):
        assert text in said, text


def test_a_run_shows_results_who_ran_it_and_what_was_left(ledger: Ledger) -> None:
    plan = samples.save(ledger, 48)
    run = samples.run(ledger, plan, conflicts=[11])
    html = page.html(review(ledger, run))
    said = Read(html).text
    assert "Segmentation applied (R1)" in said
    assert "changed by somebody since" in said
    assert "segmentacion@asesorateya.example, by ana at laptop" in said
    assert [row for row in data_of(html)["rows"] if len(row) > len(data_of(html)["columns"])]


def test_an_undo_shows_neither_the_plans_examples_nor_its_workload(ledger: Ledger) -> None:
    plan = samples.save(ledger, 48)
    root = samples.run(ledger, plan)
    said = Read(page.html(review(ledger, samples.undo(ledger, plan, root)))).text
    for text in ("Your own examples", "Workload", "Expected revenue", "Before this can be applied"):
        assert text not in said, text
    told = Read(page.html(review(ledger, root))).text
    assert "Your own examples" in told
    assert "Expected revenue, as planned" in told
    assert "Workload" not in told


def test_an_example_that_was_left_is_not_as_expected(ledger: Ledger) -> None:
    examples = (ExampleResult("Hotel", {"Nivel": "Medio"}, {"Nivel": "Medio"}, 4),)
    plan = samples.save(ledger, 6, examples=examples)
    assert "✓ as expected" in Read(page.html(review(ledger, "P1"))).text
    said = Read(page.html(review(ledger, samples.run(ledger, plan, conflicts=[4])))).text
    assert "✗ not written" in said
    assert "✓ as expected" not in said
    assert "its other changes were not written either" in said


def test_a_run_that_broke_off_does_not_say_that_all_is_done(ledger: Ledger) -> None:
    plan = samples.save(ledger, 6)
    run = ledger.start_run("apply", plan.id, samples.WHO)
    ledger.intend(run.id, 1, {"kind": "records", "records": [1], "values": {}})
    ledger.settle(run.id, 1, [samples.Outcome(1, "", "applied")])
    said = Read(page.html(review(ledger, run.id))).text
    assert said.count("5 were not reached: the work broke off before.") == 2
    assert "None was left out" not in said
    assert "Nothing was left" not in said


def test_scope_and_protection_are_in_words(ledger: Ledger) -> None:
    samples.save(
        ledger,
        48,
        scope_condition=written("Tipo es Oportunidad"),
        protect_condition=written("Nombre contiene NO TOCAR"),
        scope_expected=Range(Amount(40), Amount(60)),
        scope_met=True,
    )
    text = Read(page.html(review(ledger, "P1"))).text
    for part in (
        "Which prospects were looked at",
        "Tipo es Oportunidad",
        "Nombre contiene NO TOCAR",
        "✓ from 40 to 60",
        "[NO TOCAR] <b>",
    ):
        assert part in text, part


def test_what_has_no_name_can_still_be_followed(ledger: Ledger) -> None:
    plan = samples.facts(1)
    ledger.save_plan(*samples.plan_of([replace(one, name="  ") for one in samples.changes(1)], plan))
    assert "(no name)" in data_of(page.html(review(ledger, "P1")))["texts"]


def test_a_name_that_holds_its_segmentation_is_said_once(ledger: Ledger) -> None:
    examples = (ExampleResult("Hotel", {"Zona": "Zona: Lima"}, {"Zona": "Zona: Lima"}),)
    samples.save(ledger, 6, examples=examples)
    assert "Zona: Zona" not in Read(page.html(review(ledger, "P1"))).text


def test_the_rows_of_an_export_are_not_called_ids(ledger: Ledger) -> None:
    samples.save(ledger, 6, source="export")
    data = data_of(page.html(review(ledger, "P1")))
    assert data["columns"][1] == {"title": "Row or id", "kind": "number"}
    assert data["rows"][0][:3:2] == [3, 3]
    assert data["link"] is None


def test_a_plan_of_an_export_says_that_it_cannot_be_applied_and_is_not_signed(ledger: Ledger) -> None:
    samples.save(ledger, 6, source="export")
    said = Read(page.html(review(ledger, "P1"))).text
    assert "cannot be applied as it is" in said
    assert "Name, signature and date" not in said
    assert "Nothing has been written in your Odoo yet" not in said


def test_an_approval_is_shown(ledger: Ledger) -> None:
    samples.save(ledger, 5, violations=())
    ledger.approve("P1", "Paula Rojas", "correo <2026-11-24>", Author("ana", "laptop", "0.1.0"))
    assert "correo <2026-11-24>" in Read(page.html(review(ledger, "P1"))).text


def test_a_plan_of_an_older_version_is_shown_too(ledger: Ledger) -> None:
    old = altered(samples.facts(12), portions=(), currency="", protected_sample=(), client_language="")
    segments = tuple(replace(one, field="", value=None) for one in old.counts.segments)
    ledger.save_plan(*samples.plan_of(samples.changes(12), altered(old, segments=segments)))
    said = Read(page.html(review(ledger, "P1"))).text
    assert "Expected revenue" not in said
    assert "By stage" not in said
    assert "The whole list: 12 prospects" in said


def test_nothing_to_change_is_a_report_too(ledger: Ledger) -> None:
    ledger.save_plan(*samples.plan_of((), samples.facts(12)))
    said = Read(page.html(review(ledger, "P1"))).text
    assert "Nothing changes." in said


def test_numbers_money_and_language_are_the_clients(ledger: Ledger) -> None:
    samples.save(ledger, 4200)
    use_language("es")
    html = page.html(review(ledger, "P1"))
    assert '<html lang="es-CL">' in html
    assert "4.200" in html
    assert re.search(r"\$\s?5\.600\.000\.000", html)


def favourite(ref: int, name: str, domain: object) -> ConfigChange:
    return ConfigChange(ref, "ir.filters", name, {"name": name, "domain": domain})


HOLDS, LIVE = (
    favourite(-8, "1 Alto · Nivel", [["tag_ids", "in", [4]]]),
    favourite(-9, "2 Medio · Nivel", "[('a', '=', 1)]"),
)


@pytest.mark.parametrize(
    ("config", "said", "unsaid"),
    [
        ((), "What comes into Odoo later is not tagged by itself", "favourite"),
        (
            (HOLDS,),
            "The favourites in Odoo's search bar show what was tagged, so what came in since",
            "anew",
        ),
        ((LIVE,), "The favourite 2 Medio · Nivel of Odoo's search bar asks the criteria anew each time", "The other"),
        ((HOLDS, LIVE), "The other favourites show what was tagged, so what came in since is not there.", "These"),
        ((LIVE, replace(LIVE, name="3 Bajo")), "without a tag: 2 Medio · Nivel and 3 Bajo.", "The other"),
    ],
    ids=["none", "holds", "live", "both", "two"],
)
def test_what_comes_in_later_is_told(ledger: Ledger, config: tuple[ConfigChange, ...], said: str, unsaid: str) -> None:
    samples.save(ledger, 6, config=config)
    (part,) = re.findall(r'<details[^>]* id="later">.*?</details>', page.html(review(ledger, "P1")), flags=re.DOTALL)
    text = Read(part).text
    assert said in text
    assert unsaid not in text
    assert "A second run brings all of it up to date: a new plan, your approval, and its application." in text


def test_what_comes_in_later_is_not_told_of_what_is_not_applied(ledger: Ledger) -> None:
    samples.save(ledger, 6, source="export")
    assert 'id="later"' not in page.html(review(ledger, "P1"))
