"""What differs between versions, held against real servers: the rows of ``tests/support/version_facts.py``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xmlrpc.client import Fault

import pytest

from segmenter.behaviours.chatter import tracked
from segmenter.errors import Refused, ServerError, UnknownCall
from segmenter.odoo import faults
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.session import OdooSession
from segmenter.odoo.versions import KNOWN_VERSIONS, RENAMED, Probe, other_names
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
    pairs = {(one.model, one.old[0], one.new[0], one.since) for one in FIELDS}
    assert {(one.model, one.old, one.new, one.since) for one in RENAMED} <= pairs
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    numbers = {(name, int(number)) for name, number in re.findall(r"^([A-Z_]+_SINCE) = (\d+)$", code, re.MULTILINE)}
    assert numbers == {(name, fact.since) for name, fact in UNASKED.items()}


def newer(crm: Live, since: int) -> bool:
    """Whether what is new ``since`` a version holds here."""
    return crm.admin.identity.major >= since


# What is asked


@pytest.mark.parametrize("fact", FIELDS, ids=lambda one: one.what)
def test_a_field_is_there_by_this_name_and_type(live_crm: Live, fact: FieldFact) -> None:
    (here, kind), (elsewhere, _kind) = (fact.new, fact.old) if newer(live_crm, fact.since) else (fact.old, fact.new)
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

    expected = (fact.both, True) if newer(live_crm, fact.since) else (True, False)
    assert (answered(fact.old), answered(fact.new)) == expected


def test_a_question_gets_its_answer_either_way(live_crm: Live) -> None:
    reader = OdooReader(live_crm.admin)
    assert reader.may("crm.lead", "unlink")
    assert reader.has_group("base.group_system")
    assert not reader.has_group("base.group_portal")
    assert [group.count for group in reader.groups("crm.lead", [["id", "=", 0]], ["stage_id"])] == []


@pytest.mark.xml_rpc("the API of odoorpc")
def test_the_session_is_one_of_odoorpc_as_well(live_crm: Live) -> None:
    assert isinstance(live_crm.admin, OdooSession)
    assert set(live_crm.admin.env.context) == {"lang", "tz", "uid"}


def test_the_path_of_a_field_of_another_record_is_read_however_it_is_told(live_crm: Live) -> None:
    told = live_crm.call("res.users", "fields_get", ["email"], ["related"])["email"]["related"]
    assert type(told) is (str if newer(live_crm, 15) else list)
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


def test_the_closing_date_of_a_lead_whose_probability_becomes_0(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "Cerrado", "type": "opportunity", "user_id": False})
    live_crm.write("crm.lead", [lead], probability=100)
    live_crm.write("crm.lead", [lead], probability=0)
    (row,) = live_crm.find("crm.lead", [["id", "=", lead]], ["date_closed"])
    assert bool(row["date_closed"]) is newer(live_crm, UNASKED["ZERO_LEAVES_CLOSING_DATE_SINCE"].since)
    live_crm.call("crm.lead", "unlink", [lead])


@pytest.mark.parametrize("field", ["name", "company_name", "email", "vat", "street", "city", "function"])
def test_what_is_noted_of_a_contact(live_crm: Live, field: str) -> None:
    (contact,) = live_crm.create("res.partner", {"name": "Con historial"})
    value = "otra@viveros.example" if field == "email" else "BE0477472701" if field == "vat" else "Otra"
    live_crm.admin.execute_kw("res.partner", "write", [[contact], {field: value}], {})
    notes = live_crm.ids("mail.message", [["model", "=", "res.partner"], ["res_id", "=", contact]])
    assert bool(notes) is (field in tracked("res.partner", live_crm.admin.identity.major))
    live_crm.call("res.partner", "unlink", [contact])


def test_the_date_of_the_last_move_when_the_team_is_written(live_crm: Live) -> None:
    (lead,) = live_crm.create("crm.lead", {"name": "De otro equipo", "type": "opportunity", "user_id": False})
    live_crm.write("crm.lead", [lead], date_last_stage_update=LONG_AGO)
    live_crm.write("crm.lead", [lead], team_id=live_crm.teams["Ventas Europa"])
    (row,) = live_crm.find("crm.lead", [["id", "=", lead]], ["date_last_stage_update"])
    stays = newer(live_crm, UNASKED["MOVE_DATE_STAYS_SINCE"].since)
    if live_crm.admin.identity.major != 16:  # whose builds differ, so that it is announced
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


# Last lines of real answers: of 14 to 16, of 17, and of 18 and 19 to a method that they do not have; then of 14 to 16,
# of 17, of 18 and of 19 to the other's form of one. 14 and 15 have no limit of a count either.
UNKNOWN = [
    "AttributeError: type object 'crm.lead' has no attribute 'has_access'",
    "AttributeError: The method 'has_access' does not exist on the model 'crm.lead'",
    "AttributeError: The method 'crm.lead.nope' does not exist",
    "TypeError: has_group() takes 2 positional arguments but 3 were given",
    "TypeError: Users.has_group() takes 2 positional arguments but 3 were given",
    "TypeError: Users.has_group() missing 1 required positional argument: 'group_ext_id'",
    "TypeError: ResUsers.has_group() missing 1 required positional argument: 'group_ext_id'",
    "TypeError: search_count() takes 2 positional arguments but 3 were given",
]


def test_a_result_that_cannot_be_told_is_no_unknown_call() -> None:
    fault = Fault(1, "Traceback\nTypeError: cannot marshal None unless allow_none is enabled\n")
    assert not isinstance(faults.translate(fault, "crm.lead", "read_group"), UnknownCall)


def failing(error: Exception, asked: list[str]) -> Callable[[], str]:
    def way() -> str:
        asked.append("failing")
        raise error

    return way


def answering(asked: list[str], answer: str = "answer") -> Callable[[], str]:
    def way() -> str:
        asked.append(answer)
        return answer

    return way


@pytest.mark.parametrize("line", UNKNOWN)
def test_a_way_that_the_server_does_not_know_is_left_for_good(line: str) -> None:
    unknown = faults.translate(Fault(1, f"Traceback (most recent call last):\n  x\n{line}\n"), "crm.lead", "nope")
    assert isinstance(unknown, UnknownCall)
    probe, asked = Probe(), list[str]()
    for _time in range(2):
        assert probe.ask("it", failing(unknown, asked), answering(asked)) == "answer"
    assert asked == ["failing", "answer", "answer"]


def test_a_way_that_was_answered_is_kept_whatever_comes_of_it() -> None:
    probe, asked = Probe(), list[str]()
    assert probe.ask("it", answering(asked, "new"), answering(asked, "old")) == "new"
    with pytest.raises(UnknownCall):
        probe.ask("it", failing(UnknownCall("a mistake in the server"), asked), answering(asked, "old"))
    assert asked == ["new", "failing"]


@pytest.mark.parametrize("error", [Refused("no", fault_code=2), ServerError("ValueError: Invalid field")])
def test_any_other_error_is_the_answer_and_settles_nothing(error: ServerError) -> None:
    probe, asked = Probe(), list[str]()
    with pytest.raises(type(error)):
        probe.ask("it", failing(error, asked), answering(asked))
    assert asked == ["failing"]
    assert probe.ask("it", failing(UnknownCall("?"), asked), answering(asked)) == "answer"


def test_where_no_way_is_known_the_last_one_says_so_and_questions_are_apart() -> None:
    probe, asked = Probe(), list[str]()
    with pytest.raises(UnknownCall, match="second"):
        probe.ask("it", failing(UnknownCall("first"), asked), failing(UnknownCall("second"), asked))
    assert probe.ask("it", answering(asked, "new"), answering(asked)) == "new"
    assert probe.ask("another", failing(UnknownCall("?"), asked), answering(asked)) == "answer"
