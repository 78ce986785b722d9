"""An Odoo that somebody else started, reached over RPC alone: no shell, no log, and SQL only by a command of theirs."""

from __future__ import annotations

import atexit
import contextlib
import os
import xmlrpc.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .api_keys import inserting
from .machine import ServerError, run, say
from .odoo import LANGUAGES, MODULES, Lacking, Server


@dataclass(frozen=True)
class Foreign:
    """Where it is and who may administrate it. ``template``: the database that all others are copied from, by the
    server's own database service, whose master password is ``master``. It is never written to. ``psql``: the command
    that runs SQL as the owner of its databases, empty where there is none."""

    url: str
    template: str
    admin_login: str
    admin_password: str
    master: str
    psql: tuple[str, ...] = ()
    ours: bool = False

    @property
    def keys(self) -> bool:
        return bool(self.psql)

    def server(self) -> Server:
        """The server, as tests use it. Raises `ServerError` where it does not answer."""
        about = _Calls(self, self.template).common("version")
        version = str(about["server_version_info"][0]).removeprefix("saas~")
        return Server(version, self.url, self.template, self.admin_login, self.admin_password, Path(os.devnull), self)

    def check(self) -> None:
        """Raises `ServerError` with all that the template lacks."""
        try:
            self.server().databases()
        except ServerError as error:
            raise ServerError(f"the database service of {self.url} is off: it makes no copies ({error})") from error
        calls = _Calls(self, self.template)
        wanted = {*MODULES.split(",")}
        modules = calls.of("ir.module.module", "search_read", [["state", "=", "installed"]], ["name"])
        lacking = [f"the module {name}" for name in sorted(wanted - {row["name"] for row in modules})]
        languages = {row["code"] for row in calls.of("res.lang", "search_read", [], ["code"])}
        lacking += [f"the language {code}" for code in LANGUAGES.split(",") if code not in languages]
        if not lacking and not calls.of("crm.lead", "search_count", []):
            lacking = ["the demo data of the CRM"]
        if lacking:
            raise ServerError(f"the database {self.template} on {self.url} lacks {', '.join(lacking)}")

    def give_keys(self, database: str, keys: Mapping[int, str], *, scope: str = "") -> None:
        """Passwords, where there is no SQL: keys are made in Odoo's screens alone."""
        if self.psql:
            self.sql(inserting(keys, scope), database)
            return
        if scope:
            raise Lacking(f"a key that is good for {scope} alone, which people make in Odoo's screens")
        for user, key in keys.items():
            _Calls(self, database).of("res.users", "write", [user], {"password": key})

    def template_with(self, modules: str) -> str:
        """A copy of the template with these modules too, dropped at the end of the process."""
        name = f"{self.template}_{modules.replace(',', '_')}_{os.getpid()}"
        server = self.server()
        if name not in server.databases():
            say(f"installing {modules} in a copy of {self.template}")
            server.fresh_database(name)
            atexit.register(server.drop_database, name)
            calls = _Calls(self, name)
            ids = calls.of("ir.module.module", "search", [["name", "in", modules.split(",")]])
            with contextlib.suppress(xmlrpc.client.Fault):  # it answers with an action that may hold None
                calls.of("ir.module.module", "button_immediate_install", ids)
            found = calls.of("ir.module.module", "search_count", [["id", "in", ids], ["state", "=", "installed"]])
            if not ids or found != len(modules.split(",")):
                raise Lacking(f"{self.url} has no module {modules}")
        return name

    def odoo(self, arguments: list[str], script: str = "", timeout: float = 900) -> str:
        raise Lacking("a shell inside Odoo")

    def sql(self, statement: str, database: str) -> list[str]:
        if not self.psql:
            raise Lacking("SQL on its database")
        options = ["-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return run([*self.psql, *options], env=os.environ, as_root=True).splitlines()

    @contextlib.contextmanager
    def in_workers(self, number: int) -> Iterator[Server]:
        raise Lacking("a second Odoo on its databases")
        yield


@dataclass(frozen=True)
class _Calls:
    """Calls of one database as its administrator."""

    to: Foreign
    database: str

    def common(self, method: str, *arguments: Any) -> Any:
        try:
            with xmlrpc.client.ServerProxy(f"{self.to.url}/xmlrpc/2/common") as proxy:
                return getattr(proxy, method)(*arguments)
        except (xmlrpc.client.Error, OSError) as error:
            said = str(getattr(error, "faultString", error)).strip().splitlines() or ["?"]
            raise ServerError(f"no Odoo answers at {self.to.url} for {self.database}: {said[-1]}") from error

    def of(self, model: str, method: str, *arguments: Any) -> Any:
        uid = self.common("authenticate", self.database, self.to.admin_login, self.to.admin_password, {})
        if not uid:
            raise ServerError(f"{self.to.admin_login} cannot log in to {self.database} on {self.to.url}")
        with xmlrpc.client.ServerProxy(f"{self.to.url}/xmlrpc/2/object", allow_none=True) as proxy:
            return proxy.execute_kw(self.database, uid, self.to.admin_password, model, method, list(arguments))
