"""One engagement on a CRM: work users, leads that people worked on, and the tool's whole job on them.

The same on the CRM in memory and on real Odoos: see `engagement_fixtures`.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from segmenter import execution
from segmenter.conditions import Clock
from segmenter.drafting import Draft, draft
from segmenter.embedded import EmbeddedServer, Service, Tables, serve
from segmenter.embedded.demo_setup import WORK_USER, configuration
from segmenter.ledger import Ledger, RunReport, UndoPreview, Who
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from segmenter.plans import Plan
from segmenter.spec import loads
from segmenter.spec.model import Spec
from tests.live import servers
from tests.support.versions import fresh, groups_field
from tests.support.wires import as_admin, log_in

ANA, LUIS, CARMEN = (f"{who}@viveros.example" for who in ("ana", "luis", "carmen"))
LOGINS = {"own": ANA, "all": WORK_USER, "manager": CARMEN}
"""Kinds of work user: own documents, all documents, manager of Sales."""

STAGES = ("Nueva", "Calificado", "Propuesta", "Ganado")
SILENT = {"tracking_disable": True, "lang": "es_CL"}
AUTOMATIC = {"probability", "lead_properties"}
"""Writable fields of a lead that Odoo sets by itself when others are written (the read-only ones are left out too)."""

Address = tuple[str, str, str, str]
"""URL, database, login, key."""
Wrap = Callable[[Server], Server]
NO_LIMITS = dict.fromkeys(("changes", "overwrites", "removed_tags", "moved_stages"), "off")


class Crm(ABC):
    """A CRM with the people of `LOGINS`, the stages of `STAGES`, and its administrator, who may look at everything."""

    name: str
    admin: Server

    def __init__(self, admin: Server) -> None:
        self.admin = admin
        self.people = {row["login"]: row["id"] for row in self.find("res.users", [], ["login"])}
        self.stages = {row["name"]: row["id"] for row in self.find("crm.stage", [], ["name"])}
        self.teams = {row["name"]: row["id"] for row in self.find("crm.team", [], ["name"])}
        if "Nuevo" in self.stages:  # in 14, and in memory
            self.stages["Nueva"] = self.stages.pop("Nuevo")
            self.write("crm.stage", [self.stages["Nueva"]], name="Nueva")

    @cached_property
    def shared(self) -> dict[str, Any]:
        """The value by which a favourite is nobody's own."""
        several = "user_ids" in self.call("ir.filters", "fields_get", [], ["type"])
        return {"user_ids": [[6, 0, []]]} if several else {"user_id": False}

    @abstractmethod
    def connect(self, kind: str = "all") -> Server:
        """A connection as a kind of work user; two in a row are two."""

    @abstractmethod
    def served(self, kind: str) -> AbstractContextManager[Address]:
        """Where another process finds it as a kind of work user; while it lasts, `connect` goes there too."""

    def call(self, model: str, method: str, *args: Any, **context: Any) -> Any:
        """Anything at all, as the administrator, in silence."""
        return self.admin.execute_kw(model, method, list(args), {"context": {**SILENT, **context}})

    def create(self, model: str, *rows: Mapping[str, Any]) -> list[int]:
        return list(self.call(model, "create", [dict(row) for row in rows]))

    def write(self, model: str, ids: Sequence[int], **values: Any) -> None:
        self.call(model, "write", list(ids), values)

    def find(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Archived ones too, in order of id, many2one as the id."""
        context = {**SILENT, "active_test": False}
        ids = self.admin.execute_kw(model, "search", [list(domain)], {"order": "id", "context": context})
        # Two calls, as the `search_read` of 14 always names what a many2one leads to.
        rows = self.admin.execute_kw(model, "read", [ids, list(fields)], {"load": None, "context": context})
        assert isinstance(rows, list)
        return rows

    def ids(self, model: str, domain: Sequence[Any]) -> list[int]:
        return [row["id"] for row in self.find(model, domain, ["id"])]


class Embedded(Crm):
    """The CRM in memory."""

    name = "embedded"

    def __init__(self) -> None:
        self._face: Service | None = None
        tables = Tables()
        with tables.transaction():
            ids = configuration(tables)
        self._server = EmbeddedServer(tables, uid=ids["user", WORK_USER], login=WORK_USER, database="viveros")
        super().__init__(self._server.as_user("admin@viveros.example"))

    def connect(self, kind: str = "all") -> Server:
        if self._face is None:
            return self._server.as_user(LOGINS[kind])
        return connect(*self._address(kind, self._face))

    @contextmanager
    def served(self, kind: str) -> Iterator[Address]:
        with serve(self._server) as face:
            self._face = face
            yield self._address(kind, face)
            self._face = None

    def _address(self, kind: str, face: Service) -> Address:
        return face.url, self._server.identity.database, LOGINS[kind], face.password


class Live(Crm):
    """A database of its own on a real Odoo."""

    key = "0123456789abcdef"
    purpose = "e2e"

    def __init__(self, version: str) -> None:
        self.name, self.version = f"live{version}", version
        self.odoo = servers.start(version)
        self.database = fresh(self.odoo, self.purpose)
        super().__init__(as_admin(self.odoo, self.database))
        self._people()
        # Logging in costs more than most tests, so two connections of each kind serve them all.
        self._open = {kind: itertools.cycle([self._login(kind), self._login(kind)]) for kind in LOGINS}

    def _login(self, kind: str) -> Server:
        return log_in(*self._address(kind))

    def _address(self, kind: str) -> Address:
        return self.odoo.url, self.database, LOGINS[kind], f"{self.key}{self.people[LOGINS[kind]]}"

    def _people(self) -> None:
        """The same as the CRM in memory has: see `segmenter.embedded.demo_setup`."""
        named = self.find("ir.model.data", [["module", "in", ["base", "sales_team"]], ["model", "=", "res.groups"]], [])
        group = {f"{row['module']}.{row['name']}": row["res_id"] for row in named}
        sales = {
            ANA: "group_sale_salesman",
            LUIS: "group_sale_salesman",
            CARMEN: "group_sale_manager",
            WORK_USER: "group_sale_salesman_all_leads",
        }
        rows = [
            {
                "name": login.split("@")[0].title(),
                "login": login,
                "email": login,
                "lang": "es_CL",
                groups_field(self.odoo.version): [[6, 0, [group["base.group_user"], group[f"sales_team.{name}"]]]],
            }
            for login, name in sales.items()
        ]
        made = self.call("res.users", "create", rows, no_reset_password=True)
        self.people |= dict(zip(sales, made, strict=True))
        self._give_keys(made)
        for name, logins in (("Ventas Cono Sur", (ANA, LUIS)), ("Ventas Europa", (CARMEN,))):
            members = [[6, 0, [self.people[login] for login in logins]]]
            self.teams[name] = self.create("crm.team", {"name": name, "member_ids": members})[0]

    def _give_keys(self, users: Sequence[int]) -> None:
        """An API key each, as work users have: the login of a password costs Odoo half a second of hashing."""
        self.odoo.give_keys({user: f"{self.key}{user}" for user in users}, self.database)

    def connect(self, kind: str = "all") -> Server:
        return next(self._open[kind])

    @contextmanager
    def served(self, kind: str) -> Iterator[Address]:
        yield self._address(kind)


def paced(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a run with what is about its pace (``connections``, ``batch_size``...) gathered in one."""
    pace = {one.name for one in fields(execution.Pace)}
    rest = {name: value for name, value in options.items() if name not in pace}
    return rest | {"pace": execution.Pace(**{name: value for name, value in options.items() if name in pace})}


_marks = itertools.count(1)


@dataclass
class Engagement:
    """The job on leads of its own, told from all others by `mark`, which their field "referred" holds."""

    crm: Crm
    ledger: Ledger
    mark: str = field(default_factory=lambda: f"E{next(_marks)}")
    leads: list[int] = field(default_factory=list)

    # What is there before

    def tag(self, name: str) -> str:
        """A name that no other test uses."""
        return f"{self.mark} {name}"

    def make_tag(self, name: str, color: int = 3, model: str = "crm.tag") -> int:
        """A tag that people made."""
        return self.crm.create(model, {"name": self.tag(name), "color": color})[0]

    def make_leads(self, number: int, **values: Any) -> list[int]:
        """Leads in every condition; ``values``: what all of them hold, or (callable) what the n-th one holds."""
        new = self.crm.create("crm.lead", *(self._lead(n, values) for n in range(number)))
        self.leads += new
        return new

    def _lead(self, n: int, values: Mapping[str, Any]) -> dict[str, Any]:
        here = self.crm
        holder = (False, here.people[ANA], here.people[LUIS], here.people[CARMEN])[n % 4]
        europe = holder == here.people[CARMEN]
        row = {
            "name": f"{self.mark} lead {n:04}",
            "referred": self.mark,
            "type": "opportunity",
            "expected_revenue": 1000 * (n % 10),
            "priority": str(n % 3),
            "stage_id": here.stages[STAGES[n % 3]],
            "user_id": holder,
            "team_id": here.teams["Ventas Europa" if europe else "Ventas Cono Sur"],
            "city": ("Santiago", "Lima", False)[n % 3],
        }
        return row | {name: value(n) if callable(value) else value for name, value in values.items()}

    # The spec

    def spec(self, *segmentations: Mapping[str, Any], **top: Any) -> Spec:
        """A spec on this engagement's leads, without limits unless ``top`` says otherwise."""
        content: dict[str, Any] = {
            "version": 1,
            "client": {"name": "Viveros", "language": "es_CL", "timezone": "America/Santiago"},
            "scope": {"model": "crm.lead", "where": {"referred": self.mark}},
            "segmentations": list(segmentations),
            "limits": NO_LIMITS,
        }
        return loads(yaml.safe_dump(content | top, allow_unicode=True, sort_keys=False), "spec.yaml")

    def levels(self, **high: Any) -> dict[str, Any]:
        """Three exclusive tags by revenue, each with a priority; ``high``: what else the first one sets."""
        return {
            "name": "Nivel",
            "store": {"tags": "exclusive"},
            "segments": [
                {
                    "name": self.tag("Alto"),
                    "color": "verde",
                    "when": {"expected_revenue": {">=": 7000}},
                    "set": {"priority": 3, **high},
                },
                {"name": self.tag("Medio"), "when": {"expected_revenue": {">=": 3000}}, "set": {"priority": 2}},
            ],
            "default": {"name": self.tag("Bajo"), "color": "gris"},
        }

    # The job

    def look(self, spec: Spec, server: Server) -> tuple[OdooReader, Catalog, Clock]:
        reader = OdooReader(server, language=spec.client.language, timezone=spec.client.timezone)
        return reader, Catalog(reader), Clock(datetime.now(UTC), ZoneInfo(spec.client.timezone))

    def draft(self, spec: Spec, kind: str = "all", wrap: Wrap | None = None) -> Draft:
        return draft(spec, *self.look(spec, self.connect(kind, wrap)()))

    def plan(self, spec: Spec, kind: str = "all", wrap: Wrap | None = None) -> Plan:
        return self.ledger.save_plan(*self.draft(spec, kind, wrap).to_save())

    def changes(self, spec: Spec, kind: str = "all") -> list[Any]:
        """What would change now (`verify`), configuration too."""
        draft = self.draft(spec, kind)
        return [*draft, *draft.resolved.config]

    def connect(self, kind: str = "all", wrap: Wrap | None = None) -> Callable[[], Server]:
        return lambda: (wrap or (lambda server: server))(self.crm.connect(kind))

    def who(self, kind: str = "all") -> Who:
        return Who("tester", "here", LOGINS[kind], self.crm.people[LOGINS[kind]], "0")

    def apply(self, plan: Plan, kind: str = "all", wrap: Wrap | None = None, **options: Any) -> RunReport:
        return execution.apply(plan.id, self.ledger, self.connect(kind, wrap), who=self.who(kind), **paced(options))

    def resume(self, run: str, kind: str = "all", wrap: Wrap | None = None, **options: Any) -> RunReport:
        return execution.resume(run, self.ledger, self.connect(kind, wrap), who=self.who(kind), **paced(options))

    def undo(self, run: str, kind: str = "all", wrap: Wrap | None = None, **options: Any) -> RunReport:
        return execution.undo(run, self.ledger, self.connect(kind, wrap), who=self.who(kind), **paced(options))

    def preview_undo(self, run: str, kind: str = "all") -> UndoPreview:
        return execution.preview_undo(run, self.ledger, self.connect(kind))

    # What is there after

    def state(self, model: str = "crm.lead", ids: Sequence[int] | None = None) -> dict[int, dict[str, Any]]:
        """Every stored field that people can write, of each record (or lead), tags by name.

        Left out is what Odoo sets by itself (`AUTOMATIC`).
        """
        about = self.crm.call(model, "fields_get", [], ["type", "store", "readonly"])
        names = sorted(
            name
            for name, is_ in about.items()
            if is_["store"] and not is_["readonly"] and is_["type"] != "one2many" and name not in AUTOMATIC
        )
        tags = {"crm.lead": ("tag_ids", "crm.tag"), "res.partner": ("category_id", "res.partner.category")}[model]
        called = {row["id"]: row["name"] for row in self.crm.find(tags[1], [], ["name"])}
        rows = self.crm.find(model, [["id", "in", list(ids or self.leads)]], names)
        return {row["id"]: row | {tags[0]: sorted(called[one] for one in row[tags[0]])} for row in rows}

    def column(self, name: str, ids: Sequence[int] | None = None) -> list[Any]:
        """One field of each lead, in order of id."""
        return [row[name] for row in self.crm.find("crm.lead", [["id", "in", list(ids or self.leads)]], [name])]
