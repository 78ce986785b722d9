"""For each kind of user and each kind of spec, `check` says beforehand what every other command then really does.

The kinds and the operations are those that were measured on Odoo 14 and 19, one user a kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest
import yaml
from click.testing import CliRunner, Result

from segmenter.cli import cli, connection
from segmenter.errors import AuthenticationFailed
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from tests.support.engagement import LOGINS, NO_LIMITS, Crm, Embedded, Live
from tests.support.versions import LIVE, groups_field

KEY = "0123456789abcdef"
MORE = {
    # Kind -> groups, besides the three kinds that an engagement has.
    "access": ("base.group_user", "base.group_erp_manager"),
    "settings": ("base.group_user", "base.group_erp_manager", "base.group_system"),
    "portal": ("base.group_portal",),
    "inactive": ("base.group_user", "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"),
}
KINDS = (*LOGINS, *MORE)
REFUSED_UNLESS_FORCED = ("access", "settings", "portal")
FORCE = ("--force-user", "there is no other login yet")
MARK = "derechos"


class LiveOfRights(Live):
    """A database of its own: whole models are counted."""

    purpose = "rights"


@dataclass
class Office:
    """A CRM with a user of every kind, and ten leads and four contacts."""

    crm: Crm
    servers: dict[str, Server]

    def connect(self, kind: str) -> Server:
        if kind == "inactive":
            raise AuthenticationFailed("inactive")
        return self.servers[kind]


def made(crm: Crm) -> Office:
    servers = {kind: crm.connect(kind) for kind in LOGINS}
    for kind, groups in MORE.items():
        login = f"{kind}@viveros.example"
        if isinstance(crm, Embedded):
            tables = crm.connect("all").tables  # type: ignore[attr-defined]
            uid = _embedded_user(tables, login, frozenset(groups), active=kind != "inactive")
        else:
            uid = _live_user(crm, login, groups, active=kind != "inactive")
        crm.people[login] = uid
        if kind == "inactive":
            continue
        if isinstance(crm, Embedded):
            servers[kind] = crm.connect("all").as_user(login)  # type: ignore[attr-defined]
        else:
            crm._give_keys([uid])
            servers[kind] = connect(crm._odoo.url, crm.database, login, f"{crm.key}{uid}")
    people = (False, crm.people[LOGINS["own"]])
    row = {"referred": MARK, "type": "opportunity", "stage_id": crm.stages["Nueva"], "city": "Lima"}
    crm.create("crm.lead", *({**row, "name": f"{MARK} {n}", "user_id": people[n % 2]} for n in range(8)))
    other = {"user_id": crm.people[LOGINS["manager"]]}
    crm.create("crm.lead", *({**row, **other, "name": f"{MARK} ajeno {n}"} for n in range(2)))
    crm.create("res.partner", *({"name": f"{MARK} {n}", "ref": MARK, "city": "Lima"} for n in range(4)))
    return Office(crm, servers)


def _embedded_user(tables: Any, login: str, groups: frozenset[str], *, active: bool) -> int:
    with tables.transaction():
        partner = tables.add("res.partner", name=login, active=True, type="contact")
        user = {"login": login, "partner_id": partner, "lang": "es_CL", "share": False, "company_id": 1}
        uid: int = tables.add("res.users", name=login, active=active, **user)
        tables.groups[uid] = groups
    return uid


def _live_user(crm: Live, login: str, groups: tuple[str, ...], *, active: bool) -> int:
    wanted = [["module", "in", ["base", "sales_team"]], ["model", "=", "res.groups"]]
    known = {f"{row['module']}.{row['name']}": row["res_id"] for row in crm.find("ir.model.data", wanted, [])}
    field = groups_field(crm.admin.identity.version.split(".")[0])
    values = {"name": login, "login": login, "lang": "es_CL", field: [[6, 0, [known[one] for one in groups]]]}
    uid: int = crm.call("res.users", "create", [values], no_reset_password=True)[0]
    if not active:
        crm.write("res.users", [uid], active=False)
    return uid


@pytest.fixture(scope="module")
def offices() -> Callable[[str], Office]:
    return cache(lambda version: made(LiveOfRights(version) if version != "embedded" else Embedded()))


@dataclass
class Person:
    """Somebody at a command line, whose work user is of one kind."""

    kind: str
    office: Office
    folder: Path

    def run(self, *words: str, force: bool = True) -> Result:
        command, *rest = words
        forced = FORCE if force and self.kind in REFUSED_UNLESS_FORCED and command not in ("show", "runs") else ()
        return CliRunner().invoke(cli, [command, *forced, *rest])

    def write_spec(self, content: dict[str, Any]) -> str:
        login = LOGINS.get(self.kind, f"{self.kind}@viveros.example")
        whole = {
            "version": 1,
            "client": {"name": "Viveros", "language": "es_CL", "timezone": "America/Santiago"},
            "odoo": {"url": "http://127.0.0.1:1", "database": "viveros", "user": login},
            "limits": NO_LIMITS,
            **content,
        }
        file = self.folder / "spec.yaml"
        file.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), "utf-8")
        return str(file)


@pytest.fixture(params=["embedded", *LIVE])
def office(request: pytest.FixtureRequest, offices: Callable[[str], Office]) -> Office:
    return offices(request.param)


@pytest.fixture(params=KINDS)
def person(
    request: pytest.FixtureRequest, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    kind = request.param
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: office.connect(kind))
    return Person(kind, office, tmp_path)


def leads(*segmentations: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"scope": {"model": "crm.lead", "where": {"referred": MARK}}, "segmentations": list(segmentations), **top}


def lima(**more: Any) -> dict[str, Any]:
    return {"name": "Lima", "when": {"city": "Lima"}, **more}


TASKS: dict[str, dict[str, Any]] = {
    # What can be asked of a user, from the least to the most.
    "values": leads(
        {
            "name": "S",
            "segments": [
                lima(
                    set={
                        "priority": 3,
                        "stage_id": "Calificado",
                        "source_id": "Feria",
                        "user_id": {"assign": "ana@viveros.example"},
                    }
                )
            ],
        }
    ),
    "a source that is not there": leads({"name": "S", "segments": [lima(set={"source_id": "Tómbola"})]}),
    "tags and favourites": leads(
        {"name": "S", "store": {"tags": "exclusive"}, "segments": [lima(value="Nueva 1", color=3)]},
        {"name": "T", "store": {"tags": "exclusive"}, "segments": [lima(value="VIP", color=7)]},
        filters="shared",
    ),
    "a stage that is not there": leads({"name": "S", "segments": [lima(set={"stage_id": "Comité de compras"})]}),
    "a slip of a stage": leads({"name": "S", "segments": [lima(set={"stage_id": "Calificada"})]}),
    "a field that is not there": leads(
        {"name": "S", "store": {"field": "x_nivel"}, "segments": [lima()]},
        fields={"x_nivel": {"type": "text", "label": "Nivel"}},
    ),
    "categories": {
        "scope": {"model": "res.partner", "where": {"ref": MARK}},
        "segmentations": [
            {"name": "S", "store": {"categories": "exclusive"}, "segments": [lima(value="Rubro / Uno", color=4)]}
        ],
    },
}
CREATED = ("crm.tag", "crm.stage", "res.partner.category", "ir.filters")


def everything(crm: Crm) -> Any:
    """What any of the tasks could change."""
    lead = ["priority", "stage_id", "user_id", "source_id", "tag_ids"]
    return (
        crm.find("crm.lead", [["referred", "=", MARK]], lead),
        crm.find("res.partner", [["ref", "=", MARK]], ["category_id"]),
        crm.find("crm.tag", [], ["name", "color"]),
        [[row["id"] for row in crm.find(model, [], ["id"])] for model in CREATED],
    )


def found_by_check(person: Person, spec: str, *, force: bool = True) -> tuple[int, list[dict[str, str]]]:
    result = person.run("check", spec, "--format", "json", force=force)
    findings = json.loads(result.stdout)["findings"] if result.stdout.startswith("{") else []
    return result.exit_code, findings


@pytest.mark.parametrize("task", TASKS)
def test_check_tells_what_then_happens(person: Person, task: str) -> None:
    crm, spec = person.office.crm, person.write_spec(TASKS[task])
    first = everything(crm)
    code, findings = found_by_check(person, spec)
    if person.kind == "inactive":
        assert (code, findings) == (1, [])
        for words in (["validate", spec], ["plan", spec], ["verify", spec]):
            assert "inactive" in person.run(*words).output
        assert everything(crm) == first
        return
    errors = [one for one in findings if one["level"] == "error"]
    assert code == (1 if errors else 0)

    if person.kind in REFUSED_UNLESS_FORCED:
        # Not forced, no plan is made at all.
        _code, unforced = found_by_check(person, spec, force=False)
        assert "privileges" in {one["topic"] for one in unforced if one["level"] == "error"}
        for words in (["plan", spec], ["verify", spec]):
            assert person.run(*words, force=False).exit_code == 1

    planned = person.run("plan", spec)
    if errors:
        assert planned.exit_code in (1, 3), (errors, planned.output)
        if planned.exit_code == 3:
            assert person.run("apply", "P1", "--yes").exit_code == 3
        assert everything(crm) == first
        return
    assert planned.exit_code == 0, planned.output
    assert person.run("validate", spec).exit_code == 0
    applied = person.run("apply", "P1", "--yes")
    assert applied.exit_code == 0, applied.output
    if person.kind != "own":
        assert everything(crm) != first
    assert person.run("verify", spec).exit_code == 0
    seen = person.run("explain", spec, str(seen_record(person, TASKS[task])))
    assert seen.exit_code == 0, seen.output
    for words in (["show", "R1"], ["runs"], ["undo", "R1", "--preview"]):
        assert person.run(*words).exit_code == 0
    undone = person.run("undo", "R1", "--yes")
    assert undone.exit_code == 0, undone.output
    kept = _created_since(crm, first)
    told = " ".join(one["text"] for one in findings if one["level"] == "note")
    assert all(f"An undo leaves what is created in {model}" in told for model in kept), (kept, told)
    for model, ids in kept.items():
        crm.call(model, "unlink", ids)
    assert everything(crm) == first


def _created_since(crm: Crm, first: Any) -> dict[str, list[int]]:
    now = {model: [row["id"] for row in crm.find(model, [], ["id"])] for model in CREATED}
    return {
        model: sorted(set(ids) - set(before), reverse=True)
        for (model, ids), before in zip(now.items(), first[3], strict=True)
        if set(ids) - set(before)
    }


def seen_record(person: Person, task: dict[str, Any]) -> int:
    """A record of the task's scope that this kind of user sees."""
    model = task["scope"]["model"]
    mark = [["referred", "=", MARK]] if model == "crm.lead" else [["ref", "=", MARK]]
    found: list[int] = person.office.servers[person.kind].execute_kw(model, "search", [mark], {"limit": 1})
    return found[0]


