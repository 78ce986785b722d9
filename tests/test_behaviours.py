"""What all behaviours have in common: steps over cells, in which every record of a cell counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from segmenter import behaviours as package
from segmenter.behaviours import BEHAVIOURS, together
from segmenter.behaviours.archiving import Archiving
from segmenter.behaviours.assignment import Assignment
from segmenter.behaviours.automation_rules import AutomationRules
from segmenter.behaviours.behaviour import CONTACTS, LEADS, Cell, Intent
from segmenter.behaviours.company_of_lead import CompanyOfLead
from segmenter.behaviours.conversion import Conversion
from segmenter.behaviours.deciding import TOLD, decide, foresee, learn, watched
from segmenter.behaviours.last_move import LastMove
from segmenter.conditions import Field
from segmenter.drafting.asking import Questions
from segmenter.notice import Notice
from segmenter.odoo.server import ServerIdentity
from segmenter.plans import ChangeSet
from segmenter.record_set import RecordSet
from segmenter.reports import notices, side_effects
from segmenter.resolving.effects import ConvertLead, MoveTo, SetTo

NEW, WON = 1, 4
TYPES = {
    "type": "selection",
    "name": "char",
    "email_from": "char",
    "email_normalized": "char",
    "phone": "char",
    "contact_name": "char",
    "partner_id": "many2one",
    "stage_id": "many2one",
    "team_id": "many2one",
    "user_id": "many2one",
    "company_id": "many2one",
    "active": "boolean",
    "probability": "float",
    "automated_probability": "float",
    "date_closed": "datetime",
    "date_conversion": "datetime",
    "priority": "selection",
}
FIELDS = {name: Field(LEADS, name, kind, name) for name, kind in TYPES.items()}


class Crm:
    """Answers from a few tables, and keeps what it was asked."""

    identity = ServerIdentity("https://crm.example", "crm", "19.0", "ana", 7)

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self.tables, self.asked = tables, list[str]()

    def fields(self, model: str) -> Mapping[str, Field]:
        if model == LEADS:
            return FIELDS
        names = ("email", "phone", "company_id", "company_ids")
        return {name: Field(model, name, "many2one" if "company" in name else "char", name) for name in names}

    def search(self, model: str, domain: Sequence[Any], *, archived: bool = False) -> list[int]:
        self.asked.append(model)
        return [row["id"] for row in self.tables.get(model.replace(".", "_"), [])]

    def search_read(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], *, archived: bool = False
    ) -> list[dict[str, Any]]:
        self.asked.append(model)
        return self.tables.get(model.replace(".", "_"), [])

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        self.asked.append(model)
        return [row for row in self.tables.get(model.replace(".", "_"), []) if row["id"] in ids]

    def names(self, model: str, ids: Sequence[int]) -> dict[int, str]:
        return {id: f"{model} {id}" for id in ids}

    def may(self, model: str, operation: str) -> bool:
        return True


def questions(**tables: list[dict[str, Any]]) -> tuple[Questions, Crm]:
    crm = Crm(**{"res_users": [{"id": 7, "partner_id": 3}], **tables})
    return Questions(crm), crm  # type: ignore[arg-type]


def intent(*effects: Any, cells: Sequence[Cell] = (), version: int = 19, **more: Any) -> Intent:
    return Intent(LEADS, version, FIELDS, list(effects), list(cells), "2026-11-30 12:00:00", **more)


def changing(field: str, before: Any, after: Any, *records: int, **row: Any) -> Cell:
    """Leads of which one field is set."""
    ids = RecordSet(records)
    effect = SetTo(FIELDS[field], after, None)
    return Cell(ids, {field: before, **row}, [effect], [ChangeSet(ids, field, before, after, "Nivel", "Alto")])


def moving(*records: int, **row: Any) -> Cell:
    """Leads that go to the won stage."""
    ids = RecordSet(records)
    held = {"stage_id": NEW, "active": True, "probability": 42.0, "automated_probability": 42.0, **row}
    return Cell(ids, held, [TO_WON], [ChangeSet(ids, "stage_id", NEW, WON, "Nivel", "Alto")])


TO_WON = MoveTo(FIELDS["stage_id"], WON)
STAGES = [{"id": WON}]


def told(found: Sequence[Notice]) -> dict[str, float | None]:
    return {notice.code: notice.counts.get("number") for notice in found}


def test_every_record_of_a_cell_counts() -> None:
    reader, _crm = questions(crm_stage=STAGES)
    known = learn(intent(TO_WON), reader)
    cells = [moving(1, 2, 3), moving(4, date_closed=True, active=False)]
    for cell in cells:
        decide(cell, known)
    found = told(foresee(known, cells, reader).notices)
    assert found["won_stage.sets_probability"] == 4
    assert found["last_move.date_changes"] == 4
    assert found["closing_date.set"] == 4
    assert found["closing_date.not_restored"] == 1


def test_what_is_written_along_is_of_all_records_of_the_cell() -> None:
    reader, _crm = questions(crm_stage=STAGES)
    known = learn(intent(TO_WON), reader)
    cell = moving(4, 5, active=False, probability=0.0)
    decide(cell, known)
    assert [(one.field, one.before, one.after) for one in cell.changes] == [
        ("stage_id", NEW, WON),
        ("active", False, True),
        ("probability", 0.0, 100.0),
    ]
    assert {tuple(one.records) for one in cell.changes} == {(4, 5)}


def test_a_move_to_a_won_stage_keeps_an_eye_on_the_archive_and_others_do_not() -> None:
    reader, _crm = questions(crm_stage=STAGES)
    known = learn(intent(TO_WON), reader)
    won, plain = moving(1), moving(2)
    plain.changes = [ChangeSet(plain.records, "stage_id", NEW, 2, "Nivel", "Medio")]
    for cell in (won, plain):
        decide(cell, known)
    assert [one.field for one in won.changes if together.is_guard(one)] == ["active"]
    assert [one.field for one in plain.changes] == ["stage_id"]


def test_only_what_matters_is_looked_at_and_asked() -> None:
    reader, crm = questions(crm_stage=STAGES)
    known = learn(intent(SetTo(FIELDS["priority"], "3", None)), reader)
    assert (watched(known), crm.asked) == (frozenset(), [])
    assert {"active", "probability", "automated_probability"} <= watched(learn(intent(TO_WON), reader))
    assert {"probability", "automated_probability"}.isdisjoint(
        watched(learn(intent(MoveTo(FIELDS["stage_id"], 2)), reader))
    )


def test_settings_are_asked_once() -> None:
    reader, crm = questions(crm_stage=STAGES)
    known = learn(intent(TO_WON), reader)
    cells = [moving(1)]
    foresee(known, cells, reader)
    assert crm.asked.count("crm.stage") == 1


def test_an_export_is_told_what_the_changes_alone_tell() -> None:
    reader, crm = questions(crm_stage=STAGES)
    known = learn(intent(TO_WON, tracking="keep"), reader)
    crm.asked.clear()
    seen = foresee(known, [moving(1, 2)], None)
    assert (seen.tracking, crm.asked) == ("keep", [])
    assert told(seen.notices)["last_move.date_changes"] == 2
    assert "closing_date.set" not in told(seen.notices)


CONVERT = ConvertLead(FIELDS["type"], "create", ())


def test_leads_of_one_cell_are_divided_by_the_contact_that_they_get() -> None:
    leads = [
        {"id": record, "type": "lead", "partner_id": None, "email_normalized": email, "email_from": email}
        for record, email in ((1, "a@x.example"), (2, "a@x.example"), (3, "b@x.example"))
    ]
    contacts = [{"id": 9, "email_normalized": "a@x.example", "email": "a@x.example", "phone": "1"}]
    reader, _crm = questions(crm_lead=leads, res_partner=contacts)
    cell = Cell(RecordSet([1, 2, 3]), {}, [CONVERT])
    made = Conversion.learn(intent(CONVERT, cells=[cell], first_ref=-5), reader)
    assert made.splits() == [{1: 9, 2: 9, 3: -5}]
    (created,) = made.creates()
    assert (created.ref, created.model, created.name) == (-5, CONTACTS, "b@x.example")
    linked = Cell(RecordSet([1, 2]), {"type": "lead", "partner_id": None, "phone": None}, [CONVERT])
    linked.changes.append(ChangeSet(linked.records, "type", "lead", "opportunity", "Nivel", "Alto"))
    assert [(one.field, one.after, tuple(one.records)) for one in made.along(linked)] == [
        ("partner_id", 9, (1, 2)),
        ("phone", "1", (1, 2)),
    ]


def test_a_conversion_that_finds_nobody_says_why() -> None:
    leads = [{"id": 1, "type": "lead", "partner_id": None, "email_normalized": None, "email_from": None}]
    reader, _crm = questions(crm_lead=leads)
    made = Conversion.learn(intent(CONVERT, cells=[Cell(RecordSet([1]), {}, [CONVERT])]), reader)
    assert [(one.code, one.counts["number"]) for one in made.warnings()] == [("conversion.nameless", 1)]


def test_a_run_knows_what_stands_together() -> None:
    follows, goes_with = together.follows(LEADS), together.goes_with(LEADS)
    assert list(follows).index("team_id") < list(follows).index("stage_id")
    assert follows["stage_id"] == {"user_id", "team_id", "type"}
    assert goes_with["active"] == {"stage_id", "probability"}
    assert goes_with["partner_id"] == {"email_from", "phone"}
    assert goes_with["email_from"] == {"partner_id"}
    assert together.goes_with(CONTACTS)["vat"] == {"parent_id"}
    assert {"partner_id", "parent_id", "active", "email_from", "phone"} == together.GUARDS


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.__name__)
def test_each_behaviour_has_its_place(behaviour: type[package.Behaviour]) -> None:
    assert behaviour.__module__.rpartition(".")[2] in TOLD
    assert {LEADS, CONTACTS} >= behaviour.MODELS


def test_every_notice_of_a_side_effect_has_words() -> None:
    codes = [*side_effects.PLAIN, *side_effects.COUNTED, *side_effects.WORDINGS]
    assert len(codes) == len(set(codes))
    assert {code.partition(".")[0] for code in codes} <= {*TOLD, "plan"}


def test_a_number_above_a_million_is_written_out() -> None:
    sentence = notices.sentence(Notice("won_stage.sets_probability", {"number": 1_234_567}))
    assert "1234567 leads" in sentence


def test_archiving_deletes_activities_before_19() -> None:
    cells = [changing("active", True, False, 1, 2)]
    of = {version: told(list(Archiving(intent(version=version)).notices(cells, "silent"))) for version in (18, 19)}
    assert of == {
        18: {"archiving.counts_as_lost": 2, "archiving.deletes_activities": 2},
        19: {"archiving.counts_as_lost": 2},
    }


def test_a_team_that_is_written_renews_the_date_of_the_last_move_before_17() -> None:
    cells = [changing("team_id", 1, 2, 1, 2, 3)]
    of = {version: told(list(LastMove(intent(version=version)).notices(cells, "silent"))) for version in (16, 17)}
    assert of == {16: {"last_move.date_renewed_by_team": 3}, 17: {}}


def test_a_salesperson_who_does_not_work_in_the_company_of_a_lead() -> None:
    """Refused since a company follows the salesperson; before, that person does not see the lead."""
    reader, _crm = questions(res_users=[{"id": 8, "company_ids": [1]}])
    cells = [changing("user_id", None, 8, 1, 2, company_id=2), changing("user_id", None, 8, 3, company_id=1)]
    old, new = (Assignment(intent(version=version)).look(cells, reader) for version in (14, 19))
    assert [(one.limit, one.found) for one in new.refusals(cells)] == [("odoo", 2)]
    assert list(old.refusals(cells)) == []
    assert told(list(old.notices(cells, "silent")))["assignment.not_seen"] == 2
    assert "assignment.not_seen" not in told(list(new.notices(cells, "silent")))


# What a lead holds, what becomes of it, and what is written of its company: (before, after), or None.
COMPANIES = {
    "a team of another company": ({"company_id": 4}, {"team_id": 2}, (4, 5)),
    "and its salesperson stays": ({"company_id": 4, "user_id": 8}, {"team_id": 2}, (4, 5)),
    "a lead of no company": ({"company_id": None}, {"team_id": 2}, (None, 5)),
    "a team of its company, and an undo without a team": ({"company_id": 5}, {"team_id": 2}, (5, 5)),
    "nobody's, and a team of no company": ({"company_id": 4}, {"team_id": 3}, (4, 4)),
    "nobody's, and no team": ({"company_id": 5, "team_id": 2}, {"team_id": None}, (5, 5)),
    "somebody's, and a team of no company": ({"company_id": 4, "user_id": 8}, {"team_id": 3}, None),
    "somebody's, and a team of its company": ({"company_id": 5, "user_id": 8}, {"team_id": 2}, None),
    "somebody's, of no company": ({"company_id": None, "user_id": 8}, {"team_id": 3}, (None, None)),
    "a first salesperson: an undo would lose it": ({"company_id": 4}, {"user_id": 8}, (4, 4)),
    "a first salesperson, of no company": ({"company_id": None}, {"user_id": 8}, None),
    "a salesperson less": ({"company_id": 4, "user_id": 8}, {"user_id": None}, (4, 4)),
    "a lead that becomes an opportunity": ({"company_id": 4, "type": "lead"}, {"type": "opportunity"}, (4, 4)),
    "nothing that decides": ({"company_id": 4, "priority": "0"}, {"priority": "3"}, None),
}


def of_company(
    version: int, before: Mapping[str, Any], after: Mapping[str, Any], works: int = 5
) -> tuple[Cell, CompanyOfLead, Crm]:
    """Three leads, and what is known of them; team 2 is of company 5. ``works``: the company of person 8."""
    tables = {"crm_team": [{"id": 2, "company_id": 5}], "res_users": [{"id": 8, "company_ids": [works]}]}
    reader, crm = questions(**tables)
    ids, row = RecordSet([1, 2, 3]), {"user_id": None, "team_id": None, **before}
    cell = Cell(ids, row, [], [ChangeSet(ids, name, row[name], value, "N", "A") for name, value in after.items()])
    effects = [SetTo(FIELDS[name], value, None) for name, value in after.items()]
    known = CompanyOfLead.learn(intent(*effects, version=version), reader)
    cell.changes += known.along(cell)
    return cell, known.look([cell], reader), crm


@pytest.mark.parametrize(("before", "after", "company"), COMPANIES.values(), ids=COMPANIES)
def test_the_company_of_a_lead(
    before: Mapping[str, Any], after: Mapping[str, Any], company: tuple[int | None, int | None] | None
) -> None:
    cell, _known, crm = of_company(19, before, after)
    written = cell.written.get("company_id")
    assert (written and (written.before, written.after)) == company
    assert ("crm.team" in crm.asked) is ("team_id" in after)
    cell, _known, crm = of_company(14, before, after)
    assert ("company_id" in cell.written, crm.asked) == (False, []), "14 leaves it"


def test_the_company_that_leads_go_to_is_named() -> None:
    cell, known, _crm = of_company(19, {"company_id": 4, "user_id": 8}, {"team_id": 2})
    (notice, *rest) = known.notices([cell], "silent")
    said = "3 leads go to the company res.company 5, which is their new team's; an undo gives them their own back"
    assert (notices.sentence(notice), rest) == (said, [])


def test_a_company_that_stays_is_told_where_odoo_would_change_it() -> None:
    for before, number in (({"company_id": 4}, 3), ({"company_id": 5}, None)):
        cell, known, _crm = of_company(19, before, {"team_id": 3 if before["company_id"] == 4 else 2})
        assert told(list(known.notices([cell], "silent"))).get("company_of_lead.stays") == number


def test_a_salesperson_who_stays_and_does_not_work_in_the_new_company() -> None:
    cell, known, _crm = of_company(19, {"company_id": 4, "user_id": 8}, {"team_id": 2}, works=4)
    assert told(list(known.notices([cell], "silent")))["company_of_lead.not_seen"] == 3
    # A new one is refused: Odoo would not take both.
    cell, known, _crm = of_company(19, {"company_id": 4, "user_id": None}, {"team_id": 2, "user_id": 8}, works=4)
    assert "company_of_lead.not_seen" not in told(list(known.notices([cell], "silent")))
    reader, _crm = questions(res_users=[{"id": 8, "company_ids": [4]}])
    assert [one.found for one in Assignment(intent()).look([cell], reader).refusals([cell])] == [3]


def test_automation_rules_are_named() -> None:
    reader, _crm = questions(base_automation=[{"id": 1, "name": "Aviso"}, {"id": 2, "name": "Bienvenida"}])
    looked = AutomationRules(intent()).look([moving(1)], reader)
    (notice,) = looked.notices([moving(1)], "silent")
    assert notices.sentence(notice).startswith("2 automation rules of this Odoo act on leads and opportunities, ")
    assert notices.sentence(notice).endswith(": Aviso, Bienvenida")
