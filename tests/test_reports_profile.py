from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from segmenter.conditions import Clock
from segmenter.embedded import demo_server
from segmenter.i18n import use_language
from segmenter.odoo.reader import OdooReader
from segmenter.profiling import Bin, Duplicates, FieldProfile, Profile, Spread, Tag, Tail, Value, profile
from segmenter.reports import jsons, profile_book, profile_page
from segmenter.reports import profile as reports
from segmenter.reports.profile_charts import bars
from segmenter.reports.text import Style
from tests.support.report_samples import printed
from tests.test_reports_review_page import Read

STYLE = Style("en_US")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def found() -> Profile:
    reader = OdooReader(demo_server(), language="es_CL", timezone="America/Santiago")
    clock = Clock(datetime.now(UTC), ZoneInfo("America/Santiago"))
    return profile(reader, "crm.lead", clock, domain=[])


@pytest.fixture
def hostile(found: Profile) -> Profile:
    field = FieldProfile(
        "city",
        f"City {HOSTILE}",
        "char",
        3,
        (Value(HOSTILE, HOSTILE, 2), Value("=1+1", "=1+1", 1)),
        2,
        alike=(("Lima", "lima "),),
    )
    return replace(
        found,
        client=HOSTILE,
        fields=(field, *found.fields),
        duplicates=(Duplicates("email_from", "E-mail", 2, 5, (Value("=cmd()", "=cmd()", 3), Value("b", "b", 2))),),
        tags=(Tag(1, HOSTILE, 3), Tag(2, "@SUM(A1)", None), Tag(3, "idle\x1b[2J", 0)),
        alike=(("VIP", "vip "),),
        left_out=(("Odd", "no such thing"),),
    )


def test_the_terminal_says_what_stands_out(found: Profile) -> None:
    said = printed(reports.terminal(found, ["city", "expected_revenue"]))
    assert "Viveros del Maipo: 584 leads and opportunities" in said
    assert "16 more records are archived." in said
    assert "8 records (1.4 %) have no salesperson." in said
    assert "Sitio web 162, Referido 141" in said
    assert "150,000 to 39,760,000, half below" in said
    assert "a quarter is below: 1,020,000" in said
    assert "Ciudad (city)" in said


def test_the_sentences(hostile: Profile) -> None:
    said = list(reports.remarks(hostile, Style("en_US")))
    assert "E-mail: 2 repeated values in 5 records, such as =cmd() (3), b (2)." in said
    assert "Tags that may be one: “VIP”, “vip ”." in said
    assert f"City {HOSTILE}: values that may be one: “Lima”, “lima ”." in said
    assert "Odd could not be counted: no such thing" in said
    assert any(sentence.startswith("Tags that no record here holds: idle") for sentence in said)
    assert "\x1b" not in printed(reports.terminal(hostile))


def test_the_share_of_stale_records_is_of_the_open_ones(found: Profile) -> None:
    stale = replace(found.stale[0], days=90, records=436, opened=530)
    said = list(reports.remarks(replace(found, stale=(stale,)), Style("en_US")))
    assert "436 open records (82.3 % of the open ones): Not updated for more than 90 days." in said
    read = Read(profile_page.html(replace(found, stale=(stale,))))
    assert "82.3 % of the open ones" in read.text
    assert "untouched for more than 90 days" in read.text


def test_many_ways_to_write_values_are_one_sentence(found: Profile) -> None:
    field = replace(found.fields[0], label="City", alike=tuple((f"{n}a", f"{n}A") for n in range(11)))
    (said,) = reports.notes(field, STYLE)
    assert said.startswith("City: values that may be one: “0a”, “0A” · “1a”, “1A” · ")
    assert said.endswith("“7a”, “7A” · and 3 more.")


def test_one_repeated_value_is_one(found: Profile) -> None:
    one = Duplicates("email_from", "E-mail", 1, 4, (Value("a", "a", 4),))
    once = replace(found, duplicates=(one,))
    assert "E-mail: 1 repeated value in 4 records, such as a (4)." in reports.remarks(once, Style("en_US"))
    assert "1 repeated value in 4 records" in Read(profile_page.html(once)).text


def test_the_title_is_the_clients_name_never_a_files_or_a_databases(found: Profile, tmp_path: Path) -> None:
    exported = replace(found, version="", database="leads.xlsx", url="")
    assert "<h1>Viveros del Maipo</h1>" in profile_page.html(exported)
    nameless = replace(exported, client="")
    assert "<h1>What is in this CRM</h1>" in profile_page.html(nameless)
    assert "<title>584 leads and opportunities</title>" in profile_page.html(nameless)
    assert printed(reports.terminal(nameless)).startswith("584 leads and opportunities")
    profile_book.write(nameless, tmp_path / "profile.xlsx")
    book = load_workbook(tmp_path / "profile.xlsx")
    assert (book.properties.title, book.worksheets[0]["A1"].value) == ("584 leads and opportunities",) * 2


