"""Where a CRM is when there may be no spec yet: a spec, an address, or an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from segmenter.cli.connection import Eyes, refuse_privileged, seen
from segmenter.cli.parts import option
from segmenter.conditions import bind, domain, words
from segmenter.errors import Problem, UsageError
from segmenter.i18n import N_, _
from segmenter.profiling import Profile, profile
from segmenter.spec import load, locate_all
from segmenter.spec.model import Client, Connection, Scope, Spec

F = TypeVar("F", bound=Callable[..., Any])
USUAL = Client("")


@dataclass(frozen=True)
class Somewhere:
    """What the options say. Either all of ``url``, ``database`` and ``user``, or ``source``, or none of them."""

    url: str | None
    database: str | None
    user: str | None
    source: str | None
    model: str | None
    language: str | None
    timezone: str | None

    @property
    def named(self) -> bool:
        """Whether the options themselves say where."""
        return any((self.url, self.database, self.user, self.source))

    def connection(self) -> Connection | None:
        """The server that the options name."""
        if not (self.url or self.database or self.user):
            return None
        if self.source or not (self.url and self.database and self.user):
            raise UsageError(
                _("A server is named by --url, --database and --user together, and without --from"),
                todo=_("add the missing ones"),
            )
        return Connection(self.url, self.database, self.user)

    def profile(self, spec: str | None, *, archived: bool = False) -> Profile:
        """What is there, of the spec's scope where there is a spec."""
        asked, eyes = self._seen(spec)
        scope, said = _scope(asked, eyes)
        wanted = archived or asked.scope.archived
        return profile(eyes.reader, asked.scope.model, eyes.clock, domain=scope, scope=said, archived=wanted)

    def portfolio(self) -> tuple[Profile, bool]:
        """What a spec for this place would be about: its opportunities (True), or where it has none, every record."""
        asked, eyes = self._seen(None)
        model, opportunities = asked.scope.model, [["type", "=", "opportunity"]]
        chosen = "type" in eyes.reader.fields(model) and model == "crm.lead"
        chosen = chosen and bool(eyes.reader.count(model, opportunities))
        return profile(eyes.reader, model, eyes.clock, domain=opportunities if chosen else []), chosen

    def _seen(self, spec: str | None) -> tuple[Spec, Eyes]:
        asked = self._spec(spec)
        eyes = seen(asked, self.source)
        if self.source is None:
            refuse_privileged(asked, eyes)
        return asked, eyes

    def _spec(self, file: str | None) -> Spec:
        if file is not None:
            if self.connection() or self.model or self.language or self.timezone:
                raise UsageError(
                    _("A spec says itself where its CRM is, and in which language"),
                    todo=_("leave these options out, or the spec"),
                )
            return load(file)
        if not self.named:
            raise UsageError(
                _("Nothing says where the CRM is"), todo=_("name a spec, or --url, --database and --user, or --from")
            )
        client = Client("", language=self.language or USUAL.language, timezone=_zone(self.timezone or USUAL.timezone))
        return Spec(client, self.connection(), Scope(self.model or "crm.lead"), ())


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            _("There is no time zone {name}").format(name=name), todo=_("write it as America/Santiago")
        ) from None


def _scope(spec: Spec, eyes: Eyes) -> tuple[list[Any], str]:
    """The records that the spec is about, as a domain and in words."""
    if spec.scope.where is None:
        return [], ""
    problems: list[Problem] = []
    bound = bind(spec.scope.where, spec.scope.model, eyes.catalog, eyes.clock, problems)
    if bound is None:
        raise locate_all(spec, problems)
    return list(domain(bound)), words(bound)


def somewhere(function: F) -> F:
    """The options, given to the command as ``where``."""

    @wraps(function)
    def with_where(**given: Any) -> Any:
        names = ("url", "database", "user", "source", "model", "language", "timezone")
        return function(where=Somewhere(**{name: given.pop(name) for name in names}), **given)

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
