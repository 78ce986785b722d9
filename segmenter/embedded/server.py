"""A CRM in memory behind the one seam that a real one has: `segmenter.odoo.server.Server`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmenter.embedded import reading, rights, writing
from segmenter.embedded.chatter import furnish
from segmenter.embedded.faults import AccessError, UserError, fault
from segmenter.embedded.tables import Tables
from segmenter.odoo.server import Rows, ServerIdentity

VERSION = "19.0"


class EmbeddedServer:
    """Answers ``execute_kw`` as Odoo 19 does, on `Tables`, as the user ``uid`` whose login is ``login``.

    Raises `xmlrpc.client.Fault` with Odoo's fault codes; a call that faults leaves no trace. Thread-safe: one call at
    a time. ``notes`` are remarks on where the data come from (columns of an export that are not understood); ``rows``:
    where in its file each record is.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        uid: int,
        login: str,
        url: str = "embedded:",
        database: str = "embedded",
        notes: Sequence[str] = (),
        rows: Rows | None = None,
    ) -> None:
        self.tables, self.notes, self.rows = tables, tuple(notes), rows
        furnish(tables)
        self._identity = ServerIdentity(url=url, database=database, version=VERSION, login=login, uid=uid)

    @property
    def identity(self) -> ServerIdentity:
        """Who answers."""
        return self._identity

    def user(self, login: str) -> int | None:
        """The id of an active user; None when there is none such."""
        rows = self.tables.rows["res.users"].items()
        return next((uid for uid, row in rows if row.get("login") == login and row.get("active")), None)

    def has_user(self, uid: int) -> bool:
        """Whether an active user has this id."""
        return bool(self.tables.rows["res.users"].get(uid, {}).get("active"))

    def as_user(self, who: str | int) -> EmbeddedServer:
        """The same database, asked by another of its users: a login or an id. Raises KeyError when there is none."""
        uid = who if isinstance(who, int) else self.user(who)
        if uid is None or not self.has_user(uid):
            raise KeyError(who)
        here, login = self._identity, self.tables.cell("res.users", uid, "login")
        return EmbeddedServer(self.tables, uid=uid, login=login, url=here.url, database=here.database, notes=self.notes)

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Run one method in one transaction."""
        try:
            with self.tables.transaction():
                return self._run(model, method, args, dict(kwargs))
        except (UserError, AccessError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
            raise fault(error) from None

    def _run(self, model: str, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        context = kwargs.pop("context", None) or {}
        if model not in self.tables.models:
            if model in rights.CLOSED:
                raise AccessError(f"You are not allowed to access '{model}' records.")
            raise UserError(f"Object {model} doesn't exist")
        if method.startswith("_"):
            raise AccessError(f"Private methods (such as '{model}.{method}') cannot be called remotely.")
        here = reading.METHODS | writing.METHODS | (reading.USERS_ONLY if model == "res.users" else frozenset())
        if method not in here:
            raise AttributeError(f"The method '{model}.{method}' does not exist")
        if (lang := context.get("lang")) and not self._speaks(lang):
            raise UserError(f"Invalid language code: {lang}")
        self.tables.language = context.get("lang") or "en_US"
        call = writing.Writing(self.tables, model, self._identity.uid, context)
        return getattr(call, method)(*args, **kwargs)

    def _speaks(self, code: str) -> bool:
        languages = self.tables.rows["res.lang"].values()
        return any(row.get("active") and row.get("code") == code for row in languages)
