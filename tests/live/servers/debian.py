"""Debian packages of another suite, unpacked without being installed."""

from __future__ import annotations

import shutil
from pathlib import Path

from .machine import ServerError, downloading, run, say, write

KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)


def mirror() -> str:
    """Return the mirror this machine's apt already uses, so that none is written here."""
    ask = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    for label in (["Label: Debian"], []):
        listed = run([*ask, "Component: main", *label]).split()
        found = [address for address in listed if "security" not in address]
        if found:
            return found[0]
    raise ServerError("this machine's apt names no Debian mirror")


def unpack(package: str, suite: str, folder: Path, scratch: Path, *, whole: bool = False) -> None:
    """Fetch one package of a suite, and unpack it into `folder`.

    With `whole` comes all that it depends on, as for a machine where nothing is installed yet.
    The apt configuration is private, so that the machine's own stays as it is.
    """
    if not shutil.which("apt-get"):
        raise ServerError(f"the package {package} needs Debian's apt-get, which is missing")
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    if keyring is None:
        raise ServerError("Debian's archive keyring is missing: install debian-archive-keyring")
    archives = scratch / "cache/archives"
    run(["mkdir", "-p", str(scratch / "lists/partial"), str(archives / "partial")])
    sources = scratch / "suite.sources"
    entry = {"Types": "deb", "URIs": mirror(), "Suites": suite, "Components": "main"}
    entry["Signed-By"] = str(keyring)
    write(sources, "".join(f"{name}: {value}\n" for name, value in entry.items()))
    nothing = scratch / "installed"
    write(nothing, "")
    options = {
        "Dir::Etc::SourceList": str(sources),
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": str(scratch / "lists"),
        "Dir::State::Status": str(nothing),
        "Dir::Cache": str(scratch / "cache"),
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "Debug::NoLocking": "true",
    }
    apt = ["apt-get", *(f"-o{name}={value}" for name, value in options.items())]
    env = downloading(scratch)
    say(f"fetching the package {package} of Debian {suite}")
    # A stale list is fine and so is a failing hook: the download is what counts.
    update = _failure([*apt, "update"], env)
    fetch = ["install", "-y", "--no-install-recommends", "--download-only"] if whole else ["download"]
    download = _failure([*apt, *fetch, package], env, archives)
    fetched = sorted(archives.glob("*.deb"))
    if not fetched or (whole and download):
        raise ServerError(f"the package {package} cannot be fetched: {download or update}")
    say("unpacking it")
    for archive in fetched:
        run(["dpkg", "-x", str(archive), str(folder)])


def _failure(command: list[str], env: dict[str, str], cwd: Path | None = None) -> str:
    """Run a command, and return why it failed."""
    try:
        run(command, env=env, cwd=cwd)
    except ServerError as error:
        return str(error)
    return ""
