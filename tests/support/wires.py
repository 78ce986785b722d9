"""The wire that the live tests go by. ``--api json2`` takes JSON-2 where they otherwise take XML-RPC, from 19 on.

    pytest -m live --api json2 $(python -m tests.support.wires)     # what CI runs

A test of XML-RPC itself is marked ``xml_rpc(reason)``: over JSON-2 it is left out, and the end of the run says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from segmenter.odoo.server import Server, ServerIdentity
from segmenter.odoo.session import Api, connect
from segmenter.odoo.versions import JSON_2_SINCE
from tests.live import servers
from tests.support.versions import versions_of

ADMIN = 2
"""The id of the administrator in every database that Odoo makes."""
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "set_param": ("key", "value"),
    "get_param": ("key",),
    "default_get": ("fields",),
    "convert_opportunity": ("ids", "partner"),
}
"""As `segmenter.odoo.json2.ARGUMENTS`, of methods that tests alone call."""
JOB = (
    *("test_e2e_job.py", "test_e2e_people.py", "test_e2e_interruptions.py", "test_e2e_by_admin.py"),
    *("test_profiling_count.py", "test_profiling_draft.py", "test_live_json2.py"),
)
"""What CI runs over JSON-2 each time; the rest is run by hand (CONTRIBUTING.md)."""
LEFT_OUT = pytest.StashKey[Counter[str]]()
_api: Api = "auto"


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--api``."""
    parser.addoption(
        "--api", choices=get_args(Api), default="auto", help="under -m live: the wire to go by; json2 is of 19 alone"
    )


def choose(config: pytest.Config) -> None:
    """Take the wire of ``--api`` from now on, in this process."""
    global _api
    _api = config.getoption("--api")
    if _api == "json2" and config.getoption("--server"):
        raise pytest.UsageError("--api json2 needs keys, which nobody can make on the server of --server")


def api() -> Api:
    """The wire of this run."""
    return _api


def called(version: str) -> str:
    """A version and the wire, as the results of a run name it."""
    return over_json_2(version) if _api == "json2" else version


def over_json_2(version: str) -> str:
    """What the results of a run over JSON-2 are kept under."""
    return f"{version} over JSON-2"


def log_in(url: str, database: str, login: str, secret: str) -> Server:
    """A session of the tool's own over the wire of this run. ``secret``: over JSON-2 it must be a key."""
    session = connect(url, database, login, secret, api=_api)
    return _Naming(session) if _api == "json2" else session


@dataclass(frozen=True)
class _Naming:
    """A `Server` over JSON-2 that knows the arguments of what tests call besides."""

    session: Server

    @property
    def identity(self) -> ServerIdentity:
        return self.session.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        named = dict(zip(ARGUMENTS.get(method, ()), args, strict=False))
        return self.session.execute_kw(model, method, () if named else args, {**named, **kwargs})


def as_admin(odoo: servers.Server, database: str) -> Server:
    """The administrator of a live database."""
    return log_in_as(odoo, database, ADMIN, odoo.admin_login, odoo.admin_password)


def log_in_as(odoo: servers.Server, database: str, user: int, login: str, password: str) -> Server:
    """Somebody who has a password. Over JSON-2, which takes none, a key is made of it."""
    if _api == "json2":
        password = f"key-{user}-{password}"
        odoo.give_keys({user: password}, database)
    return log_in(odoo.url, database, login, password)


def deselect_others(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot go by the wire of this run."""
    config.stash[LEFT_OUT] = Counter()
    if _api != "json2":
        return
    kept = [item for item in items if _can(config, item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _can(config: pytest.Config, item: pytest.Item) -> bool:
    if not any(int(version) >= JSON_2_SINCE for version in versions_of(item)):
        return False
    for mark in item.iter_markers("xml_rpc"):
        (reason,) = mark.args
        config.stash[LEFT_OUT][reason] += 1
        return False
    return True


def say_what_was_left_out(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """At the end of a run."""
    for reason, number in sorted(config.stash.get(LEFT_OUT, Counter[str]()).items()):
        terminal.write_line(f"left out over JSON-2, {number}: {reason}")


if __name__ == "__main__":
    print(*(f"tests/{file}" for file in JOB))
