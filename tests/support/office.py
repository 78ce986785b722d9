"""A CRM with a work user of every kind, each at a command line of its own. The fixtures: `office_fixtures`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from segmenter.cli import cli
from segmenter.errors import AuthenticationFailed
from segmenter.odoo.server import Server
from tests.support.engagement import LOGINS, NO_LIMITS, Crm, Embedded, Live
from tests.support.troubles import Trouble
from tests.support.versions import groups_field
from tests.support.wires import log_in

KEY = "0123456789abcdef"
MORE = {
    # Kind -> groups, besides the three kinds that an engagement has.
    "access": ("base.group_user", "base.group_erp_manager"),
    "settings": ("base.group_user", "base.group_erp_manager", "base.group_system"),
    "portal": ("base.group_portal",),
    "inactive": ("base.group_user", "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"),
}
IMPLIED = {"settings": ("base.group_partner_manager",)}
"""Groups that Odoo 19 adds by itself, and the CRM in memory does not know of."""
KINDS = (*LOGINS, "access", "settings", "portal")
"""Everybody who can log in."""
REFUSED_UNLESS_FORCED = ("access", "settings", "portal")
FORCE = ("--force-user", "there is no other login yet")
TALKING = frozenset(
    {"check", "validate", "plan", "explain", "apply", "resume", "undo", "verify", "profile", "init", "acta", "meeting"}
)
"""The commands that talk to Odoo."""
MARK = "derechos"


class LiveOfRights(Live):
    """A database of its own: whole models are counted."""

    purpose = "rights"


@dataclass
class Office:
    """A CRM with a user of every kind, ten opportunities, two leads, a company and its contact, a lost reason."""

    crm: Crm
    servers: dict[str, Server]

    @cached_property
    def lost_reason(self) -> str:
        """What a lead's field is called on this version."""
        here: dict[str, Any] = self.crm.call("crm.lead", "fields_get", ["lost_reason", "lost_reason_id"], ["type"])
        return next(iter(here))

    def connect(self, kind: str) -> Server:
        if kind == "inactive":
            raise AuthenticationFailed("inactive")
        return self.servers[kind]


def login_of(kind: str) -> str:
    return LOGINS.get(kind, f"{kind}@viveros.example")


def make_office(crm: Crm) -> Office:
    servers = {kind: crm.connect(kind) for kind in LOGINS}
    for kind, groups in MORE.items():
        login, active = login_of(kind), kind != "inactive"
        if isinstance(crm, Embedded):
            tables = crm.connect("all").tables  # type: ignore[attr-defined]
            whole = frozenset((*groups, *IMPLIED.get(kind, ())))
            uid = _embedded_user(tables, login, whole, active=active, share=kind == "portal")
        else:
            uid = _live_user(crm, login, groups, active=active)
        crm.people[login] = uid
        if not active:
            continue
        if isinstance(crm, Embedded):
            servers[kind] = crm.connect("all").as_user(login)  # type: ignore[attr-defined]
        else:
            crm._give_keys([uid])
            servers[kind] = log_in(crm.odoo.url, crm.database, login, f"{crm.key}{uid}")
    _portfolio(crm)
    return Office(crm, servers)


def _portfolio(crm: Crm) -> None:
    people = (False, crm.people[LOGINS["own"]])
    row = {"referred": MARK, "type": "opportunity", "stage_id": crm.stages["Nueva"], "city": "Lima"}
    crm.create("crm.lead", *({**row, "name": f"{MARK} {n}", "user_id": people[n % 2]} for n in range(8)))
    other = {"user_id": crm.people[LOGINS["manager"]]}
    crm.create("crm.lead", *({**row, **other, "name": f"{MARK} ajeno {n}"} for n in range(2)))
    lead = {"type": "lead", "user_id": False}
    people_of = ({"contact_name": f"{MARK} {n}", "email_from": f"{MARK}{n}@cliente.example"} for n in range(2))
    crm.create("crm.lead", *({**row, **lead, **one, "name": f"{MARK} por convertir"} for one in people_of))
    crm.create("res.partner", *({"name": f"{MARK} {n}", "ref": MARK, "city": "Lima"} for n in range(4)))
    (company,) = crm.create("res.partner", {"name": f"{MARK} empresa", "ref": MARK, "is_company": True})
    crm.create("res.partner", {"name": f"{MARK} contacto", "ref": MARK, "parent_id": company})
    crm.create("crm.lost.reason", {"name": f"{MARK} precio"})


def _embedded_user(tables: Any, login: str, groups: frozenset[str], *, active: bool, share: bool) -> int:
    with tables.transaction():
        partner = tables.add("res.partner", name=login, active=True, type="contact")
        user = {"login": login, "partner_id": partner, "lang": "es_CL", "share": share, "company_id": 1}
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


@dataclass
class Person:
    """Somebody at a command line, whose work user is of one kind. ``trouble``: what happens on the way to Odoo."""

    kind: str
    office: Office
    folder: Path
    trouble: Trouble | None = None

    def connect(self) -> Server:
        server = self.office.connect(self.kind)
        return self.trouble(server) if self.trouble else server

    def run(self, command: str, *rest: str, force: bool = True) -> Result:
        """``force``: insist on a work user with too many rights, or too few, where the tool would refuse it."""
        forced = FORCE if force and self.kind in REFUSED_UNLESS_FORCED and command in TALKING else ()
        return CliRunner().invoke(cli, [command, *forced, *rest])

    def write_spec(self, content: dict[str, Any]) -> str:
        whole = {
            "version": 1,
            "client": {"name": "Viveros", "language": "es_CL", "timezone": "America/Santiago"},
            "odoo": {"url": "http://127.0.0.1:1", "database": "viveros", "user": login_of(self.kind)},
            "limits": NO_LIMITS,
            **content,
        }
        file = self.folder / "spec.yaml"
        file.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), "utf-8")
        return str(file)
