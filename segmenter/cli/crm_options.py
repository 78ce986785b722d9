"""The options that say where a CRM is when there may be no spec yet: an address, or an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from segmenter.cli.command import option
from segmenter.cli.connection import Crm, crm_of, refuse_privileged
from segmenter.conditions import domain, words
from segmenter.errors import UsageError
from segmenter.i18n import N_, _
from segmenter.profiling import Profile, profile
from segmenter.resolving.resolve import resolve_scope
from segmenter.spec import load
from segmenter.spec.checks import client_problems
from segmenter.spec.model import Client, Connection, Scope, Spec

F = TypeVar("F", bound=Callable[..., Any])
DEFAULTS = Client("")


@dataclass(frozen=True)
class CrmOptions:
    """The options' values. Either ``url``, ``database`` and ``user`` are given, or ``source``, or none of them."""

    url: str | None
    database: str | None
    user: str | None
    source: str | None
    model: str | None
    language: str | None
    timezone: str | None

    @property
    def given(self) -> bool:
        """Whether the options say where the CRM is."""
        return any((self.url, self.database, self.user, self.source))

    def connection(self) -> Connection | None:
        """The server that the options name; None where they name none. Raises `UsageError` for half a name."""
        if not (self.url or self.database or self.user):
            return None
        if self.source or not (self.url and self.database and self.user):
            raise UsageError(
                _("A server is named by --url, --database and --user together, and without --from"),
                todo=_("add the missing ones"),
            )
        return Connection(self.url, self.database, self.user)

    def client(self, name: str = "", usual: Client = DEFAULTS) -> Client:
        """A client with the language and the time zone of the options, else the usual ones. Raises `UsageError` for
        ones that do not exist."""
        client = Client(name, language=self.language or usual.language, timezone=self.timezone or usual.timezone)
        for problem in client_problems(client):
            raise UsageError(problem.what, todo=problem.todo)
        return client

    def profile(self, spec: str | None, *, archived: bool = False, client: str = "") -> Profile:
        """The profile of the CRM, or of the spec's scope where there is a spec. ``client``: another name than its."""
        known, crm = self._open(spec)
        domain, in_words = _scope(known, crm)
        return profile(
            crm.reader,
            known.scope.model,
            crm.clock,
            domain=domain,
            scope=in_words,
            archived=archived or known.scope.archived,
            client=client or known.client.name,
        )

    def portfolio(self) -> tuple[Profile, bool]:
        """The profile for the draft of a spec, and whether it is of the opportunities alone.

        A CRM without opportunities is profiled as a whole.
        """
        known, crm = self._open(None)
        model, opportunities = known.scope.model, [["type", "=", "opportunity"]]
        only = (
            model == "crm.lead" and "type" in crm.reader.fields(model) and bool(crm.reader.count(model, opportunities))
        )
        return profile(crm.reader, model, crm.clock, domain=opportunities if only else []), only

    def _open(self, file: str | None) -> tuple[Spec, Crm]:
        spec = self._spec(file)
        crm = crm_of(spec, self.source)
        if self.source is None:
            refuse_privileged(crm.reader)
        return spec, crm

    def _spec(self, file: str | None) -> Spec:
        if file is not None:
            if self.connection() or self.model or self.language or self.timezone:
                raise UsageError(
                    _("A spec says itself where its CRM is, and in which language"),
                    todo=_("leave these options out, or the spec"),
                )
            return load(file)
        if not self.given:
            raise UsageError(
                _("Nothing says where the CRM is"), todo=_("name a spec, or --url, --database and --user, or --from")
            )
        return Spec(self.client(), self.connection(), Scope(self.model or "crm.lead"), ())


def _scope(spec: Spec, crm: Crm) -> tuple[list[Any], str]:
    """The spec's scope as a domain, and in words."""
    bound = resolve_scope(spec, crm.catalog, crm.clock)
    return ([], "") if bound is None else (list(domain(bound)), words(bound))


def crm_options(function: F) -> F:
    """Adds the options to a command, which gets them as ``where``."""

    @wraps(function)
    def with_where(**given: Any) -> Any:
        names = ("url", "database", "user", "source", "model", "language", "timezone")
        return function(where=CrmOptions(**{name: given.pop(name) for name in names}), **given)

    decorated: Any = with_where
    for add in reversed(_OPTIONS):
        decorated = add(decorated)
    return decorated  # type: ignore[no-any-return]


_OPTIONS = (
    option("--url", metavar="URL", help=N_("Address of the Odoo server.")),
    option("--database", metavar="NAME", help=N_("Its database.")),
    option("--user", metavar="LOGIN", help=N_("The work user's login.")),
    option("--from", "source", metavar="FILE", help=N_("An export (.xlsx or .csv) instead of a server.")),
    option(
        "--model",
        type=click.Choice(["crm.lead", "res.partner"]),
        help=N_("crm.lead (leads and opportunities, the default) or res.partner (contacts and companies)."),
    ),
    option("--language", metavar="CODE", help=N_("Language of the names in Odoo; es_CL if not said.")),
    option("--timezone", metavar="ZONE", help=N_("What a day is; America/Santiago if not said.")),
)
