"""The interface between segmenter and a CRM: its identity, and one call that runs a method of a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_EXTERNAL_ID = re.compile(r"[A-Za-z_]\w*\.\S+")

EXPORT = "export:"
"""Stands for the url where the records come from a file."""


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """A CRM and a user of it. ``version``: as the server tells it (``19.0``)."""

    url: str
    database: str
    version: str
    login: str
    uid: int

    @property
    def exported(self) -> bool:
        """Whether the CRM is an exported file, whose version nobody knows."""
        return self.url == EXPORT

    @property
    def key(self) -> str:
        """A text that identifies the database, for locks and digests."""
        return f"{self.url.rstrip('/')}|{self.database}"

    @property
    def major(self) -> int:
        """The major version: ``19`` for ``19.0`` and ``saas~19.2``."""
        digits = "".join(c if c.isdigit() else " " for c in self.version).split()
        return int(digits[0]) if digits else 0


@dataclass(frozen=True)
class Rows:
    """Where the records of an export are in its file. ``by_record``: record -> row.

    ``own``: the records whose number is their id in Odoo; other numbers are made up. ``external``: text in the column
    of ids -> record.
    """

    file: str
    by_record: Mapping[int, int]
    own: frozenset[int]
    external: Mapping[str, int]

    @property
    def external_ids(self) -> Mapping[int, str]:
        """Record -> its External ID (``__export__.crm_lead_27_1a2b3c4d``), by which Odoo's import finds it.

        Empty unless every record has one: then the file can be imported again.
        """
        found = {record: text for text, record in self.external.items() if _EXTERNAL_ID.fullmatch(text)}
        return found if found.keys() == self.by_record.keys() else {}


class Server(Protocol):
    """A CRM that answers ``execute_kw`` as Odoo does: same results, ``xmlrpc.client.Fault`` for the same errors.

    `odoo.session.OdooSession` is a real one over XML-RPC, `odoo.json2_session.Json2Session` over JSON-2,
    `embedded.EmbeddedServer` one in memory.
    Thread-safe: two connections may write at once.
    """

    @property
    def identity(self) -> ServerIdentity:
        """The CRM and the user."""

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Runs one method in one transaction. Raises `xmlrpc.client.Fault` or a transport error."""
