"""The pages of the salespeople: who has which record after a plan and after a run, in which order, and what is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from segmenter.errors import LedgerError, UsageError
from segmenter.i18n import speaking
from segmenter.ledger import Ledger, Outcome, open_ledger
from segmenter.plans.changes import Change
from segmenter.plans.plan import Members
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet
from segmenter.reports.people import mails, page, workbook
from segmenter.reports.people.build import people
from segmenter.reports.people.content import Card, People, Person
from segmenter.spec.model import Consultant
from tests.support import review_samples as samples
from tests.support.engagement import ANA, CARMEN, LUIS, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]

RECORDS = 30
ANA_ID, LUIS_ID = 7, 8
SIGNED = Consultant(firm="AsesórateYa", name="Marta Vera", email="marta@asesorateya.example")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def roster() -> Roster:
    """Records 1 to 10 are Ana's, 11 to 20 Luis's, the others nobody's. The first ones are worth most."""
    return Roster(
        held={
            "user_id": {
                ANA_ID: RecordSet(range(1, 11)),
                LUIS_ID: RecordSet(range(11, 21)),
                None: RecordSet(range(21, RECORDS + 1)),
            },
            "stage_id": {1: RecordSet(range(1, RECORDS + 1))},
        },
        labels={f"user_id:{ANA_ID}": "Ana Soto", f"user_id:{LUIS_ID}": "<b>Luis</b>", "stage_id:1": "Nuevo"},
        revenue={record: 1000.0 * (RECORDS - record // 2) for record in range(1, RECORDS + 1)},
        moved={record: f"2026-03-{record:02} 02:00:00" for record in range(1, RECORDS)},
    )


def given(record: int) -> Change:
    """Luis's record goes to Ana."""
    return Change(record, samples.name(record), "user_id", LUIS_ID, ANA_ID, "Nivel", samples.level(record))


def save(ledger: Ledger, **more: object) -> str:
    """A plan that gives Luis's records 12 and 15 to Ana; the records of each segment by their number."""
    changes = sorted(
        [*samples.changes(RECORDS), given(12), given(15)], key=lambda change: (change.record, change.field)
    )
    facts = samples.facts(RECORDS, **{"field_types": {**samples.PLAN.names.field_types, "user_id": "many2one"}, **more})
    taken = tuple(
        RecordSet(record for record in range(1, RECORDS + 1) if samples.level(record) == level)
        for level in samples.LEVELS
    )
    members = Members(RecordSet(range(1, RECORDS + 1)), RecordSet(), taken)
    return ledger.save_plan(*samples.plan_of(changes, facts), members, roster()).id


def apply(ledger: Ledger, plan: str, outcomes: list[Outcome]) -> str:
    started = ledger.start_run("apply", plan, samples.WHO)
    ledger.intend(started.id, 1, {"kind": "records", "records": [o.record for o in outcomes], "values": {}})
    ledger.settle(started.id, 1, outcomes)
    ledger.finish_run(started.id, "conflicts", {"counts": {}})
    return started.id


def person(found: People, name: str) -> Person:
    return next(person for person in found.people if person.name == name)


def cards(of: Person) -> dict[int, Card]:
    return {card.record: card for group in of.groups for card in group.cards}


def test_a_plan_shows_whom_each_record_goes_to(ledger: Ledger) -> None:
    found = people(ledger, save(ledger))
    assert [one.name for one in found.people] == ["<b>Luis</b>", "Ana Soto", ""]
    ana = cards(person(found, "Ana Soto"))
    assert set(ana) == {*range(1, 11), 12, 15}
    assert (ana[12].came, ana[1].came) == ("<b>Luis</b>", None)
    assert {record for one in found.people for record in cards(one)} == set(range(1, RECORDS + 1))
    assert found.records == RECORDS
    assert found.segments == samples.LEVELS


def test_the_first_segment_comes_first_and_in_it_what_is_worth_most(ledger: Ledger) -> None:
    found = people(ledger, save(ledger))
    ana = person(found, "Ana Soto")
    assert [group.segment for group in ana.groups] == ["Alto", "Medio", "Bajo"]
    assert [card.record for card in ana.groups[0].cards] == [3, 6, 9, 12, 15]
    assert ana.groups[0].reason == "Ingreso > 5 & más"
    assert ana.revenue == sum(card.revenue for card in cards(ana).values())


def test_of_those_worth_the_same_the_one_that_waits_longest_is_first(ledger: Ledger) -> None:
    (nobody,) = [one for one in people(ledger, save(ledger)).people if not one.name]
    worth = [(card.revenue, card.moved or "~") for card in nobody.groups[2].cards]
    assert worth == sorted(worth, key=lambda pair: (-pair[0], pair[1]))


def test_a_run_shows_what_stands_after_it(ledger: Ledger) -> None:
    plan = save(ledger)
    written = [Outcome(record, "", "applied") for record in range(1, RECORDS + 1) if record not in (12, 20)]
    run = apply(ledger, plan, [*written, Outcome(12, "priority", "conflict", found="2")])
    found = people(ledger, run)
    ana, luis = cards(person(found, "Ana Soto")), cards(person(found, "<b>Luis</b>"))
    assert 15 in ana
    assert ana[15].left == ""
    assert (luis[12].left, luis[12].came) == ("changed by somebody since", None)
    assert luis[20].left == "not reached"
    assert person(found, "<b>Luis</b>").left == 2


def test_a_record_that_somebody_gave_away_meanwhile_is_where_the_run_met_it(ledger: Ledger) -> None:
    run = apply(ledger, save(ledger), [Outcome(12, "user_id", "conflict", found=None)])
    assert cards(person(people(ledger, run), ""))[12].left == "changed by somebody since"


def test_an_undo_has_no_pages(ledger: Ledger) -> None:
    plan = ledger.plan(save(ledger))
    back = samples.undo(ledger, plan, samples.run(ledger, plan))
    with pytest.raises(UsageError, match="nothing to hand out"):
        people(ledger, back)


def test_a_plan_of_before_says_what_to_do(ledger: Ledger) -> None:
    ledger.save_plan(*samples.plan_of(samples.changes(RECORDS), samples.facts(RECORDS)), samples.members(RECORDS))
    with pytest.raises(LedgerError) as caught:
        people(ledger, "P1")
    assert "P1 was saved without what each record held" in caught.value.what
    assert "plan again" in caught.value.todo


def test_records_without_salespeople_at_all_are_told(ledger: Ledger) -> None:
    changes, members = samples.plan_of((), samples.facts(3)), Members(RecordSet([1]), RecordSet(), (RecordSet(),) * 3)
    ledger.save_plan(*changes, members, Roster({"stage_id": {1: RecordSet([1])}}))
    with pytest.raises(LedgerError, match="have no salesperson"):
        people(ledger, ledger.plans()[-1].id)


def test_the_page_holds_everybody_and_no_markup_of_the_crm(ledger: Ledger) -> None:
    shown = page.html(people(ledger, save(ledger)))
    assert "<b>Luis</b>" not in shown
    assert "&lt;b&gt;Luis&lt;/b&gt;" in shown
    assert "<script>document" not in shown
    assert 'id="p3"' in shown
    assert "No salesperson" in shown
    assert "https://v.example/odoo/crm.lead/12" in shown
    assert "segmenter report" not in shown


def test_a_page_of_paper_has_room_for_every_group(ledger: Ledger) -> None:
    for one in people(ledger, save(ledger)).people:
        printed = page.on_paper(one)
        assert len(printed) == len(one.groups)
        assert all(0 < rows <= len(group.cards) for rows, group in zip(printed, one.groups, strict=True))
        assert sum(printed) + 2 * len(printed) <= page.ON_PAPER


def test_the_workbook_has_a_sheet_each_with_every_record(ledger: Ledger, tmp_path: Path) -> None:
    found = people(ledger, save(ledger))
    workbook.write(found, tmp_path / "people.xlsx")
    book = load_workbook(tmp_path / "people.xlsx")
    assert book.sheetnames == ["Salespeople", "<b>Luis<_b>".replace("_", " "), "Ana Soto", "No salesperson"]
    rows = list(book["Ana Soto"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Prospect", "Id", "Nivel", "Stage")
    assert {row[1] for row in rows[1:]} == {*range(1, 11), 12, 15}
    assert str(book["Ana Soto"]["A2"].hyperlink.target) == "https://v.example/odoo/crm.lead/3"
    index = list(book["Salespeople"].iter_rows(values_only=True))
    assert sum(row[1] for row in index if isinstance(row[1], int)) == RECORDS


def test_each_salesperson_has_a_mail_and_nobody_has_none(ledger: Ledger) -> None:
    found = people(ledger, save(ledger))
    text = mails.text(found, SIGNED)
    assert text.count("Subject: ") == 2
    assert "To: Ana Soto" in text
    assert "12 prospects. Begin with the 5 in Alto." in text
    assert "https://v.example/odoo/crm.lead/3\n" in text
    assert text.count("Best regards,\nMarta Vera\nAsesórateYa\nmarta@asesorateya.example") == 2
    assert "\x1b" not in text
    with speaking("es"):
        assert "Hola, Ana:" in mails.text(people(ledger, "P1"), SIGNED)


def test_a_mail_is_not_steered_by_a_name(ledger: Ledger) -> None:
    plan = save(ledger, spec_name="Viveros\nBcc: all@example.com")
    assert "\nBcc:" not in mails.text(people(ledger, plan), SIGNED).split("\n\n")[0]


def by_person(e: Engagement, found: People) -> dict[str, set[int]]:
    return {one.name: set(cards(one)) for one in found.people}


def in_the_crm(e: Engagement) -> dict[str, set[int]]:
    people_of: dict[str, set[int]] = defaultdict(set)
    names = {row["id"]: row["name"] for row in e.crm.find("res.users", [], ["name"])}
    for lead, holder in zip(sorted(e.leads), e.column("user_id"), strict=True):
        people_of[names[holder] if holder else ""].add(lead)
    return dict(people_of)


def test_the_pages_tell_what_the_crm_holds(engagement: Engagement) -> None:
    """Before anything is applied those of a plan that changes no salesperson; after an apply, those of the run."""
    e = engagement
    e.make_leads(40)
    plan = e.plan(e.spec(e.levels()))
    assert by_person(e, people(e.ledger, plan.id)) == in_the_crm(e)
    give = {"user_id": {"assign": [ANA, LUIS, CARMEN], "by": "least_loaded"}, "stage_id": "Propuesta"}
    second = e.plan(e.spec(e.levels(**give)))
    planned = by_person(e, people(e.ledger, second.id))
    first = min(record for name, records in planned.items() for record in records)
    e.crm.write("crm.lead", [first], priority="1")
    report = e.apply(second)
    found = people(e.ledger, report.run.id)
    assert by_person(e, found) == in_the_crm(e)
    called = {row["id"]: row["name"] for row in e.crm.find("crm.stage", [], ["name"])}
    stages = {lead: called[stage] for lead, stage in zip(sorted(e.leads), e.column("stage_id"), strict=True)}
    assert {record: card.stage for one in found.people for record, card in cards(one).items()} == stages
    revenue = dict(zip(sorted(e.leads), e.column("expected_revenue"), strict=True))
    assert {record: card.revenue for one in found.people for record, card in cards(one).items()} == revenue


def test_the_pages_go_by_the_segmentation_that_gives_stars(engagement: Engagement) -> None:
    e = engagement
    e.make_leads(12, user_id=e.crm.people[ANA])
    canal = {"name": "Canal", "store": {"tags": "exclusive"}, "segments": [], "default": {"name": e.tag("Otro")}}
    canal["segments"] = [{"name": e.tag("Hotel"), "when": {"name": {"contains": "hotel"}}}]
    plan = e.plan(e.spec(canal, e.levels()))
    assert people(e.ledger, plan.id).segmentation == "Nivel"


def test_before_the_apply_everything_says_that_nothing_is_in_odoo_yet(ledger: Ledger, tmp_path: Path) -> None:
    said = "Nothing of this is in Odoo yet: the plan has not been applied."
    plan, file = save(ledger), tmp_path / "people.xlsx"
    before = people(ledger, plan)
    workbook.write(before, file)
    sheet = load_workbook(file).worksheets[0]
    told = mails.text(before, SIGNED)
    assert said in page.html(before)
    assert told.count(said) == told.count("Subject:")
    assert "In Odoo you find" not in told
    assert said in [cell.value for row in sheet.iter_rows(max_row=2) for cell in row]
    run = apply(ledger, plan, [])
    for after in (people(ledger, plan), people(ledger, run)):
        workbook.write(after, file)
        assert said not in page.html(after) + mails.text(after, SIGNED)
        assert said not in [cell.value for row in load_workbook(file).worksheets[0].iter_rows() for cell in row]
