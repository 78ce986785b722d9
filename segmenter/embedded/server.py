"""A CRM in memory that implements `segmenter.odoo.server.Server`, as a connection to a real Odoo does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from segmenter.embedded import reading, rights, writing
from segmenter.embedded.chatter import furnish
from segmenter.embedded.faults import AccessError, UserError, fault
from segmenter.embedded.tables import Tables
from segmenter.odoo.server import Rows, ServerIdentity
from segmenter.record_set import RecordSet

VERSION = "19.0"


class EmbeddedServer:
    """Answers ``execute_kw`` as Odoo 19 does, on `Tables`, as the user ``uid`` whose login is ``login``.

    Raises `xmlrpc.client.Fault` with Odoo's fault codes; a call that faults leaves no trace. Thread-safe: one call at
    a time. ``notes``: remarks for people on an export (columns that are not understood); ``rows``: where in the
    export's file each record is; ``left_out``: of a copy, the fields of each model that were not copied, with their
    labels.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        uid: int,
        login: str,
        url: str = "embedded:",
        database: str = "embedded",
        version: str = VERSION,
        notes: Sequence[str] = (),
        rows: Rows | None = None,
        left_out: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.tables, self.notes, self.rows, self.left_out = tables, tuple(notes), rows, left_out or {}
        if tables.access is None:
            furnish(tables)
        self._identity = ServerIdentity(url=url, database=database, version=version, login=login, uid=uid)

    @property
    def identity(self) -> ServerIdentity:
        """The server, and the user who asks."""
        return self._identity

    def user(self, login: str) -> int | None:
        """The id of an active user with this login; None if there is none."""
        rows = self.tables.rows["res.users"].items()
        return next((uid for uid, row in rows if row.get("login") == login and row.get("active")), None)

    def has_user(self, uid: int) -> bool:
        """Whether an active user has this id."""
        return bool(self.tables.rows["res.users"].get(uid, {}).get("active"))

    def as_user(self, user: str | int) -> EmbeddedServer:
        """The same database for another user, by login or id. Raises KeyError if there is no such user."""
        uid = user if isinstance(user, int) else self.user(user)
        if uid is None or not self.has_user(uid):
            raise KeyError(user)
        here, login = self._identity, self.tables.cell("res.users", uid, "login")
        return EmbeddedServer(self.tables, uid=uid, login=login, url=here.url, database=here.database, notes=self.notes)

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Runs one method in one transaction."""
        with self._transaction():
            return self._run(model, method, args, dict(kwargs))

    def take(
        self, model: str, domain: Sequence[Any], *, zone: ZoneInfo | None = None, language: str | None = None
    ) -> RecordSet:
        """The records that `search` as this user finds: archived ones only if the domain asks for ``active``.

        ``zone``: where days begin, and ``language``: what names are compared in; the user's own unless given. Raises
        `xmlrpc.client.Fault` as ``search`` does.
        """
        own = self.tables.rows["res.users"].get(self._identity.uid, {}).get("lang")
        context = {"tz": zone.key if zone else None, "lang": language or (own if self._has_language(own) else None)}
        with self._transaction():
            self._require(model)
            return self._call(model, context).taken(domain)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, with the faults of a server."""
        try:
            with self.tables.transaction():
                yield
        except (UserError, AccessError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
            raise fault(error) from None

    def _require(self, model: str) -> None:
        if model not in self.tables.models:
            if model in rights.CLOSED:
                raise AccessError(f"You are not allowed to access '{model}' records.")
            raise UserError(f"Object {model} doesn't exist")

    def _run(self, model: str, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        context = kwargs.pop("context", None) or {}
        self._require(model)
        if method.startswith("_"):
            raise AccessError(f"Private methods (such as '{model}.{method}') cannot be called remotely.")
        if self.tables.access is not None and method in writing.METHODS:
            raise AccessError("This is a copy of a CRM. Nothing can be written to it.")
        known = reading.METHODS | writing.METHODS | (reading.USERS_ONLY if model == "res.users" else frozenset())
        if method not in known:
            raise AttributeError(f"The method '{model}.{method}' does not exist")
        return getattr(self._call(model, context), method)(*args, **kwargs)

    def _call(self, model: str, context: Mapping[str, Any]) -> writing.Writing:
        """A call in a context, whose language is now that of the tables."""
        if (lang := context.get("lang")) and not self._has_language(lang):
            raise UserError(f"Invalid language code: {lang}")
        self.tables.language = context.get("lang") or "en_US"
        return writing.Writing(self.tables, model, self._identity.uid, context)

    def _has_language(self, code: str | None) -> bool:
        languages = self.tables.rows["res.lang"].values()
        return any(row.get("active") and row.get("code") == code for row in languages)
