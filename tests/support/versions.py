"""The versions of Odoo that live tests run on: all there are recipes for, those named by ``--odoo``, or that of a
server which somebody else started (``--server``).

A test whose expectation holds on some versions alone is marked ``fact_of(versions, reason)``, as "14", "16 to 18",
"to 15" or "16 on": it runs on the embedded CRM, which imitates the newest, and on these.
"""

from __future__ import annotations

import atexit
import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from segmenter.odoo.versions import KNOWN_VERSIONS
from tests.live.servers import RECIPES, Foreign, Lacking, Server, ServerError, use

LIVE = [
    pytest.param(version, id=f"live{version}", marks=pytest.mark.live(version)) for version in map(str, KNOWN_VERSIONS)
]
"""Parameters of a fixture or a test that needs a real Odoo; a test on none in particular is marked ``live`` alone."""

FOREIGN = pytest.StashKey[str]()

OF_OTHERS: Mapping[str, Mapping[str, Any]] = {
    "--server": {"metavar": "URL", "help": "this Odoo, which somebody else started"},
    "--database": {"metavar": "NAME", "help": "with --server: what to copy, with CRM, demo data and Spanish"},
    "--admin": {"metavar": "LOGIN", "default": "admin", "help": "with --server: its administrator"},
    "--psql": {"metavar": "COMMAND", "default": "", "help": "with --server: runs SQL as its databases' owner"},
    "--admin-password-from": {"metavar": "ENV", "help": "with --server: the variable that holds the admin password"},
    "--master-password-from": {"metavar": "ENV", "help": "with --server: the variable that holds the master password"},
}
"""Options of pytest and of `tests.support.record` alike."""


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--odoo``, as often as one likes, and those of `OF_OTHERS`."""
    parser.addoption(
        "--odoo",
        action="append",
        choices=sorted(RECIPES),
        help="under -m live: run on this version of Odoo (default: on each); may be given several times",
    )
    for name, about in OF_OTHERS.items():
        parser.addoption(name, **about)


def use_server(config: pytest.Config) -> None:
    """Take the server of ``--server`` for that of its version, the only one to be asked."""
    try:
        server = server_of_others(config.getoption)
    except ServerError as error:
        raise pytest.UsageError(str(error)) from None
    if server:
        config.stash[FOREIGN] = server.version


def server_of_others(option: Callable[[str], Any]) -> Server | None:
    """The server that the options name (`--server`), taken for that of its version; None where they name none. Raises
    `ServerError`."""
    url = option("--server")
    if not url:
        return None
    named = {name: option(f"--{name}") for name in ("database", "admin-password-from")}
    if missing := [f"--{name}" for name, given in named.items() if not given]:
        raise ServerError(f"--server needs {' and '.join(missing)} too")
    variables = [named["admin-password-from"], option("--master-password-from")]
    if unset := [name for name in variables if name and name not in os.environ]:
        raise ServerError(f"the variable {unset[0]} is not set")
    password, master = (os.environ[name] if name else "admin" for name in variables)
    psql = tuple(shlex.split(option("--psql") or ""))
    return use(Foreign(url.rstrip("/"), named["database"], option("--admin"), password, master, psql))


def asked(config: pytest.Config) -> Iterable[str]:
    """The versions to run on."""
    foreign = config.stash.get(FOREIGN, None)
    return [foreign] if foreign else config.getoption("--odoo") or RECIPES


def tell_what_is_lacking(call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """A test that needs what nobody may do to the server of somebody else is left out, and says what."""
    if call.excinfo is not None and call.excinfo.errisinstance(Lacking):
        report.outcome = "skipped"
        report.longrepr = (str(report.location[0]), report.location[1] or 0, f"needs {call.excinfo.value}")


def deselect_others(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of versions that ``--odoo`` does not name, and facts of one version on another."""
    versions = asked(config)
    others = {item for item in items if not _wanted(item, versions)}
    if others:
        config.hook.pytest_deselected(items=[item for item in items if item in others])
        items[:] = [item for item in items if item not in others]


def versions_of(item: pytest.Item) -> set[str]:
    """The versions of Odoo that a test runs on; none of one that asks no Odoo in particular."""
    return {version for mark in item.iter_markers("live") for version in mark.args}


def _wanted(item: pytest.Item, wanted: Iterable[str]) -> bool:
    versions = versions_of(item)
    for mark in item.iter_markers("fact_of"):
        told, reason = mark.args
        named = some_versions(told)
        if not named or not reason:
            raise pytest.UsageError(f"{item.nodeid}: fact_of(versions, reason)")
        if versions and versions.isdisjoint(named):
            return False
    return not versions or not versions.isdisjoint(wanted)


def some_versions(told: str) -> set[str]:
    """``16``, ``16 to 18``, ``to 15``, ``16 on``: those of `KNOWN_VERSIONS`; none where it tells no such thing."""
    found = re.fullmatch(r"(?P<one>\d\d)|(?P<since>\d\d) on|(?:(?P<first>\d\d) )?to (?P<last>\d\d)", told)
    if found is None:
        return set()
    one, since, first, last = found.group("one", "since", "first", "last")
    lowest, highest = int(one or since or first or KNOWN_VERSIONS[0]), int(one or last or KNOWN_VERSIONS[-1])
    return {str(version) for version in KNOWN_VERSIONS if lowest <= version <= highest}


def groups_field(version: str) -> str:
    """What users call the groups they are put in."""
    return "group_ids" if int(version) >= 19 else "groups_id"


_made: set[tuple[str, str]] = set()
"""The databases of this process: where they are, and their names."""


def fresh(server: Server, what: str, modules: str = "") -> str:
    """Name a new copy of the template database, this process's own: two runs at once must not meet.

    ``modules``: of the one that has these modules besides.

    It is dropped at the end of the process, and those that killed processes left on a server of ours are dropped now.
    """
    name = f"{what}_{os.getpid()}"
    there = server.databases()
    if not server.ours and name in there and (server.url, name) not in _made:
        raise ServerError(f"the database {name} on {server.url} is somebody's: it is not replaced")
    for other in there if server.ours else ():
        owner = other.removeprefix(f"{what}_")
        if owner.isdecimal() and not Path(f"/proc/{owner}").exists():
            server.drop_database(other)
    _made.add((server.url, name))
    server.fresh_database(name, *([server.template_with(modules)] if modules else []))
    atexit.register(server.drop_database, name)
    return name
