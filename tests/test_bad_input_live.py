"""What a real Odoo refuses, through the command line: the same sentences as of the CRM in memory.

An address that is locked out is not among it: over XML-RPC, 19 counts no failed logins, and 14 would lock out the tests
that follow (`tests/test_cassettes_faults.py` plays a recording of it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from segmenter.model_names import model_name
from segmenter.odoo.server import Server
from tests.live import servers
from tests.support.bad_input import KEY, LEADS, Office, office, says
from tests.support.versions import LIVE, fresh, groups_field
from tests.support.wires import api, as_admin
from tests.test_bad_input_connection import NO_DATABASE, NO_SUCH_KEY, OWN_KEY, REJECTED

__all__ = ["office"]

WHEN = 'expected_revenue: {">=": 5000}'
LAST = f"Prospecto {LEADS - 1}"


@dataclass
class Real:
    """A database of its own; `KEY` is the work user's password."""

    version: str
    url: str
    database: str
    admin: Server

    def call(self, model: str, method: str, *args: Any) -> Any:
        return self.admin.execute_kw(model, method, list(args), {"context": {"lang": "es_CL"}})

    def sql(self, statement: str) -> None:
        """What no call could do."""
        servers.start(self.version).sql(statement, self.database)

    def leads(self) -> list[dict[str, Any]]:
        """What segmentation could change."""
        fields = ["name", "priority", "stage_id", "tag_ids", "user_id", "write_date"]
        rows: list[dict[str, Any]] = self.admin.execute_kw("crm.lead", "search_read", [[], fields], {"order": "id"})
        return rows


@pytest.fixture(scope="module", params=LIVE)
def real(request: pytest.FixtureRequest) -> Real:
    """With two work users, of whom one will have a second factor, and a dozen leads."""
    odoo = servers.start(request.param)
    database = fresh(odoo, "badinput")
    real = Real(odoo.version, odoo.url, database, as_admin(odoo, database))
    real.call("ir.config_parameter", "set_param", "base.login_cooldown_after", "0")
    named = real.call("ir.model.data", "search_read", [["model", "=", "res.groups"]], ["module", "name", "res_id"])
    groups = {f"{row['module']}.{row['name']}": row["res_id"] for row in named}
    ours = [groups["base.group_user"], groups["sales_team.group_sale_salesman_all_leads"]]
    people = [
        {"name": login, "login": login, "password": KEY, "lang": "es_CL", groups_field(odoo.version): [[6, 0, ours]]}
        for login in ("work@viveros.example", "two-factor@viveros.example")
    ]
    (work_user, _two_factor) = real.call("res.users", "create", people)
    if api() == "json2":
        odoo.give_keys({work_user: KEY}, database)
    rows = [{"name": f"Prospecto {n}", "type": "opportunity", "expected_revenue": 1000 * n} for n in range(LEADS)]
    real.call("crm.lead", "create", rows)
    return real


@pytest.fixture
def there(real: Real, office: Office) -> Iterator[Office]:
    """The office with that database as its CRM, which every test must leave as it was."""
    office.url, office.database, office.user, office.state = real.url, real.database, "work@viveros.example", real.leads
    office.api = api()
    office.write()
    return office


def test_a_wrong_database(there: Office, real: Real) -> None:
    """Over XML-RPC the server lists its databases, so it is told which one is meant."""
    there.write(database=f"{real.database}t")
    names = {"host": "127.0.0.1", "database": f"{real.database}t"}
    if there.api == "json2":
        there.refuses("plan", "viveros.yaml", code=1, says=says(*NO_DATABASE, **names))
        return
    result = there.run("plan", "viveros.yaml")
    assert result.exit_code == 1
    told = f"{says(NO_DATABASE[0], **names)}; {says('did you mean {names}?', names=real.database)}"
    assert result.output.startswith(told[:-1])
    there.speaks(result.output)


