"""A private PostgreSQL per Odoo version: its own data, a unix socket, no network."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from .machine import ServerError, changing_the_machine, downloading, run, say, tail

USER = "odoo"
# The data is disposable, so nothing waits for a disk.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def binaries() -> Path:
    """Find PostgreSQL's server programs; Debian keeps them off the PATH."""
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with changing_the_machine():
            found = _installed() or _install()
    if found is None:
        raise ServerError("PostgreSQL is missing: install its server (Debian: `postgresql`)")
    return found


def _install() -> Path | None:
    """Install it as a package of this machine."""
    say("installing PostgreSQL")
    env = {**downloading(Path("/root")), "DEBIAN_FRONTEND": "noninteractive"}
    # The machine's own daily upgrade may be at it.
    apt = ["apt-get", "-oDPkg::Lock::Timeout=300"]
    try:
        run([*apt, "update"], env=env, as_root=True)
        run([*apt, "install", "-y", "--no-install-recommends", "postgresql"], env=env, as_root=True)
    except ServerError as error:
        raise ServerError(f"PostgreSQL is missing and apt cannot install it: {error}") from error
    return _installed()


def _installed() -> Path | None:
    """Look where Debian puts each major version, the newest first, then on the PATH."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    folders.sort(key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "psql")):
            return folder
    return None


@dataclass(frozen=True)
class Postgres:
    """One cluster below `folder`."""

    folder: Path

    @property
    def sockets(self) -> Path:
        """The folder clients name as their host."""
        return self.folder / "sock"

    @property
    def log(self) -> Path:
        """Where the cluster writes its complaints."""
        return self.folder / "postgres.log"

    def _control(self, *arguments: str, programs: Path | None = None) -> None:
        program = (programs or binaries()) / "pg_ctl"
        run([str(program), "-D", str(self.folder / "pg"), *arguments], log=self.log, timeout=120)

    def is_running(self) -> bool:
        """Ask pg_ctl, which knows a stale pid file from a live one."""
        programs = _installed()
        if programs is None or not (self.folder / "pg").exists():
            return False
        try:
            run([str(programs / "pg_ctl"), "-D", str(self.folder / "pg"), "status"])
        except ServerError:
            return False
        return True

    def start(self) -> None:
        """Create the cluster when there is none, and start it when it is down."""
        if len(os.fsencode(self.sockets)) > 80:
            raise ServerError(
                f"{self.sockets} is too long for a unix socket: set SEGMENTER_LIVE_CACHE to a shorter folder"
            )
        programs = binaries()
        data, draft = self.folder / "pg", self.folder / "pg.new"
        if not data.exists():
            say("creating a PostgreSQL cluster")
            shutil.rmtree(draft, ignore_errors=True)
            options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
            run([str(programs / "initdb"), "-D", str(draft), *options])
            draft.rename(data)
        _make_private(self.sockets)
        if self.is_running():
            return
        options = [f"-k {shlex.quote(str(self.sockets))}", "-c listen_addresses="]
        options += [f"-c {setting}" for setting in SPEED]
        try:
            self._control("-w", "-o", " ".join(options), "start", programs=programs)
        except ServerError as error:
            raise ServerError(f"PostgreSQL does not start\n{tail(self.log)}") from error

    def stop(self) -> None:
        """Stop it cleanly: with fsync off that is what keeps the data whole."""
        if self.is_running():
            self._control("-w", "-m", "fast", "stop")

    def sql(self, *statements: str, database: str = "postgres") -> list[str]:
        """Run statements as the owner of everything, and return the rows' text."""
        command = [str(binaries() / "psql"), "-qXAt", "-h", str(self.sockets), "-U", USER]
        command += ["-v", "ON_ERROR_STOP=1", "-d", database]
        for statement in statements:
            command += ["-c", statement]
        return run(command).splitlines()


def _make_private(folder: Path) -> None:
    """Close the sockets to other users: whoever connects is believed."""
    folder.mkdir(exist_ok=True)
    owner_uid = folder.parent.stat().st_uid
    os.chown(folder, owner_uid, folder.parent.stat().st_gid)
    folder.chmod(0o700)
