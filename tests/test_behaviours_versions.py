"""What each version of Odoo does by itself, as a plan foresees it: measured on Odoo 15 to 18, 2026-11-30.

On 14 and 19 the live tests hold the same against servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from segmenter.behaviours import together
from segmenter.behaviours.archiving import Archiving
from segmenter.behaviours.assignment import Assignment
from segmenter.behaviours.behaviour import CONTACTS, LEADS, Behaviour, Cell, Intent
from segmenter.behaviours.chatter import Chatter, tracked
from segmenter.behaviours.closing_date import ClosingDate
from segmenter.behaviours.contact_reach import ContactReach
from segmenter.behaviours.last_move import LastMove
from segmenter.behaviours.reached import empty_stays
from segmenter.behaviours.scoring import Scoring
from segmenter.behaviours.team_and_stage import stages_of_teams
from segmenter.behaviours.won_stage import WonStage
from segmenter.conditions import Field
from segmenter.drafting.asking import Questions
from segmenter.odoo.server import ServerIdentity
from segmenter.plans import ChangeSet
from segmenter.record_set import RecordSet

VERSIONS = (14, 15, 16, 17, 18, 19)
NEW, QUALIFIED, WON, WON_AGAIN = 1, 2, 4, 5
OF_19 = ("won_status",)
LEAD = {
    **dict.fromkeys(("stage_id", "team_id", "user_id", "partner_id", "company_id"), "many2one"),
    **dict.fromkeys(("source_id", "state_id", "country_id", "lang_id"), "many2one"),
    **dict.fromkeys(("email_from", "phone", "city"), "char"),
    **dict.fromkeys(("probability", "automated_probability"), "float"),
    **{"active": "boolean", "date_closed": "datetime", "tag_ids": "many2many", "won_status": "selection"},
}


class Crm:
    """A small CRM of some version: two won stages, one of which a team keeps to itself where stages have teams."""

    def __init__(self, version: int) -> None:
        self.identity = ServerIdentity("https://crm.example", "crm", f"{version}.0", "ana", 7)
        self.asked: list[str] = []

    def fields(self, model: str) -> Mapping[str, Field]:
        if model == LEADS:
            return fields_of(self.identity.major)
        names = {"crm.stage": ["team_ids" if self.identity.major >= 19 else "team_id"], "crm.team": []}
        return {name: Field(model, name, "many2many", name) for name in names.get(model, [])}

    def search(self, model: str, domain: Any, *, archived: bool = False) -> list[int]:
        return [WON, WON_AGAIN]

    def search_read(self, model: str, domain: Any, fields: Any, *, archived: bool = False) -> list[dict[str, Any]]:
        self.asked.append(model)
        tables: dict[str, list[dict[str, Any]]] = {
            "crm.stage": [{"id": NEW, "team_ids": [3]}],
            "mail.message.subtype": [{"id": 6, "default": False}],
            "res.users": [{"id": 7, "partner_id": 70}],
            "mail.followers": [{"res_id": 1, "partner_id": 8}],
        }
        return tables.get(model, [])

    def read(self, model: str, ids: Any, fields: Any) -> list[dict[str, Any]]:
        return []

    def names(self, model: str, ids: Any) -> dict[int, str]:
        return {one: str(one) for one in ids}


def fields_of(version: int) -> dict[str, Field]:
    return {name: Field(LEADS, name, kind, name) for name, kind in LEAD.items() if version >= 19 or name not in OF_19}


def asked_of(version: int) -> Questions:
    return Questions(Crm(version))  # type: ignore[arg-type]


def intent(version: int, model: str = LEADS, **more: Any) -> Intent:
    return Intent(model, version, fields_of(version), [], [], "2026-11-30 12:00:00", **more)


def cell(row: Mapping[str, Any], **after: Any) -> Cell:
    """One lead that holds ``row``, and gets ``after``."""
    ids = RecordSet([1])
    changes = [ChangeSet(ids, name, row.get(name), value, "Nivel", "Alto") for name, value in after.items()]
    return Cell(ids, dict(row), [], changes)


def codes(behaviour: type[Behaviour], version: int, one: Cell, model: str = LEADS) -> set[str]:
    """What is told of one cell, in silence."""
    looked = behaviour.learn(intent(version, model), asked_of(version)).look([one], asked_of(version))
    return {notice.code.partition(".")[2] for notice in looked.notices([one], "silent")}


def holding(told: Mapping[int, bool]) -> list[int]:
    return [version for version, holds in told.items() if holds]


OPEN = {"stage_id": NEW, "active": True, "probability": 42.0, "date_closed": None}
IS_WON = {"stage_id": WON, "active": True, "probability": 100.0, "date_closed": True}
IS_LOST = {"stage_id": NEW, "active": False, "probability": 0.0, "date_closed": True}


@pytest.mark.parametrize(
    ("before", "after", "emptied", "renewed"),
    [
        (IS_WON, {"stage_id": QUALIFIED}, (16, 17, 18, 19), ()),
        (IS_LOST, {"stage_id": QUALIFIED}, (16, 17, 18, 19), ()),
        (IS_WON, {"stage_id": WON_AGAIN}, (), (14, 15)),
        (IS_WON, {"probability": 0.0}, (14,), ()),
        (IS_WON, {"probability": 60.0}, VERSIONS, ()),
        (OPEN, {"probability": 100.0}, (), VERSIONS),
        (OPEN, {"active": False}, (), VERSIONS),
        (OPEN, {"stage_id": WON}, (), VERSIONS),
    ],
)
def test_the_closing_date(
    before: dict[str, Any], after: dict[str, Any], emptied: tuple[int, ...], renewed: tuple[int, ...]
) -> None:
    told = {version: codes(ClosingDate, version, cell(before, **after)) for version in VERSIONS}
    assert holding({version: "emptied" in of for version, of in told.items()}) == list(emptied)
    assert holding({version: "set" in of for version, of in told.items()}) == list(renewed)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_archived_lead_that_is_won(version: int) -> None:
    """It comes out of the archive by itself on 19 alone."""
    stands = together.Together.of(LEADS, ["stage_id", "active"], asked_of(version))
    assert stands.revives(WON) is (version == 19)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_won_lead_is_held_to_its_probability(version: int) -> None:
    """19 faults at another one; before, it is written. Together with a move to a won stage it never is."""
    reader = asked_of(version)
    for one, refused in (
        (cell(IS_WON, probability=20.0), version == 19),
        (cell(OPEN, stage_id=WON, probability=20.0), True),
    ):
        looked = WonStage.learn(intent(version), reader).look([one], reader)
        assert bool(list(looked.refusals([one]))) is refused


@pytest.mark.parametrize("version", VERSIONS)
def test_a_team_that_does_not_have_the_stage(version: int) -> None:
    assert (stages_of_teams(asked_of(version)) == {NEW: {3}}) is (version == 19)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_team_that_is_written_and_the_last_move(version: int) -> None:
    told = codes(LastMove, version, cell({**OPEN, "team_id": 1}, team_id=2))
    assert ("date_renewed_by_team" in told) is (version <= 16)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_lead_of_no_company_that_gets_a_salesperson(version: int) -> None:
    told = codes(Assignment, version, cell({"user_id": None, "company_id": None}, user_id=9))
    assert ("company_of_salesperson" in told) is (version >= 15)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_planned_on_what_is_archived(version: int) -> None:
    assert ("deletes_activities" in codes(Archiving, version, cell(OPEN, active=False))) is (version <= 18)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_email_that_is_emptied(version: int) -> None:
    assert empty_stays(version) is (version >= 18)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_city_of_a_person(version: int) -> None:
    """It goes up to the company on 19 alone."""
    fields = {name: Field(CONTACTS, name, "char", name) for name in ("city", "type")}
    made = ContactReach(Intent(CONTACTS, version, fields, [], [], ""))
    person = cell({"city": "Lima", "commercial_partner_id": 50, "type": "contact"}, city="Arica")
    assert bool(list(made._through("city", person))) is (version == 19)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stage_that_is_noted_mails_who_subscribed(version: int) -> None:
    """Where it does, the plan asks; where not, nobody is looked up."""
    reader = asked_of(version)
    moved = cell(OPEN, stage_id=QUALIFIED)
    looked = Chatter.learn(intent(version), reader).look([moved], reader)
    assert (looked.tracking == "silent", bool(list(looked.refusals([moved])))) == (version >= 16, version >= 16)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("before", "after"), [(42.0, 0.0), (0.0, 42.0)])
def test_the_probability_of_an_archived_lead_is_noted(version: int, before: float, after: float) -> None:
    """As a loss, or as the end of one: on 19 alone, where a lead has an outcome."""
    one = cell({**OPEN, "active": False, "probability": before}, probability=after)
    assert ("not_noted" in codes_chosen_silent(version, one)) is (version == 19)


def codes_chosen_silent(version: int, one: Cell) -> set[str]:
    reader = asked_of(version)
    looked = Chatter.learn(intent(version, tracking="silent"), reader).look([one], reader)
    return {notice.code.partition(".")[2] for notice in looked.notices([one], "silent")}


@pytest.mark.parametrize(
    ("field", "versions"),
    [
        ("email", VERSIONS),
        ("user_id", VERSIONS),
        ("vat", VERSIONS[1:]),
        ("parent_id", VERSIONS[1:]),
        ("name", VERSIONS[3:]),
        ("city", VERSIONS[3:]),
        ("category_id", ()),
    ],
)
def test_what_is_noted_of_a_contact(field: str, versions: tuple[int, ...]) -> None:
    assert [version for version in VERSIONS if field in tracked(CONTACTS, version)] == list(versions)


@pytest.mark.parametrize(
    ("field", "versions"),
    [
        ("tag_ids", VERSIONS),
        ("email_from", VERSIONS),
        ("stage_id", VERSIONS),
        ("country_id", VERSIONS),
        ("source_id", (14, 19)),
        ("lang_id", (19,)),
        ("city", ()),
    ],
)
def test_what_the_scoring_looks_at_as_it_comes(field: str, versions: tuple[int, ...]) -> None:
    told = {version: codes(Scoring, version, cell({}, **{field: 5})) for version in VERSIONS}
    assert holding({version: "computed_anew" in of for version, of in told.items()}) == list(versions)
