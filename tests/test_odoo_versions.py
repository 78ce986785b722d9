"""What differs between versions, held against real servers: the rows of ``tests/support/version_facts.py``."""

from __future__ import annotations

import re
from pathlib import Path
from xmlrpc.client import Fault

import pytest

from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import OdooSession
from segmenter.odoo.versions import KNOWN_VERSIONS, RENAMED, other_names
from tests.live.servers import RECIPES
from tests.support.engagement import ANA, Live
from tests.support.version_facts import CALLS, FIELDS, ME, UNASKED, CallFact, FieldFact

pytest_plugins = ["tests.support.engagement_fixtures"]

SOURCES = Path(__file__).parents[1] / "segmenter"
LONG_AGO = "2026-01-05 12:00:00"


def test_a_field_is_found_by_either_name() -> None:
    assert other_names("crm.stage", "team_id") == ("team_ids",)
    assert other_names("crm.stage", "team_ids") == ("team_id",)
    assert other_names("crm.lead", "team_id") == ()


def test_every_version_that_is_tested_is_known() -> None:
    assert {int(version) for version in RECIPES} <= set(KNOWN_VERSIONS)


def test_the_table_has_every_name_and_every_number_that_the_code_goes_by() -> None:
    pairs = {(one.model, one.old[0], one.new[0]) for one in FIELDS}
    assert {(one.model, one.old, one.new) for one in RENAMED} <= pairs
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    numbers = {(name, int(number)) for name, number in re.findall(r"^([A-Z_]+_SINCE) = (\d+)$", code, re.MULTILINE)}
    assert numbers == {(name, fact.since) for name, fact in UNASKED.items()}


def newer(crm: Live, since: int) -> bool:
    """Whether what is new ``since`` a version holds here, as far as 14 and 19 tell."""
    return crm.admin.identity.major >= since


# What is asked


@pytest.mark.parametrize("fact", FIELDS, ids=lambda one: one.what)
def test_a_field_is_there_by_this_name_and_type(live_crm: Live, fact: FieldFact) -> None:
    (here, kind), (elsewhere, _kind) = (fact.new, fact.old) if newer(live_crm, 19) else (fact.old, fact.new)
    about = live_crm.admin.execute_kw(fact.model, "fields_get", [], {"attributes": ["type"]})
    assert here == "" or about[here]["type"] == kind
    assert elsewhere in ("", here) or elsewhere not in about


@pytest.mark.parametrize("fact", CALLS, ids=lambda one: one.what)
def test_a_question_is_asked_in_this_way(live_crm: Live, fact: CallFact) -> None:
    def answered(way: tuple[str, object]) -> bool:
        method, arguments = way
        assert isinstance(arguments, list)
        own = [[live_crm.admin.identity.uid] if one == [ME] else one for one in arguments]
        try:
            return bool(live_crm.admin.execute_kw(fact.model, method, own, {}))
        except Fault:
            return False

    expected = (fact.both, True) if newer(live_crm, 19) else (True, False)
    assert (answered(fact.old), answered(fact.new)) == expected


def test_a_question_gets_its_answer_either_way(live_crm: Live) -> None:
    reader = OdooReader(live_crm.admin)
    assert reader.may("crm.lead", "unlink")
    assert reader.has_group("base.group_system")
    assert not reader.has_group("base.group_portal")
    assert [group.count for group in reader.groups("crm.lead", [["id", "=", 0]], ["stage_id"])] == []
    assert isinstance(live_crm.admin, OdooSession)
    assert set(live_crm.admin.env.context) == {"lang", "tz", "uid"}


def test_the_path_of_a_field_of_another_record_is_read_however_it_is_told(live_crm: Live) -> None:
    told = live_crm.call("res.users", "fields_get", ["email"], ["related"])["email"]["related"]
    assert type(told) is (str if newer(live_crm, 19) else list)
    assert OdooReader(live_crm.admin).fields("res.users")["email"].related == ("partner_id", "email")


# What a server does, and does not tell


def test_keys_expire_since_18(live_crm: Live) -> None:
    about = live_crm.call("res.users.apikeys", "fields_get", [], ["type"])
    assert ("expiration_date" in about) is newer(live_crm, UNASKED["KEYS_EXPIRE_SINCE"].since)


def test_the_company_of_a_lead_is_its_salespersons_or_there_from_the_start(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Sin empresa", "type": "opportunity", "user_id": False})

    def company() -> int:
        (row,) = live_crm.find("crm.lead", [["id", "=", lead]], ["company_id"])
        return int(row["company_id"])

    assert (company() == 0) is newer(live_crm, UNASKED["COMPANY_FOLLOWS_SALESPERSON_SINCE"].since)
    live_crm.write("crm.lead", [lead], user_id=live_crm.people[ANA])
    assert company() > 0
    live_crm.call("crm.lead", "unlink", [lead])


def test_the_lead_scoring_looks_at_the_language_as_it_comes(live_crm: Live) -> None:
    looked_at = live_crm.call("ir.config_parameter", "get_param", "crm.pls_fields").split(",")
    assert ("lang_id" in looked_at) is newer(live_crm, UNASKED["SCORING_READS_LANGUAGE_SINCE"].since)


def test_the_date_of_the_last_move_when_the_team_is_written(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "De otro equipo", "type": "opportunity", "user_id": False})
    live_crm.write("crm.lead", [lead], date_last_stage_update=LONG_AGO)
    live_crm.write("crm.lead", [lead], team_id=live_crm.teams["Ventas Europa"])
    (row,) = live_crm.find("crm.lead", [["id", "=", lead]], ["date_last_stage_update"])
    stays = newer(live_crm, UNASKED["MOVE_DATE_STAYS_SINCE"].since)
    assert (row["date_last_stage_update"] == LONG_AGO) is stays
    live_crm.call("crm.lead", "unlink", [lead])


def test_what_is_planned_on_a_record_that_is_archived(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Por llamar", "type": "opportunity", "user_id": False})
    (model,) = live_crm.ids("ir.model", [["model", "=", "crm.lead"]])
    call = {"res_model_id": model, "res_id": lead, "summary": "Llamar", "user_id": live_crm.people[ANA]}
    planned = live_crm.create("mail.activity", call)
    live_crm.write("crm.lead", [lead], active=False)
    left = live_crm.call("mail.activity", "search", [["id", "in", planned]])
    assert (left == planned) is newer(live_crm, UNASKED["ACTIVITIES_STAY_SINCE"].since)
    live_crm.call("crm.lead", "unlink", [lead])