def test_a_wrong_key(there: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_API_KEY", "not-the-password-of-anybody")
    told = says(*(NO_SUCH_KEY if there.api == "json2" else REJECTED), host="127.0.0.1", login=there.user)
    there.refuses("plan", "viveros.yaml", code=1, says=told)


def test_an_account_that_is_not_there(there: Office) -> None:
    """A key is somebody's, and JSON-2 tells whose."""
    there.write(user="nobody@viveros.example")
    told = OWN_KEY if there.api == "json2" else REJECTED
    names = {"login": "nobody@viveros.example", "owner": "work@viveros.example"}
    there.refuses("plan", "viveros.yaml", code=1, says=says(*told, host="127.0.0.1", **names))


@pytest.mark.xml_rpc("passwords")
def test_a_two_factor_account_with_a_password(there: Office, real: Real) -> None:
    real.sql("UPDATE res_users SET totp_secret = 'JBSWY3DPEHPK3PXP' WHERE login = 'two-factor@viveros.example'")
    there.write(user="two-factor@viveros.example")
    told = says(*REJECTED, host="127.0.0.1", login="two-factor@viveros.example")
    there.refuses("plan", "viveros.yaml", code=1, says=told)


def test_an_unknown_field(there: Office) -> None:
    there.write(WHEN, "espected_revenue: {empty: true}")
    what = says("No field {field} on {model}", "", there.place("empty"), field="espected_revenue", model="crm.lead")
    result = there.run("plan", "viveros.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{what}; ")
    assert "expected_revenue" in result.stderr.removeprefix(str(what))
    there.speaks(result.output)


def test_an_unknown_model_behind_a_field(there: Office) -> None:
    there.write(WHEN, "partner_id.contry_id: Chile")
    what = says("No field {field} on {model}", "", there.place("partner_id"), field="contry_id", model="res.partner")
    result = there.run("plan", "viveros.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{what}; ")


def test_a_field_that_cannot_be_searched(there: Office, real: Real) -> None:
    fields = real.call("crm.lead", "fields_get", [], ["searchable", "type", "string"])
    name = sorted(one for one, about in fields.items() if not about["searchable"] and about["type"] == "boolean")[0]
    there.write(WHEN, f"{name}: true")
    told = says(
        "The server cannot search by {field} ({label}) of {model}",
        "use a field that is stored",
        there.place(name),
        field=name,
        label=fields[name]["string"],
        model="crm.lead",
    )
    there.refuses("plan", "viveros.yaml", code=1, says=told)


def test_a_value_that_is_not_in_the_selection(there: Office) -> None:
    there.write("set: {priority: 3}", "set: {priority: 9}")
    what = says(
        "{value} is no value of {field} ({label})",
        "",
        there.place("priority: 9"),
        value=9,
        field="priority",
        label="Prioridad",
    )
    result = there.run("plan", "viveros.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{what}; ")
    there.speaks(result.output)


def test_an_ambiguous_stage_name(there: Office, real: Real) -> None:
    made = real.call("crm.stage", "create", [{"name": "Dos veces"}, {"name": "Dos veces"}])
    there.write(WHEN, "stage_id: Dos veces")
    told = says(
        "{name} is ambiguous: {count} records of {model} are called so",
        "write the id of one of {names}",
        there.place("stage_id: Dos"),
        name="Dos veces",
        count=2,
        model="crm.stage",
        names=", ".join(f"Dos veces ({one})" for one in made),
    )
    there.refuses("plan", "viveros.yaml", code=1, says=told)
    real.call("crm.stage", "unlink", made)


def test_a_control_character_in_the_spec(there: Office) -> None:
    """A tab goes to Odoo as it is; what XML cannot carry goes nowhere."""
    there.write("name: Alto", 'name: "A\\tlto"')
    result = there.done("plan", "viveros.yaml", "--format", "json")
    assert "A\tlto" in [one["name"] for one in json.loads(result.stdout)["config"]]
    there.write("name: Alto", 'name: "A\\elto"')
    told = says(
        "There is a control character here (U+{code:04X}) that no CRM takes",
        "delete it",
        there.place('"A\\elto"'),
        code=27,
    )
    there.refuses("plan", "viveros.yaml", code=1, says=told)


def test_a_control_character_in_the_crm(there: Office, real: Real) -> None:
    """17 and newer leave it out of what they answer. What older ones answer is no XML, so the plan leaves that one lead
    alone, by its id."""
    lead = real.leads()[-1]["id"]
    real.sql(f"UPDATE crm_lead SET name = chr(27) || name WHERE id = {lead}")
    try:
        result = there.done("plan", "viveros.yaml", "--format", "json")
    finally:
        real.sql(f"UPDATE crm_lead SET name = substr(name, 2) WHERE id = {lead}")
    plan = json.loads(result.stdout)
    reason = says("The answer of {host} is not readable {wire}", host="127.0.0.1", wire="XML-RPC")
    alone = says(
        "The record {id} ({what}) could not be read and is left alone: {reason}",
        id=lead,
        what=model_name("crm.lead"),
        reason=str(reason),
    )
    broken = int(real.version) < 17
    assert (str(alone) in [one["text"] for one in plan["warnings"]]) is broken
    assert {one["name"] for one in plan["changes"] if one["record"] == lead} == (set() if broken else {LAST})
    assert len({one["record"] for one in plan["changes"]}) == plan["scope_count"] - broken