def test_an_own_documents_user_is_warned_of_what_is_hidden(office: Office, person: Person) -> None:
    if person.kind not in LOGINS:
        return
    _code, findings = found_by_check(person, person.write_spec(TASKS["values"]))
    hidden = [one["level"] for one in findings if one["topic"] == "hidden"]
    assert hidden == (["warning"] if person.kind == "own" else [])


OPERATED: dict[str, dict[str, Any]] = {
    # Model -> what a new record needs.
    "crm.lead": {"name": f"{MARK} aparte", "user_id": False},
    "res.partner": {"name": f"{MARK} aparte"},
    "crm.tag": {"name": f"{MARK} aparte"},
    "crm.stage": {"name": f"{MARK} aparte"},
    "res.partner.category": {"name": f"{MARK} aparte"},
    "utm.source": {"name": f"{MARK} aparte"},
    "ir.filters": {"name": f"{MARK} aparte", "model_id": "crm.lead"},
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "inactive"])
def test_the_rights_that_check_asks_for_are_those_that_the_server_grants(office: Office, kind: str) -> None:
    crm, server = office.crm, office.servers[kind]
    reader = OdooReader(server)
    for model, values in OPERATED.items():
        if kind == "portal" and model in ("res.partner", "ir.filters"):
            continue  # rules let it see its own alone
        owner = (
            next(iter({"user_id", "user_ids"} & set(crm.call(model, "fields_get")))) if model == "ir.filters" else ""
        )
        whole = {**values, owner: False} if owner == "user_id" else values
        (there,) = crm.create(model, whole)

        def granted(method: str, *args: Any, model: str = model) -> Any:
            """What the server answers, None when it may not be done."""
            try:
                return server.execute_kw(model, method, list(args), {})
            except Fault as fault:
                if fault.faultCode != 4:
                    raise
                return None

        assert (granted("read", [there], ["name"]) is not None) == reader.may(model, "read"), (kind, model, "read")
        assert bool(granted("write", [there], {"name": values["name"]})) == reader.may(model, "write"), (kind, model)
        another = granted("create", {**whole, "name": f"{values['name']} {kind}"})
        assert bool(another) == reader.may(model, "create"), (kind, model, "create")
        # Shared favourites are deleted by a rule of their own (see above), and some things by nobody at all.
        if not OdooReader(crm.admin).may(model, "unlink"):
            continue
        if model != "ir.filters":
            assert bool(granted("unlink", [there])) == reader.may(model, "unlink"), (kind, model, "unlink")
        crm.call(model, "unlink", crm.ids(model, [["id", "in", [there, another or 0]]]))
