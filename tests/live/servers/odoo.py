"""Any version of Odoo as a live server: its template database, its life, its copies."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import xmlrpc.client
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol, cast

from .api_keys import inserting
from .machine import (
    ServerError,
    cache,
    daemon,
    end,
    environment,
    free_port,
    make_folder,
    only_one,
    run,
    running,
    say,
    tail,
    wait_for,
    write,
)
from .postgres import USER, Postgres

DATABASE = "crm"
TEMPLATE = "crm_template"
ADMIN = "admin"
MODULES = "crm,base_automation"
# The first language is the users': Spanish alone would switch English off.
LANGUAGES = "en_US,es_CL"

# Odoo in workers starts one process more, for the web client's long polls; the unpacked 14 cannot, and tries for ever.
WORKERS_ONLY = """
import os
os.environ["TZ"] = "UTC"
import odoo.cli, odoo.service.server
odoo.service.server.PreforkServer.long_polling_spawn = lambda self: None
odoo.cli.main()
"""


class Recipe(ABC):
    """What differs from one version of Odoo to the next."""

    version: ClassVar[str]
    settings: ClassVar[Mapping[str, str]] = {}
    demo: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def build(self, folder: Path) -> None:
        """Fetch and unpack the program into an empty folder, which may move later."""

    @abstractmethod
    def python(self, built: Path) -> list[str]:
        """Return the command that is the Python of a built folder."""

    def program(self, built: Path) -> list[str]:
        """Return what makes `odoo` of that Python: most scripts hold the folder they were built in."""
        return ["-m", "odoo"]

    @abstractmethod
    def addons(self, built: Path) -> Path:
        """Return the folder of the modules."""

    @abstractmethod
    def environment(self, built: Path) -> dict[str, str]:
        """Return the variables that Python needs to find `odoo`."""

    def compile(self, built: Path, sources: Path) -> None:
        """Compile once what every process would compile at its start."""
        say("compiling")
        # Tests and templates hold files that are no valid Python, so failure is no news.
        quiet = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)"
        run([*self.python(built), "-c", quiet, str(sources)], env=environment(self.environment(built)))


class Lacking(ServerError):
    """A test needs what one may not do to a server of somebody else; the text says what."""


class Behind(Protocol):
    """What one may do to a server beside calling it. ``template``: the database to copy; ``master``: the password of
    the server's database service; ``ours``: whether all that is on it is of these tests; ``keys``: whether people log
    in by API keys there."""

    @property
    def template(self) -> str: ...
    @property
    def master(self) -> str: ...
    @property
    def ours(self) -> bool: ...
    @property
    def keys(self) -> bool: ...
    def odoo(self, arguments: list[str], script: str = "", timeout: float = 900) -> str: ...
    def sql(self, statement: str, database: str) -> list[str]: ...
    def give_keys(self, database: str, keys: Mapping[int, str], *, scope: str = "") -> None: ...
    def template_with(self, modules: str) -> str: ...
    def in_workers(self, number: int) -> AbstractContextManager[Server]: ...


@dataclass(frozen=True)
class Server:
    """A running Odoo, and what one may do to it beside calling it."""

    version: str
    url: str
    database: str
    admin_login: str
    admin_password: str
    log_path: Path
    _home: Behind = field(repr=False, compare=False)

    def connection(self) -> dict[str, str]:
        """Return what a client needs, in words that JSON knows."""
        names = ("version", "url", "database", "admin_login", "admin_password")
        return {name: str(getattr(self, name)) for name in names}

    @property
    def ours(self) -> bool:
        """Whether all that is on it is of these tests."""
        return self._home.ours

    def databases(self) -> list[str]:
        """List the databases one may log in to; the template is not among them."""
        return cast("list[str]", self._service("list"))

    def fresh_database(self, name: str, template: str = "") -> str:
        """Make `name` a new copy of the template or another database, instead of any old one, in a second.

        Odoo itself copies and drops, so that nothing of the old one stays in its memory.
        """
        self.drop_database(name)
        self._service("duplicate_database", self._home.master, template or self._home.template, name)
        return name

    def template_with(self, modules: str) -> str:
        """The name of a template that has these modules too (`a,b`), made when it is first asked for."""
        return self._home.template_with(modules)

    def drop_database(self, name: str) -> None:
        """Drop a database and its files; none of that name is no mistake."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", name):
            raise ServerError(f"{name!r} is no database name: lower-case letters, digits and _")
        if name.startswith(TEMPLATE) or name in {self._home.template, "postgres", "template0", "template1"}:
            raise ServerError(f"the database {name} must stay as it is")
        if name in self.databases():
            self._service("drop", self._home.master, name)

    def shell(self, script: str, database: str | None = None, timeout: float = 900) -> str:
        """Run Python inside `odoo shell` (where `env` is), and return what it printed.

        Nothing is kept unless the script says `env.cr.commit()`.
        """
        arguments = ["shell", "-d", database or self.database, "--no-http"]
        return self._home.odoo(arguments, script=script, timeout=timeout)

    def sql(self, statement: str, database: str) -> list[str]:
        """Run a statement as the owner of the database, and return the rows' text, columns parted by `|`."""
        return self._home.sql(statement, database)

    def give_keys(self, keys: Mapping[int, str], database: str, *, scope: str = "") -> None:
        """What each of these users logs in by (id -> key). ``scope``: what alone it is good for."""
        self._home.give_keys(database, keys, scope=scope)

    def need_keys(self) -> None:
        """Raises `Lacking` where `give_keys` gives passwords."""
        if not self._home.keys:
            raise Lacking("API keys, which people make in Odoo's screens")

    @contextlib.contextmanager
    def in_workers(self, number: int) -> Iterator[Server]:
        """Serve the same databases from another port by a second Odoo in this many processes, until the block ends."""
        with self._home.in_workers(number) as server:
            yield server

    def _service(self, method: str, *arguments: str) -> object:
        """Call Odoo's own database service."""
        try:
            with xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/db") as proxy:
                return cast("object", getattr(proxy, method)(*arguments))
        except (xmlrpc.client.Error, OSError, http.client.HTTPException) as error:
            said = str(getattr(error, "faultString", error)).strip().splitlines() or ["?"]
            raise ServerError(f"Odoo cannot {method} {arguments[1:]}: {said[-1]}") from error