def test_a_chart_accounts_for_every_record(found: Profile) -> None:
    for field in found.fields:
        rows = bars(field, found, STYLE)
        if field.type != "many2many" and len(rows) > 1:
            assert sum(bar.count for bar in rows) == found.records
    source, city = found.field("source_id"), found.field("city")
    assert source is not None
    assert city is not None
    assert [bar.kind for bar in bars(source, found, STYLE)] == ["value"] * 5 + ["empty"]
    many = replace(city, values=tuple(Value(str(n), str(n), 10) for n in range(40)), filled=500)
    assert [(bar.count, bar.kind) for bar in bars(many, found, STYLE)][-2:] == [(300, "rest"), (84, "empty")]


def test_bars_of_amounts_and_dates_say_how_far_they_reach(found: Profile) -> None:
    revenue, entered = found.field("expected_revenue"), found.field("create_date")
    assert revenue is not None
    assert entered is not None
    money = replace(revenue, bins=(Bin(None, 1e6, 3), Bin(1e6, 2e6, 4), Bin(2e6, None, 5)), filled=12)
    assert [(bar.label, bar.count) for bar in bars(money, replace(found, records=20), STYLE)] == [
        ("less than 1,000,000", 3),
        ("1,000,000 to less than 2,000,000", 4),
        ("2,000,000 or more", 5),
        ("(empty or 0)", 8),
    ]
    whole = replace(money, type="integer", bins=(Bin(None, 2, 3), Bin(2, 3, 4), Bin(3, 10, 5)))
    assert [bar.label for bar in bars(whole, found, STYLE)[:3]] == ["less than 2", "2", "3 to 9"]
    days = [
        (Bin(None, "2026-01-01", 1), "before Jan 2026"),
        (Bin("2026-01-01", "2026-02-01", 1), "Jan 2026"),
        (Bin("2026-01-01", "2026-04-01", 1), "Jan–Mar 2026"),
        (Bin("2026-01-01", "2027-01-01", 1), "2026"),
        (Bin("2020-01-01", "2025-01-01", 1), "2020 to 2024"),
        (Bin("2026-01-01", None, 1), "Jan 2026 or later"),
    ]
    for held, label in days:
        assert bars(replace(entered, bins=(held,)), found, STYLE)[0].label == label


@pytest.mark.parametrize(
    ("units", "question"),
    [
        ((1_000,), "Were they typed in thousands?"),
        ((1_000_000,), "Were they typed in millions?"),
        ((1_000, 1_000_000), "Were they typed in thousands or in millions?"),
        ((), "Are they right?"),
    ],
)
def test_amounts_in_a_wrong_unit_are_pointed_out(found: Profile, units: tuple[int, ...], question: str) -> None:
    fields = tuple(
        replace(field, tail=Tail(14, 350.0, 28_000.0, 300_000.0, units)) if field.name == "expected_revenue" else field
        for field in found.fields
    )
    said = (
        "Ingreso esperado: 14 amounts (350 to 28,000) are far below the others; "
        f"nearly all are 300,000 or more. {question}"
    )
    assert said in reports.remarks(replace(found, fields=fields), STYLE)
    assert Read(profile_page.html(replace(found, fields=fields))).text.count(said) == 2


def test_averages_say_that_they_count_the_empty_ones(found: Profile) -> None:
    field = found.field("expected_revenue")
    assert field is not None
    assert field.filled < found.records
    assert "Average (empty = 0)" in printed(reports.terminal(found, ["expected_revenue"]))
    assert "Average (empty = 0)" in Read(profile_page.html(found)).text
    full = replace(field, filled=found.records)
    assert reports.average_head(full, found) == "Average"


