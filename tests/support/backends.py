"""The same calls asked of the embedded CRM and of real Odoos: the ``backend`` fixture.

All start with the stages New, Qualified, Proposition, Won; a team Sales; a user for each kind of right (`KINDS`).
Tests make their own records, by the same calls on all.
"""

from __future__ import annotations

import itertools
import xmlrpc.client
from dataclasses import dataclass, field
from typing import Any

import pytest

from segmenter.embedded import EmbeddedServer, Tables
from segmenter.embedded.rights import ADMINISTRATOR, SALES_MANAGER, SALESMAN, SALESMAN_OWN
from segmenter.odoo.versions import RENAMED
from tests.live.servers import Server, start
from tests.support.versions import LIVE, fresh, groups_field
from tests.support.wires import ADMIN, api, log_in_as

SECRET = "behaviour-of-both"
KINDS = {"own": SALESMAN_OWN, "all": SALESMAN, "manager": SALES_MANAGER}
GROUPS = {
    "own": "group_sale_salesman",
    "all": "group_sale_salesman_all_leads",
    "manager": "group_sale_manager",
}
_numbers = itertools.count(1)


@dataclass
class Backend:
    """A CRM and its users by kind: `KINDS` and ``admin``."""

    name: str
    servers: dict[str, Any]
    uids: dict[str, int]
    stages: dict[str, int] = field(default_factory=dict)
    version: int = 19
    """The Odoo that it is, or imitates."""

    def call(self, model: str, method: str, *args: Any, by: str = "all", **kwargs: Any) -> Any:
        return self.servers[by].execute_kw(model, method, list(args), kwargs)

    def fault(self, model: str, method: str, *args: Any, by: str = "all", **kwargs: Any) -> tuple[int, str]:
        """The code and the useful line of the fault that the call must end in."""
        with pytest.raises(xmlrpc.client.Fault) as caught:
            self.call(model, method, *args, by=by, **kwargs)
        lines = caught.value.faultString.strip().splitlines()
        return caught.value.faultCode, lines[-1] if caught.value.faultCode == 1 else lines[0]

    def its(self, model: str, name: str) -> str:
        """What a field of 19 is called here."""
        return next(
            (one.old for one in RENAMED if one.since > self.version and (one.model, one.new) == (model, name)), name
        )

    def new(self, model: str = "crm.lead", *, by: str = "all", **values: Any) -> int:
        """A record of the test's own, called by a name of its own."""
        created: int = self.call(model, "create", {"name": self.unique(model), **values}, by=by)
        return created

    def unique(self, what: str = "thing") -> str:
        return f"{what} of test {next(_numbers)}"

    def read(self, model: str, record: int, *fields: str, by: str = "all", **kwargs: Any) -> Any:
        """One record's fields, many2one as ids; the value itself when one field is asked for."""
        (row,) = self.call(model, "read", [record], list(fields), by=by, **({"load": None} | kwargs))
        del row["id"]
        return row[fields[0]] if len(fields) == 1 else row


@dataclass
class _Wire:
    """A real server's object service as one user."""

    url: str
    database: str
    uid: int
    secret: str

    def execute_kw(self, model: str, method: str, args: Any, kwargs: Any) -> Any:
        with xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object", allow_none=True) as proxy:
            return proxy.execute_kw(self.database, self.uid, self.secret, model, method, args, kwargs)


def embedded() -> Backend:
    """A small CRM of its own."""
    tables = Tables()
    add = tables.add
    add("res.lang", name="English (US)", code="en_US", active=True)
    add("res.lang", name="Spanish (CL)", code="es_CL", active=True)
    add("res.lang", name="Spanish (PE)", code="es_PE", active=False)
    add("res.company", name="YourCompany", active=True)
    for name, code in (
        ("Chile", "CL"),
        ("Peru", "PE"),
        ("Spain", "ES"),
        ("Åland Islands", "AX"),
        ("Côte d'Ivoire", "CI"),
    ):
        add("res.country", name=name, code=code)
    chile = 1
    add("res.country.state", name="Antofagasta", code="CL-AN", country_id=chile)
    for name, sequence in (("New", 1), ("Qualified", 2), ("Proposition", 3), ("Won", 70)):
        add("crm.stage", name=name, sequence=sequence, is_won=name == "Won", fold=False)
    uids = {}
    for kind, groups in {**KINDS, "admin": ADMINISTRATOR}.items():
        partner = add("res.partner", name=f"test {kind}", complete_name=f"test {kind}", active=True, type="contact")
        user = {"login": f"test_{kind}", "partner_id": partner, "lang": "en_US", "share": False, "active": True}
        uids[kind] = add("res.users", name=f"test {kind}", company_id=1, **user)
        tables.groups[uids[kind]] = groups
    sales = {"use_opportunities": True, "use_leads": False, "active": True, "member_ids": (uids["admin"],)}
    add("crm.team", name="Sales", sequence=0, **sales)
    servers = {kind: EmbeddedServer(tables, uid=uid, login=f"test_{kind}") for kind, uid in uids.items()}
    return Backend("embedded", servers, uids)


def live(version: str) -> Backend:
    """A fresh copy of the real server's template database, with a user of each kind."""
    server = start(version)
    database = fresh(server, "behaviour")
    admin = _user(server, database, ADMIN, server.admin_login, server.admin_password)
    admin.execute_kw("res.users", "write", [[ADMIN], {"lang": "en_US"}], {})
    found, servers = {"admin": ADMIN}, {"admin": admin}
    for kind, group in GROUPS.items():
        domain = [["module", "=", "sales_team"], ["name", "=", group]]
        (row,) = admin.execute_kw("ir.model.data", "search_read", [domain, ["res_id"]], {})
        user = {"name": f"test {kind}", "login": f"test_{kind}", "password": f"{SECRET}-{kind}", "lang": "en_US"}
        if int(version) < 19:  # which refuse the changes of whoever has no address to tell them from
            user["email"] = f"{kind}@behaviour.example"
        values = {**user, groups_field(version): [[6, 0, [row["res_id"]]]]}
        found[kind] = admin.execute_kw("res.users", "create", [values], {})
        servers[kind] = _user(server, database, found[kind], user["login"], user["password"])
    return Backend(f"live{version}", servers, found, version=int(version))


def _user(server: Server, database: str, uid: int, login: str, secret: str) -> Any:
    """Over XML-RPC without any code of the tool, over JSON-2 by the tool's own."""
    if api() != "json2":
        return _Wire(server.url, database, uid, secret)
    return log_in_as(server, database, uid, login, secret)


@pytest.fixture(scope="session", params=["embedded", *LIVE])
def backend(request: pytest.FixtureRequest) -> Backend:
    """The embedded CRM, and under ``-m live`` real ones."""
    crm = embedded() if request.param == "embedded" else live(request.param)
    crm.stages = {row["name"]: row["id"] for row in crm.call("crm.stage", "search_read", [], ["name"])}
    return crm