@dataclass(frozen=True)
class Home:
    """The folder where one version lives: the program, its database, its state."""

    recipe: Recipe
    folder: Path
    template: str = TEMPLATE
    master: str = ADMIN
    ours: bool = True
    keys: bool = True

    @classmethod
    def of(cls, recipe: Recipe) -> Home:
        """Return the version's own place in the cache."""
        return cls(recipe, cache() / recipe.version)

    @property
    def built(self) -> Path:
        """The program, complete as soon as this name exists."""
        return self.folder / "program"

    @property
    def postgres(self) -> Postgres:
        """The version's own database server."""
        return Postgres(self.folder)

    @property
    def config(self) -> Path:
        """Odoo's settings; its path also marks our processes among others."""
        return self.folder / "odoo.conf"

    @property
    def pid_file(self) -> Path:
        """Who serves."""
        return self.folder / "odoo.pid"

    @property
    def log(self) -> Path:
        """What the server complained about."""
        return self.folder / "odoo.log"

    def environment(self) -> dict[str, str]:
        """Return the variables any Odoo process of this version gets."""
        own = {"HOME": str(self.folder / "home"), **self.recipe.environment(self.built)}
        return environment(own)

    def command(self, *arguments: str) -> list[str]:
        """Return an `odoo` command line on our settings."""
        command, rest = [*self.recipe.python(self.built), *self.recipe.program(self.built)], list(arguments)
        if rest and not rest[0].startswith("-"):
            command.append(rest.pop(0))
        return [*command, "-c", str(self.config), *rest]

    def odoo(self, arguments: list[str], script: str = "", timeout: float = 900) -> str:
        """Run `odoo` to its end."""
        command = self.command(*arguments)
        return run(command, env=self.environment(), script=script, timeout=timeout)

    def sql(self, statement: str, database: str) -> list[str]:
        """Run a statement as the owner of the database."""
        return self.postgres.sql(statement, database=database)

    def give_keys(self, database: str, keys: Mapping[int, str], *, scope: str = "") -> None:
        """People make keys in Odoo's screens alone, so these are put into its table."""
        self.sql(inserting(keys, scope), database)

    def server(self) -> Server | None:
        """Return the server when it runs, answering or not."""
        port = self.port()
        if port is None or running(self.pid_file, str(self.config)) is None:
            return None
        url = f"http://127.0.0.1:{port}"
        return Server(self.recipe.version, url, DATABASE, ADMIN, ADMIN, self.log, self)

    def port(self) -> int | None:
        """Return the port of this or the last time: a stable address is a kindness."""
        try:
            return int((self.folder / "port").read_text())
        except (OSError, ValueError):
            return None

    def start(self) -> Server:
        """Return a server that answers, doing only what is not done yet."""
        make_folder(self.folder)
        with only_one(self.folder):
            make_folder(self.folder / "home")
            self._build()
            self.postgres.start()
            found = self.server()
            if found is None or not _answers(found):
                end(self.pid_file, str(self.config))
                self._write_config(free_port(self.port()))
                self._make_template()
                found = self._serve()
            if DATABASE not in found.databases():
                say(f"copying the template to the database {DATABASE}")
                found.fresh_database(DATABASE)
            return found

    def stop(self) -> None:
        """Stop Odoo and its PostgreSQL; what was made stays for the next start."""
        if self.folder.exists():
            with only_one(self.folder):
                end(self.pid_file, str(self.config))
                self.postgres.stop()

    @contextlib.contextmanager
    def in_workers(self, number: int) -> Iterator[Server]:
        """Run a second Odoo in this many processes, without their usual limits of time and memory."""
        pid_file, log = self.folder / "workers.pid", self.folder / "workers.log"
        port = free_port()
        settings = {"workers": number, "http-port": port, "limit-memory-hard": 0}
        settings |= {"limit-time-cpu": 86400, "limit-request": 1 << 20}
        end(pid_file, str(self.config))
        write(log, "")
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        command = [*self.recipe.python(self.built), "-c", WORKERS_ONLY, "-c", str(self.config), *arguments]
        daemon(command, pid_file=pid_file, log=log, env=self.environment())
        server = Server(self.recipe.version, f"http://127.0.0.1:{port}", DATABASE, ADMIN, ADMIN, log, self)
        try:
            wait_for(lambda: _answers(server), 120, "Odoo does not answer from its workers", log)
            yield server
        finally:
            end(pid_file, str(self.config))

    def _build(self) -> None:
        """Build beside the final name, so that a half-made program is never used."""
        if self.built.exists():
            return
        draft = self.folder / "program.new"
        if draft.exists():
            shutil.rmtree(draft)
        make_folder(draft)
        self.recipe.build(draft)
        draft.rename(self.built)

    def _write_config(self, port: int) -> None:
        """Settle what a test server needs: any database, no cron, no time limit."""
        settings = {
            "addons_path": str(self.recipe.addons(self.built)),
            "data_dir": str(self.folder / "data"),
            "db_host": str(self.postgres.sockets),
            "db_port": "5432",
            "db_user": USER,
            "admin_passwd": ADMIN,
            "list_db": "True",
            "http_interface": "127.0.0.1",
            "http_port": str(port),
            "max_cron_threads": "0",
            "workers": "0",
            "limit_time_real": "86400",
            "limit_memory_soft": str(64 << 30),
            "log_level": "warn",
            **self.recipe.settings,
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        write(self.config, "\n".join(["[options]", *lines, ""]))
        write(self.folder / "port", f"{port}\n")

    def _make_template(self) -> None:
        """Make the database all others are copied from."""
        languages = f"--load-language={LANGUAGES}"
        self._template(TEMPLATE, ["-i", MODULES, languages], "initialising the template database (about a minute)")

    def template_with(self, modules: str) -> str:
        """Make a copy of the template in which more modules are installed, unless it is there."""
        name = f"{TEMPLATE}_{modules.replace(',', '_')}"
        with only_one(self.folder):
            self._template(
                name, ["-i", modules], f"installing {modules} in a template of its own (about a minute)", TEMPLATE
            )
        return name

    def _template(self, name: str, arguments: list[str], about: str, parent: str = "") -> None:
        """Make a database to copy from, by `odoo` with these arguments, and close it to everybody."""
        sql, draft = self.postgres.sql, f"{name}_new"
        if sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return
        say(about)
        sql(f"DROP DATABASE IF EXISTS {draft}")
        files = self.folder / "data" / "filestore"
        for folder in (draft, name):
            shutil.rmtree(files / folder, ignore_errors=True)
        if parent:
            sql(f"CREATE DATABASE {draft} TEMPLATE {parent}")
            run(["cp", "-a", str(files / parent), str(files / draft)])
        self.odoo(["-d", draft, *arguments, *self.recipe.demo, "--stop-after-init", "--no-http"], timeout=1200)
        asked = ", ".join(f"'{module}'" for module in arguments[1].split(","))
        if sql(f"SELECT 1 FROM ir_module_module WHERE name IN ({asked}) AND state <> 'installed'", database=draft):
            raise ServerError(f"Odoo did not install {arguments[1]}")
        (files / draft).rename(files / name)
        sql(
            f"ALTER DATABASE {draft} RENAME TO {name}",
            f"ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false",
        )

    def _serve(self) -> Server:
        """Start serving, and wait for the first answer."""
        say("starting Odoo")
        write(self.log, "")
        daemon(self.command(), pid_file=self.pid_file, log=self.log, env=self.environment())

        def answers_or_ended() -> bool:
            found = self.server()
            return found is None or _answers(found)

        wait_for(answers_or_ended, 120, "Odoo does not answer", self.log)
        found = self.server()
        if found is None:
            raise ServerError(f"Odoo ended at its start\n{tail(self.log)}")
        return found


def _answers(server: Server) -> bool:
    """Tell whether the server answers a call."""
    with contextlib.suppress(ServerError):
        server.databases()
        return True
    return False
