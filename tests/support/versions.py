"""The versions of Odoo that live tests run on: all there are recipes for, or those named by ``--odoo``.

A test whose expectation holds on one version alone is marked ``fact_of(version, reason)``: it runs on the embedded CRM,
which imitates the newest, and on that version.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.live.servers import RECIPES, Server

LIVE = [pytest.param(version, id=f"live{version}", marks=pytest.mark.live(version)) for version in sorted(RECIPES)]
"""Parameters of a fixture or a test that needs a real Odoo; a test on none in particular is marked ``live`` alone."""


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--odoo``, as often as one likes."""
    parser.addoption(
        "--odoo",
        action="append",
        choices=sorted(RECIPES),
        help="under -m live: run on this version of Odoo (default: on each); may be given several times",
    )


def deselect_others(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of versions that ``--odoo`` does not name, and facts of one version on another."""
    asked = config.getoption("--odoo") or RECIPES
    others = {item for item in items if not _wanted(item, asked)}
    if others:
        config.hook.pytest_deselected(items=[item for item in items if item in others])
        items[:] = [item for item in items if item not in others]


def _wanted(item: pytest.Item, asked: Iterable[str]) -> bool:
    versions = {version for mark in item.iter_markers("live") for version in mark.args}
    for mark in item.iter_markers("fact_of"):
        version, reason = mark.args
        if version not in RECIPES or not reason:
            raise pytest.UsageError(f"{item.nodeid}: fact_of(version, reason)")
        if versions and version not in versions:
            return False
    return not versions or not versions.isdisjoint(asked)


def groups_field(version: str) -> str:
    """What users call the groups they are put in."""
    return "group_ids" if int(version) >= 19 else "groups_id"


def fresh(server: Server, what: str) -> str:
    """Name a new copy of the template database, this process's own: two runs at once must not meet.

    It is dropped at the end of the process, and those that killed processes left are dropped now.
    """
    for name in server.databases():
        owner = name.removeprefix(f"{what}_")
        if owner.isdecimal() and not Path(f"/proc/{owner}").exists():
            server.drop_database(name)
    name = f"{what}_{os.getpid()}"
    server.fresh_database(name)
    atexit.register(server.drop_database, name)
    return name
