"""The one seam between segmenter and a CRM: who it is, and one call that runs a method of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

EXPORT = "export:"
"""What stands for an address where the records come from a file."""


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """Which CRM, and as whom. ``version`` as the server says it (``19.0``); ``key`` tells databases apart."""

    url: str
    database: str
    version: str
    login: str
    uid: int

    @property
    def exported(self) -> bool:
        """Whether it is a file that an Odoo exported: nobody knows which version that was."""
        return self.url == EXPORT

    @property
    def key(self) -> str:
        """One text per database, as used for locks and digests."""
        return f"{self.url.rstrip('/')}|{self.database}"

    @property
    def major(self) -> int:
        """``19`` for ``19.0`` and ``saas~19.2``."""
        digits = "".join(c if c.isdigit() else " " for c in self.version).split()
        return int(digits[0]) if digits else 0


@dataclass(frozen=True)
class Rows:
    """Where the records of an export stand in its ``file``: the number of a record -> its row.

    ``own``: the numbers that are ids of Odoo's; any other is made up here. ``external``: what the column of ids says
    -> the number of the record.
    """

    file: str
    by_record: Mapping[int, int]
    own: frozenset[int]
    external: Mapping[str, int]


class Server(Protocol):
    """Answers ``execute_kw`` as Odoo does: same results, ``xmlrpc.client.Fault`` for the same errors.

    `odoo.session.OdooSession` is a real one over XML-RPC, `embedded.EmbeddedServer` one in memory.
    Thread-safe: two connections may write at once.
    """

    @property
    def identity(self) -> ServerIdentity:
        """Who answers."""

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Run one method in one transaction. Raises `xmlrpc.client.Fault` or a transport error."""
