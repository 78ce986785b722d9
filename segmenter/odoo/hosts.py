"""What kind of host an Odoo runs on, as far as its name tells, and how fast it may be asked."""

from __future__ import annotations

import re
from typing import Literal

from segmenter.address import Address
from segmenter.i18n import _
from segmenter.odoo.pacing import HostPace

Host = Literal["online", "odoo_sh", "own"]
BUILD = re.compile(r".+-\d{5,}")
"""The name of a database on Odoo.sh: project, branch and a number, ``viveros-main-1234567``."""
BUILDS = ".dev.odoo.com"
"""Where Odoo.sh has its builds for trying things."""
ONLINE = HostPace(calls_per_second=1, connections=1)
"""Odoo Online asks for about one call a second, and forbids bursts."""


def kind_of(address: Address, database: str) -> Host:
    """Odoo Online and Odoo.sh share ``*.odoo.com``; there the name of the database tells one from the other."""
    host = f".{address.host.lower()}"
    if host.endswith((".odoo.sh", BUILDS)):
        return "odoo_sh"
    if not host.endswith(".odoo.com"):
        return "own"
    return "odoo_sh" if BUILD.fullmatch(database) else "online"


def with_plan(todo: str, address: Address, database: str = "") -> str:
    """What to do after a refusal; of Odoo Online also that most of its plans have no external API."""
    if kind_of(address, database) != "online":
        return todo
    return _("{first}; on Odoo Online the external API is part of the Custom plan alone: ask which one it is").format(
        first=todo
    )


def pace_of(host: Host, wanted: HostPace | None) -> HostPace:
    """``wanted``, or else what the kind of host asks for."""
    return wanted or (ONLINE if host == "online" else HostPace())
