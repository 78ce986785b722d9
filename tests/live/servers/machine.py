"""What the live servers need of the machine: a cache, an account, processes.

Everything here is independent of Odoo, so that each version of it can share it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ACCOUNT = "segmenter-live"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ServerError(Exception):
    """A live server cannot be had; the text is fit to be shown as it is."""


def say(text: str) -> None:
    """Tell progress on stderr: stdout carries the answer alone."""
    print(f"[live] {text}", file=sys.stderr, flush=True)


def account() -> str | None:
    """Name the account servers run as: PostgreSQL refuses root, so root gets one."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT).pw_name
    with changing_the_machine():
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(ACCOUNT).pw_name
        say(f"creating the system user {ACCOUNT}")
        command = ["useradd", "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT]
        done = subprocess.run(command, env={"PATH": SYSTEM_PATH}, capture_output=True, text=True, check=False)
        _check(done, f"the system user {ACCOUNT} cannot be created")
    return ACCOUNT


def cache() -> Path:
    """Choose where everything is kept; root's home is often closed to other users."""
    named = os.environ.get("SEGMENTER_LIVE_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/tmp/segmenter-live")
    return Path.home() / ".cache" / "segmenter-live"


def make_folder(folder: Path) -> None:
    """Make a folder that belongs to the servers' account and that it can reach."""
    owner = account()
    folder.parent.mkdir(parents=True, exist_ok=True)
    ours = {os.geteuid()} | ({pwd.getpwnam(owner).pw_uid} if owner else set())
    if folder.parent.stat().st_uid not in ours:
        raise ServerError(f"{folder.parent} belongs to another user: set SEGMENTER_LIVE_CACHE to a folder of your own")
    folder.mkdir(exist_ok=True)
    if owner:
        shutil.chown(folder, owner, owner)
    try:
        run(["test", "-x", str(folder), "-a", "-w", str(folder)])
    except ServerError as error:
        raise ServerError(
            f"{folder} cannot be reached by the user {owner}: set SEGMENTER_LIVE_CACHE to a folder every user may enter"
        ) from error


def write(path: Path, text: str) -> None:
    """Write a small file whole, readable by the servers' account."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o644)
    draft.replace(path)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Let one process at a time build, start or stop what a folder holds."""
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another process that is at the same")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def changing_the_machine() -> Iterator[None]:
    """Let one process at a time add a user or packages: servers of two versions may start at once."""
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder):
        yield


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give servers a bare environment: a caller's PG* or ODOO_* must not reach them."""
    return {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "HOME": "/nonexistent", **(extra or {})}


def downloading(home: Path) -> dict[str, str]:
    """Give downloaders the caller's environment: it may hold proxies and indexes."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "XDG_"))}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    script: str | None = None,
    log: Path | None = None,
    as_root: bool = False,
    timeout: float = 600,
) -> str:
    """Run a command as the servers' account, and return what it printed.

    With `log` its output goes there instead: a command that leaves a server behind
    would otherwise hold the pipe open for good.
    """
    user = None if as_root else account()
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(log.open("a")) if log else subprocess.PIPE
        try:
            done = subprocess.run(
                command,
                env=dict(environment() if env is None else env),
                cwd=cwd or "/",
                input=script or "",
                stdout=sink,
                stderr=subprocess.STDOUT if log else subprocess.PIPE,
                text=True,
                errors="replace",
                timeout=timeout,
                check=False,
                umask=0o022,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ServerError(f"`{' '.join(command[:3])}` failed: {error}") from error
    _check(done, f"`{' '.join(command[:3])} …` failed", log)
    return done.stdout or ""


def _check(done: subprocess.CompletedProcess[str], sentence: str, log: Path | None = None) -> None:
    """Turn a failed command into one sentence and the end of what it said."""
    if done.returncode:
        said = tail(log) if log else (done.stderr or done.stdout or "")[-3000:]
        raise ServerError(f"{sentence} (exit code {done.returncode})\n{said.rstrip()}")


def tail(log: Path, lines: int = 25) -> str:
    """Return the end of a log, for a failure message."""
    if not log.exists():
        return "(no log)"
    text = log.read_bytes()[-20_000:].decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])


def daemon(command: Sequence[str], *, pid_file: Path, log: Path, env: Mapping[str, str]) -> None:
    """Start a process that outlives its caller and leaves no child behind in it."""
    pid_file.unlink(missing_ok=True)
    keep_pid = 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"'
    run(
        ["setsid", "--fork", "sh", "-c", keep_pid, str(pid_file), *command],
        env=env,
        log=log,
    )
    wait_for(pid_file.exists, 10, f"{command[0]} did not start", log)


def running(pid_file: Path, mark: str) -> int | None:
    """Return the pid when it still is that process: numbers are used again."""
    try:
        pid = int(pid_file.read_text())
        told = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if mark.encode() in told else None


def end(pid_file: Path, mark: str, patience: float = 15) -> None:
    """End that one process, kindly first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        pid = running(pid_file, mark)
        if pid is None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + patience
        while running(pid_file, mark) and time.monotonic() < until:
            time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def wait_for(ready: Callable[[], bool], seconds: float, failure: str, log: Path) -> None:
    """Wait until `ready()` is true, no longer than `seconds`."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise ServerError(f"{failure} within {seconds:.0f} s\n{tail(log)}")
        time.sleep(0.2)


def free_port(wanted: int | None = None) -> int:
    """Find a free loopback port, the wanted one if it may be had."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerError("no loopback port is free")