def test_the_document_is_the_profile(found: Profile) -> None:
    out = StringIO()
    jsons.write(out, "profile", reports.document(found))
    document = json.loads(out.getvalue())
    assert (document["kind"], document["records"]) == ("profile", 584)
    source = next(field for field in document["fields"] if field["name"] == "source_id")
    assert source["values"][0] == {"key": 3, "label": "Sitio web", "count": 162}
    assert source["crossings"][0]["by"] == "country_id"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_asks_for_nothing_and_runs_nothing(hostile: Profile, language: str) -> None:
    use_language(language)
    html = profile_page.html(hostile)
    read = Read(html)
    assert not [tag for tag, _held in read.tags if tag in ("script", "img", "iframe", "link")]
    assert not any(name in ("style", "src") or name.startswith("on") for _tag, held in read.tags for name in held)
    assert {held["href"][0] for _tag, held in read.tags if held.get("href")} == {"#"}  # type: ignore[index]
    (policy,) = [held["content"] for _tag, held in read.tags if held.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'" in policy
    assert HOSTILE in read.text
    assert HOSTILE not in html
    assert "\x1b" not in html
    assert len(html) < 500_000


def test_every_link_of_the_page_leads_somewhere(found: Profile) -> None:
    read = Read(profile_page.html(found))
    targets = {held.get("id") for _tag, held in read.tags}
    links = [str(held["href"])[1:] for tag, held in read.tags if tag == "a"]
    assert len(links) > 20
    assert set(links) <= targets


def test_the_page_of_a_crm_without_records(found: Profile) -> None:
    empty = replace(found, records=0, fields=(), duplicates=(), tags=(), stale=(), without_owner=None, archived=0)
    assert "0 leads and opportunities" in profile_page.html(empty)
    assert "0 leads and opportunities" in printed(reports.terminal(empty))


def test_the_workbook(hostile: Profile, tmp_path: Path) -> None:
    profile_book.write(hostile, tmp_path / "profile.xlsx")
    book = load_workbook(tmp_path / "profile.xlsx")
    assert book.sheetnames == ["What stands out", "Fields", "Values", "Crossings", "Duplicates", "Tags"]
    fields = {row[1]: row for row in book["Fields"].iter_rows(min_row=2, values_only=True)}
    assert fields["source_id"][2:4] == ("one of a list", 536)
    assert fields["city"][2] == "text"
    assert fields["expected_revenue"][6:11] == (150000, 1020000, 5920000, 16170000, 39760000)
    shown = {
        cell.number_format
        for row in book["Fields"].iter_rows(min_row=2, min_col=7, max_col=11)
        for cell in row
        if cell.value
    }
    assert shown == {"#,##0", "mm-dd-yy"}  # openpyxl's word for Excel's format 14, the reader's own
    assert isinstance(fields["create_date"][6], datetime)
    assert ("Origen", "Sitio web", 162) in [row[:3] for row in book["Values"].iter_rows(values_only=True)]
    assert ("Origen", "Sitio web", "País", "Chile", 98) in [
        row[:5] for row in book["Crossings"].iter_rows(values_only=True)
    ]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert "=cmd()" in [row[1] for row in book["Duplicates"].iter_rows(values_only=True)]


def test_a_workbook_says_that_nothing_is_repeated(found: Profile, tmp_path: Path) -> None:
    profile_book.write(found, tmp_path / "profile.xlsx")
    rows = list(load_workbook(tmp_path / "profile.xlsx")["Duplicates"].iter_rows(min_row=2, values_only=True))
    assert rows == [(one.label, "No value is repeated.", None) for one in found.duplicates]


def test_an_amount_as_its_field_says_it() -> None:
    money = FieldProfile("x", "X", "monetary", 1, spread=Spread(((0.5, 1234567.0),), 1234567.0))
    style = Style("es_CL")
    assert reports.amount(money, 1234567.4, style) == "1,234,567"
    assert reports.amount(replace(money, type="date"), "2026-03-01", style) == "March 1, 2026"
    assert reports.amount(money, None, style) == "—"


def test_a_crossing_adds_up(found: Profile, tmp_path: Path) -> None:
    field = found.field("type")
    assert field is not None
    by_month = next(one for one in field.crossings if one.by == "create_date:month")
    assert len(by_month.columns) == 12
    assert by_month.partial
    for row in by_month.rows:
        assert row.rest > 0
        assert sum(row.counts) + row.rest == row.total
    assert not next(one for one in field.crossings if one.by == "stage_id").partial
    rest = f"{by_month.rows[0].rest:,}"
    shown = printed(reports.terminal(found, ["type"]))
    assert "before" in shown
    earlier = by_month.rows[0].rest + sum(by_month.rows[0].counts[:6])
    assert [by_month.rows[0].label, f"{earlier:,}"] in [
        [*line.split()[:1], *line.split()[7:8]] for line in shown.splitlines()
    ]
    assert f'<td class="number">{rest}</td>' in profile_page.html(found)
    profile_book.write(found, tmp_path / "profile.xlsx")
    rows = [row[1:5] for row in load_workbook(tmp_path / "profile.xlsx")["Crossings"].iter_rows(values_only=True)]
    assert (by_month.rows[0].label, by_month.label, "before", by_month.rows[0].rest) in rows
