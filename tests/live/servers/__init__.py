"""Real Odoo servers on loopback, for tests and measurements.

    python -m tests.live.servers start 19

The first start takes some minutes and fills a cache; the next ones take seconds.
A further version is one more `Recipe` in `RECIPES`.
"""

from __future__ import annotations

from .foreign import Foreign
from .machine import ServerError
from .odoo import Home, Lacking, Recipe, Server
from .odoo14 import Odoo14
from .odoo19 import Odoo19

__all__ = ["RECIPES", "Foreign", "Lacking", "Server", "ServerError", "running", "start", "stop", "use"]

RECIPES: dict[str, Recipe] = {recipe.version: recipe for recipe in (Odoo14(), Odoo19())}


def _home(version: str) -> Home:
    """Return where a version lives."""
    if version not in RECIPES:
        raise ServerError(f"no recipe for Odoo {version}: there is {', '.join(RECIPES)}")
    return Home.of(RECIPES[version])


_of_others: dict[str, Server] = {}


def use(foreign: Foreign) -> Server:
    """Take this server for that of its version, in this process from now on. Raises `ServerError` where it cannot."""
    server = foreign.server()
    foreign.check()
    _of_others[server.version] = server
    return server


def start(version: str) -> Server:
    """Return a server of this version that answers, started when need be."""
    if version in _of_others:
        return _of_others[version]
    return _home(version).start()


def running(version: str) -> Server | None:
    """Return the server of this version when one runs, and start none."""
    return _of_others.get(version) or _home(version).server()


def stop(version: str) -> None:
    """Stop the server of this version; its databases stay."""
    _home(version).stop()
